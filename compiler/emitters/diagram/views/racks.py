"""Racks of a design: the row, and the front of each different rack with its contents and power against its feed."""

from compiler.emitters.diagram.lettering import fitted, one_line, width
from compiler.emitters.diagram.looks import KIND_LOOK
from compiler.emitters.diagram.packing import packed
from compiler.emitters.diagram.picture import Box, Item, Piece, Sheet, Text, moved
from compiler.emitters.diagram.views.page import page, stat_rows
from compiler.emitters.diagram.views.rack_front import FRAME, NOTES, RACK, contents, inner_height
from compiler.emitters.diagram.views.view import View
from compiler.report.brief import count
from compiler.report.cabinets import Cabinet, Content, Loose
from compiler.report.portrait import Portrait

PAD = 14.0
STACK = 4.0
RATIO = 2.0
MOST = 8
ICON = (13.0, 24.0)
MOST_ICONS = 12
LEGEND = {"chip": "A accelerator", "switch": "S switch", "cpu": "C CPU", "nic": "N NIC"}


def _racks(portrait: Portrait) -> Sheet:
    """The racks of a design: contents of each, their number, power against feed."""
    found, outside = portrait.cabinets, portrait.loose
    if not found:
        return page(portrait, "racks", _none(portrait, outside), ())
    shown = found[:MOST]
    tall = max(inner_height(cabinet) for cabinet in shown)
    blocks = [_block(cabinet, str(n + 1), tall) for n, cabinet in enumerate(shown)]
    shelves = packed([(block.width, block.height) for block in blocks], RATIO)
    items: list[Item] = []
    strip = _strip(shown) if sum(each.total for each in found) > 1 else Piece(0, 0, ())
    items += strip.items
    for block, (x, y) in zip(blocks, shelves.places, strict=True):
        items += moved(block.items, x, y + strip.height)
    apart = _apart(outside, max(shelves.width, strip.width))
    items += moved(apart.items, 0, strip.height + shelves.height + 10)
    body = Piece(max(shelves.width, strip.width), strip.height + shelves.height + 10 + apart.height, tuple(items))
    kinds = {kind for each in shown for content in each.contents for kind in _kinds(content)}
    legend = [(f"small {KIND_LOOK[kind]}", word) for kind, word in LEGEND.items() if kind in kinds]
    more = f"{len(found) - MOST} more kinds of rack are not drawn; " if len(found) > MOST else ""
    by_height = all(each.has_heights for each in shown)
    remark = more + ("drawn by height" if by_height else "in the order of the text; heights are not stated for all")
    return page(portrait, "racks", body, legend, remark)


racks = View("racks", _racks)


def _kinds(content: Content) -> tuple[str, ...]:
    return (content.kind, *(kind for kind, _, _ in content.inside))


def _none(portrait: Portrait, outside: tuple[Loose, ...]) -> Piece:
    """Message for a design without racks, with the parts that could go into some."""
    node = next((each for each in outside if each.kind == "node"), None)
    what = node.name.rpartition(".")[2] if node else "nodes"
    example = (
        "rack Cabinet { nodes = 4 of DGXH100 }"
        if portrait.kind != "node"
        else f"rack Cabinet {{ nodes = 4 of {portrait.name} }}"
    )
    lines = [
        Text("There are no racks in this design yet.", PAD, 26, 14, bold=True),
        Text(
            "Put parts into a rack and this view draws it from the front, with its power against its feed:", PAD, 50, 10
        ),
        Text(fitted(example, 460, 10), PAD + 10, 70, 10, bold=True),
        Text(
            f"What it has, {what} first, is in the hierarchy view."
            if node
            else "What it has is in the hierarchy view.",
            PAD,
            92,
            10,
            ink="soft",
        ),
    ]
    return Piece(520, 130, (Box("note", 0, 0, 520, 130, "note", portrait.name, tuple(lines)),))


def _strip(shown: tuple[Cabinet, ...]) -> Piece:
    """Row of racks as in the hall, folded: a number with the count of each kind."""
    items: list[Item] = []
    left = 0.0
    for n, cabinet in enumerate(shown):
        drawn = int(min(cabinet.total, MOST_ICONS))
        for k in range(drawn):
            text = Text(str(n + 1), left + ICON[0] / 2, ICON[1] / 2, 8, "middle", True)
            items.append(Box(f"row.{n + 1}.{k}", left, 0, *ICON, "bar", _told(cabinet), (text,)))
            left += ICON[0] + 2
        said = f"… × {count(cabinet.total)}" if cabinet.total > drawn else f"× {count(cabinet.total)}"
        items.append(
            Box(f"row.{n + 1}", 0, 0, 0, 0, "none", _told(cabinet), (Text(said, left + 4, 12, 10, bold=True),))
        )
        left += width(said, 10, True) + 26
    return Piece(left, ICON[1] + 18, tuple(items))


