"""Bisections of networks are kept under what was asked, and no longer than the network."""

import gc
from weakref import ref

import pytest

from compiler.networks import cuts
from compiler.networks.bisection.bound import Bound
from compiler.networks.cuts import network_bisection
from compiler.workspace.compilation import compile_text
from compiler.workspace.design import opened

SEEN = """
chip C { tdp = 1 W }
link W { rate = 1 GB/s }
node N {
  c = 12 of C
  network x { connect c by ring(n = 12) with 1 of W }
  let seen = x.bisection
}
"""


@pytest.mark.parametrize("effort", ["low", "high"])
def test_a_network_that_the_text_mentions_is_searched_with_the_effort_asked_for(
    effort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    known = cuts.bisection

    def heard(network: object, effort: str) -> Bound:
        asked.append(effort)
        return known(network, effort=effort)  # type: ignore[arg-type]

    monkeypatch.setattr(cuts, "bisection", heard)
    compilation = compile_text(SEEN)

    opened(compilation, effort=effort).report()

    assert effort in asked


def test_what_is_kept_of_a_network_goes_with_it() -> None:
    design = compile_text(SEEN).design()
    assert design is not None
    network = design.root.networks[0]
    assert network_bisection(network) is network_bisection(network)
    gone = ref(network)

    del design, network
    gc.collect()

    assert gone() is None


@pytest.mark.parametrize(
    "inside",
    [
        "a = 1 of S; b = 1 of S; network n { connect a to b with 1 of W }",
        "c = 1 of C; b = 1 of S; network n { connect c to b with 1 of W }",
    ],
)
def test_a_network_with_less_than_two_endpoints_has_no_diameter(inside: str) -> None:
    text = "chip C { tdp = 1 W }\nlink W { rate = 1 GB/s }\nswitch S { ports = 4; rate = 1 GB/s }\n"

    network = opened(compile_text(f"{text}rack R {{ {inside} }}"), effort="low").report().to_dict()["networks"]["n"]  # type: ignore[index]

    assert network["diameter"] is None
