"""The joint graph of a design: every part that its networks link, and every accelerator, as one graph in arrays.

A vertex is an instance of a part by its path from the root, so that a switch which several networks use is one vertex,
and a part under two names is two. Instances of a path are numbered in order, the outermost place slowest; an instance
belongs to the owner whose number is its own divided by how many each owner has. One join does all owners of a network.
"""

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from compiler.networks.equijoin import size
from compiler.networks.links import End, rate_of, topology_of, unit_of
from compiler.networks.topologies.topology import Topology, TopologyError
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.instance_counts import counts_of, instances, numbers_along, switch_places
from compiler.networks.whole.keys import key_of, shared_depth
from compiler.networks.whole.linked_places import OUTSIDE, Place

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_VERTICES = 4_000_000
MOST_LINKS = 20_000_000


@define(eq=False)
class JointGraph:
    """Vertices by place, links in rows: the instances of a place are so many `counts` from its `starts` on, in order.

    `weights` (vertices,) are 1 for endpoints; `u`, `v`, `capacity` (rows,) are the links, B/s one direction, of each wire
    inside so many `rows`, wire after wire.
    """

    starts: dict[Place, int] = field(factory=dict)
    counts: dict[Place, int] = field(factory=dict)
    order: int = 0
    weights: Ints = field(factory=lambda: np.zeros(0, np.int64))
    u: Ints = field(factory=lambda: np.zeros(0, np.int64))
    v: Ints = field(factory=lambda: np.zeros(0, np.int64))
    capacity: Floats = field(factory=lambda: np.zeros(0))
    rows: tuple[int, ...] = ()

    def place(self, place: Place, count: int) -> int:
        """The first vertex of a place, which is entered when it is new. Raises `TopologyError` past the limit."""
        if place not in self.starts:
            self.starts[place], self.counts[place] = self.order, count
            self.order += count
            if self.order > MOST_VERTICES:
                raise TopologyError(f"the design has more than {MOST_VERTICES:,} parts to write out")
        return self.starts[place]


def joint_graph(
    ends: Sequence[Path], wires: Sequence[Wire], end: End = "middle", leaving: Sequence[Wire] = ()
) -> JointGraph:
    """The joint graph of some wires over the endpoints at some paths; links at the `end` of their rate.

    Wires that leave the design are left out; with `leaving` the world outside is one more vertex, the last, which those
    wires lead to. Raises `TopologyError` where there is more than can be written out, or a key means nothing.
    """
    joint = JointGraph()
    loaded = [(joint.place(path, instances(path)), instances(path)) for path in ends]
    rows = [_rows(joint, wire, end) for wire in wires if not wire.connection.external]
    joint.rows = tuple(u.size for u, _, _ in rows)
    if leaving:
        rows += _rows_out(joint, leaving, end)
    joint.weights = np.zeros(joint.order, dtype=np.int64)
    for start, count in loaded:
        joint.weights[start : start + count] = 1
    if rows:
        joint.u, joint.v, joint.capacity = (np.concatenate(column) for column in zip(*rows, strict=True))
    return joint


Rows = tuple[Ints, Ints, Floats]
"""Links in rows: both vertices and the capacity, shapes (rows,)."""


def _rows(joint: JointGraph, wire: Wire, end: End) -> Rows:
    if wire.connection.shape is not None:
        return _rows_of_topology(joint, wire, end)
    connection = wire.connection
    for path in (*wire.left, *wire.right):
        joint.place(path, instances(path))
    pairs = [(left, right) for left in wire.left for right in wire.right]
    met = [_met(left, right, connection.keys, len(wire.owner)) for left, right in pairs]
    u = np.concatenate([joint.starts[left] + ones for (left, _), (ones, _) in zip(pairs, met, strict=True)])
    v = np.concatenate([joint.starts[right] + others for (_, right), (_, others) in zip(pairs, met, strict=True)])
    u, v = _once(u, v)
    return u, v, np.full(u.size, size(connection.links) * rate_of(connection, end))


