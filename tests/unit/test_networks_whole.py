"""Whole designs by hand: who carries traffic, who is a host, what leaves, and what the bisection says of it."""

from functools import cache

import numpy as np
import pytest

from compiler.ir.hardware import Part
from compiler.networks.bisection.bound import Bound
from compiler.networks.bisection.checker import Unproven
from compiler.networks.whole.carriers import Path, accelerator_kind, accelerators, wires
from compiler.networks.whole.cells import Irregular
from compiler.networks.whole.counted_design import counted_design
from compiler.networks.whole.division import Division, InstanceBox
from compiler.networks.whole.reach import linked
from compiler.networks.whole.recount import held, recounted
from compiler.networks.whole.undescribed import hosts
from compiler.networks.whole.whole_bisection import whole_bisection
from compiler.networks.whole.whole_rates import all_to_all
from compiler.workspace.compilation import compile_text

PARTS = """
chip Toy { tdp = 1 W }
cpu Cpu { tdp = 1 W }
nic Card { rate = 10 GB/s }
switch Hub { ports = 640; rate = 50 GB/s }
link Wire { rate = 10 GB/s }
"""
BOX = "node Box { toys = 4 of Toy; cards = 2 of Card }"
DESCRIBED = """node Box { toys = 4 of Toy; cards = 2 of Card; hub = 1 of Hub
  network inner { role = "scale-up"; connect toys to hub with 1 of Wire; connect hub to cards with 1 of Wire } }"""
POD = """supernode Pod { boxes = 3 of Box; hub = 1 of Hub
  network out { role = "scale-out"; connect boxes.cards to hub with 1 of Wire } }"""


@cache
def root(*parts: str) -> Part:
    compilation = compile_text(PARTS + "\n".join(parts))
    design = compilation.design()
    assert design is not None and not [one for one in compilation.diagnostics if one.severity == "error"]
    return design.root


def names(path: Path) -> str:
    return ".".join(slot.name for slot in path)


def gigabytes(found: Bound) -> tuple[float | None, float | None]:
    return tuple(None if end is None else end / 1e9 for end in (found.lower, found.upper))  # type: ignore[return-value]


def test_networks_of_management_and_storage_carry_no_traffic() -> None:
    pod = root(BOX, POD.replace("scale-out", "storage"))

    assert wires(pod) == ()
    assert whole_bisection(pod).reason == "no network is described that links accelerators"


def test_chips_are_divided_and_in_a_design_without_any_the_next_smaller_thing() -> None:
    assert accelerator_kind(root(BOX, POD)) == "chip"
    assert accelerator_kind(root("node Box { cpus = 2 of Cpu; cards = 2 of Card }", POD)) == "cpu"
    assert accelerator_kind(root("node Box { cards = 2 of Card }", POD)) == "nic"
    assert [names(path) for path in accelerators(root(BOX, POD))] == ["boxes.toys"]


def test_cards_that_no_link_joins_to_chips_make_their_part_a_host() -> None:
    pod, described = root(BOX, POD), root(DESCRIBED, POD)

    [host] = hosts(pod, wires(pod), wires(pod))

    assert (names(host.path), [names(card) for card in host.cards]) == ("boxes", ["boxes.cards"])
    assert hosts(described, wires(described), wires(described)) == ()
    assert hosts(described, wires(described), wires(described, "scale-up")) == ()


def test_hosts_are_divided_whole() -> None:
    found = whole_bisection(root(BOX, POD))

    # three boxes of four: one on side A, by both of its cards
    assert (found.status, gigabytes(found)) == ("exact", (20, 20))
    assert found.cut is not None and found.cut.endpoints == (4, 8)
    assert found.notes == (
        "the inside of a host whose cards are not linked to its accelerators is taken as no limit",
        "whole hosts divide it into 8 and 4 accelerators, as evenly as they can",
    )


def test_a_number_that_no_hosts_make_has_no_cut() -> None:
    found = whole_bisection(root(BOX, POD), total=3)

    assert (found.status, found.reason) == ("absent", "no group of whole hosts has so many accelerators")


def test_where_the_inside_is_described_a_box_may_be_divided() -> None:
    found = whole_bisection(root(DESCRIBED, POD))

    # one box on side A by two cards, and two toys of another by a link each
    assert (found.status, gigabytes(found)) == ("exact", (40, 40))
    assert found.cut is not None and found.cut.endpoints == (6, 6)


def test_a_role_may_be_left_out() -> None:
    # a box on each side, and two toys of the third by a link each
    assert gigabytes(whole_bisection(root(DESCRIBED, POD), without="scale-out")) == (20, 20)
    alone = whole_bisection(root(BOX, POD), without="scale-out")
    assert alone.reason == "no network besides scale-out is described that links accelerators"


