"""(min,+) powers and sums: the least cost of many like parts, by how many endpoints of theirs stand on side A.

A row `f`, shape (k + 1,), is the least cost of one part with 0 .. k of its endpoints on side A; infinite where that
cannot be. The n-fold (min,+) power of a row is the least cost of n such parts by their total.

Nearly all copies of a least choice stand at the two ends of one edge of the lower convex hull of the row: a copy
elsewhere costs its height above the edge and moves the total, so what matters is the total modulo the length of the
edge. That gives a lower end for any number of such copies (a shortest path over residues) and an upper end for two of
them at most. Where both meet the answer is exact, and costs what one copy costs.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PLAIN = 64
"""Totals up to which a power is taken by squaring straight away."""
CONVOLVED = 20_000
"""Totals up to which a power that the hull does not settle is taken by squaring."""
PAIRED = 1_500
"""Entries of a row up to which two copies off the hull are tried at once."""

Dealt = dict[int, int]
"""How many copies take how many endpoints: {endpoints on side A of one copy: copies}; no entry for no copy."""


@frozen(eq=False)
class Edge:
    """An edge of a row's lower hull, from `start` to `end` endpoints; `heights` (k + 1,) are the costs above its line."""

    start: int
    end: int
    slope: float
    heights: Floats

    @property
    def length(self) -> int:
        """Endpoints from its start to its end."""
        return self.end - self.start


def bends(row: Floats) -> NDArray[np.int64]:
    """The places where a row bends upwards, and its ends: finite entries that lie below the line through their
    neighbours. Of two copies elsewhere one can give endpoints to the other at no cost until one of them is at such a
    place, so of many copies at least cost at most one is not."""
    finite = np.flatnonzero(np.isfinite(row))
    if finite.size < 3:
        return finite
    values, gaps = row[finite], np.diff(finite)
    slopes = np.diff(values) / gaps
    inner = (slopes[1:] > slopes[:-1]) | (gaps[1:] > 1) | (gaps[:-1] > 1)
    return finite[np.r_[True, inner, True]]


def hull(row: Floats) -> list[int]:
    """The places of the corners of the lower convex hull of the finite entries, in order; empty when none is finite."""
    corners: list[int] = []
    for k in bends(row).tolist():
        while len(corners) > 1:
            a, b = corners[-2], corners[-1]
            if (row[b] - row[a]) * (k - a) < (row[k] - row[a]) * (b - a):
                break
            corners.pop()
        corners.append(k)
    return corners


def edges(row: Floats) -> list[Edge]:
    """The edges of the lower hull of a row, by rising slope."""
    found = []
    corners = hull(row)
    places = np.arange(row.size)
    for a, b in pairwise(corners):
        slope = (row[b] - row[a]) / (b - a)
        heights = np.where(np.isfinite(row), np.maximum(row - (row[a] + slope * (places - a)), 0.0), np.inf)
        heights[a] = heights[b] = 0.0
        found.append(Edge(a, b, float(slope), heights))
    return found


def convolved(one: Floats, other: Floats) -> Floats:
    """The (min,+) convolution of two rows, shapes (a + 1,) and (b + 1,): shape (a + b + 1,)."""
    if one.size < other.size:
        one, other = other, one
    out = np.full(one.size + other.size - 1, np.inf)
    for i in np.flatnonzero(np.isfinite(other)).tolist():
        np.minimum(out[i : i + one.size], one + other[i], out=out[i : i + one.size])
    return out


def power(row: Floats, copies: int) -> Floats:
    """The least cost of so many copies of a row by their total, exact: shape (copies * k + 1,)."""
    top = row.size - 1
    if copies == 1:
        return row
    if top == 0:
        return row * copies
    if copies * top > PLAIN and np.isfinite(row).any():
        found = _along_hull(row, copies)
        if found is not None:
            return found
    return _squared(row, copies)


def cost_of_power(row: Floats, copies: int) -> float:
    """Steps that the power of a row may take at worst: what a budget is charged before it is taken."""
    total = copies * (row.size - 1)
    return float(total) if total <= PLAIN else float(total) * min(total, 4 * row.size) / 4


