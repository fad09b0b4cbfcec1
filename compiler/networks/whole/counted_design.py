"""The least cut of a design by counted cells: exact, and never unrolled."""

from collections.abc import Sequence

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
from compiler.networks.whole.cell_division import cell_division
from compiler.networks.whole.cell_graph import CellGraph, cell_graph
from compiler.networks.whole.cells import Cell, Irregular, cells_within, reached
from compiler.networks.whole.division import Division
from compiler.networks.whole.hosts import Host
from compiler.networks.whole.instance_counts import counts_of

Ints = NDArray[np.int64]


@frozen(eq=False)
class CountedCut:
    """The least capacity that separates so many accelerators from the rest, B/s: certified ends, and the division that
    shows the upper one. Infinite ends and None where no division into whole hosts has so many on one side."""

    lower: float
    upper: float
    division: Division | None


@frozen(eq=False)
class CountedDesign:
    """A design ready to be cut: its cells, their `graph` made small, and `image` (vertices drawn,), where each went, -1
    for one that nothing holds."""

    cells: CellGraph
    graph: Simple
    image: Ints

    def most_even(self) -> int | None:
        """The accelerators on side A of the most even division into whole hosts; None where there is none."""
        total = self.graph.endpoints
        if total < 2:
            return None
        if not (self.graph.weights > 1).any():
            return total // 2
        reachable = self._reachable()
        return next((m for m in range(total // 2, 0, -1) if reachable >> m & 1), None)

    def _reachable(self) -> int:
        """Every number of accelerators that some vertices hold together, as bits: bit m is set for m of them."""
        graph = self.graph
        reachable = 1
        for one in np.flatnonzero(graph.weights).tolist():
            left, many = copies_of(graph.classes, int(graph.home[one])), 1
            while left:
                taken = min(many, left)
                reachable |= reachable << (int(graph.weights[one]) * taken)
                left -= taken
                many *= 2
        return reachable

    def cut(self, total: int, budget: Budget | None = None) -> CountedCut:
        """The least cut with `total` accelerators on side A. Raises `TooWide`."""
        found = least_cut(self.graph, total, budget)
        if not np.isfinite(found.upper):
            return CountedCut(found.lower, found.upper, None)
        return CountedCut(found.lower, found.upper, cell_division(self.cells, standings(found), self.image))


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
    cells = cell_graph(ends, wires, end, leaving)
    graph, image = _with_whole_hosts(cells, hosts)
    small = reduced(graph)
    moved = small.image[image]
    return CountedDesign(cells, small.graph, np.where(image >= 0, moved, -1))


def _with_whole_hosts(cells: CellGraph, hosts: Sequence[Host]) -> tuple[Simple, Ints]:
    """The graph with the cards and accelerators of each host as one vertex, and where every vertex went."""
    graph = cells.graph
    image = np.arange(graph.order)
    weights, home = graph.weights.tolist(), graph.home.tolist()
    if any(host.tied for host in hosts):
        raise Irregular("some cards of a host are linked to its accelerators, and some are not")
    for host in sorted(hosts, key=lambda host: -len(host.path)):
        for cell in reached(cells.root, host.path):
            if not host.is_whole(_number(cell, host)):
                continue
            members = sorted({int(image[vertex]) for vertex in _vertices_of_host(cell, host)})
            image[np.isin(image, members)] = len(weights)
            weights.append(sum(weights[one] * copies_of(graph.classes, home[one], cell.home) for one in members))
            home.append(cell.home)
    if len(weights) == graph.order:
        return graph, image
    return _contracted(graph, image, np.array(weights, dtype=np.int64), np.array(home, dtype=np.int64))


def _number(cell: Cell, host: Host) -> int:
    """The number of a cell's first instance among all hosts of a path."""
    counts = counts_of(host.path)
    return int(np.ravel_multi_index(cell.first(), counts)) if counts else 0


def _vertices_of_host(cell: Cell, host: Host) -> list[int]:
    """The vertices of the accelerators and cards in a host's cell."""
    return [
        one.vertex
        for one in (cell, *cells_within(cell))
        if one.slot is not None and one.vertex >= 0 and (one.weighs or one.path in host.cards)
    ]


def _contracted(graph: Simple, image: Ints, weights: Ints, homes: Ints) -> tuple[Simple, Ints]:
    """The graph whose vertices went where `image` (vertices,) says, those left numbered anew, and where each went then.

    `weights` and `homes` are of the vertices before and after, by their numbers in `image`.
    """
    kept = np.unique(image)
    renamed = np.full(weights.size, -1)
    renamed[kept] = np.arange(kept.size)
    u, v = renamed[image[graph.u]], renamed[image[graph.v]]
    capacity = graph.capacity * _copies_between(graph, homes[kept], u, v)
    return joined(weights[kept], u, v, capacity, homes[kept], graph.classes), renamed[image]


def _copies_between(graph: Simple, homes: Ints, u: Ints, v: Ints) -> NDArray[np.float64]:
    """The number of each link in one copy of the inner class that its ends have now, shape (links,)."""
    before = np.maximum(graph.home[graph.u], graph.home[graph.v])
    now = np.maximum(homes[u], homes[v])
    return np.array(
        [
            copies_of(graph.classes, inner, outer) if is_within(graph.classes, inner, outer) else 1
            for inner, outer in zip(before.tolist(), now.tolist(), strict=True)
        ],
        dtype=np.float64,
    )
