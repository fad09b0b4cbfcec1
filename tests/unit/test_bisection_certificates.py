"""Certificates never promise more than exact search finds, and the checker refuses what does not hold."""

import numpy as np
import pytest

from compiler.networks.bisection.bound import raised
from compiler.networks.bisection.certificates import lower_bound
from compiler.networks.bisection.checker import Unproven, checked_cut, checked_division, checked_flow, checked_potential
from compiler.networks.bisection.effort import EFFORTS
from compiler.networks.bisection.folding import folded
from compiler.networks.bisection.graph_bisection import graph_bisection
from compiler.networks.bisection.hierarchy import cut_cost, division
from compiler.networks.bisection.portfolio import bisection
from compiler.networks.bisection.reduction import reduced, simple
from compiler.networks.bisection.spectral import laplacian, spectrum
from compiler.networks.bisection.structure import leaf_spine_tree
from compiler.networks.bisection.weighted import Loaded, granularity, loaded, quantum
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.topology import Graph, LeafSpine


def random_graph(seed: int) -> Graph:
    rng = np.random.default_rng(seed)
    switches, each = int(rng.integers(4, 9)), int(rng.integers(0, 4))
    pairs = [(a, b) for a in range(switches) for b in range(a) if rng.random() < 0.6]
    rate = rng.choice([1.0, 2.0, 3.0])
    if not each:
        u, v = np.array(pairs).T
        return Graph(np.ones(switches, dtype=np.int64), u, v, np.full(u.size, rate), np.ones(u.size, dtype=np.int32))
    ends = [(switch * each + i, switches * each + switch) for switch in range(switches) for i in range(each)]
    fabric = [(a + switches * each, b + switches * each) for a, b in pairs]
    u, v = np.array(ends + fabric).T
    weights = np.array([1] * (switches * each) + [0] * switches)
    bandwidth = np.array([1.0] * len(ends) + [rate] * len(fabric))
    return Graph(weights, u, v, bandwidth, np.ones(u.size, dtype=np.int32))


@pytest.mark.parametrize("seed", range(60))
def test_certificates_stay_below_the_exact_figure(seed: int) -> None:
    graph = random_graph(seed)
    exact = graph_bisection(graph, EFFORTS["normal"])
    net = folded(reduced(simple(graph)).graph)
    total = int(graph.weights.sum())
    targets = (total // 2, total - total // 2)
    assert exact.status == "exact"
    assert lower_bound(net, targets, EFFORTS["normal"], np.inf)[0] <= exact.lower + 1e-9


def test_whole_numbers_lift_the_hoffman_singleton_bound() -> None:
    net = folded(simple(topology("slimfly", q=5, p=0).unroll()))
    found = spectrum(loaded(net))
    assert found is not None
    assert found.rate * 25 * 25 / 50 == pytest.approx(62.5, rel=1e-6)
    assert float(found.fabric(np.array([25.0]))[0]) == pytest.approx(65, rel=1e-6)


def test_the_checker_refuses_a_cut_that_is_no_half_or_no_such_capacity() -> None:
    graph = topology("ring", n=6).unroll()
    half = np.arange(6) < 3
    checked_cut(graph, half, 2.0, (3,))
    with pytest.raises(Unproven):
        checked_cut(graph, half, 1.0, (3,))
    with pytest.raises(Unproven):
        checked_cut(graph, np.arange(6) < 2, 2.0, (3,))


def test_the_checker_recounts_a_division() -> None:
    tree = leaf_spine_tree(LeafSpine((4, 4, 4), 2))
    share = division(tree, 6)
    value = float(cut_cost(tree, np.array([6]))[0])
    checked_division(share, value, 6)
    with pytest.raises(Unproven):
        checked_division(share, value - 1, 6)
    with pytest.raises(Unproven):
        checked_division(share, value, 5)


def test_the_checker_refuses_an_eigenvalue_that_is_too_high() -> None:
    ring = loaded(folded(simple(topology("ring", n=8).unroll())))
    value = 2 - 2 * np.cos(2 * np.pi / 8)
    checked_potential(laplacian(ring), ring.loads, value * (1 - 1e-8))
    with pytest.raises(Unproven):
        checked_potential(laplacian(ring), ring.loads, value * 1.01)


def test_the_checker_refuses_a_flow_that_loses_something() -> None:
    tails, heads = np.array([0, 1]), np.array([1, 2])
    loads = np.ones(3, dtype=np.int64)
    checked_flow(tails, heads, np.array([[2.0, 1.0]]), np.array([0]), loads)
    with pytest.raises(Unproven):
        checked_flow(tails, heads, np.array([[2.0, 0.5]]), np.array([0]), loads)


def test_a_unit_is_found_and_bounds_are_rounded_to_it() -> None:
    assert quantum(np.array([1.5, 2.5])) == pytest.approx(0.5)
    assert quantum(np.array([1.0, np.pi])) is None
    even, odd = (simple(topology("torus", dims=dims).unroll()) for dims in ([5, 5], [4, 2]))
    assert (granularity(even), granularity(odd)) == (2.0, 2.0)
    assert granularity(simple(topology("mesh", dims=[3, 3]).unroll())) == 1.0
    assert raised(10.4, 12.0, 2.0) == 12.0
    assert raised(62.5, 65.0, 1.0) == 63.0
    assert raised(3.0000000001, 5.0, 1.0) == 3.0000000001


def test_endpoints_that_move_pay_their_access() -> None:
    view = Loaded(np.array([6, 10]), np.array([0]), np.array([1]), np.array([3.0]), np.ones(16))
    assert view.least(lambda t: np.where((t > 0) & (t < 16), 3.0, 0.0), (8,)) == 5.0


def test_a_failed_network_does_not_use_its_closed_form() -> None:
    whole = topology("leaf_spine", leaves=4, spines=2, eps_per_leaf=4)
    graph = whole.unroll()
    rows = graph.u.size
    less = Graph(graph.weights, graph.u[: rows - 1], graph.v[: rows - 1], graph.bandwidth[:-1], graph.cables[:-1])
    assert bisection(whole).upper == 4
    assert bisection(less).upper == 3
