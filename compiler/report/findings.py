"""Classes of the report: figures, networks, bisection, claims and checks as plain data, without a format."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from compiler.quantities.graph import Quantity
from dsl.diagnostic import Diagnostic

if TYPE_CHECKING:
    from compiler.analysis.materials import Item
    from compiler.audit.verdict import Verdict
    from compiler.networks.cabling import Cabling
    from compiler.networks.cut_in_words import DesignCut


@frozen(eq=False)
class Measured:
    """A figure of the report. `value`, `low` and `high` are in `unit`, a base unit; None when it is absent, with the
    reason.

    `quantiles` (5, 50, 95 %) are there when an input is uncertain. `missing` makes it a lower bound. `group` names its
    table and `essential` its place among the figures to read first, smaller ones before (None: it is not among them).
    """

    path: str
    title: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    display: str
    grade: str | None = None
    sources: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str = ""
    quantiles: tuple[float, float, float] | None = None
    quantity: Quantity | None = field(default=None, repr=False)
    group: str = ""
    essential: int | None = None

    @property
    def because(self) -> str:
        """Reason why it is absent, as text."""
        return self.reason or ", ".join(self.missing)


@frozen
class Extent:
    """Networks that a bisection of the whole design counts: all but those of a role (empty: all); and that in words."""

    without: str
    words: str


WHOLE: Mapping[str, Extent] = {
    "whole": Extent("", "of the whole design"),
    "without_scale_up": Extent("scale-up", "without scale-up links"),
}
"""Bisections of a whole design by name; their paths as figures are `bisection.whole` and so on."""

BISECTION = "Bisection bandwidth, one direction"
"""Title of every bisection."""


RATES = ("bandwidth.all_to_all", "bandwidth.worst_permutation")
"""Rates of all networks together, which are worked out where somebody asks for them."""


@frozen(eq=False)
class Bisected:
    """Bisection bandwidth, B/s in one direction: certified bounds, their proofs, the cut that proves the upper one.

    `notes` say what was assumed, and what the figure does not speak of.
    """

    lower: float | None
    upper: float | None
    status: str
    method: str
    reason: str
    display: str
    cut: Mapping[str, object] | None = None
    notes: tuple[str, ...] = ()


@frozen(eq=False)
class Certified:
    """Certificate of a figure that has no operands: its title, its bounds, the cut behind the upper one in terms of the
    design (None: no cut is known), and how that cut bounds a rate, in words."""

    title: str
    found: Bisected
    cut: "DesignCut | None" = None
    shared: str = ""


@frozen(eq=False)
class Carried:
    """Throughput of a network per endpoint, B/s in one direction: all-to-all, and the worst permutation.

    `tiers` are tiers of switches with their oversubscription. Two endpoints farthest apart are `hops` links apart, with
    `shortest` shortest paths and `disjoint` paths that share no cable (None: not known).
    """

    all_to_all: Bisected
    permutation: Bisected
    tiers: tuple[tuple[str, float], ...] = ()
    hops: int | None = None
    shortest: int | None = None
    disjoint: int | None = None


@frozen(eq=False)
class Delayed:
    """One-way latency of a network without load, s: between the two endpoints farthest apart, and the mean over all pairs."""

    largest: Measured
    mean: Measured


@frozen(eq=False)
class TaperStep:
    """A step of the bandwidth taper from chip to cluster: B/s per accelerator, and its share of the step before."""

    name: str
    title: str
    value: float
    ratio: float | None
    display: str


@frozen(eq=False)
class NetworkReport:
    """One network of the design, or `count` equal ones."""

    path: str
    count: float
    role: str
    protocol: str
    endpoints: float
    switches: float
    links: float
    cables: float
    optics: float
    diameter: int | None
    injection: Measured
    oversubscription: float | None
    bisection: Bisected
    traffic: Carried
    latency: Delayed


@frozen(eq=False)
class Failed:
    """Bisection of a network that failures of one class leave, B/s in one direction.

    `least`, `median` and `most` over the members `tried` are certified (lower, upper). When the network is too large to
    try any, all three are what holds for each of the `total`. `reason` stands alone when nothing can be said.
    """

    network: str
    failure: str
    intact: Bisected
    what: str = ""
    tried: int = 0
    total: int = 0
    least: tuple[float, float] | None = None
    median: tuple[float, float] | None = None
    most: tuple[float, float] | None = None
    reason: str = ""


@frozen(eq=False)
class CheckResult:
    """Result of an `assert` or `expect`; `margin` is the distance of its two sides, as a share of the right one.

    `probability` is the share of the sampled cases in which it holds: 1 or 0 where every case says the same, None where
    an input is not known.
    """

    name: str
    word: str
    verdict: str
    margin: float | None
    probability: float | None = None


@frozen(eq=False)
class Wired:
    """Findings about the wiring of a design, apart from the rest since they take long to compute and are cached."""

    networks: Mapping[str, NetworkReport]
    bisection: Mapping[str, Bisected]
    materials: "tuple[Item, ...]"
    cabling: "tuple[Cabling, ...]"


@frozen(eq=False)
class DesignReport:
    """All findings about one design. `with_bounds` asks pages for the bounds of each figure by interval
    arithmetic beside what was sampled; data has both anyway."""

    file: str
    design: str
    kind: str
    figures: Mapping[str, Measured]
    bisection: Mapping[str, Bisected]
    networks: Mapping[str, NetworkReport]
    claims: "tuple[Verdict, ...]"
    checks: tuple[CheckResult, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    site: str = ""
    materials: "tuple[Item, ...]" = ()
    cabling: "tuple[Cabling, ...]" = ()
    shown: Mapping[str, Measured] = field(factory=dict)
    taper: tuple[TaperStep, ...] = ()
    failures: tuple[Failed, ...] = ()
    with_bounds: bool = False
