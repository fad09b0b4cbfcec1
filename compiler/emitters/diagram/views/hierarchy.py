"""The hierarchy of a design: cards within cards, equal ones drawn once as a stack with their count."""

from collections.abc import Iterator
from math import fsum

from attrs import evolve

from compiler.emitters.diagram.lettering import fitted, one_line, width
from compiler.emitters.diagram.looks import KIND_LOOK, look_of
from compiler.emitters.diagram.packing import GAP, Packed, packed, stacked
from compiler.emitters.diagram.picture import Box, Item, Piece, Sheet, Text, moved
from compiler.emitters.diagram.views.page import STAT_GAP, column, page, stat_rows
from compiler.emitters.diagram.views.view import View
from compiler.report.brief import Stat, count
from compiler.report.levels import PartLevel, chip_chain
from compiler.report.portrait import Portrait

PAD = 12.0
STACK = 4.0
RATIO = 2.2
WIDEST = 270.0
NARROWEST = 180.0
FLAT, FLAT_TALL = 400.0, 92.0
"""Width from which on a single part has its figures side by side, and its height then."""
ROW = 15.0
LEGEND = {"chip": "accelerator", "switch": "switch", "cpu": "CPU", "nic": "NIC"}


def _hierarchy(portrait: Portrait) -> Sheet:
    """The containment of a design, with counts and the figures of each level."""
    root = portrait.level
    body = _card(root, 0)
    kinds = dict.fromkeys(each.kind for each in _walk(root))
    legend = [("even", "contains more")] if root.parts else []
    legend += [(KIND_LOOK[kind], word) for kind, word in LEGEND.items() if kind in kinds]
    remark = "a stack is one of many alike: × in each, and in all; ≥: something is not counted"
    return page(portrait, "hierarchy", body, legend, remark, _chain(root))


hierarchy = View("hierarchy", _hierarchy)


def _chain(root: PartLevel) -> str:
    """Product that counts the accelerators: `64 supernodes × 128 compute × 64 npus = 524,288 accelerators`."""
    most = chip_chain(root)
    factors = " × ".join(f"{count(each.count)} {each.slot}" for each in most if each.slot and each.count != 1)
    return f"{root.kind}: {factors} = {count(most[-1].total)} × {most[-1].name}" if factors else root.kind


def _tooltip(one: PartLevel) -> str:
    """Tooltip of a level: all facts about it, a line each."""
    head = f"{one.title} ({one.kind} {one.name})" if one.title != one.name else f"{one.kind} {one.name}"
    counted = f"{one.slot}: {count(one.count)} in each, {count(one.total)} in all" if one.slot else ""
    return "\n".join(filter(None, (head, counted, *(each.exact for each in one.stats))))


def _walk(root: PartLevel) -> Iterator[PartLevel]:
    yield root
    for part in root.parts:
        yield from _walk(part)


def _card(one: PartLevel, depth: int) -> Piece:
    """Card of a level, with a stack behind it when there are several."""
    return _container(one, depth) if one.parts else _leaf(one)


def _stretched(one: PartLevel, block: Piece, room: tuple[float, float]) -> Piece:
    """The card, grown to the room of its shelf."""
    if not one.parts:
        return _leaf(one, room)
    depth = _depth(one)
    grown: list[Item] = []
    for item in block.items:
        if isinstance(item, Box) and (item.id == one.id or item.id.startswith(f"{one.id}~")):
            item = _resized(item, room[0] - depth, room[1] - depth)
        grown.append(item)
    return Piece(room[0], room[1], tuple(grown))


def _resized(box: Box, wide: float, tall: float) -> Box:
    shift = wide - box.width
    texts = tuple(evolve(text, x=text.x + shift) if text.anchor == "end" else text for text in box.texts)
    return evolve(box, width=wide, height=tall, texts=texts)


def _depth(one: PartLevel) -> float:
    """Room that the stack behind a card takes, in points."""
    return STACK * 2 if one.count > 1 else 0.0


def _stack(one: PartLevel, look: str, wide: float, tall: float, texts: tuple[Text, ...]) -> tuple[Item, ...]:
    behind: tuple[Item, ...] = ()
    if one.count > 1:
        behind = tuple(Box(f"{one.id}~{n}", STACK * n, STACK * n, wide, tall, look) for n in (2, 1))
    return (*behind, Box(one.id, 0, 0, wide, tall, look, _tooltip(one), texts))


def _badge(one: PartLevel) -> tuple[str, str]:
    """Texts with the count per container, and the total where that differs."""
    if not one.slot:
        return "", ""
    each = f"× {count(one.count)}"
    return each, f"{count(one.total)} in all" if one.total != one.count else ""


