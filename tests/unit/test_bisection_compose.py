"""Pods with networks of their own under a network over all of them, against the wired whole."""

import random

import numpy as np
import pytest

from compiler.networks.bisection.composed_curve import compose
from compiler.networks.bisection.curve import Beside, FullMesh, Nothing, Star
from compiler.networks.bisection.effort import EFFORTS
from compiler.networks.bisection.graph_bisection import graph_bisection
from compiler.networks.bisection.hierarchy import HierarchyCut
from compiler.networks.bisection.portfolio import curve_bisection
from compiler.networks.bisection.structure import cut_function
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.topology import Graph, Topology


def joined(parts: list[tuple[Topology, int]], over: Topology | None) -> Graph:
    """Every part and the network over them in one graph."""
    total = sum(part.endpoints * count for part, count in parts)
    layers, offset = [], 0
    for part, count in parts:
        for _ in range(count):
            layers.append((part.unroll(), offset))
            offset += part.endpoints
    layers += [(over.unroll(), 0)] if over is not None else []
    u, v, bandwidth, size = [], [], [], total
    for graph, offset in layers:
        ends = int(graph.weights.sum())
        name = np.concatenate([offset + np.arange(ends), size + np.arange(graph.weights.size - ends)])
        size += graph.weights.size - ends
        u.append(name[graph.u])
        v.append(name[graph.v])
        bandwidth.append(graph.bandwidth)
    weights = np.array([1] * total + [0] * (size - total))
    rows = np.concatenate(u)
    cables = np.ones(rows.size, dtype=np.int32)
    return Graph(weights, rows, np.concatenate(v), np.concatenate(bandwidth), cables)


def drawn(seed: int) -> tuple[list[tuple[Topology, int]], Topology | None]:
    pick = random.Random(seed)

    def rate() -> float:
        return pick.choice([0.5, 1, 2, 3, 5])

    pods, size = pick.randint(1, 5), pick.choice([2, 4, 6])
    half = size // 2
    part = pick.choice(
        [
            topology("star", n=size, bw=rate()),
            topology("full_mesh", n=size, bw=rate()),
            topology("ring", n=size, bw=rate()),
            topology("leaf_spine", leaves=2, spines=1, eps_per_leaf=half, bw_ep=rate(), bw_up=rate()),
        ]
    )
    over = pick.choice(
        [
            None,
            topology("star", n=pods * size, bw=rate()),
            topology("leaf_spine", leaves=pods, spines=1, eps_per_leaf=size, bw_ep=rate(), bw_up=rate()),
            topology("leaf_spine", leaves=2 * pods, spines=1, eps_per_leaf=half, bw_ep=rate(), bw_up=rate()),
            topology("xgft", m=[half, 2, pods], w=[1, 1, 1], bw=[rate(), rate(), rate()]),
        ]
    )
    return [(part, pods)], over


@pytest.mark.parametrize("seed", range(80))
def test_a_composition_equals_the_wired_whole(seed: int) -> None:
    parts, over = drawn(seed)
    truth = graph_bisection(joined(parts, over), EFFORTS["normal"])
    curves = [(cut_function(part), count) for part, count in parts]
    assert all(curve is not None for curve, _ in curves)
    found = curve_bisection(compose(curves, None if over is None else cut_function(over)))
    assert (found.status, found.upper) == ("exact", pytest.approx(truth.upper))


def test_unequal_pods_are_composed() -> None:
    parts = [(topology("star", n=6, bw=2), 2), (topology("full_mesh", n=4), 3)]
    over = topology("leaf_spine", leaves=5, spines=1, eps_per_leaf=[6, 6, 4, 4, 4], bw_up=0.5)
    truth = graph_bisection(joined(parts, over), EFFORTS["normal"])
    found = curve_bisection(compose([(Star(6, 2.0), 2), (FullMesh(4, 1.0), 3)], cut_function(over)))
    assert (found.status, found.upper) == ("exact", pytest.approx(truth.upper))


def test_half_a_million_endpoints_are_a_few_numbers() -> None:
    sizes = {"leaves_per_pod": 128, "eps_per_leaf": 64, "aggs_per_pod": 16, "cores_per_group": 16}
    over = cut_function(topology("clos3", pods=64, **sizes, bw_core=0.5))
    found = curve_bisection(compose([(Star(8192, 16.0), 64)], over))
    assert (found.status, found.upper) == ("exact", 64 / 2 * 16 * 16 * 0.5)
    assert found.cut is not None
    assert found.cut.parts[0] == "32 parts of 8,192 on side A"


def test_planes_add_when_they_are_twins_or_only_count() -> None:
    tree = cut_function(topology("leaf_spine", leaves=3, spines=1, eps_per_leaf=4))
    assert isinstance(tree, HierarchyCut)
    m = np.arange(13)
    twice = Beside((tree, tree), twins=True).bounds(m)
    assert np.allclose(twice[1], 2 * tree.bounds(m)[1])
    assert np.allclose(Beside((tree, Star(12, 1.0))).bounds(m)[1], tree.bounds(m)[1] + np.minimum(m, 12 - m))


def test_a_network_over_another_number_of_endpoints_is_refused() -> None:
    with pytest.raises(ValueError, match="8 endpoints together"):
        compose([(Nothing(4), 2)], Star(9, 1.0))