def _squared(row: Floats, copies: int) -> Floats:
    out: Floats | None = None
    base, left = row, copies
    while left:
        if left & 1:
            out = base if out is None else convolved(out, base)
        left >>= 1
        if left:
            base = convolved(base, base)
    assert out is not None
    return out


def _along_hull(row: Floats, copies: int) -> Floats | None:
    """The power with all copies but two at the ends of one hull edge; None where that does not meet the lower end."""
    found = edges(row)
    if not found:
        return None
    out = np.full(copies * (row.size - 1) + 1, np.inf)
    for edge in found:
        a, d = edge.start, edge.length
        totals = np.arange(copies * a, copies * edge.end + 1)
        at_end, rest = np.divmod(totals - copies * a, d)
        upper = _one_or_two_off(edge, copies, at_end, rest)
        lower = _by_residue(edge)
        if not np.all(upper <= lower[rest] * (1 + 1e-12)):
            return None
        chord = copies * row[a] + edge.slope * (totals - copies * a)
        out[totals] = np.minimum(out[totals], chord + upper)
    finite = row[np.isfinite(row)]
    return np.rint(out) if np.array_equal(finite, np.rint(finite)) else out


def _one_or_two_off(edge: Edge, copies: int, at_end: NDArray[np.int64], rest: NDArray[np.int64]) -> Floats:
    """The least height of one or two copies inside an edge, by how many stand at its end and how much is left over."""
    inside = edge.heights[edge.start : edge.end + 1]
    upper = inside[rest]
    if copies > 1 and not _is_concave(inside):
        pairs = convolved(inside, inside)
        upper = np.minimum(upper, np.where(at_end <= copies - 2, pairs[rest], np.inf))
        wrapped = np.where((at_end >= 1) & (at_end <= copies - 1), pairs[rest + edge.length], np.inf)
        upper = np.minimum(upper, wrapped)
    return upper


def _is_concave(row: Floats) -> bool:
    return bool(np.isfinite(row).all() and np.all(np.diff(row, 2) <= 1e-12 * row.max(initial=1.0)))


def _by_residue(edge: Edge) -> Floats:
    """A lower end for the height of any number of copies off an edge, by their total modulo its length, shape (d,).

    A shortest path over residues. Heights that are concave over the edge, and no lower outside it at the same residue,
    are subadditive modulo its length: then one copy is never dearer than several.
    """
    d = edge.length
    finite = np.flatnonzero(np.isfinite(edge.heights))
    step = np.full(d, np.inf)
    np.minimum.at(step, (finite - edge.start) % d, edge.heights[finite])
    inside = edge.heights[edge.start : edge.end]
    if _is_concave(edge.heights[edge.start : edge.end + 1]) and np.array_equal(step, inside):
        return step
    return _shortest(step)


def _shortest(step: Floats) -> Floats:
    """The cheapest sum of steps to each residue, shape (d,): Dijkstra over the cycle, step r costing `step[r]`."""
    distance = np.full(step.size, np.inf)
    distance[0] = 0.0
    is_done = np.zeros(step.size, dtype=bool)
    for _ in range(step.size):
        here = int(np.argmin(np.where(is_done, np.inf, distance)))
        if is_done[here] or not np.isfinite(distance[here]):
            break
        is_done[here] = True
        np.minimum(distance, distance[here] + np.roll(step, here), out=distance)
    return distance


# ---- sums at one total -----------------------------------------------------------------------


@frozen(eq=False)
class Dealing:
    """The least cost of a sum of powers at one total: certified ends, and per row how many copies take how many
    endpoints at the upper end. Both ends are infinite, and nothing is dealt, where the total cannot be reached."""

    lower: float
    upper: float
    dealt: tuple[Dealt, ...] = ()


NOTHING = Dealing(np.inf, np.inf)

Rows = Sequence[tuple[Floats, int]]
"""Rows, each with its number of copies."""


