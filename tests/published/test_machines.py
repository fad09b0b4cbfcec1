"""Bisection figures that machines were published with, against the designs of the library."""

import csv
import json
from pathlib import Path

import pytest

from compiler.analysis.metric import Cluster
from compiler.networks.cuts import network_bisection
from compiler.quantities import units
from compiler.workspace.compilation import compile_file

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", table("machines.csv"), ids=lambda row: row["machine"])
def test_a_published_figure_is_ours_in_its_own_counting(row: dict[str, str]) -> None:
    design = compile_file(ROOT / "stdlib" / f"{row['module']}.cluster").design(row["design"])
    assert design is not None
    network = next(net for path, _, _, net in Cluster(design.root).networks if path == row["network"])
    found = network_bisection(network)
    unit = units.unit(row["unit"])
    assert unit is not None and found.lower is not None and found.upper is not None
    published, factor = float(row["published"]) * unit.scale, float(row["factor"])
    assert found.lower * factor * 0.985 <= published <= found.upper * factor * 1.015


MACHINES = {
    "dgx-a100-1su": ("nvidia/ampere", "DGXSuperPODA100Unit", "compute", 1e9),
    "dgx-a100-7su": ("nvidia/ampere", "DGXSuperPODA100", "compute", 1e9),
    "nvl72": ("nvidia/blackwell", "GB200NVL72", "nvlink", 1e9),
    "tpu-v5e-pod": ("google/tpu", "TPUv5ePod", "ici", 1e9),
    "bgq-sequoia": ("hpc/sequoia", "Sequoia", "torus", 1e9),
    "summit": ("hpc/summit", "Summit", "infiniband", 1e9),
    "hyperx-12x8-fabric": ("hpc/hyperx", "Tsubame2HyperX", "hyperx", 4e9),
}


@pytest.mark.parametrize("name", MACHINES)
def test_a_checked_machine_comes_out_exactly(name: str) -> None:
    row = next(row for row in table("topology_cases.csv") if row["id"] == name)
    module, declared, path, scale = MACHINES[name]
    design = compile_file(ROOT / "stdlib" / f"{module}.cluster").design(declared)
    assert design is not None
    network = next(net for at, _, _, net in Cluster(design.root).networks if at == path)
    found = network_bisection(network)
    assert found.status == "exact"
    assert found.upper == pytest.approx(float(row["bisection_bw"]) * scale, rel=1e-9)


def test_the_page_shows_every_case_with_its_checked_value() -> None:
    page = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    for row in table("topology_cases.csv"):
        if row["category"] == "synthetic":
            line = next(line for line in page.splitlines() if line.startswith(f"| {row['id']} |"))
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if row["status"] == "verified":
                assert float(cells[4]) == pytest.approx(float(row["bisection_bw"]), rel=1e-5), json.dumps(cells)
