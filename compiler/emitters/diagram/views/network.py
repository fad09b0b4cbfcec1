"""The networks of a design: a panel for each, its tiers or its grid, the capacity of each bundle, the bisection cut."""

from compiler.emitters.diagram.lettering import fitted, one_line, width, wrapped
from compiler.emitters.diagram.looks import look_of
from compiler.emitters.diagram.packing import packed
from compiler.emitters.diagram.picture import Box, Item, Piece, Sheet, Text, moved
from compiler.emitters.diagram.views.lattice import lattice
from compiler.emitters.diagram.views.marks import cut_tooltip
from compiler.emitters.diagram.views.page import page, stat_rows
from compiler.emitters.diagram.views.strata import strata
from compiler.emitters.diagram.views.view import View
from compiler.report.brief import Stat, between, count
from compiler.report.panels import Panel
from compiler.report.portrait import Portrait

PAD = 14.0
RATIO = 1.9
SLACK = 0.84
"""Share of a line that is filled with words; the rest is for fonts that are wider than ours."""
MOST = 9
LEGEND = {"chip": "accelerator", "switch": "switch", "cpu": "CPU", "nic": "NIC", "node": "node"}


def _network(portrait: Portrait) -> Sheet:
    """Tiers, planes, links and their bandwidth, oversubscription, and the bisection cut of every network."""
    found = portrait.panels
    shown = found[:MOST]
    blocks = [_block(panel) for panel in shown] or [_nothing(portrait)]
    shelves = packed([(block.width, block.height) for block in blocks], RATIO)
    items: list[Item] = []
    for panel, block, (x, y), room in zip(shown or (None,), blocks, shelves.places, shelves.rooms, strict=True):
        frame = Box(f"{panel.id}/frame" if panel else "note/frame", x, y, *room, "panel" if panel else "note")
        items += [frame, *moved(block.items, x + (room[0] - block.width) / 2, y)]
    kinds = dict.fromkeys(tier.kind for panel in shown for tier in panel.tiers)
    legend = [(look_of(kind), word) for kind, word in LEGEND.items() if kind in kinds]
    more = f"; {len(found) - MOST} more networks are not drawn" if len(found) > MOST else ""
    remark = (
        f"bandwidth is one direction; … stands for the rest of a row; dashed red line: the bisection{more}"
        if found
        else ""
    )
    return page(portrait, "network", Piece(shelves.width, shelves.height, tuple(items)), legend, remark)


network = View("network", _network)


def _nothing(portrait: Portrait) -> Piece:
    texts = (
        Text("This design has no network.", PAD, 26, 13, bold=True),
        Text("Say who is linked to whom, and it is drawn here:", PAD, 48, 10, ink="soft"),
        Text("network fabric { connect chips to switches with 1 of Link }", PAD, 66, 10),
    )
    return Piece(
        max(520.0, width(texts[2].text, 10) + 2 * PAD), 120, (Box("note", 0, 0, 0, 0, "none", portrait.name, texts),)
    )


def _block(panel: Panel) -> Piece:
    """Block of a panel: name, figures, drawing, and the proof of its bisection."""
    drawing = lattice(panel) if panel.axes else strata(panel)
    wide = drawing.width + 2 * PAD
    rows, lines = stat_rows(_figures(panel), PAD, wide - PAD, 46)
    top = 46 + 32.0 * lines + 10
    foot = wrapped(_certificate(panel), (wide - 2 * PAD) * SLACK, 9)
    below = top + drawing.height + 8
    notes = tuple(Text(line, PAD, below + 8 + 12 * n, 9, ink="soft") for n, line in enumerate(foot))
    told = f"{panel.name}: {panel.role} {panel.protocol} {panel.title}".rstrip(": ")
    items: tuple[Item, ...] = (
        Box(f"{panel.id}/head", 0, 0, 0, 0, "none", told, (*_heading(panel, wide), *rows)),
        *moved(drawing.items, PAD, top),
        Box(f"{panel.id}/certificate", 0, 0, 0, 0, "none", cut_tooltip(panel), notes),
    )
    return Piece(wide, below + 12 * len(foot) + 10, items)


def _heading(panel: Panel, wide: float) -> tuple[Text, ...]:
    many = f"× {count(panel.count)}" if panel.count > 1 else ""
    where = fitted(f"one in each {one_line(panel.owner)}", 220, 9) if many else ""
    free = wide - 2 * PAD - max(width(many, 13, True), width(where, 9)) - 14
    under = ", ".join(filter(None, (panel.role, panel.protocol, panel.family)))
    title = one_line(panel.title) or panel.name
    texts = [
        Text(fitted(title, free, 14, True), PAD, 18, 14, bold=True, plain=fitted(panel.name, free, 14, True)),
        Text(fitted(under, free, 9.5), PAD, 35, 9.5, ink="soft", plain=panel.role),
    ]
    if many:
        texts.append(Text(many, wide - PAD, 18, 13, "end", True))
        texts.append(Text(where, wide - PAD, 35, 9, "end", ink="soft", plain="in each"))
    return tuple(texts)


def _figures(panel: Panel) -> tuple[Stat, ...]:
    found = panel.bisection
    is_known = found.lower is not None and found.upper is not None
    bisection = between(found.lower or 0.0, found.upper or 0.0) if is_known else "not certified"
    rows = [
        Stat("endpoints", count(panel.endpoints), ""),
        Stat("switches", count(panel.switches), "") if panel.switches else None,
        Stat("links", count(panel.links), ""),
        Stat("injection", panel.injection, "") if panel.injection else None,
        Stat("per endpoint", panel.each, "") if panel.each else None,
        None if panel.oversubscription is None else Stat("oversubscription", f"{panel.oversubscription:.3g} : 1", ""),
        Stat("bisection", bisection, ""),
    ]
    return tuple(row for row in rows if row is not None)


def _certificate(panel: Panel) -> str:
    """Text of the proof of the bisection, or of the reason why there is none."""
    found = panel.bisection
    if found.lower is None and found.upper is None:
        return f"No bisection is certified: {found.reason}"
    low = found.lower if found.lower is not None else 0.0
    high = found.upper if found.upper is not None else low
    known = "exact" if found.status == "exact" else "certified bounds"
    reason = f" {found.reason}." if found.reason else ""
    return (
        f"Bisection {between(low, high)} one direction ({between(2 * low, 2 * high)} counting both), {known}: "
        f"{found.method}.{reason}"
    )
