"""Networks of a design as networks of theory: the topology a shape stands for, the graph that joins describe."""

from typing import TYPE_CHECKING, Any

from compiler.ir.model import Connection, Network, Part
from compiler.ir.quantity import Intervals, taken
from compiler.wiring import joints

if TYPE_CHECKING:
    from compiler.bisection.bound import Bound
    from compiler.topologies.model import Topology

_topologies: dict[int, tuple[Connection, Any]] = {}
_bounds: dict[int, tuple[Network, Any]] = {}


def topology_of(connection: Connection) -> "Topology":
    """The topology of a connection with a shape, links of unit bandwidth."""
    known = _topologies.get(id(connection))
    if known is None:
        from compiler.topologies.catalogue import topology

        assert connection.shape is not None
        known = _topologies[id(connection)] = (
            connection,
            topology(connection.shape.family, **connection.shape.parameters),
        )
    found: Topology = known[1]
    return found


def rate_of(connection: Connection, end: str = "middle") -> float:
    """Bandwidth of one link of a connection, B/s, one direction: its `low`, `middle` or `high` end."""
    rate = connection.link.quantity("rate")
    return float(getattr(Intervals().of(taken(rate)), end)) if rate is not None else 0.0


def is_rate_certain(network: Network) -> bool:
    """Whether every link of a network has one known rate."""
    return all(rate_of(connection, "low") == rate_of(connection, "high") for connection in network.connections)


def capacity(connection: Connection) -> float:
    """Bandwidth of all links of an explicit connection, B/s, one direction."""
    return sum(joint.links for joint in joints(connection)) * rate_of(connection)


def taper(network: Network) -> float:
    """Injection over what the tightest tier above carries; at least what the access carries over itself, 1."""
    access, above = 0.0, []
    for connection in network.connections:
        if connection.external:
            continue
        if connection.shape is not None:
            found = topology_of(connection)
            endpoint = next(tier.name for tier in found.tiers if tier.is_endpoint)
            scale = connection.shape.each * rate_of(connection)
            for bundle in found.link_classes:
                carried = bundle.count * bundle.bandwidth * scale
                if bundle.lower == endpoint:
                    access += carried
                elif endpoint not in (bundle.lower, bundle.upper):
                    above.append(carried)
        elif all(group.part.kind == "switch" for group in (*connection.left, *connection.right)):
            above.append(capacity(connection))
        else:
            access += capacity(connection)
    return max([1.0, *(access / carried for carried in above if carried)])


def bisection(network: Network, effort: str = "normal") -> "Bound":
    """The certified bisection bandwidth of a network, B/s, one direction; worked out once."""
    known = _bounds.get(id(network))
    if known is None:
        from compiler.unrolled import bisection_of

        known = _bounds[id(network)] = (network, bisection_of(network, effort))
    found: Bound = known[1]
    return found


def diameter(network: Network) -> int | None:
    """Most link hops between two endpoints, None when it is not known or some never meet."""
    inside = [connection for connection in network.connections if not connection.external]
    if len(inside) == 1 and inside[0].shape is not None:
        return topology_of(inside[0]).diameter
    if not inside or any(connection.shape is not None for connection in inside):
        return None
    from compiler.unrolled import diameter_of

    return diameter_of(network)


def whole(root: Part, without: str = "", effort: str = "normal") -> "Bound":
    """The certified bisection of a whole design, B/s, one direction; networks of the role `without` left out."""
    from compiler.whole import whole_bisection

    return whole_bisection(root, without, effort)
