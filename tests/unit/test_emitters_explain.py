"""The picture of a figure's trail."""

from pathlib import Path

import pytest

import clusterc
from compiler.emitters.diagram import sheet
from compiler.emitters.diagram.engine import DrawingError
from compiler.emitters.diagram.picture import Box, Sheet
from compiler.ir.cluster import Design
from compiler.workspace.compile import compile_text

TEXT = """edition 2026
source est { title = "our estimate"; date = 2026-01-10; grade = "estimate" }
chip Toy { tdp = 500 to 700 W from est; peak.fp8 = 1 PFLOPS from est }
link Wire { rate = 100 GB/s }
switch Hub { ports = 64; rate = 100 GB/s; tdp = 1 kW from est }
node Box {
  npus = 8 of Toy
  hub  = 1 of Hub
  let spare = 3 kW
  network up { role = "scale-up"; connect npus to hub with 1 of Wire }
}
"""


def design() -> Design:
    found = compile_text(TEXT, "box.cluster").design("Box")
    assert found is not None
    return found


def words(page: Sheet) -> list[str]:
    return [text.text for item in page.items if isinstance(item, Box) for text in item.texts]


def test_the_trail_runs_from_the_figure_to_its_sources() -> None:
    said = words(sheet(design(), "explain:power.it"))
    assert "IT power, nameplate" in said
    assert "500 to 700 W" in said
    assert "100 % of the variance; estimate: our estimate" in said
    assert "estimate: our estimate" in said
    assert any(word.endswith("(83%)") for word in said)


def test_a_bisection_is_explained_by_its_certificate() -> None:
    said = words(sheet(design(), "explain:bisection"))
    assert "400 GB/s" in said and "exact" in said and "4 and 4 endpoints" in said


def test_lets_are_explained_too_and_without_a_figure_the_one_that_says_most() -> None:
    assert "3 kW" in words(sheet(design(), "explain:spare"))
    assert words(sheet(design(), "explain")) == words(sheet(design(), "explain:power.it"))


def test_a_figure_that_is_not_there_is_a_message() -> None:
    with pytest.raises(DrawingError, match=r"did you mean `power\.it`"):
        sheet(design(), "explain:powr.it")
    with pytest.raises(DrawingError, match="PUE"):
        sheet(design(), "explain:power.facility")


def test_a_wide_tree_is_pruned_and_says_so() -> None:
    parts = "\n".join(f"  let a{i} = {i + 1} W" for i in range(200))
    total = " + ".join(f"a{i}" for i in range(200))
    text = TEXT.replace("  let spare = 3 kW", f"{parts}\n  let spare = {total}")
    found = compile_text(text, "wide.cluster").design("Box")
    assert found is not None
    page = sheet(found, "explain:spare")
    assert sum(isinstance(item, Box) for item in page.items) < 120
    assert any(word.startswith("and ") and word.endswith(" more") for word in words(page))


def test_the_command_draws_it(tmp_path: Path) -> None:
    file, out = tmp_path / "box.cluster", tmp_path / "why.svg"
    file.write_text(TEXT, encoding="utf-8")
    assert clusterc.main(["draw", str(file), "--view", "explain", "--figure", "power.it", "-o", str(out)]) == 0
    assert b"500 to 700 W" in out.read_bytes()
    assert clusterc.main(["draw", str(file), "--figure", "power.it", "-o", str(out)]) == 2
    assert clusterc.main(["draw", str(file), "--view", "explain", "--figure", "powr", "-o", str(out)]) == 2
