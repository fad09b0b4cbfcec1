"""The cut behind the bisection of a whole design in its own words: which parts stand on side A, and which links cross."""

from collections.abc import Iterable, Iterator, Sequence
from math import prod

import numpy as np
from attrs import evolve

from compiler.ir.hardware import Part
from compiler.networks.bisection.bound import Bound
from compiler.networks.cut_in_words import Across, DesignCut, PartSides, checked, network_cut, run
from compiler.networks.links import topology_of
from compiler.networks.whole.carriers import Path, Wire, carries
from compiler.networks.whole.division import Division, Sides
from compiler.networks.whole.halves import MOST_NAMED, Halves, switch_paths, with_switches_at_home
from compiler.networks.whole.instance_counts import counts_at
from compiler.networks.whole.linked_places import Made
from compiler.networks.whole.recount import Crossed

MOST_PATTERNS = 4
"""Divided parts of unlike patterns that are told one after the other."""


def whole_cut(root: Part, found: Bound) -> DesignCut | None:
    """The cut of a whole design; None where none was found. A design that is one topology is cut as that is."""
    if found.cut is None or found.upper is None:
        return None
    halves = found.cut.witness
    if not isinstance(halves, Halves):
        return network_cut(next(network for network in root.networks if network.inside and carries(network)), found)
    flip = _starts_on_b(halves)
    halves = with_switches_at_home(halves)
    crossing = [Across(network_path(c.wire), links_of(c), round(c.links), c.capacity) for c in halves.crossed]
    said = checked(found, _told_together(_standing(halves, flip)), crossing)
    return evolve(said, endpoints=said.endpoints[::-1]) if flip and said is not None else said


def _starts_on_b(halves: Halves) -> bool:
    """True when the first accelerator stands on side B: the sides are then told the other way round."""
    counts = counts_at(halves.asked.ends[0])
    return prod(counts) <= MOST_NAMED and not halves.division.side_of(halves.asked.ends[0], counts)[0]


def network_path(wire: Wire) -> str:
    """The path of the network that a wire belongs to: `pods.boxes.inner`."""
    return ".".join((*(slot.name for slot in wire.owner), wire.network.name))


def links_of(crossed: Crossed) -> str:
    """Links that cross: what they join, and which they are."""
    return f"{crossed.between}, {crossed.wire.connection.link.name}"


def _told_together(standing: Iterable[PartSides]) -> tuple[str, ...]:
    """Sentences, one for all that stands alike: `supernodes 0 to 31 of 64, with their npus and switches, on side A`."""
    along: dict[PartSides, dict[str, None]] = {}
    for one in standing:
        along.setdefault(evolve(one, along=""), {})[one.along] = None
    return tuple(str(evolve(one, along=_and([name for name in names if name]))) for one, names in along.items())


def _and(names: Sequence[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def _standing(halves: Halves, flip: bool) -> Iterator[PartSides]:
    """Sides of the accelerators, then of the switches, outermost parts first."""
    for path in halves.asked.ends:
        yield from _told(halves.division, path, flip)
    for place, path in switch_paths(halves.division):
        if isinstance(place, Made):
            yield from _made(halves, place, flip)
        else:
            yield from _told(halves.division, path, flip)


def _told(division: Division, path: Path, flip: bool) -> Iterator[PartSides]:
    counts = counts_at(path)
    if prod(counts) <= MOST_NAMED:
        yield from _sides([slot.name for slot in path], counts, division.side_of(path, counts) ^ flip, "", "")


def _made(halves: Halves, place: Made, flip: bool) -> Iterator[PartSides]:
    """Sides of switches that a topology made without a name, tier by tier."""
    wire = next(
        wire for wire in halves.asked.wires if wire.connection is place.connection and wire.owner == place.owner
    )
    counts = counts_at(place)
    if prod(counts) > MOST_NAMED:
        return
    side = (halves.division.side_of(place, counts) ^ flip).reshape(counts)
    first = 0
    for tier in topology_of(place.connection).switch_tiers:
        names = [*(slot.name for slot in place.owner), f"{wire.network.name} {tier.name}"]
        own = side[..., first : first + tier.count]
        yield from _sides(names, own.shape, own.reshape(-1), "", "")
        first += tier.count


def _sides(names: Sequence[str], counts: Sequence[int], side: Sides, above: str, where: str) -> Iterator[PartSides]:
    """Sides of the instances of a path, shape (instances,): of its outermost parts, then inside those that are divided."""
    name = f"{above}.{names[0]}" if above else names[0]
    if counts[0] == 1 and len(counts) > 1:
        yield from _sides(names[1:], counts[1:], side, name, where)
        return
    units = side.reshape(counts[0], -1)
    whole = np.asarray(units.all(axis=1))
    divided = np.flatnonzero(units.any(axis=1) & ~whole)
    if whole.any() or not divided.size:
        yield evolve(run(name, whole, where), along=names[-1] if len(names) > 1 else "")
    patterns: dict[bytes, list[int]] = {}
    for one in divided.tolist():
        patterns.setdefault(units[one].tobytes(), []).append(one)
    if len(patterns) > MOST_PATTERNS:
        yield PartSides(".".join((*above.split("."), *names) if above else names), int(side.sum()), side.size, where)
        return
    for alike in patterns.values():
        span = f"in {name} {alike[0]:,}" if len(alike) == 1 else f"in each of {name} {_numbers(alike)}"
        inside = f"{where}, {span}" if where else span
        yield from _sides(names[1:], counts[1:], units[alike[0]], name, inside)


def _numbers(numbers: Sequence[int]) -> str:
    """Numbers as runs: `0 to 3, 7`."""
    runs = np.split(np.array(numbers), np.flatnonzero(np.diff(numbers) > 1) + 1)
    return ", ".join(f"{one[0]:,} to {one[-1]:,}" if one.size > 1 else f"{one[0]:,}" for one in runs)