def dealt(rows: Rows, total: int) -> Dealing:
    """The least cost of many rows, each so often, with `total` endpoints on side A all together."""
    if not rows:
        return Dealing(0.0, 0.0) if total == 0 else NOTHING
    found = _along_edges(rows, total)
    if found.upper <= found.lower * (1 + 1e-12) or not np.isfinite(found.lower):
        return found
    if sum((row.size - 1) * copies for row, copies in rows) > CONVOLVED:
        return found
    return _convolved_at(rows, total)


def _along_edges(rows: Rows, total: int) -> Dealing:
    """All copies at hull corners but one or two: edges of all rows by slope until the total is reached."""
    corners = [hull(row) for row, _ in rows]
    if not all(corners):
        return NOTHING
    least = sum(copies * c[0] for (_, copies), c in zip(rows, corners, strict=True))
    most = sum(copies * c[-1] for (_, copies), c in zip(rows, corners, strict=True))
    if not least <= total <= most:
        return NOTHING
    place = [c[0] for c in corners]
    left = total - least
    steps = sorted(
        ((row[b] - row[a]) / (b - a), which, a, b)
        for which, ((row, _), c) in enumerate(zip(rows, corners, strict=True))
        for a, b in pairwise(c)
    )
    if left == 0 or not steps:
        cost = float(sum(copies * row[at] for (row, copies), at in zip(rows, place, strict=True)))
        return Dealing(cost, cost, tuple({at: copies} for (_, copies), at in zip(rows, place, strict=True)))
    for slope, which, a, b in steps:
        copies = rows[which][1]
        if left <= copies * (b - a):
            place[which] = a
            return _Critical(rows, tuple(place), which, b, float(slope), left).dealing()
        left -= copies * (b - a)
        place[which] = b
    raise AssertionError("the steps of all rows reach the greatest total")


