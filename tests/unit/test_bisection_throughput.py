"""What can be routed, on networks where it is known."""

import numpy as np
import pytest

from compiler.networks.bisection.paths import path_diversity
from compiler.networks.bisection.reduction import reduced, simple
from compiler.networks.bisection.throughput import all_to_all, worst_permutation
from compiler.networks.failures import Failure, of_topology
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.topology import Graph


def test_uniform_traffic_of_an_even_torus_is_what_its_bisection_carries() -> None:
    found = all_to_all(topology("torus", dims=[8, 8]))
    assert (found.status, found.upper) == ("exact", pytest.approx(16 / 32**2))


def test_a_full_fat_tree_is_limited_by_its_access_links() -> None:
    tree = topology("fat_tree", k=8)
    assert all_to_all(tree).lower == pytest.approx(1 / 127)
    assert worst_permutation(tree).lower == worst_permutation(tree).upper == 1


def test_a_taper_halves_what_every_permutation_gets() -> None:
    found = worst_permutation(topology("leaf_spine", leaves=4, spines=2, eps_per_leaf=4))
    assert (found.status, found.upper) == ("exact", 0.5)


@pytest.mark.parametrize(
    ("family", "parameters"),
    [
        ("dragonfly", {"a": 4, "p": 2, "h": 2}),
        ("slimfly", {"q": 3, "p": 2}),
        ("bcube", {"n": 3, "k": 1}),
        ("mesh", {"dims": [3, 4]}),
        ("ring", {"n": 7}),
    ],
)
def test_routing_never_passes_the_cut(family: str, parameters: dict[str, object]) -> None:
    for found in (all_to_all(topology(family, **parameters)), worst_permutation(topology(family, **parameters))):
        assert found.lower is not None and found.upper is not None
        assert 0 < found.lower <= found.upper


def test_islands_send_each_other_nothing() -> None:
    found = all_to_all(topology("leaf_spine", leaves=2, spines=0, eps_per_leaf=3))
    assert (found.status, found.upper) == ("exact", 0)


def test_paths_are_counted() -> None:
    found = path_diversity(topology("hypercube", d=4))
    assert found is not None
    assert (found.hops, found.shortest, found.disjoint) == (4, 24, 4)
    assert path_diversity(topology("leaf_spine", leaves=1, spines=0, eps_per_leaf=1)) is None


def test_paths_are_counted_where_not_every_one_of_the_shortest_fits() -> None:
    # 0 to 5 by way of 1 or 2: both shortest paths leave by 3, whose one cable carries one of them; 4 takes a longer way
    links = [(0, 1), (0, 2), (1, 3), (2, 3), (3, 5), (2, 6), (6, 4), (4, 5)]
    u, v = (np.array(ends, dtype=np.int32) for ends in zip(*links, strict=True))
    graph = Graph(np.array([1, 0, 0, 0, 0, 1, 0]), u, v, np.ones(8), np.ones(8, dtype=np.int32))
    found = path_diversity(graph)
    assert found is not None
    assert (found.hops, found.shortest, found.disjoint) == (3, 2, 2)


def test_failures_are_seeded_and_cost_at_most_what_is_lost() -> None:
    tree = topology("fat_tree", k=4)
    (first,), (again,) = (of_topology(tree, Failure("links", 2), samples=6, seed=3).losses for _ in range(2))
    assert np.array_equal(first.lower, again.lower) and np.array_equal(first.upper, again.upper)
    assert np.all(first.lower >= 6) and np.all(first.upper <= 8)
    assert first.lower.shape == (6,)


def test_a_lost_switch_takes_its_endpoints_links() -> None:
    (lost,) = of_topology(topology("star", n=8, switches=2), Failure("switch")).losses
    assert lost.upper.tolist() == [4, 4]


def test_switches_with_proportional_links_count_as_one() -> None:
    # eight endpoints by 5, 4, 4 and 5 links to four switches: a star of 18 links each
    ends, switches = np.arange(8), np.arange(8, 12)
    u, v = np.repeat(ends, 4), np.tile(switches, 8)
    links = np.tile([5, 4, 4, 5], 8)
    graph = Graph(np.repeat([1, 0], [8, 4]), u, v, links.astype(float), links)
    small = reduced(simple(graph))

    assert small.graph.order == 9 and set(small.graph.capacity.tolist()) == {18.0}
    assert worst_permutation(graph).lower == pytest.approx(18)
    unlike = Graph(graph.weights, u, v, np.where((u == 0) & (v == 8), 9.0, graph.bandwidth), links)
    assert reduced(simple(unlike)).graph.order == 10
