"""Figures of networks that take a search: bisection, the rates that every accelerator can send at once, latency.

They stand beside the metrics of `analysis`, since each may take a search: they are worked out where a text asks for them.
"""

from collections.abc import Callable, Mapping

from compiler.analysis.metric import Measurement
from compiler.ir.hardware import Network, Part
from compiler.networks.bisection.bound import Bound
from compiler.networks.totals import certified
from compiler.networks.whole.network_latency import latencies
from compiler.networks.whole.whole_bisection import whole_bisection
from compiler.networks.whole.whole_rates import all_to_all, worst_permutation
from compiler.quantities.graph import named
from compiler.quantities.units import RATE, TIME

SCALE_UP = "scale-up"
_Work = Callable[[Part], Bound]

FIGURES: Mapping[str, tuple[str, str, _Work]] = {
    "bisection": ("Bisection bandwidth, one direction", "TB/s", whole_bisection),
    "bisection.without_scale_up": (
        "Bisection bandwidth without scale-up networks, one direction",
        "TB/s",
        lambda root: whole_bisection(root, SCALE_UP),
    ),
    "bandwidth.all_to_all": ("All-to-all bandwidth of an accelerator, one direction", "GB/s", all_to_all),
    "bandwidth.worst_permutation": (
        "Bandwidth of an accelerator to its partner in the worst permutation, one direction",
        "GB/s",
        worst_permutation,
    ),
}
"""Title, unit and the work behind each figure, by path."""


def latency_of(network: Network, name: str) -> Measurement:
    """A latency of one network without load, `largest` or `mean`."""
    both = latencies(network)
    found = both.largest if name == "largest" else both.mean
    quantity = None if found.quantity is None else named(found.quantity, f"latency.{name}")
    return Measurement(f"latency.{name}", f"{name} latency", quantity, found.missing, found.reason, TIME)


def asked(path: str, root: Part) -> Measurement:
    """A figure of all networks together, by one of the paths of `FIGURES`."""
    title, unit, work = FIGURES[path]
    quantity, missing, reason = certified(work(root), path, unit=unit)
    return Measurement(path, title, None if quantity is None else named(quantity, path), missing, reason, RATE)
