"""Islands of a network: which vertices reach each other over its links."""

import numpy as np
from numpy.typing import NDArray

from compiler.networks.topologies.topology import Graph

Ints = NDArray[np.int64]


def components(graph: Graph) -> int:
    """The number of islands that hold at least one endpoint; switches without endpoints do not count. 0 for no endpoints."""
    labels = islands(graph.weights.size, graph.u, graph.v)
    return int(np.unique(labels[graph.weights > 0]).size)


def islands(vertices: int, u: NDArray[np.integer], v: NDArray[np.integer]) -> Ints:
    """The number of the island of each vertex, shape (vertices,), for links u to v, shape (links,).

    Islands are numbered in the order of their first vertices. Every vertex points to the least one that it is known to
    reach; links hand that on and pointers are followed to their ends, so a few rounds are enough (Shiloach & Vishkin,
    An O(log n) parallel connectivity algorithm, J. Algorithms 3, 1982).
    """
    least = np.arange(vertices)
    while True:
        one, other = least[u], least[v]
        if np.array_equal(one, other):
            return np.unique(least, return_inverse=True)[1]
        lower = np.minimum(one, other)
        np.minimum.at(least, one, lower)
        np.minimum.at(least, other, lower)
        while not np.array_equal(further := least[least], least):
            least = further
