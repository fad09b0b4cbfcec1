"""Totals of a network: links, cables, optics, injection, oversubscription, bisection.

Counts are plain numbers worked out from classes of links; nothing is expanded to get them.
"""

from collections.abc import Iterator

from compiler.ir.hardware import Connection, Group, Network, Part
from compiler.networks.equijoin import joints, size
from compiler.networks.links import taper, topology_of
from compiler.quantities.graph import Origin, Quantity, Spread, apply, number, times, total
from compiler.quantities.units import RATE

LAID = ("board", "backplane")
"""Media that need no cable."""


def _links(connection: Connection) -> float:
    """Links of one connection."""
    if connection.shape is None:
        return sum(joint.links for joint in joints(connection))
    return topology_of(connection).links * connection.shape.each


def links(network: Network) -> float:
    """Links of a network; links to the world outside included."""
    return sum(_links(connection) for connection in network.connections)


def cables_of(connection: Connection) -> float:
    """Cables of one connection."""
    if connection.link.text("medium") in LAID and connection.optic is None:
        return 0.0
    return _links(connection) / size(connection.cable)


def cables(network: Network) -> float:
    """Cables of a network: links over links per cable, traces on boards and backplanes not counted."""
    return sum(cables_of(connection) for connection in network.connections)


def optic_ends(network: Network) -> Iterator[tuple[float, Part]]:
    """Transceivers by type: two for each cable, or so many per link where that is stated."""
    for connection in network.connections:
        if connection.optic is None:
            continue
        if connection.optics is not None:
            yield _links(connection) * size(connection.optics), connection.optic
        else:
            yield cables_of(connection) * (1 if connection.external else 2), connection.optic


def optics(network: Network) -> float:
    """Optical transceivers of a network."""
    return sum(count for count, _ in optic_ends(network))


def is_endpoint(part: Part) -> bool:
    """True when a part enters a network to send and receive, rather than to switch."""
    return part.kind != "switch"


def endpoints(network: Network) -> float:
    """Parts that enter the network, each counted once however many connections it has."""
    return sum({group.slots: size(group.count) for group in _groups(network) if is_endpoint(group.part)}.values())


def switches(network: Network) -> float:
    """Switches of the network: those it names, and those its shapes made."""
    named = {group.slots: size(group.count) for group in _groups(network) if not is_endpoint(group.part)}
    unnamed = sum(
        topology_of(c).switches
        for c in network.connections
        if c.shape is not None and c.shape.switch is None and not c.right
    )
    return sum(named.values()) + sum(size(slot.count) for slot in network.made) + unnamed


def _groups(network: Network) -> Iterator[Group]:
    for connection in network.connections:
        yield from (*connection.left, *connection.right)


def injection(network: Network) -> Quantity:
    """Bandwidth with which the endpoints enter, one direction, all together."""
    terms = []
    for connection in network.connections:
        rate = connection.link.quantity("rate")
        if rate is None:
            continue
        if connection.shape is not None:
            found = topology_of(connection)
            ends = sum(c.count for c in found.link_classes if c.lower == found.entry.name) * connection.shape.each
            degree = 2 if found.switches == 0 else 1  # without switches a link has endpoints at both of its ends
            terms.append(times(number(ends * degree, label="endpoint links"), rate))
            continue
        for joint in joints(connection):
            for group, other in ((joint.left, joint.right), (joint.right, joint.left)):
                if group is not None and is_endpoint(group.part) and (other is None or joint.links):
                    terms.append(times(number(joint.links, label="endpoint links"), rate))
    return total(terms, RATE, "GB/s")


def per_endpoint(network: Network) -> Quantity:
    """Injection bandwidth of one endpoint, one direction."""
    return apply("divide", injection(network), number(max(1.0, endpoints(network)), label="endpoints"))


def oversubscription(network: Network) -> Quantity:
    """Injection over what the tightest tier above carries; 1 where nothing narrows."""
    return number(taper(network), label="oversubscription")


def bisection_quantity(network: Network) -> Quantity:
    """Bisection bandwidth as a quantity with its certified ends."""
    from compiler.networks.cuts import network_bisection

    found = network_bisection(network)
    if found.lower is None and found.upper is None:
        return Quantity("missing", (), RATE, label=f"bisection of {network.name}: {found.reason}")
    low = found.lower or 0.0
    high = found.upper if found.upper is not None else float("inf")
    middle = (low + high) / 2 if high != float("inf") else low  # of a bound without an upper end, what is sure
    span = network.origin.span if network.origin else None
    origin = Origin(span) if span else None
    return Quantity(
        "literal",
        (),
        RATE,
        Spread(low, middle, high, "point" if low == high else "uniform"),
        "TB/s",
        "bisection",
        origin=origin,
    )
