"""A network written out: its vertices by weight, its links one by one."""

from collections import Counter
from typing import Annotated

from compiler.networks.topologies.edges import Edge, Edges, linked, within
from compiler.networks.topologies.family import family
from compiler.networks.topologies.parameters import many
from compiler.networks.topologies.topology import Hanging, Tier, Topology, TopologyError
from compiler.networks.topologies.wiring import endpoints, wired


def weight(name: str, value: object) -> int:
    """1 for an endpoint, 0 for a switch. Raises `TopologyError` for anything else."""
    if isinstance(value, bool) or value not in (0, 1):
        raise TopologyError(
            f"`{name}` is 1 for an endpoint or 0 for a switch, this is `{value}`",
            parameter=name,
            help="hang several endpoints on a switch instead",
        )
    return int(value == 1)


@family("explicit")
def explicit(weights: Annotated[tuple[int, ...], many(weight)], edges: Edges) -> Topology:
    """Vertices of `weights` 1 (endpoint) or 0 (switch), linked by `edges` [u, v, bw, count].

    Unrolled, endpoints come first in their order, then switches in theirs.
    """
    within(edges, len(weights), "vertices")
    total = sum(weights)
    places: list[tuple[str, int]] = []
    seen = Counter[int]()
    for own in weights:
        places.append(("endpoint" if own else "switch", seen[own]))
        seen[own] += 1
    degree = [0] * len(weights)
    for u, v, _, cables in edges:
        degree[u] += cables
        degree[v] += cables
    tiers = [endpoints(total, max((n for n, own in zip(degree, weights, strict=True) if own), default=0))]
    if total < len(weights):
        ports = max(n for n, own in zip(degree, weights, strict=True) if not own)
        tiers.append(Tier("switch", len(weights) - total, ports))
    return wired(tiers, linked(edges, lambda vertex: places[vertex]), hanging=_hanging(weights, edges, places))


def _hanging(weights: tuple[int, ...], edges: tuple[Edge, ...], places: list[tuple[str, int]]) -> Hanging | None:
    """The hanging of endpoints, when each has one switch and those of a switch are alike."""
    switches: list[set[float]] = [set() for own in weights if not own]
    counts = [0] * len(switches)
    for u, v, bandwidth, cables in edges:
        if weights[u] and weights[v]:
            return None
        if weights[u] or weights[v]:
            switch = places[v if weights[u] else u][1]
            counts[switch] += 1
            switches[switch].add(bandwidth * cables)
    hung = Counter(end for edge in edges for end in edge[:2] if weights[end])
    alone = all(hung[vertex] == 1 for vertex, own in enumerate(weights) if own)
    if not switches or not alone or any(len(kinds) > 1 for kinds in switches):
        return None
    return Hanging(tuple(counts), tuple(next(iter(kinds), 1.0) for kinds in switches))
