"""What always holds of counted networks: cuts and routing equal those of the same network with its copies written out."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from compiler.networks.bisection.budget import Budget, TooWide
from compiler.networks.bisection.concurrent_flow import hose_rate, pair_rate
from compiler.networks.bisection.counted_graph import WHOLE, Class, copies_of, is_within
from compiler.networks.bisection.counted_sides import Standing, standings
from compiler.networks.bisection.elimination import least_cut
from compiler.networks.bisection.reduction import Simple, joined, reduced
from tests.judge.flow import pairing, throughput
from tests.judge.graph import Graph, graph

SEARCH = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))

Copy = tuple[int, tuple[int, ...]]
"""A vertex of a counted network in one of its copies: the number of the copy in each class around it, outermost first."""


def chain(classes: tuple[Class, ...], which: int) -> list[int]:
    """The classes around one and itself, the outermost first; the whole is left out."""
    return [*chain(classes, classes[which].around), which] if which > 0 else []


def copies(network: Simple, vertex: int) -> Iterator[Copy]:
    around = chain(network.classes, int(network.home[vertex]))
    for numbers in product(*(range(network.classes[which].copies) for which in around)):
        yield vertex, numbers


def written_out(network: Simple) -> Graph:
    """Every copy of every vertex, and of every link one for each copy of the inner of both ends."""
    weights: dict[object, int] = {
        copy: int(network.weights[vertex]) for vertex in range(network.order) for copy in copies(network, vertex)
    }
    links: list[tuple[object, object, float]] = []
    for u, v, capacity in zip(network.u.tolist(), network.v.tolist(), network.capacity.tolist(), strict=True):
        inner, outer = sorted((u, v), key=lambda one: -int(network.home[one]))
        depth = len(chain(network.classes, int(network.home[outer])))
        links += [((inner, at), (outer, at[:depth]), capacity) for _, at in copies(network, inner)]
    return graph(weights, links)


@st.composite
def counted(draw: st.DrawFn, vertices: int = 5) -> Simple:
    """A small network of up to two classes, side by side or one in the other."""
    classes = [WHOLE]
    for _ in range(draw(st.integers(0, 2))):
        classes.append(Class(draw(st.integers(0, len(classes) - 1)), draw(st.integers(2, 3))))
    order = draw(st.integers(2, vertices))
    home = [draw(st.integers(0, len(classes) - 1)) for _ in range(order)]
    weights = [draw(st.sampled_from([0, 1, 1, 2])) for _ in range(order)]
    pairs = [
        (u, v)
        for u in range(order)
        for v in range(u)
        if is_within(classes, home[u], home[v]) or is_within(classes, home[v], home[u])
    ]
    links = (
        draw(st.lists(st.tuples(st.sampled_from(pairs), st.integers(1, 6)), min_size=1, max_size=9)) if pairs else []
    )
    u, v = (np.array([pair[end] for pair, _ in links], dtype=np.int64) for end in (0, 1))
    capacity = np.array([rate for _, rate in links], dtype=np.float64)
    return joined(np.array(weights), u, v, capacity, np.array(home), tuple(classes))


def least_by_total(network: Graph) -> dict[int, float]:
    """The least cut for each number of endpoints on side A, by trying every division."""
    order = len(network.weights)
    sides = (np.arange(1 << order)[:, None] >> np.arange(order)) & 1
    cut = np.zeros(1 << order)
    for u, v, capacity in network.edges:
        cut += capacity * (sides[:, u] != sides[:, v])
    least: dict[int, float] = defaultdict(lambda: np.inf)
    for total, capacity in zip((sides @ np.array(network.weights)).tolist(), cut.tolist(), strict=True):
        least[total] = min(least[total], capacity)
    return least


def small(network: Simple) -> Graph:
    """The network written out, when it has few enough vertices to be enumerated."""
    whole = sum(copies_of(network.classes, int(home)) for home in network.home.tolist())
    assume(whole <= 14)
    return written_out(network)


def side_of(found: tuple[Standing, ...], network: Simple) -> dict[Copy, bool]:
    """The side of every copy of every vertex; none may stand twice."""
    sides: dict[Copy, bool] = {}
    for one in found:
        around = chain(network.classes, int(network.home[one.vertex]))
        for numbers in product(*(range(*one.where[which]) for which in around)):
            assert (one.vertex, numbers) not in sides
            sides[(one.vertex, numbers)] = one.side
    return sides


@SEARCH
@given(counted())
def test_a_counted_cut_is_the_least_of_all_divisions(network: Simple) -> None:
    truth = least_by_total(small(network))

    for total in range(network.endpoints + 1):
        found = least_cut(network, total)

        assert (found.lower, found.upper) == (pytest.approx(truth[total]), pytest.approx(truth[total])), total


@SEARCH
@given(counted())
def test_making_a_counted_network_small_changes_no_cut(network: Simple) -> None:
    truth = least_by_total(small(network))
    made_small = reduced(network)

    assert made_small.graph.order <= network.order
    for total in range(network.endpoints + 1):
        assert least_cut(made_small.graph, total).upper == pytest.approx(truth[total]), total


@SEARCH
@given(counted(), st.data())
def test_the_division_behind_a_cut_has_the_total_and_cuts_what_is_claimed(network: Simple, data: st.DataObject) -> None:
    small(network)
    total = data.draw(st.integers(0, network.endpoints))
    found = least_cut(network, total)
    assume(np.isfinite(found.upper))

    sides = side_of(standings(found), network)

    assert set(sides) == {copy for vertex in range(network.order) for copy in copies(network, vertex)}
    assert sum(int(network.weights[vertex]) for (vertex, _), on_a in sides.items() if on_a) == total
    capacity = 0.0
    for u, v, each in zip(network.u.tolist(), network.v.tolist(), network.capacity.tolist(), strict=True):
        inner, outer = sorted((u, v), key=lambda one: -int(network.home[one]))
        depth = len(chain(network.classes, int(network.home[outer])))
        capacity += each * sum(sides[(inner, at)] != sides[(outer, at[:depth])] for _, at in copies(network, inner))
    assert capacity == pytest.approx(found.upper)


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        (Budget(widest=3), "6 vertices that must be looked at together"),
        (Budget(entries=63), "a table of 64 entries"),
        (Budget(steps=10), "the work it takes"),
    ],
)
def test_a_budget_ends_with_its_reason(budget: Budget, reason: str) -> None:
    u, v = np.triu_indices(6, 1)
    everyone = joined(np.ones(6, dtype=np.int64), u, v, np.ones(u.size))

    with pytest.raises(TooWide, match=reason):
        least_cut(everyone, 3, budget)


@settings(SEARCH, max_examples=60)
@given(counted(vertices=4))
def test_all_to_all_by_counts_is_all_to_all_of_the_whole(network: Simple) -> None:
    whole = small(network)
    assume(whole.total >= 2)
    demand = {
        (u, v): float(one * other)
        for u, one in enumerate(whole.weights)
        for v, other in enumerate(whole.weights)
        if u != v and one * other
    }

    found = pair_rate(network)

    assert found is not None
    assert found.attained == pytest.approx(throughput(whole, demand), rel=1e-6, abs=1e-9)
    assert found.attained <= found.most * (1 + 1e-9)
    if found.attained:
        assert found.most == pytest.approx(found.attained, rel=1e-6)


@settings(SEARCH, max_examples=30)
@given(counted(vertices=4))
def test_a_hose_rate_serves_every_pairing(network: Simple) -> None:
    whole = small(network)
    ends = [vertex for vertex, weight in enumerate(whole.weights) for _ in range(weight)]
    assume(2 <= len(ends) <= 5)

    found = hose_rate(network)

    if found is None:
        assert len(set(ends)) == 1
    else:
        for partners in permutations(range(len(ends))):
            assert found <= pairing(whole, partners, ends) * (1 + 1e-6)
