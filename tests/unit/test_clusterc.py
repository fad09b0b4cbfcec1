"""The public face as other programs use it."""

import subprocess
import sys
from pathlib import Path

import pytest

import clusterc

ROOT = Path(__file__).parents[2]
TEXT = """\
source plan { title = "Our plan"; date = 2026-01-10; grade = "estimate" }
chip A { peak.fp8 = 1 PFLOPS from plan; tdp = 400 to 600 W from plan; hbm.capacity = 100 GB from plan }
link L { rate = 50 GB/s from plan }
node N {
  npus = 8 of A
  network ring { role = "scale-up"; connect npus by torus(dims = [8]) with 1 of L }
}
rack R {
  nodes = 4 of N
  claim memory: sum(nodes.npus.hbm.capacity) ~= 3.2 TB from plan
}
"""


@pytest.fixture
def design() -> clusterc.Design:
    """The default design of the text."""
    return clusterc.load(text=TEXT)


def test_a_text_or_a_file_is_checked(tmp_path: Path) -> None:
    assert clusterc.check(TEXT).ok
    path = tmp_path / "a.cluster"
    path.write_text(TEXT.replace("tdp", "tpd"), encoding="utf-8")
    found = clusterc.check(path)
    assert not found.ok
    assert [diagnostic.code.id for diagnostic in found.diagnostics] == ["C0201"]
    assert "did you mean `tdp`?" in str(found)
    assert found.to_dict()["schema"] == "clusterc.diagnostics/1"
    assert clusterc.check(str(tmp_path / "none.cluster")).diagnostics[0].code.id == "C0801"


def test_a_design_has_figures(design: clusterc.Design) -> None:
    assert (design.name, design.kind) == ("R", "rack")
    assert design.figures["accelerators"].value == 32
    assert design.figures["compute.fp8"].to("EFLOPS") == 0.032
    assert design.figures["compute.fp8"].to("PFLOPS@fp8") == 32
    assert (design.figures["power.it"].low, design.figures["power.it"].high) == (12_800, 19_200)
    assert design.figures["memory.capacity"].display == "3.2 TB"
    assert design.networks["nodes.ring"].bisection.lower == 2 * 50e9
    assert design.claims[0].verdict == "holds"


def test_a_unit_or_a_figure_that_does_not_fit_is_refused(design: clusterc.Design) -> None:
    with pytest.raises(clusterc.UnknownError, match=r"`power\.it` is a power, `GB` measures an amount of data"):
        design.figures["power.it"].to("GB")
    with pytest.raises(clusterc.UnknownError, match="did you mean `kW`"):
        design.figures["power.it"].to("kw")
    with pytest.raises(clusterc.ClusterError, match="absent"):
        design.figures["cost.capital"].to("USD")
    with pytest.raises(KeyError, match=r"did you mean `power\.it`"):
        design.figures["power.itt"]


def test_errors_come_with_their_diagnostics() -> None:
    with pytest.raises(clusterc.ClusterError, match="has errors: a chip has no field `tpd`") as caught:
        clusterc.load(text=TEXT.replace("tdp", "tpd"))
    assert caught.value.diagnostics[0].code.id == "C0201"
    with pytest.raises(clusterc.UnknownError, match="has no design `RR`; did you mean `R`"):
        clusterc.load(text=TEXT, design="RR")
    with pytest.raises(clusterc.UnknownError, match="nothing to report on"):
        clusterc.load(text="let x = 1\n")


def test_a_report_has_every_form(design: clusterc.Design) -> None:
    report = design.report()
    assert "Essentials" in str(report)
    assert report.to_markdown().startswith("# R")
    assert report.to_dict()["schema"] == "clusterc.report/1"
    assert report.to_csv().startswith("design,")
    assert report.to_json().endswith("}\n")


def test_a_design_draws_itself(design: clusterc.Design, tmp_path: Path) -> None:
    drawing = design.draw("network")
    assert b"<svg" in drawing
    drawing.save(tmp_path / "net.svg")
    assert (tmp_path / "net.svg").read_bytes() == drawing
    assert design.draw("racks", "png")._repr_png_().startswith(b"\x89PNG")  # type: ignore[union-attr]
    with pytest.raises(clusterc.UnknownError, match="there is no view `net`"):
        design.draw("net")


def test_notebooks_show_designs_and_pictures(design: clusterc.Design) -> None:
    assert "<table>" in design._repr_html_()
    assert "<svg" in design._repr_svg_()
    assert design.report()._repr_markdown_().startswith("# R")


def test_a_figure_has_its_trail(design: clusterc.Design) -> None:
    trail = design.explain("power.it")
    assert trail.steps[0].low == 12_800
    assert any(cited.title == "Our plan" for step in trail.steps for cited in step.sources)


def test_a_topology_by_itself() -> None:
    torus = clusterc.topology("torus", dims=[7, 4])
    assert (torus.endpoints, torus.switches, torus.links, torus.links_fabric) == (28, 0, 56, 56)
    assert (torus.diameter, torus.bisection.lower, torus.bisection.status) == (5, 10, "exact")
    assert torus.average_hops == pytest.approx(76 / 27)
    assert clusterc.topology("torus(dims = [7, 4])").endpoints == 28
    with pytest.raises(clusterc.ClusterError, match="prime power"):
        clusterc.topology("slimfly", q=6, p=2)


def test_a_file_is_remembered_and_forgotten_when_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERC_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "a.cluster"
    path.write_text(TEXT, encoding="utf-8")
    first = clusterc.load(path).report().to_json()
    assert clusterc.load(path).report().to_json() == first
    path.write_text(TEXT.replace("4 of N", "5 of N"), encoding="utf-8")
    assert clusterc.load(path).figures["accelerators"].value == 40


def test_types_reach_those_who_import_us(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(
        "import clusterc\n\nreveal_type(clusterc.load('x').figures['power.it'].to('MW'))\n", encoding="utf-8"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "user.py"],
        cwd=tmp_path,
        env={"MYPYPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "float" in ran.stdout
