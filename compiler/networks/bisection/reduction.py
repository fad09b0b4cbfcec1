"""An explicit network made small without changing any cut: parallel links, identical slices, dead ends, like endpoints.

Fix the sides of some boundary. What remains falls into components, each minimised by itself, and components that
touch the boundary alike may take the same sides. So identical planes, the spines of a leaf-spine and the slices of
a folded Clos each become one component with their summed capacity, and a wired Clos turns back into a tree.

Where like parts are drawn once (`counted_graph`), only vertices of one class are merged, and a switch with one
neighbour is a dead end only if that is of its own class or of one around it: to others it has as many links as copies.
"""

import numpy as np
from attrs import Factory, field, frozen
from numpy.typing import NDArray

from compiler.networks.bisection.counted_graph import WHOLE, Class, copies_of, is_within
from compiler.networks.topologies.adjacency import Adjacency, adjacency
from compiler.networks.topologies.connectivity import islands
from compiler.networks.topologies.topology import Graph
from compiler.numerics.tolerances import TIE

MOST_LEADERS = 16  # unlike switches over the same neighbours that others are held against: else all pairs would be

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@frozen(eq=False)
class Simple:
    """A simple weighted graph: `weights` (n,), and edges `u < v` (m,) with `capacity`, each pair once, sorted.

    `home` (n,) is the class of each vertex among `classes`, the whole where nothing is drawn once for many.
    """

    weights: Ints
    u: Ints
    v: Ints
    capacity: Floats
    home: Ints = field(default=Factory(lambda self: np.zeros(self.weights.size, dtype=np.int64), takes_self=True))
    classes: tuple[Class, ...] = (WHOLE,)

    @property
    def order(self) -> int:
        """The number of vertices."""
        return int(self.weights.size)

    @property
    def endpoints(self) -> int:
        """The number of endpoints in all copies."""
        loaded = np.flatnonzero(self.weights).tolist()
        return sum(int(self.weights[one]) * copies_of(self.classes, int(self.home[one])) for one in loaded)

    def adjacency(self) -> Adjacency:
        """Its links by vertex, the neighbours of each ascending."""
        return adjacency(self.order, self.u, self.v)


