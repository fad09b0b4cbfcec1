"""Bounds of twisted tori, recounted on their links."""

import numpy as np
import pytest

from compiler.networks.bisection.bound import Bound
from compiler.networks.bisection.portfolio import bisection, curve_bisection
from compiler.networks.bisection.segments import shown_cut
from compiler.networks.bisection.structure import cut_function
from compiler.networks.bisection.twisted_cut import TwistedCut
from compiler.networks.topologies.catalogue import topology


def drawn(a: int, bw: float = 1.0) -> TwistedCut:
    curve = cut_function(topology("twisted_torus", a=a, bw=bw))
    assert isinstance(curve, TwistedCut)
    return curve


@pytest.mark.parametrize("a", range(2, 7))
def test_the_first_vertices_are_priced_as_their_links_are(a: int) -> None:
    curve, graph = drawn(a, 3.0), topology("twisted_torus", a=a, bw=3.0).unroll()
    m = np.arange(curve.endpoints + 1)
    truth = [float(graph.bandwidth[(graph.u < x) != (graph.v < x)].sum()) for x in m.tolist()]
    assert np.allclose(curve.prefix(m), truth)
    for x in m.tolist():
        upper = float(curve.bounds(np.array([x]))[1][0])
        assert shown_cut(curve, x, upper) is not None


@pytest.mark.parametrize("a", [2, 3, 4, 5])
def test_small_ones_are_closed_by_search(a: int) -> None:
    found = bisection(topology("twisted_torus", a=a))
    assert (found.status, found.upper) == ("exact", 4 * a)
    assert "search" in found.method or "elimination" in found.method


@pytest.mark.parametrize("a", [11, 30, 512])
def test_large_ones_lie_between_three_and_four_columns(a: int) -> None:
    found: Bound = curve_bisection(drawn(a))
    assert found.status == "bounds" and found.upper == 4 * a
    assert found.lower is not None and 3 * a <= found.lower < 4 * a


@pytest.mark.parametrize("a", range(2, 9))
def test_no_more_is_sent_than_its_links_carry_over_all_hops(a: int) -> None:
    network, curve = topology("twisted_torus", a=a), drawn(a)
    assert network.average_hops is not None
    hops = network.average_hops * (network.endpoints - 1)

    assert 3.6 <= curve.rate() * hops <= 4 + 1e-9  # a vertex has four links; both axes carry nearly the same
