"""What always holds of a bisection: it equals exhaustive search, and the identities that any least cut obeys."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from compiler.networks.bisection.bound import Bound
from compiler.networks.bisection.portfolio import bisection
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.topology import Graph, Topology

SEARCH = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
rates = st.sampled_from([0.5, 1.0, 2.0, 3.0, 4.0, 5.0])


def exhaustive(graph: Graph) -> float:
    """The bisection by trying every switch colouring with every balanced set of endpoints."""
    ends, switches = np.flatnonzero(graph.weights > 0), np.flatnonzero(graph.weights == 0)
    n = ends.size
    if n < 2:
        return 0.0
    chosen = np.array(list(combinations(range(n), n // 2)))
    sides = np.zeros((chosen.shape[0], n), dtype=bool)
    np.put_along_axis(sides, chosen, True, axis=1)
    best = np.inf
    for mask in range(1 << switches.size):
        colour = np.zeros(graph.weights.size, dtype=bool)
        colour[switches] = [(mask >> i) & 1 for i in range(switches.size)]
        whole = np.broadcast_to(colour, (sides.shape[0], colour.size)).copy()
        whole[:, ends] = sides
        best = min(best, float(((whole[:, graph.u] != whole[:, graph.v]) @ graph.bandwidth).min()))
    return best


def affordable(network: Topology) -> bool:
    return network.endpoints <= 12 and network.switches <= 9


def agrees(network: Topology | Graph) -> Bound:
    found = bisection(network)
    truth = exhaustive(network if isinstance(network, Graph) else network.unroll())
    assert found.status == "exact", found
    assert found.upper == pytest.approx(truth, rel=1e-9), found
    return found


def graph_of(weights: list[int], edges: list[tuple[int, int, float]]) -> Graph:
    columns = list(zip(*edges, strict=True)) if edges else [(), (), ()]
    u, v = (np.array(c, dtype=np.int32) for c in columns[:2])
    return Graph(np.array(weights), u, v, np.array(columns[2], dtype=float), np.ones(u.size, dtype=np.int32))


@st.composite
def graphs(draw: st.DrawFn, ends: int = 9, switches: int = 6) -> Graph:
    n, s = draw(st.integers(2, ends)), draw(st.integers(0, switches))
    pairs = draw(
        st.lists(
            st.tuples(st.integers(0, n + s - 1), st.integers(0, n + s - 1), rates), min_size=1, max_size=3 * (n + s)
        )
    )
    return graph_of([1] * n + [0] * s, [(a, b, c) for a, b, c in pairs if a != b])


@st.composite
def grids(draw: st.DrawFn) -> Topology:
    family = draw(st.sampled_from(["torus", "mesh", "hamming"]))
    dims = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3).filter(lambda d: 1 < np.prod(d) <= 16))
    bw = draw(st.one_of(rates, st.lists(rates, min_size=len(dims), max_size=len(dims))))
    extra: dict[str, Any] = {}
    if family == "torus":
        extra = {"wrap2": draw(st.sampled_from(["single", "double"]))}
        extra["wrap"] = draw(st.lists(st.integers(0, 1), min_size=len(dims), max_size=len(dims)))
    return topology(family, dims=dims, bw=bw, **extra)


@st.composite
def switched(draw: st.DrawFn) -> Topology:
    family = draw(st.sampled_from(["hyperx", "switched_torus"]))
    dims = draw(st.lists(st.integers(1, 4), min_size=1, max_size=2).filter(lambda d: 1 < np.prod(d) <= 8))
    each = draw(st.integers(1, 4).filter(lambda t: t * np.prod(dims) <= 12))
    bw = draw(rates)
    extra = {"bw": bw} if family == "hyperx" else {}
    return topology(family, dims=dims, T=each, bw_ep=draw(rates), **extra)


@st.composite
def folded_clos(draw: st.DrawFn) -> Topology:
    kind = draw(st.sampled_from(["leaf_spine", "clos3", "xgft", "star"]))
    if kind == "star":
        return topology("star", n=draw(st.integers(2, 9)), switches=draw(st.integers(1, 3)), bw=draw(rates))
    if kind == "leaf_spine":
        sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
        bw = {"bw_ep": draw(rates), "bw_up": draw(rates)}
        return topology("leaf_spine", leaves=len(sizes), spines=draw(st.integers(1, 3)), eps_per_leaf=sizes, **bw)
    if kind == "clos3":
        counts = {n: draw(st.integers(1, 3)) for n in ("pods", "leaves_per_pod", "eps_per_leaf")}
        counts |= {n: draw(st.integers(1, 2)) for n in ("aggs_per_pod", "cores_per_group")}
        return topology("clos3", **counts, bw_ep=draw(rates), bw_up=draw(rates), bw_core=draw(rates))
    h = draw(st.integers(1, 3))
    m = draw(st.lists(st.integers(1, 3), min_size=h, max_size=h))
    w = draw(st.lists(st.integers(1, 2), min_size=h, max_size=h))
    return topology("xgft", m=m, w=w, bw=draw(st.lists(rates, min_size=h, max_size=h)))


@st.composite
def others(draw: st.DrawFn) -> Topology:
    kind = draw(st.sampled_from(["dragonfly", "dragonfly_plus", "bcube", "rail", "multiplane", "twisted_torus"]))
    if kind == "dragonfly":
        a, p, h = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 2))
        g = draw(st.integers(2, max(2, min(4, a * h + 1))))
        assume(a * h >= g - 1)
        return topology(kind, a=a, p=p, h=h, g=g, bw_l=draw(rates), bw_g=draw(rates), bw_ep=draw(rates))
    if kind == "dragonfly_plus":
        return topology(kind, g=2, leaves=draw(st.integers(1, 2)), spines=2, p=draw(st.integers(1, 3)), h=1)
    if kind == "bcube":
        return topology(kind, n=draw(st.integers(2, 3)), k=1)
    if kind == "rail":
        sizes = {"nodes": draw(st.integers(1, 4)), "gpus": draw(st.integers(1, 3)), "spines": draw(st.integers(0, 2))}
        return topology(kind, **sizes, bw_nv=draw(rates), bw_nic=draw(rates))
    if kind == "multiplane":
        n = draw(st.integers(2, 8))
        maps = draw(st.lists(st.lists(st.integers(0, 1), min_size=n, max_size=n), min_size=1, max_size=2))
        planes = [
            {"leaf_of": [0, *row[1:]] if max([0, *row[1:]]) == 1 else [0] * n, "spines": 1, "bw_up": draw(rates)}
            for row in maps
        ]
        return topology(kind, N=n, planes=planes)
    return topology(kind, a=2)


@SEARCH
@given(graphs())
def test_any_graph_equals_exhaustive_search(graph: Graph) -> None:
    agrees(graph)


@SEARCH
@given(st.one_of(grids(), switched(), folded_clos(), others()).filter(affordable))
def test_every_family_equals_exhaustive_search(network: Topology) -> None:
    agrees(network)
    agrees(network.unroll())


@pytest.mark.parametrize(
    ("family", "parameters", "value"),
    [
        ("torus", {"dims": [3, 5], "bw": [4, 1]}, 14),
        ("hamming", {"dims": [3, 5], "bw": [1, 2]}, 22),
        ("hamming", {"dims": [3, 5], "bw": [5, 1]}, 28),
    ],
)
def test_odd_sides_with_unequal_bandwidth(family: str, parameters: dict[str, Any], value: float) -> None:
    found = bisection(topology(family, **parameters))
    assert (found.status, found.upper) == ("exact", value)


@SEARCH
@given(graphs(12, 8), st.randoms(use_true_random=False))
def test_what_changes_nothing(graph: Graph, random: Any) -> None:
    value = bisection(graph).upper
    n = graph.weights.size
    name = list(range(n))
    random.shuffle(name)
    moved = np.array(name, dtype=np.int32)
    weights = np.zeros(n, dtype=np.int64)
    weights[moved] = graph.weights
    relabelled = Graph(weights, moved[graph.u], moved[graph.v], graph.bandwidth, graph.cables)
    doubled = Graph(graph.weights, graph.u, graph.v, 2 * graph.bandwidth, graph.cables)
    halves: NDArray[Any] = np.concatenate([graph.bandwidth, graph.bandwidth]) / 2
    parallel = Graph(graph.weights, np.tile(graph.u, 2), np.tile(graph.v, 2), halves, np.tile(graph.cables, 2))
    assert bisection(relabelled).upper == pytest.approx(value)
    assert bisection(doubled).upper == pytest.approx(2 * value)
    assert bisection(parallel).upper == pytest.approx(value)


@SEARCH
@given(graphs(10, 6))
def test_a_lost_link_never_helps_and_access_is_the_limit(graph: Graph) -> None:
    assume(graph.u.size > 1)
    value = bisection(graph).upper
    less = Graph(graph.weights, graph.u[1:], graph.v[1:], graph.bandwidth[1:], graph.cables[1:])
    assert bisection(less).upper <= value + 1e-9
    strength = np.bincount(graph.u, graph.bandwidth, graph.weights.size) + np.bincount(
        graph.v, graph.bandwidth, graph.weights.size
    )
    ends = graph.weights > 0
    assert value <= int(ends.sum()) // 2 * strength[ends].max() + 1e-9


def exhaustive_by_weight(graph: Graph, weights: NDArray[np.int64]) -> float:
    """The least cut among the most even divisions of the weights, by trying all colourings."""
    n = graph.weights.size
    sides = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1
    uneven = np.abs(2 * (sides @ weights) - weights.sum())
    best = sides[uneven == uneven.min()].astype(bool)
    return float(((best[:, graph.u] != best[:, graph.v]) @ graph.bandwidth).min())


@SEARCH
@given(graphs(7, 3))
def test_weights_by_injection_equal_exhaustive_search(graph: Graph) -> None:
    shares = np.bincount(graph.u, graph.bandwidth, graph.weights.size)
    shares = shares + np.bincount(graph.v, graph.bandwidth, graph.weights.size)
    weights = np.where(graph.weights > 0, np.rint(2 * shares), 0).astype(np.int64)
    assume(weights.sum() > 0)
    found = bisection(graph, weights="injection")
    assert (found.status, found.upper) == ("exact", pytest.approx(exhaustive_by_weight(graph, weights)))
