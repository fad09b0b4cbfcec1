"""Rounding, roots and logarithms of single quantities."""

from collections.abc import Callable

from attrs import evolve

from compiler.quantities import units
from compiler.quantities.graph import Origin, Quantity, apply
from compiler.quantities.units import NONE
from compiler.semantics.functions import Invocation, Word, word
from compiler.semantics.values import Value, describe


def _of_bare(op: str) -> Callable[[Invocation], Value]:
    def work(call: Invocation) -> Value:
        value = call.positional[0]
        if not isinstance(value, Quantity) or value.dimension != NONE:
            return call.wrong(
                f"`{call.name}` works on a bare number, this is {describe(value)}", "divide by a unit first: `x / 1 kW`"
            )
        return apply(op, value, origin=Origin(call.span))

    return work


def _bare(name: str) -> Word:
    return word(name=name)(_of_bare(name))


floor, ceil, round_, log2, log10 = _bare("floor"), _bare("ceil"), _bare("round"), _bare("log2"), _bare("log10")


@word(name="abs")
def absolute(call: Invocation) -> Value:
    """`abs(x)`: the size without the sign."""
    value = call.positional[0]
    if not isinstance(value, Quantity):
        return call.wrong(f"`abs` works on a quantity, this is {describe(value)}")
    return apply("absolute", value, origin=Origin(call.span))


@word()
def sqrt(call: Invocation) -> Value:
    """`sqrt(x)`: the square root; the dimension must have one."""
    value = call.positional[0]
    if not isinstance(value, Quantity) or any(power % 2 for _, power in value.dimension):
        return call.wrong(f"`sqrt` needs a square, this is {describe(value)}", "take the root of a bare number")
    half = tuple((base, power // 2) for base, power in value.dimension)
    return apply("sqrt", value, dimension=half, origin=Origin(call.span))


@word()
def untag(call: Invocation) -> Value:
    """`untag(x)`: the same value without its precision, on purpose."""
    value = call.positional[0]
    if not isinstance(value, Quantity):
        return call.wrong(f"`untag` works on a quantity, this is {describe(value)}", "fold many values first")
    plain = apply("add", value, dimension=units.untagged(value.dimension))
    return evolve(plain, unit=value.unit.partition("@")[0], label=value.label)
