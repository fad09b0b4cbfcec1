"""What crosses when the endpoints have their sides, and everything else stands where that costs least."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from tests.judge.graph import Graph


def flow_cut(small: Graph, row: np.ndarray) -> float:
    """The least cut that leaves the endpoints where they are: a maximum flow from one side to the other."""
    if not small.edges:
        return 0.0
    unit = whole_unit([rate for _, _, rate in small.edges])
    free = {vertex: place + 2 for place, vertex in enumerate(v for v, w in enumerate(small.weights) if not w)}
    at = [free.get(vertex, int(not row[vertex])) for vertex in range(len(small.weights))]
    pairs = [(at[u], at[v], round(rate / unit)) for u, v, rate in small.edges]
    rows = np.array([[u, v] for u, v, _ in pairs] + [[v, u] for u, v, _ in pairs])
    rates = np.array([rate for _, _, rate in pairs] * 2, np.int64)
    size = len(free) + 2
    capacity = csr_array((rates, (rows[:, 0], rows[:, 1])), shape=(size, size))
    capacity.sum_duplicates()
    return float(maximum_flow(capacity.astype(np.int32), 0, 1).flow_value * unit)


def whole_unit(rates: list[float]) -> float:
    """A rate of which all are whole multiples."""
    for parts in (1, 2, 4, 8, 10, 100, 1000):
        if all(abs(rate * parts - round(rate * parts)) < 1e-9 for rate in rates):
            return float(np.gcd.reduce([round(rate * parts) for rate in rates])) / parts
    return 1e-5
