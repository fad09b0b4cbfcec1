"""Endpoints that only switches see, folded into classes: given the sides of the rest, their best places are greedy."""

from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.bisection.reduction import Simple

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@frozen(eq=False)
class Folded:
    """The vertices a search must decide (`core`) and the endpoints that follow.

    `core` (c,) are vertices of `graph`; `weights` (c,) their endpoints. Edges `u`, `v`, `capacity` join core
    positions. Class i has `members[i]` (vertices), all with capacity `pull[i, j]` to core j (dense rows are sparse
    in practice: `neighbours[i]` are the positions that count).
    """

    graph: Simple
    core: Ints
    weights: Ints
    u: Ints
    v: Ints
    capacity: Floats
    members: tuple[Ints, ...]
    neighbours: tuple[Ints, ...]
    pull: tuple[Floats, ...]

    @property
    def endpoints(self) -> int:
        """All endpoints, in the core and folded."""
        return int(self.graph.weights.sum())

    @cached_property
    def sizes(self) -> Ints:
        """Endpoints in each class, shape (classes,)."""
        return np.array([m.size for m in self.members], dtype=np.int64)

    @cached_property
    def ties(self) -> tuple[Ints, Ints, Floats]:
        """Every tie of a class: the class, the core position and the capacity from one endpoint, shape (ties,) each."""
        classes = np.repeat(np.arange(len(self.members)), [near.size for near in self.neighbours])
        near = np.concatenate([np.zeros(0, dtype=np.int64), *self.neighbours])
        return classes, near, np.concatenate([np.zeros(0), *self.pull])

    def pulled(self, side: NDArray[np.bool_]) -> Floats:
        """Capacity from one endpoint of each class to the core vertices on a side (core,), shape (classes,)."""
        classes, near, capacity = self.ties
        return np.bincount(classes, capacity * side[near], len(self.members)).astype(np.float64, copy=False)


def folded(graph: Simple) -> Folded:
    """The graph with every endpoint that touches switches alone put into a class of its like."""
    ends = graph.weights > 0
    beside = ends[graph.u] & ends[graph.v]
    tied = np.zeros(graph.order, dtype=bool)
    tied[graph.u[beside]] = tied[graph.v[beside]] = True
    follows = ends & ~tied & (graph.weights == 1)  # a heavier one cannot be moved by halves, so it stays in the core
    core = np.flatnonzero(~follows)
    position = np.full(graph.order, -1)
    position[core] = np.arange(core.size)
    inner = ~follows[graph.u] & ~follows[graph.v]
    members, neighbours, pull = _classes(graph, np.flatnonzero(follows), position)
    return Folded(
        graph,
        core,
        graph.weights[core],
        position[graph.u[inner]],
        position[graph.v[inner]],
        graph.capacity[inner],
        members,
        neighbours,
        pull,
    )


def _classes(
    graph: Simple, ends: Ints, position: Ints
) -> tuple[tuple[Ints, ...], tuple[Ints, ...], tuple[Floats, ...]]:
    near = graph.adjacency()
    capacity = graph.capacity[near.links]
    start, degree = near.starts[ends], near.degrees[ends]
    members: list[Ints] = []
    neighbours: list[Ints] = []
    pull: list[Floats] = []
    single = ends[degree == 1]
    if single.size:
        home, rate = position[near.targets[start[degree == 1]]], capacity[start[degree == 1]]
        order = np.lexsort((single, rate, home))
        changes = (np.diff(home[order]) != 0) | (np.diff(rate[order]) != 0)
        for group in np.split(order, np.flatnonzero(changes) + 1):
            members.append(single[group])
            neighbours.append(home[group[:1]])
            pull.append(rate[group[:1]])
    groups: dict[tuple[bytes, bytes], list[int]] = {}
    for vertex in ends[degree != 1].tolist():
        row = near.of(vertex)
        groups.setdefault((near.targets[row].tobytes(), capacity[row].tobytes()), []).append(vertex)
    for alike in groups.values():
        row = near.of(alike[0])
        members.append(np.array(alike, dtype=np.int64))
        neighbours.append(position[near.targets[row]])
        pull.append(capacity[row])
    return tuple(members), tuple(neighbours), tuple(pull)


def placed(net: Folded, side: NDArray[np.bool_], targets: tuple[int, ...]) -> tuple[float, NDArray[np.bool_]]:
    """Least capacity over endpoint placements with a target number on A, given the sides (c,) of the core.

    Returns infinity when the core alone breaks the balance. The second value is the side of every vertex of the graph.
    """
    best, order, taken = _placing(net, side, targets)
    out = np.zeros(net.graph.order, dtype=bool)
    out[net.core] = side
    for index in np.flatnonzero(taken).tolist():
        out[net.members[order[index]][: taken[index]]] = True
    return best, out


def placed_cost(net: Folded, side: NDArray[np.bool_], targets: tuple[int, ...]) -> float:
    """The capacity of `placed` alone, for the sides of the core, shape (core,)."""
    return _placing(net, side, targets)[0]


def _placing(net: Folded, side: NDArray[np.bool_], targets: tuple[int, ...]) -> tuple[float, Ints, Ints]:
    """The capacity of the best placement, the classes in the order in which they go to A, shape (classes,), and how many
    of each do, shape (classes,)."""
    fabric = float(net.capacity[side[net.u] != side[net.v]].sum())
    held = int(net.weights[side].sum())
    sizes = net.sizes
    to_a, to_b = net.pulled(side), net.pulled(~side)
    # those that lose least by leaving B for A go first: the cost is a sum over endpoints, so greed is exact
    order = np.argsort(to_b - to_a, kind="stable") if sizes.size else np.zeros(0, dtype=np.int64)
    ends = np.concatenate([[0], np.cumsum(sizes[order])])
    best, chosen = np.inf, np.zeros(order.size, dtype=np.int64)
    for target in targets:
        wanted = target - held
        if 0 <= wanted <= int(ends[-1]):
            taken = np.clip(wanted - ends[:-1], 0, sizes[order])
            cost = fabric + float((taken * to_b[order] + (sizes[order] - taken) * to_a[order]).sum())
            if cost < best:
                best, chosen = cost, taken
    return best, order, chosen
