"""Uncertain inputs of a quantity: the literals with a range below it, and the places where they were written."""

from collections.abc import Mapping

from attrs import evolve, frozen

from compiler.quantities.display import interval
from compiler.quantities.graph import Quantity, Spread, order
from compiler.quantities.intervals import Bounds
from compiler.quantities.symbols import symbol_of
from dsl.source import Span

Names = Mapping[int, str]
NO_NAMES: Names = {}
"""Names of inputs by `id` of the literal, such as `ir.labels.input_names(design)`; others go by their own label."""


@frozen(eq=False)
class Input:
    """An uncertain input: its name, text, place and sources, and its ends in base units."""

    symbol: str
    label: str
    text: str
    place: Span | None
    sources: tuple[str, ...]
    low: float
    middle: float
    high: float
    display: str

    @property
    def at(self) -> str:
        """File and line, `stdlib/huawei/ascend910.cluster:123`; empty when it was not written."""
        if self.place is None:
            return ""
        line, _ = self.place.source.line_column(self.place.start)
        return f"{self.place.source.name}:{line}"


@frozen(eq=False)
class Prepared:
    """A graph in which every uncertain leaf has a symbol: its root, its inputs, and the spread of each symbol."""

    root: Quantity
    inputs: tuple[Input, ...]
    spreads: Mapping[str, Spread]


def inputs(quantity: Quantity, names: Names = NO_NAMES) -> tuple[Input, ...]:
    """The uncertain inputs of a quantity, each once, in the order met. A literal used twice is one input."""
    return prepared_of(quantity, names).inputs


def prepared_of(quantity: Quantity, names: Names) -> Prepared:
    """The graph with a symbol on every uncertain leaf, also where nobody wrote it (a bisection between bounds)."""
    rebuilt: dict[int, Quantity] = {}
    found: dict[str, Input] = {}
    spreads: dict[str, Spread] = {}
    for node in order([quantity]):
        made = node
        if node.spread is not None and node.spread.shape != "point":
            symbol = symbol_of(node, len(found))
            made = node if node.symbol else evolve(node, symbol=symbol)
            if symbol not in found:
                found[symbol], spreads[symbol] = _input(node, node.spread, symbol, names), node.spread
        elif any(rebuilt[id(arg)] is not arg for arg in node.args):
            made = evolve(node, args=tuple(rebuilt[id(arg)] for arg in node.args))
        rebuilt[id(node)] = made
    return Prepared(rebuilt[id(quantity)], tuple(found.values()), spreads)


def _input(node: Quantity, spread: Spread, symbol: str, names: Names) -> Input:
    origin = node.origin
    text = " ".join(origin.span.text.split()) if origin else ""
    cited = origin.citations if origin else ()
    sources = tuple(dict.fromkeys(c.source.title or c.source.name for c in cited))
    display = interval(Bounds(spread.low, spread.middle, spread.high), node)
    return Input(
        symbol,
        names.get(id(node)) or node.label or text or "an input",
        text,
        origin.span if origin else None,
        sources,
        spread.low,
        spread.middle,
        spread.high,
        display,
    )
