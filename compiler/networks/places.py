"""Places of a network: parts at the end of one path, or switches of a topology that have no name.

A topology numbers its vertices, endpoints first, then its switches tier by tier; here stands where those are in the design.
"""

from collections.abc import Iterator, Mapping

from attrs import field, frozen

from compiler.ir.hardware import Connection, Group, Network, Slot
from compiler.networks.equijoin import size
from compiler.networks.links import topology_of


@frozen
class Place:
    """Like instances under a name. `key` tells them from others: the slots that lead to them, or a connection and the tier
    of its topology. A switch passes traffic on and sends none of its own. `group` are the parts, None of what no path
    reaches."""

    key: tuple[object, ...]
    name: str
    is_switch: bool
    group: Group | None = field(default=None, eq=False, repr=False)


def place_of(group: Group) -> Place:
    """The place of a group."""
    return Place(group.slots, group.path, group.part.kind == "switch", group)


def laid_over(network: Network, connection: Connection) -> tuple[tuple[Place, int], ...]:
    """The places over which the topology of a connection lies, with how many of its vertices, in the order of those."""
    ends = [(place_of(group), int(size(group.count))) for group in connection.left]
    return (*ends, *_switches(network, connection))


def _switches(network: Network, connection: Connection) -> Iterator[tuple[Place, int]]:
    if connection.right:
        yield from ((place_of(group), int(size(group.count))) for group in connection.right)
        return
    made = made_by(network)[connection]
    for tier in topology_of(connection).switch_tiers:
        if tier.count:
            slot = made.get(tier.name)
            unnamed = Place((connection, tier.name), tier.name, is_switch=True)
            yield (unnamed if slot is None else place_of(Group((slot,)))), tier.count


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
