"""Connections of several names and keys, and topologies joined with further connections: counted by hand, and the same as
written one by one."""

import json

import pytest

from compiler.emitters.json import emit
from compiler.ir.hardware import ClusterDesign, Network
from compiler.networks import totals
from compiler.networks.cut_in_words import network_cut
from compiler.networks.cuts import network_bisection, network_diameter
from compiler.networks.failures import after, parsed
from compiler.networks.oversubscription import narrowings, oversubscription
from compiler.networks.traffic import traffic_of
from compiler.networks.whole.whole_bisection import whole_bisection
from compiler.quantities.intervals import Intervals
from compiler.report.assembled import report
from compiler.report.panels import panels
from compiler.report.tiers import wiring
from compiler.workspace.compilation import compile_text
from tests.compiled import compiled

HEAD = """
chip C { tdp = 1 W }
nic X { tdp = 1 W }
switch Hub { ports = 64; rate = 50 GB/s }
link W { rate = 1 GB/s }
link W8 { rate = 8 GB/s }
"""
GB = 1e9


def made(text: str) -> ClusterDesign:
    return compiled(HEAD + text)


def network(text: str) -> Network:
    """The first network of the root."""
    return made(text).root.networks[0]


def ends(net: Network) -> tuple[float | None, float | None]:
    found = network_bisection(net)
    return found.lower, found.upper


def injected(net: Network) -> float:
    return Intervals().of(totals.injection(net)).middle


# ---- several names ---------------------------------------------------------------------------

ROW = """
node N {{ c = 2 of C {{ rail = index }}; d = 2 of C {{ rail = 1 - index }}; x = 2 of X {{ rail = index }} }}
rack R {{
  n = 3 of N
  l = 2 of Hub {{ rail = index }}
  m = 4 of Hub {{ rail = index // 2 }}
  network out {{ {} }}
}}
"""
LISTED = (
    (
        "connect n.c, n.d to l on rail with 2 of W",
        "connect n.c to l on rail with 2 of W; connect n.d to l on rail with 2 of W",
    ),
    (
        "connect n.c to l, m on rail with 1 of W",
        "connect n.c to l on rail with 1 of W; connect n.c to m on rail with 1 of W",
    ),
    (
        "connect n.c, n.x to l, m with 1 of W { cable = 2 links }",
        "; ".join(f"connect {a} to {b} with 1 of W {{ cable = 2 links }}" for a in ("n.c", "n.x") for b in "lm"),
    ),
    (
        "connect n.c, n.d to n.c, n.d on n with 1 of W",
        "; ".join(f"connect {a} to {b} on n with 1 of W" for a, b in (("n.c", "n.c"), ("n.c", "n.d"), ("n.d", "n.d"))),
    ),
    ("connect l, m to external with 1 of W", "connect l to external with 1 of W; connect m to external with 1 of W"),
)


@pytest.mark.parametrize(("listed", "apart"), LISTED)
def test_several_names_are_as_many_connects(listed: str, apart: str) -> None:
    one, other = (made(ROW.format(f"connect n.c, n.d to l with 1 of W8; {text}")) for text in (listed, apart))

    assert totals.links(one.root.networks[0]) == totals.links(other.root.networks[0]) > 0
    assert json.loads(emit(report(one))) == json.loads(emit(report(other)))
    assert [(p.tiers, p.bundles, p.cut) for p in panels(one)] == [(p.tiers, p.bundles, p.cut) for p in panels(other)]


def test_a_topology_lies_over_names_in_their_order() -> None:
    ring = "node N {{ c = 3 of C; d = 2 of C; network n {{ connect {} by path with 1 of W; connect c to c with 1 of W }} }}"

    first, second = (network(ring.format(names)) for names in ("c, d", "d, c"))

    assert totals.links(first) == totals.links(second) == 7
    assert ends(first) == ends(second) == (1 * GB, 1 * GB)  # the path between d and the triangle of c
    assert network_diameter(first) == 3


def test_two_keys_are_equal_both() -> None:
    text = """
rack R {
  a = 12 of Hub { rail = index // 4; plane = index - (index // 4) * 4 }
  b = 12 of Hub { rail = index - (index // 3) * 3; plane = index // 3 }
  c = 12 of C { rail = index // 4 }
  network n { connect c to a on rail with 1 of W; connect a to b on rail, plane with 3 of W8 }
}
"""
    net = network(text)

    assert totals.links(net) == 3 * 4 * 4 + 36
    assert oversubscription(net) == 1
    assert [(row.tier, row.ratio) for row in narrowings(net)] == [("a", 4 / 24)]
    assert {(row.lower, row.upper, row.links) for row in wiring(net).bundles} == {("c", "a", 48), ("a", "b", 36)}
    assert ends(net) == (8 * GB, 8 * GB)  # 6 of 12 chips: a whole rail, and half of another over its 4 switches


# ---- a topology and more ---------------------------------------------------------------------


def test_a_ring_and_a_star_over_the_same_parts() -> None:
    net = network(
        "node N { c = 8 of C; h = 1 of Hub; network n { connect c by ring with 1 of W; connect c to h with 1 of W8 } }"
    )

    assert (totals.links(net), totals.endpoints(net), totals.switches(net)) == (16, 8, 1)
    assert injected(net) == 8 * (2 + 8) * GB
    assert ends(net) == ((2 + 32) * GB, (2 + 32) * GB)
    assert network_diameter(net) == 2
    cut = network_cut(net, network_bisection(net))
    assert cut is not None and {(row.links, row.count) for row in cut.crossing} == {("c to c, W", 2), ("c to h, W8", 4)}
    assert after(net, parsed("switch")).losses[0].spread()[0] == (2 * GB, 2 * GB)


