"""The joint graph of a design: every part that its networks link, and every accelerator, as one graph in arrays.

A vertex is an instance of a part by its path from the root, so that a switch which several networks use is one vertex,
and a part under two names is two. Instances of a path are numbered in order, the outermost place slowest; an instance
belongs to the owner whose number is its own divided by how many each owner has. One join does all owners of a network.
"""

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from compiler.ir.hardware import Connection, Network, Slot
from compiler.networks.equijoin import size
from compiler.networks.links import End, rate_of, topology_of
from compiler.networks.topologies.topology import Graph, TopologyError
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.keys import key_of, shared_depth

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_VERTICES = 4_000_000
MOST_LINKS = 20_000_000


@frozen
class Made:
    """The vertices of switches that a shape makes without naming them: so many for each owner."""

    owner: Path
    connection: Connection


@frozen
class Outside:
    """The world outside the design."""


OUTSIDE = Outside()
Place = Path | Made | Outside


@define(eq=False)
class JointGraph:
    """Vertices by place, links in rows. `starts` and `counts` say where the instances of a place are numbered; `kinds`
    what they are. `u`, `v`, `capacity` (rows,) are the links, B/s one direction; `wire` (rows,) whose they are."""

    starts: dict[Place, int] = field(factory=dict)
    counts: dict[Place, int] = field(factory=dict)
    order: int = 0
    weights: Ints = field(factory=lambda: np.zeros(0, np.int64))
    u: Ints = field(factory=lambda: np.zeros(0, np.int64))
    v: Ints = field(factory=lambda: np.zeros(0, np.int64))
    capacity: Floats = field(factory=lambda: np.zeros(0))
    wire: Ints = field(factory=lambda: np.zeros(0, np.int64))

    def place(self, place: Place, count: int) -> int:
        """The first vertex of a place, which is entered when it is new. Raises `TopologyError` past the limit."""
        if place not in self.starts:
            self.starts[place], self.counts[place] = self.order, count
            self.order += count
            if self.order > MOST_VERTICES:
                raise TopologyError(f"the design has more than {MOST_VERTICES:,} parts to write out")
        return self.starts[place]

    def graph(self) -> Graph:
        """The same as a graph of theory."""
        return Graph(
            self.weights,
            self.u.astype(np.int32),
            self.v.astype(np.int32),
            self.capacity,
            np.ones(self.u.size, dtype=np.int32),
        )


def joint_graph(
    ends: Sequence[Path], wires: Sequence[Wire], end: End = "middle", leaving: Sequence[Wire] = ()
) -> JointGraph:
    """The joint graph of some wires over the endpoints at some paths; links at the `end` of their rate.

    Wires that leave the design are left out; with `leaving` the world outside is one more vertex, the last, which those wires lead to.

    Raises `TopologyError` where there is more than can be written out, or a key means nothing.
    """
    joint = JointGraph()
    loaded = [(joint.place(path, instances(path)), instances(path)) for path in ends]
    rows = [(number, *_rows(joint, wire, end)) for number, wire in enumerate(wires) if not wire.connection.external]
    if leaving:
        rows += [(len(wires) + number, *row) for number, row in enumerate(_rows_out(joint, leaving, end))]
    joint.weights = np.zeros(joint.order, dtype=np.int64)
    for start, count in loaded:
        joint.weights[start : start + count] = 1
    if rows:
        joint.u = np.concatenate([row[1] for row in rows])
        joint.v = np.concatenate([row[2] for row in rows])
        joint.capacity = np.concatenate([row[3] for row in rows])
        joint.wire = np.concatenate([np.full(row[1].size, row[0], dtype=np.int64) for row in rows])
    return joint


def counts_of(path: Path) -> tuple[int, ...]:
    """How many of each slot along a path stand in one of the slot before it."""
    return tuple(int(size(slot.count)) for slot in path)


def instances(path: Path) -> int:
    """How many instances a path has."""
    return prod(counts_of(path))


Rows = tuple[Ints, Ints, Floats]


def _rows(joint: JointGraph, wire: Wire, end: End) -> Rows:
    if wire.connection.shape is not None:
        return _shaped_rows(joint, wire, end)
    connection = wire.connection
    for path in (*wire.left, *wire.right):
        joint.place(path, instances(path))
    found = [
        (joint.starts[left] + a, joint.starts[right] + b)
        for left in wire.left
        for right in wire.right
        for a, b in (_met(left, right, connection.keys, len(wire.owner)),)
    ]
    u = np.concatenate([a for a, _ in found])
    v = np.concatenate([b for _, b in found])
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
        columns += [key.values(places_of(path, key.levels), total) for key in own if key.field is not None]
        codes.append(np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1))
    return _joined(*codes)


def places_of(path: Path, levels: Sequence[int]) -> dict[int, Ints]:
    """The number along some levels of a path, shape (instances,) each, for every instance in order."""
    counts = counts_of(path)
    numbers = np.arange(prod(counts))
    return {level: numbers // prod(counts[level + 1 :]) % counts[level] for level in levels}


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


def _shaped_rows(joint: JointGraph, wire: Wire, end: End) -> Rows:
    """The links of a named topology, laid over its parts in every owner."""
    connection = wire.connection
    assert connection.shape is not None
    topology = topology_of(connection)
    owners = instances(wire.owner)
    if topology.links * owners > MOST_LINKS:
        raise TopologyError(f"a topology makes more than {MOST_LINKS:,} links to write out")
    graph = topology.unroll()
    places: list[tuple[Place, int]] = [(path, instances(path) // owners) for path in wire.left]
    places += _switch_places(wire, topology.vertices - topology.endpoints)
    table = np.empty((owners, topology.vertices), dtype=np.int64)
    at = 0
    for place, each in places:
        start = joint.place(place, each * owners)
        each = min(each, topology.vertices - at)
        own = joint.counts[place] // owners
        table[:, at : at + each] = start + np.arange(owners)[:, None] * own + np.arange(each)[None, :]
        at += each
    if at != topology.vertices:
        raise TopologyError(f"a `{connection.shape.family}` of {topology.vertices:,} has only {at:,} parts to stand on")
    unit = connection.shape.each * rate_of(connection, end)
    u, v = table[:, graph.u].reshape(-1), table[:, graph.v].reshape(-1)
    return u, v, np.tile(graph.bandwidth * unit, owners)


def _switch_places(wire: Wire, switches: int) -> list[tuple[Place, int]]:
    """Where the switches of a topology stand: on parts that are named, on tiers it made, or on nothing that has a name."""
    connection = wire.connection
    assert connection.shape is not None
    if connection.right:
        owners = instances(wire.owner)
        return [(path, instances(path) // owners) for path in wire.right]
    if connection.shape.switch is None:
        return [(Made(wire.owner, connection), switches)] if switches else []
    return [((*wire.owner, slot), int(size(slot.count))) for slot in made_slots(wire.network, connection)]


def made_slots(network: Network, connection: Connection) -> tuple[Slot, ...]:
    """The tiers of switches that the shape of one connection made, in the order of its topology."""
    at = 0
    for other in network.connections:
        if other.shape is None or other.shape.switch is None:
            continue
        many = sum(1 for tier in topology_of(other).tiers if not tier.is_endpoint and tier.count)
        if other is connection:
            return network.made[at : at + many]
        at += many
    return ()
