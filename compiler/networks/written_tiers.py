"""Tiers of a network that is written out, every instance a vertex: where instances of a location have unlike links.

The same tiers as `narrowing` makes of counted rows, worked out over arrays; the property tests hold one to the other.
"""

from collections.abc import Sequence

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from compiler.ir.hardware import Connection, Network
from compiler.networks.equijoin import joints, size
from compiler.networks.links import rate_of, topology_of, unit_of
from compiler.networks.locations import Location, laid_over, location_of
from compiler.networks.narrowing import FAR, Tiers
from compiler.networks.topologies.topology import Topology, TopologyError
from compiler.networks.unrolled import joined_pairs

MOST_ROWS = 4_000_000
"""Links up to which a network whose instances differ is written out: half a second and 300 MB."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@define(eq=False)
class _Written:
    """Vertices by location, and links in rows: both ends, and their bandwidth, B/s, one direction. `leaving` are vertices with
    links out of the design, and the bandwidth of those."""

    spans: dict[Location, tuple[int, int]] = field(factory=dict)
    order: int = 0
    rows: list[tuple[Ints, Ints, Floats]] = field(factory=list)
    leaving: list[tuple[Ints, float]] = field(factory=list)

    def start(self, location: Location, count: int) -> int:
        """The first vertex of a location, which is entered with so many when it is new."""
        if location not in self.spans:
            self.spans[location] = self.order, self.order + count
            self.order += count
        return self.spans[location][0]

    def add(self, u: Ints, v: Ints, bandwidth: Floats) -> None:
        """Enter rows, shape (rows,) each; links that carry nothing are none."""
        carries = bandwidth > 0
        self.rows.append((u[carries], v[carries], bandwidth[carries]))


def written_tiers(network: Network) -> Tiers:
    """The tiers of a network, a vertex for each instance. Raises `TopologyError` where it is too large for that."""
    rows = sum(
        sum(joint.links for joint in joints(c)) if c.shape is None else topology_of(c).links
        for c in network.connections
    )
    if rows > MOST_ROWS:
        raise TopologyError(f"{rows:,.0f} links are more than the {MOST_ROWS:,} that are looked at one by one")
    drawn = _Written()
    for connection in network.connections:
        if connection.shape is not None:
            _lay(drawn, topology_of(connection), unit_of(connection), laid_over(network, connection))
        else:
            _join(drawn, connection)
    return _risen(drawn)


def laid_tiers(topology: Topology, laid: Sequence[tuple[Location, int]]) -> Tiers:
    """The tiers of a topology by itself, laid over locations. Raises `TopologyError` where it is too large to write out."""
    drawn = _Written()
    _lay(drawn, topology, 1.0, laid)
    return _risen(drawn)


def _join(drawn: _Written, connection: Connection) -> None:
    each = size(connection.links) * rate_of(connection)
    for joint in joints(connection):
        first, *second = (drawn.start(location_of(group), int(size(group.count))) for group, _ in joint.sides)
        if joint.right is None:
            drawn.leaving.append((first + np.arange(int(size(joint.left.count))), each))
            continue
        u, v = joined_pairs(joint.left, joint.right, connection.keys)
        drawn.add(u + first, v + (second[0] if second else first), np.full(u.size, each))


def _lay(drawn: _Written, topology: Topology, unit: float, laid: Sequence[tuple[Location, int]]) -> None:
    """Lay the links of a topology over locations, in the order of its vertices."""
    table = np.concatenate([drawn.start(location, count) + np.arange(count) for location, count in laid])
    if table.size < topology.vertices:
        raise TopologyError(f"the topology has {topology.vertices:,} vertices, {table.size:,} parts are there for it")
    rows = topology.arrays()
    each = np.array([bundle.cables * bundle.bandwidth * unit for bundle in topology.bundles])
    drawn.add(table[rows.u], table[rows.v], each[rows.kind] if each.size else np.zeros(0))


def _risen(drawn: _Written) -> Tiers:
    empty = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    u, v, bandwidth = (np.concatenate(columns) for columns in zip(empty, *drawn.rows, strict=True))
    ranks = _ranks(drawn, u, v)
    rises, falls = ranks[u] < ranks[v], ranks[u] > ranks[v]
    low, high = np.concatenate([u[rises], v[falls]]), np.concatenate([v[rises], u[falls]])
    carried = np.concatenate([bandwidth[rises], bandwidth[falls]])
    # without rows `bincount` counts in whole numbers
    above, below = (np.bincount(end, carried, drawn.order).astype(np.float64) for end in (low, high))
    for vertices, each in drawn.leaving:
        above[vertices] += each
    passes_on = (above > 0) & (below > 0)
    ratios = np.divide(below, above, out=np.full(drawn.order, np.nan), where=passes_on)
    ratios[ranks == 0] = 1.0
    return Tiers(drawn.spans, ranks.tolist(), ratios.tolist(), lambda: zip(low.tolist(), high.tolist(), strict=True))


def _ranks(drawn: _Written, u: Ints, v: Ints) -> Ints:
    """Hops of every vertex from the endpoints, shape (vertices,), `FAR` where there is no way."""
    ranks = np.full(drawn.order, FAR, dtype=np.int64)
    for location, (start, end) in drawn.spans.items():
        if not location.is_switch:
            ranks[start:end] = 0
    for hops in range(drawn.order):
        reached = np.concatenate([v[(ranks[u] == hops) & (ranks[v] == FAR)], u[(ranks[v] == hops) & (ranks[u] == FAR)]])
        if not reached.size:
            break
        ranks[reached] = hops + 1
    return ranks
