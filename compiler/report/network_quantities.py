"""Figures of networks as the graphs that they were read from: what is remembered of a network has none."""

from compiler.ir.hardware import ClusterDesign, networks
from compiler.networks.totals import injection
from compiler.networks.whole.network_latency import latencies
from compiler.quantities.graph import Quantity


def quantity_at(design: ClusterDesign, path: str) -> Quantity | None:
    """The graph of a figure of a network of a design, `ub.injection` or `ub.latency.mean`; None where it has none."""
    for name, _, _, network in networks(design.root):
        if path == f"{name}.injection":
            return injection(network)
        if path in (f"{name}.latency.largest", f"{name}.latency.mean"):
            found = latencies(network)
            return (found.largest if path.endswith(".largest") else found.mean).quantity
    return None
