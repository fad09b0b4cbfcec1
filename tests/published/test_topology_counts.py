"""Counts, diameter and mean distance of checked networks; the cases and their sources stand in the table beside."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from compiler.networks.topologies.catalogue import topology

CASES = list(csv.DictReader(Path(__file__).with_name("topology_cases.csv").open(encoding="utf-8", newline="")))
SYNTHETIC = [case for case in CASES if case["category"] == "synthetic"]
MACHINES = [case for case in CASES if case["category"] == "machine"]


def built(case: dict[str, str]) -> Any:
    return topology(case["family"], **json.loads(case["params"]))


@pytest.mark.parametrize("case", SYNTHETIC, ids=lambda case: case["id"])
def test_a_synthetic_network_has_its_counts_and_distances(case: dict[str, str]) -> None:
    network = built(case)
    assert network.endpoints == int(case["endpoints"])
    assert network.switches == int(case["switches"])
    assert network.links == int(case["links_total"])
    assert network.links_fabric == int(case["links_fabric"])
    if case["diameter_hops"]:
        assert network.diameter == int(case["diameter_hops"])
        assert network.average_hops == pytest.approx(float(case["avg_hops"]), abs=1e-6)
    elif case["bisection_bw"] == "0":
        assert network.diameter is None


@pytest.mark.parametrize("case", MACHINES, ids=lambda case: case["id"])
def test_a_machine_has_the_counts_that_are_published(case: dict[str, str]) -> None:
    network = built(case)
    published = json.loads(case["tier_counts"] or "{}")
    tiers = {tier.name: tier.count for tier in network.tiers}
    cables = {(row.lower, row.upper): row.count for row in network.link_classes}
    places = {
        "cables_node_leaf": ("endpoint", "leaf"),
        "cables_leaf_spine": ("leaf", "spine"),
        "cables_spine_core": ("spine", "core"),
    }
    assert network.endpoints == int(case["endpoints"])
    assert {name: cables[places[name]] if name in places else tiers[name] for name in published} == published
    for column, value in {
        "switches": network.switches,
        "links_total": network.links,
        "links_fabric": network.links_fabric,
        "diameter_hops": network.diameter,
    }.items():
        assert case[column] in ("", str(value))
