"""Words for evenly spaced numbers: linear, geometric."""

from typing import Any

from compiler.quantities import units
from compiler.quantities.graph import Quantity
from compiler.semantics.functions import Call, describe, word
from compiler.semantics.operators import WRONG_DIMENSION
from compiler.semantics.values import POISON, Series
from dsl.diagnostic import Code

NO_SERIES = Code(
    "C0520",
    "a series that has no numbers",
    cause="`linear(a, b, n)` and `geometric(a, b, n)` are n numbers from a to b, both included: n is a whole number from 1 "
    "on, both ends are known numbers, and those of a geometric series are on one side of zero.",
    wrong="let x = sum(v for v in geometric(0, 8, 4))\n",
    right="let x = sum(v for v in geometric(1, 8, 4))\n",
)
MOST_NUMBERS = 10**15


def _series(call: Call, is_geometric: bool) -> Any:
    start, stop, size = call.positional
    for value in call.positional:
        if not isinstance(value, Quantity):
            return call.wrong(f"`{call.name}` takes two ends and a count, one of these is {describe(value)}", "")
    if start.dimension != stop.dimension:
        sides = f"{units.noun(start.dimension)} and ends at {units.noun(stop.dimension)}"
        call.world.complain(
            WRONG_DIMENSION.at(call.span, f"`{call.name}` starts at {sides}", "give both one dimension")
        )
        return POISON
    low, high, count = (call.world.intervals.of(value) for value in call.positional)
    if size.dimension or count.low != count.high or not 1 <= count.low <= MOST_NUMBERS or count.low != int(count.low):
        return _none(call, f"a series has a whole number of values from 1 on, not {count.middle:g}", "write a count")
    if low.low != low.high or high.low != high.high or not abs(low.middle) + abs(high.middle) < float("inf"):
        return _none(call, "a series runs between known numbers", "leave out the ranges, or list the values")
    if is_geometric and not low.middle * high.middle > 0:
        return _none(call, "a geometric series cannot reach or cross zero", "start above zero, or use `linear`")
    unit = start.unit or stop.unit
    return Series(low.middle, high.middle, int(count.middle), is_geometric, start.dimension, unit)


def _none(call: Call, message: str, help: str) -> Any:
    call.world.complain(NO_SERIES.at(call.span, message, help))
    return POISON


@word(3)
def linear(call: Call) -> Any:
    """`linear(1.1, 1.5, 9)`: nine numbers, evenly spaced, both ends included."""
    return _series(call, is_geometric=False)


@word(3)
def geometric(call: Call) -> Any:
    """`geometric(1 kW, 64 kW, 7)`: seven numbers, each the same multiple of the one before, both ends included."""
    return _series(call, is_geometric=True)
