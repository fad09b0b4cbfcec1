"""Links, cables, optics, ends and injection of networks, counted by hand."""

import pytest
from attrs import evolve

from compiler.ir.hardware import ClusterDesign, Network, Part
from compiler.networks import totals
from compiler.networks.cuts import MAY_MEET, network_bisection
from compiler.networks.ends import ONLY_SWITCHES, ends_below, ends_of
from compiler.networks.traffic import traffic_of
from compiler.networks.unrolled import graph_of
from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Intervals
from compiler.report.assembled import report
from compiler.report.findings import DesignReport
from compiler.report.panels import panels
from compiler.report.tiers import wiring
from compiler.workspace.compilation import compile_text
from tests.compiled import compiled

HEAD = """
chip C { tdp = 1 W }
switch Hub { ports = 64; rate = 50 GB/s }
optic Bulb { tdp = 1 W }
link W { rate = 1 GB/s }
link W8 { rate = 8 GB/s }
"""
GB = 1e9


def made(text: str) -> ClusterDesign:
    return compiled(HEAD + text)


def network(text: str) -> Network:
    """The first network of the root."""
    return made(text).root.networks[0]


def told(text: str) -> DesignReport:
    return report(made(text))


def number(quantity: Quantity) -> float:
    return Intervals().of(quantity).middle


# ---- each pair once -------------------------------------------------------------------------


def test_parts_linked_among_themselves_are_a_full_mesh() -> None:
    net = network("node N { c = 5 of C; network n { connect c to c with 2 of W { cable = 2 links; optic = Bulb } } }")

    assert totals.links(net) == 20
    assert totals.cables(net) == 10
    assert totals.optics(net) == 20
    assert number(totals.injection(net)) == 40 * GB
    assert [(end.group.path, end.links) for end in ends_of(net)] == [("c", 8)]
    assert network_bisection(net).upper == 2 * 3 * 2 * GB
    assert graph_of(net).u.size == 10
    (bundle,) = wiring(net).bundles
    assert (bundle.lower, bundle.upper, bundle.links, bundle.fan) == ("c", "c", 20, 4)


def test_a_key_parts_a_mesh_into_meshes() -> None:
    net = network("node N { c = 6 of C { rail = index // 4 }; network n { connect c to c on rail with 1 of W } }")

    assert totals.links(net) == 6 + 1
    assert number(totals.injection(net)) == 14 * GB
    assert graph_of(net).u.size == 7


def test_sides_that_share_a_group_meet_it_once() -> None:
    """Chips of two names to all chips: the pairs of all of them, none twice, none with itself."""
    net = widened(network("node N { a = 2 of C; b = 3 of C; network n { connect a to b with 1 of W } }"))

    assert totals.links(net) == 10
    assert number(totals.injection(net)) == 20 * GB
    assert graph_of(net).u.size == 10
    found: dict[str, float] = {}
    for end in ends_of(net):
        found[end.group.path] = found.get(end.group.path, 0) + end.links
    assert found == {"a": 4, "b": 4}


def widened(net: Network) -> Network:
    """The network with both sides of its connection on both sides."""
    (connection,) = net.connections
    both = (*connection.left, *connection.right)
    return evolve(net, connections=(evolve(connection, left=both, right=both),))


def test_one_part_by_itself_is_a_mesh_without_links() -> None:
    net = network("node N { c = 1 of C; network n { connect c to c with 1 of W } }")

    assert totals.links(net) == 0
    assert number(totals.injection(net)) == 0


def test_a_mesh_by_a_key_that_nothing_shares_is_refused() -> None:
    compilation = compile_text(
        HEAD + "node N { c = 3 of C { rail = index }; network n { connect c to c on rail with 1 of W } }"
    )

    assert [str(found.message) for found in compilation.diagnostics] == [
        "this `connect` makes no link: no two of `c` have an equal `rail`"
    ]


# ---- keys at every depth --------------------------------------------------------------------


@pytest.mark.parametrize("rail", ["parent.index", "parent.parent.index", "parent.parent.parent.index"])
def test_a_place_beyond_the_owner_is_the_first(rail: str) -> None:
    """In box 0 all four chips meet hub 0, not the one whose number a list counts from its end."""
    text = (
        f"node N {{ c = 4 of C {{ rail = {rail} }}; s = 2 of Hub {{ rail = index }}\n"
        "  network o { connect c to s on rail with 1 of W8 } }\nrack R { n = 2 of N }\nsupernode P { r = 2 of R }"
    )
    compilation = compile_text(HEAD + text)
    design = compilation.design("R")
    assert design is not None
    net = design.root.slots[0].part.networks[0]

    assert totals.links(net) == 4
    assert set(graph_of(net).v.tolist()) == {4}
    assert network_bisection(net).lower == 16 * GB


