"""What can be sent at once: the most that links carry under the best fractional routing, by linear programs."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import permutations, product

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from tests.judge.graph import Graph, twins

Demand = dict[tuple[int, int], float]
"""What goes from one vertex to another, for each unit that an endpoint sends."""


def throughput(network: Graph, demand: Demand) -> float:
    """The most t for which t times the demand can be routed; infinite where nothing is asked of any link.

    Links carry their capacity each way. Flows from one source are one commodity, which ends where demands say.
    """
    wanted = {pair: amount for pair, amount in demand.items() if pair[0] != pair[1] and amount}
    if not wanted:
        return float("inf")
    arcs = [(u, v) for u, v, _ in network.edges] + [(v, u) for u, v, _ in network.edges]
    rates = [rate for _, _, rate in network.edges] * 2
    sources = sorted({source for source, _ in wanted})
    size, last = len(network.weights), len(sources) * len(arcs)
    rows, columns, values = [], [], []
    for place, source in enumerate(sources):
        for arc, (u, v) in enumerate(arcs):
            rows += [place * size + u, place * size + v]
            columns += [place * len(arcs) + arc] * 2
            values += [-1.0, 1.0]
        for (start, end), amount in wanted.items():
            if start == source:
                rows += [place * size + end, place * size + source]
                columns += [last, last]
                values += [-amount, amount]
    balance = coo_array((values, (rows, columns)), shape=(len(sources) * size, last + 1)).tocsr()
    kept = [place * size + at for place, source in enumerate(sources) for at in range(size) if at != source]
    loads = coo_array(
        (np.ones(last), (np.arange(last) % len(arcs), np.arange(last))), shape=(len(arcs), last + 1)
    ).tocsr()
    found = linprog(
        c=np.append(np.zeros(last), -1.0),
        A_eq=balance[kept],
        b_eq=np.zeros(len(kept)),
        A_ub=loads,
        b_ub=rates,
        method="highs",
    )
    if found.status != 0:
        raise ValueError(found.message)
    return float(found.x[-1])


@lru_cache(maxsize=4096)
def all_to_all(network: Graph) -> float:
    """What each endpoint can send at once in equal parts to all others. Needs two endpoints."""
    demand: Demand = defaultdict(float)
    total = network.total
    for source, many in enumerate(network.weights):
        for goal, others in enumerate(network.weights):
            if source != goal:
                demand[source, goal] += many * others / (total - 1)
    return throughput(network, demand)


def pairing(network: Graph, partners: tuple[int, ...], ends: list[int]) -> float:
    """What each endpoint can send when endpoint i of `ends` sends to number `partners[i]` of them."""
    demand: Demand = defaultdict(float)
    for source, partner in enumerate(partners):
        demand[ends[source], ends[partner]] += 1
    return throughput(network, demand)


@lru_cache(maxsize=4096)
def worst_pairing(network: Graph) -> tuple[float, float]:
    """The least over all pairings in which each sends to another; and where endpoints may also send to nobody.

    Endpoints weigh one each, six at most. Pairings that twins turn into each other, or that go the other way, are one.
    """
    ends = [vertex for vertex, weight in enumerate(network.weights) if weight]
    if len(ends) > 6 or any(weight > 1 for weight in network.weights):
        raise ValueError("too many pairings")
    place = {end: at for at, end in enumerate(ends)}
    swaps = _swaps([[place[end] for end in each] for each in twins(network)], len(ends))
    busy, idle, seen = float("inf"), float("inf"), set()
    for partners in permutations(range(len(ends))):
        if partners in seen:
            continue
        back = tuple(partners.index(at) for at in range(len(ends)))
        seen |= {_renumbered(each, swap) for each in (partners, back) for swap in swaps}
        value = pairing(network, partners, ends)
        idle = min(idle, value)
        if all(at != partner for at, partner in enumerate(partners)):
            busy = min(busy, value)
    return busy, idle


def _swaps(classes: list[list[int]], size: int) -> list[tuple[int, ...]]:
    """Every way to renumber twins among themselves."""
    found = []
    for orders in product(*(permutations(each) for each in classes)):
        swap = list(range(size))
        for each, order in zip(classes, orders, strict=True):
            for old, new in zip(each, order, strict=True):
                swap[old] = new
        found.append(tuple(swap))
    return found


def _renumbered(partners: tuple[int, ...], swap: tuple[int, ...]) -> tuple[int, ...]:
    found = [0] * len(partners)
    for at, partner in enumerate(partners):
        found[swap[at]] = swap[partner]
    return tuple(found)
