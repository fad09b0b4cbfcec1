"""Sizes that are not written follow from the endpoints and the ports."""

from typing import Any

import numpy as np
import pytest

from compiler.networks.bisection.portfolio import bisection
from compiler.networks.topologies.catalogue import families, topology
from compiler.networks.topologies.family import Request, Sizes
from compiler.networks.topologies.topology import TopologyError
from compiler.networks.topology_tiers import of_topology


def solved(family: str, *request: Any, **more: Any) -> Sizes:
    return families()[family].solve(Request(*request, **more))


@pytest.mark.parametrize(
    ("family", "request_", "answers"),
    [
        ("star", Request(72, 72, 18), [{"n": 72, "switches": 18, "trunk": 1}]),
        ("star", Request(8, None, 6, links=2), [{"n": 8, "switches": 6, "trunk": 1}]),
        ("leaf_spine", Request(1024, 64), [{"leaves": 32, "eps_per_leaf": 32, "spines": 16, "trunk": 2}]),
        ("leaf_spine", Request(8192, 128, 192), [{"leaves": 128, "eps_per_leaf": 64, "spines": 64, "trunk": 1}]),
        ("fat_tree", Request(1024), [{"k": 16, "pods": 16}]),
        ("fat_tree", Request(512, 16), [{"k": 16, "pods": 8}]),
        ("dragonfly", Request(72, 7), [{"a": 4, "p": 2, "h": 2, "g": 9}]),
        ("slimfly", Request(36), [{"q": 3, "p": 2}]),
        ("bcube", Request(64, 8, given={"k": 1}), [{"k": 1, "n": 8}]),
        ("hypercube", Request(64), [{"d": 6}]),
        ("hyperx", Request(64, given={"dims": [4, 4]}), [{"dims": (4, 4), "T": 4}]),
        ("torus", Request(8, given={"dims": [4, 2]}), [{"dims": (4, 2)}]),
        ("rail_clos", Request(1016, 64), [{"nodes": 127, "su": 4, "ports": 64}]),
        ("rail_clos", Request(160), [{"nodes": 20, "su": 1}]),
        ("dragonfly_plus", Request(32, 8, given={"p": 2}), [{"g": 4, "leaves": 4, "spines": 4, "p": 2, "h": 4}]),
        ("leaf_spine", Request(32, 16, links=2), [{"leaves": 8, "eps_per_leaf": 4, "spines": 4, "trunk": 1}]),
        ("clos", Request(32, 16, links=2), [{"n": 32, "ports": 16, "planes": 2}]),
        ("jellyfish", Request(64, 16, 16), [{"n": 16, "T": 4, "r": 12}]),
        (
            "rail",
            Request(512, 64, given={"rails": 8}),
            [{"nodes": 64, "gpus": 8, "bw_nv": 0.0, "leaves_per_rail": 2, "spines": 8, "trunk": 4}],
        ),
        (
            "clos3",
            Request(
                64, given={"leaves_per_pod": 2, "eps_per_leaf": 4, "aggs_per_pod": 2, "cores_per_group": 2, "bw_up": 2}
            ),
            [
                {
                    "leaves_per_pod": 2,
                    "eps_per_leaf": 4,
                    "aggs_per_pod": 2,
                    "cores_per_group": 2,
                    "bw_up": 2.0,
                    "pods": 8,
                }
            ],
        ),
    ],
)
def test_sizes_follow(family: str, request_: Request, answers: list[dict[str, Any]]) -> None:
    assert list(families()[family].solve(request_).answers) == answers


def test_three_tiers_of_128_ports_hold_half_a_million() -> None:
    (answer,) = solved("clos", 524_288, 128, given={"tiers": 3, "oversubscription": 1}).answers
    network = topology("clos", **answer)
    assert {tier.name: (tier.count, tier.ports) for tier in network.tiers} == {
        "endpoint": (524_288, 1),
        "leaf": (8192, 128),
        "agg": (8192, 128),
        "core": (4096, 128),
    }


def test_given_switches_are_all_used_and_block_least() -> None:
    (answer,) = solved("clos", 8192, 128, 1024, links=8).answers
    assert (answer["planes"], answer["leaves"], answer["spines"]) == (8, 91, 37)
    assert topology("clos", **answer).switches == 1024


def test_given_switches_that_do_not_split_say_why() -> None:
    assert "every leaf meets every spine" in solved("clos", 8192, 128, 1024).reason


def test_more_than_one_answer_is_told() -> None:
    assert len(solved("polarfly", 91).answers) == 3


@pytest.mark.parametrize(
    ("family", "request_", "words"),
    [
        ("star", Request(80, 64), "80 links need as many ports, the switch has 64"),
        ("star", Request(40, 64, links=2), "80 links need as many ports, the switch has 64"),
        ("rail_clos", Request(1001, 64), "1,001 endpoints are not 8 in each of some nodes"),
        ("dragonfly_plus", Request(7, 4), "7 endpoints fill no balanced dragonfly on switches of 4 ports"),
        ("hypercube", Request(48), "48 is no power of two"),
        ("torus", Request(48), "write `dims`"),
        ("torus", Request(48, given={"dims": [4, 4]}), "`dims` hold 16 vertices, there are 48 endpoints"),
        ("fat_tree", Request(1000, 16), "do not fill pods of k^2/4 = 64"),
        ("rail", Request(1120, 40, given={"rails": 8}), "no spine of 40 ports reaches 56 leaves"),
        ("twisted_torus", Request(8), "`twisted_torus` needs `a`"),
        ("clos", Request(8), "say which switch"),
        ("clos", Request(8192, 128, 1023, links=8), "do not divide into 8 planes"),
    ],
)
def test_no_answer_has_a_reason(family: str, request_: Request, words: str) -> None:
    sizes = families()[family].solve(request_)
    assert not sizes.answers
    assert words in sizes.reason


def test_what_is_written_is_checked_before_it_is_used() -> None:
    with pytest.raises(TopologyError, match="`clos` has no parameter `tier`; did you mean `tiers`"):
        solved("clos", 8, 8, given={"tier": 2})
    with pytest.raises(TopologyError, match="`k` is 5"):
        solved("fat_tree", 8, given={"k": 5})


def test_the_last_unit_of_a_rail_fabric_may_be_short() -> None:
    """NVIDIA DGX SuperPOD of four scalable units of 32 nodes less one: 127 nodes, 1,016 GPUs."""
    network = topology("rail_clos", nodes=127, su=4, ports=64)
    assert (network.endpoints, network.switch_tiers[0].count) == (1016, 32)
    assert [row.count * row.bandwidth for row in network.link_classes] == [1016, 1024, 1024]
    hung = np.bincount(network.unroll().v[:1016] - 1016)
    assert sorted(hung.tolist()) == [31] * 8 + [32] * 24
    found = bisection(network)
    assert (found.status, found.lower) == ("exact", 508)
    assert [narrowing.ratio for narrowing in of_topology(network)] == [1, 1]


def test_published_machines_follow_from_their_ports() -> None:
    network = topology("rail_clos", nodes=140, gpus=8, su=7, bw_nic=25)
    assert {tier.name: tier.count for tier in network.tiers if not tier.is_endpoint} == {
        "leaf": 56,
        "spine": 80,
        "core": 28,
    }
    assert all(tier.is_endpoint or tier.ports <= 40 for tier in network.tiers)
