"""Oversubscription by definition, counted by hand: of switches, tiers, networks, and between tiers."""

import time

import pytest
from attrs import evolve

from compiler.emitters.diagram.views.marks import bundle_tooltip
from compiler.ir.hardware import ClusterDesign
from compiler.networks.oversubscription import narrowings, oversubscription, tiers_of
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topology_tiers import of_topology
from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Intervals
from compiler.report.assembled import report
from compiler.report.derivation import trail
from compiler.report.panels import panels
from compiler.workspace.compilation import Compilation, compile_text
from compiler.workspace.expressions import value

HEAD = """
chip C { tdp = 1 W }
switch Hub { ports = 10_000; rate = 400 GB/s }
link W { rate = 50 GB/s }
link Fat { rate = 100 GB/s }
link Nothing { rate = 0 GB/s }
"""


def compiled(text: str) -> Compilation:
    compilation = compile_text(HEAD + text)
    assert [found.message for found in compilation.diagnostics if found.severity == "error"] == []
    return compilation


def made(text: str) -> ClusterDesign:
    design = compiled(text).design()
    assert design is not None
    return design


def found(text: str) -> float | None:
    """The oversubscription of the first network of the root."""
    return oversubscription(made(text).root.networks[0])


LEAVES = """
rack R {{ c = 32 of C; leaf = {leaves} of Hub }}
supernode P {{ r = 2 of R; spine = {spines} of Hub
  network f {{
    connect r.c to r.leaf on r with 1 of W
    connect r.leaf to spine with {trunk} of W
  }}
}}
"""


@pytest.mark.parametrize(
    ("leaves", "spines", "trunk", "right"),
    [(1, 2, 8, 2), (1, 2, 16, 1), (1, 2, 32, 1), (4, 8, 4, 1), (4, 2, 4, 4)],
)
def test_a_leaf_narrows_what_its_chips_send(leaves: int, spines: int, trunk: int, right: float) -> None:
    assert found(LEAVES.format(leaves=leaves, spines=spines, trunk=trunk)) == right


def test_names_planes_and_connects_make_no_difference() -> None:
    """The same links as one connect, by the name of each rack, and by planes."""
    one = LEAVES.format(leaves=2, spines=4, trunk=4)
    apart = """
rack R { c = 32 of C; leaf = 2 of Hub }
supernode P { a = 1 of R; b = 1 of R; u = 3 of Hub; v = 1 of Hub
  network f {
    connect a.c to a.leaf with 1 of W
    connect b.c to b.leaf with 1 of W
    connect a.leaf to u with 4 of W
    connect a.leaf to v with 1 of W
    connect a.leaf to v with 3 of W
    connect b.leaf to u with 2 of Fat
    connect b.leaf to v with 4 of W
  }
}
"""
    planes = """
rack R { c = 32 of C; leaf = 2 of Hub { plane = index } }
supernode P { r = 2 of R; spine = 8 of Hub { plane = index // 4 }
  network f {
    connect r.c to r.leaf on r with 1 of W
    connect r.leaf to spine on plane with 4 of W
  }
}
"""
    assert found(one) == found(apart) == found(planes) == 2


def test_the_worst_switch_of_the_worst_tier_counts() -> None:
    """A leaf of eight chips and one of two with two uplinks each; a spine tier that widens again."""
    text = """
rack A { c = 8 of C; leaf = 1 of Hub }
rack B { c = 2 of C; leaf = 1 of Hub }
supernode P { a = 1 of A; b = 1 of B; spine = 2 of Hub; core = 2 of Hub
  network f {
    connect a.c to a.leaf with 1 of W
    connect b.c to b.leaf with 1 of W
    connect a.leaf to spine with 1 of W
    connect b.leaf to spine with 1 of W
    connect spine to core with 3 of W
  }
}
"""
    net = made(text).root.networks[0]

    assert oversubscription(net) == 4
    assert [(tier.tier, tier.ratio) for tier in narrowings(net)] == [
        ("a.leaf", 4),
        ("b.leaf", 1),
        ("spine", pytest.approx(2 / 6)),
    ]


UNLIKE = """
supernode P { c = 12 of C { rail = index // 4 }; leaf = 3 of Hub { rail = index }; spine = 4 of Hub { rail = index // 3 }
  network f {
    connect c to leaf on rail with 1 of W
    connect leaf to spine on rail with 1 of W
  }
}
"""


def test_leaves_of_one_name_with_unlike_uplinks_are_told_apart() -> None:
    """Three uplinks of the first leaf, one of the second, none of the third, which is a top."""
    assert found(UNLIKE) == 4
    assert (
        found(
            UNLIKE.replace("connect leaf to spine on rail with 1 of W", "connect leaf to spine on rail with 2 of Fat")
        )
        == 1
    )


def test_a_short_last_unit_is_not_hidden_by_the_others() -> None:
    """Five nodes under the first leaf, two under the second."""
    text = """
supernode P { c = 7 of C { rail = index // 5 }; leaf = 2 of Hub { rail = index }; spine = 1 of Hub
  network f { connect c to leaf on rail with 1 of W; connect leaf to spine with 2 of W }
}
"""
    assert found(text) == 2.5


