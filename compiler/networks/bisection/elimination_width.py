"""Tells beforehand whether a network can be eliminated: by its links alone, without tables."""

import heapq

from compiler.networks.bisection.folding import Folded


def is_narrow(net: Folded, widest: int) -> bool:
    """True when the core can be eliminated, least degree first, down to so many vertices without ever looking at more of
    them together. Endpoints that follow their switches tie those to each other."""
    near = _ties(net)
    waiting = [(len(ends), vertex) for vertex, ends in enumerate(near)]
    heapq.heapify(waiting)
    left = len(near)
    while left > widest:
        degree, vertex = heapq.heappop(waiting)
        if degree != len(near[vertex]):
            continue  # an entry from before its degree changed; a newer one is in the heap
        if degree >= widest:
            return False
        left -= 1
        for other in near[vertex]:
            near[other] |= near[vertex]
            near[other] -= {vertex, other}
            heapq.heappush(waiting, (len(near[other]), other))
        near[vertex] = set()
    return True


def _ties(net: Folded) -> list[set[int]]:
    """The vertices of the core that share a link or a following endpoint with each."""
    near: list[set[int]] = [set() for _ in range(net.core.size)]
    for u, v in zip(net.u.tolist(), net.v.tolist(), strict=True):
        near[u].add(v)
        near[v].add(u)
    for switches in {tuple(row.tolist()) for row in net.neighbours if row.size > 1}:
        for switch in switches:
            near[switch].update(other for other in switches if other != switch)
    return near
