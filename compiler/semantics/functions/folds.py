"""Folds over many values: sum, count, min, max, mean, all, any."""

from collections.abc import Callable

from attrs import evolve

from compiler.quantities import units
from compiler.quantities.graph import ONE, Origin, Quantity, apply, number, times, total, truth
from compiler.quantities.units import TRUTH
from compiler.semantics.functions import Invocation, word
from compiler.semantics.operators import TWO_PRECISIONS, WRONG_DIMENSION
from compiler.semantics.values import POISON, Bag, LinkEnds, Many, Value, describe


def _pairs(call: Invocation) -> list[tuple[Quantity, Value]] | None:
    """Values that a fold runs over, each with how often it occurs; None when the argument cannot be folded."""
    value = call.positional if len(call.positional) > 1 else call.positional[0]
    if isinstance(value, Bag):
        return list(value.items)
    if isinstance(value, tuple):
        return [(ONE, item) for item in value]
    return [(ONE, value)] if isinstance(value, Quantity) else None


def _quantities(call: Invocation, dimension: units.Dimension | None = None) -> list[tuple[Quantity, Quantity]] | None:
    """Values of a fold as quantities of one dimension (default: the first's), with counts; None after a complaint."""
    pairs = _pairs(call)
    if pairs is None:
        found = describe(call.positional[0])
        call.wrong(f"`{call.name}` works on many values, this is {found}", "name a field: `sum(npus.tdp)`")
        return None
    kept: list[tuple[Quantity, Quantity]] = []
    for count, value in pairs:
        if not isinstance(value, Quantity):
            message = f"`{call.name}` works on quantities, one of these is {describe(value)}"
            call.wrong(message, "fold a field of the parts")
            return None
        kept.append((count, value))
        wanted = kept[0][1].dimension if dimension is None else dimension
        if value.dimension != wanted:
            code = TWO_PRECISIONS if units.untagged(value.dimension) == units.untagged(wanted) else WRONG_DIMENSION
            message = f"`{call.name}` over {units.noun(wanted)} and {units.noun(value.dimension)}"
            call.wrong(message, "fold values of one kind", code=code)
            return None
    return kept


@word()
def sum_(call: Invocation) -> Value:
    """`sum(npus.tdp)`: the sum, each value as often as it occurs."""
    pairs = _quantities(call)
    if pairs is None:
        return POISON
    if not pairs:
        return number(0.0)
    result = total([times(count, value) for count, value in pairs])
    shown = next((value.unit for _, value in pairs if value.unit), "")
    return evolve(result, unit=shown, origin=Origin(call.span))


@word()
def count(call: Invocation) -> Value:
    """`count(npus)`: how many instances, links or values there are."""
    value = call.positional[0]
    if isinstance(value, LinkEnds):
        return value.count
    if isinstance(value, Many):
        return total([group.count for group in value.groups])
    if isinstance(value, Bag):
        return total([c if not isinstance(v, LinkEnds) else times(c, v.count) for c, v in value.items])
    if isinstance(value, tuple):
        return number(float(len(value)))
    return call.wrong(f"`count` counts parts, links or values, this is {describe(value)}", "name parts: `count(npus)`")


def _extreme(op: str) -> Callable[[Invocation], Value]:
    def fold(call: Invocation) -> Value:
        pairs = _quantities(call)
        if pairs is None:
            return POISON
        if not pairs:
            return call.wrong(f"`{call.name}` of nothing", "there must be at least one value")
        values = [value for _, value in pairs]
        return values[0] if len(values) == 1 else apply(op, *values, origin=Origin(call.span))

    return fold


min_ = word(1, 64, name="min")(_extreme("minimum"))
max_ = word(1, 64, name="max")(_extreme("maximum"))


@word()
def mean(call: Invocation) -> Value:
    """`mean(npus.tdp)`: the mean over instances."""
    pairs = _quantities(call)
    if pairs is None:
        return POISON
    if not pairs:
        return call.wrong("`mean` of nothing", "there must be at least one value")
    above = total([times(n, value) for n, value in pairs])
    return apply("divide", above, total([n for n, _ in pairs]), dimension=above.dimension, origin=Origin(call.span))


def _truths(call: Invocation, op: str, empty: bool) -> Value:
    pairs = _quantities(call, TRUTH)
    if pairs is None:
        return POISON
    found = [value for _, value in pairs]
    return apply(op, *found, origin=Origin(call.span)) if found else truth(empty)


@word()
def all_(call: Invocation) -> Value:
    """`all(s.ok for s in steps)`: whether every one is true."""
    return _truths(call, "and", True)


@word()
def any_(call: Invocation) -> Value:
    """`any(s.ok for s in steps)`: whether at least one is true."""
    return _truths(call, "or", False)