def test_switches_above_the_leaves_that_a_topology_made() -> None:
    net = network(
        """
rack R {
  c = 8 of C
  t = 2 of Hub
  network n {
    connect n.leaf to t with 2 of W
    connect c by leaf_spine(leaves = 4, spines = 1, switch = Hub) with 1 of W8
  }
}
"""
    )

    assert totals.links(net) == 8 + 4 + 4 * 2 * 2
    assert oversubscription(net) == 16 / (8 + 4)
    assert ends(net) == (24 * GB, 24 * GB)  # two leaves with all their links upwards
    assert totals.switches(net) == 4 + 1 + 2


def test_two_topologies_may_make_switches_of_one_name() -> None:
    design = made(
        """
rack R {
  c = 4 of C
  d = 2 of C
  t = 1 of Hub
  network n {
    connect c by leaf_spine(leaves = 2, spines = 1, switch = Hub) with 1 of W
    connect d by leaf_spine(leaves = 2, spines = 1, switch = Hub) with 1 of W
    connect n.leaf to t with 1 of W
  }
  assert count(n.leaf) == 4
  assert count(n.links) == 6 + 4 + 4
}
"""
    )
    net = design.root.networks[0]

    assert {tier.name: tier.count for tier in wiring(net).tiers} == {"c": 4, "d": 2, "leaf": 4, "spine": 2, "t": 1}
    assert ends(net) == (3 * GB, 3 * GB)
    assert (whole_bisection(design.root).lower, whole_bisection(design.root).upper) == ends(net)


def test_switches_of_two_topologies_are_one_tier_where_they_are_the_same() -> None:
    net = network(
        "node N { c = 4 of C; d = 2 of C; h = 2 of Hub; network n { connect c to h by star(switches = 2) with 1 of W;"
        " connect d to h by star(switches = 2) with 1 of W } }"
    )

    assert [(tier.id, tier.count) for tier in wiring(net).tiers] == [("c", 4), ("h", 2), ("d", 2)]
    assert totals.switches(net) == 2
    assert ends(net) == (6 * GB, 6 * GB)


def test_parts_that_two_topologies_share_are_drawn_once() -> None:
    net = network(
        "node N { c = 4 of C; d = 2 of C; network n { connect c, d by ring with 1 of W; connect c by full_mesh with 1 of W8 } }"
    )

    (tier,) = wiring(net).tiers

    assert (tier.name, tier.count) == ("c and d", 6)
    assert wiring(net).family == "ring and full mesh"
    assert sum(row.links for row in wiring(net).bundles) == 6 + 6


def test_a_topology_over_parts_that_send_and_others() -> None:
    net = network("node N { c = 3 of C; h = 2 of Hub; network n { connect c, h by ring with 1 of W } }")

    assert injected(net) == 6 * GB
    assert (totals.endpoints(net), totals.switches(net)) == (3, 2)
    assert ends(net) == (2 * GB, 2 * GB)


def test_switches_that_a_topology_made_in_many_parts() -> None:
    design = made(
        """
rack R {
  c = 4 of C
  network n { connect c by leaf_spine(leaves = 2, spines = 1, switch = Hub) with 8 of W }
}
supernode P {
  r = 2 of R
  t = 1 of Hub
  network up { connect r.n.leaf to t with 1 of W; connect r.n.spine by ring with 1 of W }
  assert count(r.n.leaf) == 4
  assert count(up.links) == 5
}
"""
    )

    found = whole_bisection(design.root)

    assert (found.lower, found.upper, found.status) == (3 * GB, 3 * GB, "exact")


def test_what_is_composed_is_routed() -> None:
    net = network(
        "node N { c = 4 of C; network n { connect c by ring with 1 of W; connect c by full_mesh with 2 of W } }"
    )

    found = traffic_of(net)

    # two chips against two: 2 links of the ring and 4 pairs by 2
    assert ends(net) == (10 * GB, 10 * GB)
    assert (found.all_to_all.lower, found.all_to_all.upper) == (6 * GB, 10 * GB * 3 / 4)
    assert found.permutation.upper == 5 * GB


def test_switches_of_a_topology_go_by_the_name_of_their_network() -> None:
    text = "node N { c = 6 of C; h = 1 of Hub; network n { connect c by star(switch = Hub) with 1 of W; connect switch to h with 1 of W } }"

    (found,) = compile_text(HEAD + text).diagnostics

    assert (found.code.id, found.help) == ("C0202", ("write `n.switch`",))


# ---- ports -----------------------------------------------------------------------------------


def test_ports_are_those_of_the_fullest_instance() -> None:
    text = """
switch Small {{ ports = 2; rate = 1 GB/s }}
node N {{
  s = 2 of Small {{ rail = index }}
  a = {} of C {{ rail = 0 }}
  b = {} of C {{ rail = 1 }}
  network n {{ connect a, b to s on rail with 1 of W }}
}}
"""

    assert not compile_text(HEAD + text.format(2, 2)).diagnostics
    (found,) = [one for one in compile_text(HEAD + text.format(3, 1)).diagnostics if one.severity == "error"]
    assert (found.code.id, found.message) == ("C0605", "`s` has 2 ports, 3 links end at each")