def test_one_host_is_not_divided() -> None:
    one = root(
        """node Box { toys = 4 of Toy; cards = 2 of Card; hub = 1 of Hub
        network out { role = "scale-out"; connect cards to hub with 1 of Wire } }"""
    )

    assert whole_bisection(one).reason == "it is one host, and the links inside it are not described"


def test_links_that_leave_the_design_may_join_it_outside() -> None:
    outside = POD.replace("to hub with", "to external with")
    found = whole_bisection(root(BOX, outside))

    assert [wire.network.name for wire in wires(root(BOX, outside)) if wire.connection.external] == ["out"]
    assert (found.status, gigabytes(found)) == ("bounds", (0, 20))
    assert found.notes[-1] == "links leave the design: from what is described to the most that could pass outside"


def test_a_card_whose_links_all_leave_the_design_has_no_side() -> None:
    ring = """supernode Pod { boxes = 128 of Box
      network out { role = "scale-out"; connect boxes.cards to external with 1 of Wire }
      network ring { role = "scale-up"; connect boxes.toys by torus(dims = [8, 64]) with 1 of Wire } }"""
    found = whole_bisection(root("node Box { toys = 4 of Toy; cards = 1 of Card }", ring))

    # a torus whose rows of four are hosts: two cuts across the 8 rings of 64
    assert (found.status, gigabytes(found)) == ("exact", (160, 160))
    assert found.notes[-1] == "links that leave the design may add to it outside"


def test_what_nothing_links_is_told() -> None:
    pod = root(BOX, POD.replace("boxes = 3 of Box;", "boxes = 2 of Box; spare = 2 of Toy;"))

    assert [
        names(path) for path in linked(tuple(accelerators(pod)), wires(pod), hosts(pod, wires(pod), wires(pod)))
    ] == ["boxes.toys"]
    assert whole_bisection(pod).notes[-1] == "no link ends at `spare`"


@pytest.mark.parametrize(
    "shape", ["to hubs", "by full_mesh()", "by leaf_spine(leaves = 2, spines = 1, eps_per_leaf = 1)"]
)
def test_links_inside_racks_of_switches_are_added_up(shape: str) -> None:
    hall = root(
        "rack Tower { hubs = 2 of Hub { rail = index }; network inner { connect hubs " + shape + " with 1 of Wire } }",
        "node Low { toys = 4 of Toy { rail = 0 } }",
        "node High { toys = 4 of Toy { rail = 1 } }",
        """supernode Hall { low = 1 of Low; high = 1 of High; towers = 3 of Tower
        network down { connect low.toys to towers.hubs on rail with 1 of Wire }
        network up { connect high.toys to towers.hubs on rail with 1 of Wire } }""",
    )
    found = counted_design(tuple(accelerators(hall)), wires(hall)).cut(4)

    # all of a box on each side: the one link in each tower crosses
    assert (found.lower, found.upper) == (30e9, 30e9)


TREE = """supernode Hall { pods = 3 of Pod
  network up { connect pods.boxes.toys by leaf_spine(leaves = 6, spines = 2, eps_per_leaf = 8, trunk = 3) with 1 of Wire } }"""


def test_a_leaf_over_several_boxes_is_a_block_of_them() -> None:
    hall = root("node Box { toys = 4 of Toy }", "rack Pod { boxes = 4 of Box }", TREE)
    ends, used = tuple(accelerators(hall)), wires(hall)

    design = counted_design(ends, used)
    found = design.cut(24)

    # three leaves on each side: each has 2 x 3 links up, to spines on side B
    assert [one.copies for one in design.graph.classes] == [1, 3, 2, 2, 4]
    assert (found.lower, found.upper) == (180e9, 180e9)
    assert found.division is not None and held(ends, found.division) == (24, 24)
    assert sum(one.capacity for one in recounted(ends, used, (), found.division, "middle")) == 180e9


def test_switches_of_a_topology_may_stand_in_nested_parts() -> None:
    hall = root(
        "node Box { toys = 8 of Toy }",
        "node Drawer { hubs = 2 of Hub }",
        """supernode Hall { boxes = 6 of Box; drawers = 4 of Drawer
        network up { connect boxes.toys to drawers.hubs by leaf_spine(leaves = 6, spines = 2, eps_per_leaf = 8) with 1 of Wire } }""",
    )
    ends, used = tuple(accelerators(hall)), wires(hall)

    found = counted_design(ends, used).cut(24)

    assert found.division is not None
    assert found.upper == found.lower == sum(c.capacity for c in recounted(ends, used, (), found.division, "middle"))
    [drawers] = [place for place in found.division.boxes if isinstance(place, tuple) and names(place) == "drawers.hubs"]
    assert sum(box.count for box in found.division.boxes[drawers]) == 8


