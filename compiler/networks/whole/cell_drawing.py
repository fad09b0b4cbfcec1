"""The counted graph of a design being drawn: vertices for cells and switches, links between them added up."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from attrs import define, field

from compiler.ir.hardware import Connection
from compiler.networks.bisection.counted_graph import Class
from compiler.networks.bisection.reduction import Simple, joined
from compiler.networks.whole.cells import Cell, Drawn, Irregular

UNDRAWN = -1
APART = -2
"""The vertex of a cell of switches that were drawn by the subtrees that they stand over, not by their cell."""


MOST_DRAWN = 50_000
"""Pairs of vertices that are linked at most; where more unlike parts are linked, arrays do it in less time."""


@define(eq=False)
class CellDrawing:
    """Vertices and links so far: `drawn` says what each vertex is, `connections` which ones made the links of a pair.

    What is linked next is of the connection `drawing`.
    """

    drawn: list[Drawn] = field(factory=list)
    weights: list[int] = field(factory=list)
    homes: list[int] = field(factory=list)
    links: dict[tuple[int, int], float] = field(factory=lambda: defaultdict(float))
    connections: dict[tuple[int, int], dict[Connection, None]] = field(factory=lambda: defaultdict(dict))
    drawing: Connection | None = None

    def vertex(self, cell: Cell) -> int:
        """The vertex of the parts of a cell. Raises `Irregular` for switches that were drawn by their subtrees."""
        if cell.vertex == APART:
            raise Irregular("switches of an inner tier of a topology are linked further")
        if cell.vertex == UNDRAWN:
            cell.vertex = self.draw(Drawn(cell), int(cell.weighs))
        return cell.vertex

    def draw(self, drawn: Drawn, weight: int = 0) -> int:
        """A new vertex in each copy of the class of its cell."""
        self.drawn.append(drawn)
        self.weights.append(weight)
        self.homes.append(drawn.cell.home)
        return len(self.drawn) - 1

    def draw_apart(self, cells: Sequence[Cell], drawn: Drawn) -> int:
        """A vertex for switches of some cells that are not drawn themselves. Raises `Irregular` where one is already."""
        self.set_apart(cells)
        return self.draw(drawn)

    def set_apart(self, cells: Sequence[Cell]) -> None:
        """Let the switches of some cells be drawn otherwise than by their cells. Raises `Irregular` where one is already."""
        for cell in cells:
            if cell.vertex >= 0:
                raise Irregular("switches of an inner tier of a topology are linked further")
            cell.vertex = APART

    def link(self, one: int, other: int, capacity: float) -> None:
        """Add links between two vertices, all of them in one copy of the inner class; none to itself. Raises `Irregular`
        where too many are."""
        if one != other and capacity:
            pair = min(one, other), max(one, other)
            if len(self.links) > MOST_DRAWN:
                raise Irregular(f"more than {MOST_DRAWN:,} pairs of unlike parts are linked")
            self.links[pair] += capacity
            if self.drawing is not None:
                self.connections[pair][self.drawing] = None

    def graph(self, classes: Sequence[Class]) -> Simple:
        """The counted graph that was drawn."""
        ends = np.array(list(self.links), dtype=np.int64).reshape(-1, 2)
        return joined(
            np.array(self.weights, dtype=np.int64),
            ends[:, 0],
            ends[:, 1],
            np.array(list(self.links.values()), dtype=np.float64),
            np.array(self.homes, dtype=np.int64),
            tuple(classes),
        )
