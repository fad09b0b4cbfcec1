"""The report as titled rows, in the order in which a planner reads: what every format for people shares."""

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from compiler.quantities import units
from compiler.quantities.display import interval, number, percent
from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Bounds
from compiler.quantities.provenance import GRADES, UNSOURCED
from compiler.report.findings import Bisected, Carried, Checked, Failed, Measured, NetworkReport, Report
from compiler.report.measured import figure_unit

if TYPE_CHECKING:
    from compiler.analysis.materials import Item
    from compiler.audit.verdict import Verdict


@frozen
class Column:
    """A column: its head, whether it holds numbers (set to the right), and the width at which its words wrap."""

    head: str
    is_number: bool = False
    wrap: int = 0


@frozen
class Section:
    """A table under a title; `notes` are whole sentences below it. Without rows only the notes speak."""

    name: str
    title: str
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()


GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "compute": ("Compute", ("compute",)),
    "memory": ("Memory", ("memory",)),
    "power": ("Power and energy", ("power", "energy", "carbon")),
    "cost": ("Cost", ("cost",)),
    "counts": ("Counts", ("",)),
    "ratios": ("Ratios", ("efficiency", "intensity", "cost.per_compute")),
}
"""Tables of figures with the paths they take; the longest fitting path decides, the empty one takes the rest."""


def columns(text: str) -> tuple[Column, ...]:
    """Columns from their heads: `>` before one sets it to the right, `:40` behind one wraps it there."""
    heads = (part.strip().partition(":") for part in text.split("|"))
    return tuple(Column(head.removeprefix(">"), head.startswith(">"), int(wrap or 0)) for head, _, wrap in heads)


_FIGURE = columns("Figure:56 | >Value | 90 % of cases | Bounds | Rests on")
_BISECTION = columns("Bisection:24 | >One direction | >Both directions | Status | Proven by:48")
_NETWORK = columns(
    "Network | >Times | Role | >Ends | >Switches | >Links | >Cables | >Optics | >Hops | >Taper | >Injection"
    " | >Bisection | Status"
)
_TRAFFIC = columns(
    "Network | >All to all | >Worst permutation | Oversubscribed:36 | >Shortest paths | >Disjoint | Proven by:48"
)
_FAILURES = columns("Network | Lost | Tried | >Intact | >Least left | >Median left | >Most left | >Least over intact")
_TAPER = columns("Step | >Per accelerator | >Of the step before")
_CLAIM = columns("Claim:28 | >Stated | >Derived | >Off by | Verdict | >Agrees in | Because:44 | Source:40")
_CHECK = columns("Check:64 | Word | Verdict | >Holds in | >Margin")
_ITEM = columns("Part | Kind | >Count | >Ports | >Used | >Power | >Price")
_CABLES = columns("Network | Link | Medium | >Cables | Length:60 | >Longest")
_LOST = columns("Figure:56 | Because:60")

CONVENTIONS = (
    "Bandwidth is per direction; bisection is the least that crosses in one direction between two equal halves of the "
    "accelerators, switches placed to minimise it.",
    "kB, MB, GB, TB are powers of 1000; KiB, MiB, GiB, TiB of 1024. Dense and sparse rates are kept apart.",
    "Per accelerator means per package as shipped; dies are counted by themselves.",
)
TRAFFIC = (
    "All to all: every endpoint sends to all others at once. Worst permutation: each sends to one partner, and the "
    "partners are those that suit the network least. Paths are counted between two endpoints farthest apart; disjoint "
    "ones share no cable."
)
FAILING = (
    "Endpoints that a failed switch or link cuts off still count; those of a failed rack do not. A range has certified "
    "ends; what was not tried member by member is bounded for every member."
)
SAMPLED = (
    "Where inputs are ranges a figure is the median of 4,096 seeded samples with its 90 % interval; a bare range is "
    "taken as uniform."
)
BOUNDED = (
    "Bounds are by interval arithmetic: no value of the inputs within their ranges takes a figure outside, and all of "
    "them may have to be at an end at once to reach one."
)


def headline(report: Report) -> str:
    """One line that says what this is about."""
    at = f" on {report.site}" if report.site else ""
    return f"{report.design}: {report.kind}{at}, from {report.file}"


