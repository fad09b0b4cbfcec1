"""Links that are listed one by one."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Annotated

import numpy as np

from compiler.networks.topologies.parameters import many, rate, whole
from compiler.networks.topologies.topology import TierLinks, TopologyError
from compiler.networks.topologies.wiring import listed

Edge = tuple[int, int, float, int]


def edge(name: str, value: object) -> Edge:
    """A link as [u, v], [u, v, bandwidth] or [u, v, bandwidth, cables]. Raises `TopologyError` for anything else."""
    if isinstance(value, str) or not isinstance(value, Sequence) or not 2 <= len(value) <= 4:
        raise TopologyError(f"`{name}` is [u, v], [u, v, bw] or [u, v, bw, count], this is `{value}`", parameter=name)
    u, v = whole(0)(name, value[0]), whole(0)(name, value[1])
    if u == v:
        raise TopologyError(f"`{name}` links {u} to itself", parameter=name)
    bandwidth = rate()(name, value[2]) if len(value) > 2 else 1.0
    return u, v, bandwidth, whole(1)(name, value[3]) if len(value) > 3 else 1


Edges = Annotated[tuple[Edge, ...], many(edge, 0)]


def within(edges: Sequence[Edge], size: int, kind: str) -> None:
    """Hold edges against the `size` vertices there are. Raises `TopologyError` for the first that leaves them."""
    for i, (u, v, _, _) in enumerate(edges):
        if max(u, v) >= size:
            raise TopologyError(
                f"`edges[{i}]` links {max(u, v)}, there are {size:,} {kind}",
                parameter="edges",
                help=f"they are numbered 0 to {size - 1:,}",
            )


def linked(edges: Sequence[Edge], place: Callable[[int], tuple[str, int]]) -> list[TierLinks]:
    """Bundles of the like among the edges; `place` gives the tier of a vertex and its number there.

    Of two ends the endpoint is the lower one.
    """
    alike: dict[tuple[str, str, float, int], list[tuple[int, int]]] = defaultdict(list)
    for u, v, bandwidth, cables in edges:
        (lower, here), (upper, there) = sorted((place(u), place(v)), key=lambda end: end[0] != "endpoint")
        alike[lower, upper, bandwidth, cables].append((here, there))
    return [_bundle(*like, rows) for like, rows in alike.items()]


def _bundle(lower: str, upper: str, bandwidth: float, cables: int, rows: list[tuple[int, int]]) -> TierLinks:
    ends = np.array(rows, dtype=np.int64)
    return listed(lower, upper, len(rows), lambda: (ends[:, 0], ends[:, 1]), bandwidth, cables)
