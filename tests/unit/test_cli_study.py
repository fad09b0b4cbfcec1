"""`clusterc study` as it is called: the examples answer themselves, and what takes too long waits for `--yes`."""

import csv
import io
import json
from pathlib import Path

import pytest

import clusterc
from compiler.cli import study as command

STUDIES = Path(__file__).resolve().parents[2] / "examples" / "studies"
LONG = "study long {\n  sweep a in 1 .. 10\n  sweep b in 1 .. 20\n  show { sum = a + b }\n}\n"


def test_the_demand_example_finds_what_fits_the_substation(capsys: pytest.CaptureFixture[str]) -> None:
    assert clusterc.main(["study", str(STUDIES / "pods_for_demand.cluster"), "--format", "csv"]) == 0
    said = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert len(rows) == 40 and "removed 8: power <= 25 MW: beyond the substation" in said.err
    nvidia = [row for row in rows if row["design"] == "GB200NVL72"]
    assert [float(row["pods"]) for row in nvidia[:4]] == [30.0] * 4 and nvidia[0]["bound_by"] == "memory"


def test_the_seek_example_reaches_a_zettaflops(capsys: pytest.CaptureFixture[str]) -> None:
    assert clusterc.main(["study", str(STUDIES / "seek_zettaflops.cluster"), "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert row["pods"] == 123 and row["accelerators"] == 123 * 8192


def test_what_takes_too_long_says_how_long_and_how_large(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "long.cluster"
    path.write_text(LONG.replace("10", "1_000_000").replace("20", "1_000_000"), "utf-8")
    assert clusterc.main(["study", str(path)]) != 0
    said = capsys.readouterr().err
    assert "1,000,000,000,000 points" in said and "24 TB of results and nothing is filtered" in said and "--yes" in said


def test_yes_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(command, "MOST_SECONDS", 0.0)
    path = tmp_path / "long.cluster"
    path.write_text(LONG, "utf-8")
    assert clusterc.main(["study", str(path)]) != 0
    assert "C0910" in capsys.readouterr().err
    assert clusterc.main(["study", str(path), "--yes"]) == 0
    assert "200 points" in capsys.readouterr().out
