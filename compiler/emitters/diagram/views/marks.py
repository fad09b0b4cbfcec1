"""Marks of networks drawn as rows or as grids: capacity of a bundle of links, line of the bisection cut."""

from compiler.emitters.diagram.lettering import fitted, width
from compiler.emitters.diagram.picture import Box, Item, Line, Point, Text
from compiler.report.brief import between, count, rate
from compiler.report.panels import Panel
from compiler.report.tiers import Bundle

LEFT = 160.0
MIDDLE = 300.0
RIGHT = 190.0
"""Width of the columns of a panel in points: words about its rows, drawing, words about its links."""


def bundle_tooltip(bundle: Bundle) -> str:
    """Tooltip with the exact figures of a bundle of links."""
    medium = f", {bundle.medium}" if bundle.medium else ""
    text = (
        f"{count(bundle.links)} links {bundle.link}{medium}, {rate(bundle.rate, bundle.unit)} each, "
        f"{rate(bundle.capacity)} together, one direction"
    )
    return text + (f"\noversubscription here {bundle.ratio:.4g} : 1" if bundle.ratio is not None else "")


def capacity_note(id: str, bundle: Bundle, x: float, y: float) -> Box:
    """Words with links, rate and capacity of a bundle, in three lines."""
    room = RIGHT - 16
    medium = f", {bundle.medium}" if bundle.medium else ""
    texts = [
        Text(
            fitted(f"{count(bundle.links)} × {rate(bundle.rate, bundle.unit)}", room, 11, True),
            x,
            y,
            11,
            bold=True,
        ),
        Text(fitted(f"= {rate(bundle.capacity)}, {bundle.link}{medium}", room, 9), x, y + 13, 9, ink="soft"),
    ]
    if bundle.ratio is not None:
        texts.append(Text(f"oversubscription {bundle.ratio:.3g} : 1", x, y + 25, 9, ink="soft"))
    return Box(id, 0, 0, 0, 0, "none", bundle_tooltip(bundle), tuple(texts))


def cut_line(panel: Panel, x: float, top: float, bottom: float, jogs: list[tuple[float, float]]) -> list[Item]:
    """Dashed line of the cut, with its capacity above and the sizes of its sides below."""
    label = cut_label(panel)
    wide = width(label, 10, True) + 28
    told = cut_tooltip(panel)
    start = x
    points: list[Point] = [(x, top + 18)]
    for y, aside in sorted(jogs):
        if y - 44 < top:
            start, points = x + aside, [(x + aside, top + 18)]
        else:
            points += [(x, y - 22), (x + aside, y - 16)]
        points += [(x + aside, y + 16), (x, y + 22)]
    points.append((x, bottom - 18))
    a, b = panel.sides
    sides = f"A: {a:,}", f"B: {b:,}"
    head, foot = f"{panel.id}/cut", f"{panel.id}/sides"
    return [
        Box(
            head,
            start - wide / 2,
            top,
            wide,
            18,
            "side",
            told,
            (Text(label, start, top + 9, 10, "middle", True, "cut"),),
        ),
        Box(
            foot,
            x - 2,
            bottom - 18,
            4,
            14,
            "anchor",
            told,
            (
                Text(f"side {sides[0]} endpoints", x - 8, bottom - 9, 9, "end", ink="cut"),
                Text(f"side {sides[1]} endpoints", x + 8, bottom - 9, 9, ink="cut"),
            ),
        ),
        Line(head, foot, tuple(points), "cut", told),
    ]


def cut_label(panel: Panel) -> str:
    """Label of the bisection."""
    found = panel.bisection
    assert found.upper is not None
    if found.status == "exact":
        return f"cut {rate(found.upper)}, exact"
    if found.lower is None:
        return f"cut at most {rate(found.upper)}"
    return f"cut {between(found.lower, found.upper)}, bounds"


def cut_tooltip(panel: Panel) -> str:
    """Tooltip with all facts about the bisection of a panel, a line each."""
    found = panel.bisection
    ends = [f"bisection, one direction: {found.status}"]
    if found.lower is not None:
        ends.append(f"at least {found.lower:.9g} B/s")
    if found.upper is not None:
        ends.append(f"at most {found.upper:.9g} B/s")
    rows = panel.cut.crossing if panel.cut is not None else ()
    crossing = [f"{row.count or 0:,} {row.links} cross, {rate(row.capacity)}" for row in rows]
    return "\n".join(filter(None, (*ends, found.method, found.reason, *crossing)))
