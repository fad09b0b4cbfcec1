"""The bisection of a network: from cheap proofs to dear ones until both ends meet or the budget is spent."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.bisection.bound import Bound, Cut, bound
from compiler.bisection.checker import Unproven, checked_cut
from compiler.bisection.curve import CutFunction
from compiler.bisection.folding import Folded, folded, placed
from compiler.bisection.frontier import least_cut, least_side
from compiler.bisection.hierarchy import HierarchyCut, division
from compiler.bisection.partition import metis_sides, random_sides, refined
from compiler.bisection.reduction import Reduced, reduced, simple
from compiler.bisection.structure import cut_function
from compiler.topologies.model import Graph, Topology


def bisection(network: Topology | Graph, *, effort: str = "normal") -> Bound:
    """Least capacity, one direction, between halves of the endpoints, switches placed at best, in the caller's unit.

    A topology is answered from its structure where that is exact, else from its graph. `effort` is `low`, `normal`
    or `high` and counts work, never seconds: the same network gives the same answer on every machine.
    """
    budget = EFFORTS[effort]
    if isinstance(network, Graph):
        return graph_bisection(network, budget)
    curve = cut_function(network)
    if curve is None:
        return graph_bisection(network.unroll(), budget)
    return curve_bisection(curve)


def curve_bisection(curve: CutFunction) -> Bound:
    """The bisection that a cut function gives, with the division behind it where it is a hierarchy."""
    n = curve.endpoints
    lower, upper = (float(end[0]) for end in curve.bounds(np.array([n // 2])))
    below, above = curve.method
    cut = Cut(upper, (n // 2, n - n // 2))
    if isinstance(curve, HierarchyCut):
        share = division(curve.root, n // 2)
        cut = Cut(upper, (n // 2, n - n // 2), witness=share)
    return bound(lower, upper, below=below, above=above, cut=cut)


@frozen
class Effort:
    """A budget in units of work: table entries of exact search, seeds of the partitioner."""

    table: float
    seeds: int
    passes: int


EFFORTS = {"low": Effort(2e7, 4, 2), "normal": Effort(2e9, 20, 6), "high": Effort(4e10, 100, 20)}


def graph_bisection(graph: Graph, effort: Effort) -> Bound:
    """The bisection of an explicit network."""
    total = int(graph.weights.sum())
    if total <= 1:
        return bound(0.0, 0.0, below="fewer than two endpoints", cut=Cut(0.0, (0, total)))
    small = reduced(simple(graph))
    net = folded(small.graph)
    targets = tuple(sorted({total // 2, total - total // 2}))
    value, side = _searched(net, targets, effort)
    outcome = least_cut(net, targets, value, effort.table)
    if outcome.is_complete and outcome.value is not None:
        found = least_side(net, targets, outcome.value, effort.table)
        if found is not None and found[0] < value:
            value, side = found
    lower = (value if outcome.value is None else outcome.value) if outcome.is_complete else None
    return _assembled(graph, small, value, side, lower, "exact search over a frontier")


def _searched(net: Folded, targets: tuple[int, ...], effort: Effort) -> tuple[float, NDArray[np.bool_]]:
    best = placed(net, np.zeros(net.core.size, dtype=bool), targets)
    if net.core.size < 2:
        return best
    for side in [*metis_sides(net, effort.seeds, 1), *random_sides(net, 4, 1)]:
        found = refined(net, side, targets, effort.passes)
        if found[0] < best[0]:
            best = found
    return best


def _assembled(
    graph: Graph, small: Reduced, value: float, side: NDArray[np.bool_], lower: float | None, below: str
) -> Bound:
    whole = small.expanded(side)
    total = int(graph.weights.sum())
    on_a = int(graph.weights[whole].sum())
    cut: Cut | None = Cut(value, (on_a, total - on_a), side=whole)
    upper: float | None = value
    try:
        checked_cut(graph, whole, value)
    except Unproven:
        cut = upper = None
    return bound(lower, upper, below=below, above="partition with endpoints placed exactly", cut=cut)
