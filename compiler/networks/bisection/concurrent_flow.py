"""All-to-all throughput of a counted network: the rate at which every endpoint sends to every other, by fractional routing.

A linear program over classes of links. Any routing can be averaged over the symmetries of the network without carrying
less, so one endpoint of each kind stands for all of it, and its own routing looks alike in all copies that it cannot
tell apart (`sender_view`): the program has a few variables for each link that is drawn, however many there are.

The rate found is scaled down by the most that the flow found misses a demand or a capacity by: it is attained. The
prices of the links prove from the other side that no routing does better: with lengths l, every pair that is apart by
d(l) uses that much length of capacity for each unit, so the rate is at most sum(c l) / sum(d) (Leighton & Rao, J. ACM
46, 1999).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from compiler.networks.bisection.counted_graph import copies_of
from compiler.networks.bisection.lower_hull import Floats
from compiler.networks.bisection.reduction import Simple
from compiler.networks.bisection.sender_view import SenderView, sender_views

if TYPE_CHECKING:
    from compiler.networks.bisection.flow_program import Routing

MOST_VARIABLES = 200_000


@frozen
class PairRate:
    """The rate at which all ordered pairs of endpoints can send at once, in the unit of the links: one that is attained,
    and one that no routing exceeds."""

    attained: float
    most: float


def pair_rate(graph: Simple) -> PairRate | None:
    """The greatest rate at which all ordered pairs of endpoints can send at once; None where it is too large to solve.

    Infinite ends where no two endpoints stand at different vertices.
    """
    views = sender_views(graph)
    if _is_too_large(views):
        return None
    if not any(view.has_partners for view in views):
        return PairRate(np.inf, np.inf)
    if not graph.u.size:
        return PairRate(0.0, 0.0)
    demand = np.concatenate([_all_to_all(view) * view.senders for view in views])
    found = _routing(graph, views, demand[:, None], both_ways=False)
    if found is None:
        return PairRate(0.0, np.inf)
    return PairRate(found.rate, _most(views, found))


def hose_rate(graph: Simple) -> float | None:
    """A rate that every endpoint can send and receive at once, whoever its partners are; None where it is too large.

    In two phases by way of intermediate vertices in one proportion for all senders (Valiant, A scheme for fast parallel
    communication, SIAM J. Computing 11, 1982): what passes each of them depends on who sends how much in all, not on to
    whom. The proportion is part of the program, so it is the best one that all senders can share.
    """
    views = sender_views(graph)
    if _is_too_large(views):
        return None
    if not graph.u.size:
        return 0.0
    demand = np.concatenate([_by_intermediate(graph, view) for view in views])
    found = _routing(graph, views, demand, both_ways=True)
    return None if found is None else found.rate


def _is_too_large(views: Sequence[SenderView]) -> bool:
    return sum(2 * len(view.links) for view in views) > MOST_VARIABLES


def _routing(graph: Simple, views: Sequence[SenderView], demand: Floats, *, both_ways: bool) -> "Routing | None":
    from compiler.networks.bisection.flow_program import FlowProgram

    return FlowProgram(graph, views).routing(demand, both_ways=both_ways)


def _all_to_all(view: SenderView) -> Floats:
    """The demand of one sender with a unit for every other endpoint, shape (places,): taken there, given at its source."""
    demand = view.endpoints.copy()
    demand[view.source] -= demand.sum()
    return demand


def _by_intermediate(graph: Simple, view: SenderView) -> Floats:
    """The demand of all senders of a kind for each intermediate vertex, its copies alike, shape (places, vertices)."""
    demand = np.zeros((view.copies.size, graph.order))
    for (vertex, _), place in view.places.items():
        share = view.copies[place] / copies_of(graph.classes, int(graph.home[vertex])) * view.senders
        demand[place, vertex] += share
        demand[view.source, vertex] -= share
    return demand


def _most(views: Sequence[SenderView], found: "Routing") -> float:
    """The rate that no routing exceeds, with the prices as lengths of links: capacity times length over all distances."""
    there, back = found.prices[0::2], found.prices[1::2]
    if not found.prices.any():
        return np.inf
    far = 0.0
    for view in views:
        apart = view.endpoints.copy()
        apart[view.source] = 0.0
        with np.errstate(invalid="ignore"):
            far += view.senders * float(np.where(apart > 0, _distances(view, there, back) * apart, 0.0).sum())
    length = float((found.capacity * (there + back)).sum())
    return length / far if far > 0 else np.inf


def _distances(view: SenderView, there: Floats, back: Floats) -> Floats:
    """The shortest distance from the sender to each place, shape (places,): Bellman and Ford's rounds over all links.

    `there` and `back` (links,) are the lengths of a link in either direction.
    """
    distance = np.full(view.copies.size, np.inf)
    distance[view.source] = 0.0
    link, u, v = view.links[:, 0], view.links[:, 2], view.links[:, 3]
    for _ in range(view.copies.size):
        before = distance.copy()
        np.minimum.at(distance, v, distance[u] + there[link])
        np.minimum.at(distance, u, distance[v] + back[link])
        if np.array_equal(before, distance):
            break
    return distance
