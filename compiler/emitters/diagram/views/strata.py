"""Network drawn as rows: endpoints below, switches above, a few boxes for thousands, links fanned between them."""

from math import fsum

from attrs import frozen

from compiler.emitters.diagram.lettering import fitted
from compiler.emitters.diagram.looks import look_of
from compiler.emitters.diagram.picture import Box, Item, Line, Piece, Point, Text
from compiler.emitters.diagram.views.marks import LEFT, MIDDLE, RIGHT, bundle_tooltip, capacity_note, cut_line
from compiler.report.brief import count
from compiler.report.panels import Panel
from compiler.report.tiers import OUTSIDE, Bundle, PanelTier

PITCH = 92.0
TALL = 24.0
GAP = 46.0
ALL_SHOWN = 8
HALF_SHOWN = 3
STACK = 3.0


@frozen
class TierBoxes:
    """Boxes of a tier: x of their middles on side A and on side B, and the width of each, in points."""

    tier: PanelTier
    y: float
    xs: tuple[float, ...]
    wide: float

    def id(self, panel: Panel, number: int) -> str:
        """Id of one of the boxes."""
        return f"{panel.id}/{self.tier.id}.{number}"


def strata(panel: Panel) -> Piece:
    """Drawing of the rows of a network, the links between them with capacities, and the cut when one is known."""
    top = max((tier.rank for tier in panel.tiers), default=0)
    rows = tuple(row for rank in range(top + 1) for row in _rows(panel, rank, top))
    height = _head(panel) + top * PITCH + TALL + 8 + (26 if panel.is_cut else 0)
    items: list[Item] = []
    for row in rows:
        items += _boxes(panel, row)
        items += _names(panel, row, rows)
    for bundle in panel.bundles:
        items += _links(panel, bundle, rows)
    items += _capacities(panel, rows)
    if panel.is_cut:
        items += cut_line(panel, LEFT + MIDDLE / 2, 0.0, height, _jogs(rows))
    return Piece(LEFT + MIDDLE + RIGHT, height, tuple(items))


def _rows(panel: Panel, rank: int, top: int) -> list[TierBoxes]:
    """Boxes of the tiers of a rank, side by side on both halves, so that a cut in the middle divides each tier."""
    tiers = [tier for tier in panel.tiers if tier.rank == rank]
    y = _head(panel) + (top - rank) * PITCH + TALL / 2
    shares = [_samples(tier) for tier in tiers]
    most = fsum(left for left, _ in shares)
    pitch = (MIDDLE / 2 - GAP / 2) / max(1, most)
    wide = min(44.0, pitch - 8)
    centre = LEFT + MIDDLE / 2
    rows, before = [], 0
    for tier, (left, right) in zip(tiers, shares, strict=True):
        if most == 1 and right == 0:
            xs: tuple[float, ...] = (centre,)
            wide = 150.0 if tier.id == OUTSIDE else 70.0
        elif left > right and most == left:
            step = MIDDLE / (left + right)
            wide = min(44.0, step - 8)
            xs = tuple(LEFT + step * (i + 0.5) for i in range(left + right))
        else:
            offsets = [GAP / 2 + pitch * (most - before - left + i + 0.5) for i in range(left)]
            xs = tuple(centre - offset for offset in reversed(offsets))
            xs += tuple(centre + offset for offset in offsets[:right])
        rows.append(TierBoxes(tier, y, xs, wide))
        before += left
    return rows


def _head(panel: Panel) -> float:
    """Room above the uppermost row in points: for the capacity of the cut, and for arcs within that row."""
    ranks = {tier.id: tier.rank for tier in panel.tiers}
    top = max(ranks.values(), default=0)
    arcs = any(bundle.lower == bundle.upper and ranks[bundle.lower] == top for bundle in panel.bundles)
    return 6.0 + (22.0 if panel.bisection.upper is not None else 0.0) + (36.0 if arcs else 0.0)


def _samples(tier: PanelTier) -> tuple[int, int]:
    """Numbers of boxes that stand for a tier on either side."""
    number = int(tier.in_plane)
    if tier.id == OUTSIDE:
        return 1, 0
    if number <= ALL_SHOWN:
        return (number + 1) // 2, number // 2
    return HALF_SHOWN, HALF_SHOWN


def _is_sampled(tier: PanelTier) -> bool:
    return tier.id != OUTSIDE and tier.in_plane > ALL_SHOWN


def _boxes(panel: Panel, row: TierBoxes) -> list[Item]:
    look = "outside" if row.tier.id == OUTSIDE else look_of(row.tier.kind)
    told = _tooltip(row.tier)
    items: list[Item] = []
    for number, x in enumerate(row.xs):
        place = (x - row.wide / 2, row.y - TALL / 2, row.wide, TALL)
        if row.tier.planes > 1:
            for n in (2, 1):
                items.append(
                    Box(f"{row.id(panel, number)}~{n}", place[0] + STACK * n, place[1] - STACK * n, *place[2:], look)
                )
        texts: tuple[Text, ...] = ()
        if row.tier.id == OUTSIDE:
            texts = (Text(row.tier.name, x, row.y, 9.5, "middle"),)
        elif len([tier for tier in panel.tiers if tier.rank == row.tier.rank]) > 1:
            texts = (Text(fitted(row.tier.name, row.wide - 4, 8), x, row.y, 8, "middle"),)
        items.append(Box(row.id(panel, number), *place, look, told, texts))
    if _is_sampled(row.tier):
        for number in (0, 1):
            dots = LEFT + MIDDLE / 2 + (12 if number else -12)
            items.append(
                Box(
                    f"{row.id(panel, 0)}.more{number}",
                    0,
                    0,
                    0,
                    0,
                    "none",
                    told,
                    (Text("…", dots, row.y, 11, "middle"),),
                )
            )
    return items


