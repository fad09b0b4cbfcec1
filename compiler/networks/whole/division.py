"""A division of a design into two sides, in the design's own words: which instances of each part stand on side A.

Counted, it is boxes: for a path, a set of numbers along each of its slots, all of whose combinations stand on one side.
Written out, it is an array over the instances of each path in order.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import prod

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from compiler.networks.bisection.counted_sides import Standing
from compiler.networks.equijoin import size
from compiler.networks.links import topology_of
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.cells import Cell, Cells, Drawn, Switches
from compiler.networks.whole.joint_graph import JointGraph, Made, Place, counts_of, made_slots

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
        """How many instances it holds."""
        return prod(one.size for one in self.numbers)


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


def counts_at(place: Place) -> tuple[int, ...]:
    """How many instances stand along each slot of a place."""
    if isinstance(place, Made):
        topology = topology_of(place.connection)
        return (*counts_of(place.owner), topology.vertices - topology.endpoints)
    return counts_of(place) if isinstance(place, tuple) else (1,)


def unrolled_division(joint: JointGraph, side: Sides) -> Division:
    """The division that sides of all vertices of a joint graph mean, shape (vertices,)."""
    return Division({}, {p: side[joint.starts[p] : joint.starts[p] + joint.counts[p]] for p in joint.starts})


def first_ones(ends: Sequence[Path], total: int) -> Division:
    """The division of the first `total` endpoints in the order of their paths from all else."""
    boxes: dict[Place, list[InstanceBox]] = {}
    left = total
    for path in ends:
        counts = counts_of(path)
        taken = min(left, prod(counts))
        left -= taken
        boxes[path] = [*_prefix(counts, taken)]
    return Division({place: tuple(found) for place, found in boxes.items()}, {})


def _prefix(counts: tuple[int, ...], taken: int) -> Iterator[InstanceBox]:
    """The first instances of a path on side A, and the others on B, as boxes."""
    above: tuple[Ints, ...] = ()
    for level, count in enumerate(counts):
        whole, taken = divmod(taken, prod(counts[level + 1 :]))
        below = tuple(np.arange(one) for one in counts[level + 1 :])
        begin = whole + 1 if taken else whole
        if whole:
            yield InstanceBox((*above, np.arange(whole), *below), True)
        if begin < count:
            yield InstanceBox((*above, np.arange(begin, count), *below), False)
        if not taken:
            return
        above = (*above, np.array([whole]))


def counted_division(cells: Cells, standings: Sequence[Standing], image: Ints) -> Division:
    """The division that the standings of a reduced counted graph mean; `image` (vertices drawn,) is where each went.

    What went to no vertex is held by nothing, and stands on side B.
    """
    stands: dict[int, list[Standing]] = defaultdict(list)
    for standing in standings:
        stands[standing.vertex].append(standing)
    boxes: dict[Place, list[InstanceBox]] = defaultdict(list)
    for vertex, drawn in enumerate(cells.drawn):
        target = int(image[vertex])
        for where, side in ((s.where, s.side) for s in stands[target]) if target >= 0 else (({}, False),):
            for place, box in _boxes(cells, drawn, where, side):
                boxes[place].append(box)
    return Division({place: tuple(found) for place, found in boxes.items()}, {})


def _boxes(
    cells: Cells, drawn: Drawn, where: Mapping[int, tuple[int, int]], side: bool
) -> Iterator[tuple[Place, InstanceBox]]:
    """The instances that a vertex stands for, in some copies of the classes around it."""
    numbers = _numbers(cells, drawn.cell, where)
    if drawn.switches is not None:
        yield from _switch_boxes(drawn.cell, drawn.switches, numbers, side)
    elif drawn.cell.slot is not None:
        yield drawn.cell.path, InstanceBox(numbers, side)


def _switch_boxes(
    cell: Cell, switches: Switches, numbers: tuple[Ints, ...], side: bool
) -> Iterator[tuple[Place, InstanceBox]]:
    """Switches of a topology in some copies of a cell: their numbers among those of one owner, by place."""
    wire = switches.wire
    depth = len(wire.owner)
    counts = counts_of((*cell.path, *_below(cell, wire)))[depth:]
    positions = np.zeros(1, dtype=np.int64)
    for level, one in enumerate(numbers[depth:]):
        positions = (positions[:, None] + one[None, :] * prod(counts[level + 1 :])).reshape(-1)
    which = np.searchsorted(np.array(switches.starts), positions + _before(cell, wire), "right") - 1
    found = (switches.first + np.unique(which)[:, None] * switches.tops + np.arange(switches.tops)).reshape(-1)
    first = 0
    for place, many in _switch_places(wire):
        mine = found[(found >= first) & (found < first + many)] - first
        for inside in _products(mine, counts_at(place)[depth:]):
            yield place, InstanceBox((*numbers[:depth], *inside), side)
        first += many


def _products(numbers: Ints, counts: tuple[int, ...]) -> Iterator[tuple[Ints, ...]]:
    """Numbers of instances of a path as products of numbers along its slots, counts of which are given."""
    if not numbers.size:
        return
    if len(counts) == 1:
        yield (numbers,)
        return
    outer, inner = np.divmod(numbers, prod(counts[1:]))
    alike: dict[bytes, tuple[Ints, list[int]]] = {}
    for one in np.unique(outer).tolist():
        mine = inner[outer == one]
        alike.setdefault(mine.tobytes(), (mine, []))[1].append(one)
    for mine, ones in alike.values():
        for below in _products(mine, counts[1:]):
            yield np.array(ones), *below


def _switch_places(wire: Wire) -> Iterator[tuple[Place, int]]:
    """Where the switches of a topology stand, in the order of their numbers, and how many in each owner."""
    topology = topology_of(wire.connection)
    if wire.right:
        yield from ((path, prod(counts_of(path)[len(wire.owner) :])) for path in wire.right)
    elif made := made_slots(wire.network, wire.connection):
        yield from (((*wire.owner, slot), int(size(slot.count))) for slot in made)
    else:
        yield Made(wire.owner, wire.connection), topology.vertices - topology.endpoints


def _group_of(cell: Cell, wire: Wire) -> Path:
    """The path of endpoints that a cell within the owner of a topology is around of."""
    slot = cell.path
    if cell.slot is None and cell.around is not None:
        slot = (*slot, next(iter(cell.inner)))
    return next((path for path in wire.left if path[: len(slot)] == slot), wire.left[0])


def _below(cell: Cell, wire: Wire) -> Path:
    """The slots of the endpoints' path below a cell; those of a block begin with its own."""
    return _group_of(cell, wire)[len(cell.path) :]


def _before(cell: Cell, wire: Wire) -> int:
    """The endpoints of a topology that come before those of the path that a cell is around of."""
    own = _group_of(cell, wire)
    before = 0
    for path in wire.left:
        if path == own:
            return before
        before += prod(counts_of(path)[len(wire.owner) :])
    return before


def _numbers(cells: Cells, cell: Cell, where: Mapping[int, tuple[int, int]]) -> tuple[Ints, ...]:
    """The numbers along each slot of a cell's path, blocks put together; those of the block itself where it is one."""
    found: list[Ints] = []
    begun = np.zeros(1, dtype=np.int64)
    for one in cell.chain():
        mine = one.indices
        if one.home and cells.class_cells[one.home] is one and one.home in where:
            mine = mine[slice(*where[one.home])]
        begun = (begun[:, None] + mine[None, :]).reshape(-1)
        if one.slot is not None:
            found.append(begun)
            begun = np.zeros(1, dtype=np.int64)
    if cell.slot is None and cell.around is not None:
        found.append(begun)
    return tuple(found)
