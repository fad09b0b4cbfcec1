"""The charts of a study that sweeps."""

from pathlib import Path

import pytest

import clusterc
from compiler.emitters.charts import drawn
from compiler.study.pictures import drawings
from compiler.study.preparation import plan
from compiler.study.run import RunOptions, stream
from compiler.study.table import Findings, fold
from compiler.workspace.compilation import compile_text

pytest.importorskip("matplotlib")

TEXT = """edition 2026
chip Toy { tdp = 600 to 800 W; peak.fp8 = 1 PFLOPS }
chip Big { tdp = 1000 to 1200 W; peak.fp8 = 2 PFLOPS }
node Box(n: Count = 8, c: Chip = Toy) { npus = n of c }
study feed {
  sweep c in [Toy, Big]
  sweep n in 1 .. 16
  let box = Box(n, c)
  require box.figures.power.it <= 12 kW
  pareto { minimize = power; maximize = compute }
  show { power = box.figures.power.it -> kW; compute = box.figures.compute.fp8 }
}
study words { sweep c in [Toy, Big]; show { tdp = c.tdp } }
"""


def findings(name: str) -> Findings:
    found = plan(compile_text(TEXT, "feed.cluster"), name)
    assert found is not None
    return fold(found, stream(found, RunOptions(keep_removed=True)))


def test_a_front_and_a_response_for_each_column_are_drawn() -> None:
    found = drawings(findings("feed"))
    assert [drawing.name for drawing in found] == ["pareto", "response-power", "response-compute"]
    for drawing in found:
        assert drawn(drawing.make(), "svg") == drawn(drawing.make(), "svg")


def test_the_front_counts_only_what_was_kept() -> None:
    found = findings("feed")
    chart = drawings(found)[0].make()
    assert found.front is not None
    assert chart.says.startswith(f"{len(found.front)} of {found.kept} designs")


def test_a_study_without_numbers_to_sweep_has_no_chart(tmp_path: Path) -> None:
    assert drawings(findings("words")) == ()
    file = tmp_path / "feed.cluster"
    file.write_text(TEXT, encoding="utf-8")
    assert clusterc.main(["study", str(file), "words", "--format", "svg", "-o", str(tmp_path)]) == 2
    assert clusterc.main(["study", str(file), "feed", "--format", "svg"]) == 2
    assert clusterc.main(["study", str(file), "feed", "--format", "svg", "-o", str(tmp_path / "p")]) == 0
    assert sorted(path.name for path in (tmp_path / "p").iterdir()) == [
        "pareto.svg",
        "response-compute.svg",
        "response-power.svg",
    ]
