"""A network of a design as arrays: instances numbered group by group, joins done by sorting keys. Met only by what truly needs the graph."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.ir.hardware import Connection, Group, Network, Part, Slot
from compiler.networks.ends import is_endpoint
from compiler.networks.equijoin import around_of, met, size
from compiler.networks.links import End, named_topology, rate_of, topology_of, unit_of
from compiler.networks.locations import made_by
from compiler.networks.topologies.topology import Graph, Topology, TopologyError
from compiler.quantities.graph import Quantity, number, order

MOST_LINKS = 20_000_000
"""Vertices, and links of a join, up to which a network is written out: some 600 MB of arrays."""

Ints = NDArray[np.int64]


@frozen(eq=False)
class Vertices:
    """Numbers of the instances of each group: its first vertex, and how many vertices there are in all. `laid` are the groups
    that the topology of a connection lies over, in the order of its own vertices."""

    starts: Mapping[tuple[Slot, ...], int]
    groups: tuple[Group, ...]
    count: int
    laid: Mapping[Connection, tuple[Group, ...]]

    def start(self, group: Group) -> int:
        """The first vertex of a group."""
        return self.starts[group.slots]

    def of(self, group: Group) -> Ints:
        """The vertices of a group, shape (instances,)."""
        return self.start(group) + np.arange(int(size(group.count)))


def graph_of(network: Network, end: End = "middle") -> Graph:
    """The connections of a network as a graph: parts that are weighty weigh 1.

    Raises `TopologyError` when it is too large to write out.
    """
    vertices = numbered(network)
    kinds = {group.part.kind for group in vertices.groups}
    weights = np.zeros(vertices.count, np.int64)
    for group in vertices.groups:
        if is_weighty(group.part, kinds):
            weights[vertices.of(group)] = 1
    rows = [rows_of(connection, vertices, end) for connection in network.inside]
    u, v, bandwidth, cables = (np.concatenate([row[i] for row in rows]) for i in range(4))
    return Graph(weights, u.astype(np.int32), v.astype(np.int32), bandwidth, cables.astype(np.int32))


def is_weighty(part: Part, kinds: Collection[str]) -> bool:
    """True when a part is an endpoint of a network that joins parts of some kinds: a chip, in a network without any a
    CPU, then a NIC, then whatever is no switch."""
    weighty = next((kind for kind in ("chip", "cpu", "nic") if kind in kinds), "")
    return part.kind == weighty if weighty else part.kind != "switch"


def one_topology(network: Network, end: End = "middle") -> tuple[Topology, float] | None:
    """The topology that all links inside a network make together, and the bandwidth of its unit, B/s, one direction; None
    where they are no single one. Links within blocks and between them may be two connections."""
    inside = network.inside
    if not inside or any(connection.shape is None or not _is_all(network, connection) for connection in inside):
        return None
    if len(inside) == 1:
        return topology_of(inside[0]), unit_of(inside[0], end)
    return _of_both(inside[0], inside[1], end) if len(inside) == 2 else None


def _is_all(network: Network, connection: Connection) -> bool:
    """True when the endpoints of a connection are all parts of a network that weigh."""
    named = {group.slots: group for one in network.connections for group in (*one.left, *one.right)}
    kinds = {group.part.kind for group in named.values()}
    heavy = {slots for slots, group in named.items() if is_weighty(group.part, kinds)}
    return heavy == {group.slots for group in connection.left}


def _of_both(first: Connection, second: Connection, end: End) -> tuple[Topology, float] | None:
    """A topology of which one connection is what lies inside its blocks and another what leaves them; None where they are
    something else."""
    assert first.shape is not None and second.shape is not None
    given, others = dict(first.shape.parameters), dict(second.shape.parameters)
    which = given.pop("links", None), others.pop("links", None)
    same = first.shape.family == second.shape.family and given == others
    over = [[group.slots for group in connection.left] for connection in (first, second)]
    if which != ("inside", "between") or not same or over[0] != over[1] or not unit_of(first, end):
        return None
    if not unit_of(second, end):
        return None
    between = given.pop("bw_between", given["bw"])
    rates = {"bw": _times(given["bw"], unit_of(first, end)), "bw_between": _times(between, unit_of(second, end))}
    return named_topology(first.shape.family, {**given, **rates}), 1.0


def _times(rates: object, unit: float) -> object:
    """One bandwidth or one for each axis, times a unit."""
    return [rate * unit for rate in rates] if isinstance(rates, tuple) else float(rates) * unit  # type: ignore[arg-type]


def numbered(network: Network) -> Vertices:
    """Every instance that a network links, numbered: endpoints first, then switches.

    Raises `TopologyError` when there are too many to write out.
    """
    laid = {connection: tuple(groups_under(network, connection)) for connection in network.connections}
    groups = {group.slots: group for under in laid.values() for group in under}
    ordered = sorted(groups.values(), key=lambda group: group.part.kind == "switch")
    starts, here = {}, 0
    for group in ordered:
        starts[group.slots] = here
        here += int(size(group.count))
        if here > MOST_LINKS:
            raise TopologyError(f"the network has more than {MOST_LINKS:,} vertices to write out")
    return Vertices(starts, tuple(ordered), here, laid)


def groups_under(network: Network, connection: Connection) -> Iterator[Group]:
    """The groups that a connection links, left before right; under a topology the switches that it makes come last."""
    yield from (*connection.left, *connection.right)
    if connection.shape is None or connection.right:
        return
    made = made_by(network)[connection]
    for tier in topology_of(connection).switch_tiers:
        if tier.count:
            unnamed = Slot(tier.name, number(float(tier.count)), Part("switch", tier.name))
            yield Group((made.get(tier.name, unnamed),))


def entering(network: Network, connection: Connection) -> float:
    """Ends of the links of a topology at parts that send, each as often as the rate of the link goes into what it carries.

    Raises `TopologyError` when it is too large to write out.
    """
    assert connection.shape is not None
    topology = topology_of(connection)
    under = groups_under(network, connection)
    sends = np.concatenate([np.full(int(size(group.count)), is_endpoint(group.part)) for group in under])
    rows = topology.arrays()
    carried = np.array([bundle.cables * bundle.bandwidth for bundle in topology.bundles], np.float64)[rows.kind]
    ends = sends[rows.u].astype(np.float64) + sends[rows.v]
    return connection.shape.each * float((carried * ends).sum())


def rows_of(connection: Connection, vertices: Vertices, end: End) -> tuple[Ints, Ints, NDArray[np.float64], Ints]:
    """Ends, bandwidth (B/s, one direction) and number of the links of one connection, each of shape (rows,)."""
    if connection.shape is not None:
        return _rows_of_topology(connection, vertices, end)
    each, rate = size(connection.links), rate_of(connection, end)
    us, vs = [], []
    for left, right in met(connection):
        a, b = joined_pairs(left, right, connection.keys)
        us.append(a + vertices.start(left))
        vs.append(b + vertices.start(right))
    u, v = np.concatenate(us), np.concatenate(vs)
    return u, v, np.full(u.size, each * rate), np.full(u.size, int(each), np.int64)


def _rows_of_topology(
    connection: Connection, vertices: Vertices, end: End
) -> tuple[Ints, Ints, NDArray[np.float64], Ints]:
    assert connection.shape is not None
    topology, unit = topology_of(connection), unit_of(connection, end)
    if topology.links > MOST_LINKS:
        raise TopologyError(f"{topology.links:,} links are more than the {MOST_LINKS:,} that can be written out")
    table = np.concatenate([vertices.of(group) for group in vertices.laid[connection]])
    if table.size < topology.vertices:
        raise TopologyError(f"a `{topology.family}` of {topology.vertices:,} has only {table.size:,} parts to stand on")
    links = topology.arrays()
    carried = np.array([bundle.cables * bundle.bandwidth * unit for bundle in topology.bundles], np.float64)
    cables = np.array([round(bundle.cables * connection.shape.each) for bundle in topology.bundles], np.int64)
    return table[links.u], table[links.v], carried[links.kind], cables[links.kind]


def joined_pairs(left: Group, right: Group, keys: tuple[str, ...]) -> tuple[Ints, Ints]:
    """Every pair of distinct instances with equal keys, once; every pair when there are none: their places, shape
    (pairs,) each.

    Raises `TopologyError` when there are too many to write out.
    """
    n, m = int(size(left.count)), int(size(right.count))
    if not keys:
        if n * m > MOST_LINKS:
            raise TopologyError(f"{n:,} by {m:,} links are more than the {MOST_LINKS:,} that can be written out")
        return _apart(left, right, np.repeat(np.arange(n), m), np.tile(np.arange(m), n))
    ones, others = _codes(left, right, keys)
    sort_one, sort_other = np.argsort(ones, kind="stable"), np.argsort(others, kind="stable")
    first = np.searchsorted(others[sort_other], ones[sort_one], "left")
    last = np.searchsorted(others[sort_other], ones[sort_one], "right")
    counts = last - first
    total = int(counts.sum())
    if total > MOST_LINKS:
        raise TopologyError(f"this join makes {total:,} links, more than the {MOST_LINKS:,} that can be written out")
    u = np.repeat(sort_one, counts)
    offsets = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    return _apart(left, right, u, sort_other[np.repeat(first, counts) + offsets])


def _apart(left: Group, right: Group, u: Ints, v: Ints) -> tuple[Ints, Ints]:
    """The pairs as they are; of those among one group, which meet each from both ends and each instance with itself, half."""
    if left.slots != right.slots:
        return u, v
    keep = u < v
    return u[keep], v[keep]


def _codes(left: Group, right: Group, keys: tuple[str, ...]) -> tuple[Ints, Ints]:
    """The keys of all instances of both sides as whole numbers, equal exactly when the keys are."""
    if not all(_is_one_thing(left, right, key) for key in keys):
        return np.zeros(int(size(left.count)), np.int64), np.ones(int(size(right.count)), np.int64)
    one, other = (np.stack([key_array(group, key) for key in keys], axis=1) for group in (left, right))
    _, inverse = np.unique(np.concatenate([one, other]), axis=0, return_inverse=True)
    flat = inverse.reshape(-1)
    return flat[: len(one)], flat[len(one) :]


def _is_one_thing(left: Group, right: Group, key: str) -> bool:
    """True when a key is a field of both sides, or a part around both on one path; else its values are never equal."""
    around = [
        None if group.part.quantity(key) is not None else group.slots[: (around_of(group, key) or 0) + 1]
        for group in (left, right)
    ]
    return around[0] == around[1]


def key_array(group: Group, key: str) -> NDArray[np.float64]:
    """The value of a key for every instance of a group, in order, shape (instances,); enclosing parts are numbered along
    the path. Raises `TopologyError` for a key that the group does not have."""
    counts = [int(size(slot.count)) for slot in group.slots]
    quantity = group.part.quantity(key)
    if quantity is not None:
        return _along(quantity, group, [axis.reshape(-1) for axis in np.indices(counts)])
    around = around_of(group, key)
    if around is None:
        raise TopologyError(f"`{group.path}` has no `{key}` to join on")
    return np.asarray(np.arange(math.prod(counts)) // math.prod(counts[around + 1 :]), np.float64)


_ARRAYS: dict[str, Callable[..., NDArray[np.float64]]] = {
    "add": lambda *a: sum(a[1:], a[0]),
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "floor_divide": np.floor_divide,
    "negative": np.negative,
    "power": np.power,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "floor": np.floor,
    "ceil": np.ceil,
    "round": np.round,
    "absolute": np.abs,
}


def _along(quantity: Quantity, group: Group, places: list[Ints]) -> NDArray[np.float64]:
    known: dict[int, NDArray[np.float64]] = {}
    last = len(places) - 1
    for node in order([quantity]):
        if node.op == "index":
            level = last - int(node.symbol)
            known[id(node)] = (
                places[level].astype(np.float64) if level >= 0 else np.full(places[0].size, float(group.beyond(level)))
            )
        elif node.spread is not None:
            known[id(node)] = np.full(places[0].size, node.spread.middle)
        elif node.op in _ARRAYS:
            known[id(node)] = _ARRAYS[node.op](*(known[id(arg)] for arg in node.args))
        else:
            raise TopologyError(f"a key cannot be made with `{node.op}`")
    return known[id(quantity)]