@frozen(eq=False)
class _Critical:
    """The edge at which a total is reached: row `which` goes from its place to `end`, all others stay where they are.

    `left` is how much the copies along the edge, and those off it, have to move the total.
    """

    rows: Rows
    place: tuple[int, ...]
    which: int
    end: int
    slope: float
    left: int

    @property
    def length(self) -> int:
        return self.end - self.place[self.which]

    def dealing(self) -> Dealing:
        """Both ends, and the copies at the upper one."""
        base = sum(copies * row[at] for (row, copies), at in zip(self.rows, self.place, strict=True))
        base = float(base + self.slope * self.left)
        if self.left % self.length == 0:
            return Dealing(base, base, self._copies({}))
        heights = [self._heights(row, at) for (row, _), at in zip(self.rows, self.place, strict=True)]
        best = self._one_off(heights)
        floor, way = self._cheapest(heights, best[0])
        lower = base + floor
        if way is not None and (found := self._counted(way)) is not None:
            best = (floor, found)
        if base + best[0] > lower * (1 + 1e-12):
            best = min(best, self._two_off(heights), key=lambda found: found[0])
        upper = base + best[0]
        return Dealing(min(lower, upper), upper, self._copies(best[1]) if np.isfinite(upper) else ())

    def _heights(self, row: Floats, at: int) -> Floats:
        """The cost of one copy of a row above the line through its place, shape (k + 1,)."""
        height = row - row[at] - self.slope * (np.arange(row.size) - at)
        return np.where(np.isfinite(height), np.maximum(height, 0.0), np.inf)

    def _cheapest(self, heights: list[Floats], known: float) -> tuple[float, "_Way | None"]:
        """The least that copies off the edge cost, however many, and which do; no less than what is `known` is sought.

        All but one of them stand where their row bends upwards: a shortest path over residues of the edge's length by
        such steps, and then one copy anywhere.
        """
        d, wanted = self.length, self.left % self.length
        steps = _Steps.of(self.rows, self.place, heights, d)
        distance, before = steps.distances(known)
        best, last = float(distance[wanted]), None
        for which, (height, at) in enumerate(zip(heights, self.place, strict=True)):
            finite = np.flatnonzero(np.isfinite(height))
            cost = height[finite] + distance[(wanted - (finite - at)) % d]
            k = int(np.argmin(cost))
            if cost[k] < best:
                best, last = float(cost[k]), (which, int(finite[k]))
        if best >= known:
            return min(best, known), None
        return best, _Way(steps, before, wanted, last)

    def _counted(self, way: "_Way") -> "Off | None":
        """The copies of a way, when there are so many and what is left over fits on the edge."""
        off = way.copies(self.place)
        moved = sum((k - self.place[row]) * many for (row, k), many in off.items())
        free = self.rows[self.which][1] - sum(many for (row, _), many in off.items() if row == self.which)
        at_end, rest = divmod(self.left - moved, self.length)
        fits = all(
            sum(m for (r, _), m in off.items() if r == row) <= copies for row, (_, copies) in enumerate(self.rows)
        )
        return off if fits and rest == 0 and 0 <= at_end <= free else None

    def _one_off(self, heights: list[Floats]) -> "tuple[float, Off]":
        best: tuple[float, Off] = (np.inf, {})
        for row, height in enumerate(heights):
            finite = np.flatnonzero(np.isfinite(height))
            cost = np.where(self._fits(finite - self.place[row], row), height[finite], np.inf)
            k = int(np.argmin(cost))
            if cost[k] < best[0]:
                best = (float(cost[k]), {(row, int(finite[k])): 1})
        return best

    def _two_off(self, heights: list[Floats]) -> "tuple[float, Off]":
        best: tuple[float, Off] = (np.inf, {})
        finite = [np.flatnonzero(np.isfinite(height)) for height in heights]
        for one in range(len(heights)):
            for other in range(one, len(heights)):
                a, b = finite[one], finite[other]
                if a.size > PAIRED or b.size > PAIRED or (one == other and self.rows[one][1] < 2):
                    continue
                moved = (a - self.place[one])[:, None] + (b - self.place[other])[None, :]
                height = heights[one][a][:, None] + heights[other][b][None, :]
                cost = np.where(self._fits(moved, one, other), height, np.inf)
                i, j = np.unravel_index(int(np.argmin(cost)), cost.shape)
                if cost[i, j] < best[0]:
                    off: Off = {(one, int(a[i])): 1}
                    off[(other, int(b[j]))] = off.get((other, int(b[j])), 0) + 1
                    best = (float(cost[i, j]), off)
        return best

    def _fits(self, moved: NDArray[np.int64], *off: int) -> NDArray[np.bool_]:
        """Whether copies of the rows `off` that move the total by so much leave a whole number at the end of the edge."""
        at_end, rest = np.divmod(self.left - moved, self.length)
        free = self.rows[self.which][1] - off.count(self.which)
        return np.asarray((rest == 0) & (at_end >= 0) & (at_end <= free))

    def _copies(self, off: "Off") -> tuple[Dealt, ...]:
        """How many copies of each row take how many endpoints: those off the edge, and the others at its ends."""
        moved = sum((k - self.place[row]) * many for (row, k), many in off.items())
        at_end = (self.left - moved) // self.length
        found = []
        for row, ((_, copies), at) in enumerate(zip(self.rows, self.place, strict=True)):
            mine: Dealt = {}
            for (which, k), many in off.items():
                if which == row:
                    mine[k] = mine.get(k, 0) + many
            if row == self.which and at_end:
                mine[self.end] = mine.get(self.end, 0) + at_end
            rest = copies - sum(mine.values())
            if rest:
                mine[at] = mine.get(at, 0) + rest
            found.append(mine)
        return tuple(found)


Off = dict[tuple[int, int], int]
"""Copies off an edge: {(row, endpoints on side A): copies}."""


