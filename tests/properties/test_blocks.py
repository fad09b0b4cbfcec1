"""Grids in blocks: the plain grid under other numbers, their cuts against every division, their circuit switches by hand."""

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from compiler.networks.bisection.portfolio import bisection
from compiler.networks.bisection.product_cut import ProductCut
from compiler.networks.bisection.segments import product_side, shown_cut
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.topology import Topology, TopologyError

Ints = np.ndarray[Any, np.dtype[np.int64]]


@st.composite
def grids(draw: st.DrawFn, most: int = 200) -> tuple[str, dict[str, Any]]:
    """A torus or mesh in blocks."""
    block = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    dims = [size * draw(st.integers(1, 4)) for size in block]
    assume(2 <= math.prod(dims) <= most)
    found: dict[str, Any] = {"dims": dims, "block": block}
    family = draw(st.sampled_from(["torus", "mesh"]))
    if family == "torus":
        found["wrap"] = draw(st.lists(st.booleans(), min_size=len(dims), max_size=len(dims)))
        found["wrap2"] = draw(st.sampled_from(["single", "double"]))
    return family, found


def coordinates(dims: list[int], block: list[int]) -> list[tuple[int, ...]]:
    """The coordinates of every endpoint by its number."""
    blocks = product(*(range(size // run) for size, run in zip(dims, block, strict=True)))
    return [
        tuple(run * outer + inner for run, outer, inner in zip(block, place, within, strict=True))
        for place in blocks
        for within in product(*map(range, block))
    ]


def cables(network: Topology, number: Ints) -> list[tuple[int, int]]:
    """The cables of a network whose endpoints are numbered anew, each by both ends."""
    graph = network.unroll()
    u, v = number[graph.u], number[graph.v]
    ends = np.repeat(np.stack([np.minimum(u, v), np.maximum(u, v)], axis=1), graph.cables, axis=0)
    return sorted(map(tuple, ends.tolist()))


def least_cut(network: Topology) -> float:
    """The least capacity between halves, every division tried."""
    graph, n = network.unroll(), network.endpoints
    codes = np.arange(1 << (n - 1), dtype=np.int64)
    sides = (codes[:, None] >> np.arange(n)) & 1
    halves = sides[np.isin(sides.sum(axis=1), [n // 2, n - n // 2])]
    return float(((halves[:, graph.u] != halves[:, graph.v]) * graph.bandwidth).sum(axis=1).min())


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(grids())
def test_blocks_are_the_plain_grid_under_other_numbers(shape: tuple[str, dict[str, Any]]) -> None:
    family, parameters = shape
    dims, block = parameters["dims"], parameters["block"]
    blocked = topology(family, **parameters)
    plain = topology(family, **{name: value for name, value in parameters.items() if name != "block"})
    places = coordinates(dims, block)
    number = np.array([np.ravel_multi_index(place, dims) for place in places])

    assert cables(blocked, number) == cables(plain, np.arange(plain.endpoints))
    assert (blocked.tiers, blocked.diameter) == (plain.tiers, plain.diameter)
    ours, theirs = bisection(blocked), bisection(plain)
    assert (ours.lower, ours.upper) == (theirs.lower, theirs.upper)

    runs = [tuple(at // run for at, run in zip(place, block, strict=True)) for place in places]
    inside, between = (topology(family, **parameters, links=links) for links in ("inside", "between"))
    assert all(runs[u] == runs[v] for u, v in zip(inside.unroll().u, inside.unroll().v, strict=True))
    assert all(runs[u] != runs[v] for u, v in zip(between.unroll().u, between.unroll().v, strict=True))
    together = cables(inside, np.arange(inside.endpoints)) + cables(between, np.arange(between.endpoints))
    assert sorted(together) == cables(blocked, np.arange(blocked.endpoints))
    for network in (inside, between):
        graph = network.unroll()
        degree = np.bincount(np.concatenate([graph.u, graph.v]), np.tile(graph.cables, 2), network.endpoints)
        assert network.entry.ports == degree.max(initial=0)


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(grids(most=14), st.sampled_from([0.25, 0.5, 1, 3]), st.booleans())
def test_cuts_of_two_rates_hold(shape: tuple[str, dict[str, Any]], between: float, closed: bool) -> None:
    family, parameters = shape
    ports = {"ocs": 64} if closed else {}
    network = topology(family, **parameters, bw_between=between, **ports)
    right = least_cut(network)

    structure: Any = network.structure
    curve = ProductCut(structure.axes)
    half = np.array([network.endpoints // 2])
    lower, upper = (float(end[0]) for end in curve.bounds(half))
    assert lower <= right * (1 + 1e-9) and upper >= right * (1 - 1e-9)
    assert not curve.is_exact or lower == pytest.approx(right)
    assert shown_cut(curve, network.endpoints // 2, upper) is not None
    found = bisection(network)
    assert (found.status, found.lower) == ("exact", pytest.approx(right))


@pytest.mark.parametrize(
    ("parameters", "links", "count", "ports"),
    [
        ({"dims": [16, 16, 16], "block": [4, 4, 4], "ocs": 136}, 3072, 48, 128),  # TPU v4: 64 racks by 96 ends
        ({"dims": [4, 4, 4], "block": [4, 4, 4], "ocs": 136}, 48, 48, 2),  # one rack closed on itself
        ({"dims": [4, 4, 8], "block": [4, 4, 4], "ocs": 136}, 96, 48, 4),
        ({"dims": [8, 4], "block": [4, 4], "ocs": 4}, 16, 8, 4),
        ({"dims": [8, 4], "block": [4, 4], "ocs": 4, "wrap": False}, 4, 4, 2),
        ({"dims": [8, 1], "block": [4, 1], "ocs": 4}, 2, 1, 4),
    ],
)
def test_circuit_switches_stand_at_each_place_of_a_face(
    parameters: dict[str, Any], links: int, count: int, ports: int
) -> None:
    found = topology("torus", **parameters).circuits
    assert found is not None
    assert (found.links, found.count, found.ports) == (links, count, ports)
    assert topology("torus", **parameters, links="inside").circuits is None
    assert topology("torus", **parameters, links="between").circuits == found
    assert topology("torus", **parameters, links="between").links == links


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(grids(), st.sampled_from([0.5, 1, 3]), st.data())
def test_a_straight_cut_is_the_side_that_it_says(
    shape: tuple[str, dict[str, Any]], between: float, data: st.DataObject
) -> None:
    family, parameters = shape
    network = topology(family, **parameters, bw_between=between)
    structure: Any = network.structure
    m = data.draw(st.integers(0, network.endpoints))
    side = product_side(structure, m)
    graph = network.unroll()
    assert side.sum() == m
    crossing = graph.bandwidth[side[graph.u] != side[graph.v]].sum()
    assert crossing == pytest.approx(ProductCut(structure.axes).segments(np.array([m]))[0])


def test_a_large_torus_in_blocks_is_exact() -> None:
    """A TPU v4 pod by the structure alone: 512 links of the fewest cross, also where those between racks are slower."""
    for between, value in ((1.0, 512), (0.5, 256), (2.0, 512)):
        found = bisection(topology("torus", dims=[16] * 3, block=[4] * 3, bw_between=between, ocs=136))
        assert (found.status, found.lower, found.cut and found.cut.capacity) == ("exact", value, value)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"dims": [4, 4], "block": [3, 2]}, "blocks of 3 do not fill the 4 of axis 0; take a divisor of 4"),
        ({"dims": [4, 4], "block": [2, 2, 2]}, "`block` has 3 items where 2 are needed"),
        ({"dims": [4, 4], "block": [0, 2]}, "`block[0]` is at least 1, this is 0"),
        ({"dims": [4, 4], "block": [-2, 2]}, "`block[0]` is at least 1, this is -2"),
        ({"dims": [4, 4], "block": [10**20, 2]}, "`block[0]` is at most"),
        ({"dims": [4, 4], "block": 2}, "`block` is a list"),
        ({"dims": [4, 4], "ocs": 8}, "`ocs` is about blocks, and no `block` is written"),
        ({"dims": [4, 4], "links": "inside"}, "`links` is about blocks"),
        ({"dims": [4, 4], "bw_between": 2}, "`bw_between` is about blocks"),
        ({"dims": [4, 4], "block": [2, 2], "bw_between": 0}, "`bw_between` is a bandwidth above zero"),
        ({"dims": [4, 4], "block": [2, 2], "links": "all"}, "`links` is `inside` or `between`"),
        ({"dims": [4, 4], "block": [2, 2], "ocs": 1}, "`ocs` is at least 2"),
        (
            {"dims": [16, 20, 28], "block": [4, 4, 4], "ocs": 136},
            "140 links pass each place of a face and take 280 ports there, `ocs` has 136",
        ),
    ],
)
@pytest.mark.parametrize("family", ["torus", "mesh"])
def test_what_blocks_cannot_be(family: str, parameters: dict[str, Any], words: str) -> None:
    if family == "mesh" and parameters.get("ocs") == 136:
        words = "120 links pass"  # 4 x 5 lines of seven blocks, six steps along each
    with pytest.raises(TopologyError) as caught:
        topology(family, **parameters)
    assert words in str(caught.value)
