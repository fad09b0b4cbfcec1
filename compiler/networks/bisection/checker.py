"""Checks of certificates before they are printed, by code that shares nothing with the searches.

A cut is recounted link by link; a division of a hierarchy is added up part by part; a flow's loads are held against
capacities and demands; a potential's quadratic form is tested. A failed check raises `Unproven` and the caller drops
that end of the bound.
"""

import numpy as np
from numpy.typing import NDArray

from compiler.networks.bisection.capacitated_tree import Share
from compiler.networks.topologies.topology import Graph
from compiler.numerics.tolerances import SLACK


class Unproven(Exception):
    """A certificate that does not hold."""


def checked_cut(graph: Graph, side: NDArray[np.bool_], claimed: float, halves: tuple[int, ...]) -> None:
    """Check that `side` (vertices,), True on A, is balanced and the links across it carry what is claimed.

    Raises `Unproven`.
    """
    if side.shape != graph.weights.shape:
        raise Unproven("the side does not fit the graph")
    on_a, total = int(graph.weights[side].sum()), int(graph.weights.sum())
    if on_a not in halves:
        raise Unproven(f"{on_a} of {total} endpoints on one side is no half")
    crossing = 0.0
    for start in range(0, graph.u.size, 1 << 20):
        rows = slice(start, start + (1 << 20))
        crossing += float(graph.bandwidth[rows][side[graph.u[rows]] != side[graph.v[rows]]].sum())
    if abs(crossing - claimed) > SLACK * max(1.0, abs(claimed)):
        raise Unproven(f"links of {crossing} cross where {claimed} was claimed")


def checked_potential(form: NDArray[np.float64], loads: NDArray[np.int64], rate: float) -> None:
    """Check that x' form x >= rate (sum of loads x^2 - (sum of loads x)^2 / sum of loads) for every x.

    `form`, shape (n, n), is symmetric with the constant vector at zero where `rate` is positive; `loads` has shape
    (n,). Tested by a Cholesky factor. Raises `Unproven`.
    """
    mass = loads.astype(np.float64)
    matrix = form - rate * np.diag(mass)
    scale = float(np.abs(form).max(initial=1.0))
    if rate > 0:
        if np.abs(form.sum(axis=1)).max(initial=0.0) > SLACK * scale:
            raise Unproven("the form does not vanish on the constant vector")
        matrix = matrix + np.outer(mass, mass) * (rate / mass.sum()) + scale / form.shape[0]
    try:
        np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError as failure:
        raise Unproven("the form is not positive") from failure


def checked_flow(
    tails: NDArray[np.int64],
    heads: NDArray[np.int64],
    flow: NDArray[np.float64],
    roots: NDArray[np.int64],
    demands: NDArray[np.int64],
) -> None:
    """Check that each row of `flow` (roots, arcs) leaves its root and delivers to every vertex its demand (vertices,), none
    negative. Arcs run from `tails` to `heads`, shape (arcs,). Raises `Unproven`."""
    if flow.size and float(flow.min()) < 0:
        raise Unproven("a flow runs backwards")
    for row, root in zip(flow, roots.tolist(), strict=True):
        arrived = np.bincount(heads, row, demands.size) - np.bincount(tails, row, demands.size)
        arrived[root] = demands[root]
        if np.abs(arrived - demands).max() > SLACK * max(1.0, float(demands.sum())):
            raise Unproven("a flow does not deliver what is asked")


def checked_routing(
    loads: NDArray[np.int64],
    tops: NDArray[np.int64],
    share: NDArray[np.float64],
    arcs: tuple[NDArray[np.int64], NDArray[np.int64]],
    flow: NDArray[np.float64],
    capacity: NDArray[np.float64],
) -> None:
    """Check that every endpoint can send `share[i]` to `tops[i]` for all i at once, each arc within its capacity (arcs,).

    `flow` (tops, arcs) runs from `arcs[0]` to `arcs[1]`; the way back uses the other direction of the same links.
    `loads` (vertices,) are the endpoints at each vertex. Raises `Unproven`.
    """
    tails, heads = arcs
    if flow.size and (
        float(flow.min()) < 0 or float((flow.sum(axis=0) - capacity).max()) > SLACK * float(capacity.max())
    ):
        raise Unproven("a routing runs backwards or over a link's capacity")
    for row, top, each in zip(flow, tops.tolist(), share.tolist(), strict=True):
        left = np.bincount(tails, row, loads.size) - np.bincount(heads, row, loads.size)
        left[top] += each * float(loads.sum())
        if np.abs(left - each * loads).max() > SLACK * max(float(capacity.max()), each * float(loads.sum())):
            raise Unproven("a routing does not send every endpoint's share to a top switch")


def checked_division(share: Share, claimed: float, on_a: int) -> None:
    """Check that a division of a hierarchy divides every part as it says, holds `on_a` endpoints, and cuts what is claimed.

    Its parts are added up one by one, multiplicities as factors. Raises `Unproven`.
    """
    held, capacity = _recounted(share)
    if held != on_a:
        raise Unproven(f"{held} endpoints are on side A where {on_a} were claimed")
    if abs(capacity - claimed) > SLACK * max(1.0, abs(claimed)):
        raise Unproven(f"links of {capacity} cross where {claimed} was claimed")


def _recounted(share: Share) -> tuple[int, float]:
    node = share.node
    if not node.children:
        return share.on_a, 0.0
    there = dict.fromkeys((child for child, _ in node.children), 0)
    held, capacity = 0, 0.0
    for part, count in share.groups:
        there[part.node] += count
        inner_held, inner = _recounted(part)
        if part.top_on_a != share.top_on_a:
            inner += part.node.uplink
        held, capacity = held + count * inner_held, capacity + count * inner
    if there != dict(node.children) or held != share.on_a:
        raise Unproven("a part is divided into other parts than it has")
    return held, capacity
