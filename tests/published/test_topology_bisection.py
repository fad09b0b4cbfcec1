"""The bisection of every synthetic network of the table of checked cases, against its verified value."""

import csv
import json
from pathlib import Path

import pytest

from compiler.networks.bisection.portfolio import bisection
from compiler.networks.topologies.catalogue import topology

with (Path(__file__).parent / "topology_cases.csv").open(encoding="utf-8", newline="") as table:
    CASES = [row for row in csv.DictReader(table) if row["category"] == "synthetic"]

VERIFIED = [row for row in CASES if row["status"] == "verified"]
RANGES = [row for row in CASES if row["status"] == "range"]


def test_the_table_is_whole() -> None:
    assert (len(VERIFIED), len(RANGES)) == (151, 4)


@pytest.mark.parametrize("row", VERIFIED, ids=lambda row: row["id"])
def test_a_verified_network_is_exact(row: dict[str, str]) -> None:
    found = bisection(topology(row["family"], **json.loads(row["params"])))
    assert found.status == "exact", found
    assert found.upper == pytest.approx(float(row["bisection_bw"]), rel=1e-9)


@pytest.mark.parametrize("row", RANGES, ids=lambda row: row["id"])
def test_a_range_is_met_and_not_contradicted(row: dict[str, str]) -> None:
    found = bisection(topology(row["family"], **json.loads(row["params"])))
    assert found.lower is not None and found.upper is not None
    assert found.lower <= float(row["metis_upper"]) + 1e-6
    assert found.upper >= float(row["certified_lower"]) - 1e-6
