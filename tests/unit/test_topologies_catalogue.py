"""Families by name, and what they refuse."""

from typing import Any

import pytest

from compiler.networks.topologies import hops
from compiler.networks.topologies.catalogue import families, topology
from compiler.networks.topologies.topology import Dragonfly, LeafSpine, Planes, Product, TopologyError, Tree

REFUSED: list[tuple[str, dict[str, Any], str | None, str]] = [
    ("tours", {}, None, "there is no topology `tours`; did you mean `torus`?"),
    ("torus", {"dim": [3]}, "dim", "`torus` has no parameter `dim`; did you mean `dims`?"),
    ("torus", {}, "dims", "`torus` needs `dims`"),
    ("torus", {"dims": "44"}, "dims", "`dims` is a list, this is `44`; write `dims = [...]`"),
    ("torus", {"dims": []}, "dims", "`dims` has at least 1 items, this one has 0"),
    ("torus", {"dims": [4, 0]}, "dims[1]", "`dims[1]` is at least 1, this is 0"),
    ("torus", {"dims": [4, 2.5]}, "dims[1]", "`dims[1]` is a whole number, this is `2.5`"),
    ("torus", {"dims": [10**400]}, "dims[0]", "at most 1,000,000,000,000"),
    ("torus", {"dims": [10**12, 10**12]}, None, "beyond the"),
    ("torus", {"dims": [4, 4], "bw": [1]}, "bw", "`bw` has 1 items where 2 are needed"),
    ("torus", {"dims": [4], "wrap": [2]}, "wrap[0]", "is 0 or 1"),
    ("torus", {"dims": [4], "wrap2": "both"}, "wrap2", "`wrap2` is `single` or `double`, this is `both`"),
    ("star", {"n": True}, "n", "is a whole number"),
    ("star", {"n": -1}, "n", "`n` is at least 0, this is -1"),
    ("star", {"n": 8, "bw": 0}, "bw", "`bw` is a bandwidth above zero, this is 0"),
    ("star", {"n": 8, "bw": float("nan")}, "bw", "`bw` is a bandwidth"),
    ("ring", {"n": 0}, "n", "`n` is at least 1, this is 0"),
    ("hypercube", {"d": 1000}, "d", "`d` is at most 49"),
    ("slimfly", {"q": 6}, "q", "2·3; the nearest are 5 and 7"),
    ("slimfly", {"q": 2}, "q", "at least 3; 2 is less; the nearest is 3"),
    ("slimfly", {"q": 1}, "q", "the nearest is 3"),
    ("polarfly", {"q": 12}, "q", "12 = 2·2·3; the nearest are 11 and 13"),
    ("dragonfly", {"a": 4, "p": 2, "h": 2, "g": 10}, "g", "a group has 8; take g = 9 or less"),
    ("dragonfly", {"a": 4, "p": 2, "h": 2, "g": 5, "K": 3}, "K", "take K = 2 or less"),
    ("dragonfly", {"a": 4, "p": 2, "h": 2, "arrangement": "random"}, "arrangement", "`relative` or `absolute`"),
    ("dragonfly_plus", {"g": 9, "leaves": 2, "spines": 2, "p": 1, "h": 2}, "g", "take g = 5 or less"),
    ("fat_tree", {"k": 5}, "k", "a fat tree needs an even number of ports, `k` is 5; take 4 or 6"),
    ("fat_tree", {"k": 4, "pods": 5}, "pods", "reach at most 4 pods, `pods` is 5; take k = 6"),
    ("leaf_spine", {"leaves": 3, "spines": 1, "eps_per_leaf": [1, 2]}, "eps_per_leaf", "has 2 items where 3"),
    ("leaf_spine", {"leaves": 10**9, "spines": 1, "eps_per_leaf": 1}, None, "1,000,000,000 leaves"),
    (
        "clos3",
        {"pods": 2, "leaves_per_pod": 2, "eps_per_leaf": [1, 1, 1], "aggs_per_pod": 1, "cores_per_group": 1},
        "eps_per_leaf",
        "there are 2 pods and 4 leaves",
    ),
    ("xgft", {"m": [2, 2], "w": [1]}, "w", "`w` has 1 items where 2 are needed"),
    ("jellyfish", {"n": 8, "r": 8, "T": 1}, "r", "take r = 7 or less"),
    ("switch_graph", {"switches": 2, "T": 1, "edges": [[0, 2]]}, "edges", "they are numbered 0 to 1"),
    ("switch_graph", {"switches": 2, "T": 1, "edges": [[1, 1]]}, "edges[0]", "links 1 to itself"),
    ("switch_graph", {"switches": 2, "T": 1, "edges": [7]}, "edges[0]", "is [u, v], [u, v, bw] or [u, v, bw, count]"),
    ("explicit", {"weights": [1, 2], "edges": []}, "weights[1]", "1 for an endpoint or 0 for a switch"),
    ("explicit", {"weights": [], "edges": []}, "weights", "has at least 1 items"),
    ("multiplane", {"N": 2, "planes": [{"leaf_of": [0], "spines": 1}]}, "planes", "has 1 items, there are 2"),
    ("multiplane", {"N": 2, "planes": [{"leaf_off": [0], "spines": 1}]}, "planes[0]", "did you mean `leaf_of`?"),
    ("multiplane", {"N": 2, "planes": [3]}, "planes[0]", "is a group of"),
    ("rail_clos", {"nodes": 9, "su": 4}, "su", "9 nodes in units of 3 fill 3 of them, `su` is 4; take su = 3"),
    ("rail_clos", {"nodes": 2, "su": 10**9}, None, "1,000,000,000 leaves"),
    ("rail_clos", {"nodes": 30, "su": 1}, "nodes", "carries 20 nodes, a unit has 30"),
    ("clos", {"n": 10**6, "ports": 64}, "n", "hold 2,048 at most; take more tiers"),
    ("clos", {"n": 9, "ports": 10**9}, "ports", "a switch has 65,536 ports at most, this one has 1,000,000,000"),
    ("clos", {"n": 9, "ports": 8, "tiers": 1}, "tiers", "do not fit the 8 ports"),
    ("clos", {"n": 9, "ports": 8, "tiers": 4}, "tiers", "`tiers` is at most 3"),
]


