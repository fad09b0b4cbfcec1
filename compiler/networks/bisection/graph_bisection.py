"""The bisection of an explicit network: read as a tree where it is one, else searched."""

import numpy as np

from compiler.networks.bisection.bound import Bound, Cut, bound, meets
from compiler.networks.bisection.effort import Effort
from compiler.networks.bisection.hierarchy import HierarchyCut, division
from compiler.networks.bisection.problem import Problem, assembled, better, problem
from compiler.networks.bisection.recognised_trees import Forest, forest, laid_out
from compiler.networks.topologies.topology import Graph


def graph_bisection(graph: Graph, effort: Effort, targets: tuple[int, ...] | None = None) -> Bound:
    """The least cut of an explicit network between halves, or with one of `targets` endpoints on side A, in the unit of its
    capacities."""
    total = int(graph.weights.sum())
    if total <= 1:
        return bound(0.0, 0.0, below="fewer than two endpoints", cut=Cut(0.0, (0, total)))
    asked = problem(graph, effort, targets)
    tree = forest(asked.net)
    if tree is not None and max(asked.targets) - min(asked.targets) <= 1:
        return _tree_bisection(asked, tree)
    from compiler.networks.bisection.search import search_bisection

    return search_bisection(asked)


def _tree_bisection(asked: Problem, tree: Forest) -> Bound:
    """A network that is a folded Clos in disguise: its hierarchy gives the figure, and the cut is laid back on it."""
    half = min(asked.targets)
    lower, upper = (float(end[0]) for end in HierarchyCut(tree.whole.subtree).bounds(np.array([half])))
    found = upper, laid_out(tree, division(tree.whole.subtree, half))
    if not meets(lower, upper):
        from compiler.networks.bisection.search import searched

        found = better(found, searched(asked, lower))
    return assembled(asked, found, lower, "identical slices merged into a tree, (min,+) over it")
