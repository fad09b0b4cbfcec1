"""Pareto fronts: the points that no other point beats, in one array or as chunks come in."""

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

Costs = NDArray[np.float64]
BLOCK = 4096


def front(costs: Costs) -> NDArray[np.intp]:
    """Numbers of the rows of `costs`, shape (points, aims), that no row dominates, in their order; less is better, equal
    rows stay together.

    A row dominates another when it is no worse in every aim and better in one. Rows with a value that is not a number
    are never in front. Two aims take a sort and a sweep; more are met in blocks, each held against the front so far.
    """
    known = np.flatnonzero(~np.isnan(costs).any(axis=1))
    if not len(known):
        return known
    order = known[np.lexsort(costs[known].T[::-1])]  # `lexsort` takes its last key first
    sorted_costs = costs[order]
    keep = _front_of_two(sorted_costs) if costs.shape[1] <= 2 else _front_of_many(sorted_costs)
    return np.sort(order[keep])


def _front_of_two(costs: Costs) -> NDArray[np.bool_]:
    """Front of rows sorted by their first aim, then their second: bool, shape (points,)."""
    if costs.shape[1] == 1:
        return np.asarray(costs[:, 0] == costs[0, 0])
    best = np.minimum.accumulate(costs[:, 1])
    leads = np.concatenate(([True], costs[1:, 1] < best[:-1]))
    fresh = np.concatenate(([True], (costs[1:] != costs[:-1]).any(axis=1)))
    return np.asarray(leads[fresh][np.cumsum(fresh) - 1])


def _front_of_many(costs: Costs) -> NDArray[np.bool_]:
    """Front of rows sorted lexicographically, so that none is dominated by a later one: bool, shape (points,)."""
    keep = np.zeros(len(costs), dtype=bool)
    found = costs[:0]
    for start in range(0, len(costs), BLOCK):
        block = costs[start : start + BLOCK]
        rows = np.flatnonzero(~_dominated(block, found))
        alive = block[rows]
        at = 0
        while at < len(alive):
            beaten = _dominated(alive[at + 1 :], alive[at : at + 1])
            stay = np.concatenate((np.ones(at + 1, dtype=bool), ~beaten))
            alive, rows = alive[stay], rows[stay]
            at += 1
        keep[start + rows] = True
        found = np.concatenate((found, alive))
    return keep


def _dominated(rows: Costs, by: Costs) -> NDArray[np.bool_]:
    """True for rows than which some row of `by` is no worse in all aims and better in one, shape (rows,)."""
    beaten = np.zeros(len(rows), dtype=bool)
    for other in by:
        beaten |= (other <= rows).all(axis=1) & (other < rows).any(axis=1)
    return beaten


@define
class Front:
    """Front of the points seen so far, by their index."""

    aims: int
    indices: NDArray[np.int64] = field(factory=lambda: np.empty(0, dtype=np.int64))
    costs: Costs = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.costs = np.empty((0, self.aims))

    def see(self, indices: NDArray[np.int64], costs: Costs) -> None:
        """Take in more points, their `indices` of shape (points,) and `costs` of shape (points, aims): those of them that are
        in front stay, and those before that they beat go."""
        best = front(costs)
        together = np.concatenate((self.costs, costs[best]))
        names = np.concatenate((self.indices, indices[best]))
        stay = front(together)
        self.indices, self.costs = names[stay], together[stay]
