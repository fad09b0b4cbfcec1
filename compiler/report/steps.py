"""Steps of a trail: the graph of a quantity as a numbered list, operands in the order of the formula, each once."""

import math
from collections.abc import Iterator, Mapping

from attrs import frozen

from compiler.numerics.tolerances import CLOSE
from compiler.quantities import provenance, units
from compiler.quantities.display import interval, percent
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import Intervals
from dsl.source import Span

SIGNS = {"add": " + ", "subtract": " - ", "multiply": " * ", "divide": " / ", "floor_divide": " // ", "power": " ^ "}
SIGNS |= {"less": " < ", "less_equal": " <= ", "greater": " > ", "greater_equal": " >= ", "equal": " == "}
SIGNS |= {"not_equal": " != ", "and": " and ", "or": " or "}
WORDS = {"minimum": "min", "maximum": "max", "negative": "-", "not": "not "}
LONGEST = 60
"""Limit of the characters of a written formula."""


@frozen
class Cited:
    """A source in a trail; `str()` of it is a line without the address."""

    title: str
    date: str
    grade: str
    locator: str
    url: str

    def __str__(self) -> str:
        date = f", {self.date}" if self.date else ""
        locator = f', "{self.locator}"' if self.locator else ""
        return f"{self.title}{date} ({self.grade}){locator}"


@frozen(eq=False)
class TrailStep:
    """One quantity of a trail. `formula` is its operation in the words of the language; empty for a literal.

    `display` is its value for people; `value`, `low`, `high` are in `unit`, a base unit, None where they are not finite.
    `inputs` are numbers of steps. `share` is its share of the figure where the figure is a sum, all its uses together;
    `variance` that of an uncertain input in the variance of the figure, by itself. None: not a term, not uncertain.
    """

    number: int
    name: str
    formula: str
    display: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    place: Span | None
    sources: tuple[Cited, ...]
    grade: str | None
    inputs: tuple[int, ...]
    share: float | None = None
    variance: float | None = None

    @property
    def heading(self) -> str:
        """Its name, else its formula."""
        return self.name or self.formula

    @property
    def at(self) -> str:
        """File and line in which it was written, `plan.cluster:12`; empty when it was not written."""
        if self.place is None:
            return ""
        return f"{self.place.source.name}:{self.place.source.line_column(self.place.start)[0]}"

    def line(self, again: bool = False) -> str:
        """Text of the step, `name = formula = value`; with `again`, for a step shown before, without the formula."""
        named = f"{self.name} = " if self.name and self.name != self.formula else ""
        formula = f"{self.formula} = " if self.formula and not again else ""
        return f"{named}{formula}{self.display}"

    def shares(self, above: float | None) -> str:
        """Text with its shares of the figure, if less than `above` (that of the step above), and of the variance."""
        said = []
        if self.share is not None and above is not None and self.share < above * (1 - CLOSE):
            said.append(f"{percent(self.share)} of the figure")
        if self.variance is not None:
            said.append(f"{percent(self.variance)} of the variance")
        return ", ".join(said)


def steps(root: Quantity, variances: Mapping[int, float]) -> Iterator[TrailStep]:
    """Steps of all quantities below a figure, the figure first.

    `variances` are shares of the variance by `id` of the input.
    """
    numbers: dict[int, int] = {}
    waiting = [root]
    nodes: list[Quantity] = []
    while waiting:
        node = waiting.pop()
        if id(node) not in numbers:
            numbers[id(node)] = len(nodes)
            nodes.append(node)
            waiting.extend(reversed(_operands(node)))
    intervals = Intervals()
    terms = _terms(root, intervals)
    for node in nodes:
        bounds = intervals.of(node)
        origin = node.origin
        cites = origin.citations if origin else ()
        yield TrailStep(
            numbers[id(node)],
            _name(node),
            _formula(node),
            interval(bounds, node),
            _finite(bounds.middle),
            _finite(bounds.low),
            _finite(bounds.high),
            units.base_unit(node.dimension),
            origin.span if origin else None,
            tuple(
                Cited(c.source.title or c.source.name, c.source.date, c.source.grade, c.locator, c.source.url)
                for c in cites
            ),
            provenance.grade(node),
            tuple(numbers[id(operand)] for operand in _operands(node)),
            terms.get(id(node)),
            variances.get(id(node)),
        )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _terms(root: Quantity, intervals: Intervals) -> dict[int, float]:
    """Shares of a figure by `id` of the quantity below it: a sum is shared out among its terms by their size.

    A product hands its share to the factor that has its dimension, a quotient to its numerator, so that the terms of a
    scaled sum have shares too. Other operations hand nothing on.
    """
    found = {id(root): 1.0}
    for node in reversed(order([root])):
        share = found.get(id(node))
        if share is None:
            continue
        if node.op == "add":
            whole = intervals.of(node).middle
            for arg in node.args if whole else ():
                found[id(arg)] = found.get(id(arg), 0.0) + share * intervals.of(arg).middle / whole
        elif (carrier := _carrier(node)) is not None:
            found[id(carrier)] = found.get(id(carrier), 0.0) + share
    return {id: share for id, share in found.items() if math.isfinite(share)}


def _carrier(node: Quantity) -> Quantity | None:
    """Operand that a share is handed on to: the factor with the dimension of a product, the numerator of a quotient."""
    if node.op == "divide":
        return node.args[0]
    if node.op != "multiply":
        return None
    bearing = [arg for arg in node.args if (arg.dimension if node.dimension else arg.args)]
    return bearing[0] if len(bearing) == 1 else None


def _operands(node: Quantity) -> tuple[Quantity, ...]:
    """Operands of a node; a sum takes in the terms of sums below it that have no name of their own."""
    found: list[Quantity] = []
    waiting = [*reversed(node.args)]
    while waiting:
        arg = waiting.pop()
        if arg.op == node.op == "add" and not arg.label and _is_within(arg, node):
            waiting.extend(reversed(arg.args))
        else:
            found.append(arg)
    return tuple(found)


def _is_within(arg: Quantity, node: Quantity) -> bool:
    """True when an operand was written inside its operation, as `a + b` in `a + b + c`, or was not written at all."""
    inner, outer = arg.origin, node.origin
    if inner is None or outer is None:
        return inner is None
    same = inner.span.source is outer.span.source
    return same and outer.span.start <= inner.span.start and inner.span.end <= outer.span.end


def _name(node: Quantity) -> str:
    """Label of a quantity, else the text it was written as."""
    if node.label:
        return node.label
    return _short(node.origin.span.text) if node.origin else ""


def _formula(node: Quantity) -> str:
    """Formula of an operation: as it was written, else its sign between the names of its operands."""
    if not node.args:
        return ""
    if node.origin is not None and _is_expression(node.origin.span.text):
        return _short(node.origin.span.text)
    operands = [_name(operand) or _value(operand) for operand in _operands(node)]
    if node.op in SIGNS:
        return SIGNS[node.op].join(operands)
    return f"{WORDS.get(node.op, node.op)}({', '.join(operands)})"


def _is_expression(text: str) -> bool:
    return any(sign in text for sign in "+-*/^(") and not text[:1].isdigit()


def _value(node: Quantity) -> str:
    """Value of an operand as text, for a formula in which it has no name."""
    shown = interval(Intervals().of(node), node)
    return f"({shown})" if " to " in shown else shown


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
