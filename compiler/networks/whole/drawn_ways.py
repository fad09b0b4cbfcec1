"""The ways through some networks drawn as a counted graph: by the cells of like parts, else written out."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from compiler.networks.bisection.counted_graph import WHOLE, Class
from compiler.networks.latency.passages import NOTHING, Passages
from compiler.networks.latency.way_graph import WayGraph
from compiler.networks.topologies.topology import TopologyError
from compiler.networks.totals import links
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.cell_graph import cell_graph
from compiler.networks.whole.cells import Drawn, Irregular
from compiler.networks.whole.instance_counts import instances
from compiler.networks.whole.joint_graph import JointGraph, joint_graph
from compiler.networks.whole.linked_places import Made, Place

Ints = NDArray[np.int64]

MOST_WRITTEN = 50_000
"""Parts up to which a network is written out to search it."""
MOST_ROWS = 2_000_000
"""Links up to which it is."""


def counted_ways(ends: Sequence[Path], wires: Sequence[Wire], passages: Passages) -> WayGraph:
    """The graph of some wires over the endpoints at some paths, like parts counted. Raises `Irregular`."""
    cells = cell_graph(ends, wires)
    rows = [(u, v, passages.of_link(each)) for (u, v), made in cells.connections.items() for each in made]
    u, v, link = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    graph = cells.graph
    relay = np.array([_relay(drawn, passages) for drawn in cells.drawn], dtype=np.int64)
    return WayGraph(graph.weights, graph.home, graph.classes, relay, u, v, link)


def _relay(drawn: Drawn, passages: Passages) -> int:
    """The passage of a vertex of the cells. Raises `Irregular` for the switches of unlike parts in one."""
    if drawn.switches is None:
        return NOTHING if drawn.cell.slot is None else passages.of_part(drawn.cell.slot.part)
    found = passages.of_switches(drawn.switches.wire.connection)
    if found is None:
        raise Irregular("a topology over unlike switches")
    return found


def written_ways(ends: Sequence[Path], wires: Sequence[Wire], passages: Passages) -> WayGraph:
    """The graph of some wires written out, but for endpoints that are linked alike. Raises `TopologyError` where it is too
    large."""
    paths = {path for wire in wires for path in (*wire.left, *wire.right)}
    parts = sum(map(instances, paths))
    if parts > MOST_WRITTEN:
        raise TopologyError(
            f"{parts:,} parts are more than the {MOST_WRITTEN:,} that are searched for the quickest ways"
        )
    many = sum(links(network) for network in {wire.network for wire in wires})
    if many > MOST_ROWS:
        raise TopologyError(
            f"{many:,.0f} links are more than the {MOST_ROWS:,} that are searched for the quickest ways"
        )
    joint = joint_graph(ends, wires)
    kinds = [passages.of_link(wire.connection) for wire in wires]
    link = np.repeat(np.array(kinds, dtype=np.int64), joint.rows)
    home = np.zeros(joint.order, dtype=np.int64)
    is_link = joint.capacity > 0  # some topologies have links of a bandwidth that may be 0
    u, v, link = joint.u[is_link], joint.v[is_link], link[is_link]
    return _folded(WayGraph(joint.weights, home, (WHOLE,), _relays(joint, passages), u, v, link))


def _relays(joint: JointGraph, passages: Passages) -> Ints:
    relay = np.full(joint.order, NOTHING, dtype=np.int64)
    for place, start in joint.starts.items():
        relay[start : start + joint.counts[place]] = _relay_at(place, passages)
    return relay


def _relay_at(place: Place, passages: Passages) -> int:
    if isinstance(place, Made):
        return passages.of_shape(place.connection)
    return passages.of_part(place[-1].part) if isinstance(place, tuple) else NOTHING


def _folded(graph: WayGraph) -> WayGraph:
    """The graph with one of all endpoints that the same links lead to the same switches: they are copies of a class."""
    near: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for one, other in ((graph.u, graph.v), (graph.v, graph.u)):
        ending = graph.weights[one] > 0
        for end, at, link in zip(
            one[ending].tolist(), other[ending].tolist(), graph.link[ending].tolist(), strict=True
        ):
            near[end].append((at, link))
    alike: dict[tuple[tuple[int, int], ...], list[int]] = defaultdict(list)
    for end, around in near.items():
        if not any(graph.weights[at] for at, _ in around):
            alike[tuple(sorted(set(around)))].append(end)
    home, classes = graph.home.copy(), list(graph.classes)
    kept = np.ones(graph.weights.size, dtype=bool)
    for members in alike.values():
        if len(members) > 1:
            home[members[0]] = len(classes)
            classes.append(Class(0, len(members)))
            kept[members[1:]] = False
    left = kept[graph.u] & kept[graph.v]
    number = np.cumsum(kept) - 1
    return WayGraph(
        graph.weights[kept],
        home[kept],
        tuple(classes),
        graph.relay[kept],
        number[graph.u[left]],
        number[graph.v[left]],
        graph.link[left],
    )