def _heading(one: PartLevel, wide: float, size: float) -> tuple[Text, ...]:
    each, total = _badge(one)
    free = wide - 2 * PAD - (max(width(each, 13, True), width(total, 9)) + 14 if each else 0)
    name = one_line(one.title)
    under = f"{one.slot}: {one.kind}" if one.slot else one.kind
    texts = [
        Text(fitted(name, free, size, True), PAD, 17, size, bold=True, plain=fitted(one.name, free, size, True)),
        Text(fitted(under, free, 9), PAD, 33, 9, ink="soft"),
    ]
    if each:
        texts.append(Text(each, wide - PAD, 17, 13, "end", True))
    if total:
        texts.append(Text(total, wide - PAD, 33, 9, "end", ink="soft"))
    return tuple(texts)


def _heading_width(one: PartLevel, size: float) -> float:
    each, total = _badge(one)
    name = max(width(one_line(one.title), size, True), width(one.name, size, True), width(f"{one.slot}: {one.kind}", 9))
    badge = max(width(each, 13, True), width(total, 9)) + 14 if each else 0
    return 2 * PAD + name + badge


def _leaf(one: PartLevel, room: tuple[float, float] | None = None) -> Piece:
    """Card of a level without parts: figures line by line, in its natural size (None) or in the room given."""
    needed = max([0.0, *(width(s.label, 9.5) + width(s.value, 10, True) + 2 * PAD + 18 for s in one.stats)])
    wide = min(WIDEST, max(140.0, needed, _heading_width(one, 12)))
    tall = 46 + ROW * len(one.stats)
    if room is not None:
        wide, tall = room[0] - _depth(one), room[1] - _depth(one)
    if wide >= FLAT:
        rows, _ = stat_rows(one.stats, PAD, wide - PAD, 46)
    else:
        rows = tuple(
            text for number, each in enumerate(one.stats) for text in _stat_line(each, 50 + ROW * number, wide)
        )
    items = _stack(one, look_of(one.kind), wide, tall, (*_heading(one, wide, 12), *rows))
    return Piece(wide + _depth(one), tall + _depth(one), items)


def _stat_line(stat: Stat, y: float, wide: float) -> tuple[Text, Text]:
    label = Text(stat.label, PAD, y, 9.5, ink="soft")
    return label, Text(stat.value, wide - PAD, y, 10, "end", True)


def _container(one: PartLevel, depth: int) -> Piece:
    """Card of a level with parts: figures in a row, parts on shelves."""
    parts = sorted(one.parts, key=lambda part: not part.parts)  # what contains more comes first
    blocks = [_card(part, depth + 1) for part in parts]
    size = 14.0 if depth == 0 else 12.5
    columns = [column(stat) for stat in one.stats]
    natural = fsum(columns) + STAT_GAP * max(0, len(columns) - 1)
    least = min(max(_heading_width(one, size) - 2 * PAD, min(natural, 540.0)), 560.0)
    shelves = _shelved(parts, blocks, least)
    wide = shelves.width + 2 * PAD
    head = 46.0 if depth else 14.0
    rows, lines = stat_rows(one.stats, PAD, wide - PAD, head)
    top = head + 32.0 * lines + (4 if lines else 0)
    tall = top + shelves.height + PAD + (14 if one.left_out else 0)
    texts = (*_heading(one, wide, size), *rows) if depth else rows
    if one.left_out:
        texts += (Text(f"and {one.left_out} more kinds of part", PAD, tall - 14, 9, ink="soft"),)
    inside: list[Item] = []
    for part, block, (x, y), room in zip(parts, blocks, shelves.places, shelves.rooms, strict=True):
        inside += moved(_stretched(part, block, room).items, PAD + x, top + y)
    look = "even" if depth % 2 else "odd"
    return Piece(wide + _depth(one), tall + _depth(one), (*_stack(one, look, wide, tall, texts), *inside))


def _shelved(parts: list[PartLevel], blocks: list[Piece], least: float) -> Packed:
    """Arrangement of cards: those that contain parts above, single parts below in the same width."""
    sizes = [(block.width, block.height) for block in blocks]
    split = sum(1 for part in parts if part.parts)
    above = packed(sizes[:split], RATIO, GAP, least)
    if not split:
        return packed(sizes, RATIO, GAP, least)
    share = (above.width - GAP * (len(sizes) - split - 1)) / max(1, len(sizes) - split)
    below = [(min(wide, max(share, NARROWEST)), tall if share < FLAT else FLAT_TALL) for wide, tall in sizes[split:]]
    return stacked(above, packed(below, 20.0, GAP, above.width, above.width))
