"""Links of named topologies that a division separates, counted row by row of their arrays in owners divided alike."""

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from compiler.ir.hardware import Slot
from compiler.networks.bisection.checker import Unproven
from compiler.networks.links import topology_of
from compiler.networks.whole.carriers import Wire
from compiler.networks.whole.division import Division
from compiler.networks.whole.linked_places import Made, Place
from compiler.networks.whole.recounted_sides import sides_by_owner


@frozen
class SeparatedLinks:
    """Like links of a topology across a division: the tiers that they join, how many, and the bandwidth of each in units
    of the rate of one link."""

    lower: str
    upper: str
    links: float
    bandwidth: float


def separated_links(division: Division, wire: Wire) -> Iterator[SeparatedLinks]:
    """The links of a connection's shape across a division over all owners, tier by tier.

    Raises `Unproven` where the topology has no parts to stand on.
    """
    connection = wire.connection
    assert connection.shape is not None
    topology = topology_of(connection)
    places: tuple[Place, ...] = (*wire.left, *_places_of_switches(wire))
    rows = topology.arrays()
    across = np.zeros(len(topology.bundles))
    for owners, sides in sides_by_owner(division, places, len(wire.owner)):
        side = np.concatenate([sides[place] for place in places])[: topology.vertices]
        if side.size != topology.vertices:
            raise Unproven("a topology has more vertices than parts to stand on")
        cut = side[rows.u] != side[rows.v]
        across += owners * np.bincount(rows.kind[cut], minlength=across.size)
    for bundle, many in zip(topology.bundles, across.tolist(), strict=True):
        links = many * bundle.cables * connection.shape.each
        yield SeparatedLinks(bundle.lower, bundle.upper, links, bundle.bandwidth)


def _places_of_switches(wire: Wire) -> Iterator[Place]:
    """The places of a topology's switches: named on the right, made in tiers, or without a name."""
    connection = wire.connection
    if connection.right:
        yield from wire.right
    elif connection.shape is not None and connection.shape.switch is not None:
        yield from ((*wire.owner, slot) for slot in _tiers_made(wire))
    elif topology_of(connection).switches:
        yield Made(wire.owner, connection)


def _tiers_made(wire: Wire) -> Iterator[Slot]:
    """The tiers that this connection made: those of the network's own, shape after shape."""
    waiting = iter(wire.network.made)
    for other in wire.network.connections:
        if other.shape is None or other.shape.switch is None:
            continue
        mine = [next(waiting) for tier in topology_of(other).tiers if not tier.is_endpoint and tier.count]
        if other is wire.connection:
            yield from mine
            return
