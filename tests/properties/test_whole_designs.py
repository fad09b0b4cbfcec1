"""What always holds of whole designs drawn at random: counted, written out and recounted they are the same design."""

from collections.abc import Iterator
from functools import cache
from math import prod
from random import Random

import numpy as np
import pytest

from compiler.ir.hardware import Part
from compiler.networks.bisection.budget import TooWide
from compiler.networks.bisection.checker import Unproven
from compiler.networks.bisection.counted_graph import copies_of
from compiler.networks.whole.carriers import Wire, accelerators, wires
from compiler.networks.whole.cell_graph import cell_graph
from compiler.networks.whole.cells import Irregular
from compiler.networks.whole.counted_design import counted_design
from compiler.networks.whole.cut_question import CutQuestion
from compiler.networks.whole.division import Division, InstanceBox
from compiler.networks.whole.first_division import first_division
from compiler.networks.whole.instance_counts import counts_at, counts_of, instances
from compiler.networks.whole.joint_graph import JointGraph, joint_graph
from compiler.networks.whole.linked_places import Place
from compiler.networks.whole.recount import held, recounted
from compiler.networks.whole.undescribed import hosts
from compiler.networks.whole.whole_bisection import whole_bisection
from compiler.workspace.compilation import compile_text
from tests.judge.cut import QUICK, least
from tests.judge.designs import drawn
from tests.judge.graph import graph
from tests.judge.text import written

SEEDS = range(2000, 2080)
LARGER = range(2100, 2112)


@cache
def root_of(seed: int, size: str = "") -> Part:
    """The design of a seed; the judge draws none that the compiler refuses for anything but its ports."""
    design = compile_text(written(drawn(seed, size))).design()
    if design is None:
        pytest.skip("refused")
    return design.root


def asked_of(seed: int, size: str = "") -> CutQuestion:
    """The question of a seed's bisection, without what leaves the design. Designs without links are skipped."""
    root = root_of(seed, size)
    inside = tuple(wire for wire in wires(root) if not wire.connection.external)
    if not inside:
        pytest.skip("nothing is linked")
    return CutQuestion(tuple(accelerators(root)), inside, hosts(root, wires(root), inside))


def sides(joint: JointGraph, division: Division) -> np.ndarray:
    """The side of every vertex of a joint graph."""
    side = np.zeros(joint.order, dtype=bool)
    for place, start in joint.starts.items():
        side[start : start + joint.counts[place]] = division.side_of(place, counts_at(place))
    return side


def crossing(joint: JointGraph, side: np.ndarray) -> float:
    """The capacity of links whose ends stand on unlike sides, one by one."""
    return float(joint.capacity[side[joint.u] != side[joint.v]].sum())


def crossed(asked: CutQuestion, division: Division) -> float:
    """The same by the recount, hosts left alone."""
    return sum(one.capacity for one in recounted(asked.ends, asked.wires, (), division, "middle"))


def random_boxes(rng: Random, counts: tuple[int, ...], above: tuple[np.ndarray, ...] = ()) -> Iterator[InstanceBox]:
    """The instances of a place cut into boxes, slot by slot, on sides at random."""
    if not counts:
        yield InstanceBox(above, rng.random() < 0.5)
        return
    marks = np.array([rng.randrange(2) for _ in range(counts[0])])
    for numbers in (np.flatnonzero(marks == mark) for mark in range(2)):
        if numbers.size:
            yield from random_boxes(rng, counts[1:], (*above, numbers))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_recount_is_the_links_across_one_by_one(seed: int) -> None:
    asked, rng = asked_of(seed), Random(seed)
    joint = joint_graph(asked.ends, asked.wires)

    for _ in range(3):
        arrays: dict[Place, np.ndarray] = {
            place: np.array([rng.random() < 0.5 for _ in range(count)], dtype=bool)
            for place, count in joint.counts.items()
        }
        boxes = {place: tuple(random_boxes(rng, counts_at(place))) for place in joint.starts}
        for division in (Division({}, arrays), Division(boxes, {})):
            assert crossed(asked, division) == pytest.approx(crossing(joint, sides(joint, division)))
            assert sum(held(asked.ends, division)) == int(joint.weights.sum())
            assert held(asked.ends, division)[0] == int(joint.weights[sides(joint, division)].sum())


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_left_out_or_stands_twice_is_refused(seed: int) -> None:
    asked = asked_of(seed)
    end = asked.ends[0]
    everyone = InstanceBox(tuple(np.arange(count) for count in counts_of(end)), True)
    one = InstanceBox(tuple(np.arange(1) for _ in counts_of(end)), False)

    with pytest.raises(Unproven, match="left out of a division, or counted twice"):
        held(asked.ends, Division({end: (everyone, one)}, {}))
    if everyone.count > 1:
        with pytest.raises(Unproven):
            held(asked.ends, Division({end: (one,)}, {}))