def test_racks_of_two_names_share_no_rack() -> None:
    """A rack of one name is not that of the other of the same number."""
    net = widened(
        network(
            "rack A { c = 2 of C }\nrack B { c = 3 of C }\n"
            "supernode P { a = 2 of A; b = 2 of B; network n { connect a.c to b.c with 1 of W } }"
        )
    )
    (connection,) = net.connections
    net = evolve(net, connections=(evolve(connection, keys=("rack",)),))

    assert totals.links(net) == 2 * 1 + 2 * 3
    assert graph_of(net).u.size == 8


# ---- several links of a topology ------------------------------------------------------------


def test_a_star_of_two_links_each_has_them_once() -> None:
    found = told("node N { c = 4 of C; network x { connect c by star(switch = Hub) with 2 of W } }").networks["x"]

    assert found.links == 8
    assert found.injection.value == 8 * GB
    assert found.bisection.lower == 4 * GB
    assert found.traffic.permutation.lower == 2 * GB


def test_a_star_is_refused_for_more_links_than_ports() -> None:
    compilation = compile_text(
        HEAD + "node N { c = 33 of C; network x { connect c by star(switch = Hub) with 2 of W } }"
    )

    assert "66 links need as many ports" in compilation.diagnostics[0].message


@pytest.mark.parametrize(
    ("family", "endpoints"),
    [
        ("ring()", 6),
        ("full_mesh()", 5),
        ("torus(dims = [3, 2])", 6),
        ("leaf_spine(leaves = 2, spines = 2, eps_per_leaf = 3, switch = Hub)", 6),
        ("star(switches = 2, switch = Hub)", 4),
        ("star(switches = 2, trunk = 3, switch = Hub)", 4),
        ("xgft(m = [2, 3], w = [1, 2], switch = Hub)", 6),
        ("dragonfly(a = 2, p = 1, h = 1, switch = Hub)", 6),
        ("polarfly(q = 2)", 7),
    ],
)
def test_twice_the_links_are_twice_of_everything(family: str, endpoints: int) -> None:
    def found(links: int) -> list[float | None]:
        text = f"node N {{ c = {endpoints} of C; network x {{ connect c by {family} with {links} of W }} }}"
        net = told(text).networks["x"]
        return [net.links, net.cables, net.injection.value, net.bisection.lower, net.traffic.permutation.lower]

    assert found(2) == pytest.approx([2 * value for value in found(1) if value is not None])


def test_planes_of_a_clos_are_not_taken_twice() -> None:
    found = told("node N { c = 512 of C; network f { connect c by clos(switch = Hub) with 2 of W } }").networks["f"]

    assert found.links == 2 * (512 + 512)
    assert found.injection.value == 1024 * GB
    assert found.oversubscription == 1
    assert found.bisection.lower == 512 * GB


# ---- injection ------------------------------------------------------------------------------


def test_an_axis_of_half_the_rate_injects_half() -> None:
    net = network(
        "node N { c = 64 of C; network n { connect c by torus(dims = [4, 4, 4], bw = [1, 1, 0.5]) with 1 of W } }"
    )

    assert number(totals.injection(net)) == 64 * 5 * GB
    assert number(totals.per_endpoint(net)) == 5 * GB


def test_links_between_endpoints_and_to_switches_of_one_topology_both_inject() -> None:
    net = network(
        "node N { c = 2 of C; network n { connect c by explicit(weights = [1, 1, 0], "
        "edges = [[0, 1, 3], [0, 2, 1], [1, 2, 1]], switch = Hub) with 1 of W } }"
    )

    assert number(totals.injection(net)) == (2 * 3 + 2) * GB


def test_switches_alone_inject_nothing_and_say_so() -> None:
    text = (
        "rack R { c = 2 of C; tor = 1 of Hub; network down { connect c to tor with 1 of W } }\n"
        "supernode P { r = 2 of R; spines = 2 of Hub; network up { connect r.tor to spines with 1 of W } }"
    )
    found = told(text).networks["up"]

    assert (found.injection.value, found.injection.because) == (None, ONLY_SWITCHES)
    assert (found.bisection.status, found.bisection.reason) == ("absent", ONLY_SWITCHES)
    assert found.oversubscription is None
    assert found.diameter is None
    assert totals.injection(network(text)).op == "missing"
    assert [panel.injection for panel in panels(made(text))] == ["", "2 GB/s"]


def test_a_topology_over_switches_has_no_endpoints() -> None:
    found = told(
        "rack R { tor = 1 of Hub }\nsupernode P { r = 4 of R; network up { connect r.tor by ring() with 1 of W } }"
    ).networks["up"]

    assert found.endpoints == 0
    assert found.injection.value is None
    assert found.bisection.reason == ONLY_SWITCHES


