"""A design as counted cells: one for all instances of a slot that no connection tells apart, never written out.

A slot splits by the values of the keys that some connection reads on it (`rail = index` makes cells of one) and into
blocks of consecutive instances that are a subtree of a named topology; what nothing tells apart is one cell with a
count. A cell that holds accelerators and has more than one instance is a class of the counted graph; classes nest as
cells do. A cell without accelerators is never one: its copies have the same neighbours, so some least cut has them all
on one side, and it is drawn once with its links added up.

Copies told apart by no key are exchanged by a symmetry of the design, so one of them, with the right multiplicities,
carries every link once. The minimal side A of a least cut is unique where the accelerators are fixed, hence the same
under every symmetry that leaves them alone: that is why copies without accelerators stand together.
"""

from collections.abc import Collection, Mapping, Sequence

from attrs import frozen

from compiler.ir.hardware import Connection
from compiler.networks.bisection.reduction import Simple
from compiler.networks.links import End
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.cell_drawing import CellDrawing
from compiler.networks.whole.cell_links import LinkedCopies, draw_join, draw_way_out
from compiler.networks.whole.cell_topologies import draw_topology
from compiler.networks.whole.cell_tree import cell_tree
from compiler.networks.whole.cells import Cell, Drawn, Irregular, reached
from compiler.networks.whole.like_instances import like_instances

MOST_ROUNDS = 6
"""Rounds in which copies that turn out to be linked among each other are written out one by one."""


@frozen(eq=False)
class CellGraph:
    """The cells of a design and its counted graph: `drawn` (vertices,) says what each vertex is, and `class_cells`
    which cell each class of the graph is, the `root` first; `connections` made the links of each pair of vertices."""

    root: Cell
    class_cells: Sequence[Cell]
    drawn: Sequence[Drawn]
    graph: Simple
    connections: Mapping[tuple[int, int], Collection[Connection]]


def cell_graph(
    ends: Sequence[Path], wires: Sequence[Wire], end: End = "middle", leaving: Sequence[Wire] = ()
) -> CellGraph:
    """The counted cells of some wires over the endpoints at some paths; links at the `end` of their rate.

    Wires that leave the design are left out; with `leaving` the world outside is one more vertex, which those wires
    lead to: all that could pass there does. Raises `Irregular` where copies cannot be told by counts alone, or there
    are too many unlike ones.
    """
    inside = [wire for wire in wires if not wire.connection.external]
    singly: frozenset[Path] = frozenset()
    for _ in range(MOST_ROUNDS):
        try:
            return _drawn(ends, inside, end, leaving, singly)
        except LinkedCopies as linked:
            if linked.paths <= singly:
                break
            singly |= linked.paths
    raise Irregular("copies are linked among each other")


def _drawn(
    ends: Sequence[Path], wires: Sequence[Wire], end: End, leaving: Sequence[Wire], singly: frozenset[Path]
) -> CellGraph:
    """The graph with the slots at some paths written out one by one. Raises `LinkedCopies` where those are too few."""
    tree = cell_tree(ends, wires, leaving, like_instances(wires, singly))
    drawing = CellDrawing()
    for cell in tree.weighing:
        drawing.vertex(cell)
    for wire in wires:
        drawing.drawing = wire.connection
        draw = draw_join if wire.connection.shape is None else draw_topology
        for owner in reached(tree.root, wire.owner):
            draw(drawing, owner, wire, end)
    drawing.drawing = None
    if leaving:
        draw_way_out(drawing, tree.root, leaving, end)
    return CellGraph(tree.root, tree.class_cells, drawing.drawn, drawing.graph(tree.classes), drawing.connections)
