"""The few candidates of a hierarchy against plain (min,+) convolution of every count."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from compiler.networks.bisection.curve import FullMesh, Star, convex_minorant, minplus, minplus_power
from compiler.networks.bisection.dragonfly_cut import DragonflyFabric
from compiler.networks.bisection.effort import EFFORTS
from compiler.networks.bisection.graph_bisection import graph_bisection
from compiler.networks.bisection.hierarchy import (
    HierarchyCut,
    Subtree,
    cut_cost,
    endpoint,
    grown,
    inside_at_least,
    is_exact,
)
from compiler.networks.bisection.portfolio import bisection, curve_bisection
from compiler.networks.bisection.structure import cut_function
from compiler.networks.topologies.catalogue import topology


def all_inside(node: Subtree) -> NDArray[np.float64]:
    total = np.zeros(1)
    for child, count in node.children:
        total = minplus(total, minplus_power(all_seen(child), count))
    return total


def all_seen(node: Subtree) -> NDArray[np.float64]:
    if not node.children:
        return np.array([0, node.uplink])
    cost = all_inside(node)
    if np.isfinite(node.uplink):
        cost = np.minimum(cost, node.uplink + cost[::-1])
    return cost if node.overlay is None else cost + node.overlay.bounds(np.arange(node.size + 1))[1]


def random_tree(seed: int, ranks: int) -> Subtree:
    pick = random.Random(seed)
    node = endpoint(pick.choice([0.5, 1, 2, 3]))
    for rank in range(ranks):
        count = pick.randint(2, 5 if ranks < 4 else 3)
        uplink = pick.choice([0.5, 1, 2, 3, 5, 8, float("inf")]) if rank < ranks - 1 else 0.0
        size = node.size * count
        overlay = pick.choice([None, None, None, Star(size, pick.choice([0.25, 1, 2])), FullMesh(size, 0.25)])
        node = grown((node, count), uplink=uplink, overlay=overlay)
    return node


@pytest.mark.parametrize("seed", range(60))
def test_candidates_are_complete_for_every_count(seed: int) -> None:
    root = random_tree(seed, 2 + seed % 3)
    m = np.arange(root.size + 1)
    inside = all_inside(root)
    truth = np.minimum(inside, inside[::-1])
    if root.overlay is not None:
        truth = truth + root.overlay.bounds(m)[1]
    assert is_exact(root)
    assert np.allclose(cut_cost(root, m), truth)
    assert np.all(HierarchyCut(root).prefix(m) >= truth - 1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_convex_minorants_stay_below(seed: int) -> None:
    root = random_tree(seed, 3)
    wide = Subtree(((root, 1), (endpoint(1.0), 20_000)), 0.0)
    assert wide.rank is None
    assert np.all(inside_at_least(wide, np.arange(0, 500)) <= np.arange(0, 500) + 1e-9)
    x, y = convex_minorant(all_seen(root))
    assert np.all(np.interp(np.arange(root.size + 1), x, y) <= all_seen(root) + 1e-9)


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
