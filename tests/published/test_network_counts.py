"""Counts and tapers of networks that others have published or disputed, each design beside its source."""

import csv
from pathlib import Path

import pytest

from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Intervals
from compiler.workspace.compilation import compile_file
from compiler.workspace.expressions import value

HERE = Path(__file__).parent


def rows() -> list[dict[str, str]]:
    with (HERE / "network_counts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['file']}: {row['expression']}")
def test_a_network_counts_what_is_right(row: dict[str, str]) -> None:
    compilation = compile_file(HERE / "network_counts" / f"{row['file']}.cluster")

    found = value(compilation, row["expression"], row["design"])

    assert isinstance(found, Quantity)
    assert Intervals().of(found).middle == pytest.approx(float(row["right"]), rel=1e-9)
