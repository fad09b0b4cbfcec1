"""Totals of a network: links, cables, optics, injection, oversubscription, bisection.

Counts are plain numbers worked out from classes of links; nothing is expanded to get them.
"""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from compiler.ir.hardware import Connection, Network, Part
from compiler.networks.ends import ONLY_SWITCHES, groups_of, has_endpoints, is_endpoint
from compiler.networks.equijoin import joints, size
from compiler.networks.links import topology_of
from compiler.networks.oversubscription import tiers_of
from compiler.numerics.tolerances import ROUNDING
from compiler.quantities.graph import Origin, Quantity, Spread, apply, number, times, total
from compiler.quantities.units import NONE, RATE

if TYPE_CHECKING:
    from compiler.networks.bisection.bound import Bound

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
    """Cables of one connection: two for a link that passes a circuit switch on its way."""
    return _spans(connection) + _whole(_passing(connection) / size(connection.cable)) if _spans(connection) else 0.0


def _spans(connection: Connection) -> float:
    """Cables of one connection from part to part, as if none passed a circuit switch, the last one not always full."""
    if connection.link.text("medium") in LAID and connection.optic is None:
        return 0.0
    return _whole(_links(connection) / size(connection.cable))


def _whole(cables: float) -> float:
    """Cables that can be bought: whole ones."""
    return float(math.ceil(cables - ROUNDING))


def _passing(connection: Connection) -> float:
    """Links of one connection that pass a circuit switch."""
    found = topology_of(connection).circuits if connection.shape is not None and connection.shape.circuit else None
    return found.links * connection.shape.each if found is not None and connection.shape is not None else 0.0


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
            yield _spans(connection) * (1 if connection.external else 2), connection.optic


def optics(network: Network) -> float:
    """Optical transceivers of a network."""
    return sum(count for count, _ in optic_ends(network))


def endpoints(network: Network) -> float:
    """Parts that enter the network, each counted once however many connections it has."""
    return sum({group.slots: size(group.count) for group in groups_of(network) if is_endpoint(group.part)}.values())


def switches(network: Network) -> float:
    """Switches of the network: those it names, and those its shapes made."""
    made = {(slot,): size(slot.count) for slot in network.added}
    named = {group.slots: size(group.count) for group in groups_of(network) if not is_endpoint(group.part)}
    unnamed = sum(
        topology_of(c).switches
        for c in network.connections
        if c.shape is not None and c.shape.switch is None and not c.right
    )
    return sum((made | named).values()) + unnamed


def injection(network: Network) -> Quantity:
    """Bandwidth with which the endpoints enter, one direction, all together; missing where no part sends."""
    if not has_endpoints(network):
        return Quantity("missing", (), RATE, label=f"injection of {network.name}: {ONLY_SWITCHES}")
    terms = []
    for connection in network.connections:
        rate, ends = connection.link.quantity("rate"), _entering(network, connection)
        if rate is not None and ends:
            terms.append(times(number(ends, label="endpoint links"), rate))
    return total(terms, RATE, "GB/s")


def _entering(network: Network, connection: Connection) -> float:
    """Link ends at endpoints, each as often as the rate of its link goes into what it carries."""
    if connection.shape is None:
        sides = ((joint, group) for joint in joints(connection) for group, _ in joint.sides)
        return sum(joint.ends_at(group) for joint, group in sides if is_endpoint(group.part))
    send = {is_endpoint(group.part) for group in connection.left}
    if len(send) > 1 or any(is_endpoint(group.part) for group in connection.right):
        from compiler.networks.unrolled import entering

        return entering(network, connection)
    if send == {False}:
        return 0.0
    found = topology_of(connection)
    entry = found.entry.name
    carried = (row.count * row.bandwidth * (row.lower, row.upper).count(entry) for row in found.link_classes)
    return connection.shape.each * sum(carried)


def per_endpoint(network: Network) -> Quantity:
    """Injection bandwidth of one endpoint, one direction."""
    return apply("divide", injection(network), number(max(1.0, endpoints(network)), label="endpoints"))


def oversubscription(network: Network) -> Quantity:
    """The oversubscription of the worst tier, 1 where none narrows; missing where its tiers are not known."""
    tiers = tiers_of(network)
    if isinstance(tiers, str):
        return Quantity("missing", (), NONE, label=f"oversubscription of {network.name}: {tiers}")
    return number(tiers.ratio, label="oversubscription")


def bisection_quantity(network: Network) -> Quantity:
    """Bisection bandwidth as a quantity with its certified ends."""
    from compiler.networks.cuts import network_bisection

    found, _, reason = certified(network_bisection(network), "bisection", network.origin)
    return found or Quantity("missing", (), RATE, label=f"bisection of {network.name}: {reason}")


def certified(
    found: "Bound", label: str, origin: Origin | None = None, unit: str = "TB/s"
) -> tuple[Quantity | None, tuple[str, ...], str]:
    """A bound as a quantity with its certified ends, what an open end lacks, and the reason where both are absent."""
    if found.lower is None and found.upper is None:
        return None, (), found.reason or ""
    low = found.lower or 0.0
    high = found.upper if found.upper is not None else float("inf")
    middle = (low + high) / 2 if high != float("inf") else low  # of a bound without an upper end, what is sure
    spread = Spread(low, middle, high, "point" if low == high else "uniform")
    place = Origin(origin.span) if origin and origin.span else None
    return Quantity("literal", (), RATE, spread, unit, label, origin=place), (), ""
