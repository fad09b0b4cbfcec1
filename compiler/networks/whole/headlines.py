"""Headline figures of all networks of a design together, by path: bisection bandwidth, and what each accelerator can send."""

from collections.abc import Callable, Mapping

from attrs import frozen

from compiler.ir.hardware import Part
from compiler.networks.bisection.bound import Bound
from compiler.networks.whole.whole_bisection import whole_bisection
from compiler.networks.whole.whole_rates import all_to_all, worst_permutation

SCALE_UP = "scale-up"


@frozen
class Headline:
    """A figure of all networks together: its title, the unit it is shown in, and the work behind it, which takes the root
    of a design and the effort. `shared` says how the capacity of its cut bounds it, empty where that is the figure."""

    title: str
    unit: str
    work: Callable[[Part, str], Bound]
    shared: str = ""


FIGURES: Mapping[str, Headline] = {
    "bisection": Headline(
        "Bisection bandwidth, one direction", "TB/s", lambda root, effort: whole_bisection(root, effort=effort)
    ),
    "bisection.without_scale_up": Headline(
        "Bisection bandwidth without scale-up networks, one direction",
        "TB/s",
        lambda root, effort: whole_bisection(root, SCALE_UP, effort),
    ),
    "bandwidth.all_to_all": Headline(
        "All-to-all bandwidth of an accelerator, one direction",
        "GB/s",
        lambda root, effort: all_to_all(root, effort=effort),
        "{others:,} others x {capacity} / ({a:,} x {b:,} pairs across)",
    ),
    "bandwidth.worst_permutation": Headline(
        "Bandwidth of an accelerator to its partner in the worst permutation, one direction",
        "GB/s",
        lambda root, effort: worst_permutation(root, effort=effort),
        "{capacity} / {least:,} pairs of partners, one on each side",
    ),
}
