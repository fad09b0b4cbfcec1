"""The bisection of an explicit network: reductions, starts, certificates and exact search, each with its budget."""

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.bisection.bound import Bound, Cut, bound, meets, raised
from compiler.networks.bisection.checker import Unproven, checked_cut
from compiler.networks.bisection.cut_summary import graph_crossing
from compiler.networks.bisection.effort import Effort
from compiler.networks.bisection.flow import shortest_path_rate
from compiler.networks.bisection.folding import Folded, folded, placed
from compiler.networks.bisection.frontier import Outcome, least_cut, least_side
from compiler.networks.bisection.hierarchy import HierarchyCut, division
from compiler.networks.bisection.hose import hose
from compiler.networks.bisection.loaded import granularity, loaded
from compiler.networks.bisection.partition import metis_sides, random_sides, refined, repaired
from compiler.networks.bisection.product_cut import ProductCut
from compiler.networks.bisection.recognised_grids import grid, grid_curve, grid_sides
from compiler.networks.bisection.recognised_trees import Forest, forest, laid_out
from compiler.networks.bisection.reduction import Reduced, reduced, simple
from compiler.networks.bisection.spectral import spectrum
from compiler.networks.bisection.weighing import halves
from compiler.networks.topologies.topology import Graph

SMALL = 128  # core vertices up to which every start is refined
SWEPT = 300  # core vertices up to which the whole budget goes into a sweep
PLANNED = 20_000  # core vertices up to which a sweep is planned and a large network's best cut refined


@frozen(eq=False)
class _Task:
    """An explicit network under search: reduced, folded, with the halves that count."""

    graph: Graph
    small: Reduced
    net: Folded
    targets: tuple[int, ...]
    effort: Effort


def graph_bisection(graph: Graph, effort: Effort, targets: tuple[int, ...] | None = None) -> Bound:
    """The least cut of an explicit network between halves, or with one of `targets` endpoints on side A."""
    total = int(graph.weights.sum())
    if total <= 1:
        return bound(0.0, 0.0, below="fewer than two endpoints", cut=Cut(0.0, (0, total)))
    small = reduced(simple(graph))
    net = folded(small.graph)
    task = _Task(graph, small, net, targets or halves(graph.weights), effort)
    tree = forest(net)
    if tree is not None and max(task.targets) - min(task.targets) <= 1:
        return _tree_bisection(task, tree)
    return _search_bisection(task)


def _tree_bisection(task: _Task, tree: Forest) -> Bound:
    """A network that is a folded Clos in disguise: its hierarchy gives the figure, and the cut is laid back on it."""
    half = np.array([min(task.targets)])
    lower, upper = (float(end[0]) for end in HierarchyCut(tree.whole.subtree).bounds(half))
    found = upper, laid_out(tree, division(tree.whole.subtree, int(half[0])))
    if not meets(lower, upper):
        found = _better(found, _searched(task, _starts(task, task.effort.seeds), lower))
    return _assembled(task, *found, lower, "identical slices merged into a tree, (min,+) over it")


def _search_bisection(task: _Task) -> Bound:
    """From cheap to dear: structure in the numbering, a quick exact search, certificates, then the whole budget."""
    net, effort = task.net, task.effort
    shape = grid(net)
    starts = list(grid_sides(shape)) if shape is not None else []
    value, side = _searched(task, starts, 0.0)
    lower, method = _grid_lower(net, shape, min(task.targets))
    lower = raised(lower, value, granularity(net.graph))
    if not meets(lower, value) and (not starts or net.core.size <= SMALL):
        seeds = effort.seeds // 4 + 1 if net.core.size <= SMALL else effort.seeds
        value, side = _better((value, side), _searched(task, _starts(task, seeds), lower))
    exact = Outcome(None, False)
    if not meets(lower, value) and net.core.size <= PLANNED:
        exact = least_cut(net, task.targets, value, effort.quick, granularity(net.graph))
    if not exact.is_complete and not meets(lower, value):
        found, how = lower_bound(net, task.targets, effort, value)
        lower, method = (found, how) if found > lower else (lower, method)
    if not exact.is_complete and not meets(lower, value):
        if net.core.size <= SMALL:
            value, side = _better((value, side), _searched(task, _starts(task, effort.seeds), lower))
        if not meets(lower, value) and net.core.size <= SWEPT:
            exact = _deep(task, value)
    if not exact.is_complete:
        return _assembled(task, value, side, min(lower, value), method)
    if exact.value is not None:
        better = least_side(net, task.targets, exact.value, effort.table)
        value, side = _better((value, side), better or (np.inf, side))
    return _assembled(task, value, side, value if exact.value is None else exact.value, "exact search over a frontier")


