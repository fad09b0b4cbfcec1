"""The least capacity between two sides of a graph that share its endpoints in a given way.

Four ways, chosen by size, and none of the compiler's: all divisions at once with all places of what may stand anywhere;
all places of that, each with the endpoints where they cost least; all divisions, each with a maximum flow; and a
mixed-integer program for HiGHS, whose two ends are kept where its time does not suffice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from math import prod

import numpy as np
from scipy.optimize import Bounds as Limits
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

from tests.judge.crossing import flow_cut, whole_unit
from tests.judge.graph import Graph, Groups, simplified, twins
from tests.judge.halves import found_cut

Sides = np.ndarray
"""Divisions by vertices, 1 where a vertex stands on side A; vertices of no weight are 0."""


@dataclass(frozen=True)
class Ends:
    """What is known of a value: at least `low`, at most `high`."""

    low: float
    high: float

    @property
    def met(self) -> bool:
        """Whether both ends are one value."""
        return self.high - self.low <= 1e-9 * max(1, self.high)


@dataclass(frozen=True)
class Patience:
    """How much work may be done: cells of a table, flows, seconds of HiGHS."""

    cells: int = 100_000_000
    divisions: int = 60_000
    flows: int = 4_000
    seconds: float = 20
    exact: int = 40
    """Most endpoints of which the least cut is looked for; beyond, only real cuts are."""


QUICK = Patience(cells=8_000_000, flows=600, seconds=2)


def attainable(weights: tuple[int, ...]) -> set[int]:
    """All numbers of endpoints that can stand on one side when vertices are divided whole."""
    sums = {0}
    for weight in weights:
        sums |= {weight + each for each in sums} if weight else set()
    return sums


def most_even(weights: tuple[int, ...]) -> int:
    """The endpoints on the smaller side when vertices are divided whole and as evenly as can be."""
    return max(each for each in attainable(weights) if 2 * each <= sum(weights))


@lru_cache(maxsize=4096)
def least(whole: Graph, wanted: int, patience: Patience = Patience()) -> Ends:
    """The least cut with `wanted` endpoints on one side. Raises `ValueError` where no vertices make up that many."""
    small = simplified(whole)
    if wanted not in attainable(small.weights):
        raise ValueError("no division of that size")
    if not small.edges:
        return Ends(0, 0)
    if small.total > patience.exact:
        return Ends(0, found_cut(small, wanted))
    classes = twins(small)
    islands = _free_islands(small)
    if prod(len(each) + 1 for each in classes) <= 50 * patience.divisions:
        sides = _divisions(small, classes, wanted)
        cells = len(sides) * max([2 ** len(island) for island in islands], default=1)
        if len(sides) <= patience.divisions and cells <= patience.cells and all(len(each) <= 16 for each in islands):
            return _met(_together(small, islands, sides).min())
        if len(sides) <= patience.flows:
            return _met(min(flow_cut(small, row) for row in sides))
    free = small.weights.count(0)
    if _alone_on_free(small) and 2**free * len(small.weights) <= patience.cells:
        return _met(_by_places(small, wanted))
    return _programmed(small, classes, wanted, patience.seconds)


def _met(value: float) -> Ends:
    return Ends(float(value), float(value))


# ---- all divisions ------------------------------------------------------------------------------------------


def _divisions(small: Graph, classes: list[list[int]], wanted: int) -> Sides:
    """Every division with so many endpoints on side A; of twins only how many stand there."""
    left = sum(small.weights)
    counts, sums = np.zeros((1, 0), int), np.zeros(1, int)
    for each in classes:
        weight = small.weights[each[0]]
        left -= weight * len(each)
        grown = [(np.column_stack([counts, np.full(len(counts), k)]), sums + k * weight) for k in range(len(each) + 1)]
        counts = np.concatenate([one for one, _ in grown])
        sums = np.concatenate([one for _, one in grown])
        kept = (sums <= wanted) & (sums + left >= wanted)
        counts, sums = counts[kept], sums[kept]
    sides = np.zeros((len(counts), len(small.weights)), np.int8)
    for place, each in enumerate(classes):
        for rank, vertex in enumerate(each):
            sides[:, vertex] = counts[:, place] > rank
    return sides


def _free_islands(small: Graph) -> list[list[int]]:
    """Vertices of no weight, those together that links among them join."""
    groups = Groups()
    free = [vertex for vertex, weight in enumerate(small.weights) if not weight]
    for u, v, _ in small.edges:
        if not small.weights[u] and not small.weights[v]:
            groups.join(u, v)
    found: dict[object, list[int]] = {}
    for vertex in free:
        found.setdefault(groups.of(vertex), []).append(vertex)
    return list(found.values())


def _together(small: Graph, islands: list[list[int]], sides: Sides) -> np.ndarray:
    """The least cut of each division: every place of each island's vertices is tried."""
    costs = np.zeros(len(sides))
    toward = np.zeros((len(small.weights), len(small.weights)))
    for u, v, rate in small.edges:
        if small.weights[u] and small.weights[v]:
            costs += rate * (sides[:, u] != sides[:, v])
        else:
            toward[u, v] = toward[v, u] = rate
    ends = [vertex for vertex, weight in enumerate(small.weights) if weight]
    for island in islands:
        on_a = sides[:, ends] @ toward[np.ix_(ends, island)]
        on_b = (1 - sides[:, ends]) @ toward[np.ix_(ends, island)]
        places = np.array(list(product((0, 1), repeat=len(island))), float)
        inner = np.zeros(len(places))
        for x, y in product(range(len(island)), repeat=2):
            if x < y and toward[island[x], island[y]]:
                inner += toward[island[x], island[y]] * (places[:, x] != places[:, y])
        costs += _least_places(on_a, on_b, places, inner)
    return costs


