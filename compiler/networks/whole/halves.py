"""The halves of a design behind a cut, and the same with switches that may stand on either side at home."""

import math
from collections.abc import Iterator
from contextlib import suppress
from math import prod

import numpy as np
from attrs import evolve, frozen

from compiler.networks.bisection.checker import Unproven
from compiler.networks.links import End
from compiler.networks.whole.carriers import Path
from compiler.networks.whole.cut_question import CutQuestion
from compiler.networks.whole.division import Division, Ints, Sides
from compiler.networks.whole.instance_counts import counts_at, instances
from compiler.networks.whole.linked_places import Made, Place
from compiler.networks.whole.recount import Crossed, recounted
from compiler.numerics.tolerances import MEETING

MOST_NAMED = 20_000_000
"""Instances up to which the sides of a place are told one by one."""


@frozen(eq=False)
class Halves:
    """The witness of a cut of a whole design: its division, and the links across by connection, at one end of their
    rates."""

    asked: CutQuestion
    end: End
    division: Division
    crossed: tuple[Crossed, ...]

    @property
    def capacity(self) -> float:
        """All that crosses, B/s one direction."""
        return math.fsum(one.capacity for one in self.crossed)

    def at(self, division: Division) -> "Halves":
        """The same design divided otherwise. Raises `Unproven`."""
        asked = self.asked
        found = recounted(asked.ends, asked.wires, asked.hosts, division, self.end, asked.out)
        return evolve(self, division=division, crossed=found)


def with_switches_at_home(halves: Halves) -> Halves:
    """The halves with switches on the side of most accelerators of the part they stand in, where no more crosses then."""
    moved = dict(_homes(halves))
    for tried in (moved, *({place: side} for place, side in moved.items())):
        arrays = {**halves.division.arrays, **tried}
        with suppress(Unproven):
            found = halves.at(Division(halves.division.boxes, arrays))
            if found.capacity <= halves.capacity * (1 + MEETING):
                halves = found
    return halves


def _homes(halves: Halves) -> Iterator[tuple[Place, Sides]]:
    """The sides of the switches of each place if they stood with most accelerators of the part around them."""
    for place, around in switch_paths(halves.division):
        depth, on_a, total = _held(halves, around)
        counts = counts_at(place)
        if depth and prod(counts) <= MOST_NAMED:
            each = prod(counts[depth:])
            mostly, evenly = np.repeat(2 * on_a > total, each), np.repeat(2 * on_a == total, each)
            yield place, np.where(evenly, halves.division.side_of(place, counts), mostly)


def switch_paths(division: Division) -> Iterator[tuple[Place, Path]]:
    """Every place of switches, with the path of what is around them or of themselves."""
    for place in (*division.boxes, *division.arrays):
        if isinstance(place, Made):
            yield place, place.owner
        elif isinstance(place, tuple) and place[-1].part.kind == "switch":
            yield place, place


def _held(halves: Halves, around: Path) -> tuple[int, Ints, int]:
    """The innermost part around a path that holds accelerators: its depth, 0 for the design itself, how many of its
    accelerators stand on side A, shape (instances,), and how many it has."""
    for depth in range(len(around), 0, -1):
        inside = [path for path in halves.asked.ends if len(path) > depth and path[:depth] == around[:depth]]
        if inside and sum(instances(path) for path in inside) <= MOST_NAMED:
            sides = [_sides_by_part(halves.division, path, depth) for path in inside]
            whole = np.concatenate(sides, axis=1)
            return depth, whole.sum(axis=1), whole.shape[1]
    return 0, np.zeros(1, dtype=np.int64), 0


def _sides_by_part(division: Division, path: Path, depth: int) -> Sides:
    """The sides of the instances of a path, shape (parts so deep, instances in each)."""
    counts = counts_at(path)
    return division.side_of(path, counts).reshape(prod(counts[:depth]), -1)
