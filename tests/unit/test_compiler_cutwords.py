"""Cuts in a design's own words, counted by hand; and cuts answered from structure, recounted on the graph."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import clusterc
from compiler.networks.bisection.portfolio import bisection, curve_bisection
from compiler.networks.bisection.proofs import sentences
from compiler.networks.bisection.structure import cut_function
from compiler.networks.cut_in_words import DesignCut, network_cut
from compiler.networks.cuts import network_bisection
from compiler.networks.topologies.catalogue import topology
from compiler.networks.whole.halves_in_words import whole_cut
from compiler.networks.whole.whole_bisection import whole_bisection
from compiler.workspace.compilation import compile_file, compile_text

ROOT = Path(__file__).parents[2]

PODS = """
chip Toy { tdp = 1 W }
switch Hub { ports = 64; rate = 50 GB/s }
link Thin { rate = 50 GB/s }
link Thick { rate = 100 GB/s }
node Box {
  toys = 8 of Toy
  hub  = 1 of Hub
  network inner { role = "scale-up"; connect toys to hub with 2 of Thin }
}
supernode Pod { boxes = 5 of Box }
supercluster All {
  pods = 3 of Pod
  network out {
    role = "scale-out"
    connect pods.boxes.toys by leaf_spine(leaves = 15, spines = 2, eps_per_leaf = 8) with 1 of Thick
  }
}
"""


def cuts(text: str) -> tuple[DesignCut, DesignCut]:
    """The cut of the whole and of its first own network."""
    design = compile_text(text).design()
    assert design is not None
    whole = whole_cut(design.root, whole_bisection(design.root))
    own = network_cut(design.root.networks[0], network_bisection(design.root.networks[0]))
    assert whole is not None and own is not None
    return whole, own


def test_a_hierarchy_is_cut_at_its_parts_and_within_the_networks_of_one() -> None:
    whole, out = cuts(PODS)

    assert whole.standing[:3] == (
        "pods 0 of 3, with their toys and hub, on side A",
        "in pods 1: pods.boxes 0 to 1 of 5, with their toys, on side A",
        "in pods 1, in pods.boxes 2: pods.boxes.toys 0 to 3 of 8 on side A",
    )
    # 7 leaves by 2 uplinks, 4 access links, and 4 endpoints by 2 links to the hub of their box
    assert {(row.network, row.links, row.count, row.capacity) for row in whole.crossing} == {
        ("pods.boxes.inner", "toys to hub, Thin", 8, 400e9),
        ("out", "pods.boxes.toys to leaf, Thick", 4, 400e9),
        ("out", "leaf to spine, Thick", 14, 1400e9),
    }
    assert out.endpoints == (60, 60) and out.capacity == sum(row.capacity for row in out.crossing) == 1800e9
    assert {row.links for row in out.crossing} == {"leaf to spine, Thick", "pods.boxes.toys to leaf, Thick"}


def test_wired_planes_are_told_plane_by_plane() -> None:
    design = compile_file(ROOT / "examples" / "cloudmatrix384.cluster").design()
    assert design is not None

    cut = whole_cut(design.root, whole_bisection(design.root))

    assert cut is not None
    assert cut.standing[0] == "compute 0 to 5 of 12, with their npus and l1, on side A"
    assert cut.standing[1].startswith("all 4 comm, with their l2, on side")
    assert [(row.links, row.count) for row in cut.crossing] == [("compute.nodes.l1 to comm.l2, UBLink", 2688)]
    assert cut.capacity == 2688 * 28e9


def test_a_torus_is_cut_across_one_dimension() -> None:
    text = (
        "chip Toy { tdp = 1 W }\nlink Wire { rate = 1 GB/s }\n"
        "supernode Grid { toys = 24 of Toy; network net { connect toys by torus(dims = [4, 6]) with 2 of Wire } }"
    )
    whole, own = cuts(text)

    assert whole == own
    assert whole.standing == ("side A: x1 in 0 to 2 of 6",)
    assert [(row.links, row.count, row.capacity) for row in whole.crossing] == [
        ("links along x1 (ring of 6), Wire", 16, 16e9)
    ]
    assert "Arjona Aroca" in whole.proof[0]


def test_explain_shows_the_cut_and_the_proof() -> None:
    design = clusterc.load(ROOT / "examples" / "atlas950_supercluster.cluster")

    page = design.explain("bisection").to_text()
    data = design.explain("supernodes.ub.bisection").to_dict()["bisection"]

    assert "supernodes 0 to 31 of 64, with their npus and switches, on side A" in page
    assert re.search(r"262,144 links of out, .*: 13\.11 PB/s", page)
    assert "(min,+)" in page and "why it is no less" in page
    assert isinstance(data, dict) and data["lower"] == data["upper"] == data["cut"]["capacity"]
    assert sum(row["capacity"] for row in data["cut"]["crossing"]) == data["upper"]
    assert [row["count"] for row in data["cut"]["crossing"]] == [4096]


@pytest.mark.parametrize(
    ("family", "parameters", "crossing"),
    [
        ("torus", {"dims": [7, 4]}, [("links along x0 (ring of 7)", 8), ("links along x1 (ring of 4)", 2)]),
        ("mesh", {"dims": [3, 3]}, [("links along x0 (path of 3)", 3), ("links along x1 (path of 3)", 1)]),
        ("full_mesh", {"n": 7}, [("links of the full mesh", 12)]),
        ("hyperx", {"dims": [4, 6], "T": 3}, [("links along x0 (clique of 4)", 24)]),
    ],
)
def test_what_crosses_is_counted_by_class(
    family: str, parameters: dict[str, object], crossing: list[tuple[str, int]]
) -> None:
    cut = bisection(topology(family, **parameters)).cut

    assert cut is not None
    assert [(row.links, row.count) for row in cut.crossing] == crossing


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["torus", "mesh", "hyperx"]),
    st.lists(st.integers(2, 5), min_size=1, max_size=3),
    st.integers(1, 3),
)
def test_cuts_of_products_are_those_of_the_graph(family: str, dims: list[int], hung: int) -> None:
    network = topology(family, dims=dims, **({"T": hung} if family == "hyperx" else {}))
    curve = cut_function(network)
    assert curve is not None
    found = curve_bisection(curve)
    assert found.cut is not None and found.upper is not None
    assert sum(row.capacity for row in found.cut.crossing) == pytest.approx(found.upper)
    coordinates = re.fullmatch(r"side ([AB]): (.*)", found.cut.parts[-1])
    if coordinates is None or family == "hyperx":
        return

    graph = network.unroll()
    side = _side(coordinates[2], dims)
    assert min(side.sum(), (~side).sum()) == network.endpoints // 2
    assert graph.bandwidth[side[graph.u] != side[graph.v]].sum() == pytest.approx(found.upper)


def _side(said: str, dims: list[int]) -> np.ndarray:  # type: ignore[type-arg]
    """The vertices that a line of coordinates names, by its own words."""
    places = np.indices(dims).reshape(len(dims), -1)
    side = np.zeros(places.shape[1], dtype=bool)
    kept = [axis for axis, size in enumerate(dims) if size > 1]
    for block in said.split("; "):
        inside = np.ones(side.size, dtype=bool)
        for axis, low, high in re.findall(r"x(\d+) (?:= |in )(\d+)(?: to (\d+))?", block):
            at = places[kept[int(axis)]]
            inside &= (at >= int(low)) & (at <= int(high or low))
        side |= inside
    return side


@pytest.mark.parametrize(
    ("family", "parameters"),
    [
        ("torus", {"dims": [5, 7], "bw": [1, 3]}),
        ("torus", {"dims": [4, 4]}),
        ("hypercube", {"d": 4}),
        ("mesh", {"dims": [4, 5]}),
        ("hyperx", {"dims": [3, 3], "T": 2}),
        ("fat_tree", {"k": 4}),
        ("clos", {"n": 64, "ports": 16, "planes": 2}),
        ("star", {"n": 8}),
        ("full_mesh", {"n": 6}),
        ("ring", {"n": 9}),
        ("dragonfly", {"a": 4, "p": 2, "h": 2}),
        ("dragonfly", {"a": 16, "p": 8, "h": 8}),
        ("slimfly", {"q": 5, "p": 2}),
        ("polarfly", {"q": 3}),
        ("jellyfish", {"n": 20, "r": 4, "T": 2}),
    ],
)
def test_every_proof_has_a_sentence(family: str, parameters: dict[str, object]) -> None:
    method = bisection(topology(family, **parameters)).method

    assert sentences(method), method


def test_a_proof_is_told_by_its_longest_name() -> None:
    assert len(sentences("Lindsey at the least bandwidth, endpoints shifted; cut: anything")) == 2
    assert sentences("lower: shortest-path flow; upper: eigenvalue") == sentences("shortest-path flow")


def test_trunks_are_counted_link_by_link() -> None:
    _, own = cuts(PODS.replace("with 1 of Thick", "with 3 of Thick"))

    assert sum(row.capacity for row in own.crossing) == own.capacity
    assert all(row.count and row.capacity == row.count * 100e9 for row in own.crossing)
