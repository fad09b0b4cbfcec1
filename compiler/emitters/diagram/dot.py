"""A sheet in the DOT language: boxes and lines have fixed places, so that any Graphviz draws the same picture."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from compiler.emitters.diagram.lettering import one_line, width
from compiler.emitters.diagram.looks import BOXES, INKS, LINES
from compiler.emitters.diagram.picture import Box, Line, Point, Sheet, Text

if TYPE_CHECKING:
    from graphviz import Graph

FONT = "Helvetica"
LONGEST = 4000
"""Limit of the characters of a line of a tooltip."""
_JUSTIFIED = {"start": "\\l", "middle": "\\n", "end": "\\r"}


def source(sheet: Sheet, words: Callable[[Text], str] = lambda text: text.text) -> str:
    """DOT text of a sheet. `words` gives the words of each text, which may be a stand-in."""
    import graphviz

    graph = graphviz.Graph(
        graphviz.escape(_literal(sheet.title)),
        graph_attr={"layout": "nop2", "outputorder": "nodesfirst", "pad": "0", "bgcolor": "white", "tooltip": " "},
        node_attr={"shape": "box", "fixedsize": "true", "label": "", "margin": "0", "fontname": FONT, "tooltip": " "},
        edge_attr={"tooltip": " "},
    )
    _add_box(graph, sheet, Box("page", 0, 0, sheet.width, sheet.height, "page"), words)
    for item in sheet.items:
        if isinstance(item, Box):
            _add_box(graph, sheet, item, words)
    for item in sheet.items:
        if isinstance(item, Line):
            _add_line(graph, sheet, item)
    text: str = graph.source
    return text


def _add_box(graph: "Graph", sheet: Sheet, box: Box, words: Callable[[Text], str]) -> None:
    tooltip = _tooltip(box.tooltip)
    if box.look != "none":
        middle = (box.x + box.width / 2, box.y + box.height / 2)
        size = {"width": f"{box.width / 72:.4f}", "height": f"{box.height / 72:.4f}"}
        graph.node(_id(box.id), _attributes={"pos": _pos(sheet, middle), **size, **tooltip, **BOXES[box.look]})
    for number, text in enumerate(box.texts):
        said = words(text)
        if said:
            _add_text(graph, sheet, f"{box.id}#{number}", text, said, tooltip)


def _add_text(graph: "Graph", sheet: Sheet, id: str, text: Text, said: str, tooltip: dict[str, str]) -> None:
    """Add a text as a node without a frame, with its end at the anchor."""
    import graphviz

    # more room than the words need: where the engine measures them wider it would move their anchor
    free = {"start": sheet.width - text.x, "middle": sheet.width, "end": text.x}[text.anchor]
    room = min(free, 1.25 * width(said, text.size, text.bold) + 4)
    shift = {"start": room / 2, "middle": 0.0, "end": -room / 2}[text.anchor]
    attributes = {
        "shape": "none",
        "pos": _pos(sheet, (text.x + shift, text.y)),
        "width": f"{room / 72:.4f}",
        "height": f"{text.size * 1.2 / 72:.4f}",
        "label": graphviz.escape(_literal(said)) + _JUSTIFIED[text.anchor],
        "fontsize": f"{text.size:g}",
        "fontcolor": INKS[text.ink],
        **({"fontname": f"{FONT}-Bold"} if text.bold else {}),
        **tooltip,
    }
    graph.node(_id(id), _attributes=attributes)


def _add_line(graph: "Graph", sheet: Sheet, line: Line) -> None:
    attributes = {"pos": " ".join(_pos(sheet, p) for p in _spline(line)), **_tooltip(line.tooltip), **LINES[line.look]}
    graph.edge(_id(line.tail), _id(line.head), _attributes=attributes)


def _spline(line: Line) -> tuple[Point, ...]:
    """Control points of a line as Graphviz counts them: one, and three more for each piece."""
    if line.curved:
        return line.points
    first, *rest = line.points
    spline = [first]
    for point in rest:
        spline += [spline[-1], point, point]
    return tuple(spline)


def _pos(sheet: Sheet, point: Point) -> str:
    return f"{_short(point[0])},{_short(sheet.height - point[1])}"


def _short(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _id(text: str) -> str:
    """A node name that is neither a port nor markup."""
    return "".join(c if (c.isalnum() and c.isascii()) or c in "._#-" else "_" for c in text)


def _tooltip(text: str) -> dict[str, str]:
    import graphviz

    if not text:
        return {}
    # Graphviz reads the escapes of a tooltip twice
    lines = (_literal(line[:LONGEST]).replace("\\", "\\\\") for line in text.split("\n"))
    return {"tooltip": graphviz.nohtml("\\n".join(graphviz.escape(line) for line in lines))}


def _literal(text: str) -> str:
    """Text in which Graphviz finds no HTML entity."""
    return one_line(text).replace("&", "&amp;")
