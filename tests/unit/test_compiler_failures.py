"""What is left of a bisection after something failed, on networks where it is counted by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.errors import UnknownError
from compiler.ir.hardware import Network
from compiler.networks.bisection.portfolio import bisection
from compiler.networks.failures import Failure, after, of_topology, parsed
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.without import without
from compiler.workspace.compilation import compile_text

RACKS = """
chip Toy { tdp = 1 W }
switch Hub { ports = 64; rate = 1 GB/s }
link Wire { rate = 1 GB/s }
rack Cabinet { toys = 4 of Toy; hubs = 2 of Hub { plane = index } }
supernode Pod {
  cabinets = 4 of Cabinet
  spines = 4 of Hub { plane = index // 2 }
  network net {
    connect cabinets.toys to cabinets.hubs on cabinets with 1 of Wire
    connect cabinets.hubs to spines on plane with 2 of Wire
  }
}
"""


def pod() -> Network:
    design = compile_text(RACKS).design()
    assert design is not None
    return design.root.networks[0]


def test_what_fails_is_read() -> None:
    assert parsed("switch") == Failure("switch")
    assert parsed("links=1_000") == parsed(" links = 1,000 ") == Failure("links", 1000)
    for wrong in ("links", "links=0", "links=-1", "cable", ""):
        with pytest.raises(UnknownError):
            parsed(wrong)


def test_a_spine_of_two_takes_half_of_a_tapered_leaf_spine() -> None:
    found = of_topology(topology("leaf_spine", leaves=4, spines=2, eps_per_leaf=4), parsed("switch"))

    assert found.intact.lower == 4
    left = {loss.what: (loss.tried, loss.total, *loss.spread()[0]) for loss in found.losses}
    assert left["spine"] == (2, 2, 2, 2)
    # the four endpoints that a leaf cuts off count on either side: leaf and a half of the rest against the others
    assert left["leaf"][:2] == (4, 4) and left["leaf"][2] == left["leaf"][3] == 2


def test_of_four_planes_three_are_left() -> None:
    found = of_topology(topology("clos", n=64, ports=16, planes=4), parsed("plane"))

    assert found.losses[0].spread()[0] == (96, 96) and found.intact.lower == 128


def test_a_network_of_a_design_loses_a_plane_a_rack_and_switches() -> None:
    network = pod()
    giga = 1e9

    plane = after(network, parsed("plane"))
    assert plane.intact.lower == 16 * giga
    assert [(loss.what, loss.tried, loss.spread()[1]) for loss in plane.losses] == [("plane", 2, (8 * giga, 8 * giga))]
    # twelve endpoints are left: six against six, each by two links
    rack = after(network, parsed("rack"))
    assert [(loss.what, loss.total, loss.spread()[1]) for loss in rack.losses] == [
        ("cabinets", 4, (12 * giga, 12 * giga))
    ]
    switch = {loss.what: loss for loss in after(network, parsed("switch")).losses}
    assert set(switch) == {"cabinets.hubs", "spines"} and switch["cabinets.hubs"].total == 8


def test_what_is_not_there_cannot_fail() -> None:
    torus = topology("torus", dims=[4, 4])
    for what in ("switch", "plane", "rack", "links=33"):
        with pytest.raises(UnknownError):
            of_topology(torus, parsed(what))


def test_what_is_too_large_to_cut_again_keeps_certified_ends() -> None:
    large = topology("fat_tree", k=64)
    found = of_topology(large, parsed("switch"))

    assert found.intact.lower == 32768
    assert {(loss.what, loss.tried) for loss in found.losses} == {("leaf", 0), ("agg", 0), ("core", 0)}
    assert all(loss.spread()[0] == (32768 - 32, 32768) for loss in found.losses)
    links = of_topology(large, parsed("links=100"))
    assert links.losses[0].spread()[0] == (32668, 32768)


def test_the_same_seed_draws_the_same_links() -> None:
    tree = topology("fat_tree", k=4)
    first, again, other = (of_topology(tree, parsed("links=5"), 6, seed) for seed in (1, 1, 2))

    assert first.losses[0].upper.tolist() == again.losses[0].upper.tolist()
    assert first.losses[0].upper.size == other.losses[0].upper.size == 6


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 4), st.integers(1, 3), st.integers(2, 3))
def test_the_ends_hold_the_exact_bisection_of_what_is_left(leaves: int, spines: int, each: int) -> None:
    whole = topology("leaf_spine", leaves=leaves, spines=spines, eps_per_leaf=each)
    found = of_topology(whole, parsed("switch"))

    left = [bisection(without(whole, switches=[s]), effort="high") for s in range(whole.switches)]
    assert all(bound.status == "exact" for bound in left)
    tried = [pair for loss in found.losses for pair in zip(loss.lower, loss.upper, strict=True)]
    for (low, high), exact in zip(tried, left, strict=True):
        assert exact.lower is not None and low <= exact.lower + 1e-9 and exact.lower <= high + 1e-9
