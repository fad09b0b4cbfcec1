"""Divisions of a design into two sides, in the design's own words: which instances of each part stand on side A.

Plain data, which a solver makes and the recount reads. Counted, a division is boxes: for a path, a set of numbers along
each of its slots, all of whose combinations stand on one side. Unrolled, it is an array over the instances in order.
"""

from collections.abc import Mapping
from functools import cached_property
from math import prod

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from compiler.networks.whole.linked_places import Place

Ints = NDArray[np.int64]
Sides = NDArray[np.bool_]


@frozen(eq=False)
class InstanceBox:
    """Instances of a place on one side: `numbers` along each slot of its path; for switches that a shape made without
    a name, along the path of their owner, and their own numbers last."""

    numbers: tuple[Ints, ...]
    side: bool

    @property
    def count(self) -> int:
        """The number of instances in the box."""
        return prod(one.size for one in self.numbers)

    @cached_property
    def bits(self) -> tuple[int, ...]:
        """Its numbers along each slot as the bits of one whole number, which tells quickly whether two boxes meet."""
        return tuple(_bits(one) for one in self.numbers)


def _bits(numbers: Ints) -> int:
    """A set of numbers, shape (numbers,), as the bits of one whole number."""
    marks = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=bool)
    marks[numbers] = True
    return int.from_bytes(np.packbits(marks, bitorder="little").tobytes(), "little")


@define(eq=False)
class Division:
    """Sides of the parts of a design by place; a place with neither boxes nor an array stands on side B."""

    boxes: Mapping[Place, tuple[InstanceBox, ...]]
    arrays: Mapping[Place, Sides]

    def side_of(self, place: Place, counts: tuple[int, ...]) -> Sides:
        """The side of every instance of a place in order, shape (instances,); `counts` along its path."""
        if place in self.arrays:
            return self.arrays[place]
        side = np.zeros(counts, dtype=bool)
        for box in self.boxes.get(place, ()):
            if box.side:
                side[np.ix_(*box.numbers)] = True
        return side.reshape(-1)