def test_a_recount_refuses_a_host_in_two_and_counts_by_connection() -> None:
    pod = root(BOX, POD)
    ends, used = tuple(accelerators(pod)), wires(pod)
    [host] = hosts(pod, used, used)
    boxes, cards = np.arange(3), np.arange(2)
    whole = {
        ends[0]: (InstanceBox((boxes[:1], np.arange(4)), True), InstanceBox((boxes[1:], np.arange(4)), False)),
        host.cards[0]: (InstanceBox((boxes[:1], cards), True), InstanceBox((boxes[1:], cards), False)),
    }
    torn = {**whole, ends[0]: (InstanceBox((boxes, np.arange(2)), True), InstanceBox((boxes, np.arange(2, 4)), False))}

    [crossed] = recounted(ends, used, (host,), Division(whole, {}), "middle")

    assert (crossed.between, crossed.links, crossed.capacity) == ("boxes.cards to hub", 2, 20e9)
    with pytest.raises(Unproven, match="parts a host"):
        recounted(ends, used, (host,), Division(torn, {}), "middle")


def test_a_topology_is_recounted_tier_by_tier() -> None:
    pod = root(
        "node Box { toys = 4 of Toy }",
        """supernode Pod { boxes = 4 of Box
        network out { connect boxes.toys by leaf_spine(leaves = 4, spines = 2, eps_per_leaf = 4) with 1 of Wire } }""",
    )
    ends, used = tuple(accelerators(pod)), wires(pod)
    first_box = Division({ends[0]: (InstanceBox((np.arange(1), np.arange(4)), True),)}, {})

    found = recounted(ends, used, (), first_box, "middle")

    # its leaf and all spines stand on side B: every toy of it by its own link
    assert [(one.between, one.links, one.capacity) for one in found] == [("boxes.toys to leaf", 4, 40e9)]


@pytest.mark.parametrize(
    ("own", "outer", "capacity"),
    [
        ("connect x to c", "", 40e9),
        ("", "connect boxes.x to boxes.c on boxes", 40e9),
        ("", "connect boxes.x to boxes.c on boxes, rail", 20e9),
        ("", "connect boxes.x to boxes.c on node, rail", 20e9),
    ],
)
def test_links_inside_a_host_describe_it_on_whichever_level_they_are_written(
    own: str, outer: str, capacity: float
) -> None:
    written = [f'network pcie {{ role = "host"; {one} with 1 of Pcie }}' if one else "" for one in (own, outer)]
    box = f"node Box {{ c = 2 of C {{ rail = index }}; x = 2 of X {{ rail = index }}; {written[0]} }}"
    found = whole_bisection(
        root(
            "chip C { tdp = 1 W }",
            "nic X { tdp = 1 W }",
            "switch S { ports = 64; rate = 50 GB/s }",
            "link Pcie { rate = 10 GB/s }",
            "link Out { rate = 50 GB/s }",
            box,
            f"supercluster All {{ boxes = 2 of Box; s = 1 of S; {written[1]}",
            "network out { connect boxes.x to s with 1 of Out } }",
        )
    )

    assert (found.status, found.upper) == ("exact", capacity)
    assert not any("no limit" in note for note in found.notes)


def test_an_unreachable_number_is_absent_also_where_links_leave() -> None:
    pod = root(
        """node Box { toys = 8 of Toy; cards = 1 of Card }
        rack Row { boxes = 3 of Box; network out { connect boxes.cards to external with 1 of Wire } }"""
    )

    whole, apart = whole_bisection(pod, total=8), whole_bisection(pod, total=3)

    assert (whole.status, gigabytes(whole)) == ("bounds", (0, 10))
    assert (apart.status, gigabytes(apart)) == ("absent", (None, None))
    assert apart.reason == "no group of whole hosts has so many accelerators"


@pytest.mark.parametrize("b", ["b = 3 of Box", "b = 1 of Box; c = 2 of Box"])
def test_a_host_is_whole_where_a_link_ends_at_a_card_of_its_own(b: str) -> None:
    """Three hosts of two toys are linked, and two whose cards find no rail may be divided, under one name or two."""
    second = "connect b.card to hub on rail with 1 of Wire"
    pod = root(
        f"""node Box {{ toys = 2 of Toy; card = 1 of Card {{ rail = parent.index }} }}
        rack Row {{ a = 2 of Box; {b}; hub = 1 of Hub {{ rail = index }}
          network out {{ connect a.card to hub with 1 of Wire; {second} }} }}"""
    )

    found = whole_bisection(pod)

    assert (found.status, gigabytes(found)) == ("exact", (10, 10))
    assert found.cut is not None and found.cut.endpoints == (5, 5)