@pytest.mark.parametrize(
    ("shape", "endpoints", "right"),
    [
        ("clos(tiers = 2, switch = Hub)", 512, 1),
        ("clos(tiers = 2, oversubscription = 3, switch = Small)", 96, 3),
        ("clos(tiers = 3, switch = Small)", 128, 1),
        ("leaf_spine(leaves = 4, spines = 1, eps_per_leaf = [5, 1, 1, 4], trunk = 2, switch = Hub)", 11, 2.5),
        ("leaf_spine(leaves = 2, spines = 2, eps_per_leaf = 4, bw_up = 4, switch = Hub)", 8, 1),
        ("xgft(m = [4, 4, 2], w = [1, 2, 3], switch = Hub)", 32, 2),
        ("dragonfly(a = 4, p = 2, h = 2, switch = Hub)", 72, 1),
        ("torus(dims = [4, 4])", 16, 1),
        ("star(switches = 2, switch = Hub)", 8, 1),
        ("bcube(n = 3, k = 1, switch = Hub)", 9, 1),
        ("clos3(pods = 2, leaves_per_pod = [1, 3], eps_per_leaf = 4, aggs_per_pod = 1, cores_per_group = 2, trunk_up = 4, "
         "switch = Hub)", 16, 6),
    ],
)  # fmt: skip
@pytest.mark.parametrize("links", [1, 2])
def test_a_topology_by_name(shape: str, endpoints: int, links: int, right: float) -> None:
    text = f"switch Small {{ ports = 16; rate = 50 GB/s }}\nnode N {{ c = {endpoints} of C\n"
    assert found(text + f"  network f {{ connect c by {shape} with {links} of W }} }}") == right


def test_switches_that_are_named_make_no_difference() -> None:
    """A topology over one group of switches: its tiers are told apart, and keep their names."""
    text = """
node N { c = 32 of C; s = 6 of Hub
  network f { connect c to s by leaf_spine(leaves = 4, spines = 2, eps_per_leaf = 8, trunk = 2) with 1 of W }
}
"""
    net = made(text).root.networks[0]

    assert oversubscription(net) == 2
    assert [(tier.tier, tier.ratio) for tier in narrowings(net)] == [("leaf", 2)]


def test_named_switches_that_are_linked_further_are_one_group() -> None:
    text = """
node N { c = 32 of C; s = 6 of Hub; t = 1 of Hub
  network f {
    connect c to s by leaf_spine(leaves = 4, spines = 2, eps_per_leaf = 8, trunk = 1) with 1 of W
    connect s to t with 1 of W
  }
}
"""
    net = made(text).root.networks[0]

    assert [(tier.tier, tier.ratio) for tier in narrowings(net)] == [("s", 8 / 3)]


JOINED = """
node N {{ c = 32 of C; d = {more} of C; core = 2 of Hub
  network f {{
    connect c by leaf_spine(leaves = 4, spines = 4, eps_per_leaf = 8, trunk = 2, switch = Hub) with 1 of W
    connect d to f.leaf with 1 of W
    connect f.spine to core with {up} of W
  }}
}}
"""


@pytest.mark.parametrize(("more", "up", "right"), [(8, 4, 2), (8, 1, 4), (0 + 16, 8, 3)])
def test_a_topology_that_is_linked_further(more: int, up: int, right: float) -> None:
    """Leaves take 8 of the topology and all others from below, and send 8 up; spines take 8 and send 2 x `up`."""
    assert found(JOINED.format(more=more, up=up)) == right


def test_links_within_a_tier_lead_neither_up_nor_down() -> None:
    text = """
supernode P { c = 8 of C; leaf = 2 of Hub; spine = 1 of Hub
  network f { connect c to leaf with 1 of W; connect leaf to leaf with 5 of W; connect leaf to spine with 4 of W }
}
"""
    assert found(text) == 2


def test_links_out_of_the_design_lead_upwards() -> None:
    text = "supernode P { c = 8 of C; leaf = 2 of Hub; network f { connect c to leaf with 1 of W; connect leaf to external with 2 of W } }"

    assert found(text) == 4


def test_links_that_carry_nothing_are_none() -> None:
    assert found(LEAVES.format(leaves=1, spines=2, trunk=8).replace("with 8 of W", "with 8 of Nothing")) == 1


def test_of_links_that_state_no_rate_nothing_is_said_and_nothing_breaks() -> None:
    design = made(LEAVES.format(leaves=1, spines=2, trunk=8))
    (net,) = design.root.networks
    first, second = net.connections
    silent = evolve(net, connections=(first, evolve(second, link=evolve(second.link, fields={}))))
    design = evolve(design, root=evolve(design.root, networks=(silent,)))

    assert oversubscription(silent) is None
    assert report(design).networks["f"].oversubscription is None
    assert panels(design)[0].oversubscription is None
    assert [bundle.ratio for bundle in panels(design)[0].bundles] == [None, None]
    assert tiers_of(silent) == "`W` states no rate"