@frozen(eq=False)
class _Steps:
    """Ways for one copy to leave an edge, one for each residue that some row bends upwards at: `residue`, `cost`, and
    the `row` and `place` that cost it, shapes (steps,), for an edge of `length`."""

    length: int
    residue: NDArray[np.int64]
    cost: Floats
    row: NDArray[np.int64]
    place: NDArray[np.int64]

    @staticmethod
    def of(rows: Rows, start: Sequence[int], heights: Sequence[Floats], length: int) -> "_Steps":
        """The cheapest step to each residue."""
        places = [bends(row) for row, _ in rows]
        residue = np.concatenate([(at - s) % length for at, s in zip(places, start, strict=True)])
        cost = np.concatenate([height[at] for height, at in zip(heights, places, strict=True)])
        row = np.concatenate([np.full(at.size, which) for which, at in enumerate(places)])
        place = np.concatenate(places)
        order = np.lexsort((cost, residue))
        order = order[residue[order] > 0]
        first = np.r_[True, np.diff(residue[order]) > 0] if order.size else np.zeros(0, dtype=bool)
        order = order[first]
        return _Steps(length, residue[order], cost[order], row[order], place[order])

    def distances(self, known: float) -> tuple[Floats, NDArray[np.int64]]:
        """The cheapest sum of steps to each residue, shape (d,), and the step that each was reached by, -1 for none.

        Residues that cost `known` or more are not looked at further, and hold at least that.
        """
        distance = np.full(self.length, np.inf)
        before = np.full(self.length, -1, dtype=np.int64)
        distance[0] = 0.0
        open_ = distance.copy()
        while self.residue.size:
            here = int(np.argmin(open_))
            reached = open_[here]
            if not reached < known:
                break
            open_[here] = np.inf
            to = (self.residue + here) % self.length
            cost = reached + self.cost
            better = cost < distance[to]
            distance[to[better]] = cost[better]
            open_[to[better]] = cost[better]
            before[to[better]] = np.flatnonzero(better)
        return np.where(distance < known, distance, np.maximum(known, 0.0)), before


@frozen(eq=False)
class _Way:
    """A shortest path over residues to one that is wanted, the `last` copy anywhere: (row, endpoints)."""

    steps: _Steps
    before: NDArray[np.int64]
    wanted: int
    last: tuple[int, int] | None

    def copies(self, start: Sequence[int]) -> Off:
        """The copies that the way takes off the edge."""
        off: Off = {}
        here = self.wanted
        if self.last is not None:
            off[self.last] = 1
            here = (here - (self.last[1] - start[self.last[0]])) % self.steps.length
        while here:
            step = int(self.before[here])
            key = (int(self.steps.row[step]), int(self.steps.place[step]))
            off[key] = off.get(key, 0) + 1
            here = (here - int(self.steps.residue[step])) % self.steps.length
        return off


def _convolved_at(rows: Rows, total: int) -> Dealing:
    """The same by whole convolutions, for what is small and the hull does not settle."""
    powers = [power(row, copies) for row, copies in rows]
    before = [powers[0]]
    for one in powers[1:]:
        before.append(convolved(before[-1], one))
    if total >= before[-1].size or not np.isfinite(before[-1][total]):
        return NOTHING
    cost, found, left = float(before[-1][total]), [], total
    for which in range(len(rows) - 1, 0, -1):
        mine = _split(before[which - 1], powers[which], left)
        found.append(_dealt_within(*rows[which], mine))
        left -= mine
    found.append(_dealt_within(*rows[0], left))
    return Dealing(cost, cost, tuple(reversed(found)))


def _split(one: Floats, other: Floats, total: int) -> int:
    """How much of a total the second of two rows takes where they cost least together."""
    mine = np.arange(max(0, total - one.size + 1), min(other.size - 1, total) + 1)
    return int(mine[int(np.argmin(one[total - mine] + other[mine]))])


def _dealt_within(row: Floats, copies: int, total: int) -> Dealt:
    """How the copies of one row share a total at least cost, by halving them."""
    if copies == 1:
        return {total: 1}
    found = _along_edges(((row, copies),), total)
    if found.upper <= found.lower * (1 + 1e-12):
        return found.dealt[0]
    half = copies // 2
    mine = _split(power(row, half), power(row, copies - half), total)
    out = _dealt_within(row, half, total - mine)
    for k, many in _dealt_within(row, copies - half, mine).items():
        out[k] = out.get(k, 0) + many
    return out
