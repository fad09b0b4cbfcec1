"""The least cut of a design by counted cells: exact, and never unrolled."""

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.bisection.budget import Budget
from compiler.networks.bisection.counted_graph import copies_of, is_within
from compiler.networks.bisection.counted_sides import standings
from compiler.networks.bisection.elimination import least_cut
from compiler.networks.bisection.reduction import Simple, joined, reduced
from compiler.networks.links import End
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.cells import Cell, Cells, cells_of, reached
from compiler.networks.whole.division import Division, counted_division
from compiler.networks.whole.hosts import Host

Ints = NDArray[np.int64]


@frozen(eq=False)
class CountedCut:
    """The least capacity that separates `total` accelerators from the rest, B/s: certified ends, and the division that
    shows the upper one. Infinite where no division into whole hosts has so many on one side."""

    lower: float
    upper: float
    total: int
    division: Division


@frozen(eq=False)
class CountedDesign:
    """A design ready to be cut: its cells, their graph made small, and where each vertex that was drawn went."""

    cells: Cells
    graph: Simple
    image: Ints

    @property
    def accelerators(self) -> int:
        """The number of accelerators."""
        return self.graph.endpoints

    def loads(self) -> list[tuple[int, int]]:
        """The endpoints of each vertex that has some, with its copies."""
        graph = self.graph
        loaded = np.flatnonzero(graph.weights).tolist()
        return [(int(graph.weights[one]), copies_of(graph.classes, int(graph.home[one]))) for one in loaded]

    def cut(self, total: int, budget: Budget | None = None) -> CountedCut:
        """The least cut with `total` accelerators on side A. Raises `TooWide`."""
        found = least_cut(self.graph, total, budget)
        if not np.isfinite(found.upper):
            return CountedCut(found.lower, found.upper, total, Division({}, {}))
        return CountedCut(found.lower, found.upper, total, counted_division(self.cells, standings(found), self.image))


def counted_design(
    ends: Sequence[Path],
    wires: Sequence[Wire],
    hosts: Sequence[Host] = (),
    end: End = "middle",
    leaving: Sequence[Wire] = (),
) -> CountedDesign:
    """The counted design of some wires over some endpoints, hosts whole; links at the `end` of their rate.

    Raises `Irregular` where copies cannot be told by counts alone.
    """
    cells = cells_of(ends, wires, end, leaving)
    graph, image = _with_whole_hosts(cells, hosts)
    small = reduced(graph)
    moved = small.image[image]
    return CountedDesign(cells, small.graph, np.where(image >= 0, moved, -1))


def _with_whole_hosts(cells: Cells, hosts: Sequence[Host]) -> tuple[Simple, Ints]:
    """The graph with the cards and accelerators of each host as one vertex, and where every vertex went."""
    graph = cells.graph
    image = np.arange(graph.order)
    weights, home = graph.weights.tolist(), graph.home.tolist()
    for host in sorted(hosts, key=lambda host: -len(host.path)):
        for cell in reached(cells.root, host.path):
            inside = [
                one.vertex
                for one in (cell, *_below(cell))
                if one.slot is not None and one.vertex >= 0 and (one.weighs or one.path in host.cards)
            ]
            members = sorted({int(image[vertex]) for vertex in inside})
            whole = len(weights)
            weights.append(sum(weights[one] * copies_of(graph.classes, home[one], cell.home) for one in members))
            home.append(cell.home)
            image[np.isin(image, members)] = whole
    if len(weights) == graph.order:
        return graph, image
    kept = np.unique(image)
    renamed = np.full(len(weights), -1)
    renamed[kept] = np.arange(kept.size)
    u, v = renamed[image[graph.u]], renamed[image[graph.v]]
    homes = np.array(home, dtype=np.int64)[kept]
    capacity = graph.capacity * _copies_between(graph, homes, u, v)
    small = joined(np.array(weights, dtype=np.int64)[kept], u, v, capacity, homes, graph.classes)
    return small, renamed[image]


def _copies_between(graph: Simple, homes: Ints, u: Ints, v: Ints) -> NDArray[np.float64]:
    """How many of each link there are in one copy of the inner class that its ends have now, shape (m,)."""
    before = np.maximum(graph.home[graph.u], graph.home[graph.v])
    now = np.maximum(homes[u], homes[v])
    return np.array(
        [
            copies_of(graph.classes, inner, outer) if is_within(graph.classes, inner, outer) else 1
            for inner, outer in zip(before.tolist(), now.tolist(), strict=True)
        ],
        dtype=np.float64,
    )


def _below(cell: Cell) -> Iterator[Cell]:
    """Every cell within one, blocks included."""
    waiting = [inner for found in cell.inner.values() for inner in found]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += [inner for found in one.inner.values() for inner in found]
