"""Sides of instances as the recount reads them: counts along places, boxes that overlap, owners that are divided alike."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from compiler.networks.equijoin import size
from compiler.networks.links import topology_of
from compiler.networks.whole.carriers import Path
from compiler.networks.whole.division import Division, InstanceBox
from compiler.networks.whole.linked_places import Made, Place

Sides = NDArray[np.bool_]
Ints = NDArray[np.int64]


def path_counts(path: Path) -> tuple[int, ...]:
    """The count of each slot along a path, in one instance of the slot before it."""
    return tuple(int(size(slot.count)) for slot in path)


def place_counts(place: Place) -> tuple[int, ...]:
    """The counts along a place: of its path, of its owner's path and then its switches, or one world outside."""
    if isinstance(place, Made):
        topology = topology_of(place.connection)
        return (*path_counts(place.owner), topology.vertices - topology.endpoints)
    return path_counts(place) if isinstance(place, tuple) else (1,)


def common(one: Ints, other: Ints) -> Ints:
    """The numbers that stand in both of two arrays of distinct numbers, shapes (n,) and (m,)."""
    if not one.size or not other.size:
        return one[:0]
    within = np.zeros(int(max(one.max(), other.max())) + 1, dtype=bool)
    within[one] = True
    return other[within[other]]


def overlap(one: InstanceBox, other: InstanceBox) -> bool:
    """True when some instance stands in both of two boxes of a place."""
    return all(a & b for a, b in zip(one.bits, other.bits, strict=True))


def sides_by_owner(
    division: Division, places: Sequence[Place], depth: int
) -> Iterator[tuple[int, Mapping[Place, Sides]]]:
    """Owners so many places deep that are divided alike: how many, and the sides of what each has at some places, shape
    (instances in an owner,) each."""
    if any(place in division.arrays for place in places):
        return _by_rows(division, places, depth)
    return _by_boxes(division, places, depth)


def _by_rows(division: Division, places: Sequence[Place], depth: int) -> Iterator[tuple[int, Mapping[Place, Sides]]]:
    """The same where some side is an array: a row for each owner, equal ones together."""
    counts = {place: place_counts(place) for place in places}
    owners = math.prod(counts[places[0]][:depth])
    table = np.concatenate([division.side_of(place, counts[place]).reshape(owners, -1) for place in places], axis=1)
    alike, many = np.unique(table, axis=0, return_counts=True)
    ends = np.cumsum([math.prod(counts[place][depth:]) for place in places])[:-1]
    for row, count in zip(alike, many.tolist(), strict=True):
        yield count, dict(zip(places, np.split(row, ends), strict=True))


def _by_boxes(division: Division, places: Sequence[Place], depth: int) -> Iterator[tuple[int, Mapping[Place, Sides]]]:
    """The same where all sides are boxes: no owner is looked at twice that every box holds as it holds another."""
    counts = {place: place_counts(place) for place in places}
    boxes = [(place, box) for place in places for box in division.boxes.get(place, ())]
    atoms = [_atoms(counts[places[0]][level], [box.numbers[level] for _, box in boxes]) for level in range(depth)]
    for owners in product(*atoms):
        sides = {place: np.zeros(counts[place][depth:], dtype=bool) for place in places}
        for place, box in boxes:
            if box.side and all(one[0] in numbers for one, numbers in zip(owners, box.numbers, strict=False)):
                sides[place][np.ix_(*box.numbers[depth:])] = True
        yield math.prod(one.size for one in owners), {place: side.reshape(-1) for place, side in sides.items()}


def _atoms(count: int, sets: Sequence[Ints]) -> list[Ints]:
    """The numbers from 0 to a count in groups that every set holds wholly or not at all, shape (numbers,) each."""
    marks = np.zeros(count, dtype=np.int64)
    for numbers in {one.tobytes(): one for one in sets}.values():
        member = np.zeros(count, dtype=np.int64)
        member[numbers] = 1
        _, marks = np.unique(marks * 2 + member, return_inverse=True)
        marks = marks.reshape(-1)
    return [np.flatnonzero(marks == mark) for mark in range(int(marks.max(initial=-1)) + 1)]
