"""Studies that compare or ask what moves a figure, and roadmaps, as the text and the command have them."""

import json
from pathlib import Path

import pytest

import clusterc
from compiler.errors import UnknownError
from compiler.study.questions import analysed, only_name
from compiler.workspace.compilation import Compilation, compile_file, compile_text

ROOT = Path(__file__).resolve().parents[2]
TEXT = """edition 2026
chip Old { released = 2024-01-01; tdp = 500 W; peak.fp8 = 1 PFLOPS }
chip New { released = 2026-01-01; tdp = 800 to 1000 W; peak.fp8 = 4 PFLOPS }
node A { npus = 8 of Old }
node B { npus = 8 of New; overhead_power = 1 to 2 kW }
study against { compare = [A, B]; per = ["MW"]; figures = ["power.it", "compute.fp8"]; waterfall = ["power.it"] }
study risk { sensitivity = B.figures.power.it }
study sweeps { sweep n in [1, 2]; show { n = n } }
roadmap Line { variants = [Old, New]; figures = ["peak.fp8"]; claimed = 2.0 }
"""


def compiled(text: str = TEXT) -> Compilation:
    found = compile_text(text, "plan.cluster")
    assert [d.message for d in found.diagnostics if d.severity == "error"] == []
    return found


def test_a_study_compares_designs_in_the_figures_it_names() -> None:
    found = analysed(compiled(), "against")
    assert found is not None
    figures, per_mw, why = found.sections
    assert [row[0] for row in figures.rows] == ["IT power, nameplate", "Peak compute, dense, fp8"]
    assert per_mw.title == "Figures per MW of IT power" and len(per_mw.rows) == 1
    assert why.rows[-1][0] == "together"
    assert [drawing.name for drawing in found.drawings] == ["waterfall-power.it"]


def test_a_study_says_what_moves_a_figure() -> None:
    found = analysed(compiled(), "risk")
    assert found is not None
    (section,) = found.sections
    assert [row[0] for row in section.rows] == ["tdp of New", "overhead_power of B"]
    shares = found.data["figures"][0]["inputs"]  # type: ignore[index]
    assert shares[0]["first_order"] == pytest.approx(1600**2 / (1600**2 + 1000**2), abs=0.03)


def test_a_roadmap_is_a_series_with_its_growth() -> None:
    found = analysed(compiled(), "Line")
    assert found is not None
    assert found.sections[-1].rows == (("peak.fp8", "× 2", "1 years", "0.0%", "× 2", "as claimed"),)


def test_a_study_that_sweeps_is_left_to_others() -> None:
    assert analysed(compiled(), "sweeps") is None
    assert analysed(compiled(), "A") is None
    assert only_name(compiled()) is None


@pytest.mark.parametrize(
    ("old", "new", "name", "message"),
    [
        ("compare = [A, B]", "compare = [A]", "against", "needs two designs"),
        ('per = ["MW"]', 'per = ["kW"]', "against", "not normalised per `kW`"),
        ('"power.it", "compute.fp8"', '"powr.it"', "against", r"did you mean `power\.it`"),
        ('waterfall = ["power.it"]', "waterfall = 3", "against", "lists texts"),
        ("sensitivity = B.figures.power.it", 'sensitivity = "x"', "risk", "takes a figure"),
        ('figures = ["peak.fp8"]', 'figures = ["peak.fp9"]', "Line", "no dated variant"),
        ("variants = [Old, New]", 'title = "none"', "Line", "lists no variants"),
    ],
)
def test_what_a_study_cannot_do_is_a_message(old: str, new: str, name: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(UnknownError, match=message):
        analysed(compiled(TEXT.replace(old, new)), name)


def test_the_command_tells_and_draws(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    file = tmp_path / "plan.cluster"
    file.write_text(TEXT, encoding="utf-8")
    assert clusterc.main(["study", str(file), "against"]) == 0
    assert b"what makes the difference" in capsysbinary.readouterr().out
    assert clusterc.main(["study", str(file), "Line", "--format", "json"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["series"][0]["growth"] == pytest.approx(2.0)
    assert clusterc.main(["study", str(file), "Line", "--format", "csv"]) == 2
    pytest.importorskip("matplotlib")
    out = tmp_path / "pictures"
    assert clusterc.main(["study", str(file), "against", "--format", "svg", "-o", str(out)]) == 0
    assert (out / "waterfall-power.it.svg").read_bytes().startswith(b"<?xml")
    assert clusterc.main(["study", str(file), "risk", "--format", "png", "-o", str(out)]) == 0
    assert (out / "tornado-power.it.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "uncertainty-power.it.png").read_bytes().startswith(b"\x89PNG")
    assert clusterc.main(["study", str(file), "Line", "--format", "svg", "-o", str(tmp_path / "line.svg")]) == 0
    assert (tmp_path / "line.svg").read_bytes().startswith(b"<?xml")


EXAMPLES = [
    ("compare_cloudmatrix_nvl72", "against", 0.623),
    ("compare_atlas950_same_power", "same_power", 3.55),
]


@pytest.mark.parametrize(("file", "name", "ratio"), EXAMPLES)
def test_the_examples_answer_themselves(file: str, name: str, ratio: float) -> None:
    found = compile_file(ROOT / "examples" / "studies" / f"{file}.cluster")
    assert [d.message for d in found.diagnostics] == []
    analysis = analysed(found, name)
    assert analysis is not None
    figures = analysis.data["figures"]
    compute = next(row for path, row in figures.items() if path.startswith("compute"))  # type: ignore[attr-defined]
    assert compute["ratios"][0] == pytest.approx(ratio, rel=0.01)
    assert len(analysis.drawings) >= 2


def test_the_ascend_roadmap_doubles_in_compute_and_in_nothing_else() -> None:
    found = compile_file(ROOT / "examples" / "studies" / "roadmap_ascend.cluster")
    assert [d.message for d in found.diagnostics if d.severity != "info"] == []
    analysis = analysed(found, "Ascend")
    assert analysis is not None
    verdicts = {row[0]: row[-1] for row in analysis.sections[-1].rows}
    assert verdicts.pop("peak.fp8") == verdicts.pop("peak.fp4") == "as claimed"
    assert set(verdicts.values()) == {"slower than claimed"}


def test_the_examples_of_the_page_compile() -> None:
    page = (ROOT / "docs" / "comparing.md").read_text(encoding="utf-8")
    blocks = [part.partition("```")[0] for part in page.split("```cluster\n")[1:]]
    assert len(blocks) == 2
    for block in blocks:
        found = compile_text(f"edition 2026\n{block}", "page.cluster")
        assert [d.message for d in found.diagnostics] == []
        for name in ("against", "risk", "Line"):
            assert name not in block or analysed(found, name) is not None