@pytest.mark.parametrize("seed", SEEDS)
def test_cells_have_all_endpoints_and_all_links(seed: int) -> None:
    asked = asked_of(seed)
    joint = joint_graph(asked.ends, asked.wires)
    try:
        network = cell_graph(asked.ends, asked.wires).graph
    except Irregular:
        pytest.skip("written out")

    inner = np.maximum(network.home[network.u], network.home[network.v]).tolist()
    copies = np.array([copies_of(network.classes, which) for which in inner])
    assert network.endpoints == int(joint.weights.sum()) == sum(instances(path) for path in asked.ends)
    # links among parts that are drawn as one are within it: they cross no least cut
    assert float((network.capacity * copies).sum()) <= float(joint.capacity.sum()) * (1 + 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_counted_cut_is_that_of_the_joint_graph(seed: int) -> None:
    asked, rng = asked_of(seed), Random(seed)
    joint = joint_graph(asked.ends, asked.wires)
    total = rng.randint(0, int(joint.weights.sum()))
    try:
        found = counted_design(asked.ends, asked.wires).cut(total)
    except (Irregular, TooWide):
        pytest.skip("written out")
    links = zip(joint.u.tolist(), joint.v.tolist(), joint.capacity.tolist(), strict=True)
    truth = least(graph(dict(enumerate(joint.weights.tolist())), links), total, QUICK)

    assert found.lower <= found.upper * (1 + 1e-9)
    assert truth.low * (1 - 1e-9) <= found.upper and found.lower <= truth.high * (1 + 1e-9)
    assert found.division is not None
    assert held(asked.ends, found.division) == (total, int(joint.weights.sum()) - total)
    assert crossing(joint, sides(joint, found.division)) == pytest.approx(found.upper)
    assert crossed(asked, found.division) == pytest.approx(found.upper)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_division_has_the_first_endpoints(seed: int) -> None:
    asked = asked_of(seed)
    joint = joint_graph(asked.ends, asked.wires)
    total = sum(instances(path) for path in asked.ends)

    for many in {0, 1, total // 2, total}:
        division = first_division(asked.ends, many)

        order = np.concatenate([division.side_of(path, counts_of(path)) for path in asked.ends])
        assert np.array_equal(order, np.arange(total) < many)
        assert held(asked.ends, division) == (many, total - many)
        # switches that a division does not name stand on side B
        assert crossed(asked, division) == pytest.approx(crossing(joint, sides(joint, division)))


@pytest.mark.parametrize("seed", LARGER)
def test_a_larger_design_has_an_answer(seed: int) -> None:
    found = whole_bisection(root_of(seed, "large"))

    if found.lower is not None and found.upper is not None:
        assert found.lower <= found.upper * (1 + 1e-9)
        assert found.cut is not None and found.cut.capacity == pytest.approx(found.upper)
    else:
        assert found.reason


def test_wires_of_a_part_under_two_names_stand_under_both() -> None:
    text = """
    chip C { tdp = 1 W }
    switch S { ports = 8; rate = 1 GB/s }
    link L { rate = 1 GB/s }
    node N { c = 2 of C; s = 1 of S; network i { connect c to s with 1 of L } }
    supernode P { a = 2 of N; b = 3 of N }
    """
    design = compile_text(text).design()
    assert design is not None
    found: tuple[Wire, ...] = wires(design.root)

    assert [[slot.name for slot in wire.owner] for wire in found] == [["a"], ["b"]]
    assert joint_graph((), found).order == prod((2, 3)) + prod((3, 3))
