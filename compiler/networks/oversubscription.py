"""Oversubscription of a network: how much more reaches its worst switch from below than leaves it upwards.

Where all instances of a location have as many links they count as one vertex; else the network is written out. Arrays are
met only there and for topologies by name, since a check may ask.
"""

from weakref import WeakKeyDictionary

from compiler.ir.hardware import Connection, Network
from compiler.networks.ends import ONLY_SWITCHES, has_endpoints
from compiler.networks.equijoin import Joint, joints, size
from compiler.networks.links import rate_of
from compiler.networks.locations import location_of
from compiler.networks.narrowing import LinkRows, Narrowing, Tiers, risen

_known: WeakKeyDictionary[Network, Tiers | str] = WeakKeyDictionary()


def tiers_of(network: Network) -> Tiers | str:
    """The tiers of a network, found once; or the reason why they are not known."""
    if network not in _known:
        _known[network] = _unknown(network) or _tiers(network)
    return _known[network]


def oversubscription(network: Network) -> float | None:
    """The oversubscription of the worst tier of a network, 1 where none narrows; None where its tiers are not known."""
    tiers = tiers_of(network)
    return None if isinstance(tiers, str) else tiers.ratio


def narrowings(network: Network) -> tuple[Narrowing, ...]:
    """The tiers of switches that pass traffic on upwards, the lowest first; none where they are not known."""
    tiers = tiers_of(network)
    return () if isinstance(tiers, str) else tuple(tiers.narrowings())


def _unknown(network: Network) -> str:
    """The reason why the tiers of a network are not known; empty where they are."""
    if not has_endpoints(network):
        return ONLY_SWITCHES
    silent = next((c.link.name for c in network.connections if c.link.quantity("rate") is None), "")
    return f"`{silent}` states no rate" if silent else ""


def _tiers(network: Network) -> Tiers | str:
    drawn = LinkRows()
    if all(connection.shape is None and _count_joints(drawn, connection) for connection in network.connections):
        return risen(drawn)
    from compiler.networks.topologies.topology import TopologyError
    from compiler.networks.topology_tiers import count_shape
    from compiler.networks.written_tiers import written_tiers

    drawn = LinkRows()
    try:
        for connection in network.connections:
            is_shaped = connection.shape is not None
            if not (count_shape(drawn, network, connection) if is_shaped else _count_joints(drawn, connection)):
                return written_tiers(network)
        return risen(drawn)
    except TopologyError as error:
        return str(error)


def _count_joints(drawn: LinkRows, connection: Connection) -> bool:
    """Enter the links of a connection that names both sides; False where instances of a side have unlike links."""
    rate = rate_of(connection)
    for joint in joints(connection):
        if not _is_even(joint):
            return False
        first, *second = (drawn.vertex(location_of(group)) for group, _ in joint.sides)
        if joint.right is None:
            drawn.leaving.append((first, joint.per_left * rate))
        elif second:
            drawn.add(first, second[0], joint.per_left * rate, joint.per_right * rate)
    return True


def _is_even(joint: Joint) -> bool:
    """True when as many links end at each instance of a side."""
    return all(links * size(group.count) == joint.ends_at(group) for group, links in joint.sides)
