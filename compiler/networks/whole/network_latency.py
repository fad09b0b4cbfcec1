"""The one-way latency of a network without load: between the two endpoints farthest apart, and the mean over all pairs.

The latency of a pair is the least, over the ways between both, of the latencies of the links and switches passed. Of an
endpoint, or of a card that a way leads through, nothing is counted. What states no latency takes at least none: the
figure is then a lower bound, unless ways that do without are as quick.
"""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from compiler.ir.hardware import Network
from compiler.networks.ends import ONLY_SWITCHES, groups_of, has_endpoints
from compiler.networks.latency.latency_figures import Latencies, Search, absent, latency_figures
from compiler.networks.latency.passages import Passages
from compiler.networks.latency.quickest import Passed, quickest
from compiler.networks.links import topology_of
from compiler.networks.topologies.topology import TopologyError
from compiler.networks.unrolled import is_weighty
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.cells import Irregular
from compiler.networks.whole.drawn_ways import counted_ways, written_ways
from compiler.networks.whole.instance_counts import instances

OUTWARD = "its links leave the design; what they meet outside is not described"
ALONE = "it has fewer than two endpoints"

_known: WeakKeyDictionary[Network, Latencies] = WeakKeyDictionary()


def latencies(network: Network) -> Latencies:
    """The latencies of a network by itself, found once."""
    if network not in _known:
        _known[network] = _latencies(network)
    return _known[network]


def _latencies(network: Network) -> Latencies:
    if not has_endpoints(network):
        return absent(ONLY_SWITCHES)
    if not network.inside:
        return absent(OUTWARD)
    wires = [Wire((), network, connection) for connection in network.inside]
    kinds = {group.part.kind for group in groups_of(network)}
    ends = list(dict.fromkeys(group.slots for group in groups_of(network) if is_weighty(group.part, kinds)))
    if sum(map(instances, ends)) < 2:
        return absent(ALONE)
    passages = Passages()
    try:
        return _beside_circuits(latency_figures(_search(ends, wires, passages), passages.listed), network)
    except TopologyError as error:
        return absent(str(error))


def _beside_circuits(found: Latencies, network: Network) -> Latencies:
    """Latencies that do not count the circuit switches which links of a topology pass: those are named as missing."""
    circuits = [c.shape.circuit for c in network.inside if c.shape is not None and c.shape.circuit is not None]
    names = tuple(dict.fromkeys(f"latency of {circuit.name}" for circuit in circuits))
    both = (found.largest, found.mean)
    return Latencies(*(evolve(each, missing=each.missing + names) if each.quantity else each for each in both))


def _search(ends: Sequence[Path], wires: Sequence[Wire], passages: Passages) -> Search:
    """The search of the quickest ways of a network, passages numbered: by counts, by hops, or written out.

    Raises `TopologyError` where it is too large for all of them.
    """
    try:
        counted = counted_ways(ends, wires, passages)
    except Irregular:
        if len(wires) == 1 and (by_hops := _by_hops(ends, wires[0], passages)) is not None:
            return by_hops
        counted = written_ways(ends, wires, passages)
    return lambda delays: quickest(counted, delays)


def _by_hops(ends: Sequence[Path], wire: Wire, passages: Passages) -> Search | None:
    """The search in one topology by its hops; None where ways of as many may pass unlike parts, or hops are not known.

    A way of h links passes h - 1 switches where each endpoint hangs on one, none where there are no switches: the
    quickest way is then one of the fewest hops.
    """
    connection = wire.connection
    if connection.shape is None or set(wire.left) != set(ends):
        return None
    topology = topology_of(connection)
    relay = passages.of_switches(connection) if topology.hanging is not None else None
    if (topology.switches and relay is None) or topology.diameter is None or topology.average_hops is None:
        return None
    link = passages.of_link(connection)

    def counts(hops: float, passages: int) -> NDArray[np.float64]:
        found = np.zeros(passages)
        found[link] = hops
        if relay is not None:
            found[relay] += hops - 1
        return found

    largest, mean = float(topology.diameter), float(topology.average_hops)

    def search(delays: NDArray[np.float64]) -> Passed | None:
        found = Passed(counts(largest, delays.size), counts(mean, delays.size))
        is_cut = np.isinf(delays) & (found.largest > 0)
        return None if is_cut.any() else found

    return search
