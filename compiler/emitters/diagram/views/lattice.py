"""A network drawn as a grid: torus, mesh, full mesh along axes; three axes seen from an angle, the rest in words."""

from compiler.emitters.diagram.lettering import fitted
from compiler.emitters.diagram.looks import look_of
from compiler.emitters.diagram.picture import Box, Item, Line, Piece, Point, Text
from compiler.emitters.diagram.views.marks import LEFT, MIDDLE, RIGHT, capacity_note, cut_line
from compiler.report.brief import count
from compiler.report.panels import GridAxis, Panel

DOT = 11.0
COLUMN = 46.0
ROW = 44.0
DEEP = (16.0, -14.0)
SHOWN = (6, 4, 3)
GAP = 22.0
SAID = {"ring": "ring", "path": "path", "clique": "full mesh"}


def lattice(panel: Panel) -> Piece:
    """Drawing of a grid, its longest axis across and cut in the middle."""
    axes = sorted(panel.axes, key=lambda axis: -axis.size)
    shape = [min(axis.size, most) for axis, most in zip(axes, SHOWN, strict=False)]
    columns, rows, layers = (*shape, 1, 1, 1)[:3]
    wide = (columns - 1) * COLUMN + GAP + (layers - 1) * DEEP[0]
    left = LEFT + (MIDDLE - wide) / 2
    top = 44.0 + (16.0 if axes[0].kind == "clique" else 0.0) - (layers - 1) * DEEP[1]
    places = {
        (i, j, k): (
            left + i * COLUMN + (GAP if i >= columns / 2 else 0) + k * DEEP[0],
            top + j * ROW + k * DEEP[1],
        )
        for i in range(columns)
        for j in range(rows)
        for k in range(layers)
    }
    bottom = top + (rows - 1) * ROW + 22
    height = max(bottom + (24 if panel.is_cut else 6), 130.0)
    items = [*_vertices(panel, places), *_edges(panel, places, axes, (columns, rows, layers))]
    items += _words(panel, axes)
    if panel.is_cut:
        x = left + (columns - 1) / 2 * COLUMN + GAP / 2 + (layers - 1) * DEEP[0] / 2
        if columns % 2:
            x += COLUMN / 2
        items += cut_line(panel, x, 0.0, height, [])
    return Piece(LEFT + MIDDLE + RIGHT, height, tuple(items))


Places = dict[tuple[int, int, int], Point]


def _id(panel: Panel, at: tuple[int, int, int]) -> str:
    return f"{panel.id}/at.{at[0]}.{at[1]}.{at[2]}"


def _vertices(panel: Panel, places: Places) -> list[Item]:
    """Vertices, the farthest layer first."""
    kind = "switch" if panel.on_router else next((t.kind for t in panel.tiers if t.rank == 0), "chip")
    told = f"{panel.family}, {count(panel.endpoints)} endpoints"
    ordered = sorted(places.items(), key=lambda item: -item[0][2])
    return [Box(_id(panel, at), x - DOT / 2, y - DOT / 2, DOT, DOT, look_of(kind), told) for at, (x, y) in ordered]


def _edges(panel: Panel, places: Places, axes: list[GridAxis], shape: tuple[int, int, int]) -> list[Item]:
    items: list[Item] = []
    for along, axis in enumerate(axes[:3]):
        told = f"{SAID[axis.kind]} of {axis.size}"
        for at in sorted(places):
            if along != 2 and at[2] > 0:
                continue
            if at[along] + 1 < shape[along]:
                items.append(_edge(panel, places, at, _next(at, along), told))
            if axis.kind == "ring" and along != 2 and axis.size > 2:
                items += _wrap(panel, places, at, along, shape[along], told)
        if axis.kind == "clique" and along != 2:
            items += _arcs(panel, places, along, shape[along], told)
    return items


def _next(at: tuple[int, int, int], along: int) -> tuple[int, int, int]:
    moved = list(at)
    moved[along] += 1
    return (moved[0], moved[1], moved[2])


