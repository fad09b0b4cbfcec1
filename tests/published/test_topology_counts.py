"""Counts, diameter and mean distance of checked networks; the cases and their sources stand in the table beside."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from compiler.topologies.catalogue import topology

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
