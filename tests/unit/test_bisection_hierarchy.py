"""The few candidates of a hierarchy against plain (min,+) convolution of every count."""

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from compiler.networks.bisection.capacitated_tree import Subtree, endpoint, grown
from compiler.networks.bisection.checker import checked_division
from compiler.networks.bisection.dragonfly_cut import DragonflyFabric
from compiler.networks.bisection.effort import EFFORTS
from compiler.networks.bisection.graph_bisection import graph_bisection
from compiler.networks.bisection.hierarchy import HierarchyCut, cut_cost, division, inside_at_least, is_exact
from compiler.networks.bisection.lower_hull import hull
from compiler.networks.bisection.portfolio import bisection, curve_bisection
from compiler.networks.bisection.structure import cut_function
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.topology import Graph


def convolution(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.full(one.size + other.size - 1, np.inf)
    for at, cost in enumerate(one):
        total[at : at + other.size] = np.minimum(total[at : at + other.size], cost + other)
    return total


def all_inside(node: Subtree) -> NDArray[np.float64]:
    total = np.zeros(1)
    for child, count in node.children:
        for _ in range(count):
            total = convolution(total, all_seen(child))
    return total


def all_seen(node: Subtree) -> NDArray[np.float64]:
    if not node.children:
        return np.array([0, node.uplink])
    cost = all_inside(node)
    return np.minimum(cost, node.uplink + cost[::-1]) if np.isfinite(node.uplink) else cost


def random_tree(seed: int, ranks: int, most: int = 5) -> Subtree:
    pick = random.Random(seed)
    node = endpoint(pick.choice([0.5, 1, 2, 3]))
    for rank in range(ranks):
        uplink = pick.choice([0.5, 1, 2, 3, 5, 8, float("inf")]) if rank < ranks - 1 else 0.0
        node = grown((node, pick.randint(2, most if ranks < 4 else 3)), uplink=uplink)
    return node


def unlike_tree(pick: random.Random, ranks: int) -> Subtree:
    """A tree whose parts differ, and need not be equally deep."""
    if not ranks:
        return endpoint(pick.choice([0.5, 1, 2, 3]))
    parts = [unlike_tree(pick, ranks - pick.choice([1, 1, 1, ranks])) for _ in range(pick.randint(1, 3))]
    return grown(*((part, pick.randint(1, 3)) for part in parts), uplink=pick.choice([0.5, 1, 2, 3, 5, 1 / 3]))


@pytest.mark.parametrize("seed", range(60))
def test_candidates_are_complete_for_every_count(seed: int) -> None:
    root = random_tree(seed, 2 + seed % 3)
    m = np.arange(root.size + 1)
    inside = all_inside(root)
    truth = np.minimum(inside, inside[::-1])
    assert is_exact(root)
    assert np.allclose(cut_cost(root, m), truth)
    assert np.all(HierarchyCut(root).prefix(m) >= truth - 1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_deep_and_unlike_trees_are_exact_for_every_count(seed: int) -> None:
    pick = random.Random(seed)
    root = random_tree(seed, 5 + seed % 2) if seed % 4 == 0 else unlike_tree(pick, 2 + seed % 3)
    inside = all_inside(root)
    truth = np.minimum(inside, inside[::-1])
    assert is_exact(root)
    for m in range(root.size + 1):
        lower, upper = (float(end[0]) for end in HierarchyCut(root).bounds(np.array([m])))
        assert lower == pytest.approx(truth[m]) == upper
        checked_division(division(root, m), truth[m], m)


@pytest.mark.parametrize(
    ("m", "w", "figure"),
    [
        ([5] * 5, [2] * 5, 124),
        ([11, 7, 9, 5], [1, 3, 2, 2], 62),
        ([8] * 4, [1, 2, 3, 4], 96),
        ([6] * 6, [1, 2, 2, 2, 2, 2], 96),
    ],
)
def test_a_tree_with_slack_is_exact(m: list[int], w: list[int], figure: float) -> None:
    found = bisection(topology("xgft", m=m, w=w))
    assert (found.status, found.upper) == ("exact", figure)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_tree_by_itself_is_what_its_graph_is(data: st.DataObject) -> None:
    height = data.draw(st.integers(2, 5))
    m = data.draw(st.lists(st.integers(1, 3), min_size=height, max_size=height))
    w, par = (data.draw(st.lists(st.integers(1, 2), min_size=height, max_size=height)) for _ in range(2))
    bw = data.draw(st.lists(st.sampled_from([0.5, 1, 2, 3]), min_size=height, max_size=height))
    assume(2 <= np.prod(m) <= 12)
    network = topology("xgft", m=m, w=w, bw=bw, par=par)
    curve = cut_function(network)
    assert curve is not None
    found = curve_bisection(curve)
    assert found.status == "exact"
    assert found.upper == pytest.approx(halves_by_trial(network.unroll()))


def halves_by_trial(graph: Graph) -> float:
    """The least cut over all halves, the switches of each placed by a greatest flow; bandwidths are halves of whole ones."""
    n = int(graph.weights.sum())
    return min(separation(graph, chosen) for chosen in combinations(range(n), n // 2))


def separation(graph: Graph, chosen: tuple[int, ...]) -> float:
    side = np.where(np.arange(graph.weights.size) < graph.weights.sum(), 1, np.arange(graph.weights.size) + 2)
    side[list(chosen)] = 0
    ends = np.concatenate([side[graph.u], side[graph.v]]), np.concatenate([side[graph.v], side[graph.u]])
    apart = ends[0] != ends[1]
    rates = np.rint(2 * np.concatenate([graph.bandwidth, graph.bandwidth])[apart]).astype(np.int32)
    order = graph.weights.size + 2
    capacity = csr_array((rates, (ends[0][apart], ends[1][apart])), shape=(order, order))
    return float(maximum_flow(capacity, 0, 1).flow_value) / 2


@pytest.mark.parametrize("seed", range(20))
def test_convex_minorants_stay_below(seed: int) -> None:
    root = random_tree(seed, 3)
    wide = Subtree(((root, 1), (endpoint(1.0), 20_000)), 0.0)
    assert wide.rank is None
    assert np.all(inside_at_least(wide, np.arange(0, 500)) <= np.arange(0, 500) + 1e-9)
    row = all_seen(root)
    x = hull(row)
    assert np.all(np.interp(np.arange(root.size + 1), x, row[x]) <= row + 1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_dragonfly_bounds_hold_the_exact_figure(seed: int) -> None:
    pick = random.Random(seed)
    a, h, p = pick.randint(1, 4), pick.randint(1, 3), pick.randint(1, 3)
    sizes = {"a": a, "p": p, "h": h, "g": pick.randint(2, min(a * h + 1, 6))}
    rates = {name: pick.choice([0.5, 1, 2, 4]) for name in ("bw_l", "bw_g", "bw_ep")}
    network = topology("dragonfly", **sizes, **rates, arrangement=pick.choice(["relative", "absolute"]))
    curve = cut_function(network)
    assert curve is not None
    found, truth = curve_bisection(curve), graph_bisection(network.unroll(), EFFORTS["normal"])
    assert truth.status == "exact"
    assert found.lower <= truth.lower + 1e-9 and found.upper >= truth.upper - 1e-9


def test_a_single_group_is_a_full_mesh() -> None:
    fabric = DragonflyFabric(6, 1, 2, 0, "relative", 1.0, 1.0)
    lower, upper = fabric.bounds(np.arange(7))
    assert np.allclose(lower, upper) and lower[3] == 9


@pytest.mark.parametrize("sizes", [[(i * 7) % 40 + 10 for i in range(60)], [(16, 24, 32)[i % 3] for i in range(900)]])
def test_unlike_leaves_by_the_thousand_agree_wired_and_not(sizes: list[int]) -> None:
    network = topology("leaf_spine", leaves=len(sizes), spines=4, eps_per_leaf=sizes, bw_up=2)
    curve = cut_function(network)
    assert curve is not None
    found, wired = curve_bisection(curve), graph_bisection(network.unroll(), EFFORTS["normal"])
    assert found.status == wired.status == "exact"
    assert found.upper == pytest.approx(wired.upper)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_three_tiers_of_unlike_pods_are_a_tree(data: st.DataObject) -> None:
    leaves = data.draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    hung = data.draw(st.lists(st.integers(1, 4), min_size=sum(leaves), max_size=sum(leaves)))
    sizes = {name: data.draw(st.integers(1, 3)) for name in ("aggs_per_pod", "cores_per_group", "trunk_up")}
    core = data.draw(st.sampled_from([0.5, 1.0, 2.0]))
    network = topology("clos3", pods=len(leaves), leaves_per_pod=leaves, eps_per_leaf=hung, bw_core=core, **sizes)
    curve = cut_function(network)

    assert isinstance(curve, HierarchyCut)
    exact, known = bisection(network.unroll(), effort="high"), curve_bisection(curve)
    assert known.status == exact.status == "exact" and known.upper == pytest.approx(exact.upper)
