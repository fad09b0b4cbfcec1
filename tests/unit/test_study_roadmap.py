"""Figures of dated variants as series over time."""

import pytest

from compiler.audit import audit
from compiler.emitters.text import table
from compiler.ir.hardware import Part
from compiler.quantities.intervals import Intervals
from compiler.study import roadmap
from compiler.workspace.compilation import compile_text

TEXT = """edition 2026
chip One { released = 2024-01-01; peak.fp8 = 1 PFLOPS; tdp = 500 W }
chip Two { released = 2025-01-01; peak.fp8 = 2 PFLOPS; tdp = 600 to 800 W }
chip Four { released = 2026-01-01; peak.fp8 = 4 PFLOPS; hbm.capacity = 288 GB }
chip Undated { peak.fp8 = 9 PFLOPS }
"""
GROWING = (
    TEXT
    + """
roadmap Line { variants = [One, Two, Four, Undated] }
let year = Line.doubling.peak.fp8
node Box { npus = 2 of Four; let growth = Line.growth.peak.fp8; let off = Line.residual.compute.fp8; let t = year
  let silent = Line.growth.hbm.capacity
  claim doubles: Line.growth.peak.fp8 ~= 2
}
"""
)
COMPILED = compile_text(TEXT, "roadmap.cluster")


def parts(*names: str) -> list[Part]:
    designs = [COMPILED.design(name) for name in names]
    return [design.root for design in designs if design is not None]


def test_a_series_is_in_the_order_of_time_and_names_who_is_silent() -> None:
    found = roadmap.series(parts("Four", "One", "Undated", "Two"), "peak.fp8")
    assert [point.name for point in found.points] == ["One", "Two", "Four"]
    assert found.silent == ("Undated",)
    assert found.growth is not None and found.doubling is not None
    assert found.growth.middle == pytest.approx(2.0)
    assert found.doubling.middle == pytest.approx(1.0)
    assert found.fitted(2027.0) == pytest.approx(8e15)


def test_figures_grow_as_fields_do() -> None:
    found = roadmap.series(parts("One", "Two", "Four"), "compute.fp8")
    assert found.growth is not None
    assert found.growth.middle == pytest.approx(2.0)


def test_one_point_is_a_series_without_growth() -> None:
    found = roadmap.series(parts("One", "Two", "Four"), "hbm.capacity")
    assert len(found.points) == 1
    assert found.growth is None
    assert roadmap.verdict(found, 2.0) == "undecided"
    assert roadmap.data("R", [found])["series"][0]["growth"] is None  # type: ignore[index]


def test_a_claim_is_judged_within_its_tolerance() -> None:
    found = roadmap.series(parts("One", "Two", "Four"), "peak.fp8")
    assert roadmap.verdict(found, 2.0) == "as claimed"
    assert roadmap.verdict(found, 2.4, 0.5) == "as claimed"
    assert roadmap.verdict(found, 4.0) == "slower than claimed"
    assert roadmap.verdict(found, 1.2) == "faster than claimed"


def test_a_range_is_undecided_where_it_spans_the_claim() -> None:
    found = roadmap.series(parts("One", "Two"), "tdp")
    assert found.growth is not None
    assert (found.growth.low, found.growth.high) == pytest.approx((1.2, 1.6))
    assert roadmap.verdict(found, 1.5) == "undecided"


def test_tables_say_growth_and_what_was_left_out() -> None:
    found = [roadmap.series(parts("One", "Two", "Undated"), "peak.fp8")]
    series, growth = roadmap.sections("R", found, 2.0)
    assert table(series)[1].split() == ["One", "2024-01-01", "1", "PFLOPS"]
    assert growth.rows[0][1:3] == ("× 2", "1 years")
    assert "peak.fp8 is not stated by Undated." in growth.notes


def test_the_language_reads_the_trends_of_a_roadmap() -> None:
    compiled = compile_text(GROWING, "growing.cluster")
    assert [found.message for found in compiled.diagnostics if found.severity == "error"] == []
    box = compiled.design("Box")
    assert box is not None
    values = {name: Intervals().of(value).middle for name, value in box.values.items()}
    assert values["growth"] == pytest.approx(2.0)
    assert values["off"] == pytest.approx(0.0, abs=1e-9)
    assert values["t"] == pytest.approx(8760 * 3600)
    assert audit(box.claims[0]).verdict == "holds"
    assert box.values["silent"].op == "missing"
    assert "there is Four" in box.values["silent"].label


def test_a_figure_that_no_variant_has_is_a_message() -> None:
    compiled = compile_text(GROWING.replace("growth.peak.fp8 ~=", "growth.peak.fp9 ~="), "growing.cluster")
    messages = [found for found in compiled.diagnostics if "fp9" in found.message]
    assert messages[0].message == "no variant of `Line` has a figure `peak.fp9`"
    assert any("peak.fp8" in line for line in messages[0].help)
