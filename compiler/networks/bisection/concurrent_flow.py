"""All-to-all throughput of a counted network: what every endpoint can send to every other at once, by fractional routing.

A linear program over classes of links. Any routing can be averaged over the symmetries of the network without carrying
less, so one endpoint of each kind stands for all of it. Its own routing looks alike in all copies that it cannot tell
apart: of each class around it its own copy, and all others. So a link class splits into as many as there are classes
shared with the sender, and the program has a few variables for each link that is drawn, however many there are.

The rate found is scaled down by the most that the flow found misses a demand or a capacity by: it is attained. The
prices of the links prove from the other side that no routing does better: with lengths l, every pair that is apart by
d(l) uses that much length of capacity for each unit, so the rate is at most sum(c l) / sum(d) (Leighton & Rao, J. ACM
46, 1999).
"""

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.bisection.counted_graph import Class, copies_of
from compiler.networks.bisection.reduction import Simple

Floats = NDArray[np.float64]

MOST_VARIABLES = 200_000
TIGHT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


@frozen
class PairRate:
    """What every ordered pair of endpoints can send at once, in the unit of the links: attained, and at most."""

    attained: float
    most: float


@frozen(eq=False)
class _Seen:
    """A network as one endpoint at `vertex` sees it: vertices and links by how many classes they share with it.

    `places` maps (vertex, classes shared) to a row of the conservation law, `links` (k, 4) are link, classes shared,
    and the rows of both ends; `copies` (places,) are the vertices at each place, and `many` the endpoints there.
    """

    vertex: int
    senders: int
    source: int
    places: Mapping[tuple[int, int], int]
    links: NDArray[np.int64]
    copies: Floats
    many: Floats


def pair_rate(graph: Simple) -> PairRate | None:
    """The greatest rate at which all ordered pairs of endpoints can send at once; None where it is too large to solve.

    Infinite ends where no two endpoints stand at different vertices.
    """
    loaded = np.flatnonzero(graph.weights).tolist()
    seen = [_seen(graph, vertex) for vertex in loaded]
    if sum(2 * len(one.links) for one in seen) > MOST_VARIABLES:
        return None
    if not any(one.many.sum() > graph.weights[one.vertex] for one in seen):
        return PairRate(np.inf, np.inf)
    if not graph.u.size:
        return PairRate(0.0, 0.0)
    return _solved(graph, seen)


def hose_rate(graph: Simple) -> float | None:
    """A rate that every endpoint can send and receive at once, whoever its partners are; None where it is too large.

    In two phases by way of intermediate vertices in one proportion for all senders (Valiant, A scheme for fast parallel
    communication, SIAM J. Computing 11, 1982): what passes each of them depends on who sends how much in all, not on to
    whom. The proportion is part of the program, so it is the best one that all senders can share.
    """
    loaded = np.flatnonzero(graph.weights).tolist()
    seen = [_seen(graph, vertex) for vertex in loaded]
    if sum(2 * len(one.links) for one in seen) > MOST_VARIABLES:
        return None
    if not graph.u.size:
        return 0.0
    copies = [copies_of(graph.classes, int(home)) for home in graph.home.tolist()]
    demand = np.zeros((sum(one.many.size for one in seen), graph.order))
    begin = 0
    for one in seen:
        for (vertex, _), place in one.places.items():
            share = one.copies[place] / copies[vertex] * one.senders
            demand[begin + place, vertex] += share
            demand[begin + one.source, vertex] -= share
        begin += one.many.size
    solved = _Program(graph, seen).solved(demand, both_ways=True)
    return None if solved is None else solved[0]


def _chain(classes: Sequence[Class], which: int) -> tuple[int, ...]:
    """The classes around one, the outermost first, itself last; the whole is in none."""
    found: list[int] = []
    while which > 0:
        found.append(which)
        which = classes[which].around
    return tuple(reversed(found))


def _shared(one: Sequence[int], other: Sequence[int]) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _copies(classes: Sequence[Class], chain: Sequence[int], common: int, shared: int) -> int:
    """How many copies of a class share exactly so many of their enclosing copies with the sender.

    `common` is how many classes around both are the same; sharing fewer, the next one is another copy of that class.
    """
    counts = [classes[which].copies for which in chain]
    copies = 1
    for level, count in enumerate(counts):
        if level < shared:
            continue
        copies *= count - 1 if level == shared and shared < common else count
    return copies


def _seen(graph: Simple, vertex: int) -> _Seen:
    own = _chain(graph.classes, int(graph.home[vertex]))
    chains = {which: _chain(graph.classes, which) for which in set(graph.home.tolist())}
    places: dict[tuple[int, int], int] = {}
    count: list[float] = []
    many: list[float] = []
    for other, which in enumerate(graph.home.tolist()):
        common = _shared(own, chains[which])
        for shared in range(common + 1):
            copies = _copies(graph.classes, chains[which], common, shared)
            if copies:
                places[(other, shared)] = len(many)
                count.append(float(copies))
                many.append(float(copies) * float(graph.weights[other]))
    links = []
    for link, (u, v) in enumerate(zip(graph.u.tolist(), graph.v.tolist(), strict=True)):
        inner = max(int(graph.home[u]), int(graph.home[v]))
        common = _shared(own, chains[inner])
        for shared in range(common + 1):
            if _copies(graph.classes, chains[inner], common, shared):
                ends = [(one, min(shared, _shared(own, chains[int(graph.home[one])]))) for one in (u, v)]
                links.append((link, shared, places[ends[0]], places[ends[1]]))
    senders = int(graph.weights[vertex]) * copies_of(graph.classes, int(graph.home[vertex]))
    source = places[(vertex, len(own))]
    return _Seen(
        vertex, senders, source, places, np.array(links, dtype=np.int64).reshape(-1, 4), np.array(count), np.array(many)
    )


