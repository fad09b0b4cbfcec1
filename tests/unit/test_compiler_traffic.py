"""What networks of designs carry, counted by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.emitters.csv import emit_taper
from compiler.networks.bisection.paths import path_diversity
from compiler.networks.bisection.throughput import all_to_all, worst_permutation
from compiler.networks.topologies.catalogue import topology
from compiler.networks.traffic import narrowings, of_topology, ways
from compiler.report.assembled import report
from compiler.report.contents import sections
from compiler.report.findings import DesignReport
from compiler.workspace.compilation import compile_text

POD = """
chip Toy { hbm.bandwidth = 4 TB/s; hbm.capacity = 1 GB; tdp = 1 W }
switch Hub { ports = 64; rate = 1 GB/s }
link Wire { rate = 1 GB/s }
link Thin { rate = 100 MB/s }
node Box { toys = 4 of Toy; hub = 1 of Hub }
supernode Pod {
  boxes = 4 of Box
  spines = 2 of Hub
  network up { role = "scale-up"
    connect boxes.toys to boxes.hub on boxes with 2 of Wire
    connect boxes.hub to spines with 2 of Wire
  }
  network away { role = "scale-out"; connect boxes.toys to external with 1 of Thin }
}
"""


def pod() -> DesignReport:
    design = compile_text(POD).design()
    assert design is not None
    return report(design)


def test_a_tapered_tree_narrows_what_each_sends() -> None:
    found = pod().networks["up"].traffic

    # 8 links up of each box for four endpoints of 2 GB/s: half for partners outside, 4/5 of that for all to all
    assert found.permutation.status == "exact" and found.permutation.lower == 1e9
    assert found.all_to_all.lower == pytest.approx(4e9 / (4 * 12) * 15)
    assert found.tiers == (("boxes.hub", 2.0),)
    assert (found.hops, found.shortest, found.disjoint) == (4, 2 * 2 * 2 * 2 * 2, 2)


def test_links_that_leave_carry_nothing_inside() -> None:
    found = pod().networks["away"].traffic

    assert found.all_to_all.status == "absent" and "outside" in found.all_to_all.reason


def test_bandwidth_narrows_from_chip_to_cluster_and_out() -> None:
    steps = [(step.name, step.value, step.ratio) for step in pod().taper]

    assert steps == [
        ("memory", 4e12, None),
        ("scale-up.injection", 2e9, pytest.approx(2e9 / 4e12)),
        ("bisection", 1e9, 0.5),
        ("scale-out.injection", 1e8, pytest.approx(0.1)),
    ]
    assert emit_taper(pod()).splitlines()[3].endswith("1000000000,B/s,0.5")


def test_the_report_has_both_tables() -> None:
    found = {section.name: section for section in sections(pod())}

    assert found["traffic"].rows[0][:4] == ("up", "1.25 GB/s", "1 GB/s", "boxes.hub 2:1")
    assert [row[2] for row in found["taper"].rows] == ["", "0.1%", "50.0%", "10.0%"]


@pytest.mark.parametrize(
    ("family", "parameters"),
    [
        ("torus", {"dims": [4, 3]}),
        ("torus", {"dims": [2, 5, 4]}),
        ("mesh", {"dims": [3, 4]}),
        ("hypercube", {"d": 4}),
        ("hyperx", {"dims": [3, 4], "T": 2}),
        ("fat_tree", {"k": 4}),
        ("leaf_spine", {"leaves": 3, "spines": 2, "eps_per_leaf": 2, "trunk": 2}),
        ("xgft", {"m": [2, 3, 2], "w": [1, 2, 2]}),
        ("clos", {"n": 16, "ports": 8, "planes": 2}),
        ("full_mesh", {"n": 5}),
    ],
)
def test_ways_by_structure_are_those_of_the_graph(family: str, parameters: dict[str, object]) -> None:
    network = topology(family, **parameters)

    assert ways(network) == path_diversity(network.unroll())


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 4), st.integers(1, 4), st.integers(1, 4))
def test_trees_are_exact_and_within_what_the_graph_allows(leaves: int, spines: int, each: int) -> None:
    network = topology("leaf_spine", leaves=leaves, spines=spines, eps_per_leaf=each)

    for figure in (all_to_all, worst_permutation):
        exact, around = figure(network), figure(network.unroll())
        assert exact.status == "exact" and exact.lower is not None
        assert around.lower is not None and around.upper is not None
        assert around.lower <= exact.lower * (1 + 1e-9) and exact.lower <= around.upper * (1 + 1e-9)


def test_a_topology_by_itself_says_all_of_it() -> None:
    found = of_topology(topology("leaf_spine", leaves=4, spines=2, eps_per_leaf=4))

    assert found.permutation.lower == 0.5 and found.all_to_all.lower == pytest.approx(2 / 48 * 15)
    assert [(tier.tier, tier.ratio) for tier in found.narrowings] == [("leaf", 2.0)]


def test_a_direct_network_narrows_nowhere() -> None:
    design = compile_text(
        "chip Toy { tdp = 1 W }\nlink Wire { rate = 1 GB/s }\n"
        "supernode Grid { toys = 16 of Toy; network net { connect toys by torus(dims = [4, 4]) with 1 of Wire } }"
    ).design()
    assert design is not None

    assert list(narrowings(design.root.networks[0])) == []