@frozen(eq=False)
class Reduced:
    """A smaller network with the same cuts; `image` (original vertices,) is where each went, -1 where nothing holds it."""

    graph: Simple
    image: Ints

    def expanded(self, side: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The side of every original vertex, shape (original vertices,), from that of the reduced ones, shape (vertices,)."""
        return np.asarray(np.where(self.image >= 0, side[self.image], False))


def simple(graph: Graph) -> Simple:
    """The graph with parallel rows added up; loops and links without capacity cut nothing and go."""
    return joined(graph.weights.astype(np.int64), graph.u, graph.v, graph.bandwidth)


def joined(
    weights: Ints,
    u: NDArray[np.integer],
    v: NDArray[np.integer],
    capacity: Floats,
    home: Ints | None = None,
    classes: tuple[Class, ...] = (WHOLE,),
) -> Simple:
    """A simple graph from rows of links, shapes (m,): parallel rows added up, loops and empty links left out."""
    low, high = np.minimum(u, v).astype(np.int64), np.maximum(u, v).astype(np.int64)
    real = (low != high) & (capacity > 0)
    key = low[real] * weights.size + high[real]
    pairs, inverse = np.unique(key, return_inverse=True)
    total = np.bincount(inverse, weights=capacity[real], minlength=pairs.size)
    low, high = np.divmod(pairs, max(1, weights.size))
    own = np.zeros(weights.size, dtype=np.int64) if home is None else home
    return Simple(weights, low, high, total.astype(np.float64), own, classes)


def reduced(graph: Simple) -> Reduced:
    """The network with every identical slice merged and dead ends gone."""
    image = np.arange(graph.order)
    # from the top down: slices of the upper tiers must be one before those below can be seen to touch them alike
    for depth in range(int(_levels(graph).max(initial=0)), -1, -1):
        merged = _merged_slices(graph, _levels(graph) > depth)
        if merged is not None:
            graph, step = merged
            image = step[image]
    graph, step = _merged_parallel(graph)
    image = step[image]
    graph, step = _without_dead_ends(graph)
    return Reduced(graph, np.where(image >= 0, step[image], -1))


def _levels(graph: Simple) -> Ints:
    """Switch hops from the nearest endpoint, shape (n,); switches that reach none count as level 1."""
    hops = graph.adjacency().hops(np.flatnonzero(graph.weights > 0))
    return np.where(hops < 0, 1, hops)


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A 64-bit mixer (the finaliser of splitmix64), so that sums of colours tell multisets apart."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)))


def _colours(graph: Simple, inner: NDArray[np.bool_], rounds: int) -> NDArray[np.uint64]:
    """Colours that tell inner vertices apart by what they touch; a boundary vertex is its own colour."""
    n = graph.order
    own = _mixed(np.arange(1, n + 1, dtype=np.uint64))
    colour = np.where(inner, _mixed(graph.home.astype(np.uint64) + np.uint64(7)), own)
    rows, columns = np.concatenate([graph.u, graph.v]), np.concatenate([graph.v, graph.u])
    weight = _mixed(np.concatenate([graph.capacity, graph.capacity]).view(np.uint64))
    order = np.argsort(rows, kind="stable")
    rows, columns, weight = rows[order], columns[order], weight[order]
    starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]]) if rows.size else np.zeros(0, dtype=np.int64)
    touched = rows[starts] if rows.size else rows
    with np.errstate(over="ignore"):
        for _ in range(rounds):
            gathered = np.zeros(n, dtype=np.uint64)
            if starts.size:
                gathered[touched] = np.add.reduceat(_mixed(colour[columns] ^ weight), starts)
            colour = np.where(inner, _mixed(colour + gathered), own)
    return np.asarray(colour)


def _merged_slices(graph: Simple, inner: NDArray[np.bool_]) -> tuple[Simple, Ints] | None:
    """Identical components of `inner` made one, and where each vertex went; None when there are none."""
    inside = np.flatnonzero(inner)
    if inside.size < 2:
        return None
    both = inner[graph.u] & inner[graph.v]
    component = islands(graph.order, graph.u[both], graph.v[both])
    colour = _colours(graph, inner, rounds=4)
    order = inside[np.lexsort((colour[inside], component[inside]))]
    first = np.flatnonzero(np.r_[True, component[order][1:] != component[order][:-1]])
    with np.errstate(over="ignore"):
        keys = _mixed(np.add.reduceat(_mixed(colour[order]), first))
    sizes = np.diff(np.r_[first, order.size])
    twice = (component[order][1:] == component[order][:-1]) & (colour[order][1:] == colour[order][:-1])
    # where two vertices of a component look alike, nothing tells which is whose copy: it stays as it is
    vague = set(component[order][1:][twice].tolist())
    image = np.arange(graph.order)
    copies = np.ones(graph.order, dtype=np.int64)
    leaders: dict[tuple[int, int], int] = {}
    for start, size, key in zip(first.tolist(), sizes.tolist(), keys.tolist(), strict=True):
        if int(component[order[start]]) in vague:
            continue
        leader = leaders.setdefault((key, size), start)
        if leader != start:
            image[order[start : start + size]] = order[leader : leader + size]
            copies[order[leader : leader + size]] += 1
    if int(copies.max()) == 1 or not _is_faithful(graph, inner, image, copies):
        return None
    return _contracted(graph, image)


def _is_faithful(graph: Simple, inner: NDArray[np.bool_], image: Ints, copies: Ints) -> bool:
    """True when every copy has exactly the links of its leader: each image link is met once by each copy, all alike."""
    moved = inner[graph.u] | inner[graph.v]
    u, v, capacity = image[graph.u[moved]], image[graph.v[moved]], graph.capacity[moved]
    expected = np.maximum(copies[u], copies[v])
    key = np.minimum(u, v) * graph.order + np.maximum(u, v)
    order = np.argsort(key, kind="stable")
    key, capacity, expected = key[order], capacity[order], expected[order]
    if not key.size:
        return True
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    counts = np.diff(np.r_[starts, key.size])
    alike = np.maximum.reduceat(capacity, starts) == np.minimum.reduceat(capacity, starts)
    return bool(np.all(counts == expected[starts]) and np.all(alike))


def _merged_parallel(graph: Simple) -> tuple[Simple, Ints]:
    """Switches with the same neighbours and proportional links to them made one: what is least for one is for all."""
    near, image = graph.adjacency(), np.arange(graph.order)
    capacity, home = graph.capacity[near.links], graph.home.tolist()
    inner = np.flatnonzero((graph.weights == 0) & (near.degrees > 0))
    if inner.size < 2:
        return graph, image
    mixed = _mixed(near.targets.astype(np.uint64) + np.uint64(1))
    with np.errstate(over="ignore"):
        # one more at the end, where the last vertices may begin that have no links
        keys = np.add.reduceat(np.append(mixed, np.uint64(0)), near.starts[:-1])[inner]
        keys = _mixed(keys + _mixed(graph.home[inner].astype(np.uint64)))
    _, which, counts = np.unique(keys, return_inverse=True, return_counts=True)
    often = np.flatnonzero(counts[which] > 1)
    order = often[np.argsort(which[often], kind="stable")]
    for run in np.split(inner[order], np.flatnonzero(np.diff(which[order])) + 1):
        leaders: list[int] = []
        for vertex in run.tolist():
            alike = (one for one in leaders if home[one] == home[vertex] and _is_parallel(near, capacity, one, vertex))
            leader = next(alike, vertex)
            image[vertex] = leader
            if leader == vertex and len(leaders) < MOST_LEADERS:
                leaders.append(vertex)
    return _contracted(graph, image) if (image != np.arange(graph.order)).any() else (graph, image)


def _is_parallel(near: Adjacency, capacity: Floats, one: int, other: int) -> bool:
    a, b = near.of(one), near.of(other)
    if not np.array_equal(near.targets[a], near.targets[b]):
        return False
    first, second = capacity[a], capacity[b]
    return bool(np.all(np.abs(first * second.sum() - second * first.sum()) <= TIE * first * second.sum()))


def _contracted(graph: Simple, image: Ints) -> tuple[Simple, Ints]:
    kept, renamed = np.unique(image, return_inverse=True)
    small = joined(
        graph.weights[kept], renamed[graph.u], renamed[graph.v], graph.capacity, graph.home[kept], graph.classes
    )
    return small, renamed


def _without_dead_ends(graph: Simple) -> tuple[Simple, Ints]:
    """Switches with at most one neighbour follow it; `image` is -1 for those that nothing holds."""
    image = np.arange(graph.order)
    while True:
        degree = np.bincount(graph.u, minlength=graph.order) + np.bincount(graph.v, minlength=graph.order)
        loose = (graph.weights == 0) & (degree <= 1)
        if len(graph.classes) > 1:
            _keep_those_of_copies(graph, loose)
        if not loose.any():
            return graph, image
        target = np.arange(graph.order)
        tail_u, tail_v = loose[graph.u], loose[graph.v]
        target[graph.u[tail_u & ~tail_v]] = graph.v[tail_u & ~tail_v]
        target[graph.v[tail_v & ~tail_u]] = graph.u[tail_v & ~tail_u]
        kept = np.flatnonzero(~loose)
        renamed = np.full(graph.order, -1)
        renamed[kept] = np.arange(kept.size)
        links = ~(tail_u | tail_v)
        image = np.where(image >= 0, renamed[target[image]], -1)
        graph = joined(
            graph.weights[kept],
            renamed[graph.u[links]],
            renamed[graph.v[links]],
            graph.capacity[links],
            graph.home[kept],
            graph.classes,
        )


def _keep_those_of_copies(graph: Simple, loose: NDArray[np.bool_]) -> None:
    """Take switches whose one neighbour stands for several of theirs off the dead ends."""
    for ends, others in ((graph.u, graph.v), (graph.v, graph.u)):
        for one, other in zip(ends[loose[ends]].tolist(), others[loose[ends]].tolist(), strict=True):
            if not is_within(graph.classes, int(graph.home[one]), int(graph.home[other])):
                loose[one] = False