def sections(report: Report) -> tuple[Section, ...]:
    """Every table of the report that has something to say."""
    found = (
        essentials(report),
        *(_figures(report, name) for name in GROUPS),
        bisection(report),
        networks(report),
        traffic(report),
        failures(report),
        taper(report),
        materials(report),
        cabling(report),
        _values(report),
        claims(report),
        checks(report),
        not_counted(report),
        absent(report),
        notes(report),
    )
    return tuple(section for section in found if section.rows or section.notes)


# ---- what to read first ----------------------------------------------------------------------

_FIRST = ("accelerators", "dies", "racks", "memory.capacity", "power.it", "power.facility", "cost.capital")
_WIDTHS = ("bf16", "fp8", "fp4", "int8")


def essentials(report: Report) -> Section:
    """The ten lines that a planner asks for before all others."""
    wanted = ["accelerators", "dies", *(f"compute.{width}" for width in _WIDTHS), *_FIRST[2:]]
    rows = [
        _row(figure.title, figure, report)
        for path in wanted
        if (figure := report.figures.get(path)) is not None and _speaks(figure)
    ]
    whole = report.bisection.get("whole")
    if whole is not None and whole.lower is not None:
        rows.append(("Bisection bandwidth, one direction", whole.display, "", "", whole.status))
    return Section("essentials", "Essentials", _FIGURE, tuple(rows))


def _speaks(figure: Measured) -> bool:
    """Whether a figure has its place in a table: absent ones are listed apart, what the design has none of is left out."""
    return figure.value is not None and (figure.value != 0 or bool(figure.missing))


def _row(name: str, figure: Measured, report: Report) -> tuple[str, ...]:
    """A figure with its interval, and where asked for its bounds, in columns of their own."""
    value, _, ninety = figure.display.removesuffix(")").partition(" (90 %: ")
    bounds = bounds_of(figure) if report.with_bounds else ""
    return name, value if ninety else figure.display, ninety, bounds, figure.grade or ""


def bounds_of(figure: Measured) -> str:
    """What interval arithmetic says of a figure, `456 to 829 MW`; empty where that is the one number it has."""
    if figure.quantity is None or figure.low is None or figure.value is None or figure.low == figure.high:
        return ""
    ends = Bounds(figure.low, figure.value, math.inf if figure.high is None else figure.high)
    return interval(ends, Quantity("shown", (), figure.quantity.dimension, None, figure_unit(figure.quantity)))


def group_of(path: str) -> str:
    """The table that a figure belongs to."""
    fitting = [
        (len(prefix), name)
        for name, (_, prefixes) in GROUPS.items()
        for prefix in prefixes
        if not prefix or path == prefix or path.startswith(prefix + ".")
    ]
    return max(fitting)[1]


def _figures(report: Report, name: str) -> Section:
    rows = [
        _row(figure.title, figure, report)
        for path, figure in report.figures.items()
        if group_of(path) == name and _speaks(figure)
    ]
    return Section(name, GROUPS[name][0], _FIGURE, tuple(rows))


def _values(report: Report) -> Section:
    """The `let` lines of the design."""
    rows = [_row(figure.path, figure, report) for figure in report.shown.values()]
    return Section("values", "Values of the text", _FIGURE, tuple(rows))


# ---- networks --------------------------------------------------------------------------------

_WHOLE = {"whole": "of the whole design", "without_scale_up": "without scale-up links"}


def bisection(report: Report) -> Section:
    """Bisection of the whole design, one direction with the doubled figure beside it."""
    rows = [
        (_WHOLE.get(name, name), found.display, doubled(found), found.status, proof(found))
        for name, found in report.bisection.items()
    ]
    return Section("bisection", "Bisection bandwidth", _BISECTION, tuple(rows))


def doubled(found: Bisected) -> str:
    """Both directions together: what is often quoted."""
    ends = [end * 2 for end in (found.lower, found.upper) if end is not None]
    if not ends:
        return ""
    shown = [number(end, units.RATE) for end in dict.fromkeys(ends)]
    if len(ends) == 2:
        return " to ".join(shown)
    return f"at least {shown[0]}" if found.upper is None else f"at most {shown[0]}"


def proof(found: Bisected) -> str:
    """What certifies a bisection, and why it is not better known."""
    return "; ".join(text for text in (found.method, found.reason) if text)


