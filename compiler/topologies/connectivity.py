"""Whether everybody can reach everybody: the proof by walking the links."""

import numpy as np

from compiler.topologies.model import Graph


def components(graph: Graph) -> int:
    """How many islands hold at least one endpoint; switches without endpoints do not count. 0 for no endpoints."""
    # scipy takes 0.2 s to import, and only a proof needs it
    from scipy.sparse import coo_array  # type: ignore[import-untyped]
    from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

    n = graph.weights.size
    matrix = coo_array((np.ones(graph.u.size, dtype=np.int8), (graph.u, graph.v)), shape=(n, n))
    _, labels = connected_components(matrix, directed=False)
    return int(np.unique(labels[graph.weights > 0]).size)
