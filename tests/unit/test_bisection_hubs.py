"""Bounds of BCubes, recounted on their links."""

import numpy as np
import pytest

from compiler.networks.bisection.hub_cut import HubCut
from compiler.networks.bisection.portfolio import bisection, curve_bisection
from compiler.networks.bisection.segments import shown_cut
from compiler.networks.bisection.structure import cut_function
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.topology import Graph


def drawn(n: int, k: int, bw: float = 1.0) -> HubCut:
    curve = cut_function(topology("bcube", n=n, k=k, bw=bw))
    assert isinstance(curve, HubCut)
    return curve


def recounted(graph: Graph, side: list[int]) -> float:
    """The capacity across a set of servers, each switch with the larger part of its own."""
    servers = int(graph.weights.sum())
    on_a = np.zeros(graph.weights.size)
    on_a[side] = 1
    held, links = np.zeros(graph.weights.size), np.zeros(graph.weights.size)
    np.add.at(held, graph.v, on_a[graph.u])
    np.add.at(links, graph.v, 1)
    return float(np.minimum(held, links - held)[servers:].sum() * graph.bandwidth[0])


@pytest.mark.parametrize(("n", "k"), [(2, 2), (3, 1), (3, 2), (4, 1), (5, 1)])
def test_cuts_of_every_size_are_priced_as_their_links_are(n: int, k: int) -> None:
    curve, graph = drawn(n, k, 2.5), topology("bcube", n=n, k=k, bw=2.5).unroll()
    for m in range(curve.endpoints + 1):
        lower, upper = (float(end[0]) for end in curve.bounds(np.array([m])))
        plain = recounted(graph, list(range(m)))
        assert float(curve.prefix(np.array([m]))[0]) == pytest.approx(plain)
        assert lower <= upper + 1e-9 and upper <= plain + 1e-9
        assert shown_cut(curve, m, upper) is not None or curve.is_exact


@pytest.mark.parametrize(
    ("n", "k"), [(2, 0), (7, 0), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (4, 1), (5, 1), (6, 1), (10, 1)]
)
def test_bounds_hold_the_exact_figure(n: int, k: int) -> None:
    known, exact = curve_bisection(drawn(n, k)), bisection(topology("bcube", n=n, k=k).unroll())
    assert exact.status == "exact" and exact.upper is not None
    assert known.lower is not None and known.upper is not None
    assert known.lower <= exact.upper + 1e-9 <= known.upper + 2e-9


def test_a_corner_cuts_less_than_a_slab() -> None:
    assert bisection(topology("bcube", n=10, k=1)).upper == 42
    assert drawn(22, 2).bounds(np.array([22**3 // 2]))[1][0] < 0.42 * 22**3
