"""The quickest ways between all endpoints of a counted graph: what the longest of them passes, and all on average.

Within a copy of a class, and between a copy and what stands around it, a way of the counted graph is one of the network
and the other way round: each link of a class leads to its own copy or outwards. Between two copies of a class a way
leaves the class, so that the quickest is by one of the vertices to which its links lead: to there, and from there on.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.bisection.counted_graph import copies_of
from compiler.networks.latency.passages import NOTHING
from compiler.networks.latency.way_graph import WayGraph
from compiler.networks.topologies.topology import TopologyError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_PAIRS = 2_000_000
"""Pairs of an endpoint and a vertex, of the counted graph, up to which ways are searched: some 100 MB."""
MOST_STEPS = 200_000_000
"""Links that all searches together may look at: some seconds."""
BLOCK = 2_000_000
"""Links looked at in one go: some 50 MB."""


@frozen(eq=False)
class Passed:
    """Counts of each passage, shape (passages,), on the longest of the quickest ways, and on all of them on average."""

    largest: Floats
    mean: Floats


@frozen(eq=False)
class _Ways:
    """The quickest ways from the endpoints `sources` (s,) to every vertex: their time (s, vertices), the switch at their end
    included, and how many they pass of each passage, (passages, s, vertices)."""

    sources: Ints
    time: Floats
    passed: NDArray[np.int32]


@frozen(eq=False)
class _Pairs:
    """Ordered pairs of endpoints: how many each stands for, (n, n), the time between them, and what the way between passes,
    (passages, n, n)."""

    many: Floats
    time: Floats
    passed: NDArray[np.int32]


def quickest(graph: WayGraph, delays: Floats) -> Passed | None:
    """Passages on the quickest ways if each passage takes so long, shape (passages,); an infinite one is not there.

    None where some endpoints never meet, or there is one alone. Raises `TopologyError` where there is too much to search.
    """
    ways = _ways(graph, delays)
    number, summed = 0.0, np.zeros(delays.size)
    most, largest = -1.0, np.zeros(delays.size)
    for pairs in _all_pairs(graph, ways, delays):
        there = pairs.many > 0
        if not np.isfinite(pairs.time[there]).all():
            return None
        number += float(pairs.many.sum())
        summed += (pairs.passed * pairs.many).sum(axis=(1, 2))
        time = np.where(there, pairs.time, -1.0)
        far = np.unravel_index(int(time.argmax()), time.shape) if time.size else None
        if far is not None and time[far] > most:
            most, largest = float(time[far]), pairs.passed[:, far[0], far[1]].astype(np.float64)
    return Passed(largest, summed / number) if number else None


# ---- ways from each endpoint -------------------------------------------------------------------


def _ways(graph: WayGraph, delays: Floats) -> _Ways:
    """The quickest ways, by relaxing all links until none is quicker: the rounds are the links of the longest way."""
    order, sources = graph.weights.size, np.flatnonzero(graph.weights)
    if sources.size * order > MOST_PAIRS:
        raise TopologyError(f"ways from {sources.size:,} unlike endpoints to {order:,} parts are too many to search")
    rows = _directed(graph, delays)
    time = np.full((sources.size, order), np.inf)
    time[np.arange(sources.size), sources] = 0.0
    passed = np.zeros((delays.size, *time.shape), dtype=np.int32)
    many = max(1, BLOCK // max(1, rows.tail.size))
    steps = 0
    for first in range(0, sources.size, many):
        block = slice(first, first + many)
        while rows.tail.size and _relax(rows, graph.relay, time[block], passed[:, block]):
            steps += rows.tail.size * min(many, sources.size)
            if steps > MOST_STEPS:
                raise TopologyError(
                    f"ways from {sources.size:,} unlike endpoints over {rows.tail.size // 2:,} links are too long to search"
                )
    return _Ways(sources, time, passed)


@frozen(eq=False)
class _Rows:
    """Links in both directions, the quickest from each vertex to each other, by the vertex they lead to: what each takes with
    the switch there, and its passage, shapes (rows,); the row where those to each of the vertices `heads` begin."""

    tail: Ints
    head: Ints
    time: Floats
    link: Ints
    starts: Ints
    heads: Ints


def _directed(graph: WayGraph, delays: Floats) -> _Rows:
    tail, head = np.concatenate([graph.u, graph.v]), np.concatenate([graph.v, graph.u])
    link = np.concatenate([graph.link, graph.link])
    time = delays[link] + _relayed(graph, delays)[head]
    quick = np.lexsort((time, tail, head))
    quick = quick[np.isfinite(time[quick])]
    tail, head = tail[quick], head[quick]
    is_first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])][: tail.size]
    tail, head, kept = tail[is_first], head[is_first], quick[is_first]
    heads, starts = np.unique(head, return_index=True)
    return _Rows(tail, head, time[kept], link[kept], starts, heads)


def _relayed(graph: WayGraph, delays: Floats) -> Floats:
    """The time that a way takes through each vertex, shape (vertices,)."""
    return np.append(delays, 0.0)[graph.relay]  # NOTHING is the last


def _relax(rows: _Rows, relay: Ints, time: Floats, passed: NDArray[np.int32]) -> bool:
    """Lengthen some ways by one link wherever that is quicker, `time` (s, vertices) and `passed` (passages, s, vertices) in
    place. True when any was."""
    by_row = time[:, rows.tail] + rows.time
    best = np.minimum.reduceat(by_row, rows.starts, axis=1)
    one, at = np.nonzero(best < time[:, rows.heads])
    if not one.size:
        return False
    sizes = np.diff(np.append(rows.starts, rows.tail.size))
    is_best = by_row == np.repeat(best, sizes, axis=1)
    numbers = np.where(is_best, np.arange(rows.tail.size), rows.tail.size)
    row = np.minimum.reduceat(numbers, rows.starts, axis=1)[one, at]
    head = rows.heads[at]
    passing = passed[:, one, rows.tail[row]]
    passing[rows.link[row], np.arange(row.size)] += 1
    through = np.flatnonzero(relay[head] != NOTHING)
    passing[relay[head][through], through] += 1
    time[one, head], passed[:, one, head] = best[one, at], passing
    return True


# ---- pairs of endpoints ------------------------------------------------------------------------


def _all_pairs(graph: WayGraph, ways: _Ways, delays: Floats) -> Iterator[_Pairs]:
    """All ordered pairs of distinct endpoints: those in one copy of each class that both are in, then for each class those
    in two copies of it."""
    members = _members(graph, ways.sources)
    yield _within_copies(graph, ways, members)
    exits = _exits(graph)
    for which, inside in members.items():
        if graph.classes[which].copies > 1:
            yield _across_copies(graph, ways, which, inside, exits.get(which, np.zeros(0, np.int64)), delays)


def _members(graph: WayGraph, sources: Ints) -> dict[int, Ints]:
    """The places among `sources` of the endpoints in each class but the whole, classes around others first."""
    found: dict[int, list[int]] = defaultdict(list)
    for place, which in enumerate(graph.home[sources].tolist()):
        while which > 0:
            found[which].append(place)
            which = graph.classes[which].around
    return {which: np.array(found[which]) for which in sorted(found)}


def _exits(graph: WayGraph) -> dict[int, Ints]:
    """The vertices outside each class to which its links lead."""
    found: dict[int, set[int]] = defaultdict(set)
    homes = graph.home
    for u, v in zip(graph.u.tolist(), graph.v.tolist(), strict=True):
        inner, outer = (u, v) if homes[u] > homes[v] else (v, u)
        which = int(homes[inner])
        while which > homes[outer]:
            found[which].add(outer)
            which = graph.classes[which].around
    return {which: np.array(sorted(vertices)) for which, vertices in found.items()}


def _copies(graph: WayGraph, ways: _Ways, inside: Ints, which: int) -> Floats:
    """The copies of some endpoints, by their places among the sources, in one copy of a class around them."""
    homes = graph.home[ways.sources[inside]].tolist()
    return np.array([copies_of(graph.classes, home, which) for home in homes], dtype=np.float64)


def _within_copies(graph: WayGraph, ways: _Ways, members: dict[int, Ints]) -> _Pairs:
    everything = np.arange(ways.sources.size)
    copies = _copies(graph, ways, everything, 0)
    many = np.outer(copies, copies)
    for which, inside in members.items():  # inner classes after those around them, so that the innermost of both counts
        copies = _copies(graph, ways, inside, which)
        many[np.ix_(inside, inside)] = copies_of(graph.classes, which) * np.outer(copies, copies)
    np.fill_diagonal(many, 0.0)
    return _Pairs(many, ways.time[:, ways.sources], ways.passed[:, :, ways.sources])


def _across_copies(graph: WayGraph, ways: _Ways, which: int, inside: Ints, exits: Ints, delays: Floats) -> _Pairs:
    """Pairs of endpoints in two copies of a class, by the exit that is quickest for them."""
    if exits.size * inside.size**2 > MOST_STEPS:
        raise TopologyError(
            f"{inside.size:,} unlike endpoints of a part meet by {exits.size:,} ways out of it, too many to search"
        )
    one = graph.classes[which]
    copies = _copies(graph, ways, inside, which)
    around = copies_of(graph.classes, which) * (one.copies - 1)
    many = around * np.outer(copies, copies)
    relayed = _relayed(graph, delays)
    time = np.full(many.shape, np.inf)
    passed = np.zeros((delays.size, *many.shape), dtype=np.int32)
    for exit in exits.tolist():
        there = ways.time[inside, exit]
        by_exit = (
            there[:, None] + there[None, :] - relayed[exit]
            if np.isfinite(relayed[exit])
            else np.full_like(time, np.inf)
        )
        is_quicker = by_exit < time
        time = np.where(is_quicker, by_exit, time)
        to = ways.passed[:, inside, exit]
        both = to[:, :, None] + to[:, None, :]
        if graph.relay[exit] != NOTHING:
            both[graph.relay[exit]] -= 1
        passed = np.where(is_quicker[None], both, passed)
    return _Pairs(many, time, passed)
