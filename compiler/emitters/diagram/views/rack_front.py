"""Front of a rack: its contents as cases or cells with letters, and notes beside them."""

from math import fsum

from compiler.emitters.diagram.lettering import fitted, one_line
from compiler.emitters.diagram.looks import LETTERS, look_of
from compiler.emitters.diagram.picture import Box, Item, Text
from compiler.report.brief import count
from compiler.report.cabinets import Cabinet, Content

RACK = 150.0
NOTES = 225.0
FRAME = 5.0
UNIT = 9.0
SLAB = 17.0
CELL = 16.0
MOST_SLABS = 36
MOST_CELLS = 128
MOST_DEVICES = 16
LEAST = 150.0
TALLEST = 460.0
STRETCH = 2.2


def contents(cabinet: Cabinet, top: float, tall: float) -> list[Item]:
    """Drawing of all contents of a rack that is `tall` points high inside, from `top` down."""
    items: list[Item] = []
    for content in cabinet.contents:
        high = _height(cabinet, content, tall)
        items += _content(cabinet, content, top, high)
        top += high
    return items


def _is_cased(content: Content) -> bool:
    """True when its parts are drawn as cases across the rack; many bare parts are drawn as cells."""
    return content.kind == "node" or content.count <= MOST_DEVICES


def _slabs(content: Content) -> int:
    return int(min(content.count, MOST_SLABS))


def _columns(content: Content) -> int:
    fits = int((RACK - 2 * FRAME - 8) // CELL)
    return max(1, int(min(content.count, fits)))


def _natural(content: Content) -> float:
    """Height of a content in points where heights are not stated."""
    if _is_cased(content):
        return _slabs(content) * SLAB + 4
    return -(-int(min(content.count, MOST_CELLS)) // _columns(content)) * CELL + 4


def inner_height(cabinet: Cabinet) -> float:
    """Natural height of the inside of a rack, in points."""
    if cabinet.has_heights:
        assert cabinet.units is not None
        return cabinet.units * UNIT
    return min(TALLEST, max(LEAST, fsum(_natural(content) for content in cabinet.contents)))


def _height(cabinet: Cabinet, content: Content, tall: float) -> float:
    """Height of a content in a rack `tall` points high: as stated, else its share, hardly stretched."""
    if cabinet.has_heights:
        assert content.height is not None
        return content.count * content.height * UNIT
    whole = fsum(_natural(each) for each in cabinet.contents)
    return _natural(content) * min(STRETCH, tall / whole)


def _content(cabinet: Cabinet, content: Content, at: float, high: float) -> list[Item]:
    told = f"{count(content.count)} × {content.title} ({content.kind} {content.name})"
    if content.inside:
        told += "\neach: " + ", ".join(f"{count(number)} × {name}" for _, name, number in content.inside)
    gap = 0.0 if cabinet.has_heights else 4.0
    if _is_cased(content) or cabinet.has_heights:
        items = _cases(content, at, high - gap, told)
    else:
        items = _cells(content, at, high - gap, told)
    return [*items, *_note(content, at, high - gap, told)]


def _cases(content: Content, at: float, high: float, told: str) -> list[Item]:
    """Cases across the rack, one under the other, with what they contain."""
    number = _slabs(content)
    each = high / max(1, number)
    look = "slab" if content.inside else f"small {look_of(content.kind)}"
    items: list[Item] = []
    for n in range(number):
        place = (FRAME, at + n * each, RACK - 2 * FRAME, each - 1.5)
        items.append(
            Box(f"{content.id}.{n}", *place, look, told, _letter(content.kind, place, n == 0 and not content.inside))
        )
        items += _cells_in(content, n, place, told)
    return items


def _cells(content: Content, at: float, high: float, told: str) -> list[Item]:
    """Cells side by side, one for each part."""
    columns = _columns(content)
    number = int(min(content.count, MOST_CELLS))
    wide = (RACK - 2 * FRAME) / columns
    tall = high / -(-number // columns)
    items: list[Item] = []
    for n in range(number):
        place = (FRAME + n % columns * wide + 1, at + n // columns * tall + 1, wide - 2, tall - 2)
        look = f"small {look_of(content.kind)}"
        items.append(Box(f"{content.id}.{n}", *place, look, told, _letter(content.kind, place, n < columns)))
    return items


def _letter(kind: str, place: tuple[float, float, float, float], shown: bool) -> tuple[Text, ...]:
    """Letter of a kind in the middle of a cell; none when the cell has no room for it."""
    x, y, wide, tall = place
    size = min(8.0, tall - 2, wide - 1)
    if not shown or size < 4.5 or kind not in LETTERS:
        return ()
    return (Text(LETTERS[kind], x + wide / 2, y + tall / 2, round(size, 1), "middle", True),)


def _cells_in(content: Content, n: int, place: tuple[float, float, float, float], told: str) -> list[Item]:
    """Small cells side by side with the contents of a case; lettered in the first case only."""
    x, y, wide, tall = place
    many = [(kind, int(min(number, 16))) for kind, _, number in content.inside]
    total = sum(number for _, number in many)
    if not total or tall < 6:
        return []
    pitch = min(13.0, (wide - 8) / total)
    high = min(tall - 4, 14.0)
    items: list[Item] = []
    left = x + 4
    for kind, number in many:
        for _ in range(number):
            cell = (left, y + (tall - high) / 2, pitch - 1.2, high)
            id = f"{content.id}.{n}.{len(items)}"
            items.append(Box(id, *cell, f"small {look_of(kind)}", told, _letter(kind, cell, n == 0)))
            left += pitch
    return items


def _note(content: Content, at: float, high: float, told: str) -> list[Item]:
    """Bracket and words to the right of a content."""
    x = RACK + 12
    middle = at + high / 2
    room = NOTES - 34
    name = f"{count(content.count)} × {one_line(content.title)}"
    plain = f"{count(content.count)} × {content.name}"
    texts = [
        Text(
            fitted(name, room, 10, True),
            x + 10,
            middle - (6 if content.inside else 0),
            10,
            bold=True,
            plain=fitted(plain, room, 10, True),
        )
    ]
    if content.inside:
        held = ", ".join(f"{count(number)} × {one}" for _, one, number in content.inside)
        texts.append(Text(fitted(held, room, 8.5), x + 10, middle + 7, 8.5, ink="soft"))
    return [
        Box(f"{content.id}/span", x, at + 1, 2, max(4.0, high - 3), "load", told),
        Box(f"{content.id}/note", 0, 0, 0, 0, "none", told, tuple(texts)),
    ]
