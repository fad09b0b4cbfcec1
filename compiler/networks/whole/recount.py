"""A division of a design recounted: the links across it, counted on the design's own connections.

Shares nothing with the searches: its files read divisions, parts, connections and the topologies that they name, link
by link, and no file of a solver. A division that does not put each accelerator on one side, or parts a host that counts
as whole, is refused.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.ir.hardware import Group
from compiler.networks.bisection.checker import Unproven
from compiler.networks.equijoin import size
from compiler.networks.links import End, rate_of, topology_of
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.division import Division
from compiler.networks.whole.hosts import Host
from compiler.networks.whole.linked_places import OUTSIDE
from compiler.networks.whole.recounted_joins import separated_pairs
from compiler.networks.whole.recounted_sides import overlap, path_counts, sides_by_owner
from compiler.networks.whole.recounted_topologies import separated_links


@frozen(eq=False)
class Crossed:
    """Like links of one connection that cross a division: what they join, how many, their capacity, B/s one direction."""

    wire: Wire
    between: str
    links: float
    capacity: float


def held(ends: Sequence[Path], division: Division) -> tuple[int, int]:
    """The endpoints at some paths on side A and on side B. Raises `Unproven` where one is on no side, or on two."""
    on_a = sum(_on_a(path, division) for path in ends)
    return on_a, sum(math.prod(path_counts(path)) for path in ends) - on_a


def _on_a(path: Path, division: Division) -> int:
    if path in division.arrays:
        return int(division.arrays[path].sum())
    boxes = division.boxes.get(path, ())
    if sum(box.count for box in boxes) != math.prod(path_counts(path)):
        raise Unproven("accelerators are left out of a division, or counted twice")
    if any(overlap(one, other) for at, one in enumerate(boxes) for other in boxes[:at]):
        raise Unproven("an accelerator stands on both sides of a division")
    return sum(box.count for box in boxes if box.side)


def recounted(
    ends: Sequence[Path],
    wires: Sequence[Wire],
    hosts: Sequence[Host],
    division: Division,
    end: End,
    leaving: Sequence[Wire] = (),
) -> tuple[Crossed, ...]:
    """The links across a division, connection by connection, at the `end` of their rate. Raises `Unproven`."""
    for host in hosts:
        _check_whole(ends, host, division)
    found = [one for wire in wires if not wire.connection.external for one in _crossing(wire, division, end)]
    found += [_leaving(wire, division, end) for wire in leaving]
    return tuple(crossing for crossing in found if crossing.links)


def _check_whole(ends: Sequence[Path], host: Host, division: Division) -> None:
    """Check that every host stands on one side with its cards and accelerators. Raises `Unproven`."""
    inside = [path for path in ends if path[: len(host.path)] == host.path]
    places = [*inside, *host.cards]
    if host.whole is not None or host.tied:
        count = math.prod(path_counts(host.path))
        rows = [division.side_of(place, path_counts(place)).reshape(count, -1) for place in places]
        loose = [~host.tied[place].reshape(count, -1) if place in host.tied else None for place in places]
        held = [
            row if free is None else np.where(free, rows[0][:, :1], row) for row, free in zip(rows, loose, strict=True)
        ]
        _check_one_sided(np.concatenate(held, axis=1)[slice(None) if host.whole is None else host.whole])
        return
    for _, sides in sides_by_owner(division, places, len(host.path)):
        _check_one_sided(np.concatenate(list(sides.values()))[None])


def _check_one_sided(sides: NDArray[np.bool_]) -> None:
    """Check that every row of sides, shape (hosts, parts), is on one side. Raises `Unproven`."""
    if (sides.any(axis=1) & ~sides.all(axis=1)).any():
        raise Unproven("a division parts a host whose inside is not described")


def _crossing(wire: Wire, division: Division, end: End) -> Iterator[Crossed]:
    """The links of one connection across a division: all alike, or tier by tier where it has a shape."""
    connection, rate = wire.connection, rate_of(wire.connection, end)
    if connection.shape is None:
        links = separated_pairs(division, wire) * size(connection.links)
        yield Crossed(wire, f"{_paths(connection.left)} to {_paths(connection.right)}", links, links * rate)
        return
    names = {tier.name: _paths(connection.left) for tier in topology_of(connection).tiers if tier.is_endpoint}
    for found in separated_links(division, wire):
        between = f"{names.get(found.lower, found.lower)} to {names.get(found.upper, found.upper)}"
        yield Crossed(wire, between, found.links, found.links * found.bandwidth * rate)


def _leaving(wire: Wire, division: Division, end: End) -> Crossed:
    """The links of one connection that leaves the design, from parts on the other side than the world outside."""
    outside = bool(division.side_of(OUTSIDE, (1,))[0])
    across = sum(int((division.side_of(path, path_counts(path)) != outside).sum()) for path in wire.left)
    links = across * size(wire.connection.links)
    between = f"{_paths(wire.connection.left)} to outside"
    return Crossed(wire, between, links, links * rate_of(wire.connection, end))


def _paths(groups: Sequence[Group]) -> str:
    return " and ".join(dict.fromkeys(group.path for group in groups))