def networks(report: Report) -> Section:
    """Each network, or each set of equal ones."""
    rows = tuple(_network(network) for network in report.networks.values())
    reasons = tuple(
        f"{path}: {network.bisection.reason}"
        for path, network in report.networks.items()
        if network.bisection.status != "exact" and network.bisection.reason
    )
    return Section("networks", "Networks", _NETWORK, rows, reasons)


def _network(network: NetworkReport) -> tuple[str, ...]:
    counts = (network.endpoints, network.switches, network.links, network.cables, network.optics)
    ends, switches, links, cables, optics = (number(count, units.NONE) for count in counts)
    hops = "" if network.diameter is None else str(network.diameter)
    taper = f"{network.oversubscription:.3g}:1"
    found = network.bisection
    shown = "" if found.status == "absent" and found.lower is None else found.display
    return (
        *(
            network.path,
            number(network.count, units.NONE),
            network.role,
            ends,
            switches,
            links,
            cables,
            optics,
            hops,
            taper,
        ),
        *(network.injection.display, shown, found.status),
    )


def traffic(report: Report) -> Section:
    """What the networks carry, beside what could cross them."""
    rows = tuple(_carried(path, network.traffic) for path, network in report.networks.items() if _carries(network))
    notes = (TRAFFIC,) if rows else ()
    return Section("traffic", "What one endpoint can send, one direction", _TRAFFIC, rows, notes)


def _carries(network: NetworkReport) -> bool:
    found = network.traffic
    return bool(found.tiers) or any(b.upper is not None for b in (found.all_to_all, found.permutation))


def _carried(path: str, found: Carried) -> tuple[str, ...]:
    uniform, worst = found.all_to_all, found.permutation
    tiers = ", ".join(f"{tier} {ratio:.3g}:1" for tier, ratio in found.tiers)
    counts = ("" if count is None else _ways(count) for count in (found.shortest, found.disjoint))
    proven = "; ".join(dict.fromkeys(filter(None, (proof(uniform), proof(worst)))))
    return path, uniform.display, worst.display, tiers, *counts, proven


def _ways(count: int) -> str:
    return f"{count:,}" if count < 10**7 else f"{count:.2e}"


def failures(report: Report) -> Section:
    """The bisection of each network after something failed, the intact figure beside it."""
    rows = tuple(_failed(found) for found in report.failures if found.least is not None)
    notes = tuple(f"{found.network}: {found.reason}" for found in report.failures if found.least is None)
    what = next((found.failure for found in report.failures), "")
    return Section("failures", f"Bisection after losing {what}", _FAILURES, rows, (*notes, FAILING) if rows else notes)


def _failed(found: Failed) -> tuple[str, ...]:
    def shown(ends: tuple[float, float] | None) -> str:
        return "" if ends is None else " to ".join(dict.fromkeys(number(end, units.RATE) for end in ends))

    left = "" if found.least is None or not found.intact.upper else f"{found.least[0] / found.intact.upper:.1%}"
    tried = f"{found.tried:,} of {found.total:,}" if found.tried else f"any of {found.total:,}"
    if found.what == "links":
        tried = f"{found.tried:,} draws" if found.tried else "any draw"
    ends = (shown(found.least), shown(found.median), shown(found.most)) if found.tried else (shown(found.least), "", "")
    return found.network, found.what, tried, found.intact.display, *ends, left


def taper(report: Report) -> Section:
    """How bandwidth narrows from the memory of a chip to the bisection of the cluster."""
    rows = tuple((step.title, step.display, "" if step.ratio is None else f"{step.ratio:.1%}") for step in report.taper)
    title = "Bandwidth per accelerator, from chip to cluster, one direction"
    return Section("taper", title, _TAPER, rows if len(rows) > 1 else ())


def materials(report: Report) -> Section:
    """What the design is made of: power and price of all of a part together."""
    return Section("materials", "Bill of materials", _ITEM, tuple(_item(item) for item in report.materials))


def _item(item: "Item") -> tuple[str, ...]:
    ports = ("" if count is None else number(count, units.NONE) for count in (item.ports, item.ports_used))
    power = "" if item.power is None else number(item.power, units.POWER)
    price = "" if item.price is None else number(item.price, units.MONEY)
    return item.part, item.kind, number(item.count, units.NONE), *ports, power, price


