"""The quantity graph: every number with what it was made of. One graph, several readings.

`bounds` reads it as intervals, `engine` as arrays over (design points, samples), `explain` as a trail to the sources.
Nodes are immutable and shared; a literal is one symbol, so that what uses it twice varies together.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from attrs import evolve, field, frozen

from compiler.quantities import units
from compiler.quantities.units import NONE, TRUTH, Dimension
from dsl.source import Span


@frozen
class Source:
    """A publication: what it is called, where it is, its date and how far it can be trusted."""

    name: str
    title: str = ""
    url: str = ""
    date: str = ""
    grade: str = "estimate"
    note: str = ""


@frozen
class Citation:
    """`from cm_paper "per package"`."""

    source: Source
    locator: str = ""


@frozen(eq=False)
class Origin:
    """The place where a quantity was written, and the sources it rests on."""

    span: Span
    citations: tuple[Citation, ...] = ()


CUT = 4.0
"""Distributions without ends are cut off at so many standard deviations."""
P95 = 1.6448536269514722
"""Standard deviations from the median of a normal to its 95 % quantile."""


@frozen
class Spread:
    """Knowledge of a number, in base units: hard bounds, a middle, and how it is spread between them.

    `shape` is `point`, `uniform`, or a named distribution with `parameters`. `step` is one unit of the last digit
    written (0: exact by definition), which is the tolerance of a claim.
    """

    low: float
    middle: float
    high: float
    shape: str = "point"
    parameters: tuple[float, ...] = ()
    step: float = 0.0
    digits: str = ""


@frozen(eq=False)
class Quantity:
    """A node: an operation over other nodes, or a literal.

    `unit` is the unit in which people wrote or asked for it; `label` the name it was given; `symbol` identifies a
    literal or parameter for sampling and sweeps, and is the same whatever stands elsewhere in the text.
    """

    op: str
    args: tuple["Quantity", ...] = ()
    dimension: Dimension = NONE
    spread: Spread | None = None
    unit: str = ""
    label: str = ""
    symbol: str = ""
    origin: Origin | None = field(default=None, repr=False)


def number(value: float, dimension: Dimension = NONE, unit: str = "", label: str = "", step: float = 0.0) -> Quantity:
    """A plain number of ours: a count, a factor."""
    return Quantity("literal", (), dimension, Spread(value, value, value, step=step), unit, label)


ZERO = number(0.0)
ONE = number(1.0)


def truth(value: bool) -> Quantity:
    """A truth value as a quantity."""
    return number(float(value), TRUTH)


def apply(op: str, *args: Quantity, dimension: Dimension | None = None, origin: Origin | None = None) -> Quantity:
    """An operation over quantities whose dimensions the caller has checked; the dimension is worked out unless given."""
    return Quantity(
        op, args, _dimension(op, args) if dimension is None else dimension, origin=origin, unit=_unit(op, args)
    )


def _dimension(op: str, args: tuple[Quantity, ...]) -> Dimension:
    if op == "multiply":
        return units.product(args[0].dimension, args[1].dimension)
    if op == "divide":
        return units.product(args[0].dimension, args[1].dimension, -1)
    if op in COMPARISONS or op in ("and", "or", "not"):
        return TRUTH
    if op == "where":
        return args[1].dimension
    return args[0].dimension if args else NONE


def _unit(op: str, args: tuple[Quantity, ...]) -> str:
    """The unit to show a result in: that of its operands, as far as the operation keeps it."""
    if op in ("add", "subtract", "minimum", "maximum", "negative", "absolute"):
        return next((arg.unit for arg in args if arg.unit), "")
    if op == "where":
        return args[1].unit or args[2].unit
    if op == "multiply":
        left, right = args
        if not right.dimension:
            return left.unit
        return right.unit if not left.dimension else ""
    if op == "divide" and not args[1].dimension:
        return args[0].unit
    return ""


def total(items: Iterable[Quantity], dimension: Dimension = NONE, unit: str = "") -> Quantity:
    """The sum of any number of quantities of one dimension; zero when there are none."""
    terms = tuple(items)
    if not terms:
        return number(0.0, dimension, unit)
    return terms[0] if len(terms) == 1 else apply("add", *terms)


def times(left: Quantity, right: Quantity) -> Quantity:
    """The product; by one it is the other itself."""
    if _is_one(left):
        return right
    return left if _is_one(right) else apply("multiply", left, right)


def _is_one(quantity: Quantity) -> bool:
    spread = quantity.spread
    return spread is not None and spread.low == spread.high == 1.0 and not quantity.dimension


def named(quantity: Quantity, label: str) -> Quantity:
    """The same quantity under a name of its own, unless it already has one."""
    return quantity if quantity.label else evolve(quantity, label=label)


def order(roots: Iterable[Quantity]) -> list[Quantity]:
    """All nodes below the roots, each once, operands before what uses them; without recursion."""
    seen: set[int] = set()
    result: list[Quantity] = []
    stack: list[tuple[Quantity, bool]] = [(root, False) for root in roots]
    stack.reverse()
    while stack:
        node, ready = stack.pop()
        if ready:
            result.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((arg, False) for arg in reversed(node.args) if id(arg) not in seen)
    return result


# ---- what a study sweeps ---------------------------------------------------------------------

SWEPT = "swept"
"""The shape of a literal that stands for every value of a numeric axis of a study."""
_heard: ContextVar[set[str] | None] = ContextVar("heard", default=None)


@contextmanager
def listening() -> Iterator[set[str]]:
    """The swept symbols whose values are taken as plain numbers meanwhile: a design has another shape for each of them."""
    heard: set[str] = set()
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


def taken(quantity: Quantity) -> Quantity:
    """A quantity whose value is about to be taken as a plain number: a count, a size, an index. Tells who listens."""
    heard = _heard.get()
    if heard is not None:
        heard.update(n.symbol for n in order([quantity]) if n.spread is not None and n.spread.shape == SWEPT)
    return quantity


def is_listening() -> bool:
    """True when somebody is told of the values that are taken."""
    return _heard.get() is not None


# ---- the interval reading --------------------------------------------------------------------


@frozen
class Bounds:
    """Low end, middle and high end, in base units. For a truth: 0 or 1, and undecided when the ends differ."""

    low: float
    middle: float
    high: float


UNKNOWN = Bounds(-math.inf, math.nan, math.inf)
LEAVES = ("missing", "index")
"""What has no value by itself: an input that nobody stated, the place of a part among its equals."""
COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")
_Fold = Callable[[tuple[Bounds, ...]], Bounds]


class Intervals:
    """Interval arithmetic over the graph, remembered node by node. Bounds always contain every sampled value."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Quantity, Bounds]] = {}

    def of(self, quantity: Quantity) -> Bounds:
        """The bounds of a quantity."""
        if id(quantity) not in self._known:
            for node in order([quantity]):
                if id(node) not in self._known:
                    self._known[id(node)] = (node, self._step(node))
        return self._known[id(quantity)][1]

    def _step(self, node: Quantity) -> Bounds:
        if node.spread is not None:
            return Bounds(node.spread.low, node.spread.middle, node.spread.high)
        if node.op in LEAVES:
            return UNKNOWN
        if node.op == "subtract" and _is_same(*node.args):
            return Bounds(0.0, 0.0, 0.0)
        return fold(node.op, tuple(self._known[id(arg)][1] for arg in node.args))


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


CLOSE = 1e-9
"""Computed numbers that differ by no more than this share are equal, in every reading of the graph."""
WHOLE = 1e-12
"""A computed number this close, by its share, to a whole number is that number: `ceil(0.1 * 30)` is 3."""


def nearly(x: float, y: float) -> bool:
    """Equality of computed numbers: within a billionth; what has no end is near only to itself."""
    return x == y or (math.isfinite(x - y) and abs(x - y) <= CLOSE * max(abs(x), abs(y)))


def _floor(x: float) -> float:
    return math.floor(x + WHOLE * abs(x)) if math.isfinite(x) else x


def _ceil(x: float) -> float:
    return math.ceil(x - WHOLE * abs(x)) if math.isfinite(x) else x


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
    "round": _monotone(round),
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
