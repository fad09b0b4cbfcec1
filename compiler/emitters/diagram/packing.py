"""Placing blocks side by side so that a page keeps sane proportions."""

import math
from collections.abc import Sequence
from math import fsum

from attrs import frozen

GAP = 14.0


@frozen
class Packed:
    """Arrangement of blocks on shelves: upper left corner and room of each block, and the whole size, in points."""

    places: tuple[tuple[float, float], ...]
    rooms: tuple[tuple[float, float], ...]
    width: float
    height: float


def packed(
    sizes: Sequence[tuple[float, float]], ratio: float, gap: float = GAP, least: float = 0.0, most: float = math.inf
) -> Packed:
    """Arrangement of blocks, in their order, whose outline comes closest to a ratio of width to height.

    Blocks of a shelf share its height and stretch to fill the width, which is at least `least`; shelves wider than
    `most` are taken only when single blocks are.
    """
    if not sizes:
        return Packed((), (), 0.0, 0.0)
    ways = [_shelves(sizes, columns, gap) for columns in range(1, min(len(sizes), 24) + 1)]
    fitting = [shelves for shelves in ways if _outline(sizes, shelves, gap)[0] <= most] or ways[:1]
    best = min(fitting, key=lambda shelves: _badness(sizes, shelves, ratio, gap, least))
    return _placed(sizes, best, gap, least)


def stacked(above: Packed, below: Packed, gap: float = GAP) -> Packed:
    """Arrangement of two arrangements, one under the other."""
    if not above.places or not below.places:
        return above if above.places else below
    down = above.height + gap
    places = (*above.places, *((x, y + down) for x, y in below.places))
    return Packed(places, (*above.rooms, *below.rooms), max(above.width, below.width), down + below.height)


def _shelves(sizes: Sequence[tuple[float, float]], columns: int, gap: float) -> list[range]:
    """Shelves with as many blocks each as fit into the width of the widest run of `columns` blocks."""
    room = max(
        fsum(w for w, _ in sizes[start : start + columns]) + gap * (columns - 1)
        for start in range(0, len(sizes) - columns + 1)
    )
    shelves, start, used = [], 0, 0.0
    for number, (width, _) in enumerate(sizes):
        if number > start and used + gap + width > room + 1e-6:
            shelves.append(range(start, number))
            start, used = number, 0.0
        used += width + (gap if number > start else 0.0)
    shelves.append(range(start, len(sizes)))
    return shelves


def _outline(sizes: Sequence[tuple[float, float]], shelves: list[range], gap: float) -> tuple[float, float]:
    width = max(fsum(sizes[i][0] for i in shelf) + gap * (len(shelf) - 1) for shelf in shelves)
    height = fsum(max(sizes[i][1] for i in shelf) for shelf in shelves) + gap * (len(shelves) - 1)
    return width, height


def _badness(
    sizes: Sequence[tuple[float, float]], shelves: list[range], ratio: float, gap: float, least: float
) -> float:
    """Penalty for the distance from the ratio and for the empty part of the outline."""
    width, height = _outline(sizes, shelves, gap)
    width = max(width, least)
    filled = fsum(w * h for w, h in sizes) / (width * height)
    return abs(math.log(width / height / ratio)) + 2.0 * (1.0 - filled)


def _placed(sizes: Sequence[tuple[float, float]], shelves: list[range], gap: float, least: float) -> Packed:
    width, height = _outline(sizes, shelves, gap)
    width = max(width, least)
    places: list[tuple[float, float]] = []
    rooms: list[tuple[float, float]] = []
    top = 0.0
    for shelf in shelves:
        tall = max(sizes[i][1] for i in shelf)
        spare = (width - fsum(sizes[i][0] for i in shelf) - gap * (len(shelf) - 1)) / len(shelf)
        left = 0.0
        for i in shelf:
            places.append((left, top))
            rooms.append((sizes[i][0] + spare, tall))
            left += sizes[i][0] + spare + gap
        top += tall + gap
    return Packed(tuple(places), tuple(rooms), width, height)