def test_all_that_tell_it_tell_one_number() -> None:
    text = UNLIKE.replace(
        "supernode P {", "supernode P {\n  assert f.oversubscription == 4\n  assert oversubscription(f) == 4\n "
    )
    compilation = compiled(text)
    design = compilation.design()
    assert design is not None
    told = report(design)
    (panel,) = panels(design)

    assert told.networks["f"].oversubscription == panel.oversubscription == 4
    assert told.networks["f"].traffic.tiers == (("leaf", 4),)
    assert [bundle.ratio for bundle in panel.bundles if bundle.lower == "leaf"] == [4]
    assert "oversubscription here 4 : 1" in bundle_tooltip(panel.bundles[1])
    assert trail(told, "f.oversubscription").display == "4:1"
    assert trail(told, "f.oversubscription").notes == ("leaf: 4:1 at its worst switch",)


THREE = """
rack R { c = 16 of C; leaf = 1 of Hub }
supernode P { r = 4 of R; spine = 2 of Hub; core = 1 of Hub
  network f {
    connect r.c to r.leaf on r with 1 of W
    connect r.leaf to spine with 4 of W
    connect spine to core with 4 of W
  }
}
"""


@pytest.mark.parametrize(
    ("lower", "upper", "right"),
    [
        ("r.c", "r.leaf", 1),
        ("r.leaf", "spine", 2),
        ("spine", "core", 4),
        ("r.leaf", "core", 8),
        ("r.c", "core", 8),
        ("r.c", "spine", 2),
    ],
)
def test_between_two_tiers_it_is_that_of_all_on_the_way(lower: str, upper: str, right: float) -> None:
    asked = value(compiled(THREE), f"oversubscription(f, from_tier = {lower}, to_tier = {upper})", "P")

    assert isinstance(asked, Quantity)
    assert Intervals().of(asked).middle == right


def test_between_tiers_the_worst_way_counts_and_more_above_gives_back() -> None:
    text = """
supernode P { c = 8 of C; a = 1 of Hub; b = 1 of Hub; top = 1 of Hub; over = 1 of Hub
  network f {
    connect c to a with 1 of W
    connect c to b with 1 of W
    connect a to top with 4 of W
    connect b to top with 1 of W
    connect top to over with 10 of W
  }
}
"""
    compilation = compiled(text)

    def between(lower: str, upper: str) -> float:
        asked = value(compilation, f"oversubscription(f, from_tier = {lower}, to_tier = {upper})", "P")
        assert isinstance(asked, Quantity)
        return Intervals().of(asked).middle

    assert (between("a", "top"), between("b", "top"), between("c", "top")) == (2, 8, 8)
    assert between("c", "over") == 4


@pytest.mark.parametrize(("lower", "upper"), [("spine", "r.leaf"), ("spine", "spine"), ("core", "r.c")])
def test_no_way_up_is_said(lower: str, upper: str) -> None:
    text = (
        THREE.rstrip().removesuffix("}")
        + f"  let x = oversubscription(f, from_tier = {lower}, to_tier = {upper})\n  assert x == 1\n}}"
    )
    said = [found.message for found in compile_text(HEAD + text).diagnostics]

    assert said == ["no links of `f` lead from `from_tier` up to `to_tier`"]


@pytest.mark.parametrize(
    ("family", "parameters", "right"),
    [
        ("leaf_spine", {"leaves": 4, "spines": 2, "eps_per_leaf": 4}, [("leaf", 2.0)]),
        ("leaf_spine", {"leaves": 2, "spines": 2, "eps_per_leaf": [4, 1]}, [("leaf", 2.0)]),
        ("clos", {"n": 64, "ports": 16, "planes": 2}, [("plane1.leaf", 1.0), ("plane2.leaf", 1.0)]),
        ("torus", {"dims": [3, 3]}, []),
    ],
)
def test_a_topology_by_itself(family: str, parameters: dict[str, object], right: list[tuple[str, float]]) -> None:
    assert [(tier.tier, tier.ratio) for tier in of_topology(topology(family, **parameters))] == right


def test_half_a_million_chips_are_counted_not_written_out() -> None:
    """64 pods of 128 racks of 64 chips, which meet 64 leaves of their rack, each of them four spines of its rail."""
    text = """
rack R { c = 64 of C { rail = index }; leaf = 64 of Hub { rail = index } }
supernode Pod { r = 128 of R }
supercluster All { p = 64 of Pod; spine = 256 of Hub { rail = index // 4 }
  network f {
    connect p.r.c to p.r.leaf on p, r with 2 of W
    connect p.r.leaf to spine on rail with 1 of W
  }
}
"""
    (rails,) = made(text).root.networks
    start = time.perf_counter()

    assert oversubscription(rails) == 2 * 64 / 4
    assert time.perf_counter() - start < 0.2