def cabling(report: Report) -> Section:
    """Cables by length, where the layout of the racks tells it."""
    rows = []
    for cables in report.cabling:
        lengths = [f"{number(count, units.NONE)} {name}" for name, count in cables.lengths.items() if count]
        lengths += [f"{number(cables.unplaced, units.NONE)} not placed"] if cables.unplaced else []
        longest = "" if cables.longest is None else number(cables.longest, units.LENGTH)
        total = number(cables.cables, units.NONE)
        rows.append((cables.network, cables.link, cables.medium, total, ", ".join(lengths), longest))
    return Section("cabling", "Cables by length", _CABLES, tuple(rows))


# ---- claims, checks, gaps --------------------------------------------------------------------


def claims(report: Report) -> Section:
    """What was published beside what follows from the text."""
    return Section("claims", "Claims", _CLAIM, tuple(_claim(verdict) for verdict in report.claims))


def _claim(verdict: "Verdict") -> tuple[str, ...]:
    off = f"{verdict.ratio - 1:+.2%}" if verdict.ratio is not None else ""
    because = verdict.sentence or verdict.hypothesis or ", ".join(verdict.missing)
    bound = f"{verdict.operator} " if verdict.operator not in ("~=", "==") else ""
    stated, derived = bound + amount(verdict, verdict.stated), amount(verdict, verdict.derived)
    return verdict.name, stated, derived, off, verdict.verdict, agreement(verdict), because, verdict.source


def agreement(verdict: "Verdict") -> str:
    """The share of the derived range that a claim accepts; empty where all of it or nothing agrees."""
    return percent(verdict.overlap) if verdict.overlap is not None and 0 < verdict.overlap < 1 else ""


def amount(verdict: "Verdict", value: float | None) -> str:
    """One side of a claim, in the unit in which it was stated."""
    if value is None:
        return "unknown"
    if verdict.claim is not None:
        return number(value, verdict.claim.derived.dimension, verdict.claim.stated.unit, 6)
    found = units.unit(verdict.unit)
    return number(value, found.dimension if found else units.NONE, figures=6)


def checks(report: Report) -> Section:
    """The assertions of the design."""
    return Section("checks", "Checks", _CHECK, tuple(_check(check) for check in report.checks))


def _check(check: Checked) -> tuple[str, ...]:
    holds = "" if check.probability is None or check.verdict != "undecided" else percent(check.probability)
    return check.name, check.word, check.verdict, holds, "" if check.margin is None else f"{check.margin:+.1%}"


def not_counted(report: Report) -> Section:
    """Figures that are lower bounds, with what they lack."""
    rows = _merged(figure for figure in report.figures.values() if figure.missing and figure.value is not None)
    return Section("missing", "Lower bounds: not counted", _LOST, rows)


def absent(report: Report) -> Section:
    """Figures that nothing can be said about, with the reason."""
    rows = _merged(figure for figure in report.figures.values() if figure.value is None)
    return Section("absent", "Not known", _LOST, rows)


def _merged(figures: Iterator[Measured]) -> tuple[tuple[str, ...], ...]:
    """One row for the figures of a family that lack the same."""
    found: dict[tuple[str, str], list[str]] = {}
    for figure in figures:
        lost = ", ".join(figure.missing)
        because = figure.reason if lost in figure.reason else f"{figure.reason} ({lost})" if figure.reason else lost
        title, comma, suffix = figure.title.rpartition(", ")
        key = title if comma and figure.path.endswith("." + suffix.replace(" ", ".")) else figure.title
        found.setdefault((key, because), []).append(suffix if key == title else "")
    return tuple((", ".join([title, *filter(None, suffixes)]), because) for (title, because), suffixes in found.items())


def notes(report: Report) -> Section:
    """The weakest word that anything rests on, and how the figures are to be read."""
    figures = [figure for figure in report.figures.values() if figure.grade]
    weakest = max(figures, key=lambda figure: (*GRADES, UNSOURCED).index(figure.grade or GRADES[0]), default=None)
    said = list(CONVENTIONS)
    if any(figure.quantiles for figure in figures):
        said.append(SAMPLED)
    if report.with_bounds:
        said.append(BOUNDED)
    if weakest is not None:
        ranks = [figure for figure in figures if figure.grade == weakest.grade]
        said.insert(
            0, f"The weakest grade that a figure rests on is `{weakest.grade}` ({len(ranks)} of {len(figures)})."
        )
    return Section("notes", "How to read this", notes=tuple(said))
