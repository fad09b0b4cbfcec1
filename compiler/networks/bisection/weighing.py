"""Weights of endpoints, one each or by injection bandwidth, and the divisions that then count as halves."""

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from compiler.networks.bisection.weighted import quantum
from compiler.networks.topologies.topology import Graph

HEAVIEST = 100_000  # total weight up to which divisions by injection are searched: tables are as wide as it is


def injection_weights(graph: Graph) -> NDArray[np.int64] | None:
    """Weights (vertices,) in the largest common unit of the endpoints' injection; None when there is no small one.

    Equal injection is weight 1 each; an endpoint without links weighs nothing.
    """
    n = graph.weights.size
    strength = np.zeros(n)
    np.add.at(strength, graph.u, graph.bandwidth)
    np.add.at(strength, graph.v, graph.bandwidth)
    strength[graph.weights == 0] = 0.0
    unit = quantum(strength[strength > 0])
    if unit is None:
        return np.zeros(n, dtype=np.int64) if not strength.any() else None
    weights = np.rint(strength / unit).astype(np.int64)
    weights //= max(1, int(np.gcd.reduce(weights)))
    return weights if int(weights.sum()) <= HEAVIEST else None


def weighted(graph: Graph, weights: NDArray[np.int64]) -> Graph:
    """The graph with other endpoint weights, shape (vertices,)."""
    return evolve(graph, weights=weights)


def halves(weights: NDArray[np.int64]) -> tuple[int, ...]:
    """The weights of side A that divide the total as evenly as the endpoints, shape (vertices,), allow, smallest first."""
    total = int(weights.sum())
    if not (weights > 1).any():
        return tuple(sorted({total // 2, total - total // 2}))
    reachable = 1
    for weight in weights[weights > 0].tolist():
        reachable |= reachable << weight
    least = next(t for t in range(total // 2, -1, -1) if reachable >> t & 1)
    return tuple(sorted({least, total - least}))
