"""A topology without what failed: some of its links, some of its switches."""

from collections.abc import Sequence

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from compiler.networks.topologies.topology import Links, Tier, TierLinks, Topology, TopologyError
from compiler.networks.topologies.wiring import Integers, listed, wired


def without(topology: Topology, links: Sequence[int] = (), switches: Sequence[int] = ()) -> Topology:
    """The network without some rows of links and some switches with all links on them, by number.

    `links` are rows of the unrolled graph, each losing one cable for every time it is named; `switches` are numbered
    from 0. Endpoints stay, cut off or not. Symmetry is gone, so `structure` is None and distances are searched.
    Raises `TopologyError` for what is not there.
    """
    rows = topology.arrays()
    cables = np.array([row.cables for row in topology.bundles], dtype=np.int64)[rows.kind]
    np.subtract.at(cables, _numbers(links, rows.u.size, "links"), 1)
    alive = np.ones(topology.vertices, dtype=bool)
    alive[topology.endpoints + _numbers(switches, topology.switches, "switches")] = False
    cables[~(alive[rows.u] & alive[rows.v])] = 0
    bundles, tiers = _left(topology, rows, np.maximum(cables, 0), alive)
    changed = wired(tiers, bundles)
    whole = changed.switches == topology.switches and _access(changed.bundles) == _access(topology.bundles)
    return evolve(
        changed,
        family=topology.family,
        parameters={**topology.parameters, "failed": {"links": tuple(links), "switches": tuple(switches)}},
        hanging=topology.hanging if whole else None,
    )


def _access(bundles: Sequence[TierLinks]) -> int:
    return sum(row.rows * row.cables for row in bundles if row.lower == "endpoint")


def _numbers(chosen: Sequence[int], size: int, what: str) -> NDArray[np.int64]:
    numbers = np.asarray(chosen, dtype=np.int64).reshape(-1)
    if numbers.size and (numbers.min() < 0 or numbers.max() >= size):
        raise TopologyError(f"`{what}` are numbered 0 to {size - 1:,}", parameter=what)
    return numbers


def _left(
    topology: Topology, rows: Links, cables: NDArray[np.int64], alive: NDArray[np.bool_]
) -> tuple[list[TierLinks], list[Tier]]:
    """Bundles of the rows that keep cables, and the tiers with what is left of them."""
    ports = np.bincount(rows.u, cables, alive.size) + np.bincount(rows.v, cables, alive.size)
    place = np.zeros(alive.size, dtype=np.int64)  # number of a vertex within its tier, the failed left out
    tiers, begin = [], 0
    for tier in topology.tiers:
        own = slice(begin, begin + tier.count)
        place[own] = np.cumsum(alive[own]) - 1
        tiers.append(evolve(tier, count=int(alive[own].sum()), ports=int(ports[own].max(initial=0))))
        begin += tier.count
    bundles = []
    for kind, row in enumerate(topology.bundles):
        own_rows = rows.kind == kind
        for left in np.unique(cables[own_rows & (cables > 0)]):
            chosen = np.flatnonzero(own_rows & (cables == left))
            ends = place[rows.u[chosen]], place[rows.v[chosen]]
            bundles.append(_kept(row, ends, int(left)))
    return bundles, tiers


def _kept(row: TierLinks, ends: tuple[Integers, Integers], cables: int) -> TierLinks:
    return listed(row.lower, row.upper, ends[0].size, lambda: ends, row.bandwidth, cables)
