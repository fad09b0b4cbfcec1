"""Distributions: normal, triangular, lognormal, quantiles. Each call in the text is one input, sampled on its own."""

from compiler.quantities import units
from compiler.quantities.graph import CUT, P95, Origin, Quantity, Spread
from compiler.semantics.functions import Invocation, word
from compiler.semantics.seeds import symbol
from compiler.semantics.values import POISON, Value, describe
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


def _known(call: Invocation, values: tuple[Value, ...]) -> tuple[Quantity, list[float]] | None:
    """The first argument, and all arguments as exact numbers in base units; None after a complaint."""
    given = [value for value in values if isinstance(value, Quantity)]
    other = next((value for value in values if not isinstance(value, Quantity)), None)
    if other is not None:
        call.wrong(f"`{call.name}` takes quantities, one of these is {describe(other)}", "give numbers with units")
        return None
    unlike = next((value for value in given if value.dimension != given[0].dimension), None)
    if unlike is not None:
        sides = f"{units.noun(given[0].dimension)} and {units.noun(unlike.dimension)}"
        _refuse(call, f"`{call.name}` mixes {sides}", "give all of them one dimension")
        return None
    bounds = [call.state.intervals.of(value) for value in given]
    if any(b.low != b.high for b in bounds):
        _refuse(call, f"`{call.name}` is made of known numbers, one of these is a range", "leave out the range")
        return None
    return given[0], [b.middle for b in bounds]


def _refuse(call: Invocation, message: str, help: str) -> Value:
    return call.wrong(message, help, code=NO_DISTRIBUTION)


def _spread(call: Invocation, like: Quantity, ends: tuple[float, float, float], *parameters: float) -> Quantity:
    """An uncertain literal.

    `ends` are low end, middle and high end in base units; `like` gives its dimension and unit.
    """
    low, middle, high = ends
    shape = call.name if low != high else "point"
    spread = Spread(low, middle, high, shape, parameters)
    place = symbol(call.node, call.scope.module)
    return Quantity("literal", (), like.dimension, spread, like.unit, symbol=place, origin=Origin(call.span))


@word(2)
def normal(call: Invocation) -> Value:
    """`normal(700 W, 25 W)`: mean and standard deviation, cut off at four of them."""
    found = _known(call, call.positional)
    if found is None:
        return POISON
    like, (mean, deviation) = found
    if deviation < 0:
        return _refuse(call, "a standard deviation is not negative", "write the mean first, then the deviation")
    return _spread(call, like, (mean - CUT * deviation, mean, mean + CUT * deviation), mean, deviation)


@word(3)
def triangular(call: Invocation) -> Value:
    """`triangular(600 W, 650 W, 800 W)`: the least, the likeliest, the most."""
    found = _known(call, call.positional)
    if found is None:
        return POISON
    like, (low, mode, high) = found
    if not low <= mode <= high:
        message = "the least, the likeliest and the most are not in rising order"
        return _refuse(call, message, "write the smallest first")
    return _spread(call, like, (low, mode, high), mode)


@word(2)
def lognormal(call: Invocation) -> Value:
    """`lognormal(30 kUSD, 1.2)`: the median, and the factor of one standard deviation; cut off at four of them."""
    medians, factors = (_known(call, (value,)) for value in call.positional)
    if medians is None or factors is None:
        return POISON
    (like, (median,)), (bare, (factor,)) = medians, factors
    if bare.dimension or not 1 <= factor < 1e6 or not median > 0:
        message = "a lognormal has a positive median and a bare factor of at least 1"
        return _refuse(call, message, "write `lognormal(30 kUSD, 1.2)`")
    return _spread(call, like, (median / factor**CUT, median, median * factor**CUT), median, factor)


@word(0, 3, keywords=("p05", "p50", "p95"))
def quantiles(call: Invocation) -> Value:
    """`quantiles(p05 = 600 W, p50 = 650 W, p95 = 800 W)`: what a source gives as percentiles."""
    names = ("p05", "p50", "p95")
    given = {**dict(zip(names, call.positional, strict=False)), **call.named}
    if set(given) != set(names):
        return _refuse(call, "`quantiles` takes p05, p50 and p95", "write `quantiles(p05 = …, p50 = …, p95 = …)`")
    found = _known(call, tuple(given[name] for name in names))
    if found is None:
        return POISON
    like, (p05, p50, p95) = found
    if not p05 <= p50 <= p95:
        return _refuse(call, "the percentiles are not in rising order", "write the smallest first")
    # the ends lie as far out as those of a normal: scaled from the 5 and 95 % quantiles to four deviations
    reach = CUT / P95
    if p05 > 0:
        ends = p50 * (p05 / p50) ** reach, p50, p50 * (p95 / p50) ** reach
    else:
        ends = p50 - reach * (p50 - p05), p50, p50 + reach * (p95 - p50)
    return _spread(call, like, ends, p05, p50, p95)