def test_a_way_out_that_is_not_taken_up_may_add_outside() -> None:
    """A network of the same role that links other ends takes nothing up."""
    rack = """rack Row {{ toys = 1 of Toy; hub = 1 of Hub
      network inner {{ connect toys to hub with 1 of Wire; connect hub to external with 1 of Wire }} }}
    supernode Pod {{ rows = 2 of Row; top = 1 of Hub; network up {{ connect {end} to top with 1 of Wire }} }}"""

    beside = whole_bisection(root(rack.format(end="rows.hub")))
    apart = whole_bisection(root("switch Odd { ports = 8; rate = 50 GB/s }", rack.format(end="rows.toys")))

    assert (beside.status, gigabytes(beside), beside.notes) == ("exact", (10, 10), ())
    assert (apart.status, gigabytes(apart)) == ("exact", (10, 10))
    assert apart.notes == ("links that leave the design may add to it outside",)


@pytest.mark.parametrize(("on", "taken"), [("", True), ("on node", False)])
def test_links_that_stay_within_a_part_take_nothing_up(on: str, taken: bool) -> None:
    """Written on the part itself or around it, a network inside it leaves its ways out as they are."""
    box = "node Box { toys = 2 of Toy; hub = 1 of Hub; network out { connect toys to external with 1 of Wire } }"
    row = f"rack Row {{ boxes = 2 of Box; network inner {{ connect boxes.toys to boxes.hub {on} with 1 of Wire }} }}"

    assert any(wire.connection.external for wire in wires(root(box, row))) is not taken


def test_rates_of_what_counts_do_not_tell_are_routed_link_by_link() -> None:
    pod = root(
        """node Box { toys = 6 of Toy; hub = 1 of Hub; network inner { connect toys to hub with 3 of Wire } }
        rack Row { boxes = 12 of Box; network n { connect boxes.toys by torus(dims = [9, 8]) with 1 of Wire } }"""
    )

    found = all_to_all(pod)

    assert found.lower and found.upper and found.lower <= found.upper <= 1.5 * found.lower


@pytest.mark.parametrize("boxes", ["a = 2 of Box", "a = 1 of Box; b = 1 of Box"])
def test_a_card_that_only_links_of_its_like_describe_serves_its_host(boxes: str) -> None:
    """The second card finds its rail in the first box alone, so that its own box is not described."""
    hub = "parent.index + index" if "2" in boxes else "index"
    second = "" if "2" in boxes else "connect b.card to a.hub on rail with 1 of Wire"
    pod = root(
        f"""node Box {{ toys = 1 of Toy; hub = 1 of Hub {{ rail = {hub} }}; card = 1 of Card {{ rail = index }}
          network inner {{ connect toys to hub with 1 of Wire }} }}
        rack Row {{ {boxes}; network up {{ connect a.card to a.hub on rail with 1 of Wire; {second} }} }}"""
    )

    found = whole_bisection(pod)

    assert (found.status, gigabytes(found)) == ("exact", (10, 10))


def test_switches_that_a_topology_made_in_parts_are_one_thing_for_rates_too() -> None:
    """Two hosts of two toys: a card links them, and both leaves of their own rails do."""
    rails = "rail(nodes = 2, gpus = 1, bw_nv = 0, spines = 2, leaves_per_rail = 2, switch = Hub)"
    pod = root(
        f"""node Box {{ toys = 2 of Toy; card = 1 of Card; network n {{ connect toys by {rails} with 1 of Wire }} }}
        supernode Pod {{ boxes = 2 of Box; top = 1 of Hub
          network m {{ connect boxes.card to top with 1 of Wire }}
          network q {{ connect boxes.n.leaf to top with 1 of Wire }} }}"""
    )

    assert gigabytes(whole_bisection(pod)) == (30, 30)
    assert gigabytes(all_to_all(pod)) == pytest.approx((22.5, 22.5))  # three partners, two of them across: 3 * 30 / 4


def test_many_unlike_parts_are_drawn_no_further_than_a_limit() -> None:
    pod = root(
        "supernode All { toys = 300 of Toy { rail = index * index }; hubs = 300 of Hub { rail = index * index }",
        "network n { connect toys to hubs on rail with 1 of Wire; connect toys to hubs with 1 of Wire } }",
    )
    with pytest.raises(Irregular, match="more than 50,000 pairs of unlike parts"):
        counted_design(tuple(accelerators(pod)), wires(pod))