def _edge(panel: Panel, places: Places, a: tuple[int, int, int], b: tuple[int, int, int], told: str) -> Line:
    (x1, y1), (x2, y2) = places[a], places[b]
    length = max(1.0, ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5)
    dx, dy = (x2 - x1) / length * DOT / 2, (y2 - y1) / length * DOT / 2
    return Line(_id(panel, a), _id(panel, b), ((x1 + dx, y1 + dy), (x2 - dx, y2 - dy)), "link", told)


def _wrap(panel: Panel, places: Places, at: tuple[int, int, int], along: int, length: int, told: str) -> list[Item]:
    """Stubs which show that a row continues at its other end."""
    x, y = places[at]
    way = -1 if at[along] == 0 else 1 if at[along] == length - 1 else 0
    if not way:
        return []
    step = (way * 20.0, 0.0) if along == 0 else (0.0, way * 16.0)
    start = (x + step[0] * DOT / 2 / 20, y + step[1] * DOT / 2 / 16)
    return [Line(_id(panel, at), _id(panel, at), (start, (x + step[0], y + step[1])), "wrap", f"{told}, closed")]


def _arcs(panel: Panel, places: Places, along: int, length: int, told: str) -> list[Item]:
    """Arcs between all pairs of the first row or column, which stands for the others."""
    items: list[Item] = []
    for i in range(length):
        for j in range(i + 2, length):
            a, b = ((i, 0, 0), (j, 0, 0)) if along == 0 else ((0, i, 0), (0, j, 0))
            (x1, y1), (x2, y2) = places[a], places[b]
            lift = 8 + 4.5 * (j - i)
            if along == 0:
                y1, y2 = y1 - DOT / 2, y2 - DOT / 2
                curve = ((x1, y1), (x1 + 8, y1 - lift), (x2 - 8, y2 - lift), (x2, y2))
            else:
                x1, x2 = x1 - DOT / 2, x2 - DOT / 2
                curve = ((x1, y1), (x1 - lift, y1 + 8), (x2 - lift, y2 - 8), (x2, y2))
            items.append(Line(_id(panel, a), _id(panel, b), curve, "link", told, True))
    return items


def _words(panel: Panel, axes: list[GridAxis]) -> list[Item]:
    """Words about the vertices, to the left, and about axes and links, to the right."""
    room = LEFT - 22
    ends = next((tier for tier in panel.tiers if tier.rank == 0), None)
    routers = next((tier for tier in panel.tiers if tier.rank == 1), None)
    texts = [
        Text(
            fitted(f"{ends.name if ends else 'endpoints'} × {count(panel.endpoints)}", room, 11, True),
            0,
            60,
            11,
            bold=True,
        )
    ]
    if ends:
        texts.append(Text(fitted(ends.title, room, 9), 0, 73, 9, ink="soft", plain=fitted(ends.name, room, 9)))
    if panel.on_router and routers:
        texts += [
            Text(fitted(f"{routers.name} × {count(routers.count)}", room, 11, True), 0, 94, 11, bold=True),
            Text(fitted(routers.title, room, 9), 0, 107, 9, ink="soft", plain=fitted(routers.name, room, 9)),
            Text(f"{panel.on_router} endpoints on each", 0, 119, 9, ink="soft"),
        ]
    items: list[Item] = [Box(f"{panel.id}/who", 0, 0, 0, 0, "none", panel.family, tuple(texts))]
    right = LEFT + MIDDLE + 16
    said = [f"{SAID[axis.kind]} of {axis.size}" for axis in axes]
    where = ("across: ", "down: ", "behind: ")
    lines = [(where[n] if n < 3 else "also: ") + each for n, each in enumerate(said[:6])]
    drawn = [min(axis.size, most) for axis, most in zip(axes, SHOWN, strict=False)]
    if drawn != [axis.size for axis in axes]:
        lines.append(f"drawn: {' × '.join(str(n) for n in drawn)} of them")
    words = tuple(Text(fitted(each, RIGHT - 16, 9), right, 30 + 13 * n, 9, ink="soft") for n, each in enumerate(lines))
    items.append(Box(f"{panel.id}/axes", 0, 0, 0, 0, "none", panel.family, words))
    y = 30 + 13 * len(lines) + 16
    for number, bundle in enumerate(panel.bundles[:3]):
        items.append(capacity_note(f"{panel.id}/links.{number}", bundle, right, y + 34 * number))
    return items
