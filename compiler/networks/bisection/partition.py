"""Good cuts of explicit networks: multilevel partitions, spectral sweeps, then moves with endpoints placed exactly.

Nothing here certifies anything; it only has to find. METIS (Karypis & Kumar 1998) is used where it is installed.
"""

import heapq
from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from compiler.networks.bisection.folding import Folded, placed, placed_cost
from compiler.numerics.tolerances import TIE

Side = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Metis(Protocol):
    """The part of the binding `pymetis` that is used here."""

    def CSRAdjacency(self, starts: Ints, targets: Ints, /) -> object: ...  # noqa: N802 -- its name there
    def Options(self, *, seed: int) -> object: ...  # noqa: N802
    def part_graph(
        self, parts: int, adjacency: object, *, vweights: Ints, eweights: Ints, options: object
    ) -> tuple[int, list[int]]: ...


def metis_module() -> Metis | None:
    """The METIS binding, if installed."""
    try:
        return cast(Metis, import_module("pymetis"))
    except ImportError:
        return None


def repaired(net: Folded, side: Side, targets: tuple[int, ...]) -> Side:
    """The nearest side (core,) of the core that endpoints can balance: vertices move while the balance is out of reach."""
    room = int(net.sizes.sum())
    low, high = min(targets) - room, max(targets)
    side = side.copy()
    held = int(net.weights[side].sum())
    if low <= held <= high:
        return side
    matrix = _matrix(net)
    gain = _gains(matrix, side)
    moving = held > high
    heap = [(-gain[i], i) for i in np.flatnonzero((side == moving) & (net.weights > 0)).tolist()]
    heapq.heapify(heap)
    while heap and not low <= held <= high:
        negative, vertex = heapq.heappop(heap)
        if side[vertex] != moving or -negative != gain[vertex]:
            continue  # an entry from before its gain changed; a newer one is in the heap
        held += int(net.weights[vertex]) * (-1 if moving else 1)
        _flip(matrix, side, gain, vertex)
        for other in matrix.indices[matrix.indptr[vertex] : matrix.indptr[vertex + 1]].tolist():
            if side[other] == moving and net.weights[other]:
                heapq.heappush(heap, (-gain[other], other))
    return side


def _matrix(net: Folded) -> csr_array:
    c = net.core.size
    rows, columns = np.concatenate([net.u, net.v]), np.concatenate([net.v, net.u])
    return csr_array((np.concatenate([net.capacity, net.capacity]), (rows, columns)), shape=(c, c))


def _gains(matrix: csr_array, side: Side) -> NDArray[np.float64]:
    """Capacity by which the fabric cut falls when a vertex changes side."""
    sign = np.where(side, 1.0, -1.0)
    return np.asarray(-sign * (matrix @ sign))


def _flip(matrix: csr_array, side: Side, gain: NDArray[np.float64], vertex: int) -> None:
    row = slice(matrix.indptr[vertex], matrix.indptr[vertex + 1])
    near, capacity = matrix.indices[row], matrix.data[row]
    same = side[near] == side[vertex]
    gain[vertex] = -gain[vertex]
    gain[near] += np.where(same, 2.0, -2.0) * capacity
    side[vertex] = not side[vertex]