def _deep(task: _Task, value: float) -> Outcome:
    """Exact search with the whole budget: all of it, and eigenvalues ahead, where the core is small."""
    small = task.net.core.size <= SMALL
    work = task.effort.table / (1 if small else 20)
    return least_cut(task.net, task.targets, value, work, granularity(task.net.graph), deep=small)


Found = tuple[float, NDArray[np.bool_]]


def _better(first: Found, second: Found) -> Found:
    return second if second[0] < first[0] else first


def _grid_lower(net: Folded, shape: ProductCut | None, half: int) -> tuple[float, str]:
    curve = grid_curve(net, shape) if shape is not None else None
    if curve is None:
        return 0.0, "capacities are not negative"
    return float(curve.lower(np.array([half]))[0]), f"recognised as a product: {curve.method[0]}"


def _starts(task: _Task, seeds: int) -> Iterator[NDArray[np.bool_]]:
    return chain(metis_sides(task.net, seeds), random_sides(task.net, 4 if task.net.core.size <= SMALL else 1, 1))


def _searched(task: _Task, starts: Iterable[NDArray[np.bool_]], lower: float) -> Found:
    """The best cut of several starts, early when it meets the lower end. Of large networks only the best is refined."""
    net, targets, passes = task.net, task.targets, task.effort.passes
    best = placed(net, np.zeros(net.core.size, dtype=bool), targets)
    leader = None
    for side in starts:
        small = net.core.size <= SMALL
        start = side if small else repaired(net, side, targets)
        found = refined(net, start, targets, passes) if small else placed(net, start, targets)
        if found[0] < best[0]:
            best, leader = found, start
        if meets(lower, best[0]):
            return best
    if net.core.size > SMALL and net.core.size <= PLANNED and leader is not None:
        best = _better(best, refined(net, leader, targets, 1))
    return best


def lower_bound(net: Folded, targets: tuple[int, ...], effort: Effort, upper: float) -> tuple[float, str]:
    """The best certified lower end short of exact search, and what proves it."""
    view = loaded(net)
    n = float(view.endpoints)
    step = granularity(net.graph)
    best, method = 0.0, "capacities are not negative"
    flow = shortest_path_rate(view, effort.flow)
    if flow is not None:
        rate, how = flow
        best, method = raised(view.least(lambda t: rate * t * (n - t), targets), upper, step), how
    if view.loads.size <= effort.spectral and not meets(best, upper):
        found = spectrum(view)
        if found is not None:
            value = raised(view.least(found.fabric, targets), upper, step)
            if value > best:
                best, method = value, "eigenvalue with whole numbers" if found.distance else "eigenvalue"
    if not meets(best, upper) and (routing := hose(view, effort.flow)) is not None:
        value = raised(view.least(lambda t: routing.rate * np.minimum(t, n - t), targets), upper, step)
        if value > best:
            best, method = value, "oblivious routing by way of the top switches"
    return min(best, upper), method


def _assembled(task: _Task, value: float, side: NDArray[np.bool_], lower: float | None, below: str) -> Bound:
    """The bound with its cut recounted on the network as it was given."""
    whole = task.small.expanded(side)
    total = int(task.graph.weights.sum())
    on_a = int(task.graph.weights[whole].sum())
    cut: Cut | None = Cut(value, (on_a, total - on_a), graph_crossing(task.graph, whole), side=whole)
    upper: float | None = value
    try:
        checked_cut(task.graph, whole, value, task.targets)
    except Unproven:
        cut = upper = None
    step = {"granularity": granularity(task.net.graph)}
    above = "partition with endpoints placed exactly"
    return bound(lower, upper, below=below, above=above, cut=cut, certificate=step)
