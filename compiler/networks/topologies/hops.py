"""Distances between endpoints: closed forms for what is regular, a search over bits for the rest."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from compiler.networks.topologies.adjacency import Adjacency, adjacency
from compiler.networks.topologies.size_limits import LIMITS
from compiler.networks.topologies.topology import Graph, Hops, ProductAxis, Topology, TopologyError

WORDS = 64  # sources of one sweep, in words of 64
CELLS = 8_000_000  # words gathered at once: bounds the memory of a search to some 64 MB


def axis_hops(axis: ProductAxis) -> tuple[int, float]:
    """Diameter of one axis, and its mean distance over all ordered pairs, a vertex with itself included.

    Ring k/4 (even) or (k^2-1)/(4k) (odd), path (k^2-1)/(3k), clique (k-1)/k: Dally & Towles 2004, ch. 3.
    """
    k = axis.size
    if axis.kind == "ring":
        return k // 2, (k * k // 4) / k
    if axis.kind == "path":
        return k - 1, (k * k - 1) / (3 * k)
    return min(1, k - 1), (k - 1) / k


def product_hops(axes: Sequence[ProductAxis], hanging: int = 0) -> Hops:
    """Hops in a product of axes: distances add. `hanging` endpoints on each vertex, two hops more; 0: the vertices
    themselves are the endpoints."""
    vertices = 1
    for axis in axes:
        vertices *= axis.size
    parts = [axis_hops(axis) for axis in axes]
    most, mean = sum(part[0] for part in parts), sum(part[1] for part in parts)
    endpoints = vertices * (hanging or 1)
    if endpoints <= 1:
        return Hops(0, 0.0)
    if hanging:
        # Of N ordered partners one is the endpoint itself, at 2 hops in the folded count.
        return Hops(most + 2 if vertices > 1 else 2, ((mean + 2) * endpoints - 2) / (endpoints - 1))
    return Hops(most, mean * endpoints / (endpoints - 1))


def nested_hops(sizes: Sequence[int]) -> Hops:
    """Hops in a tree of uniform subtrees: `sizes[i]` endpoints below one vertex of tier i + 1, the last all of them.

    Two endpoints meet at the lowest tier that holds both, twice its height apart.
    """
    endpoints = sizes[-1]
    if endpoints <= 1:
        return Hops(0, 0.0)
    total, inside, most = 0, 1, 0
    for height, size in enumerate(sizes, start=1):
        if size > inside:
            total += 2 * height * (size - inside)
            most = 2 * height
        inside = size
    return Hops(most, total / (endpoints - 1))


def grouped_hops(groups: Sequence[tuple[int, Sequence[int]]], endpoints: int) -> Hops:
    """Hops in a tree of unequal groups: each of `groups` says its height and the sizes of the groups of that height,
    the lowest first; endpoints meet in the smallest group that holds both."""
    ordered, most, met = 0, 0, endpoints  # ordered pairs, each endpoint with itself included
    for height, sizes in groups:
        together = sum(size * size for size in sizes)
        if together > met:
            ordered += 2 * height * (together - met)
            most = 2 * height
        met = together
    if endpoints <= 1:
        return Hops(0, 0.0)
    return Hops(None, None) if met < endpoints**2 else Hops(most, ordered / (endpoints * (endpoints - 1)))


def search(topology: Topology) -> Hops:
    """Hops by a breadth-first search from every endpoint, or from every switch when endpoints hang on one each."""
    return search_from(None)(topology)


def search_from(sources: Sequence[int] | None) -> Callable[[Topology], Hops]:
    """A search from `sources` only: vertices (of the switch graph, when it folds) that every other looks like under
    a symmetry, each standing for equally many."""

    def hops(topology: Topology) -> Hops:
        if topology.endpoints <= 1:
            return Hops(0, 0.0)
        folded = topology.switch_graph()
        if folded is None:
            graph = topology.unroll()
            return distances(graph, graph.weights, sources, 0)
        return distances(folded.graph, folded.endpoints, sources, 2)

    return hops


def distances(graph: Graph, weights: NDArray[np.int64], sources: Sequence[int] | None, extra: int) -> Hops:
    """Hops between `weights` endpoints on each vertex, shape (vertices,), `extra` more than between their vertices.

    Sixty-four searches share a word: a level is an OR over the neighbours of each vertex, so all distances of 10,000
    switches cost a few passes over the links per 64 sources. `sources` None: every vertex with endpoints. Raises
    `TopologyError` when that is over the limit.
    """
    near = adjacency(weights.size, graph.u, graph.v)
    chosen = np.flatnonzero(weights) if sources is None else np.asarray(sources, dtype=np.int64)
    chosen = chosen[np.argsort(weights[chosen], kind="stable")]  # so that a block has one weight
    endpoints = int(weights.sum())
    ordered, hops, most, steps = 0, 0, 0, 0
    for block in _blocks(chosen, weights, max(1, min(WORDS, CELLS // max(near.targets.size, 1)))):
        weight = int(weights[block[0]])
        for distance, new in enumerate(_levels(block, near)):
            met = weight * int(np.dot(np.bitwise_count(new).sum(axis=1, dtype=np.int64), weights))
            if distance == 0:
                met -= weight * block.size  # an endpoint with itself
            ordered += met
            steps += near.targets.size * new.shape[1]
            if steps > LIMITS["steps"]:
                raise TopologyError(
                    f"distances between {chosen.size:,} vertices over {near.targets.size:,} neighbours are too many to search"
                )
            hops += met * (distance + extra)
            most = max(most, distance + extra) if met else most
    pairs = int(weights[chosen].sum()) * (endpoints - 1)
    return Hops(None, None) if ordered < pairs or not pairs else Hops(most, hops / pairs)


def _blocks(chosen: NDArray[np.int64], weights: NDArray[np.int64], words: int) -> list[NDArray[np.int64]]:
    """Sources in blocks of one weight each, so that a count of bits is a count of endpoints."""
    changes = np.flatnonzero(np.diff(weights[chosen])) + 1
    size = 64 * words
    return [
        part[i : i + size] for part in np.split(chosen, changes) for i in range(0, part.size, size) if weights[part[0]]
    ]


def _levels(block: NDArray[np.int64], near: Adjacency) -> Iterator[NDArray[np.uint64]]:
    """For each distance from 0 on, which sources (bits) first reach which vertex (rows)."""
    words = -(-block.size // 64)
    bits = np.arange(block.size)
    new = np.zeros((near.vertices, words), dtype=np.uint64)
    np.bitwise_or.at(new, (block, bits // 64), np.uint64(1) << (bits % 64).astype(np.uint64))
    seen = new.copy()
    linked = np.flatnonzero(near.degrees)  # `reduceat` gives a vertex without links those of the next one
    while new.any():
        yield new
        reached = np.zeros_like(new)
        if linked.size:
            reached[linked] = np.bitwise_or.reduceat(new[near.targets], near.starts[linked], axis=0)
        new = reached & ~seen
        seen |= new


def two_step_hops(routers: int, links: int, hanging: int) -> Hops:
    """Hops in a graph of diameter two without parallel links, `hanging` endpoints on each router (0: routers count)."""
    each = hanging or 1
    endpoints = routers * each
    if endpoints <= 1:
        return Hops(0, 0.0)
    extra = 2 if hanging else 0
    near, far = 2 * links, routers * (routers - 1) - 2 * links  # ordered pairs of routers
    total = each * each * (near * (1 + extra) + far * (2 + extra)) + routers * each * (each - 1) * extra
    return Hops(2 + extra, total / (endpoints * (endpoints - 1)))