@pytest.mark.parametrize(("family", "parameters", "parameter", "words"), REFUSED)
def test_a_parameter_out_of_range_names_the_condition(
    family: str, parameters: dict[str, Any], parameter: str | None, words: str
) -> None:
    with pytest.raises(TopologyError) as caught:
        topology(family, **parameters)
    assert words in str(caught.value)
    assert caught.value.parameter == parameter


def test_a_billion_endpoints_have_figures_but_are_not_unrolled() -> None:
    network = topology("star", n=10**9)
    assert (network.links, network.diameter, network.average_hops) == (10**9, 2, 2.0)
    with pytest.raises(TopologyError, match="1,000,000,000 rows"):
        network.arrays()
    with pytest.raises(TopologyError, match="1,000,000,001 vertices"):
        network.unroll()


def test_a_search_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hops, "LIMITS", {"steps": 1000})
    network = topology("dragonfly", a=8, p=4, h=4, arrangement="absolute")
    with pytest.raises(TopologyError, match="too many to search"):
        _ = network.diameter


def test_no_endpoints_are_a_network_too() -> None:
    network = topology("star", n=0)
    assert (network.endpoints, network.links, network.diameter, network.average_hops) == (0, 0, 0, 0.0)


def test_a_network_knows_its_name_and_all_its_parameters() -> None:
    network = topology("torus", dims=[4, 4.0])
    assert network.family == "torus"
    assert network.parameters == {"dims": (4, 4), "bw": 1.0, "wrap": True, "wrap2": "single"}


def test_structure_is_what_theorems_read() -> None:
    assert isinstance(topology("torus", dims=[4, 1, 2]).structure, Product)
    assert isinstance(topology("star", n=4).structure, Tree)
    assert isinstance(topology("fat_tree", k=4).structure, Tree)
    assert isinstance(topology("leaf_spine", leaves=2, spines=1, eps_per_leaf=[1, 2]).structure, LeafSpine)
    assert isinstance(topology("rail", nodes=2, gpus=2).structure, Planes)
    assert topology("dragonfly", a=4, p=2, h=2).structure == Dragonfly(4, 9, 2, 1, "relative", endpoints=2)


def test_every_family_says_what_it_is_in_a_paragraph() -> None:
    for member in families().values():
        assert member.title.endswith(".")
        assert all(parameter.annotation for parameter in member.parameters.values())


def test_endpoints_of_a_switch_are_neighbours_in_number() -> None:
    graph = topology("clos3", pods=2, leaves_per_pod=[1, 2], eps_per_leaf=2, aggs_per_pod=1, cores_per_group=1).unroll()
    assert graph.v[:6].tolist() == [6, 6, 7, 7, 8, 8]


def test_the_same_seed_draws_the_same_jellyfish() -> None:
    first, again, other = (topology("jellyfish", n=12, r=3, T=2, seed=seed).unroll() for seed in (7, 7, 8))
    assert (first.u == again.u).all() and (first.v == again.v).all()
    assert (first.v != other.v).any()
    assert first.v[24:34].tolist() == [33, 34, 35, 26, 27, 33, 29, 34, 28, 34]
