"""Link ends: how many links of each connection end at one instance of a group, and at what rate."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from compiler.ir.hardware import Connection, Group, Network, Part, Slot, counting, walk
from compiler.networks.equijoin import MOST_KEYS, Joint, histogram, joints, key_reader, levels_of, size
from compiler.networks.links import rate_of, topology_of
from compiler.networks.locations import made_by
from compiler.networks.owners import alike
from compiler.numerics.tolerances import PRINTED

if TYPE_CHECKING:
    from compiler.networks.topologies.topology import Tier, Topology

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


SPLITTABLE = ("switch", "nic")
"""Kinds of parts whose ports may be split among slower links."""
MOST_SPLIT = 8
"""Links into which a port is split at most where its part states no `breakout`."""


@frozen(eq=False)
class End:
    """Links of one connection that end at each instance of a group: how many at most, and at what rate.

    `joint` are those links where a join tells how many each instance has; None where all are taken to have the most.
    """

    group: Group
    network: Network
    connection: Connection
    links: float
    rate: float
    joint: Joint | None = None

    @property
    def ports(self) -> float:
        """The ports that these links take at each instance; a faster port is split among slower links."""
        return self.links / links_per_port(self.group.part, self.rate)

    @property
    def carried(self) -> float:
        """Bandwidth of these links at each instance, B/s, one direction."""
        return self.links * self.rate


def links_per_port(part: Part, rate: float) -> int:
    """The number of links of a rate that one port of a part may be split into, at most its `breakout`; 1 where it states no
    rate."""
    port, breakout = part.quantity("rate"), part.quantity("breakout")
    if part.kind not in SPLITTABLE or port is None or not rate:
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
                    yield End(group, network, connection, links, rate, joint)
        else:
            yield from _shaped_ends(network, connection, rate)


def fullest(ends: Sequence[End], taken: Callable[[End], float]) -> list[End]:
    """Ends at the same instances, each with the links of the one instance of which most is `taken` by all ends together:
    no instance need have the most of each. The ends as they are where instances are too many to tell."""
    path = max((end.group.slots for end in ends), key=len)
    counted = [(end, len(path) - len(end.group.slots), end.connection.keys) for end in ends]
    levels = sorted(
        {above + level for end, above, keys in counted for key in keys for level in levels_of(end.group, key)}
    )
    ranges = [range(int(size(path[level].count))) for level in levels]
    if math.prod(len(each) for each in ranges) > MOST_KEYS:
        return list(ends)
    tellers = [_links_by_place(end, above) for end, above, _ in counted]
    best: list[End] = []
    for places in product(*ranges):
        at = dict(zip(levels, places, strict=True))
        own = [evolve(end, links=links(at)) for end, links in zip(ends, tellers, strict=True)]
        best = max(best, own, key=lambda found: sum(map(taken, found)))
    return [end for end in best if end.links]


def _links_by_place(end: End, above: int) -> Callable[[Mapping[int, int]], float]:
    """A function from places along a path to the links of an end there; the path has so many slots `above` its group's."""
    joint, keys = end.joint, end.connection.keys
    if joint is None or joint.right is None or not keys:
        return lambda at: end.links
    met = histogram(joint.left if end.group is joint.right else joint.right, keys)
    readers = [key_reader(end.group, key) for key in keys]
    each, itself = size(end.connection.links), int(joint.is_among)

    def links(at: Mapping[int, int]) -> float:
        own = {level - above: place for level, place in at.items() if level >= above}
        return each * max(0, met.get(tuple(reader(own) for reader in readers), 0) - itself)

    return links


def ends_below(part: Part) -> Iterator[tuple[tuple[Slot, ...], End]]:
    """The ends of the links of all networks of a part and of what it contains, with the whole path to where they end.

    A part under two names has its networks under both, so that each end is met once on its path.
    """
    for network in part.networks:
        yield from ((end.group.slots, end) for end in ends_of(network))
    for owner in walk(part):
        for network in counting(owner.part, owner.slots, owner.parents):
            yield from (((*owner.slots, *end.group.slots), end) for end in _most_ends(network, owner.slots))


def _most_ends(network: Network, path: tuple[Slot, ...]) -> Iterator[End]:
    """The ends of a network's links; where its owners are unlike, of each the most that any has."""
    first, *others = (ends_of(owners.network) for owners in alike(network, path))
    if not others:
        yield from first
    for ends in zip(first, *others, strict=True) if others else ():
        yield evolve(max(ends, key=lambda end: end.links), joint=None)


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
    for tier in sorted(found.switch_tiers, key=lambda tier: -tier.ports)[:1]:
        for group in connection.right:
            for ports, bandwidth in _ports_of(found, tier):
                yield End(group, network, connection, ports * each, rate * bandwidth)
    made = made_by(network)[connection]
    for tier in found.switch_tiers:
        if tier.name in made:
            for ports, bandwidth in _ports_of(found, tier):
                yield End(Group((made[tier.name],)), network, connection, ports * each, rate * bandwidth)
    if found.circuits is not None and connection.shape is not None:
        for slot in network.circuits:
            if slot.part is connection.shape.circuit and slot.origin == connection.shape.origin:
                # light takes a whole port, whatever its rate
                yield End(Group((slot,)), network, connection, found.circuits.ports * each, 0.0)


def _ports_of(topology: "Topology", tier: "Tier") -> Iterator[tuple[float, float]]:
    """The links at the fullest switch of a tier, by what one of them carries, in the mix in which the tier has them."""
    ends: dict[float, int] = defaultdict(int)
    for row in topology.link_classes:
        ends[row.bandwidth] += row.count * (row.lower, row.upper).count(tier.name)
    yield from ((tier.ports * many / sum(ends.values()), bandwidth) for bandwidth, many in ends.items() if many)
