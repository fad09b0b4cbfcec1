"""Locations in a network: parts at the end of one path, or switches of a topology that have no name.

A topology numbers its vertices, endpoints first, then its switches tier by tier; here stands where those are in the design.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from attrs import field, frozen

from compiler.ir.hardware import Connection, Group, Network, Slot
from compiler.networks.equijoin import size
from compiler.networks.links import topology_of

if TYPE_CHECKING:
    from compiler.networks.topologies.topology import Tier


@frozen
class Location:
    """Like instances. `key` tells them from others: the slots that lead to them, and the tier where they are one of a
    topology that lies over more, or no slots. A switch passes traffic on and sends none of its own. `group` are the parts
    that the path reaches, None without one."""

    key: tuple[object, ...]
    name: str = field(eq=False)
    is_switch: bool = field(eq=False)
    group: Group | None = field(default=None, eq=False, repr=False)


def location_of(group: Group) -> Location:
    """The location of a group."""
    return Location(group.slots, group.path, group.part.kind == "switch", group)


def laid_over(network: Network, connection: Connection) -> tuple[tuple[Location, int], ...]:
    """The locations over which the topology of a connection lies, with how many of its vertices, in the order of those."""
    ends = [(location_of(group), int(size(group.count))) for group in connection.left]
    return (*ends, *_switches(network, connection))


def _switches(network: Network, connection: Connection) -> Iterator[tuple[Location, int]]:
    tiers = [tier for tier in topology_of(connection).switch_tiers if tier.count]
    if connection.right:
        yield from _given(network, connection, tiers)
        return
    made = made_by(network)[connection]
    for tier in tiers:
        slot = made.get(tier.name)
        unnamed = Location((connection, tier.name), tier.name, is_switch=True)
        yield (unnamed if slot is None else location_of(Group((slot,)))), tier.count


def _given(network: Network, connection: Connection, tiers: "Sequence[Tier]") -> Iterator[tuple[Location, int]]:
    """The switches that a connection names, in the tiers of its topology: a group over several is told apart by them,
    unless another connection takes it as a whole."""
    others = {group.slots for c in network.connections if c is not connection for group in (*c.left, *c.right)}
    ends = list(accumulate(tier.count for tier in tiers))
    here = 0
    for group in connection.right:
        count = int(size(group.count))
        over = [
            (tier, min(end, here + count) - max(end - tier.count, here))
            for tier, end in zip(tiers, ends, strict=True)
            if end - tier.count < here + count and here < end
        ]
        here += count
        if len(over) == 1 and over[0][1] == count:
            yield Location(group.slots, over[0][0].name, is_switch=True, group=group), count
        elif group.slots in others or sum(most for _, most in over) < count:
            yield location_of(group), count
        else:
            for tier, most in over:
                yield Location((*group.slots, tier.name), tier.name, is_switch=True, group=group), most


def made_by(network: Network) -> Mapping[Connection, Mapping[str, Slot]]:
    """The switches that the shape of each connection made for itself, by the name of their tier."""
    waiting = iter(network.made)
    found: dict[Connection, dict[str, Slot]] = {}
    for connection in network.connections:
        found[connection] = {}
        if connection.shape is not None and connection.shape.switch is not None:
            filled = [tier for tier in topology_of(connection).switch_tiers if tier.count]
            found[connection] = {tier.name: next(waiting) for tier in filled}
    return found
