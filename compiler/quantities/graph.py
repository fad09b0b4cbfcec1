"""The quantity graph: every number is a node with the numbers it was computed from.

`intervals` evaluates it to bounds, `samples` to arrays over (design points, samples), `report.steps` lists it as a
trail to the sources. Nodes are immutable and shared. A literal has one symbol, so that all its uses vary together.
"""

from collections.abc import Iterable

from attrs import evolve, field, frozen

from compiler.quantities import units
from compiler.quantities.units import NONE, TRUTH, Dimension
from dsl.source import Span


@frozen
class Publication:
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

    source: Publication
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
    """A literal that no text states, such as a count or a factor; `value` is in base units."""
    return Quantity("literal", (), dimension, Spread(value, value, value, step=step), unit, label)


ONE = number(1.0)


COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")
"""Operations that compare two quantities."""


def truth(value: bool) -> Quantity:
    """A truth value as a quantity."""
    return number(float(value), TRUTH)


def apply(op: str, *args: Quantity, dimension: Dimension | None = None, origin: Origin | None = None) -> Quantity:
    """Node of an operation. The caller has checked the dimensions; that of the result follows unless it is given."""
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
    """Unit to show a result in: that of its operands as far as the operation keeps it, else empty."""
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
    """Product of two quantities; when one is 1, the other itself."""
    if _is_one(left):
        return right
    return left if _is_one(right) else apply("multiply", left, right)


def _is_one(quantity: Quantity) -> bool:
    spread = quantity.spread
    return spread is not None and spread.low == spread.high == 1.0 and not quantity.dimension


def named(quantity: Quantity, label: str) -> Quantity:
    """The quantity with a label, unless it has one already."""
    return quantity if quantity.label else evolve(quantity, label=label)


def order(roots: Iterable[Quantity]) -> list[Quantity]:
    """All nodes below some roots, each once, operands before the nodes that use them.

    Not recursive, since graphs get deep.
    """
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
