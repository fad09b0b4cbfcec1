"""Folds over many values: sum, count, min, max, mean, all, any."""

from collections.abc import Callable, Iterable
from typing import Any

from compiler.quantities import units
from compiler.quantities.graph import ONE, Origin, Quantity, apply, number, times, total, truth
from compiler.quantities.units import TRUTH
from compiler.semantics.functions import Call, describe, word
from compiler.semantics.operators import TWO_PRECISIONS, WRONG_DIMENSION
from compiler.semantics.values import POISON, Bag, LinkEnds, Many


def _pairs(call: Call) -> list[tuple[Quantity, Any]] | None:
    """The values a fold runs over, each with how often it occurs."""
    if len(call.positional) > 1:
        return [(ONE, value) for value in call.positional]
    value = call.positional[0]
    if isinstance(value, Bag):
        return list(value.items)
    if isinstance(value, tuple):
        return [(ONE, item) for item in value]
    if isinstance(value, Quantity):
        return [(ONE, value)]
    return None


def _quantities(call: Call, dimension: units.Dimension | None = None) -> list[tuple[Quantity, Quantity]] | None:
    """The pairs when all values are quantities of one dimension; None after a complaint."""
    pairs = _pairs(call)
    if pairs is None:
        call.wrong(
            f"`{call.name}` works on many values, this is {describe(call.positional[0])}",
            "name a field: `sum(npus.tdp)`",
        )
        return None
    for _, value in pairs:
        if not isinstance(value, Quantity):
            call.wrong(
                f"`{call.name}` works on quantities, one of these is {describe(value)}", "fold a field of the parts"
            )
            return None
        wanted = pairs[0][1].dimension if dimension is None else dimension
        if value.dimension != wanted:
            code = TWO_PRECISIONS if units.untagged(value.dimension) == units.untagged(wanted) else WRONG_DIMENSION
            call.world.complain(
                code.at(
                    call.span,
                    f"`{call.name}` over {units.noun(wanted)} and {units.noun(value.dimension)}",
                    "fold values of one kind",
                )
            )
            return None
    return pairs


@word()
def sum_(call: Call) -> Any:
    """`sum(npus.tdp)`: the sum, each value as often as it occurs."""
    pairs = _quantities(call)
    if pairs is None:
        return POISON
    if not pairs:
        return number(0.0)
    result = total([times(count, value) for count, value in pairs])
    shown = next((value.unit for _, value in pairs if value.unit), "")
    return Quantity(
        result.op, result.args, result.dimension, result.spread, shown, result.label, result.symbol, Origin(call.span)
    )


@word()
def count(call: Call) -> Any:
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


def _extreme(op: str) -> Callable[[Call], Any]:
    def fold(call: Call) -> Any:
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
def mean(call: Call) -> Any:
    """`mean(npus.tdp)`: the mean over instances."""
    pairs = _quantities(call)
    if pairs is None:
        return POISON
    if not pairs:
        return call.wrong("`mean` of nothing", "there must be at least one value")
    above = total([times(n, value) for n, value in pairs])
    return apply("divide", above, total([n for n, _ in pairs]), dimension=above.dimension, origin=Origin(call.span))


def _truths(call: Call, op: str, empty: bool) -> Any:
    pairs = _quantities(call, TRUTH)
    if pairs is None:
        return POISON
    values: Iterable[Quantity] = [value for _, value in pairs]
    found = tuple(values)
    return apply(op, *found, origin=Origin(call.span)) if found else truth(empty)


@word()
def all_(call: Call) -> Any:
    """`all(s.ok for s in steps)`: whether every one is true."""
    return _truths(call, "and", True)


@word()
def any_(call: Call) -> Any:
    """`any(s.ok for s in steps)`: whether at least one is true."""
    return _truths(call, "or", False)
