"""Figures of all networks together, in expressions: asked for, claimed, checked and swept."""

from pathlib import Path

import pytest

import clusterc
from compiler.cli import main
from compiler.networks.whole.headlines import FIGURES
from compiler.semantics.words import ON_DEMAND
from compiler.workspace.compilation import compile_text
from compiler.workspace.query import answer

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


def test_a_cut_at_every_size_is_what_its_boxes_say() -> None:
    # each card of a divided box, or of one that stands apart, sends its own 50 GB/s; the smaller part of a box 450 GB/s each
    right = {many: many * 50 + 450 * min(many % 8, 8 - many % 8) for many in range(1, 25)}
    text = SIX.replace(
        "  assert figures.bisection == 1.2 TB/s", "\n".join(f"  assert cut({m}) == {v} GB/s" for m, v in right.items())
    )

    assert [found.message for found in compile_text(text).diagnostics] == []


def test_explain_shows_the_division_of_a_cut_and_of_a_rate(tmp_path: Path) -> None:
    path = tmp_path / "six.cluster"
    path.write_text("edition 2026\n" + SIX, encoding="utf-8")
    design = clusterc.load(str(path))

    trails = {many: design.explain(f"cut({many})").to_dict()["bisection"] for many in (5, 8, 24)}
    assert {many: trail["upper"] / 1e9 for many, trail in trails.items()} == pytest.approx({5: 1600, 8: 400, 24: 1200})
    assert str(design.explain("figures.bandwidth.all_to_all")).splitlines()[-2:] == [
        "  - together 400 GB/s",
        "  - 47 others x 400 GB/s / (8 x 40 pairs across) = 58.75 GB/s, the upper end",
    ]


def test_a_query_asks_for_them_by_their_paths(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "six.cluster"
    path.write_text("edition 2026\n" + SIX, encoding="utf-8")

    for asked in ("bandwidth.all_to_all", "cut(boxes.nv, 1)", "oversubscription(boxes.nv)"):
        assert main(["query", str(path), asked]) == 0
    assert capsys.readouterr().out == "58.75 GB/s\n450 GB/s\n1\n"


@pytest.mark.parametrize("raw", [[], ["--raw"]])
def test_a_query_says_why_a_figure_is_absent(raw: list[str], tmp_path: Path) -> None:
    path = tmp_path / "bare.cluster"
    path.write_text("edition 2026\nchip C { tdp = 1 W }\nsupernode P { c = 4 of C }\n", encoding="utf-8")
    design = clusterc.load(str(path))

    with pytest.raises(clusterc.ClusterError, match="no network is described that links accelerators"):
        answer(design, str(path), "cut(2)", None, bool(raw))


def test_a_design_that_is_one_topology_sends_what_its_network_sends(tmp_path: Path) -> None:
    path = tmp_path / "pod.cluster"
    path.write_text(
        "edition 2026\nchip C { tdp = 1 W }\nlink W { rate = 50 GB/s }\nsupernode P {\n  c = 64 of C\n"
        "  network t { connect c by torus(dims = [4, 4, 4], block = [2, 2, 2]) with 1 of W }\n}\n",
        encoding="utf-8",
    )
    design = clusterc.load(str(path))

    # 16 of 64 vertices' wrapped rows are cut twice: 2 x 16 x 50 GB/s, and 63 x 1.6 TB/s / (32 x 32) for each
    trail = design.explain("bandwidth.all_to_all").to_dict()["bisection"]
    assert (trail["status"], trail["upper"]) == ("exact", pytest.approx(63 * 1.6e12 / 32**2))


def test_halves_of_whole_hosts_say_their_sizes(tmp_path: Path) -> None:
    path = tmp_path / "hosts.cluster"
    path.write_text(
        "edition 2026\nchip T { tdp = 1 W }\nlink W { rate = 50 GB/s }\nnic N { ports = 1; rate = 50 GB/s }\n"
        "switch S { ports = 64; rate = 50 GB/s }\nnode B { t = 2 of T; c = 2 of N }\n"
        'supernode P { b = 3 of B; s = 1 of S; network n { role = "scale-out"; connect b.c to s with 1 of W } }\n',
        encoding="utf-8",
    )
    report = clusterc.load(str(path)).report()

    assert "whole hosts divide it into 4 and 2 accelerators, as evenly as they can" in str(report)
    # of 2 accelerators against 4 each of the two sends what its card carries
    assert [step.display for step in report.data.taper][-1] == "50 GB/s"


def test_cables_are_whole() -> None:
    text = """
    chip T { tdp = 1 W }
    link W { rate = 50 GB/s }
    switch S { ports = 64; rate = 50 GB/s }
    node N { t = 3 of T; s = 1 of S
      network n { connect t to s with 1 of W { cable = 2 links } }
      assert count(n.cables) == 2
    }
    """
    assert compile_text(text).diagnostics == []


def test_a_cut_of_a_network_too_large_to_write_out_is_told_by_counts() -> None:
    text = """
    chip C { tdp = 1 W }
    switch S { ports = 100_000; rate = 1 GB/s }
    link L { rate = 1 GB/s }
    supernode P {
      c = 6_000 of C
      s = 6_000 of S
      network n {
        connect c to s with 1 of L
        connect s to external with 1 of L
      }
      assert cut(n, 10) == 10 * 6_000 GB/s
    }
    """
    assert compile_text(text).diagnostics == []