def _rows_out(joint: JointGraph, leaving: Sequence[Wire], end: End) -> Iterator[Rows]:
    """The links that lead out of the design, to the world outside as one vertex."""
    starts = {path: joint.place(path, instances(path)) for wire in leaving for path in wire.left}
    outside = joint.place(OUTSIDE, 1)
    for wire in leaving:
        u = np.concatenate([starts[path] + np.arange(instances(path)) for path in wire.left])
        capacity = size(wire.connection.links) * rate_of(wire.connection, end)
        yield u, np.full(u.size, outside), np.full(u.size, capacity)


def _once(u: Ints, v: Ints) -> tuple[Ints, Ints]:
    """Every pair of distinct vertices once: where both sides name the same parts, a pair is met from either end."""
    low, high = np.minimum(u, v), np.maximum(u, v)
    apart = low != high
    low, high = low[apart], high[apart]
    order = np.lexsort((high, low))
    low, high = low[order], high[order]
    is_new = np.r_[True, (low[1:] != low[:-1]) | (high[1:] != high[:-1])] if low.size else np.zeros(0, bool)
    return low[is_new], high[is_new]


def _met(left: Path, right: Path, names: tuple[str, ...], owner: int) -> tuple[Ints, Ints]:
    """Every pair of instances of two paths in the same owner whose keys are equal."""
    keys = [key_of(left, name) for name in names], [key_of(right, name) for name in names]
    depth = shared_depth(*keys, owner)
    if depth is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    codes = []
    for path, own in ((left, keys[0]), (right, keys[1])):
        total = instances(path)
        numbers = np.arange(total)
        columns: list[NDArray[np.float64] | Ints] = [numbers // (total // prod(counts_of(path)[:depth]))]
        columns += [key.values(numbers_along(path, key.levels), total) for key in own if key.field is not None]
        codes.append(np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1))
    return _joined(*codes)


def _joined(left: Floats, right: Floats) -> tuple[Ints, Ints]:
    """Every pair of rows of two tables that are equal, shapes (n, k) and (m, k)."""
    _, codes = np.unique(np.concatenate([left, right]), axis=0, return_inverse=True)
    codes = codes.reshape(-1)
    ones, others = codes[: len(left)], codes[len(left) :]
    by_one, by_other = np.argsort(ones, kind="stable"), np.argsort(others, kind="stable")
    first = np.searchsorted(others[by_other], ones[by_one], "left")
    counts = np.searchsorted(others[by_other], ones[by_one], "right") - first
    total = int(counts.sum())
    if total > MOST_LINKS:
        raise TopologyError(f"a connection makes {total:,} links, more than the {MOST_LINKS:,} that can be written out")
    offsets = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(by_one, counts), by_other[np.repeat(first, counts) + offsets]


def _rows_of_topology(joint: JointGraph, wire: Wire, end: End) -> Rows:
    """The links of a named topology, laid over its parts in every owner. Raises `TopologyError`."""
    topology = topology_of(wire.connection)
    owners = instances(wire.owner)
    if topology.links * owners > MOST_LINKS:
        raise TopologyError(f"a topology makes more than {MOST_LINKS:,} links to write out")
    graph = topology.unroll()
    table = _vertices_by_owner(joint, wire, topology)
    u, v = table[:, graph.u].reshape(-1), table[:, graph.v].reshape(-1)
    return u, v, np.tile(graph.bandwidth * unit_of(wire.connection, end), owners)


def _vertices_by_owner(joint: JointGraph, wire: Wire, topology: Topology) -> Ints:
    """The vertices that a topology stands on, shape (owners, vertices of the topology). Raises `TopologyError`."""
    owners = instances(wire.owner)
    places: list[tuple[Place, int]] = [(path, instances(path) // owners) for path in wire.left]
    table = np.empty((owners, topology.vertices), dtype=np.int64)
    at = 0
    for place, each in (*places, *switch_places(wire)):
        start = joint.place(place, each * owners)
        each = min(each, topology.vertices - at)
        own = joint.counts[place] // owners
        table[:, at : at + each] = start + np.arange(owners)[:, None] * own + np.arange(each)[None, :]
        at += each
    if at != topology.vertices:
        raise TopologyError(f"a `{topology.family}` of {topology.vertices:,} has only {at:,} parts to stand on")
    return table
