"""The whole road from a network to its certified bisection, on cases worked out by hand."""

import numpy as np
import pytest

from compiler.networks.bisection.portfolio import bisection
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.topology import Graph
from compiler.networks.topologies.without import without


def explicit(weights: list[int], edges: list[tuple[int, int, float]]) -> Graph:
    u, v, bandwidth = (np.array(column) for column in zip(*edges, strict=True))
    cables = np.ones(u.size, dtype=np.int32)
    return Graph(np.array(weights), u.astype(np.int32), v.astype(np.int32), bandwidth.astype(float), cables)


def cloudmatrix() -> Graph:
    """48 nodes of 8, 7 planes of 48 leaves and 16 spines, as wired."""
    edges: list[tuple[int, int, float]] = []
    switch = 384
    for _ in range(7):
        leaves, spines = range(switch, switch + 48), range(switch + 48, switch + 64)
        edges += [(n, switch + n // 8, 56.0) for n in range(384)]
        edges += [(leaf, spine, 28.0) for leaf in leaves for spine in spines]
        switch += 64
    return explicit([1] * 384 + [0] * (switch - 384), edges)


@pytest.mark.parametrize(
    ("family", "parameters", "value"),
    [
        ("star", {"n": 8, "switches": 6, "trunk": 2, "bw": 25}, 1200),
        ("full_mesh", {"n": 7}, 12),
        ("leaf_spine", {"leaves": 3, "spines": 2, "eps_per_leaf": 4}, 4),
        ("leaf_spine", {"leaves": 3, "spines": 1, "eps_per_leaf": [5, 3, 2]}, 1),
        ("fat_tree", {"k": 32}, 4096),
        ("fat_tree", {"k": 6, "pods": 5}, 22),
        ("clos3", {"pods": 5, "aggs_per_pod": 2, "cores_per_group": 1, "leaves_per_pod": 2, "eps_per_leaf": 2}, 6),
    ],
)
def test_a_structure_gives_the_exact_figure(family: str, parameters: dict[str, object], value: float) -> None:
    found = bisection(topology(family, **parameters))
    assert (found.status, found.lower, found.upper) == ("exact", value, value)


def test_a_wired_cloudmatrix_is_recognised() -> None:
    found = bisection(cloudmatrix())
    assert (found.status, found.lower) == ("exact", 75_264.0)


@pytest.mark.parametrize(("left", "right", "value"), [(6, 6, 0), (5, 7, 1), (1, 3, 1), (2, 8, 3)])
def test_islands_move_endpoints_to_balance(left: int, right: int, value: float) -> None:
    n = left + right
    edges = [(i, n if i < left else n + 1, 1.0) for i in range(n)]
    found = bisection(explicit([1] * n + [0, 0], edges))
    assert (found.status, found.lower) == ("exact", value)


def test_a_network_that_lost_links_keeps_the_rest_of_its_intact_bound() -> None:
    tree = topology("fat_tree", k=16)
    fabric = tuple(range(tree.endpoints, tree.endpoints + 40, 4))
    found = bisection(without(tree, links=fabric))
    assert found.lower is not None and found.upper is not None
    assert 512 - 10 <= found.lower <= found.upper <= 512
