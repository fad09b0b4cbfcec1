"""A row of racks, each different one once from the front: what is in it, its power against its feed."""

from string import ascii_uppercase

from compiler.emitters.diagram import stats
from compiler.emitters.diagram.cabinets import Cabinet, Content, Loose, cabinets, has_heights, loose
from compiler.emitters.diagram.lettering import fitted, one_line, width
from compiler.emitters.diagram.looks import KIND_LOOK, look_of
from compiler.emitters.diagram.packing import packed
from compiler.emitters.diagram.page import page, stat_rows
from compiler.emitters.diagram.picture import Block, Box, Item, Sheet, Text, moved
from compiler.emitters.diagram.view import View
from compiler.ir.model import Design

PAD = 14.0
RACK = 150.0
NOTES = 190.0
FRAME = 5.0
UNIT = 9.0
SLAB = 30.0
CELL = (14.0, 11.0)
MOST_SLABS = 24
MOST_CELLS = 100
LEAST = 190.0
STACK = 4.0
RATIO = 2.0
MOST = 8
ICON = (13.0, 24.0)
MOST_ICONS = 12
LEGEND = {"chip": "accelerator", "switch": "switch", "cpu": "CPU", "nic": "NIC"}


def _racks(design: Design) -> Sheet:
    """The racks of a design: what is in each, how many there are, power against feed."""
    found, outside = cabinets(design), loose(design)
    if not found:
        return page(design, "racks", _none(design, outside), ())
    shown = found[:MOST]
    tall = max(_inner(cabinet) for cabinet in shown)
    blocks = [_block(cabinet, ascii_uppercase[n], tall) for n, cabinet in enumerate(shown)]
    shelves = packed([(block.width, block.height) for block in blocks], RATIO)
    items: list[Item] = []
    strip = _strip(shown)
    items += strip.items
    for block, (x, y) in zip(blocks, shelves.places, strict=True):
        items += moved(block.items, x, y + strip.height)
    apart = _apart(outside, max(shelves.width, strip.width))
    items += moved(apart.items, 0, strip.height + shelves.height + 10)
    body = Block(max(shelves.width, strip.width), strip.height + shelves.height + 10 + apart.height, tuple(items))
    kinds = {kind for each in shown for content in each.contents for kind in _kinds(content)}
    legend = [(KIND_LOOK[kind], word) for kind, word in LEGEND.items() if kind in kinds]
    more = f"{len(found) - MOST} more kinds of rack are not drawn; " if len(found) > MOST else ""
    by_height = all(has_heights(each) for each in shown)
    remark = more + ("drawn by height" if by_height else "in the order of the text; heights are not stated for all")
    return page(design, "racks", body, legend, remark)


_racks.__name__ = "racks"
racks = View(_racks)


def _kinds(content: Content) -> tuple[str, ...]:
    return (content.kind, *(kind for kind, _, _ in content.inside))


def _none(design: Design, outside: tuple[Loose, ...]) -> Block:
    """A friendly word for a design without racks, and what could go into some."""
    node = next((each for each in outside if each.kind == "node"), None)
    what = node.name.rpartition(".")[2] if node else "nodes"
    example = "rack Cabinet { nodes = 4 of DGXH100 }" if design.root.kind != "node" else f"rack Cabinet {{ nodes = 4 of {design.root.name} }}"
    lines = [
        Text("There are no racks in this design yet.", PAD, 26, 14, bold=True),
        Text("Put parts into a rack and this view draws it from the front, with its power against its feed:", PAD, 50, 10),
        Text(fitted(example, 460, 10), PAD + 10, 70, 10, bold=True),
        Text(f"What it has, {what} first, is in the hierarchy view." if node else "What it has is in the hierarchy view.", PAD, 92, 10, ink="soft"),
    ]
    return Block(520, 110, (Box("note", 0, 0, 520, 110, "note", design.root.name, tuple(lines)),))


