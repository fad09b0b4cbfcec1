"""Sheets: boxes, lines and words with their places, made by views and independent of an engine.

In points, y downwards.
"""

from attrs import evolve, frozen

Point = tuple[float, float]


@frozen
class Text:
    """Words at a place: `x` is the end named by `anchor` (`start`, `middle`, `end`), `y` the middle of the line.

    `plain` replaces `text` when no font at hand can draw it.
    """

    text: str
    x: float
    y: float
    size: float = 10.0
    anchor: str = "start"
    bold: bool = False
    ink: str = "ink"
    plain: str = ""


@frozen
class Box:
    """A rectangle: upper left corner and size, the name of its look, the words on it, and its tooltip."""

    id: str
    x: float
    y: float
    width: float
    height: float
    look: str
    tooltip: str = ""
    texts: tuple[Text, ...] = ()


@frozen
class Line:
    """A line between two boxes along points: straight pieces, or one cubic curve of four points when `curved`."""

    tail: str
    head: str
    points: tuple[Point, ...]
    look: str
    tooltip: str = ""
    curved: bool = False


Item = Box | Line


@frozen
class Sheet:
    """A whole page: its size, and its items from back to front, lines above all boxes."""

    title: str
    width: float
    height: float
    items: tuple[Item, ...]


@frozen
class Piece:
    """Items that belong together, placed from (0, 0), and the room that they take."""

    width: float
    height: float
    items: tuple[Item, ...]


def moved(items: tuple[Item, ...], right: float, down: float) -> tuple[Item, ...]:
    """Items, shifted."""
    return tuple(_moved(item, right, down) for item in items)


def _moved(item: Item, right: float, down: float) -> Item:
    if isinstance(item, Line):
        return evolve(item, points=tuple((x + right, y + down) for x, y in item.points))
    texts = tuple(evolve(text, x=text.x + right, y=text.y + down) for text in item.texts)
    return evolve(item, x=item.x + right, y=item.y + down, texts=texts)


def label(id: str, *texts: Text, tooltip: str = "") -> Box:
    """Box without a frame for some texts, on one line or stacked."""
    left = min(text.x for text in texts)
    top = min(text.y - text.size * 0.6 for text in texts)
    bottom = max(text.y + text.size * 0.6 for text in texts)
    return Box(id, left, top, 1.0, bottom - top, "none", tooltip, texts)
