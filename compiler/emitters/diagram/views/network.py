"""Who is linked to whom: a panel for each network, its tiers or its grid, what each bundle carries, the bisection cut."""

from compiler.emitters.diagram import stats
from compiler.emitters.diagram.lattice import lattice
from compiler.emitters.diagram.lettering import fitted, one_line, width, wrapped
from compiler.emitters.diagram.looks import look_of
from compiler.emitters.diagram.packing import packed
from compiler.emitters.diagram.page import page, stat_rows
from compiler.emitters.diagram.picture import Block, Box, Item, Sheet, Text, moved
from compiler.emitters.diagram.stats import Stat
from compiler.emitters.diagram.strata import cut_tooltip, strata
from compiler.emitters.diagram.tiers import Panel, between, panels
from compiler.emitters.diagram.view import View
from compiler.ir.cluster import Design

PAD = 14.0
RATIO = 1.9
SLACK = 0.84
"""What is left free on a full line for fonts wider than ours."""
MOST = 9
LEGEND = {"chip": "accelerator", "switch": "switch", "cpu": "CPU", "nic": "NIC", "node": "node"}


def _network(design: Design) -> Sheet:
    """Tiers, planes, links and their bandwidth, oversubscription, and the bisection cut of every network."""
    found = panels(design)
    shown = found[:MOST]
    blocks = [_block(panel) for panel in shown] or [_nothing(design)]
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
    return page(design, "network", Block(shelves.width, shelves.height, tuple(items)), legend, remark)


network = View("network", _network)


def _nothing(design: Design) -> Block:
    texts = (
        Text("This design has no network.", PAD, 26, 13, bold=True),
        Text("Say who is linked to whom, and it is drawn here:", PAD, 48, 10, ink="soft"),
        Text("network fabric { connect chips to switches with 1 of Link }", PAD, 66, 10),
    )
    return Block(
        max(520.0, width(texts[2].text, 10) + 2 * PAD), 120, (Box("note", 0, 0, 0, 0, "none", design.root.name, texts),)
    )


def _block(panel: Panel) -> Block:
    """A panel: name, figures, drawing, and how the bisection is known."""
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
    return Block(wide, below + 12 * len(foot) + 10, items)


def _heading(panel: Panel, wide: float) -> tuple[Text, ...]:
    many = f"× {stats.count(panel.count)}" if panel.count > 1 else ""
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
    cut = panel.cut
    is_known = cut.lower is not None and cut.upper is not None
    bisection = between(cut.lower or 0.0, cut.upper or 0.0) if is_known else "not certified"
    switches = sum(tier.count for tier in panel.tiers if tier.kind == "switch")
    rows = [
        Stat("endpoints", stats.count(panel.endpoints), ""),
        Stat("switches", stats.count(switches), "") if switches else None,
        Stat("links", stats.count(sum(bundle.links for bundle in panel.bundles)), ""),
        Stat("injection", panel.injection, ""),
        Stat("per endpoint", panel.each, ""),
        Stat("oversubscription", f"{panel.oversubscription:.3g} : 1", ""),
        Stat("bisection", bisection, ""),
    ]
    return tuple(row for row in rows if row is not None)


def _certificate(panel: Panel) -> str:
    """How the bisection is known, or why it is not."""
    cut = panel.cut
    if cut.lower is None and cut.upper is None:
        return f"No bisection is certified: {cut.reason}"
    low = cut.lower if cut.lower is not None else 0.0
    high = cut.upper if cut.upper is not None else low
    known = "exact" if cut.status == "exact" else "certified bounds"
    reason = f" {cut.reason}." if cut.reason else ""
    return (
        f"Bisection {between(low, high)} one direction ({between(2 * low, 2 * high)} counting both), {known}: "
        f"{cut.method}.{reason}"
    )
