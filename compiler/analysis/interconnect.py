"""Figures of all networks of a design together: bisection, and the rates that every accelerator can send at once.

They are worked out only where they are asked for, since each may take a search.
"""

from compiler.analysis.metric import Cluster, Tally, metric
from compiler.ir.hardware import Part
from compiler.networks.totals import certified
from compiler.quantities.units import RATE

SCALE_UP = "scale-up"


@metric("bisection", RATE, on_demand=True)
def bisection(cluster: Cluster) -> Tally:
    """Bisection bandwidth, one direction."""
    return _whole(cluster.root, "")


@metric("bisection.without_scale_up", RATE, on_demand=True)
def bisection_without_scale_up(cluster: Cluster) -> Tally:
    """Bisection bandwidth without scale-up networks, one direction."""
    return _whole(cluster.root, SCALE_UP)


@metric("bandwidth.all_to_all", RATE, on_demand=True)
def all_to_all_bandwidth(cluster: Cluster) -> Tally:
    """All-to-all bandwidth of an accelerator, one direction."""
    from compiler.networks.whole.whole_rates import all_to_all

    return Tally(*certified(all_to_all(cluster.root), "all-to-all bandwidth", unit="GB/s"))


@metric("bandwidth.worst_permutation", RATE, on_demand=True)
def worst_permutation_bandwidth(cluster: Cluster) -> Tally:
    """Bandwidth of an accelerator to its partner in the worst permutation, one direction."""
    from compiler.networks.whole.whole_rates import worst_permutation

    return Tally(*certified(worst_permutation(cluster.root), "worst permutation", unit="GB/s"))


def _whole(root: Part, without: str) -> Tally:
    from compiler.networks.whole.whole_bisection import whole_bisection

    return Tally(*certified(whole_bisection(root, without), "bisection"))
