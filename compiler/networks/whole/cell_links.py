"""Links between cells: those of a connection that joins parts by keys, and those that leave the design.

Cells that a key tells apart meet as wholes; of a counted cell one copy is drawn, with the links that end at it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from compiler.networks.equijoin import size
from compiler.networks.links import End, rate_of
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.cell_drawing import CellDrawing
from compiler.networks.whole.cells import Cell, Drawn, reached
from compiler.networks.whole.instance_counts import counts_of
from compiler.networks.whole.keys import Key, key_of, shared_depth


class LinkedCopies(Exception):
    """Copies of a counted cell that are linked among each other: no one of them stands for all. `paths` say whose slots
    have to be written out one by one."""

    def __init__(self, paths: frozenset[Path]) -> None:
        super().__init__("copies are linked among each other")
        self.paths = paths


def draw_join(drawing: CellDrawing, owner: Cell, wire: Wire, end: End) -> None:
    """Draw the links of a connection within an owner, cell by cell. Raises `LinkedCopies` or `Irregular`."""
    capacity = size(wire.connection.links) * rate_of(wire.connection, end)
    done: set[tuple[int, int]] = set()
    for left in wire.left:
        for right in wire.right:
            for one, other, depth in _meeting(owner, wire, left, right):
                # where both sides name the same parts, a pair is met from either end
                pair = (min(id(one), id(other)), max(id(one), id(other)))
                if pair not in done:
                    done.add(pair)
                    _link(drawing, one, other, depth, capacity)


def draw_way_out(drawing: CellDrawing, root: Cell, leaving: Sequence[Wire], end: End) -> None:
    """Draw the world outside as one vertex, and the links that lead to it."""
    outside = drawing.draw(Drawn(root))
    for wire in leaving:
        capacity = size(wire.connection.links) * rate_of(wire.connection, end)
        for path in wire.left:
            for cell in reached(root, path):
                drawing.link(drawing.vertex(cell), outside, capacity * cell.merged())


def _meeting(owner: Cell, wire: Wire, left: Path, right: Path) -> Iterator[tuple[Cell, Cell, int]]:
    """Cells of two paths that meet within an owner, each pair with how many slots they have in common."""
    ours, theirs = ([key_of(path, name) for name in wire.connection.keys] for path in (left, right))
    depth = shared_depth(ours, theirs, len(wire.owner))
    if depth is None:
        return
    table: dict[tuple[object, ...], list[Cell]] = defaultdict(list)
    for cell in reached(owner, right[len(wire.owner) :]):
        table[_join_values(cell, theirs, depth)].append(cell)
    for cell in reached(owner, left[len(wire.owner) :]):
        for other in table.get(_join_values(cell, ours, depth), ()):
            yield cell, other, depth


def _join_values(cell: Cell, keys: Sequence[Key], depth: int) -> tuple[object, ...]:
    """The values that two cells must have in common to meet: the cell around at a depth, and their keys."""
    first = cell.first()
    values = [
        float(key.values({level: first[level : level + 1] for level in key.levels}, 1)[0])
        for key in keys
        if key.field is not None
    ]
    return (id(cell.at_depth(depth)), *values)


def _link(drawing: CellDrawing, one: Cell, other: Cell, depth: int, capacity: float) -> None:
    """Link all copies of two cells within the one around both at a depth."""
    common = one.at_depth(depth)
    counted = [any(cell.is_counted for cell in end.chain(common)) for end in (one, other)]
    if all(counted):
        raise LinkedCopies(_slots_to_write_out(one, depth) | _slots_to_write_out(other, depth))
    if one is not other:
        times = one.merged(common) * other.merged(common) * common.merged()
        drawing.link(drawing.vertex(one), drawing.vertex(other), capacity * times)


def _slots_to_write_out(cell: Cell, depth: int) -> frozenset[Path]:
    """The slots of a cell's path below a depth that have several instances."""
    path = cell.path
    counts = counts_of(path)
    return frozenset(path[: level + 1] for level in range(depth, len(path)) if counts[level] > 1)
