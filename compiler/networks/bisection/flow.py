"""Lower bounds from routing: what every ordered pair of endpoints can send at once must fit through any cut."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from compiler.networks.bisection.checker import Unproven, checked_flow
from compiler.networks.bisection.weighted import Loaded

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
CHUNK_ENTRIES = 4_000_000  # of roots by arcs at once: 32 MB


def shortest_path_rate(net: Loaded, work: float) -> tuple[float, str] | None:
    """(rate, how): the uniform rate that shortest paths carry, split by capacity; None when some pair has no path.

    Where all sources are more than the budget allows, every pair goes by one of a few roots instead (two-phase
    routing, Valiant): certified as well, but weaker.
    """
    tails, heads = np.concatenate([net.u, net.v]), np.concatenate([net.v, net.u])
    capacity = np.concatenate([net.capacity, net.capacity])
    n, arcs = net.loads.size, tails.size
    if not arcs or not net.endpoints:
        return None
    sources = np.flatnonzero(net.loads)
    reach = _distances(net, sources[:1])
    if np.isinf(reach[0, sources]).any():
        return None
    levels = 2 * int(reach[0][np.isfinite(reach[0])].max()) + 1
    price = 4.0 * arcs + 3000.0 * levels  # of one source, in entries: passes over the arcs, and calls for each level
    all_sources = sources.size * price <= work
    if not all_sources:
        count = max(1, min(sources.size, int(work / price)))
        sources = sources[np.linspace(0, sources.size - 1, count).astype(np.int64)]
    total = np.zeros(arcs)
    chunk = max(1, CHUNK_ENTRIES // max(arcs, n))
    for start in range(0, sources.size, chunk):
        roots = sources[start : start + chunk]
        flow = _spread(net, roots, tails, heads, capacity)
        weight = net.loads[roots] if all_sources else np.full(roots.size, net.endpoints / sources.size)
        try:
            checked_flow(tails, heads, flow, roots, net.loads)
        except Unproven:
            return None
        total += weight @ flow
    if not all_sources:
        # the second phase leads back from the roots, over the same links the other way
        total = total + np.concatenate([total[net.u.size :], total[: net.u.size]])
    used = total > 0
    rate = float((capacity[used] / total[used]).min()) if used.any() else np.inf
    return rate, "shortest-path flow" if all_sources else "flow by way of a few roots"


def _distances(net: Loaded, sources: Ints) -> Floats:
    n = net.loads.size
    links = csr_array((np.ones(net.u.size), (net.u, net.v)), shape=(n, n))
    return np.asarray(dijkstra(links, directed=False, indices=sources, unweighted=True))


def _spread(net: Loaded, roots: Ints, tails: Ints, heads: Ints, capacity: Floats) -> Floats:
    """Flow from each root to every vertex, as much as its load, along shortest paths; shape (roots, arcs)."""
    n = net.loads.size
    distance = _distances(net, roots)
    distance[np.isinf(distance)] = -5.0  # so that no arc there leads from one distance to the next
    forward = distance[:, heads] == distance[:, tails] + 1
    flow = np.zeros((roots.size, tails.size))
    for row in range(roots.size):
        arcs = np.flatnonzero(forward[row])
        level = distance[row, heads[arcs]].astype(np.int64)
        arcs = arcs[np.argsort(-level, kind="stable")]
        counts = np.bincount(level)
        share = capacity[arcs]
        into = np.bincount(heads[arcs], weights=share, minlength=n)
        wanted = net.loads.astype(np.float64)
        start = 0
        for size in counts[:0:-1].tolist():
            now = arcs[start : start + size]
            sent = wanted[heads[now]] * capacity[now] / into[heads[now]]
            flow[row, now] = sent
            wanted += np.bincount(tails[now], weights=sent, minlength=n)
            start += size
    return flow
