"""Counts of instances along paths and at places, and the places of a topology's switches.

Instances of a path are numbered in order, the outermost slot slowest.
"""

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from compiler.ir.hardware import Connection, Network, Slot
from compiler.networks.equijoin import size
from compiler.networks.links import topology_of
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.linked_places import Made, Place

Ints = NDArray[np.int64]


def counts_of(path: Path) -> tuple[int, ...]:
    """The count of each slot along a path, in one instance of the slot before it."""
    return tuple(int(size(slot.count)) for slot in path)


def instances(path: Path) -> int:
    """The number of instances of a path in the design."""
    return prod(counts_of(path))


def counts_at(place: Place) -> tuple[int, ...]:
    """The counts along a place: of its path, of its owner's path and then its switches, or one world outside."""
    if isinstance(place, Made):
        topology = topology_of(place.connection)
        return (*counts_of(place.owner), topology.switches)
    return counts_of(place) if isinstance(place, tuple) else (1,)


def numbers_along(path: Path, levels: Sequence[int]) -> dict[int, Ints]:
    """The number of every instance of a path along some levels of it, shape (instances,) for each level."""
    counts = counts_of(path)
    numbers = np.arange(prod(counts))
    return {level: numbers // prod(counts[level + 1 :]) % counts[level] for level in levels}


def switch_places(wire: Wire) -> list[tuple[Place, int]]:
    """The places of a topology's switches in the order of their numbers, and how many each owner has there.

    They are parts that are named on the right, tiers that the shape made, or switches without a name.
    """
    connection = wire.connection
    assert connection.shape is not None
    if connection.right:
        return [(path, prod(counts_of(path)[len(wire.owner) :])) for path in wire.right]
    if connection.shape.switch is None:
        switches = topology_of(connection).switches
        return [(Made(wire.owner, connection), switches)] if switches else []
    return [((*wire.owner, slot), int(size(slot.count))) for slot in made_slots(wire.network, connection)]


def made_slots(network: Network, connection: Connection) -> tuple[Slot, ...]:
    """The tiers of switches that the shape of one connection made, in the order of its topology."""
    at = 0
    for other in network.connections:
        if other.shape is None or other.shape.switch is None:
            continue
        many = sum(1 for tier in topology_of(other).tiers if not tier.is_endpoint and tier.count)
        if other is connection:
            return network.made[at : at + many]
        at += many
    return ()
