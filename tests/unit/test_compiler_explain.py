"""The trail of a figure: shares of it and of its variance, and what moves it."""

import json

import pytest

from compiler.report.assembled import report
from compiler.report.derivation import trail
from compiler.report.steps import TrailStep
from compiler.workspace.compilation import compile_text
from compiler.workspace.design import Trail

TEXT = """edition 2026
source est { title = "our estimate"; date = 2026-01-10; grade = "estimate" }
chip Toy { tdp = 500 to 700 W from est }
switch Hub { ports = 64; rate = 100 GB/s; tdp = 900 to 1100 W from est }
site Here { pue = 1.25 }
node Box { npus = 8 of Toy; hub = 1 of Hub }
rack Row { boxes = 4 of Box }
supercluster All { at = Here; rows = 2 of Row; let spread = 1 W - sum(rows.boxes.npus.tdp) }
"""


def explained(path: str, text: str = TEXT) -> Trail:
    design = compile_text(text, "box.cluster").design("All")
    assert design is not None
    return Trail(trail(report(design), path, design))


def only(found: Trail, shown: str) -> TrailStep:
    (step,) = (step for step in found.steps if step.display == shown)
    return step


def test_a_term_says_its_share_of_the_figure_through_products_too() -> None:
    found = explained("power.facility")
    terms = [step for step in found.steps if step.formula in ("npus * tdp", "hub * tdp")]
    chips = max(step.share or 0.0 for step in found.steps if step.share is not None and step.share < 1)
    assert found.steps[0].share == 1.0
    assert chips == pytest.approx(4.8 / 5.8)
    assert "{83 % of the figure}" in found.to_text() and "{17 % of the figure, 2 % of the variance}" in found.to_text()
    assert sum(step.share or 0.0 for step in terms) <= 1 + 1e-9


def test_what_is_no_sum_shares_nothing_out() -> None:
    assert "of the figure" not in explained("spread").to_text()


def test_an_input_says_its_share_of_the_variance() -> None:
    found = explained("power.facility")
    # 8 chips of 200 W against 1 hub of 200 W: variances 64 to 1
    assert only(found, "500 to 700 W").variance == pytest.approx(64 / 65, abs=0.02)
    assert only(found, "900 to 1,100 W").variance == pytest.approx(1 / 65, abs=0.02)
    assert only(found, "1.25").variance is None
    assert "{98 % of the variance}" in found.to_text()


def test_what_moves_it_is_a_table_of_inputs_by_name() -> None:
    found = explained("power.facility")
    first, second = found.movers
    assert (first.input.label, second.input.label) == ("tdp of Toy", "tdp of Hub")
    assert (first.at_low, first.at_high) == (pytest.approx(50e3), pytest.approx(66e3))
    lines = found.to_text().partition("What moves it\n")[2].splitlines()
    assert lines[1].split()[:3] == ["tdp", "of", "Toy"]
    assert "50 kW" in lines[1] and "66 kW" in lines[1] and "box.cluster:3" in lines[1] and "our estimate" in lines[1]


def test_the_same_is_data() -> None:
    data = json.loads(explained("power.facility").to_json())
    first = data["movers"][0]
    assert first["input"] == "tdp of Toy" and first["place"] == "box.cluster:3"
    assert (first["low"], first["high"], first["at_low"], first["at_high"]) == (500, 700, 50000, 66000)
    assert data["steps"][0]["share"] == 1 and data["steps"][0]["variance"] is None


def test_a_certain_figure_has_no_movers() -> None:
    found = explained("accelerators")
    assert found.movers == () and "What moves it" not in found.to_text()
