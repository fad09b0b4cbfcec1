"""Shortest paths over residues: what copies off a hull edge cost, by how far they move the total modulo its length.

A copy that leaves the edge moves the total by some endpoints, and whole lengths of the edge are made good at no height
by copies from one end of it to the other. So the cheapest way to a total is a shortest path over the residues of the
edge's length.
"""

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from compiler.networks.bisection.lower_hull import Floats, Ints, bends

FEW = 64
"""Steps up to which paths are lengthened round by round."""

CopiesOff = dict[tuple[int, int], int]
"""Copies off an edge: {(row, endpoints on side A): copies}."""


def shortest(step: Floats) -> Floats:
    """The cheapest sum of steps to each residue, shape (d,), where step r costs `step[r]`, shape (d,): Dijkstra."""
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


@frozen(eq=False)
class ResidueSteps:
    """The cheapest copy off an edge of `length` for each residue at which some row bends upwards: the `residue` that it
    moves the total by, its `cost`, and the `row` and `place` that cost it, shapes (steps,)."""

    length: int
    residue: Ints
    cost: Floats
    row: Ints
    place: Ints

    def distances(self, known: float) -> tuple[Floats, Ints]:
        """The cheapest sum of steps to each residue, shape (length,), and the step that each was reached by, -1 for none.

        Residues that cost `known` or more are not looked at further, and hold at least that.
        """
        distance = np.full(self.length, np.inf)
        before = np.full(self.length, -1, dtype=np.int64)
        distance[0] = 0.0
        if self.residue.size <= FEW:
            self._reach_by_rounds(distance, before, known)
        else:
            self._reach_in_order(distance, before, known)
        return np.where(distance < known, distance, np.maximum(known, 0.0)), before

    def _reach_by_rounds(self, distance: Floats, before: Ints, known: float) -> None:
        """One step more a round from all residues that the last one bettered (Bellman-Ford): few steps, many residues."""
        last = np.array([0])
        while last.size:
            bettered = np.zeros(self.length, dtype=bool)
            reached = distance[last]
            for step, (residue, cost) in enumerate(zip(self.residue.tolist(), self.cost.tolist(), strict=True)):
                to = (last + residue) % self.length
                better = reached + cost < np.minimum(distance[to], known)
                distance[to[better]] = reached[better] + cost
                before[to[better]] = step
                bettered[to[better]] = True
            last = np.flatnonzero(bettered)

    def _reach_in_order(self, distance: Floats, before: Ints, known: float) -> None:
        """All steps at once from the nearest residue left (Dijkstra): many steps."""
        open_ = distance.copy()
        while True:
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


def residue_steps(rows: Sequence[Floats], start: Sequence[int], heights: Sequence[Floats], length: int) -> ResidueSteps:
    """The steps of some rows off an edge: a row for each kind of part, shapes (k + 1,), copies of which stand at `start`,
    and their `heights` (k + 1,) above the edge."""
    places = [bends(row) for row in rows]
    residue = np.concatenate([(at - s) % length for at, s in zip(places, start, strict=True)])
    cost = np.concatenate([height[at] for height, at in zip(heights, places, strict=True)])
    row = np.concatenate([np.full(at.size, which) for which, at in enumerate(places)])
    place = np.concatenate(places)
    order = np.lexsort((cost, residue))
    order = order[residue[order] > 0]
    first = np.r_[True, np.diff(residue[order]) > 0] if order.size else np.zeros(0, dtype=bool)
    order = order[first]
    return ResidueSteps(length, residue[order], cost[order], row[order], place[order])


@frozen(eq=False)
class ResiduePath:
    """A shortest path to the residue `wanted`: `before` (length,) is the step that each was reached by; the `last` copy
    stands anywhere, as (row, endpoints), None where every copy takes one of the steps."""

    steps: ResidueSteps
    before: Ints
    wanted: int
    last: tuple[int, int] | None

    def copies(self, start: Sequence[int]) -> CopiesOff:
        """The copies that the path takes off the edge, each row's others standing at `start`."""
        off: CopiesOff = {}
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
