"""Interval arithmetic over the quantity graph: bounds of every node."""

import math
from collections.abc import Callable, Iterable, Mapping

from attrs import frozen

from compiler.numerics.tolerances import WHOLE, nearly
from compiler.quantities.graph import Quantity, order


@frozen
class Bounds:
    """Low end, middle and high end, in base units. For a truth: 0 or 1, and undecided when the ends differ."""

    low: float
    middle: float
    high: float


UNKNOWN = Bounds(-math.inf, math.nan, math.inf)
LEAVES = ("missing", "index")
"""Operations of leaves without a value: a missing input, and the position of a part among its equals."""
_Fold = Callable[[tuple[Bounds, ...]], Bounds]


class Intervals:
    """Interval arithmetic over the graph, remembered node by node (by identity). Bounds contain every sampled value."""

    def __init__(self) -> None:
        self._known: dict[Quantity, Bounds] = {}

    def of(self, quantity: Quantity) -> Bounds:
        """The bounds of a quantity, in base units; `UNKNOWN` where a missing input or an index leaves it open."""
        if quantity not in self._known:
            for node in order([quantity]):
                if node not in self._known:
                    self._known[node] = self._step(node)
        return self._known[quantity]

    def _step(self, node: Quantity) -> Bounds:
        if node.spread is not None:
            return Bounds(node.spread.low, node.spread.middle, node.spread.high)
        if node.op in LEAVES:
            return UNKNOWN
        if node.op == "subtract" and _is_same(*node.args):
            return Bounds(0.0, 0.0, 0.0)
        return fold(node.op, tuple(self._known[arg] for arg in node.args))


def _is_same(left: Quantity, right: Quantity) -> bool:
    """True when two quantities are one symbol, so that they vary together and their difference is 0."""
    return left is right or bool(left.symbol and left.symbol == right.symbol and left.spread is not None)


def fold(op: str, args: tuple[Bounds, ...]) -> Bounds:
    """One operation over intervals; ends that do not exist (0/0, overflow) are infinite or not a number, never an exception."""
    try:
        return _FOLDS[op](args)
    except (OverflowError, ZeroDivisionError, ValueError):
        return UNKNOWN


def _monotone(f: Callable[[float], float]) -> _Fold:
    return lambda a: Bounds(f(a[0].low), f(a[0].middle), f(a[0].high))


def _corners(f: Callable[[float, float], float]) -> _Fold:
    def folded(a: tuple[Bounds, ...]) -> Bounds:
        x, y = a
        if x.low == x.high and y.low == y.high:
            value = f(x.middle, y.middle)
            return Bounds(value, value, value)
        corners = [f(p, q) for p in (x.low, x.high) for q in (y.low, y.high)]
        return Bounds(min(corners), f(x.middle, y.middle), max(corners))

    return folded


def _divide(a: tuple[Bounds, ...]) -> Bounds:
    if a[1].low <= 0.0 <= a[1].high:
        middle = a[0].middle / a[1].middle if a[1].middle else math.nan
        return Bounds(-math.inf, middle, math.inf)
    return _corners(lambda p, q: p / q)(a)


def _power(a: tuple[Bounds, ...]) -> Bounds:
    base, exponent = a
    found = _corners(lambda p, q: p**q)(a)
    if base.low < 0.0 < base.high and exponent.low == exponent.high and exponent.low % 2 == 0:
        return Bounds(0.0, found.middle, found.high)
    return found


def _absolute(a: tuple[Bounds, ...]) -> Bounds:
    low, middle, high = abs(a[0].low), abs(a[0].middle), abs(a[0].high)
    inside = a[0].low <= 0.0 <= a[0].high
    return Bounds(0.0 if inside else min(low, high), middle, max(low, high))


def _compared(
    sure: Callable[[Bounds, Bounds], bool], never: Callable[[Bounds, Bounds], bool], at: Callable[[float, float], bool]
) -> _Fold:
    def folded(a: tuple[Bounds, ...]) -> Bounds:
        x, y = a
        return Bounds(float(sure(x, y)), float(at(x.middle, y.middle)), float(not never(x, y)))

    return folded


def _where(a: tuple[Bounds, ...]) -> Bounds:
    condition, then, otherwise = a
    if condition.low == condition.high:
        return then if condition.low else otherwise
    middle = then.middle if condition.middle else otherwise.middle
    return Bounds(min(then.low, otherwise.low), middle, max(then.high, otherwise.high))


def _each(f: Callable[[Iterable[float]], float]) -> _Fold:
    return lambda a: Bounds(f([x.low for x in a]), f([x.middle for x in a]), f([x.high for x in a]))


def _floor(x: float) -> float:
    return float(math.floor(x + WHOLE * abs(x))) if math.isfinite(x) else x


def _ceil(x: float) -> float:
    return float(math.ceil(x - WHOLE * abs(x))) if math.isfinite(x) else x


_FOLDS: Mapping[str, _Fold] = {
    "add": _each(math.fsum),
    "subtract": lambda a: Bounds(a[0].low - a[1].high, a[0].middle - a[1].middle, a[0].high - a[1].low),
    "multiply": _corners(lambda p, q: p * q),
    "divide": _divide,
    "floor_divide": lambda a: _monotone(_floor)((_divide(a),)),
    "negative": lambda a: Bounds(-a[0].high, -a[0].middle, -a[0].low),
    "power": _power,
    "minimum": _each(min),
    "maximum": _each(max),
    "floor": _monotone(_floor),
    "ceil": _monotone(_ceil),
    "round": _monotone(lambda x: float(round(x))),
    "sqrt": _monotone(math.sqrt),
    "log2": _monotone(math.log2),
    "log10": _monotone(math.log10),
    "absolute": _absolute,
    "where": _where,
    "and": _each(min),
    "or": _each(max),
    "not": lambda a: Bounds(1.0 - a[0].high, 1.0 - a[0].middle, 1.0 - a[0].low),
    "less": _compared(
        lambda x, y: x.high < y.low and not nearly(x.high, y.low),
        lambda x, y: x.low >= y.high or nearly(x.low, y.high),
        lambda p, q: p < q and not nearly(p, q),
    ),
    "less_equal": _compared(
        lambda x, y: x.high <= y.low or nearly(x.high, y.low),
        lambda x, y: x.low > y.high and not nearly(x.low, y.high),
        lambda p, q: p <= q or nearly(p, q),
    ),
    "greater": _compared(
        lambda x, y: x.low > y.high and not nearly(x.low, y.high),
        lambda x, y: x.high <= y.low or nearly(x.high, y.low),
        lambda p, q: p > q and not nearly(p, q),
    ),
    "greater_equal": _compared(
        lambda x, y: x.low >= y.high or nearly(x.low, y.high),
        lambda x, y: x.high < y.low and not nearly(x.high, y.low),
        lambda p, q: p >= q or nearly(p, q),
    ),
    "equal": _compared(
        lambda x, y: nearly(x.low, y.high) and nearly(x.high, y.low),
        lambda x, y: (x.low > y.high or x.high < y.low) and not (nearly(x.low, y.high) or nearly(x.high, y.low)),
        nearly,
    ),
    "not_equal": _compared(
        lambda x, y: (x.low > y.high or x.high < y.low) and not (nearly(x.low, y.high) or nearly(x.high, y.low)),
        lambda x, y: nearly(x.low, y.high) and nearly(x.high, y.low),
        lambda p, q: not nearly(p, q),
    ),
}
OPERATIONS = tuple(_FOLDS)
"""Every operation a node may name, besides `literal` and `index`."""
