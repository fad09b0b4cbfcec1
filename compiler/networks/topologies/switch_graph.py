"""Switches linked as listed, with endpoints on each."""

import numpy as np

from compiler.networks.topologies.edges import Edges, linked, within
from compiler.networks.topologies.family import family
from compiler.networks.topologies.parameters import Amounts, Count, Rates, per_axis
from compiler.networks.topologies.topology import Hanging, Tier, TierLinks, Topology, affordable
from compiler.networks.topologies.wiring import endpoints, listed, wired


@family("switch_graph")
def switch_graph(switches: Count, T: Amounts, edges: Edges, bw_ep: Rates = 1.0) -> Topology:  # noqa: N803
    """Switches with `T` endpoints each (one number, or one for each), linked by `edges` [u, v, bw, count].

    `bw_ep` is the bandwidth of every endpoint, or of those of each switch.
    """
    affordable("leaves", switches)
    hanging, rates = per_axis("T", T, switches), per_axis("bw_ep", bw_ep, switches)
    within(edges, switches, "switches")
    degree = list(hanging)
    for u, v, _, cables in edges:
        degree[u] += cables
        degree[v] += cables
    return wired(
        [endpoints(sum(hanging), 1), Tier("switch", switches, max(degree))],
        [*_hung(hanging, rates), *linked(edges, lambda switch: ("switch", switch))],
        hanging=Hanging(hanging, rates),
    )


def _hung(hanging: tuple[int, ...], rates: tuple[float, ...]) -> list[TierLinks]:
    """Endpoints to their switches, a bundle for each bandwidth."""
    return [_alike(hanging, rates, bandwidth) for bandwidth in dict.fromkeys(rates)]


def _alike(hanging: tuple[int, ...], rates: tuple[float, ...], bandwidth: float) -> TierLinks:
    rows = sum(count for count, own in zip(hanging, rates, strict=True) if own == bandwidth)

    def ends() -> tuple[np.ndarray, np.ndarray]:
        switch = np.repeat(np.arange(len(hanging)), hanging)
        here = np.flatnonzero(np.array(rates)[switch] == bandwidth)
        return here, switch[here]

    return listed("endpoint", "switch", rows, ends, bandwidth)
