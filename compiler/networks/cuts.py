"""Certified bisection and diameter of one network of a design, each worked out once and kept as long as the network lives."""

from weakref import WeakKeyDictionary

from compiler.ir.hardware import Network
from compiler.networks.bisection.bound import Bound, absent, widened
from compiler.networks.bisection.portfolio import bisection
from compiler.networks.bisection.scaling import scaled_bound
from compiler.networks.ends import ONLY_SWITCHES, has_endpoints
from compiler.networks.links import End, rate_ends
from compiler.networks.topologies.connectivity import components
from compiler.networks.topologies.hops import distances
from compiler.networks.topologies.topology import TopologyError
from compiler.networks.unrolled import graph_of, one_topology

MAY_MEET = "endpoints that no described link joins may meet where its links leave the design"
MOST_SEARCHED = 5_000
"""Vertices up to which a diameter is searched for."""

_bounds: WeakKeyDictionary[Network, dict[str, Bound]] = WeakKeyDictionary()


def network_bisection(network: Network, effort: str = "normal") -> Bound:
    """The certified bisection bandwidth of a network by itself, B/s, one direction; an interval where link rates are."""
    known = _bounds.setdefault(network, {})
    if effort not in known:
        known[effort] = _bisection(network, effort)
    return known[effort]


def unsettled(network: Network) -> str:
    """The reason why a network has no figures of its own; empty where it has."""
    if not has_endpoints(network):
        return ONLY_SWITCHES
    if not network.inside:
        return "its links leave the design; what they meet outside is not described"
    return ""


def _bisection(network: Network, effort: str) -> Bound:
    if reason := unsettled(network):
        return absent(reason)
    try:
        found = [_bisection_at(network, effort, end) for end in rate_ends(network)]
    except TopologyError as error:
        return absent(str(error))
    bound = widened(found[0], found[-1])
    return open_above(bound) if may_meet_outside(network) else bound


def open_above(described: Bound) -> Bound:
    """The bound of a network whose endpoints may meet outside, from that of what is described: its lower end alone."""
    return Bound(described.lower, None, "absent", described.method, MAY_MEET)


def may_meet_outside(network: Network) -> bool:
    """True where links of a network leave the design and what it describes does not join all its endpoints.

    Raises `TopologyError` for connections that are too large to write out.
    """
    if len(network.inside) == len(network.connections):
        return False
    if (named := one_topology(network)) is not None:
        return named[0].diameter is None
    return components(graph_of(network)) > 1


def _bisection_at(network: Network, effort: str, end: End) -> Bound:
    named = one_topology(network, end)
    if named is None:
        return bisection(graph_of(network, end), effort=effort)
    return scaled_bound(bisection(named[0], effort=effort), named[1])


def network_diameter(network: Network) -> int | None:
    """Most link hops between two endpoints; None when it is not known or some never meet."""
    if unsettled(network):
        return None
    if (named := one_topology(network)) is not None:
        return named[0].diameter
    try:
        graph = graph_of(network)
        return None if graph.weights.size > MOST_SEARCHED else distances(graph, graph.weights, None, 0).diameter
    except TopologyError:
        return None
