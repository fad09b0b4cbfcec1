"""The division of a design that sides of its counted graph mean: boxes of instances, copies of cells in runs."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from compiler.networks.bisection.counted_sides import Standing, Where
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.cell_graph import CellGraph
from compiler.networks.whole.cells import Cell, Drawn, Switches
from compiler.networks.whole.division import Division, InstanceBox, Ints
from compiler.networks.whole.instance_counts import counts_at, counts_of, switch_places
from compiler.networks.whole.linked_places import Place

Numbers = tuple[Ints, ...]
"""Numbers of instances along each slot of a path, shapes (numbers,)."""


def cell_division(cells: CellGraph, standings: Sequence[Standing], image: Ints) -> Division:
    """The division that the standings of a reduced counted graph mean; `image` (vertices drawn,) is where each went.

    A vertex that went nowhere, -1, is held by nothing, and stands on side B.
    """
    stands: dict[int, list[tuple[Where, bool]]] = defaultdict(list)
    for standing in standings:
        stands[standing.vertex].append((standing.where, standing.side))
    stands[-1] = [({}, False)]
    boxes: dict[Place, list[InstanceBox]] = defaultdict(list)
    for drawn, target in zip(cells.drawn, image.tolist(), strict=True):
        for where, side in stands[target]:
            for place, numbers in _instances(drawn, _numbers(cells, drawn.cell, where)):
                boxes[place].append(InstanceBox(numbers, side))
    return Division({place: tuple(found) for place, found in boxes.items()}, {})


def _instances(drawn: Drawn, numbers: Numbers) -> Iterator[tuple[Place, Numbers]]:
    """The instances that a vertex stands for in copies of its cell of these numbers."""
    if drawn.switches is not None:
        yield from _switches(drawn.cell, drawn.switches, numbers)
    elif drawn.cell.slot is not None:
        yield drawn.cell.path, numbers


def _numbers(cells: CellGraph, cell: Cell, where: Where) -> Numbers:
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


# ---- switches of a topology ------------------------------------------------------------------


def _switches(cell: Cell, switches: Switches, numbers: Numbers) -> Iterator[tuple[Place, Numbers]]:
    """Switches of a topology in some copies of a cell: their numbers among those of one owner, by place."""
    depth = len(switches.wire.owner)
    found = _switch_numbers(cell, switches, numbers[depth:])
    first = 0
    for place, many in switch_places(switches.wire):
        mine = found[(found >= first) & (found < first + many)] - first
        for inside in _products(mine, counts_at(place)[depth:]):
            yield place, (*numbers[:depth], *inside)
        first += many


def _switch_numbers(cell: Cell, switches: Switches, numbers: Numbers) -> Ints:
    """The switches over copies of a cell within one owner, shape (switches,): `numbers` are those copies."""
    wire = switches.wire
    path = switches.below or _endpoints_below(cell, wire)
    counts = counts_of(path)[len(wire.owner) :]
    positions = np.full(1, _endpoints_before(path, wire), dtype=np.int64)
    for level, one in enumerate(numbers):
        positions = (positions[:, None] + one[None, :] * prod(counts[level + 1 :])).reshape(-1)
    subtrees = np.unique(np.searchsorted(np.array(switches.starts), positions, "right") - 1)
    return (switches.first + subtrees[:, None] * switches.tops + np.arange(switches.tops)).reshape(-1)


def _endpoints_below(cell: Cell, wire: Wire) -> Path:
    """The path of a topology's endpoints that leads through a cell; the first one where none does."""
    way = cell.path
    if cell.slot is None and cell.around is not None:
        way = (*way, next(iter(cell.inner)))
    return next((path for path in wire.left if path[: len(way)] == way), wire.left[0])


def _endpoints_before(path: Path, wire: Wire) -> int:
    """The endpoints of a topology within one owner that come before those of a path."""
    before = wire.left[: wire.left.index(path)]
    return sum(prod(counts_of(other)[len(wire.owner) :]) for other in before)


def _products(numbers: Ints, counts: tuple[int, ...]) -> Iterator[Numbers]:
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
