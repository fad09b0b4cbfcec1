"""Named topologies over cells: trees by their subtrees, small others link by link.

All tops of a subtree are one vertex in each copy of the cell that it covers, linked to the tops above by all their
uplinks together (`subtrees` says why).
"""

from collections.abc import Iterator, Sequence
from math import prod

from attrs import define, field

from compiler.ir.hardware import Slot
from compiler.networks.equijoin import size
from compiler.networks.links import End, topology_of, unit_of
from compiler.networks.topologies.topology import Topology
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.cell_drawing import CellDrawing
from compiler.networks.whole.cells import Cell, Drawn, Irregular, Switches, reached
from compiler.networks.whole.instance_counts import counts_of, made_slots
from compiler.networks.whole.subtrees import Rank, Ranks, Run, trees_of


def draw_topology(drawing: CellDrawing, owner: Cell, wire: Wire, end: End) -> None:
    """Draw a named topology within an owner. Raises `Irregular` where its switches or subtrees do not stand in cells."""
    topology = topology_of(wire.connection)
    unit = unit_of(wire.connection, end)
    trees = trees_of(topology)
    if trees is None:
        _draw_singly(drawing, owner, wire, topology, unit)
        return
    first = 0
    for ranks in trees:
        _TreeDrawing(drawing, owner, wire, ranks, first, unit).draw()
        first += sum(rank.switches for rank in ranks)


def _draw_singly(drawing: CellDrawing, owner: Cell, wire: Wire, topology: Topology, unit: float) -> None:
    """A topology over parts that are written out one by one."""
    ends: list[int] = []
    for path in (*wire.left, *wire.right):
        cells = reached(owner, path[len(wire.owner) :])
        ends += [drawing.vertex(cell) for cell in sorted(cells, key=lambda cell: tuple(cell.first()))]
    for slot in made_slots(wire.network, wire.connection):
        drawing.set_apart(owner.inner[slot])
    while len(ends) < topology.vertices:
        ends.append(drawing.draw(Drawn(owner, Switches(owner, wire, len(ends) - topology.endpoints))))
    graph, times = topology.unroll(), owner.merged()
    for u, v, bandwidth in zip(graph.u.tolist(), graph.v.tolist(), graph.bandwidth.tolist(), strict=True):
        drawing.link(ends[u], ends[v], bandwidth * unit * times)


@define(eq=False)
class _TreeDrawing:
    """One tree of a topology being drawn: `first` is the number of its first switch, `unit` the bandwidth of a link of 1.

    `tops` are the vertices so far, by the path of the endpoints, the cell that a subtree covers and the level: where parts
    hold endpoints of unlike names, those have subtrees of their own.
    """

    drawing: CellDrawing
    owner: Cell
    wire: Wire
    ranks: Ranks
    first: int
    unit: float
    tops: dict[tuple[Path, int, int], int] = field(factory=dict)
    done: set[tuple[int, int]] = field(factory=set)

    def draw(self) -> None:
        """Draw the tree over all cells of its endpoints."""
        for cell, position in _cells_of_endpoints(self.owner, self.wire):
            self._climb(cell, position)

    def _climb(self, cell: Cell, position: int) -> None:
        """Draw what stands over a cell, level by level; `position` is the number of its first endpoint."""
        below, below_cell = self.drawing.vertex(cell), cell
        first = self.first
        for level, rank in enumerate(self.ranks):
            is_last = level == len(self.ranks) - 1
            around = self.owner if is_last else _covering(cell, self.owner, _size_at(rank.subtrees, position))
            path = () if is_last else cell.path
            if (path, id(around), level) not in self.tops:
                switches = Switches(self.owner, self.wire, first, rank.tops, rank.starts(), path)
                self.tops[(path, id(around), level)] = self._top(Drawn(around, switches), is_last)
            top = self.tops[(path, id(around), level)]
            self._link(below, below_cell, top, around, rank)
            first += rank.switches
            below, below_cell = top, around

    def _link(self, below: int, cell: Cell, top: int, around: Cell, rank: Rank) -> None:
        """Link a subtree to the one above it, once: both may stand over several cells."""
        if (below, top) not in self.done:
            self.done.add((below, top))
            self.drawing.link(below, top, rank.uplink * self.unit * (cell.merged(around) * around.merged()))

    def _top(self, drawn: Drawn, is_last: bool) -> int:
        """The vertex of the tops of a subtree: that of the switches themselves where those stand together anyway."""
        if self.wire.right:
            cells = self._named()
            is_one = len(cells) == 1 and len(self.ranks) == 1
            return self.drawing.vertex(cells[0]) if is_one else self.drawing.draw_apart(cells, drawn)
        assert drawn.switches is not None
        made = _tier_at(self.wire, drawn.switches.first) if drawn.switches.tops else None
        if made is None:
            return self.drawing.draw(drawn)
        cell = self.owner.inner[made][0]
        return self.drawing.vertex(cell) if is_last else self.drawing.draw_apart((cell,), drawn)

    def _named(self) -> Sequence[Cell]:
        """The cells of switches that are named on the right. Raises `Irregular` where they stand in copies."""
        cells = [cell for path in self.wire.right for cell in reached(self.owner, path[len(self.wire.owner) :])]
        if any(one.is_counted for cell in cells for one in cell.chain(self.owner)):
            raise Irregular("a topology over switches that stand in like parts")
        return cells


def _cells_of_endpoints(owner: Cell, wire: Wire) -> Iterator[tuple[Cell, int]]:
    """The cells of a topology's endpoints, each with the number of its first endpoint."""
    before = 0
    for path in wire.left:
        counts = counts_of(path)[len(wire.owner) :]
        for cell in reached(owner, path[len(wire.owner) :]):
            position = 0
            for index, count in zip(cell.first()[len(wire.owner) :].tolist(), counts, strict=True):
                position = position * count + index
            yield cell, before + position
        before += prod(counts)


def _size_at(subtrees: Sequence[Run], position: int) -> int:
    """The size of the subtree that holds an endpoint."""
    for endpoints, many in subtrees:
        if position < endpoints * many:
            return endpoints
        position -= endpoints * many
    raise AssertionError("the subtrees of a rank hold all endpoints")


def _tier_at(wire: Wire, first: int) -> Slot | None:
    """The tier of switches that a topology made whose first is of that number among all; None where none is named."""
    at = 0
    for slot in made_slots(wire.network, wire.connection):
        if at == first:
            return slot
        at += int(size(slot.count))
    return None


def _covering(cell: Cell, owner: Cell, endpoints: int) -> Cell:
    """The cell around an endpoint's cell, within the owner, one instance of which has so many of the endpoints.

    Raises `Irregular` where there is none.
    """
    counts = counts_of(cell.path)
    level = len(counts) - 1
    for around in reversed(cell.chain(owner)):
        below = prod(counts[level + 1 :])
        if around.length * below == endpoints:
            return around
        if around.around is not None and around.around.slot is not None:
            level -= 1
    raise Irregular("a subtree of a topology lies across parts")
