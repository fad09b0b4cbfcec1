"""Whether everybody can reach everybody: the proof by walking the links."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from compiler.networks.topologies.topology import Graph


def components(graph: Graph) -> int:
    """How many islands hold at least one endpoint; switches without endpoints do not count. 0 for no endpoints."""
    labels = islands(graph.weights.size, graph.u, graph.v)
    return int(np.unique(labels[graph.weights > 0]).size)


def islands(vertices: int, u: NDArray[Any], v: NDArray[Any]) -> NDArray[np.int32]:
    """For each vertex the number of its island, shape (vertices,)."""
    # scipy takes 0.2 s to import, and only a proof needs it
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    matrix = coo_array((np.ones(u.size, dtype=np.int8), (u, v)), shape=(vertices, vertices))
    labels: NDArray[np.int32] = connected_components(matrix, directed=False)[1]
    return labels
