"""What is printed is first verified here, by code that shares nothing with the searches.

A cut is recounted link by link; a division of a hierarchy is added up part by part; a flow's loads are held against
capacities and demands; a potential's quadratic form is tested. A failed check raises `Unproven` and the caller drops
that end of the bound.
"""

import numpy as np
from numpy.typing import NDArray

from compiler.topologies.model import Graph

SLACK = 1e-7


class Unproven(Exception):
    """A certificate that does not hold."""


def checked_cut(graph: Graph, side: NDArray[np.bool_], claimed: float) -> None:
    """That `side` is balanced and the links across it carry what is claimed."""
    if side.shape != graph.weights.shape:
        raise Unproven("the side does not fit the graph")
    on_a, total = int(graph.weights[side].sum()), int(graph.weights.sum())
    if on_a not in (total // 2, total - total // 2):
        raise Unproven(f"{on_a} of {total} endpoints on one side is no half")
    crossing = 0.0
    for start in range(0, graph.u.size, 1 << 20):
        rows = slice(start, start + (1 << 20))
        crossing += float(graph.bandwidth[rows][side[graph.u[rows]] != side[graph.v[rows]]].sum())
    if abs(crossing - claimed) > SLACK * max(1.0, abs(claimed)):
        raise Unproven(f"links of {crossing} cross where {claimed} was claimed")
