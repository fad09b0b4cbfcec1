"""Designs side by side."""

import json
from pathlib import Path

import pytest

from clusterc import main
from compiler.emitters.text import table
from compiler.errors import ClusterError, UnknownError
from compiler.ir.hardware import ClusterDesign
from compiler.study.compare import compare, data, reasons, sections, why
from compiler.workspace.compilation import compile_text

TEXT = """edition 2026
source est { title = "our estimate"; date = 2026-01-10; grade = "estimate" }
chip Chip { tdp = 500 to 700 W from est; peak.fp8 = 1 PFLOPS from est; price = 10 kUSD from est }
link Wire { rate = 100 GB/s }
switch Hub { ports = 64; rate = 100 GB/s; tdp = 1 kW from est; price = 5 kUSD from est }
rack Small {
  npus = 8 of Chip
  hub  = 1 of Hub
  network up { role = "scale-up"; connect npus to hub with 1 of Wire }
}
rack Large {
  npus = 16 of Chip
  hub  = 1 of Hub
  network fabric { role = "scale-up"; connect npus to hub with 2 of Wire }
}
"""
COMPILED = compile_text(TEXT, "pair.cluster")


def designs(*names: str) -> list[ClusterDesign]:
    return [found for name in names if (found := COMPILED.design(name)) is not None]


def test_figures_stand_side_by_side_with_their_ratio() -> None:
    row = compare(designs("Small", "Large")).row("compute.fp8")
    assert row is not None
    assert [value.value for value in row.values] == [8e15, 16e15]
    assert row.ratios[0] is not None and row.ratios[0].value == pytest.approx(2.0)
    assert not row.is_same


def test_networks_meet_by_their_role_and_not_by_their_name() -> None:
    found = compare(designs("Small", "Large"))
    bandwidth, each, bisection = (
        found.row(path) for path in ("bandwidth.scale_up", "bandwidth.scale_up.each", "bisection")
    )
    assert bandwidth is not None and each is not None and bisection is not None
    assert [value.value for value in bandwidth.values] == [8e11, 32e11]
    assert [value.value for value in each.values] == [1e11, 2e11]
    assert [value.value for value in bisection.values] == [4e11, 16e11]


def test_an_input_that_both_share_cancels_in_the_ratio() -> None:
    found = compare(designs("Small", "Large")).row("power.it")
    assert found is not None and found.ratios[0] is not None
    assert found.values[0].quantiles is not None
    low, high = found.ratios[0].low, found.ratios[0].high
    quantiles = found.ratios[0].quantiles
    assert quantiles is not None and low is not None and high is not None
    assert quantiles[2] - quantiles[0] < 0.05 < high - low


def test_figures_are_normalised_where_that_means_something() -> None:
    found = compare(designs("Small", "Large"))
    per_chip, per_rack, per_usd = (found.row("compute.fp8", per) for per in ("accelerator", "rack", "USD"))
    assert per_chip is not None and per_rack is not None and per_usd is not None
    assert [value.value for value in per_chip.values] == [1e15, 1e15]
    assert per_chip.is_same
    assert [value.value for value in per_rack.values] == [8e15, 16e15]
    assert per_usd.values[0].value == pytest.approx(8e15 / 85e3)
    per_mw = found.row("accelerators", "MW")
    assert per_mw is not None and per_mw.values[0].value == pytest.approx(8 / (8 * 600 + 1000) * 1e6, rel=1e-3)
    assert found.row("efficiency.fp8", "rack") is None
    assert found.row("accelerators", "accelerator") is None


def test_a_design_against_itself_has_no_tables() -> None:
    found = compare(designs("Small", "Small"))
    assert sections(found) == ()
    assert sections(found, changed=False) != ()


def test_three_designs_are_compared_with_the_first() -> None:
    found = compare(designs("Small", "Large", "Small"))
    row = found.row("accelerators")
    assert row is not None
    assert [ratio.value for ratio in row.ratios if ratio is not None] == [2.0, 1.0]
    assert "Large over Small" in table(sections(found)[0])[0]


def test_data_is_in_base_units() -> None:
    found = data(compare(designs("Small", "Large")))
    figures = json.loads(json.dumps(found))["figures"]
    assert figures["accelerators"]["ratios"] == [2]
    assert figures["memory.capacity"]["values"][0]["value"] is None


def test_reasons_close_with_the_whole() -> None:
    section = reasons(why(*designs("Small", "Large"), "power.it"))
    assert section.rows[-1][0] == "together"
    assert section.rows[-1][4] == "100.0%"
    assert section.rows[0][0] == "npus"


def test_a_figure_nobody_has_is_named() -> None:
    with pytest.raises(UnknownError, match=r"did you mean `power.it`"):
        why(*designs("Small", "Large"), "powr.it")


def test_a_figure_that_one_does_not_know_has_no_reasons() -> None:
    with pytest.raises(ClusterError, match="PUE"):
        why(*designs("Small", "Large"), "power.facility")


# ---- the command -----------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "pair.cluster"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_equal_designs_print_nothing(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy.cluster"
    copy.write_text(TEXT, encoding="utf-8")
    assert main(["diff", f"{file}:Large", f"{copy}:Large", "--exit-code"]) == 0
    assert main(["diff", f"{file}:Large", f"{file}:Large", "--format", "md"]) == 0
    assert capsys.readouterr().out == ""


def test_changed_figures_are_printed_with_percent(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", f"{file}:Small", f"{file}:Large", "--exit-code", "--per", "rack"]) == 1
    out = capsys.readouterr().out
    assert "+100.0%" in out and "16 PFLOPS@fp8" in out and "Figures per rack" in out
    assert "Cost per compute" in out and "Racks" not in out


def test_json_and_markdown_say_the_same(file: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["diff", f"{file}:Small", f"{file}:Large", "--format", "json", "--waterfall", "power.it"]) == 0
    found = json.loads(capsysbinary.readouterr().out)
    assert found["schema"] == "clusterc.compare/1"
    shares = found["difference"]["shares"]
    assert sum(share["share"] for share in shares) == pytest.approx(
        found["difference"]["end"] - found["difference"]["start"]
    )
    assert main(["diff", f"{file}:Small", f"{file}:Large", "--format", "md"]) == 0
    assert b"| Accelerators | 8 | 16 | 2 | +100.0% |" in capsysbinary.readouterr().out


def test_a_waterfall_is_drawn(file: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    out = tmp_path / "why.svg"
    assert main(["diff", f"{file}:Small", f"{file}:Large", "--waterfall", "power.it", "-o", str(out)]) == 0
    assert out.read_bytes().startswith(b"<?xml")
    assert main(["diff", f"{file}:Small", f"{file}:Large", "--waterfall", "power.it", "-o", "why.gif"]) == 2
    assert main(["diff", f"{file}:Small", f"{file}:Large", "-o", str(out)]) == 2
