"""Series of evenly spaced numbers: linear, geometric."""

import math

from compiler.quantities import units
from compiler.quantities.graph import Quantity
from compiler.semantics.functions import Invocation, word
from compiler.semantics.operators import WRONG_DIMENSION
from compiler.semantics.values import NumberSeries, Value, describe
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


def _series(call: Invocation, is_geometric: bool) -> Value:
    given = [value for value in call.positional if isinstance(value, Quantity)]
    other = next((value for value in call.positional if not isinstance(value, Quantity)), None)
    if other is not None:
        return call.wrong(f"`{call.name}` takes two ends and a count, one of these is {describe(other)}", "")
    start, stop, size = given
    if start.dimension != stop.dimension:
        sides = f"{units.noun(start.dimension)} and ends at {units.noun(stop.dimension)}"
        return call.wrong(f"`{call.name}` starts at {sides}", "give both one dimension", code=WRONG_DIMENSION)
    low, high, count = (call.state.intervals.of(value) for value in given)
    if size.dimension or count.low != count.high or not (1 <= count.low <= MOST_NUMBERS and count.low.is_integer()):
        message = f"a series has a whole number of values from 1 on, not {count.middle:g}"
        return call.wrong(message, "write a count", code=NO_SERIES)
    if low.low != low.high or high.low != high.high or not math.isfinite(abs(low.middle) + abs(high.middle)):
        message = "a series runs between known numbers"
        return call.wrong(message, "leave out the ranges, or list the values", code=NO_SERIES)
    if is_geometric and not low.middle * high.middle > 0:
        message = "a geometric series cannot reach or cross zero"
        return call.wrong(message, "start above zero, or use `linear`", code=NO_SERIES)
    unit = start.unit or stop.unit
    return NumberSeries(low.middle, high.middle, int(count.middle), is_geometric, start.dimension, unit)


@word(3)
def linear(call: Invocation) -> Value:
    """`linear(1.1, 1.5, 9)`: nine numbers, evenly spaced, both ends included."""
    return _series(call, is_geometric=False)


@word(3)
def geometric(call: Invocation) -> Value:
    """`geometric(1 kW, 64 kW, 7)`: seven numbers, each the same multiple of the one before, both ends included."""
    return _series(call, is_geometric=True)