def _told(cabinet: Cabinet) -> str:
    held = [f"{count(content.count)} × {content.title}" for content in cabinet.contents]
    figures = [each.exact for each in cabinet.stats]
    return "\n".join([f"{cabinet.title} (rack {cabinet.name}), {count(cabinet.total)} in all", *held, *figures])


def _block(cabinet: Cabinet, number: str, tall: float) -> Piece:
    """Block of a rack: its front, its name above, notes beside it, figures and power below."""
    wide = RACK + NOTES
    many = f"× {count(cabinet.total)}"
    free = wide - 24 - width(many, 13, True) - 14
    title = one_line(cabinet.title)
    head = (
        Text(number, 4, 9, 13, bold=True, ink="soft"),
        Text(fitted(title, free, 13, True), 22, 9, 13, bold=True, plain=fitted(cabinet.name, free, 13, True)),
        Text(many, wide - 6, 9, 13, "end", True),
    )
    top = 26.0
    inner = inner_height(cabinet)
    frame = (RACK, (tall if not cabinet.has_heights else inner) + 2 * FRAME)
    down = top + tall + 2 * FRAME - frame[1]
    items: list[Item] = [Box(f"{cabinet.id}/head", 0, 0, 0, 0, "none", _told(cabinet), head)]
    if cabinet.total > 1:
        items += [Box(f"{cabinet.id}~{n}", STACK * n, down - STACK * n, *frame, "bar") for n in (2, 1)]
    items.append(Box(cabinet.id, 0, down, *frame, "frame", _told(cabinet)))
    items += contents(cabinet, down + FRAME, tall)
    if cabinet.has_heights:
        items.append(_free(cabinet, down + frame[1]))
    below = top + tall + 2 * FRAME + 12
    rows, lines = stat_rows(cabinet.stats, 2, wide - 6, below)
    items.append(Box(f"{cabinet.id}/figures", 0, 0, 0, 0, "none", _told(cabinet), rows))
    below += 32 * lines + 8
    items += _power(cabinet, below, wide - 16)
    return Piece(wide, below + (34 if cabinet.feed else 6), tuple(items))


def _free(cabinet: Cabinet, bottom: float) -> Box:
    """Words at the foot of a rack with the height that is taken."""
    assert cabinet.units is not None
    text = f"{cabinet.taken:.4g} of {cabinet.units:.4g} U taken"
    return Box(f"{cabinet.id}/free", 0, 0, 0, 0, "none", text, (Text(text, RACK + 22, bottom - 8, 8.5, ink="soft"),))


def _power(cabinet: Cabinet, y: float, room: float) -> list[Item]:
    """Bar of the most that a rack draws, against its feed; an overload is marked in words too."""
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
        items.append(
            Box(f"{cabinet.id}/load", 2, y, max(1.0, full * min(1.0, load)), 9, "over" if over else "load", words)
        )
    text = Text(fitted(words, room, 9.5), 2, y + 20, 9.5, ink="cut" if over else "ink", bold=over)
    items.append(Box(f"{cabinet.id}/power", 0, 0, 0, 0, "none", words, (text,)))
    return items


def _apart(outside: tuple[Loose, ...], room: float) -> Piece:
    """Words about the parts that stand in no rack."""
    if not outside:
        return Piece(0, 0, ())
    told = "\n".join(f"{count(each.count)} × {each.title}" for each in outside)
    head = Text("in no rack:", 0, 8, 10, bold=True)
    texts = [head]
    for n, each in enumerate(outside[:6]):
        line = f"{count(each.count)} × {one_line(each.title)} ({each.name})"
        plain = f"{count(each.count)} × {each.name}"
        texts.append(Text(fitted(line, room - 80, 10), 66, 8 + 14 * n, 10, plain=plain))
    return Piece(room, 14 * min(6, len(outside)) + 6, (Box("apart", 0, 0, 0, 0, "none", told, tuple(texts)),))
