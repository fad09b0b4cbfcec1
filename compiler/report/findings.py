"""The findings about a design, without a format: figures, networks, bisection, claims and checks as plain data."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from compiler.quantities.graph import Quantity
from dsl.diagnostic import Diagnostic

if TYPE_CHECKING:
    from compiler.analysis.materials import Item
    from compiler.audit.verdict import Verdict
    from compiler.networks.cabling import Cabling


@frozen(eq=False)
class Measured:
    """A figure as people and programs read it. `value`, `low`, `high` are in `unit`; None: absent, with the reason.

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
        """The reason why it is absent."""
        return self.reason or ", ".join(self.missing)


@frozen
class Extent:
    """The networks that a bisection of the whole design counts: all, or all but those of one role; and that in words."""

    without: str
    words: str


WHOLE: Mapping[str, Extent] = {
    "whole": Extent("", "of the whole design"),
    "without_scale_up": Extent("scale-up", "without scale-up links"),
}
"""The bisections of a whole design by name; as figures their paths are `bisection.whole` and so on."""

BISECTION = "Bisection bandwidth, one direction"
"""The title of every bisection."""


@frozen(eq=False)
class Bisected:
    """Bisection bandwidth, B/s, one direction: certified ends, their proof, and the cut that shows the upper one."""

    lower: float | None
    upper: float | None
    status: str
    method: str
    reason: str
    display: str
    cut: Mapping[str, object] | None = None


@frozen(eq=False)
class Carried:
    """The throughput of a network per endpoint, B/s, one direction: all-to-all among all of them at once, and the worst
    permutation. `tiers` are tiers of switches with their oversubscription; between two endpoints farthest apart lie
    `hops`, with so many `shortest` paths, and so many `disjoint` ones that share no cable (None: not known)."""

    all_to_all: Bisected
    permutation: Bisected
    tiers: tuple[tuple[str, float], ...] = ()
    hops: int | None = None
    shortest: int | None = None
    disjoint: int | None = None


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


@frozen(eq=False)
class Failed:
    """The bisection that failures of one class leave of a network, B/s, one direction: certified (lower, upper) of the
    least, the median and the most over the members `tried`; of none when size forbids it, and then all three are what
    holds for each of the `total`. `reason` stands alone where nothing can be said."""

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
    """An `assert` or `expect` with its verdict; `margin` is how far the sides are apart, as a share of the right one.

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
    """Findings about the wiring of a design: dear to find, and the same whatever its figures are."""

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
