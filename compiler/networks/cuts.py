"""Certified bisection and diameter of one network of a design, each worked out once and kept as long as the network lives."""

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from attrs import evolve

from compiler.ir.cluster import Connection, Network
from compiler.networks.links import is_rate_certain, rate_of, topology_of

if TYPE_CHECKING:
    from compiler.networks.bisection.bound import Bound

MOST_SEARCHED = 5_000
"""Vertices up to which a diameter is searched for."""

_bounds: "WeakKeyDictionary[Network, dict[str, Bound]]" = WeakKeyDictionary()


def network_bisection(network: Network, effort: str = "normal") -> "Bound":
    """The certified bisection bandwidth of a network by itself, B/s, one direction; an interval where link rates are."""
    known = _bounds.setdefault(network, {})
    if effort not in known:
        known[effort] = _bisection(network, effort)
    return known[effort]


def _bisection(network: Network, effort: str) -> "Bound":
    from compiler.networks.bisection.bound import absent
    from compiler.networks.topologies.topology import TopologyError

    inside = [connection for connection in network.connections if not connection.external]
    if not inside:
        return absent("its links leave the design; what they meet outside is not described")
    if any(connection.shape is not None for connection in inside) and len(inside) > 1:
        return absent("a named topology joined with further connections is not yet composed")
    try:
        if is_rate_certain(network):
            return _bisection_at(network, inside[0], effort, "middle")
        low, high = (_bisection_at(network, inside[0], effort, end) for end in ("low", "high"))
    except TopologyError as error:
        return absent(str(error))
    return evolve(
        high, lower=low.lower, status="bounds", method=f"{high.method}, at the least and the most of the link rates"
    )


def _bisection_at(network: Network, first: Connection, effort: str, end: str) -> "Bound":
    from compiler.networks.bisection.portfolio import bisection
    from compiler.networks.bisection.scaling import scaled_bound
    from compiler.networks.unrolled import graph_of

    if first.shape is None:
        return bisection(graph_of(network, end), effort=effort)
    return scaled_bound(bisection(topology_of(first), effort=effort), first.shape.each * rate_of(first, end))


def network_diameter(network: Network) -> int | None:
    """Most link hops between two endpoints; None when it is not known or some never meet."""
    inside = [connection for connection in network.connections if not connection.external]
    if len(inside) == 1 and inside[0].shape is not None:
        return topology_of(inside[0]).diameter
    if not inside or any(connection.shape is not None for connection in inside):
        return None
    return _searched_diameter(network)


def _searched_diameter(network: Network) -> int | None:
    """The diameter of an explicit network by breadth-first search over its graph."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import shortest_path

    from compiler.networks.unrolled import graph_of

    graph = graph_of(network)
    if graph.weights.size > MOST_SEARCHED:
        return None
    matrix = csr_matrix((np.ones(graph.u.size), (graph.u, graph.v)), shape=(graph.weights.size,) * 2)
    ends = np.flatnonzero(graph.weights)
    most = 0.0
    for start in range(0, ends.size, 256):
        distances = shortest_path(matrix, directed=False, unweighted=True, indices=ends[start : start + 256])
        most = max(most, float(distances[:, ends].max()))
    return None if np.isinf(most) else int(most)