def _tooltip(tier: PanelTier) -> str:
    if tier.id == OUTSIDE:
        return "links that leave the design"
    planes = f", {tier.planes} {tier.plane_word or 'plane'}s of {count(tier.in_plane)}" if tier.planes > 1 else ""
    return f"{tier.name}: {count(tier.count)} × {tier.title} ({tier.kind}){planes}"


def _names(panel: Panel, row: TierBoxes, rows: tuple[TierBoxes, ...]) -> list[Item]:
    """Names to the left of a row; those of tiers of one rank are stacked."""
    if row.tier.id == OUTSIDE:
        return []
    same = [other for other in rows if other.tier.rank == row.tier.rank]
    place = same.index(row)
    lines = 3 if row.tier.planes > 1 else 2
    y = row.y - 7 + (place - (len(same) - 1) / 2) * 28 - (lines - 2) * 6
    room = LEFT - 22
    head = f"{row.tier.name} × {count(row.tier.count)}"
    texts = [
        Text(fitted(head, room, 11, True), 0, y, 11, bold=True),
        Text(fitted(row.tier.title, room, 9), 0, y + 13, 9, ink="soft", plain=fitted(row.tier.name, room, 9)),
    ]
    if row.tier.planes > 1:
        word = f"{row.tier.planes} {row.tier.plane_word or 'plane'}s of {count(row.tier.in_plane)}"
        texts.append(Text(fitted(word, room, 9), 0, y + 25, 9, ink="soft"))
    return [Box(f"{panel.id}/{row.tier.id}.name", 0, 0, 0, 0, "none", _tooltip(row.tier), tuple(texts))]


def _links(panel: Panel, bundle: Bundle, rows: tuple[TierBoxes, ...]) -> list[Item]:
    found = {row.tier.id: row for row in rows}
    lower, upper = found[bundle.lower], found[bundle.upper]
    told = bundle_tooltip(bundle)
    if lower is upper:
        return _within(panel, lower, told)
    top = max(row.tier.rank for row in rows)
    look = "out" if upper.tier.id == OUTSIDE else "link"
    items: list[Item] = []
    for i, j in _pairs(lower, upper, bundle.fan, top):
        ends = ((lower.xs[i], lower.y - TALL / 2), (upper.xs[j], upper.y + TALL / 2))
        items.append(Line(lower.id(panel, i), upper.id(panel, j), ends, look, told))
    return items


def _pairs(lower: TierBoxes, upper: TierBoxes, fan: float, top: int) -> list[tuple[int, int]]:
    """Pairs of boxes that are drawn linked: each with one, each with all of its half, or each with each."""
    ones, others = range(len(lower.xs)), range(len(upper.xs))
    each = fan / upper.tier.planes
    if not ones or not others:
        return []
    if upper.tier.id == OUTSIDE or len(others) == 1:
        return [(i, 0) for i in ones]
    if each <= 1 and len(ones) < len(others):
        return [(j * len(ones) // len(others), j) for j in others]
    if each <= 1:
        return [(i, min(len(others) - 1, i * len(others) // len(lower.xs))) for i in ones]
    if each < upper.tier.in_plane and upper.tier.rank < top:
        return [(i, j) for i in ones for j in others if 2 * i // len(lower.xs) == 2 * j // len(others)]
    return [(i, j) for i in ones for j in others]


def _within(panel: Panel, row: TierBoxes, told: str) -> list[Item]:
    """Links within a row: lines to neighbours, and arcs above to the farther ones."""
    items: list[Item] = []
    y = row.y - TALL / 2
    for i, a in enumerate(row.xs):
        for j in range(i + 1, len(row.xs)):
            b = row.xs[j]
            lift = 10 + 6 * (j - i)
            curve: tuple[Point, ...] = ((a, y), (a + (b - a) * 0.15, y - lift), (b - (b - a) * 0.15, y - lift), (b, y))
            items.append(Line(row.id(panel, i), row.id(panel, j), curve, "link", told, True))
    return items


def _capacities(panel: Panel, rows: tuple[TierBoxes, ...]) -> list[Item]:
    """Capacities of the bundles, to the right of them."""
    found = {row.tier.id: row for row in rows}
    levels: dict[float, list[Bundle]] = {}
    for bundle in panel.bundles:
        lower, upper = found[bundle.lower], found[bundle.upper]
        levels.setdefault((lower.y + upper.y) / 2, []).append(bundle)
    items: list[Item] = []
    for y, bundles in sorted(levels.items()):
        for number, bundle in enumerate(bundles[:3]):
            at = y + (number - (min(3, len(bundles)) - 1) / 2) * 42 - 12
            items.append(capacity_note(f"{panel.id}/links.{y:g}.{number}", bundle, LEFT + MIDDLE + 16, at))
    return items


def _jogs(rows: tuple[TierBoxes, ...]) -> list[tuple[float, float]]:
    """Places (x, y) where the cut steps aside, to the right of a box in the middle of its row."""
    centre = LEFT + MIDDLE / 2
    return [
        (row.y, row.wide / 2 + 8)
        for row in rows
        if any(abs(x - centre) < row.wide / 2 + 1 for x in row.xs) and row.tier.id != OUTSIDE
    ]