def _solved(graph: Simple, seen: Sequence[_Seen]) -> PairRate:
    """The program and its dual: flows of each kind of sender, all senders of a kind together, and the rate of a pair."""
    program = _Program(graph, seen)
    demand = np.concatenate([_demand(one) * one.senders for one in seen])
    solved = program.solved(demand[:, None], both_ways=False)
    if solved is None:
        return PairRate(0.0, np.inf)
    rate, prices = solved
    return PairRate(rate, _most(graph, seen, prices[0::2], prices[1::2], program.capacity))


def _demand(one: _Seen) -> Floats:
    """What each place takes when every other endpoint is sent one unit, and the sender gives, shape (places,)."""
    many = one.many.copy()
    many[one.source] -= many.sum()
    return many


class _Program:
    """Flows of each kind of sender over the link classes that it sees, both ways, all senders of a kind together.

    The law: what enters a place less what leaves it is what it takes. `capacity` (links,) is that of all copies of a
    link together, in one direction.
    """

    def __init__(self, graph: Simple, seen: Sequence[_Seen]) -> None:
        self.capacity = graph.capacity * _copies_of_links(graph)
        self.unit = float(self.capacity.max())
        place = np.cumsum([0, *(one.many.size for one in seen)])
        links = np.concatenate([one.links for one in seen])
        offset = np.concatenate([np.full(len(one.links), begin) for one, begin in zip(seen, place, strict=False)])
        self.places = int(place[-1])
        self.u, self.v = links[:, 2] + offset, links[:, 3] + offset
        self.link = links[:, 0]

    def solved(self, demand: Floats, *, both_ways: bool) -> tuple[float, Floats] | None:
        """The most units of all `demand` (places, kinds) together, and the price of each limit; None where none is found.

        Each kind of demand has an amount of its own, the sum of which is made as large as it can be. With `both_ways`
        whatever is sent comes back the same way, so a link is used in one direction by both.
        """
        from scipy.optimize import linprog
        from scipy.sparse import coo_array, csr_array, hstack

        many = self.link.size
        columns = np.arange(many)
        rows = np.concatenate([self.v, self.u])
        there = coo_array((np.repeat([1.0, -1.0], many), (rows, np.tile(columns, 2))), shape=(self.places, many))
        scale = float(np.abs(demand).max(initial=1.0))
        law = hstack([csr_array(-demand / scale), there, -there]).tocsr()
        kinds = demand.shape[1]
        limits = 1 if both_ways else 2
        limit = np.concatenate([limits * self.link, limits * self.link + limits - 1])
        use = coo_array(
            (np.ones(2 * many), (limit, kinds + np.arange(2 * many))), shape=(limits * self.capacity.size, law.shape[1])
        ).tocsr()
        bounds = np.repeat(self.capacity / self.unit, limits)
        cost = np.where(np.arange(law.shape[1]) < kinds, -1.0, 0.0)
        found = linprog(
            cost, use, bounds, law, np.zeros(self.places), bounds=(0, None), method="highs-ds", options=TIGHT
        )
        if found.status != 0:
            return None
        flow = np.maximum(found.x, 0.0)
        missed = float(np.abs(law @ flow).sum())
        over = max(1.0, float((use @ flow / bounds).max(initial=0.0)))
        rate = max(0.0, float(flow[:kinds].sum()) - missed) / over
        return rate / scale * self.unit, np.maximum(-found.ineqlin.marginals, 0.0)


def _copies_of_links(graph: Simple) -> Floats:
    inner = np.maximum(graph.home[graph.u], graph.home[graph.v])
    return np.array([copies_of(graph.classes, which) for which in inner.tolist()], dtype=np.float64)


def _most(graph: Simple, seen: Sequence[_Seen], there: Floats, back: Floats, capacity: Floats) -> float:
    """What no routing exceeds, by lengths of links in either direction: capacity times length over all distances."""
    if not there.any() and not back.any():
        return np.inf
    far = 0.0
    for one in seen:
        distance = _distances(one, there, back)
        apart = one.many.copy()
        apart[one.source] = 0.0
        with np.errstate(invalid="ignore"):
            far += one.senders * float(np.where(apart > 0, distance * apart, 0.0).sum())
    length = float((capacity * (there + back)).sum())
    return length / far if far > 0 else np.inf


def _distances(seen: _Seen, there: Floats, back: Floats) -> Floats:
    """The shortest distance from the sender to each place, shape (places,): Bellman and Ford's rounds over all links."""
    distance = np.full(seen.many.size, np.inf)
    distance[seen.source] = 0.0
    link, u, v = seen.links[:, 0], seen.links[:, 2], seen.links[:, 3]
    for _ in range(seen.many.size):
        before = distance.copy()
        np.minimum.at(distance, v, distance[u] + there[link])
        np.minimum.at(distance, u, distance[v] + back[link])
        if np.array_equal(before, distance):
            break
    return distance
