"""Paths between two endpoints far apart: how many are shortest, and how many share no cable."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.topologies.adjacency import adjacency
from compiler.networks.topologies.topology import Graph, Topology
from compiler.numerics.tolerances import MEETING

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@frozen
class Diversity:
    """Between the first endpoint and one farthest from it: shortest paths, and paths that share no cable."""

    hops: int
    shortest: int
    disjoint: int


def path_diversity(network: Topology | Graph) -> Diversity | None:
    """The paths across a network, None when its endpoints are fewer than two or never meet, or when its shortest paths
    are more than a float counts."""
    graph = network.unroll() if isinstance(network, Topology) else network
    ends = np.flatnonzero(graph.weights > 0)
    if ends.size < 2:
        return None
    near, first = adjacency(graph.weights.size, graph.u, graph.v), int(ends[0])
    hops = near.hops(ends[:1])
    far = int(ends[np.argmax(hops[ends])])
    back = near.hops(np.array([far]))
    steps = _shortest(graph, hops, back, int(hops[far]))
    ways = float(_ways(steps, first)[far])
    if not hops[far] or not np.isfinite(ways):
        return None
    narrowest = min(int(graph.cables[near.links[near.of(end)]].sum()) for end in (first, far))
    fits = narrowest * _most_carried(steps, first) <= 1 + MEETING
    return Diversity(int(hops[far]), int(ways), narrowest if fits else _most_disjoint(graph, first, far))


@frozen(eq=False)
class _Steps:
    """Rows of cables on the shortest paths between two vertices, as steps away from the first: `tails` to `heads`, with
    their `cables` and the `level` of the tail, shape (steps,) each, among so many vertices."""

    tails: Ints
    heads: Ints
    cables: Ints
    level: Ints
    vertices: int
    distance: int


def _shortest(graph: Graph, hops: Ints, back: Ints, distance: int) -> _Steps:
    """The steps that lead from where `hops` counts to where `back` counts, both of shape (vertices,)."""
    tails, heads = np.concatenate([graph.u, graph.v]), np.concatenate([graph.v, graph.u])
    onward = (hops[tails] >= 0) & (back[heads] >= 0) & (hops[tails] + 1 + back[heads] == distance)
    tails, heads, cables = tails[onward], heads[onward], np.concatenate([graph.cables, graph.cables])[onward]
    return _Steps(tails, heads, cables.astype(np.int64), hops[tails], hops.size, distance)


def _ways(steps: _Steps, first: int) -> Floats:
    """Shortest paths to every vertex on the way, shape (vertices,), each cable of a row counted."""
    ways: Floats = np.zeros(steps.vertices)
    ways[first] = 1.0
    for level in range(steps.distance):
        now = steps.level == level
        added = steps.cables[now] * ways[steps.tails[now]]
        ways = ways + np.bincount(steps.heads[now], added, steps.vertices)
    return ways


def _most_carried(steps: _Steps, first: int) -> float:
    """The most that one cable carries of one unit of flow, when every vertex hands on what it has evenly over cables."""
    out = np.bincount(steps.tails, steps.cables, steps.vertices)
    held: Floats = np.zeros(steps.vertices)
    held[first] = 1.0
    for level in range(steps.distance):
        now = steps.level == level
        each = held[steps.tails[now]] / out[steps.tails[now]]
        held = held + np.bincount(steps.heads[now], steps.cables[now] * each, steps.vertices)
    on_way = out > 0
    return float((held[on_way] / out[on_way]).max(initial=0.0))


def _most_disjoint(graph: Graph, first: int, far: int) -> int:
    """Most paths that share no cable, by maximum flow (Menger 1927)."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    rows, columns = np.concatenate([graph.u, graph.v]), np.concatenate([graph.v, graph.u])
    each = np.concatenate([graph.cables, graph.cables]).astype(np.int32)
    cables = csr_array((each, (rows, columns)), shape=(graph.weights.size,) * 2)
    return int(maximum_flow(cables, first, far).flow_value)
