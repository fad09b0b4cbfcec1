"""Metrics: the decorator for functions that compute figures, the `Cluster` they get, and the `Tally` they return."""

import inspect
from collections.abc import Callable, Mapping
from functools import cached_property

from attrs import define, field, frozen

from compiler.ir.hardware import Group, Network, Part, walk
from compiler.networks.owners import networks
from compiler.quantities.graph import Quantity, named, total
from compiler.quantities.units import NONE, Dimension

COUNTS = "counts"
RATIOS = "ratios"
"""Group of the figures that stay when a design doubles; dividing them by accelerators or racks means nothing."""


@frozen(eq=False)
class Tally:
    """Result of a metric: the quantity (None: absent), labels of what was not counted, and the reason when absent."""

    quantity: Quantity | None
    missing: tuple[str, ...] = ()
    reason: str = ""


@frozen(eq=False)
class Measurement:
    """A figure under its path; `quantity` is None where it is absent. With anything in `missing` it is a lower bound.

    `dimension` is what it counts, also where it is absent. `group` names its table in the report, `essential` its place
    among the figures to read first, smaller ones before; None: it is not among them.
    """

    path: str
    title: str
    quantity: Quantity | None
    missing: tuple[str, ...] = ()
    reason: str = ""
    dimension: Dimension = NONE
    group: str = ""
    essential: int | None = None


@define(eq=False)
class Cluster:
    """A design as the metrics see it: its root, the site it stands on, and its parts by kind, counted."""

    root: Part
    site: Part | None = None
    memory: dict[str, "Result"] = field(factory=dict)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Groups of all counted parts."""
        return tuple(walk(self.root))

    def of_kind(self, *kinds: str) -> tuple[Group, ...]:
        """The counted parts of some kinds."""
        return tuple(group for group in self.groups if group.part.kind in kinds)

    @cached_property
    def accelerators(self) -> tuple[Group, ...]:
        """Its chips; the CPUs of a design without chips; itself when it is one of them."""
        return self.of_kind("chip") or self.of_kind("cpu")

    @cached_property
    def networks(self) -> tuple[tuple[str, Quantity, Part, Network], ...]:
        """Networks as (path, number of them, part it belongs to, network)."""
        return tuple(networks(self.root))


Result = Tally | Mapping[str, Tally]


@frozen(eq=False)
class Metric:
    """A function that makes one figure, or a family of them under a common path, with what it says of them.

    A family may give `dimension` as a function of the rest of the path, and `essential` by the rest of the path.
    """

    path: str
    function: Callable[..., Result]
    dimension: Dimension | Callable[[str], Dimension] = NONE
    group: str = COUNTS
    essential: int | Mapping[str, int] | None = None

    @property
    def title(self) -> str:
        """The title of the figure in the report: the first line of the docstring."""
        return (self.function.__doc__ or self.path).strip().split("\n")[0].rstrip(".")

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Names of the parameters of its function: `cluster`, or other metrics."""
        return tuple(inspect.signature(self.function).parameters)

    def figure(self, suffix: str, tally: Tally) -> Measurement:
        """Figure of a tally; `suffix` is the rest of the path in a family, else empty."""
        path = f"{self.path}.{suffix}" if suffix else self.path
        return Measurement(
            path,
            f"{self.title}, {suffix.replace('.', ' ')}" if suffix else self.title,
            named(tally.quantity, path) if tally.quantity is not None else None,
            tally.missing,
            tally.reason,
            self.dimension(suffix) if callable(self.dimension) else self.dimension,
            self.group,
            self.essential.get(suffix) if isinstance(self.essential, Mapping) else self.essential,
        )


def metric(
    path: str,
    dimension: Dimension | Callable[[str], Dimension] = NONE,
    *,
    group: str = COUNTS,
    essential: int | Mapping[str, int] | None = None,
) -> Callable[[Callable[..., Result]], Metric]:
    """Make a function the figure of this path; a family when it returns a mapping from the rest of the path.

    `dimension` is what it counts; `group` is the table of the report that it stands in, `COUNTS`, `RATIOS` or any other
    name; `essential` is its place among the figures to read first.
    """
    return lambda function: Metric(path, function, dimension, group, essential)


def summed(tallies: list[Tally], dimension: Dimension = NONE, unit: str = "") -> Tally:
    """Sum of tallies, with all that they do not count; absent when nothing is known and something is missing."""
    known = [tally.quantity for tally in tallies if tally.quantity is not None and not is_nothing(tally.quantity)]
    lost = tuple(dict.fromkeys(item for tally in tallies for item in tally.missing))
    if not known and lost:
        return Tally(None, lost, "no part states it")
    return Tally(total(known, dimension, unit), lost)


def is_nothing(quantity: Quantity) -> bool:
    """True when a quantity is the sum over no parts, which says nothing about a price or a power."""
    return (
        quantity.spread is not None and quantity.spread.middle == 0 and not quantity.symbol and quantity.origin is None
    )
