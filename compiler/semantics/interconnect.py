"""Figures of networks that take a search: bisection, the rates that every accelerator can send at once, latency.

They stand beside the metrics of `analysis`, since each may take a search: they are worked out where a text asks for them.
"""

from compiler.analysis.metric import Measurement
from compiler.ir.hardware import Network, Part
from compiler.networks.totals import certified
from compiler.networks.whole.headlines import FIGURES
from compiler.networks.whole.network_latency import latencies
from compiler.networks.whole.separations import accelerators_of, endpoints_of, separated, separated_in
from compiler.quantities.graph import Quantity, named
from compiler.quantities.units import RATE, TIME


def latency_of(network: Network, name: str) -> Measurement:
    """A latency of one network without load, `largest` or `mean`."""
    both = latencies(network)
    found = both.largest if name == "largest" else both.mean
    quantity = None if found.quantity is None else named(found.quantity, f"latency.{name}")
    return Measurement(f"latency.{name}", f"{name} latency", quantity, found.missing, found.reason, TIME)


def asked(path: str, root: Part) -> Measurement:
    """A figure of all networks together, by one of the paths of `headlines`."""
    figure = FIGURES[path]
    quantity, missing, reason = certified(figure.work(root, "normal"), path, unit=figure.unit)
    return Measurement(path, figure.title, None if quantity is None else named(quantity, path), missing, reason, RATE)


def separation(whole: Part | Network, total: int) -> Quantity | tuple[str, str]:
    """The least capacity between so many endpoints of a network or a design and the rest, one direction; missing where it
    is not known. A complaint and its help where none are left on the other side."""
    if isinstance(whole, Network):
        everything, noun, label = endpoints_of(whole), "endpoints", f"cut({whole.name}, {total:,})"
    else:
        everything, noun, label = accelerators_of(whole), "accelerators", f"cut({total:,})"
    if not 0 < total < everything:
        problem = f"`{whole.name}` has {everything:,} {noun}, and {total:,} of them leave none on one side"
        return problem, f"write a number from 1 to {everything - 1:,}" if everything > 1 else "there is nothing to cut"
    found = separated_in(whole, total) if isinstance(whole, Network) else separated(whole, total)
    quantity, _, reason = certified(found, label, unit="")
    return quantity or Quantity("missing", (), RATE, label=f"{label} of {whole.name}: {reason}")
