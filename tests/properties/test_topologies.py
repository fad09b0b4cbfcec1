"""What a topology says symbolically is what its unrolled graph shows, for every family, over random parameters."""

import math
from typing import Any, get_type_hints

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path

from compiler.networks.topologies.catalogue import families, topology
from compiler.networks.topologies.connectivity import components
from compiler.networks.topologies.family import Family, Request
from compiler.networks.topologies.hops import search
from compiler.networks.topologies.parameters import Amount, Count, Rate
from compiler.networks.topologies.topology import Topology, TopologyError
from compiler.networks.topologies.without import without
from compiler.workspace.expressions import topology_call
from compiler.workspace.topology_text import call_text

SMALL = st.integers(1, 5)
RATE = st.sampled_from([1.0, 2.0, 0.5, 25.0])


def shapes(most: int = 3) -> st.SearchStrategy[list[int]]:
    return st.lists(SMALL, min_size=1, max_size=most)


def with_axes(extra: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Dimensions, with a bandwidth for all axes or for each."""
    return shapes().flatmap(
        lambda dims: st.fixed_dictionaries(
            {"dims": st.just(dims)},
            optional={"bw": RATE | st.lists(RATE, min_size=len(dims), max_size=len(dims))} | extra,
        )
    )


def wraps() -> dict[str, st.SearchStrategy[Any]]:
    return {"wrap": st.booleans(), "wrap2": st.sampled_from(["single", "double"])}


@st.composite
def clos3(draw: st.DrawFn) -> dict[str, Any]:
    pods = draw(st.integers(1, 4))
    leaves = draw(st.integers(1, 3) | st.lists(st.integers(1, 3), min_size=pods, max_size=pods))
    total = leaves * pods if isinstance(leaves, int) else sum(leaves)
    counts = st.integers(0, 3)
    of_pods, of_leaves = (
        st.lists(counts, min_size=pods, max_size=pods),
        st.lists(counts, min_size=total, max_size=total),
    )
    return {
        "pods": pods,
        "leaves_per_pod": leaves,
        "eps_per_leaf": draw(counts | of_pods | of_leaves),
        "aggs_per_pod": draw(st.integers(1, 3)),
        "cores_per_group": draw(st.integers(1, 3)),
        "bw_up": draw(RATE),
        "trunk_up": draw(st.integers(1, 2)),
        "trunk_core": draw(st.integers(1, 2)),
    }


@st.composite
def leaf_spine(draw: st.DrawFn) -> dict[str, Any]:
    leaves = draw(SMALL)
    counts = st.integers(0, 4)
    return {
        "leaves": leaves,
        "spines": draw(st.integers(0, 3)),
        "eps_per_leaf": draw(counts | st.lists(counts, min_size=leaves, max_size=leaves)),
        "bw_up": draw(RATE),
        "trunk": draw(st.integers(1, 3)),
    }


@st.composite
def xgft(draw: st.DrawFn) -> dict[str, Any]:
    height = draw(st.integers(1, 3))
    of_tiers = st.lists(st.integers(1, 3), min_size=height, max_size=height)
    return {"m": draw(of_tiers), "w": draw(of_tiers), "par": draw(of_tiers), "bw": draw(RATE)}


@st.composite
def dragonfly(draw: st.DrawFn) -> dict[str, Any]:
    a, h = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    g = draw(st.integers(1, min(a * h + 1, 7)))
    most = a * h // max(g - 1, 1)
    return {
        "a": a,
        "p": draw(st.integers(1, 2)),
        "h": h,
        "g": g,
        "K": draw(st.none() | st.integers(1, most)),
        "arrangement": draw(st.sampled_from(["relative", "absolute"])),
        "bw_g": draw(RATE),
    }


@st.composite
def dragonfly_plus(draw: st.DrawFn) -> dict[str, Any]:
    sizes = draw(dragonfly())
    sizes["spines"], sizes["leaves"] = sizes.pop("a"), draw(st.integers(1, 3))
    return sizes


@st.composite
def jellyfish(draw: st.DrawFn) -> dict[str, Any]:
    n = draw(st.integers(2, 14))
    return {"n": n, "r": draw(st.integers(1, n - 1)), "T": draw(st.integers(0, 3)), "seed": draw(st.integers(0, 99))}


def edges(vertices: int) -> st.SearchStrategy[list[Any]]:
    pair = st.tuples(st.integers(0, vertices - 1), st.integers(0, vertices - 1)).filter(lambda ends: ends[0] != ends[1])
    full = st.tuples(pair, RATE, st.integers(1, 3)).map(lambda row: [*row[0], row[1], row[2]])
    return st.lists(pair.map(list) | full, max_size=12) if vertices > 1 else st.just([])


@st.composite
def switch_graph(draw: st.DrawFn) -> dict[str, Any]:
    switches = draw(SMALL)
    counts = st.integers(0, 3)
    return {
        "switches": switches,
        "T": draw(counts | st.lists(counts, min_size=switches, max_size=switches)),
        "bw_ep": draw(RATE | st.lists(RATE, min_size=switches, max_size=switches)),
        "edges": draw(edges(switches)),
    }


@st.composite
def explicit(draw: st.DrawFn) -> dict[str, Any]:
    weights = draw(st.lists(st.integers(0, 1), min_size=1, max_size=10))
    return {"weights": weights, "edges": draw(edges(len(weights)))}


@st.composite
def rail(draw: st.DrawFn) -> dict[str, Any]:
    nodes = draw(SMALL)
    return {
        "nodes": nodes,
        "gpus": draw(st.integers(1, 4)),
        "bw_nv": draw(st.sampled_from([0, 9])),
        "spines": draw(st.integers(0, 2)),
        "trunk": draw(st.integers(1, 2)),
        "leaves_per_rail": draw(st.integers(1, nodes + 1)),
    }


@st.composite
def multiplane(draw: st.DrawFn) -> dict[str, Any]:
    n = draw(st.integers(1, 10))
    places = st.lists(st.integers(0, 3), min_size=n, max_size=n) | st.integers(1, 4)
    plane = st.fixed_dictionaries({"leaf_of": places, "spines": st.integers(0, 2)}, optional={"trunk": st.just(2)})
    return {"N": n, "planes": draw(st.lists(plane, min_size=1, max_size=3))}


ORDINARY: dict[object, st.SearchStrategy[Any]] = {Count: st.integers(1, 9), Amount: st.integers(0, 9), Rate: RATE}
"""Values of the parameters that hang together with no other, by their type."""


def ordinary(family: Family) -> st.SearchStrategy[dict[str, Any]]:
    """The parameters of a family, each drawn for itself."""
    types = get_type_hints(family.function, include_extras=True)
    odd = [name for name in family.parameters if types[name] not in ORDINARY]
    assert not odd, f"`{family.name}` needs a line in HANGING: {', '.join(odd)} cannot be drawn by the type alone"
    return st.fixed_dictionaries({name: ORDINARY[types[name]] for name in family.parameters})


def sized(**parameters: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(parameters)


HANGING: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "bcube": sized(n=st.integers(1, 3), k=st.integers(0, 2), bw=RATE),
    "clos": sized(
        n=st.integers(1, 24),
        ports=st.just(12),
        tiers=st.integers(2, 3),
        oversubscription=st.sampled_from([1, 2, 3]),
        planes=st.integers(1, 2),
    ),
    "clos3": clos3(),
    "dragonfly": dragonfly(),
    "dragonfly_plus": dragonfly_plus(),
    "explicit": explicit(),
    "fat_tree": sized(k=st.sampled_from([2, 4, 6]), pods=st.none() | st.integers(1, 2), bw=RATE),
    "full_mesh_nd": with_axes({}),
    "hamming": with_axes({}),
    "hypercube": sized(d=st.integers(0, 5), bw=RATE),
    "hyperx": with_axes({}).flatmap(lambda axes: sized(T=SMALL, bw_ep=RATE).map(lambda own: axes | own)),
    "jellyfish": jellyfish(),
    "leaf_spine": leaf_spine(),
    "mesh": with_axes({}),
    "multiplane": multiplane(),
    "polarfly": sized(q=st.sampled_from([2, 3, 4, 5]), p=st.integers(0, 2)),
    "rail": rail(),
    "rail_clos": st.sampled_from([(6, 1, 3), (6, 3, 3), (8, 2, 2), (4, 4, 1), (5, 2, 2), (5, 3, 1), (7, 4, 2)]).map(
        lambda row: {"nodes": row[0], "su": row[1], "gpus": row[2], "ports": 12}
    ),
    "slimfly": sized(q=st.sampled_from([3, 4, 5]), p=st.integers(0, 2)),
    "switch_graph": switch_graph(),
    "switched_torus": with_axes(wraps()).flatmap(lambda axes: sized(T=SMALL, bw_ep=RATE).map(lambda own: axes | own)),
    "torus": with_axes(wraps()),
    "twisted_torus": sized(a=st.integers(2, 6), bw=RATE),
    "ub_mesh": with_axes({}),
    "xgft": xgft(),
}
"""Parameters of the families in which one hangs together with another, or large ones take long."""

FAMILIES = {name: HANGING[name] if name in HANGING else ordinary(family) for name, family in families().items()}


def hops(network: Topology) -> tuple[int | None, float | None]:
    """Diameter and mean distance by scipy, which shares no code with ours."""
    graph, n = network.unroll(), network.endpoints
    if n <= 1:
        return 0, 0.0
    rows = coo_array((np.ones(graph.u.size), (graph.u, graph.v)), shape=(network.vertices, network.vertices))
    lengths = shortest_path(rows.tocsr(), directed=False, unweighted=True, indices=range(n))[:, :n]
    if np.isinf(lengths).any():
        return None, None
    return int(lengths.max()), float(lengths.sum() / (n * (n - 1)))


def tier_of(network: Topology) -> np.ndarray:
    return np.repeat([tier.name for tier in network.tiers], [tier.count for tier in network.tiers])


def agrees_with_its_graph(network: Topology) -> None:
    graph = network.unroll()
    names, outside = tier_of(network), graph.weights == 1
    assert network.vertices == graph.weights.size and network.endpoints == graph.weights.sum()
    assert outside[: network.endpoints].all()
    assert network.links == graph.cables.sum()
    assert network.links_fabric == graph.cables[outside[graph.u] == outside[graph.v]].sum()
    assert (graph.u != graph.v).all()
    classes: dict[tuple[str, str, float], int] = {}
    for u, v, bandwidth, cables in zip(graph.u, graph.v, graph.bandwidth, graph.cables, strict=True):
        key = (names[u], names[v], bandwidth / cables)
        classes[key] = classes.get(key, 0) + cables
    assert classes == {(row.lower, row.upper, row.bandwidth): row.count for row in network.link_classes}
    degree = np.bincount(graph.u, graph.cables, network.vertices) + np.bincount(graph.v, graph.cables, network.vertices)
    assert degree.sum() == 2 * network.links
    assert {tier.name: tier.ports for tier in network.tiers} == {
        tier.name: degree[names == tier.name].max(initial=0) for tier in network.tiers
    }
    diameter, average = hops(network)
    assert network.diameter == diameter
    assert network.average_hops == pytest.approx(average)
    assert (components(graph) > 1) == (diameter is None)


def folds_onto_its_switches(network: Topology) -> None:
    folded, graph, n = network.switch_graph(), network.unroll(), network.endpoints
    if folded is None:
        return
    access, fabric = graph.u < n, graph.u >= n
    hung = np.zeros(network.switches)
    bandwidth = np.zeros(network.switches)
    hung[: hung.size] = np.bincount(graph.v[access] - n, minlength=hung.size)
    bandwidth[: hung.size] = np.bincount(graph.v[access] - n, graph.bandwidth[access], minlength=hung.size)
    assert (folded.endpoints == hung).all()
    assert folded.endpoints * folded.bandwidth == pytest.approx(bandwidth)
    rows = sorted(zip(graph.u[fabric] - n, graph.v[fabric] - n, graph.bandwidth[fabric], strict=True))
    assert rows == sorted(zip(folded.graph.u, folded.graph.v, folded.graph.bandwidth, strict=True))


def test_no_strategy_is_left_over() -> None:
    assert HANGING.keys() <= families().keys()


@pytest.mark.parametrize("name", FAMILIES)
def test_what_a_family_says_is_what_its_graph_shows(name: str) -> None:
    @settings(max_examples=80, deadline=None, derandomize=True, database=None)
    @given(FAMILIES[name])
    def holds(parameters: dict[str, Any]) -> None:
        network = topology(name, **parameters)
        agrees_with_its_graph(network)
        folds_onto_its_switches(network)

    holds()


@pytest.mark.parametrize("name", ["leaf_spine", "torus", "rail", "multiplane", "clos3", "explicit"])
def test_a_network_without_some_parts_still_agrees_with_its_graph(name: str) -> None:
    @settings(max_examples=25, deadline=None, derandomize=True, database=None)
    @given(FAMILIES[name], st.data())
    def holds(parameters: dict[str, Any], data: st.DataObject) -> None:
        network = topology(name, **parameters)
        rows = sum(row.rows for row in network.bundles)
        links = data.draw(st.lists(st.integers(0, rows - 1), max_size=4)) if rows else []
        count = network.switches
        switches = data.draw(st.lists(st.integers(0, count - 1), max_size=2, unique=True)) if count else []
        left = without(network, links, switches)
        agrees_with_its_graph(left)
        folds_onto_its_switches(left)
        assert left.switches == network.switches - len(switches)
        assert left.endpoints == network.endpoints
        assert switches or network.links - left.links <= len(links)

    holds()


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_a_topology_that_is_printed_can_be_typed_back(name: str) -> None:
    @settings(max_examples=20, deadline=None, derandomize=True, database=None)
    @given(FAMILIES[name])
    def holds(parameters: dict[str, Any]) -> None:
        network = topology(name, **parameters)
        family, typed = topology_call(call_text(network.family, network.parameters))
        again = topology(family, **typed)
        assert (again.family, again.parameters) == (network.family, network.parameters)
        assert again.link_classes == network.link_classes

    holds()


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(
    name=st.sampled_from(["star", "clos", "fat_tree", "leaf_spine", "clos3", "rail", "full_mesh", "ring", "hypercube"]),
    endpoints=st.integers(1, 200),
    ports=st.sampled_from([4, 8, 16, 32, 64]),
    given_=st.sampled_from([{}, {"tiers": 2}, {"tiers": 3}, {"rails": 4}, {"oversubscription": 2.0}]),
)
def test_sizes_that_follow_hold_the_endpoints_and_fit_the_ports(
    name: str, endpoints: int, ports: int, given_: dict[str, Any]
) -> None:
    member = families()[name]
    known = {key: value for key, value in given_.items() if key in {**member.parameters, **member.words}}
    sizes = member.solve(Request(endpoints, ports, given=known))
    assert bool(sizes.answers) != bool(sizes.reason)
    for answer in sizes.answers:
        network = member(**answer)
        assert network.endpoints == endpoints
        for tier in network.tiers:
            assert tier.is_endpoint or tier.name == "nvswitch" or tier.ports <= ports
        if name in ("clos", "leaf_spine"):
            leaf = next(tier for tier in network.tiers if not tier.is_endpoint)
            down = -(-endpoints // leaf.count)
            assert leaf.ports - down >= math.floor(down / known.get("oversubscription", 1))


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(
    st.sampled_from(sorted(FAMILIES)), st.dictionaries(st.sampled_from(["n", "dims", "k", "q", "a", "T"]), st.none())
)
def test_nonsense_is_refused_with_its_condition(name: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(TopologyError):
        topology(name, nonsense=1, **parameters)


@pytest.mark.parametrize("name", ["dragonfly", "dragonfly_plus"])
def test_a_search_from_one_group_is_a_search_from_all(name: str) -> None:
    @settings(max_examples=15, deadline=None, derandomize=True, database=None)
    @given(FAMILIES[name])
    def holds(parameters: dict[str, Any]) -> None:
        network = topology(name, **parameters)
        found = search(network)
        assert (network.diameter, network.average_hops) == (found.diameter, pytest.approx(found.average))

    holds()