def _strip(shown: tuple[Cabinet, ...]) -> Block:
    """The row as it stands in the hall, folded: so many of each kind by its letter."""
    items: list[Item] = []
    left = 0.0
    for n, cabinet in enumerate(shown):
        letter = ascii_uppercase[n]
        number = int(min(cabinet.total, MOST_ICONS))
        for k in range(number):
            text = Text(letter, left + ICON[0] / 2, ICON[1] / 2, 8, "middle", True)
            items.append(Box(f"row.{letter}.{k}", left, 0, *ICON, "bar", _told(cabinet), (text,)))
            left += ICON[0] + 2
        said = f"… × {stats.count(cabinet.total)}" if cabinet.total > number else f"× {stats.count(cabinet.total)}"
        items.append(Box(f"row.{letter}", 0, 0, 0, 0, "none", _told(cabinet), (Text(said, left + 4, 12, 10, bold=True),)))
        left += width(said, 10, True) + 26
    return Block(left, ICON[1] + 18, tuple(items))


def _told(cabinet: Cabinet) -> str:
    held = [f"{stats.count(content.count)} × {content.title}" for content in cabinet.contents]
    figures = [each.exact for each in cabinet.stats]
    return "\n".join([f"{cabinet.title} (rack {cabinet.name}), {stats.count(cabinet.total)} in all", *held, *figures])


def _slabs(content: Content) -> int:
    return int(min(content.count, MOST_SLABS))


