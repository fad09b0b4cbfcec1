"""Link ends: how many links of each connection end at one instance of a group, and at what rate."""

from collections.abc import Iterator

from attrs import frozen

from compiler.ir.hardware import Connection, Group, Network, Part, Slot, counting, walk
from compiler.networks.equijoin import joints, size
from compiler.networks.links import rate_of, topology_of
from compiler.numerics.tolerances import PRINTED

ONLY_SWITCHES = "it links switches alone: none of its parts sends"


def is_endpoint(part: Part) -> bool:
    """True when a part enters a network to send and receive, rather than to switch."""
    return part.kind != "switch"


def groups_of(network: Network) -> Iterator[Group]:
    """The groups that the connections of a network name, each as often as they do."""
    for connection in network.connections:
        yield from (*connection.left, *connection.right)


def has_endpoints(network: Network) -> bool:
    """True when a part of a network sends; where switches alone are linked, others send through them."""
    return any(is_endpoint(group.part) for group in groups_of(network))


MOST_SPLIT = 8
"""Links into which a port is split at most where its part states no `breakout`."""


@frozen(eq=False)
class End:
    """Links of one connection that end at each instance of a group: how many, and at what rate."""

    group: Group
    network: Network
    connection: Connection
    links: float
    rate: float

    @property
    def ports(self) -> float:
        """The ports that these links take at each instance; a faster port is split among slower links."""
        return self.links / links_per_port(self.group.part, self.rate)


def links_per_port(part: Part, rate: float) -> int:
    """The number of links of a rate that one port of a part may be split into, at most its `breakout`; 1 where it states no
    rate."""
    port, breakout = part.quantity("rate"), part.quantity("breakout")
    if part.kind not in ("switch", "nic") or port is None or not rate:
        return 1
    most = int(size(breakout)) if breakout is not None else MOST_SPLIT
    return max(1, min(most, int(size(port) / rate * (1 + PRINTED))))


def links_that_fit(switch: Part, rate: float) -> int | None:
    """The links of a rate for which a switch has ports: one each, or several where it states a `breakout`; None where it
    states no ports."""
    ports = switch.quantity("ports")
    split = links_per_port(switch, rate) if switch.quantity("breakout") is not None else 1
    return int(size(ports)) * split if ports is not None else None


def ends_of(network: Network) -> Iterator[End]:
    """The ends of the links of a network, connection by connection and side by side."""
    for connection in network.connections:
        rate = rate_of(connection)
        if connection.shape is None:
            for joint in joints(connection):
                for group, links in joint.sides:
                    yield End(group, network, connection, links, rate)
        else:
            yield from _shaped_ends(network, connection, rate)


def ends_below(part: Part) -> Iterator[tuple[tuple[Slot, ...], End]]:
    """The ends of the links of all networks of a part and of what it contains, with the whole path to where they end.

    A part under two names has its networks under both, so that each end is met once on its path.
    """
    for network in part.networks:
        yield from ((end.group.slots, end) for end in ends_of(network))
    for owner in walk(part):
        for network in counting(owner.part, owner.slots, owner.parents):
            yield from (((*owner.slots, *end.group.slots), end) for end in ends_of(network))


def _shaped_ends(network: Network, connection: Connection, rate: float) -> Iterator[End]:
    found = topology_of(connection)
    each = connection.shape.each if connection.shape else 1.0
    entry = found.entry
    carried = sum(
        c.count * c.bandwidth * (2 if c.lower == c.upper else 1) for c in found.link_classes if c.lower == entry.name
    )
    # links of a direct network may differ by axis; a port takes part in all of them alike
    mean = carried / (entry.count * entry.ports) if entry.count * entry.ports else 0.0
    for group in connection.left:
        yield End(group, network, connection, entry.ports * each, rate * mean)
    most = max((tier.ports for tier in found.switch_tiers), default=0)
    for group in connection.right:
        yield End(group, network, connection, most * each, rate)
    for slot in network.made:
        tier = next((tier for tier in found.tiers if tier.name == slot.name), None)
        if tier is not None:
            yield End(Group((slot,)), network, connection, tier.ports * each, rate)
    if found.circuits is not None and connection.shape is not None:
        for slot in network.circuits:
            if slot.part is connection.shape.circuit and slot.origin == connection.shape.origin:
                # light takes a whole port, whatever its rate
                yield End(Group((slot,)), network, connection, found.circuits.ports * each, 0.0)
