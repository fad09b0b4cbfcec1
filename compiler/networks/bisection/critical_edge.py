"""The critical edge of many rows at one total: the hull edge at which the total is reached, and the best copies off it.

Rows are filled along the edges of their hulls, the flattest first. The last edge is filled in part: unless what is left
is a multiple of its length, some copies, of any row, have to leave the corners where they stand.
"""

from functools import cached_property
from itertools import combinations_with_replacement

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.bisection.dealing import Dealing, Dealt, Rows, added
from compiler.networks.bisection.lower_hull import Floats, Ints, heights_above
from compiler.networks.bisection.residues import CopiesOff, ResiduePath, residue_steps
from compiler.numerics.tolerances import TIE

PAIRED = 1_500
"""Entries of a row up to which two copies off the hull are tried at once."""

Off = tuple[float, CopiesOff]
"""Copies off the edge, after their height above it."""


@frozen(eq=False)
class CriticalEdge:
    """Rows filled up to a total: row `which` goes from its place to `end`, copies of all others stay at their `place`.

    `left` are the endpoints by which the copies along the edge, and those off it, have to move the total.
    """

    rows: Rows
    place: tuple[int, ...]
    which: int
    end: int
    slope: float
    left: int

    @property
    def length(self) -> int:
        """Endpoints from one end of the edge to the other."""
        return self.end - self.place[self.which]

    @cached_property
    def heights(self) -> tuple[Floats, ...]:
        """The cost of one copy of each row above the line through its place, shapes (k + 1,)."""
        return tuple(heights_above(row, at, self.slope) for (row, _), at in zip(self.rows, self.place, strict=True))

    @cached_property
    def finite(self) -> tuple[Ints, ...]:
        """The places of each row that are allowed, shapes (places,)."""
        return tuple(np.flatnonzero(np.isfinite(height)) for height in self.heights)

    @cached_property
    def _is_whole(self) -> bool:
        """True when all costs are whole numbers, and so every sum of them."""
        return all(
            np.array_equal(finite, np.rint(finite)) for finite in (row[np.isfinite(row)] for row, _ in self.rows)
        )

    def dealing(self) -> Dealing:
        """The least cost at the total: both ends, and the copies at the upper one."""
        corners = sum(copies * row[at] for (row, copies), at in zip(self.rows, self.place, strict=True))
        base = float(corners + self.slope * self.left)
        if self.left % self.length == 0:
            base = float(np.rint(base)) if self._is_whole else base
            return Dealing(base, base, self._copies({}))
        best = self._one_off()
        floor, path = self._floor(best[0])
        lower = base + floor
        if path is not None and self._is_possible(off := path.copies(self.place)):
            best = (floor, off)
        if base + best[0] > lower * (1 + TIE):
            best = min(best, self._two_off(), key=lambda found: found[0])
        upper = base + best[0]
        if self._is_whole:  # a slope of thirds makes whole costs unlike in the last bit
            lower, upper = float(np.ceil(lower * (1 - TIE))), float(np.rint(upper))
        return Dealing(min(lower, upper), upper, self._copies(best[1]) if np.isfinite(upper) else ())

    def _floor(self, known: float) -> tuple[float, ResiduePath | None]:
        """A lower end for the height of copies off the edge, however many, and the path that has it; None where that is
        no less than what is `known`.

        All but one of them stand where their row bends upwards: a shortest path over residues of the edge's length by
        such steps, and then one copy anywhere.
        """
        wanted = self.left % self.length
        steps = residue_steps([row for row, _ in self.rows], self.place, self.heights, self.length)
        distance, before = steps.distances(known)
        best, last = float(distance[wanted]), None
        for which, (height, finite, at) in enumerate(zip(self.heights, self.finite, self.place, strict=True)):
            cost = height[finite] + distance[(wanted - (finite - at)) % self.length]
            k = int(np.argmin(cost))
            if cost[k] < best:
                best, last = float(cost[k]), (which, int(finite[k]))
        if best >= known:
            return min(best, known), None
        return best, ResiduePath(steps, before, wanted, last)

    def _is_possible(self, off: CopiesOff) -> bool:
        """True when each row has so many copies and what the others have to move fits on the edge."""
        taken = [sum(many for (row, _), many in off.items() if row == which) for which in range(len(self.rows))]
        at_end, rest = divmod(self.left - self._moved(off), self.length)
        free = self.rows[self.which][1] - taken[self.which]
        is_there = all(many <= copies for many, (_, copies) in zip(taken, self.rows, strict=True))
        return is_there and rest == 0 and 0 <= at_end <= free

    def _moved(self, off: CopiesOff) -> int:
        """The endpoints by which copies off the edge move the total."""
        return sum((k - self.place[row]) * many for (row, k), many in off.items())

    def _one_off(self) -> Off:
        """The cheapest copy off the edge that leaves a whole number of copies at its end; infinite where none does."""
        best: Off = (np.inf, {})
        for row, (height, finite) in enumerate(zip(self.heights, self.finite, strict=True)):
            cost = np.where(self._fits(finite - self.place[row], row), height[finite], np.inf)
            k = int(np.argmin(cost))
            if cost[k] < best[0]:
                best = (float(cost[k]), {(row, int(finite[k])): 1})
        return best

    def _two_off(self) -> Off:
        """The cheapest two such copies; infinite where none are, or their rows are too long to try."""
        best: Off = (np.inf, {})
        for one, other in combinations_with_replacement(range(len(self.rows)), 2):
            a, b = self.finite[one], self.finite[other]
            if max(a.size, b.size) > PAIRED or (one == other and self.rows[one][1] < 2):
                continue
            moved = (a - self.place[one])[:, None] + (b - self.place[other])[None, :]
            height = self.heights[one][a][:, None] + self.heights[other][b][None, :]
            cost = np.where(self._fits(moved, one, other), height, np.inf)
            i, j = np.unravel_index(int(np.argmin(cost)), cost.shape)
            if cost[i, j] < best[0]:
                pair = ((one, int(a[i])), (other, int(b[j])))
                best = (float(cost[i, j]), {place: pair.count(place) for place in pair})
        return best

    def _fits(self, moved: Ints, *off: int) -> NDArray[np.bool_]:
        """True where copies of the rows `off` that move the total by `moved` leave a whole number at the end of the edge."""
        at_end, rest = np.divmod(self.left - moved, self.length)
        free = self.rows[self.which][1] - off.count(self.which)
        return np.asarray((rest == 0) & (at_end >= 0) & (at_end <= free))

    def _copies(self, off: CopiesOff) -> tuple[Dealt, ...]:
        """The shares of all copies, row by row: of those off the edge, and of the others at its ends."""
        at_end = (self.left - self._moved(off)) // self.length
        found = []
        for row, ((_, copies), at) in enumerate(zip(self.rows, self.place, strict=True)):
            mine: Dealt = {k: many for (which, k), many in off.items() if which == row}
            if row == self.which and at_end:
                mine = added(mine, {self.end: at_end})
            rest = copies - sum(mine.values())
            found.append(added(mine, {at: rest}) if rest else mine)
        return tuple(found)
