"""An explicit network whose bisection is asked, made small, and the bound that a cut of the small one makes."""

from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.bisection.bound import Bound, Cut, bound
from compiler.networks.bisection.checker import Unproven, checked_cut
from compiler.networks.bisection.cut_summary import graph_crossing
from compiler.networks.bisection.effort import Effort
from compiler.networks.bisection.folding import Folded, folded
from compiler.networks.bisection.reduction import Reduced, reduced, simple
from compiler.networks.bisection.weighing import halves
from compiler.networks.bisection.weighted import granularity
from compiler.networks.topologies.topology import Graph

Found = tuple[float, NDArray[np.bool_]]
"""The capacity of a cut and the side of every vertex of the reduced network, shape (vertices,), True on A."""


@frozen(eq=False)
class Problem:
    """An explicit network to be cut: reduced, folded, with the numbers of endpoints on A that count as halves."""

    graph: Graph
    small: Reduced
    net: Folded
    targets: tuple[int, ...]
    effort: Effort

    @cached_property
    def step(self) -> float:
        """A capacity that all cuts of halves differ by a multiple of; 0 when none is known."""
        return granularity(self.net.graph)


def problem(graph: Graph, effort: Effort, targets: tuple[int, ...] | None = None) -> Problem:
    """The problem of a graph: its halves, or one of `targets` endpoints on side A."""
    small = reduced(simple(graph))
    return Problem(graph, small, folded(small.graph), targets or halves(graph.weights), effort)


def better(first: Found, second: Found) -> Found:
    """The cheaper of two cuts with their sides, shape (vertices,), the first where both cost the same."""
    return second if second[0] < first[0] else first


def assembled(problem: Problem, found: Found, lower: float | None, below: str) -> Bound:
    """The bound of a cut, its side of shape (vertices,), recounted on the network as it was given; one that does not hold is
    left out."""
    value, side = found
    whole = problem.small.expanded(side)
    total = int(problem.graph.weights.sum())
    on_a = int(problem.graph.weights[whole].sum())
    cut: Cut | None = Cut(value, (on_a, total - on_a), graph_crossing(problem.graph, whole), side=whole)
    upper: float | None = value
    try:
        checked_cut(problem.graph, whole, value, problem.targets)
    except Unproven:
        cut = upper = None
    above = "partition with endpoints placed exactly"
    return bound(lower, upper, below=below, above=above, cut=cut, step=problem.step)
