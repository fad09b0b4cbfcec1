"""The judge itself: tiny designs counted by hand, its ways to cut against each other, and the compiler on some seeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from random import Random

import numpy as np
import pytest

from tests.judge import cut
from tests.judge.asked import Answer, Said, answer
from tests.judge.cut import QUICK, Ends, Patience, least, most_even
from tests.judge.designs import drawn
from tests.judge.flow import all_to_all, worst_pairing
from tests.judge.graph import Graph, graph, simplified, twins
from tests.judge.halves import found_cut
from tests.judge.instances import Expansion
from tests.judge.model import EXTERNAL, Connect, Decl, Design, Key, Link, Network, Shape, Slot, Unbuildable
from tests.judge.ports import port_need
from tests.judge.shapes import wiring
from tests.judge.shrink import shrunk
from tests.judge.text import written
from tests.judge.traffic import whole_traffic
from tests.judge.trial import tried
from tests.judge.truth import Judged, NetworkTruth, Reading, Truth
from tests.judge.variants import variants
from tests.judge.verdicts import compared

LEAVES = (Decl("chip", "C"), Decl("cpu", "P"), Decl("nic", "X"), Decl("switch", "S", ports=64, port_rate=100))


def made(*decls: Decl, **rates: float | tuple[float, float]) -> Design:
    """A design of some declarations, the last the whole, with links of the named rates in GB/s."""
    ends = {name: rate if isinstance(rate, tuple) else (rate, rate) for name, rate in rates.items()}
    return Design((*LEAVES, *decls), tuple(Link(name, *both) for name, both in ends.items()))


def net(name: str, *connects: Connect, role: str = "") -> Network:
    return Network(name, connects, role)


def link(left: str, right: str, name: str, links: int = 1, on: str = "") -> Connect:
    """`connect left to right on … with links of name`; no right is `external`."""
    sides = (tuple(side.split(".")) for side in (left, right))
    return Connect(*sides, name, links, tuple(on.split()))


def by(left: str, name: str, family: str, switch: str = "", links: int = 1, **parameters: object) -> Connect:
    return Connect((left,), (), name, links, (), Shape(family, tuple(parameters.items()), switch))


def whole(design: Design, reading: Reading | None = None) -> Truth:
    return Judged(Expansion(design), reading or Reading()).whole


def network_of(judged: Judged, path: str) -> NetworkTruth:
    """What is true of the one network of a path."""
    (wired,) = judged.networks[path]
    return judged.network(wired)


def value(truth: Truth) -> float:
    """The one value of a figure that is certain."""
    assert truth.low and truth.high and truth.low.met and truth.low == truth.high and not truth.open_ends, truth
    return truth.low.low


RAIL = (("rail", Key()),)


# ---- the whole, counted by hand -----------------------------------------------------------------------------


def test_a_leaf_in_each_rack_and_a_switch_above() -> None:
    rack = Decl("rack", "R", (Slot("g", 4, "C"), Slot("tor", 1, "S")), (net("down", link("g", "tor", "E")),))
    top = Decl(
        "supercluster", "All", (Slot("r", 2, "R"), Slot("top", 1, "S")), (net("up", link("r.tor", "top", "E", 2)),)
    )

    assert value(whole(made(rack, top, E=1))) == 2


def test_a_ring_through_two_quads() -> None:
    quads = [
        [0, 1, 1, 2],
        [0, 2],
        [0, 3],
        [1, 2, 1, 2],
        [1, 3],
        [2, 3, 1, 2],
        [4, 5, 1, 2],
        [4, 6],
        [4, 7],
        [5, 6, 1, 2],
    ]
    edges = [*quads, [5, 7], [6, 7, 1, 2], [0, 4, 1, 2], [1, 5], [2, 6], [3, 7, 1, 2]]
    box = Decl(
        "node", "Box", (Slot("c", 8, "C"),), (net("nv", by("c", "L", "explicit", weights=[1] * 8, edges=edges)),)
    )

    assert value(whole(made(box, L=25))) == 150


def test_boxes_stay_whole_on_rails() -> None:
    inner = net("nv", by("c", "NV", "full_mesh", n=2))
    node = Decl("node", "N", (Slot("c", 2, "C", (), RAIL),), (inner,))
    out = net("out", link("n.c", "l", "NIC", on="rail"), link("l", "s", "Up"))
    rack = Decl("rack", "R", (Slot("n", 2, "N"), Slot("l", 2, "S", (), RAIL), Slot("s", 1, "S")), (out,))

    assert value(whole(made(node, rack, NV=8, NIC=3, Up=1))) == 6


def test_several_names_are_as_many_connects() -> None:
    slots = (Slot("a", 2, "C", (), RAIL), Slot("b", 2, "C", (), RAIL), Slot("s", 2, "S", (), RAIL))
    several = replace(link("a", "s", "W", on="rail"), more_left=(("b",),))
    mesh = replace(link("a", "a", "W"), more_left=(("b",),), more_right=(("b",),))
    ring = replace(by("a", "W", "ring"), more_left=(("b",),))

    found = Expansion(made(Decl("node", "N", slots, (net("n", several), net("m", mesh), net("r", ring))), W=1)).networks

    pairs = [[tuple(sorted((one.left, one.right))) for one in wired.links] for wired in found]
    assert sorted(pairs[0]) == [(1, 5), (2, 6), (3, 5), (4, 6)]
    assert sorted(pairs[1]) == sorted(combinations(range(1, 5), 2))
    assert sorted(pairs[2]) == [(1, 2), (1, 4), (2, 3), (3, 4)]


def test_names_of_a_list_have_a_link_each() -> None:
    slots = (
        Slot("a", 2, "C", (), RAIL),
        Slot("b", 1, "C", (), (("rail", Key("none", offset=7)),)),
        Slot("s", 2, "S", (), RAIL),
    )
    listed = replace(link("a", "s", "W", on="rail"), more_left=(("b",),))

    with pytest.raises(Unbuildable):
        Expansion(made(Decl("node", "N", slots, (net("n", listed),)), W=1))


def test_switches_made_in_parts_are_reached_from_outside() -> None:
    rack = Decl("rack", "R", (Slot("c", 4, "C"),), (net("n", by("c", "W", "leaf_spine", "S", leaves=2, spines=1)),))
    up = net("up", link("r.n.leaf", "t", "W"))
    design = made(rack, Decl("supernode", "P", (Slot("r", 2, "R"), Slot("t", 1, "S")), (up,)), W=1)

    assert value(whole(design)) == 2
    assert "connect r.n.leaf to t with 1 of W" in written(design)


def test_a_hub_of_two_networks_stands_on_one_side() -> None:
    node = Decl("node", "N", (Slot("c", 2, "C"), Slot("s", 1, "S")), (net("i", link("c", "s", "W8")),))
    up = net("up", link("n.c", "n.s", "W1", on="n"), link("n.s", "t", "W8"))
    rack = Decl("rack", "R", (Slot("n", 3, "N"), Slot("t", 1, "S")), (up,))

    assert value(whole(made(node, rack, W1=1, W8=8))) == 17


def test_a_key_of_the_parent_is_read_along_the_way() -> None:
    inside = net("o", link("c", "s", "W", on="rail"))
    chips = Slot("c", 4, "C", (), (("rail", Key("none", parent_factor=1)),))
    node = Decl("node", "N", (chips, Slot("s", 2, "S", (), RAIL)), (inside,))
    design = made(node, Decl("rack", "R", (Slot("n", 2, "N"),)), W=8)

    judged = Judged(Expansion(design))
    one, other = map(judged.network, judged.networks["n.o"])

    assert value(one.bisection) == value(other.bisection) == 16
    assert (one.links, one.endpoints, one.switches) == (other.links, other.endpoints, other.switches) == (4, 4, 2)


def test_unlinked_chips_count() -> None:
    slots = (Slot("c", 4, "C"), Slot("d", 4, "C"), Slot("s", 1, "S"))

    assert value(whole(made(Decl("node", "Half", slots, (net("o", link("c", "s", "W")),)), W=8))) == 0


def test_a_network_of_cpus_carries_no_chips() -> None:
    node = Decl("node", "N", (Slot("c", 4, "C"), Slot("h", 1, "P")))
    rack = Decl("rack", "R", (Slot("n", 4, "N"), Slot("s", 1, "S")), (net("front", link("n.h", "s", "W")),))

    assert whole(made(node, rack, W=8)).absent


def test_an_uncertain_rate_gives_two_ends() -> None:
    node = Decl("node", "N", (Slot("c", 4, "C"), Slot("s", 1, "S")), (net("o", link("c", "s", "W")),))
    rack = Decl("rack", "R", (Slot("n", 4, "N"), Slot("t", 1, "S")), (net("up", link("n.c", "t", "V")),))

    found = whole(made(node, rack, W=8, V=(1, 2)))

    assert (found.low, found.high) == (Ends(8, 8), Ends(16, 16))


def test_one_of_five_pairs_is_divided() -> None:
    pairs = [Decl("node", name, (Slot("c", 2, "C"),), (net("i", by("c", "W", "full_mesh", n=2)),)) for name in "AB"]

    assert value(whole(made(*pairs, Decl("rack", "R", (Slot("a", 3, "A"), Slot("b", 2, "B"))), W=8))) == 8


def test_like_hosts_under_two_names() -> None:
    host = Decl(
        "node", "Host", (Slot("g", 8, "C"), Slot("sw", 1, "S")), (net("nv", link("g", "sw", "N"), role="scale-up"),)
    )
    out = net("net", link("a.g", "top", "E"), link("b.g", "top", "E"), role="scale-out")
    design = made(
        host, Decl("rack", "R", (Slot("a", 1, "Host"), Slot("b", 1, "Host"), Slot("top", 1, "S")), (out,)), N=50, E=10
    )
    judged = Judged(Expansion(design))

    assert value(judged.whole) == value(judged.without_scale_up) == 80
    assert {path: len(wireds) for path, wireds in judged.networks.items()} == {"net": 1, "a.nv": 1, "b.nv": 1}


# ---- hosts, and the world outside ---------------------------------------------------------------------------


def hosts(number: int, *inside: Network, chips: int = 8, cards: int = 4) -> Design:
    """Hosts of chips and cards, the cards on one switch at 50 GB/s."""
    host = Decl("node", "H", (Slot("c", chips, "C"), Slot("x", cards, "X"), Slot("s", 1, "S")), inside)
    out = net("ib", link("h.x", "t", "E"), role="scale-out")
    return made(host, Decl("rack", "R", (Slot("h", number, "H"), Slot("t", 1, "S")), (out,)), E=50, L=10)


def test_cards_that_nothing_joins_to_chips_serve_their_host() -> None:
    assert value(whole(hosts(4))) == 2 * 4 * 50
    assert value(whole(hosts(4, net("nv", link("c", "s", "L"), role="scale-up")))) == 2 * 4 * 50


def test_three_hosts_are_divided_as_evenly_as_they_can_be() -> None:
    assert most_even((8, 8, 8)) == 8
    assert value(whole(hosts(3))) == 4 * 50


def test_one_host_alone_has_no_figure() -> None:
    assert whole(hosts(1)).absent


def test_a_described_host_is_no_longer_whole() -> None:
    described = net("pcie", link("c", "x", "L"), role="host")

    assert value(whole(hosts(2, described, chips=2, cards=1))) == 20  # a host divided costs 10 in each


def test_a_card_behind_a_switch_of_its_host_is_described() -> None:
    through = net("pcie", link("c", "s", "L"), link("x", "s", "L"))

    assert value(whole(hosts(2, through, chips=2, cards=1))) == 10


def test_only_a_host_with_a_linked_card_is_whole() -> None:
    node = Decl("node", "N", (Slot("c", 2, "C"), Slot("x", 1, "X", (), (("rail", Key("none", parent_factor=1)),))))
    up = net("up", link("a.x", "l", "L"), link("b.x", "l", "L", on="rail"))
    rack = Decl("rack", "R", (Slot("a", 2, "N"), Slot("b", 3, "N"), Slot("l", 1, "S", (), RAIL)), (up,))

    assert value(whole(made(node, rack, L=1))) == 1  # three hosts of two, and four chips that nothing ties


def test_links_out_are_taken_up_by_a_network_of_the_same_role_around() -> None:
    box = Decl("node", "N", (Slot("c", 2, "C"),), (net("e", link("c", "external", "E"), role="scale-out"),))
    for role, links in (("scale-out", 4), ("scale-up", 8)):
        up = net("up", link("n.c", "s", "W"), role=role)
        rack = Decl("rack", "R", (Slot("n", 2, "N"), Slot("s", 1, "S")), (up,))
        assert Judged(Expansion(made(box, rack, E=1, W=1))).counts["links"] == links


def test_links_that_leave_may_meet_outside() -> None:
    box = Decl(
        "node", "N", (Slot("c", 2, "C"),), (net("i", by("c", "W", "ring")), net("e", link("c", "external", "E")))
    )
    found = whole(made(box, Decl("rack", "R", (Slot("n", 2, "N"),)), W=8, E=3))

    assert (found.low, found.high, found.open_ends) == (Ends(0, 0), Ends(6, 6), True)


def test_links_that_leave_add_nothing_to_what_is_joined() -> None:
    box = Decl(
        "node", "N", (Slot("c", 2, "C"),), (net("i", by("c", "W", "ring")), net("e", link("c", "external", "E")))
    )

    assert value(whole(made(box, W=8, E=3))) == 8


def test_management_and_storage_carry_nothing() -> None:
    slots = (Slot("c", 2, "C"), Slot("s", 1, "S"))
    for role in ("management", "storage"):
        assert whole(made(Decl("node", "N", slots, (net("m", link("c", "s", "W"), role=role),)), W=1)).absent


def test_a_linked_part_is_a_host() -> None:
    out = net("m", link("n", "t", "W"))
    design = made(
        Decl("node", "N", (Slot("c", 2, "C"),)), Decl("rack", "R", (Slot("n", 4, "N"), Slot("t", 1, "S")), (out,)), W=1
    )

    assert value(whole(design)) == 2


# ---- counts, narrowing, throughput --------------------------------------------------------------------------


def test_a_path_to_itself_links_every_two_once() -> None:
    design = made(Decl("node", "N", (Slot("c", 4, "C"),), (net("m", link("c", "c", "W", 2)),)), W=1)

    network = network_of(Judged(Expansion(design)), "m")

    assert (network.links, network.injection) == (12, (24, 24))


def test_two_links_of_a_star_count_twice() -> None:
    star = by("c", "W", "star", switch="S", links=2)
    network = network_of(Judged(Expansion(made(Decl("node", "N", (Slot("c", 4, "C"),), (net("x", star),)), W=1))), "x")

    assert (network.links, network.injection, value(network.bisection)) == (8, (8, 8), 4)


def test_the_worst_switch_narrows_a_network() -> None:
    racks = [Decl("rack", name, (Slot("g", chips, "C"), Slot("leaf", 1, "S"))) for name, chips in (("A", 4), ("B", 2))]
    for up, right in ((2, 1), (1, 2)):
        out = net(
            "net",
            link("a.g", "a.leaf", "E"),
            link("b.g", "b.leaf", "E"),
            link("a.leaf", "top", "E", 4),
            link("b.leaf", "top", "E", up),
        )
        root = Decl("supercluster", "All", (Slot("a", 1, "A"), Slot("b", 1, "B"), Slot("top", 1, "S")), (out,))
        network = network_of(Judged(Expansion(made(*racks, root, E=10))), "net")
        assert network.oversubscription == right


def test_a_box_in_the_way_of_all_to_all() -> None:
    node = Decl("node", "N", (Slot("c", 2, "C"),), (net("nv", by("c", "NV", "full_mesh")),))
    rack = Decl("rack", "R", (Slot("n", 2, "N"), Slot("t", 1, "S")), (net("up", link("n.c", "t", "E")),))

    even, pairing = whole_traffic(Judged(Expansion(made(node, rack, NV=100, E=50))))

    assert even and pairing
    assert value(even) == pytest.approx(50 * 3 / 2)  # two of three partners stand in the other box
    assert value(pairing) == pytest.approx(50)


def test_a_ring_of_four_sends_two_thirds_more_than_its_worst_pairing() -> None:
    ring = graph(dict.fromkeys(range(4), 1), [(at, (at + 1) % 4, 1.0) for at in range(4)])

    assert all_to_all(ring) == pytest.approx(3 / 2)  # 3 of 12 pairs are two apart: 16 hops on 8 arcs for 12 / 3 sent
    assert worst_pairing(ring)[0] == pytest.approx(1)  # all to their opposite: 8 hops on 8 arcs


# ---- topologies whose least cut is published ----------------------------------------------------------------

PUBLISHED = [
    ("ring", 8, 2, {}),
    ("ring", 2, 1, {}),
    ("path", 7, 1, {}),
    ("full_mesh", 7, 12, {}),
    ("torus", 16, 8, {"dims": [4, 4]}),
    ("torus", 9, 8, {"dims": [3, 3]}),
    ("torus", 8, 4, {"dims": [4, 2]}),
    ("mesh", 16, 4, {"dims": [4, 4]}),
    ("torus", 16, 8, {"dims": [4, 4], "block": [2, 2]}),
    ("torus", 16, 4, {"dims": [4, 4], "block": [2, 2], "bw_between": 0.5}),
    ("mesh", 12, 0, {"dims": [4, 3], "block": [2, 3], "links": "inside"}),
    ("rail_clos", 10, 5, {"nodes": 5, "gpus": 2, "su": 2}),
    ("hypercube", 16, 8, {"d": 4}),
    ("hamming", 9, 8, {"dims": [3, 3]}),
    ("hamming", 16, 16, {"dims": [4, 4], "bw": [1, 3]}),
    ("hamming", 15, 16, {"dims": [5, 3]}),
    ("twisted_torus", 8, 8, {"a": 2}),
    ("star", 9, 4, {}),
    ("leaf_spine", 12, 4, {"leaves": 3, "spines": 2, "eps_per_leaf": 4}),
    ("leaf_spine", 16, 8, {"leaves": 4, "spines": 6, "eps_per_leaf": 4}),
    ("fat_tree", 16, 8, {"k": 4}),
    ("fat_tree", 12, 6, {"k": 4, "pods": 3}),
    ("xgft", 12, 4, {"m": [4, 3], "w": [1, 2]}),
    ("xgft", 12, 6, {"m": [2, 2, 3], "w": [1, 2, 2]}),
    ("xgft", 16, 4, {"m": [2, 2, 4], "w": [1, 2, 1]}),
    ("rail", 16, 0, {"nodes": 4, "gpus": 4}),
    ("rail", 16, 8, {"nodes": 4, "gpus": 4, "spines": 2, "trunk": 2}),
    ("bcube", 16, 8, {"n": 4, "k": 1}),
    ("bcube", 9, 4, {"n": 3, "k": 1}),
    ("dragonfly", 6, 2, {"a": 2, "p": 1, "h": 1}),
    ("dragonfly", 16, 8, {"a": 4, "p": 2, "h": 4, "g": 2}),
    ("hyperx", 24, 12, {"dims": [3, 4], "T": 2}),
    ("hyperx", 27, 9, {"dims": [3, 3], "T": 3}),
    ("slimfly", 18, 15, {"q": 3}),
    ("polarfly", 7, 3, {"q": 2}),
    ("polarfly", 13, 8, {"q": 3}),
    ("switched_torus", 32, 8, {"dims": [4, 4], "T": 2}),
    ("switch_graph", 16, 3, {"switches": 2, "T": 8, "edges": [[0, 1, 3]]}),
]


@pytest.mark.parametrize(("family", "endpoints", "right", "parameters"), PUBLISHED)
def test_a_published_topology_is_cut_as_published(family: str, endpoints: int, right: float, parameters: dict) -> None:
    found = wiring(Shape(family, tuple(parameters.items())), endpoints, 12)
    drawing = graph(dict.fromkeys(range(endpoints), 1), [(u, v, rate * count) for u, v, rate, count in found.cables])

    assert least(drawing, endpoints // 2) == Ends(right, right)


def test_planes_that_disagree_cost_more_than_their_sum() -> None:
    rows, columns = [at // 4 for at in range(16)], [at % 4 for at in range(16)]

    def halves(*maps: list[int]) -> float:
        cables = wiring(Shape("multiplane", (("planes", [{"leaf_of": each} for each in maps]),)), 16).cables
        ends = least(graph(dict.fromkeys(range(16), 1), [(u, v, rate) for u, v, rate, _ in cables]), 8)
        assert ends.met
        return ends.low

    assert halves(rows) == 2
    assert halves(rows, rows) == 4
    assert halves(rows, columns) > 4


def test_a_slim_fly_has_diameter_two() -> None:
    for q, degree in ((3, 5), (4, 6), (5, 7)):
        cables = wiring(Shape("slimfly", (("q", q),)), 2 * q * q).cables
        near = np.eye(2 * q * q, dtype=int)
        for u, v, _, _ in cables:
            near[u, v] = near[v, u] = 1
        assert set(near.sum(axis=0)) == {degree + 1}
        assert (near @ near > 0).all()


def test_what_does_not_fit_cannot_be_built() -> None:
    for shape in (Shape("torus", (("dims", [3, 3]),)), Shape("leaf_spine", (("leaves", 3), ("spines", 1)))):
        with pytest.raises(Unbuildable):
            wiring(shape, 8)


# ---- ways to cut, against each other ------------------------------------------------------------------------


def random_graph(rng: Random, heaviest: int = 1) -> Graph:
    size = rng.randint(4, 9)
    weights = [rng.choice([0, 1, heaviest]) for _ in range(size)]
    weights[:2] = [1, 1]
    pairs = rng.sample(list(combinations(range(size), 2)), rng.randint(3, min(14, size * (size - 1) // 2)))
    return Graph(tuple(weights), tuple((u, v, rng.choice([1.0, 2.0, 2.5])) for u, v in pairs))


def plainly(whole_graph: Graph, wanted: int) -> float:
    """The least cut over all sides of all vertices."""
    size = len(whole_graph.weights)
    best = float("inf")
    for code in range(2**size):
        side = [code >> at & 1 for at in range(size)]
        if sum(weight for weight, on_a in zip(whole_graph.weights, side, strict=True) if on_a) == wanted:
            best = min(best, sum(rate for u, v, rate in whole_graph.edges if side[u] != side[v]))
    return best


WAYS = {
    "together": Patience(),
    "flows": Patience(cells=0),
    "program": Patience(cells=0, divisions=0, flows=0, seconds=20),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_finds_the_least_cut(way: str) -> None:
    for seed in range(40):
        rng = Random(seed)
        drawing = random_graph(rng, heaviest=rng.choice([1, 1, 2]))
        wanted = most_even(drawing.weights)
        right = plainly(drawing, wanted)
        found = least(drawing, wanted, WAYS[way])
        assert found.low <= right + 1e-9 and right <= found.high + 1e-9, (seed, found, right)
        assert found.met or way == "program"


def test_places_of_switches_find_the_least_cut() -> None:
    for seed in range(40):
        rng = Random(seed)
        ends, free = rng.randint(2, 6), rng.randint(1, 4)
        pairs = [(end, ends + rng.randrange(free), rng.choice([1.0, 2.0])) for end in range(ends) for _ in range(2)]
        pairs += [(ends + u, ends + v, 1.5) for u, v in combinations(range(free), 2)]
        small = simplified(graph(dict.fromkeys(range(ends), 1), pairs))
        if cut._alone_on_free(small):
            assert cut._by_places(small, ends // 2) == pytest.approx(plainly(small, ends // 2))


def test_simpler_graphs_have_the_same_cuts() -> None:
    for seed in range(60):
        drawing = random_graph(Random(seed))
        small = simplified(drawing)
        assert small.total == drawing.total and len(small.weights) <= len(drawing.weights)
        for wanted in range(drawing.total + 1):
            assert plainly(small, wanted) == pytest.approx(plainly(drawing, wanted))


def test_twins_are_what_may_change_places() -> None:
    star = graph(dict.fromkeys("abcd", 1), [(end, "hub", 1.0) for end in "abc"] + [("d", "hub", 2.0)])

    assert sorted(map(len, twins(star))) == [1, 3]


def test_cuts_that_are_found_lie_above_the_least() -> None:
    for seed in range(20):
        drawing = random_graph(Random(seed))
        wanted = drawing.total // 2
        assert found_cut(simplified(drawing), wanted) >= plainly(drawing, wanted) - 1e-9


def test_metis_halves_two_full_meshes() -> None:
    pairs = [(side + u, side + v, 1.0) for side in (0, 30) for u, v in combinations(range(30), 2)]
    drawing = graph(dict.fromkeys(range(60), 1), [*pairs, (0, 30, 2.0)])

    assert least(drawing, 30) == Ends(0, 2)


# ---- designs drawn at random --------------------------------------------------------------------------------


def test_a_seed_is_a_design() -> None:
    assert [written(drawn(seed)) for seed in range(20)] == [written(drawn(seed)) for seed in range(20)]


def test_ports_suffice_where_nothing_else_is_said() -> None:
    for seed in range(60):
        design = drawn(seed)
        need, fastest, _ = port_need(design)
        for decl in design.decls:
            if decl.kind == "switch" and not design.notes:
                assert need[decl.name] <= decl.ports and fastest[decl.name] <= decl.port_rate


def test_much_is_drawn() -> None:
    seen: Counter[str] = Counter()
    for seed in range(300):
        for decl in drawn(seed).decls:
            for network in decl.networks:
                seen[f"role {network.role}"] += 1
                for connect in network.connects:
                    seen[connect.shape.family if connect.shape else "join"] += 1
                    seen["external"] += connect.right == EXTERNAL
                    seen["on named switches"] += bool(connect.shape and connect.right)
                    seen["several names"] += bool(connect.more_left or connect.more_right)
                    seen["a topology over several names"] += bool(connect.shape and connect.more_left)
                    seen["several keys"] += len(connect.on) > 1
                    seen["switches made in parts"] += network.name == "q"
                seen["topologies and more"] += len(network.connects) > 1 and any(c.shape for c in network.connects)

    assert len(seen) >= 37 and all(seen.values()), sorted(seen)


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_another_writing_has_the_same_truth(seed: int) -> None:
    design = drawn(seed, "tiny")
    judged = Judged(Expansion(design), patience=QUICK)
    for name, variant in variants(design, Random(seed)):
        other = Judged(Expansion(variant), patience=QUICK)
        assert (other.whole, other.without_scale_up) == (judged.whole, judged.without_scale_up), name


def test_a_finding_is_made_small() -> None:
    def crossed(design: Design) -> bool:
        return any(
            n.role == "scale-out" and len(Expansion(design).chips) >= 2 for d in design.decls for n in d.networks
        )

    seed = next(seed for seed in range(50) if crossed(drawn(seed, "small")))
    small = shrunk(drawn(seed, "small"), crossed)

    assert crossed(small) and len(written(small)) < len(written(drawn(seed, "small")))


# ---- what an answer is worth --------------------------------------------------------------------------------


def judged_as(status: str, lower: float | None, upper: float | None, truth: Truth) -> str:
    return compared(Said(status, lower, upper), truth)[0]


def test_answers_are_told_apart() -> None:
    certain = Truth(Ends(8, 8), Ends(8, 8))
    opened = Truth(Ends(0, 0), Ends(6, 6), open_ends=True)

    assert judged_as("exact", 8, 8, certain) == "exact"
    assert judged_as("bounds", 6, 9, certain) == "bounds"
    assert judged_as("exact", 2, 2, certain) == judged_as("bounds", 9, 10, certain) == "WRONG"
    assert judged_as("absent", None, None, certain) == "absent"
    assert judged_as("absent", None, None, Truth(absent="nothing")) == "rightly absent"
    assert judged_as("exact", 0, 0, Truth(absent="nothing")) == "WRONG"
    assert judged_as("exact", 0, 0, opened) == judged_as("bounds", 0, 5, opened) == "WRONG"
    assert judged_as("bounds", 0, 6, opened) == "exact"
    assert judged_as("bounds", 4, 9, Truth(Ends(5, 7), Ends(5, 7))) == "unjudged"


SMOKE = range(150)


@pytest.fixture(scope="module")
def no_memory() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLUSTERC_CACHE", "")
        yield


def asked(text: str) -> Answer:
    return answer(text)


def test_nothing_certified_is_false(no_memory: None) -> None:
    trials = [tried(seed, asked, QUICK, "tiny") for seed in SMOKE]

    wrong = [(trial.seed, one.figure, one.result, one.detail) for trial in trials for one in trial.findings]

    assert wrong == []