def _least_places(on_a: np.ndarray, on_b: np.ndarray, places: np.ndarray, inner: np.ndarray) -> np.ndarray:
    step = max(1, 4_000_000 // len(places))
    found = [
        (on_b[at : at + step] @ places.T + on_a[at : at + step] @ (1 - places).T + inner).min(axis=1)
        for at in range(0, len(on_a), step)
    ]
    return np.concatenate(found)


def _alone_on_free(small: Graph) -> bool:
    """Whether endpoints weigh one each and are linked only to what may stand anywhere."""
    return max(small.weights) == 1 and not any(small.weights[u] and small.weights[v] for u, v, _ in small.edges)


def _by_places(small: Graph, wanted: int) -> float:
    """The least cut over all places of what may stand anywhere; the endpoints that gain most by side A stand there."""
    ends = [vertex for vertex, weight in enumerate(small.weights) if weight]
    free = [vertex for vertex, weight in enumerate(small.weights) if not weight]
    toward = np.zeros((len(small.weights), len(small.weights)))
    for u, v, rate in small.edges:
        toward[u, v] = toward[v, u] = rate
    access, inner = toward[np.ix_(free, ends)], toward[np.ix_(free, free)]
    best = np.inf
    for start in range(0, 2 ** len(free), 2**16):
        codes = np.arange(start, min(start + 2**16, 2 ** len(free)))
        places = (codes[:, None] >> np.arange(len(free)) & 1).astype(float)
        on_a = (1 - places) @ access
        on_b = places @ access
        gains = np.sort(on_a - on_b, axis=1)[:, :wanted].sum(axis=1)
        across = ((places @ inner) * (1 - places)).sum(axis=1)
        best = min(best, float((on_b.sum(axis=1) + gains + across).min()))
    return best


# ---- a program ----------------------------------------------------------------------------------------------


def _programmed(small: Graph, classes: list[list[int]], wanted: int, seconds: float) -> Ends:
    """The least cut by HiGHS: sides of vertices, and for each edge whether it crosses."""
    vertices, edges = len(small.weights), len(small.edges)
    unit = whole_unit([rate for _, _, rate in small.edges])
    rows, columns, values = [], [], []

    def put(row: int, *terms: tuple[int, float]) -> None:
        for column, value in terms:
            rows.append(row)
            columns.append(column)
            values.append(value)

    for place, (u, v, _) in enumerate(small.edges):
        put(2 * place, (vertices + place, 1), (u, -1), (v, 1))
        put(2 * place + 1, (vertices + place, 1), (u, 1), (v, -1))
    put(2 * edges, *((vertex, weight) for vertex, weight in enumerate(small.weights) if weight))
    least_of, most_of = [0.0] * (2 * edges) + [wanted], [np.inf] * (2 * edges) + [wanted]
    for each in classes:
        for one, other in pairwise(each):
            put(len(least_of), (one, 1), (other, -1))  # twins in order: which of them is on A says nothing
            least_of, most_of = [*least_of, 0.0], [*most_of, np.inf]
    matrix = csr_array((values, (rows, columns)), shape=(len(least_of), vertices + edges))
    found = milp(
        c=np.array([0.0] * vertices + [rate / unit for _, _, rate in small.edges]),
        constraints=LinearConstraint(matrix, least_of, most_of),
        integrality=np.array([int(weight > 0) for weight in small.weights] + [0] * edges),
        bounds=Limits(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": 0},
    )
    low = 0.0 if found.mip_dual_bound is None else max(0.0, np.ceil(found.mip_dual_bound - 1e-6)) * unit
    high = float("inf") if found.x is None else flow_cut(small, np.round(found.x[:vertices]))
    return Ends(min(low, high), high)
