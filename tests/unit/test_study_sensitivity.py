"""What moves a figure."""

import math
from importlib.util import find_spec as real_find_spec

import numpy as np
import pytest

from compiler import errors
from compiler.analysis.figures import by_path
from compiler.errors import ClusterError
from compiler.ir.labels import input_names
from compiler.quantities import sensitivity
from compiler.quantities.graph import Quantity, Spread, apply, number
from compiler.quantities.inputs import inputs
from compiler.study import sobol
from compiler.workspace.compilation import compile_text

PLAN = """edition 2026
source est { title = "our estimate"; date = 2026-01-10; grade = "estimate" }
chip Toy { tdp = 600 to 1000 W from est; peak.fp8 = 1 PFLOPS from est }
node Box { npus = 8 of Toy; overhead_power = 100 to 200 W from est }
site Here { pue = 1.1 to 1.3 from est }
supercluster Plan { boxes = 10 of Box; at = Here }
"""


def uncertain(name: str, low: float, high: float) -> Quantity:
    return Quantity("literal", spread=Spread(low, (low + high) / 2, high, "uniform"), label=name, symbol=name)


def facility() -> Quantity:
    design = compile_text(PLAN, "plan.cluster").design("Plan")
    assert design is not None
    found = by_path(design.root, design.site)["power.facility"].quantity
    assert found is not None
    return found


def test_an_input_is_named_by_where_it_was_written() -> None:
    by_label = {one.label: one for one in inputs(facility())}
    assert set(by_label) == {"tdp", "pue", "overhead_power"}
    assert by_label["tdp"].at == "plan.cluster:3"
    assert by_label["tdp"].text == "600 to 1000 W"
    assert by_label["tdp"].sources == ("our estimate",)
    assert by_label["tdp"].display == "600 to 1,000 W"


def test_inputs_of_a_design_are_named_with_their_parts() -> None:
    design = compile_text(PLAN, "plan.cluster").design("Plan")
    assert design is not None
    figure = by_path(design.root, design.site)["power.facility"].quantity
    assert figure is not None
    found = inputs(figure, input_names(design))
    assert {one.label for one in found} == {"tdp of Toy", "pue of Here", "overhead_power of Box"}


def test_a_tornado_moves_one_input_at_a_time() -> None:
    found = sensitivity.tornado(facility())
    assert [swing.input.label for swing in found.swings] == ["tdp", "pue", "overhead_power"]
    assert found.middle == pytest.approx(10 * (8 * 800 + 150) * 1.2)
    assert found.swings[0].at_low == pytest.approx(10 * (8 * 600 + 150) * 1.2)
    assert found.swings[0].at_high == pytest.approx(10 * (8 * 1000 + 150) * 1.2)
    assert found.swings[2].width == pytest.approx(10 * 100 * 1.2)


def test_a_figure_without_uncertain_inputs_has_no_bars() -> None:
    assert sensitivity.tornado(number(3.0)).swings == ()
    assert sobol.indices(number(3.0)).shares == ()
    assert sensitivity.first_order(number(3.0)).shares == ()


def test_shares_of_a_linear_figure_are_the_squares_of_its_slopes() -> None:
    figure = apply("add", uncertain("a", 0, 3), uncertain("b", 0, 4))
    for found in (sobol.sobol(figure), sensitivity.first_order(figure)):
        first = {share.input.label: share.first for share in found.shares}
        assert first["a"] == pytest.approx(9 / 25, abs=0.02)
        assert first["b"] == pytest.approx(16 / 25, abs=0.02)
        assert found.variance == pytest.approx(25 / 12, rel=0.05)


def test_interactions_are_in_the_total_and_not_in_the_first_order() -> None:
    """The product of two inputs around zero has no first order at all: all of it is interaction."""
    found = sobol.sobol(apply("multiply", uncertain("a", -1, 1), uncertain("b", -1, 1)))
    for share in found.shares:
        assert share.first == pytest.approx(0.0, abs=0.05)
        assert share.total == pytest.approx(1.0, abs=0.05)


def test_shares_of_a_polynomial_are_those_worked_out_by_hand() -> None:
    """x^2 + x y over the unit square, where y acts alone and through x."""
    x, y = uncertain("x", 0, 1), uncertain("y", 0, 1)
    figure = apply("add", apply("power", x, number(2.0)), apply("multiply", x, y))
    # Var(E|x): x^2 + x/2; Var(E|y): y/2; exact moments of uniforms.
    total = (1 / 5 - 1 / 9) + (1 / 9 - 1 / 16) + 2 * (1 / 8 - 1 / 12)
    only_x = (1 / 5 - 1 / 9) + 1 / 48 + (1 / 4 - 1 / 6)
    only_y = 1 / 48
    for found in (sobol.sobol(figure), sensitivity.first_order(figure)):
        first = {share.input.label: share.first for share in found.shares}
        assert first["x"] == pytest.approx(only_x / total, abs=0.02)
        assert first["y"] == pytest.approx(only_y / total, abs=0.02)


def test_an_input_that_does_nothing_has_no_share() -> None:
    figure = apply("add", uncertain("a", 0, 1), apply("multiply", number(0.0), uncertain("idle", 0, 1)))
    found = {share.input.label: share for share in sensitivity.first_order(figure).shares}
    assert found["idle"].first < 0.01


def test_a_bisection_between_bounds_is_an_input_of_its_own() -> None:
    bounds = Quantity("literal", spread=Spread(1.0, 1.5, 2.0, "uniform"), label="bisection")
    found = sensitivity.tornado(apply("multiply", bounds, uncertain("a", 1, 2)))
    assert {swing.input.label for swing in found.swings} == {"bisection", "a"}
    assert all(swing.width == pytest.approx(1.5) for swing in found.swings)


def test_the_same_figure_gets_the_same_indices() -> None:
    assert [s.first for s in sobol.sobol(facility(), base=256).shares] == [
        s.first for s in sobol.sobol(facility(), base=256).shares
    ]


def test_without_salib_the_samples_answer_and_sobol_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_spec(name: str) -> object:
        return None if name == "SALib" else real_find_spec(name)

    monkeypatch.setattr(sobol, "find_spec", find_spec)
    monkeypatch.setattr(errors, "find_spec", find_spec)
    assert sobol.indices(facility()).method.startswith("first order")
    with pytest.raises(ClusterError, match="SALib"):
        sobol.sobol(facility())


def test_a_figure_that_is_infinite_at_an_end_stays_first_and_raises_nothing() -> None:
    figure = apply("divide", number(1.0), uncertain("a", 0, 1))
    found = sensitivity.tornado(apply("add", figure, uncertain("b", 0, 1)))
    assert found.swings[0].input.label == "a"
    assert math.isinf(found.swings[0].width)
    assert np.isfinite(found.swings[1].width)