def test_switches_beside_a_star_are_reported() -> None:
    """Links among switches that no endpoint reaches are a network like any other."""
    found = told(
        "node N { c = 2 of C; s = 1 of Hub; t = 2 of Hub; u = 1 of Hub\n"
        "  network i { connect c to s with 1 of W; connect t to u with 1 of W } }"
    ).networks["i"]

    assert (found.links, found.switches, found.oversubscription) == (4, 4, 1)


def test_islands_that_may_meet_outside_are_not_cut_for_good() -> None:
    net = network(
        "node B { c = 1 of C; h = 1 of Hub }\nrack R { b = 2 of B; network n { connect b.c to b.h on b with 1 of W; "
        "connect b.c to external with 1 of W } }"
    )
    found = network_bisection(net)

    assert (found.status, found.lower, found.upper, found.reason) == ("absent", 0, None, MAY_MEET)
    assert traffic_of(net).all_to_all.reason == MAY_MEET


# ---- over a whole design --------------------------------------------------------------------

TWO_NAMES = """
node Box { c = 4 of C; s = 1 of Hub; network n { role = "scale-up"; connect c to s with 2 of W } }
rack R { a = 1 of Box; b = 2 of Box; t = 1 of Hub; 
  network m { role = "scale-out"; connect a.c to t with 1 of W; connect b.c to t with 1 of W }
  assert count(links) == 12 + 3 * 8
  assert count(links) == figures.links
}
"""


def test_a_part_under_two_names_has_its_networks_under_both() -> None:
    design = made(TWO_NAMES)
    found = report(design)

    assert {path: (net.count, net.links) for path, net in found.networks.items()} == {
        "m": (1, 12),
        "a.n": (1, 8),
        "b.n": (2, 8),
    }
    assert found.figures["links"].value == 12 + 3 * 8
    (hub,) = (item for item in found.materials if item.part == "Hub")
    assert hub.ports_used == 2  # 12 links of 1 GB/s, eight to a port of 50 GB/s
    assert most_ends(design.root) == {"a.c": 3, "b.c": 3, "a.s": 8, "b.s": 8, "t": 12}


def most_ends(root: Part) -> dict[str, float]:
    found: dict[str, float] = {}
    for path, end in ends_below(root):
        name = ".".join(slot.name for slot in path)
        found[name] = found.get(name, 0) + end.links
    return found


@pytest.mark.parametrize(("lanes", "codes"), [(8, []), (7, ["C0605", "C0605"])])
def test_the_ports_of_a_part_under_two_names_are_asked_for_once(lanes: int, codes: list[str]) -> None:
    """Seven lanes inside the host and one out of it are eight, also where hosts stand under two names."""
    chip = f'chip P {{ port p {{ lanes = {lanes}; rate = 1 GB/s; role = "scale-up" }} }}\n'
    text = (
        'node H { c = 2 of P; s = 1 of Hub; network n { role = "scale-up"; connect c to s with 7 of W } }\n'
        "supernode P2 { a = 2 of H; b = 1 of H; t = 1 of Hub\n"
        '  network m { role = "scale-up"; connect a.c to t with 1 of W; connect b.c to t with 1 of W } }'
    )
    compilation = compile_text(HEAD + chip + text)

    assert [found.code.id for found in compilation.diagnostics] == codes


def test_switches_of_a_topology_that_are_linked_further_count_once() -> None:
    net = network(
        "node N { c = 8 of C; l = 1 of Hub; network n { connect c by leaf_spine(leaves = 2, spines = 2, eps_per_leaf = 4, "
        "switch = Hub) with 1 of W; connect n.spine to l with 1 of W } }"
    )

    assert totals.switches(net) == 5
    assert totals.links(net) == 8 + 4 + 2


def test_a_way_out_is_left_out_only_where_the_same_ends_are_taken_up() -> None:
    """The uplink of a switch is not what the chips' network above takes up."""
    text = (
        'rack R {{ c = 2 of C; s = 1 of Hub; network m {{ role = "scale-out"; connect {end} to external with 1 of W }} }}\n'
        'supernode P {{ r = 2 of R; network m {{ role = "scale-out"; connect r.c by ring() with 1 of W }} }}'
    )

    assert set(told(text.format(end="s")).networks) == {"m", "r.m"}
    assert set(told(text.format(end="c")).networks) == {"m"}


def test_one_of_many_has_the_parts_of_one() -> None:
    compilation = compile_text(
        HEAD + "node B { t = 8 of C }\nrack R { b = 2 of B }\nsupernode X { p = 4 of R\n"
        "  assert count(p[0].b.t) == 16\n  assert count(p[0]) == 1\n  assert count(p[0].b[0].t) == 8\n"
        "  assert sum(p[1].b.t.tdp) == 16 W\n  let one = p[0]\n  s = 1 of Hub\n"
        "  network n { connect one.b.t to s with 1 of W }\n}"
    )

    assert [found.message for found in compilation.diagnostics] == [
        "`one.b.t` is in one of many parts, a `connect` links all of a path"
    ]