def _grid(content: Content) -> tuple[int, int]:
    """Columns and rows of the cells that stand for parts without a case of their own."""
    number = int(min(content.count, MOST_CELLS))
    columns = min(number, int((RACK - 2 * FRAME - 8) // (CELL[0] + 2)))
    return columns, -(-number // max(1, columns))


def _slab(cabinet: Cabinet) -> float:
    """The height of a case where heights are not stated: less when there are many."""
    many = sum(_slabs(content) for content in cabinet.contents if content.kind == "node")
    return SLAB if many <= 8 else max(13.0, SLAB * 8 / many)


def _height(cabinet: Cabinet, content: Content) -> float:
    if has_heights(cabinet):
        assert content.height is not None
        return content.count * content.height * UNIT
    if content.kind == "node":
        return _slabs(content) * _slab(cabinet)
    return _grid(content)[1] * (CELL[1] + 3) + 10


def _inner(cabinet: Cabinet) -> float:
    """The height of the inside of a rack as drawn."""
    if has_heights(cabinet):
        assert cabinet.units is not None
        return cabinet.units * UNIT
    return max(LEAST, sum(_height(cabinet, content) + 4 for content in cabinet.contents))


def _block(cabinet: Cabinet, letter: str, tall: float) -> Block:
    """A rack from the front with its name above, notes beside it, figures and power below."""
    wide = RACK + NOTES
    many = f"× {stats.count(cabinet.total)}"
    free = wide - 24 - width(many, 13, True) - 14
    title = one_line(cabinet.title)
    head = (
        Text(letter, 4, 9, 13, bold=True, ink="soft"),
        Text(fitted(title, free, 13, True), 22, 9, 13, bold=True, plain=fitted(cabinet.name, free, 13, True)),
        Text(many, wide - 6, 9, 13, "end", True),
    )
    top = 26.0
    inner = _inner(cabinet)
    frame = (RACK, (tall if not has_heights(cabinet) else inner) + 2 * FRAME)
    down = top + tall + 2 * FRAME - frame[1]
    items: list[Item] = [Box(f"{cabinet.id}/head", 0, 0, 0, 0, "none", _told(cabinet), head)]
    if cabinet.total > 1:
        items += [Box(f"{cabinet.id}~{n}", STACK * n, down - STACK * n, *frame, "bar") for n in (2, 1)]
    items.append(Box(cabinet.id, 0, down, *frame, "frame", _told(cabinet)))
    at = down + FRAME
    for content in cabinet.contents:
        high = _height(cabinet, content)
        items += _content(cabinet, content, at, high)
        at += high + (0 if has_heights(cabinet) else 4)
    below = top + tall + 2 * FRAME + 12
    rows, lines = stat_rows(cabinet.stats, 2, wide - 6, below)
    items.append(Box(f"{cabinet.id}/figures", 0, 0, 0, 0, "none", _told(cabinet), rows))
    below += 32 * lines + 8
    items += _power(cabinet, below, wide - 16)
    return Block(wide, below + (34 if cabinet.feed else 6), tuple(items))


def _content(cabinet: Cabinet, content: Content, at: float, high: float) -> list[Item]:
    told = f"{stats.count(content.count)} × {content.title} ({content.kind} {content.name})"
    if content.inside:
        told += "\neach: " + ", ".join(f"{stats.count(number)} × {name}" for _, name, number in content.inside)
    items: list[Item] = []
    if content.kind == "node" or has_heights(cabinet):
        number = _slabs(content)
        each = high / max(1, number)
        for n in range(number):
            place = (FRAME, at + n * each, RACK - 2 * FRAME, each - 1.5)
            look = "slab" if content.kind == "node" else look_of(content.kind)
            items.append(Box(f"{content.id}.{n}", *place, look, told))
            items += _cells_in(content, n, place, told)
    else:
        columns, _ = _grid(content)
        for n in range(int(min(content.count, MOST_CELLS))):
            x = FRAME + 5 + n % columns * (CELL[0] + 2)
            y = at + 5 + n // columns * (CELL[1] + 3)
            items.append(Box(f"{content.id}.{n}", x, y, *CELL, look_of(content.kind), told))
    items += _note(content, at, high, told)
    return items


def _cells_in(content: Content, n: int, place: tuple[float, float, float, float], told: str) -> list[Item]:
    """What a case holds, as small cells side by side."""
    x, y, wide, tall = place
    many = [(kind, int(min(number, 16))) for kind, _, number in content.inside]
    total = sum(number for _, number in many)
    if not total or tall < 6:
        return []
    pitch = min(11.0, (wide - 10) / total)
    high = min(tall - 4, 10.0)
    items: list[Item] = []
    left = x + 5
    for kind, number in many:
        for _ in range(number):
            id = f"{content.id}.{n}.{len(items)}"
            items.append(Box(id, left, y + (tall - high) / 2, pitch - 1.5, high, look_of(kind), told))
            left += pitch
    return items


def _note(content: Content, at: float, high: float, told: str) -> list[Item]:
    """A bracket and words to the right of what they are about."""
    x = RACK + 12
    middle = at + high / 2
    room = NOTES - 34
    name = f"{stats.count(content.count)} × {one_line(content.title)}"
    plain = f"{stats.count(content.count)} × {content.name}"
    texts = [Text(fitted(name, room, 10, True), x + 10, middle - (6 if content.inside else 0), 10, bold=True, plain=fitted(plain, room, 10, True))]
    if content.inside:
        held = ", ".join(f"{stats.count(number)} × {one}" for _, one, number in content.inside)
        texts.append(Text(fitted(held, room, 8.5), x + 10, middle + 7, 8.5, ink="soft"))
    return [
        Box(f"{content.id}/span", x, at + 1, 2, max(4.0, high - 3), "load", told),
        Box(f"{content.id}/note", 0, 0, 0, 0, "none", told, tuple(texts)),
    ]


def _power(cabinet: Cabinet, y: float, room: float) -> list[Item]:
    """The most that the rack draws as a bar in its feed; a bar that runs over is marked in words too."""
    if not cabinet.feed:
        return []
    load = cabinet.load or 0.0
    over = load > 1.0
    words = f"{cabinet.power or 'unknown power'} of {cabinet.feed} feed"
    words += f", {load:.0%} at most" if cabinet.load is not None else ""
    words += ": over its feed" if over else ""
    full = room - 4
    items: list[Item] = [Box(f"{cabinet.id}/feed", 2, y, full, 9, "bar", words)]
    if load > 0:
        items.append(Box(f"{cabinet.id}/load", 2, y, max(1.0, full * min(1.0, load)), 9, "over" if over else "load", words))
    text = Text(fitted(words, room, 9.5), 2, y + 20, 9.5, ink="cut" if over else "ink", bold=over)
    items.append(Box(f"{cabinet.id}/power", 0, 0, 0, 0, "none", words, (text,)))
    return items


def _apart(outside: tuple[Loose, ...], room: float) -> Block:
    """What stands in no rack, in words."""
    if not outside:
        return Block(0, 0, ())
    told = "\n".join(f"{stats.count(each.count)} × {each.title}" for each in outside)
    head = Text("in no rack:", 0, 8, 10, bold=True)
    texts = [head]
    for n, each in enumerate(outside[:6]):
        line = f"{stats.count(each.count)} × {one_line(each.title)} ({each.name})"
        plain = f"{stats.count(each.count)} × {each.name}"
        texts.append(Text(fitted(line, room - 80, 10), 66, 8 + 14 * n, 10, plain=plain))
    return Block(room, 14 * min(6, len(outside)) + 6, (Box("apart", 0, 0, 0, 0, "none", told, tuple(texts)),))
