"""A cut in words and counts: which parts stand on which side, which links cross."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from compiler.networks.bisection.bound import Crossing
from compiler.networks.bisection.capacitated_tree import Share
from compiler.networks.topologies.topology import Graph


def share_parts(share: Share) -> tuple[str, ...]:
    """The division of a hierarchy, a line for each group of like parts, outermost first."""
    lines: list[str] = []
    _describe(share, 1, "", lines)
    return tuple(lines)


def _describe(share: Share, count: int, indent: str, lines: list[str]) -> None:
    for part, times in share.groups:
        size = part.node.size
        plural = "s" if times * count > 1 else ""
        many = f"{times * count:,} " + (f"endpoint{plural}" if size == 1 else f"part{plural} of {size:,}")
        if part.on_a in (0, size):
            lines.append(f"{indent}{many} on side {'A' if part.on_a else 'B'}")
        else:
            top = "" if not np.isfinite(part.node.uplink) else f", its top on {'A' if part.top_on_a else 'B'}"
            lines.append(f"{indent}{many} with {part.on_a:,} on side A{top}")
            _describe(part, times * count, indent + "  ", lines)


def share_crossing(share: Share) -> tuple[Crossing, ...]:
    """Uplinks that a division of a hierarchy cuts, tier by tier."""
    found: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    _tally(share, 1, found)
    return tuple(Crossing(name, int(count), capacity) for name, (count, capacity) in found.items())


def _tally(share: Share, times: int, found: dict[str, list[float]]) -> None:
    for part, count in share.groups:
        if part.top_on_a != share.top_on_a and part.node.uplink:
            entry = found["access" if part.node.size == 1 else f"uplinks of parts of {part.node.size:,}"]
            entry[0] += times * count
            entry[1] += times * count * part.node.uplink
        _tally(part, times * count, found)


def graph_crossing(graph: Graph, side: NDArray[np.bool_]) -> tuple[Crossing, ...]:
    """Cables across a cut of an explicit network, its side of shape (vertices,), by what they join and how fast they are."""
    rows = np.flatnonzero(side[graph.u] != side[graph.v])
    ends = (graph.weights[graph.u[rows]] > 0).astype(np.int64) + (graph.weights[graph.v[rows]] > 0)
    cables = np.maximum(graph.cables[rows], 1)
    names = ("switch to switch", "endpoint to switch", "endpoint to endpoint")
    found = []
    for kind in range(3):
        rate = graph.bandwidth[rows] / cables
        for speed in np.unique(rate[ends == kind]).tolist():
            chosen = (ends == kind) & (rate == speed)
            count = int(cables[chosen].sum())
            found.append(Crossing(f"{names[kind]} at {speed:g}", count, float(graph.bandwidth[rows][chosen].sum())))
    return tuple(found)
