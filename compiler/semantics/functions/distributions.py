"""Words for numbers that are spread: normal, triangular, lognormal, quantiles. Each call is one input, drawn once."""

from typing import Any

from compiler.quantities import units
from compiler.quantities.graph import CUT, P95, Origin, Quantity, Spread
from compiler.semantics.evaluate import symbol_of
from compiler.semantics.functions import Call, describe, word
from compiler.semantics.values import POISON
from dsl.diagnostic import Code

NO_DISTRIBUTION = Code(
    "C0312",
    "a distribution that cannot be",
    cause="`normal(mean, deviation)`, `triangular(low, mode, high)`, `lognormal(median, factor)` and "
    "`quantiles(p05, p50, p95)` take known numbers of one dimension, in rising order; a deviation is not negative and a "
    "factor is a bare number of at least 1.",
    wrong="chip A { tdp = triangular(800 W, 700 W, 600 W) }\n",
    right="chip A { tdp = triangular(600 W, 700 W, 800 W) }\n",
)


def _known(call: Call, values: tuple[Any, ...]) -> list[float] | None:
    """The arguments as numbers, all known and of the dimension of the first; None after a complaint."""
    for value in values:
        if not isinstance(value, Quantity):
            call.wrong(f"`{call.name}` takes quantities, one of these is {describe(value)}", "give numbers with units")
            return None
        if value.dimension != values[0].dimension:
            sides = f"{units.noun(values[0].dimension)} and {units.noun(value.dimension)}"
            _refuse(call, f"`{call.name}` mixes {sides}", "give all of them one dimension")
            return None
    bounds = [call.world.intervals.of(value) for value in values]
    if any(b.low != b.high for b in bounds):
        _refuse(call, f"`{call.name}` is made of known numbers, one of these is a range", "leave out the range")
        return None
    return [b.middle for b in bounds]


def _refuse(call: Call, message: str, help: str) -> Any:
    call.world.complain(NO_DISTRIBUTION.at(call.span, message, help))
    return POISON


def _spread(call: Call, low: float, middle: float, high: float, *parameters: float) -> Quantity:
    shape = call.name if low != high else "point"
    spread = Spread(low, middle, high, shape, parameters)
    first = (*call.positional, *call.named.values())[0]
    symbol = symbol_of(call.node, call.scope)
    return Quantity("literal", (), first.dimension, spread, first.unit, symbol=symbol, origin=Origin(call.span))


@word(2)
def normal(call: Call) -> Any:
    """`normal(700 W, 25 W)`: mean and standard deviation, cut off at four of them."""
    found = _known(call, call.positional)
    if found is None:
        return POISON
    mean, deviation = found
    if deviation < 0:
        return _refuse(call, "a standard deviation is not negative", "write the mean first, then the deviation")
    return _spread(call, mean - CUT * deviation, mean, mean + CUT * deviation, mean, deviation)


@word(3)
def triangular(call: Call) -> Any:
    """`triangular(600 W, 650 W, 800 W)`: the least, the likeliest, the most."""
    found = _known(call, call.positional)
    if found is None:
        return POISON
    low, mode, high = found
    if not low <= mode <= high:
        return _refuse(
            call, "the least, the likeliest and the most are not in rising order", "write the smallest first"
        )
    return _spread(call, low, mode, high, mode)


@word(2)
def lognormal(call: Call) -> Any:
    """`lognormal(30 kUSD, 1.2)`: the median, and the factor of one standard deviation; cut off at four of them."""
    median, factor = (_known(call, (value,)) for value in call.positional)
    if median is None or factor is None:
        return POISON
    if call.positional[1].dimension or not 1 <= factor[0] < 1e6 or not median[0] > 0:
        return _refuse(
            call, "a lognormal has a positive median and a bare factor of at least 1", "write `lognormal(30 kUSD, 1.2)`"
        )
    low, high = median[0] / factor[0] ** CUT, median[0] * factor[0] ** CUT
    return _spread(call, low, median[0], high, median[0], factor[0])


@word(0, 3, keywords=("p05", "p50", "p95"))
def quantiles(call: Call) -> Any:
    """`quantiles(p05 = 600 W, p50 = 650 W, p95 = 800 W)`: what a source gives as percentiles."""
    names = ("p05", "p50", "p95")
    given = {**dict(zip(names, call.positional, strict=False)), **call.named}
    if set(given) != set(names):
        return _refuse(call, "`quantiles` takes p05, p50 and p95", "write `quantiles(p05 = …, p50 = …, p95 = …)`")
    found = _known(call, tuple(given[name] for name in names))
    if found is None:
        return POISON
    p05, p50, p95 = found
    if not p05 <= p50 <= p95:
        return _refuse(call, "the percentiles are not in rising order", "write the smallest first")
    reach = CUT / P95
    if p05 > 0:
        return _spread(call, p50 * (p05 / p50) ** reach, p50, p50 * (p95 / p50) ** reach, p05, p50, p95)
    return _spread(call, p50 - reach * (p50 - p05), p50, p50 + reach * (p95 - p50), p05, p50, p95)