def refined(net: Folded, side: Side, targets: tuple[int, ...], passes: int) -> tuple[float, Side]:
    """Fiduccia-Mattheyses passes on the core, each prefix judged with endpoints placed exactly; (capacity, full side).

    A vertex weighs what hangs on it; moves go from the heavier side, so every second prefix is near balance.
    """
    side = repaired(net, side, targets)
    value, full = placed(net, side, targets)
    matrix = _matrix(net)
    load = _load(net)
    for _ in range(passes):
        trial = side.copy()
        order = list(_moves(matrix, trial.copy(), load))
        best, best_side = value, None
        stride = max(1, len(order) // 64)  # placing endpoints costs as much as many moves, so not after each of them
        for i, vertex in enumerate(order):
            trial[vertex] = not trial[vertex]
            if i % stride == 0 or len(order) <= 400:
                cost = placed_cost(net, trial, targets)
                if cost < best * (1 - TIE):
                    best, best_side = cost, trial.copy()
        if best_side is None:
            break
        side, value = best_side, best
    value, full = placed(net, side, targets)
    return value, full


def refining(net: Folded, passes: int) -> float:
    """The most entries that `refined` touches: each trial looks at every class, its ties, and every link."""
    order = net.core.size
    trials = order if order <= 400 else 64
    return float(passes) * trials * (4000.0 + 4 * net.sizes.size + 2 * net.ties[0].size + net.u.size)


def _load(net: Folded) -> NDArray[np.float64]:
    load = net.weights.astype(np.float64)
    for group, near, pull in zip(net.members, net.neighbours, net.pull, strict=True):
        load[near] += group.size * pull / pull.sum() if near.size else 0.0
    return load


def _moves(matrix: csr_array, side: Side, load: NDArray[np.float64]) -> Iterator[int]:
    """Vertices in the order a pass would move them, each once."""
    gain = _gains(matrix, side)
    heaps: dict[bool, list[tuple[float, int]]] = {False: [], True: []}
    for i in range(side.size):
        heaps[bool(side[i])].append((-gain[i], i))
    for heap in heaps.values():
        heapq.heapify(heap)
    locked = np.zeros(side.size, dtype=bool)
    excess = float(load[side].sum() - load[~side].sum())
    for _ in range(side.size):
        source = excess > 0
        if not (vertex := _popped(heaps[source], gain, locked, side, source) + 1):
            source = not source
            if not (vertex := _popped(heaps[source], gain, locked, side, source) + 1):
                return
        vertex -= 1
        locked[vertex] = True
        excess += 2 * load[vertex] * (-1 if source else 1)
        _flip(matrix, side, gain, vertex)
        for other in matrix.indices[matrix.indptr[vertex] : matrix.indptr[vertex + 1]].tolist():
            if not locked[other]:
                heapq.heappush(heaps[bool(side[other])], (-gain[other], other))
        yield vertex


def _popped(heap: list[tuple[float, int]], gain: NDArray[np.float64], locked: Side, side: Side, source: bool) -> int:
    while heap:
        negative, vertex = heapq.heappop(heap)
        if not locked[vertex] and bool(side[vertex]) == source and -negative == gain[vertex]:
            return vertex
    return -1


def random_sides(net: Folded, count: int, seed: int) -> Iterator[Side]:
    """Halves grown breadth-first from seeded vertices, sides of the core of shape (core,)."""
    rng = np.random.default_rng(seed)
    matrix, load = _matrix(net), _load(net)
    for _ in range(count):
        side = np.zeros(net.core.size, dtype=bool)
        noise = rng.random(net.core.size)
        heap = [(0.0, int(rng.integers(net.core.size)))]
        seen = {heap[0][1]}
        held, half = 0.0, load.sum() / 2
        while held < half:
            if not heap:
                fresh = np.flatnonzero(~side)
                heap = [(0.0, int(fresh[0]))]
            _, vertex = heapq.heappop(heap)
            if side[vertex]:
                continue
            side[vertex] = True
            held += load[vertex]
            for other in matrix.indices[matrix.indptr[vertex] : matrix.indptr[vertex + 1]].tolist():
                if other not in seen:
                    seen.add(other)
                    # nearly first come, first served: the noise makes every seed grow another way
                    heapq.heappush(heap, (float(noise[other]) + len(seen) * 0.01, other))
        yield side


def metis_sides(net: Folded, count: int) -> Iterator[Side]:
    """Sides of the core by METIS, shape (core,), one a seed, its own defaults; nothing when it is not installed."""
    metis = metis_module()
    if metis is None or net.core.size < 4 or not net.graph.u.size:
        return
    graph = net.graph
    near = graph.adjacency()
    weights = np.maximum(1, np.rint(graph.capacity[near.links] * _scale(graph.capacity))).astype(np.int64)
    adjacency = metis.CSRAdjacency(near.starts, near.targets)
    for seed in range(count):
        options = metis.Options(seed=seed)
        _, part = metis.part_graph(2, adjacency, vweights=graph.weights, eweights=weights, options=options)
        yield np.asarray(part, dtype=bool)[net.core]


def _scale(capacity: NDArray[np.float64]) -> float:
    """A factor that makes capacities whole numbers METIS can add up."""
    smallest, total = float(capacity.min(initial=np.inf)), float(capacity.sum())
    if np.allclose(capacity / smallest, np.rint(capacity / smallest)) and total / smallest < 2**30:
        return 1.0 / smallest
    return 2.0**30 / total
