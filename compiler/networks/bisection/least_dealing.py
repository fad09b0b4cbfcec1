"""The least cost of many rows at one total, each row so often: along the edges of their hulls, else by convolutions.

Nothing grows with the total where the hull settles it: what many like copies cost is read off one of them.
"""

from itertools import pairwise

import numpy as np

from compiler.networks.bisection.critical_edge import CriticalEdge
from compiler.networks.bisection.dealing import NOTHING, Dealing, Dealt, Rows, added
from compiler.networks.bisection.lower_hull import Floats, hull
from compiler.networks.bisection.min_plus import convolved, power

CONVOLVED = 20_000
"""Totals up to which a sum that the hulls do not settle is taken by convolutions."""


def least_dealing(rows: Rows, total: int) -> Dealing:
    """The least cost of many rows, each so often, with `total` endpoints on side A all together."""
    if not rows:
        return Dealing(0.0, 0.0) if total == 0 else NOTHING
    found = _along_edges(rows, total)
    if found.is_exact or not np.isfinite(found.lower):
        return found
    if sum((row.size - 1) * copies for row, copies in rows) > CONVOLVED:
        return found
    return _by_convolutions(rows, total)


def _along_edges(rows: Rows, total: int) -> Dealing:
    """All copies at hull corners but a few: edges of all rows by slope until the total is reached."""
    corners = [hull(row) for row, _ in rows]
    if not all(corners):
        return NOTHING
    place = [own[0] for own in corners]
    left = total - sum(copies * at for (_, copies), at in zip(rows, place, strict=True))
    if left == 0:
        return _at_corners(rows, place)
    if left < 0:
        return NOTHING
    for slope, which, a, b in _steps(rows, corners):
        copies = rows[which][1]
        if left <= copies * (b - a):
            return CriticalEdge(rows, tuple(place), which, b, slope, left).dealing()
        left -= copies * (b - a)
        place[which] = b
    return NOTHING


def _at_corners(rows: Rows, place: list[int]) -> Dealing:
    """All copies of each row at one place."""
    cost = float(sum(copies * row[at] for (row, copies), at in zip(rows, place, strict=True)))
    return Dealing(cost, cost, tuple({at: copies} for (_, copies), at in zip(rows, place, strict=True)))


def _steps(rows: Rows, corners: list[list[int]]) -> list[tuple[float, int, int, int]]:
    """The hull edges of all rows, the flattest first: slope, row, and both ends."""
    return sorted(
        (float((row[b] - row[a]) / (b - a)), which, a, b)
        for which, ((row, _), own) in enumerate(zip(rows, corners, strict=True))
        for a, b in pairwise(own)
    )


def _by_convolutions(rows: Rows, total: int) -> Dealing:
    """The same by whole convolutions, for what is small and the hulls do not settle."""
    powers = [power(row, copies) for row, copies in rows]
    before = [powers[0]]
    for one in powers[1:]:
        before.append(convolved(before[-1], one))
    if total >= before[-1].size or not np.isfinite(before[-1][total]):
        return NOTHING
    cost, found, left = float(before[-1][total]), [], total
    for which in range(len(rows) - 1, 0, -1):
        mine = _share_of_second(before[which - 1], powers[which], left)
        found.append(_dealt_within(*rows[which], mine))
        left -= mine
    found.append(_dealt_within(*rows[0], left))
    return Dealing(cost, cost, tuple(reversed(found)))


def _share_of_second(one: Floats, other: Floats, total: int) -> int:
    """The part of a total that the second of two rows takes where they cost least together."""
    mine = np.arange(max(0, total - one.size + 1), min(other.size - 1, total) + 1)
    return int(mine[int(np.argmin(one[total - mine] + other[mine]))])


def _dealt_within(row: Floats, copies: int, total: int) -> Dealt:
    """The shares of a total among copies of one row at least cost, by halving them."""
    if copies == 1:
        return {total: 1}
    found = _along_edges(((row, copies),), total)
    if found.is_exact:
        return found.dealt[0]
    half = copies // 2
    mine = _share_of_second(power(row, half), power(row, copies - half), total)
    return added(_dealt_within(row, half, total - mine), _dealt_within(row, copies - half, mine))
