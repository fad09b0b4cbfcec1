"""The bisection of networks over networks, against every division of small ones."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from compiler.networks.bisection.composed_curve import compose
from compiler.networks.bisection.curve import Nothing
from compiler.networks.bisection.structure import cut_function
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.topology import Graph, Topology


def joined(pods: list[tuple[Topology | None, int, int]], over: Topology) -> Graph:
    """One graph of the outer network and a copy of each pod's network over its run of endpoints."""
    outer = over.unroll()
    us, vs, bandwidths, weights = [outer.u], [outer.v], [outer.bandwidth], [outer.weights]
    first, vertices = 0, outer.weights.size
    for pod, size, count in pods:
        if pod is None:
            first += size * count
            continue
        inner = pod.unroll()
        for _ in range(count):
            place = np.concatenate(
                [np.arange(first, first + pod.endpoints), np.arange(vertices, vertices + pod.switches)]
            )
            us.append(place[inner.u])
            vs.append(place[inner.v])
            bandwidths.append(inner.bandwidth)
            weights.append(np.zeros(pod.switches, np.int64))
            first, vertices = first + pod.endpoints, vertices + pod.switches
    u, v = np.concatenate(us).astype(np.int32), np.concatenate(vs).astype(np.int32)
    bandwidth = np.concatenate(bandwidths)
    return Graph(np.concatenate(weights), u, v, bandwidth, np.ones(u.size, np.int32))


def least(graph: Graph) -> float:
    """The bisection by looking at every half of the endpoints and every colouring of the switches."""
    ends, hubs = np.flatnonzero(graph.weights), np.flatnonzero(graph.weights == 0)
    colourings = ((np.arange(1 << hubs.size)[:, None] >> np.arange(hubs.size)) & 1).astype(bool)
    best = np.inf
    for half in combinations(ends.tolist(), ends.size // 2):
        side: NDArray[np.bool_] = np.zeros((colourings.shape[0], graph.weights.size), bool)
        side[:, list(half)] = True
        side[:, hubs] = colourings
        crossing = (side[:, graph.u] != side[:, graph.v]) @ graph.bandwidth
        best = min(best, float(crossing.min()))
    return best


def pod_networks(size: int) -> st.SearchStrategy[Topology | None]:
    rates = st.sampled_from([0.5, 1.0, 2.0])
    stars = rates.map(lambda bw: topology("star", n=size, bw=bw))
    meshes = rates.map(lambda bw: topology("full_mesh", n=size, bw=bw))
    rings = rates.map(lambda bw: topology("ring", n=size, bw=bw))
    choices = [st.none(), stars, meshes, rings]
    if size % 2 == 0:
        choices.append(
            rates.map(lambda bw: topology("leaf_spine", leaves=2, spines=1, eps_per_leaf=size // 2, bw_up=bw))
        )
    return st.one_of(choices)


def outer_networks(total: int) -> st.SearchStrategy[Topology]:
    leaf_counts = [leaves for leaves in range(1, total + 1) if total % leaves == 0 and leaves <= 4]
    leaves = st.sampled_from(leaf_counts)
    rates = st.sampled_from([0.5, 1.0, 1.5, 3.0])
    tapered = st.tuples(leaves, rates, rates).map(
        lambda x: topology("leaf_spine", leaves=x[0], spines=1, eps_per_leaf=total // x[0], bw_ep=x[1], bw_up=x[2])
    )
    return st.one_of(
        tapered, rates.map(lambda bw: topology("star", n=total, bw=bw)), st.just(topology("ring", n=max(total, 3)))
    )


@st.composite
def compositions(draw: st.DrawFn) -> tuple[list[tuple[Topology | None, int, int]], Topology]:
    size = draw(st.integers(1, 4))
    count = draw(st.integers(1, 8 // size))
    pods = [(draw(pod_networks(size)), size, count)]
    if draw(st.booleans()):
        other = draw(st.integers(1, 3))
        pods.append((draw(pod_networks(other)), other, 1))
    total = sum(size * count for _, size, count in pods)
    return pods, draw(outer_networks(total).filter(lambda t: t.endpoints == total))


@given(compositions())
@settings(max_examples=150, deadline=None)
def test_networks_over_networks_are_bounded_rightly(
    drawn: tuple[list[tuple[Topology | None, int, int]], Topology],
) -> None:
    pods, over = drawn
    parts = [(cut_function(pod) if pod else Nothing(size), count) for pod, size, count in pods]
    whole = compose(parts, cut_function(over))  # type: ignore[arg-type]
    n = whole.endpoints
    lower, upper = (float(end[0]) for end in whole.bounds(np.array([n // 2])))
    truth = least(joined(pods, over))
    assert lower <= truth + 1e-9
    assert truth <= upper + 1e-9
    if whole.is_exact:
        assert abs(lower - upper) <= 1e-9 * max(1.0, upper)
