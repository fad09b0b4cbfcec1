"""Figures of all networks together, in expressions: asked for, claimed, checked and swept."""

import pytest

from compiler.semantics.interconnect import FIGURES
from compiler.semantics.words import ON_DEMAND
from compiler.workspace.compilation import compile_text

# Six boxes of eight; every card carries 50 GB/s, and 47 * 400 / (8 * 40) = 58.75 GB/s reach all others at once.
SIX = """
chip Gpu { tdp = 700 W }
switch NVS { ports = 8; rate = 450 GB/s }
switch Core { ports = 64; rate = 50 GB/s }
link NV { rate = 450 GB/s }
link IB { rate = 50 GB/s }
node Box {
  gpus = 8 of Gpu
  nvs = 1 of NVS
  network nv { role = "scale-up"; connect gpus to nvs with 1 of NV }
}
supercluster Six {
  boxes = 6 of Box
  core = 1 of Core
  network ib { role = "scale-out"; connect boxes.gpus to core with 1 of IB }
  assert figures.bisection == 1.2 TB/s
  claim pairs: figures.bandwidth.all_to_all ~= 58.75 GB/s
}
study more {
  sweep n in [2, 6]
  let other = Six with { boxes = n of Box }
  show { half = other.figures.bisection }
}
"""


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("bisection", 1200.0),
        ("bisection.without_scale_up", 1200.0),
        ("bandwidth.all_to_all", 58.75),
        ("bandwidth.worst_permutation", 50.0),
    ],
)
def test_a_figure_of_the_whole_is_a_figure(figure: str, value: float) -> None:
    def said(bound: float) -> list[str]:
        text = SIX.replace("figures.bisection == 1.2 TB/s", f"figures.{figure} >= {bound} GB/s", 1)
        return [found.code.id for found in compile_text(text).diagnostics]

    assert said(value * 0.999999) == []
    assert said(value * 1.000001) == ["C0501"]


def test_it_is_checked_and_claimed_like_any_other() -> None:
    held = compile_text(SIX)
    failed = compile_text(SIX.replace("== 1.2 TB/s", "== 1.3 TB/s"))

    assert held.diagnostics == []
    assert [found.code.id for found in failed.diagnostics] == ["C0501"]


def test_an_unknown_figure_below_it_is_named() -> None:
    [said] = compile_text(
        SIX.replace("figures.bisection == 1.2 TB/s", "figures.bandwidth.all_to == 1 GB/s")
    ).diagnostics

    assert said.message == "`Six` has no figure `bandwidth.all_to`"


def test_every_path_on_demand_has_its_figure() -> None:
    assert tuple(FIGURES) == ON_DEMAND
