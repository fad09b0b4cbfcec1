"""Paths between two endpoints far apart: how many are shortest, and how many share no cable."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.topologies.adjacency import Adjacency, adjacency
from compiler.networks.topologies.tolerances import MEETING
from compiler.networks.topologies.topology import Graph, Topology

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
    distance = int(hops[far])
    ways = _ways(graph, near, hops)
    if not distance or not np.isfinite(ways[far]):
        return None
    back = near.hops(np.array([far]))
    shares = _shares(graph, hops, ways, back, _ways(graph, near, back))
    narrowest = min(int(graph.cables[near.links[near.of(end)]].sum()) for end in (first, far))
    if narrowest * shares <= 1 + MEETING:
        return Diversity(distance, int(ways[far]), narrowest)
    return Diversity(distance, int(ways[far]), _most_disjoint(graph, first, far))


def _ways(graph: Graph, near: Adjacency, hops: Ints) -> Floats:
    """Shortest paths from where `hops` is 0 to every vertex, shape (vertices,), each cable of a row counted."""
    ways: Floats = (hops == 0).astype(np.float64)
    ends = np.repeat(np.arange(near.vertices), near.degrees)
    onward = hops[ends] == hops[near.targets] + 1
    ends, others, cables = ends[onward], near.targets[onward], graph.cables[near.links[onward]]
    for level in range(1, int(hops.max(initial=0)) + 1):
        now = hops[ends] == level
        ways = ways + np.bincount(ends[now], cables[now] * ways[others[now]], near.vertices)
    return ways


def _shares(graph: Graph, hops: Ints, ways: Floats, back: Ints, returning: Floats) -> float:
    """The most of one unit of flow that a single cable carries when every shortest path carries an equal share."""
    most = 0.0
    distance = int(hops[back == 0].max())
    total = float(ways[back == 0].max())
    for tails, heads in ((graph.u, graph.v), (graph.v, graph.u)):
        on_way = (hops[tails] + 1 + back[heads] == distance) & (hops[tails] >= 0) & (back[heads] >= 0)
        most = max(most, float((ways[tails[on_way]] * returning[heads[on_way]] / total).max(initial=0.0)))
    return most


def _most_disjoint(graph: Graph, first: int, far: int) -> int:
    """Most paths that share no cable, by maximum flow (Menger 1927)."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    rows, columns = np.concatenate([graph.u, graph.v]), np.concatenate([graph.v, graph.u])
    each = np.concatenate([graph.cables, graph.cables]).astype(np.int32)
    cables = csr_array((each, (rows, columns)), shape=(graph.weights.size,) * 2)
    return int(maximum_flow(cables, first, far).flow_value)
