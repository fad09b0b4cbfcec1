"""Tables of a report, in the order in which a planner reads them."""

from typing import TYPE_CHECKING

from compiler.quantities import units
from compiler.quantities.display import number, percent
from compiler.quantities.provenance import GRADES, UNSOURCED
from compiler.report import figure_tables, network_tables
from compiler.report.findings import CheckResult, DesignReport
from compiler.report.sections import Section, columns

if TYPE_CHECKING:
    from compiler.analysis.materials import Item
    from compiler.audit.verdict import Verdict

_CLAIM = columns("Claim:28 | >Stated | >Derived | >Off by | Verdict | >Agrees in | Because:44 | Source:40")
_CHECK = columns("Check:64 | Word | Verdict | >Holds in | >Margin")
_ITEM = columns("Part | Kind | >Count | >Ports | >Used | >Power | >Price")
_CABLES = columns("Network | Link | Medium | >Cables | Length:60 | >Longest")

CONVENTIONS = (
    "Bandwidth is per direction; bisection is the least that crosses in one direction between two equal halves of the "
    "accelerators, switches placed to minimise it.",
    "kB, MB, GB, TB are powers of 1000; KiB, MiB, GiB, TiB of 1024. Dense and sparse rates are kept apart.",
    "Per accelerator means per package as shipped; dies are counted by themselves.",
)
SAMPLED = (
    "Where inputs are ranges a figure is the median of 4,096 seeded samples with its 90 % interval; a bare range is "
    "taken as uniform."
)
BOUNDED = (
    "Bounds are by interval arithmetic: no value of the inputs within their ranges takes a figure outside, and all of "
    "them may have to be at an end at once to reach one."
)


def headline(report: DesignReport) -> str:
    """One line about the subject of a report."""
    at = f" on {report.site}" if report.site else ""
    return f"{report.design}: {report.kind}{at}, from {report.file}"


def sections(report: DesignReport) -> tuple[Section, ...]:
    """All tables of the report that are not empty."""
    found = (
        figure_tables.essentials(report),
        *figure_tables.groups(report),
        network_tables.bisection(report),
        network_tables.networks(report),
        network_tables.traffic(report),
        network_tables.latency(report),
        network_tables.failures(report),
        network_tables.taper(report),
        materials(report),
        cabling(report),
        figure_tables.values(report),
        claims(report),
        checks(report),
        figure_tables.not_counted(report),
        figure_tables.absent(report),
        notes(report),
    )
    return tuple(section for section in found if section.rows or section.notes)


def materials(report: DesignReport) -> Section:
    """Table of the parts of the design; power and price are of all of a kind together."""
    return Section("materials", "Bill of materials", _ITEM, tuple(_item(item) for item in report.materials))


def _item(item: "Item") -> tuple[str, ...]:
    ports = ("" if count is None else number(count, units.NONE) for count in (item.ports, item.ports_used))
    power = "" if item.power is None else number(item.power, units.POWER)
    price = "" if item.price is None else number(item.price, units.MONEY)
    return item.part, item.kind, number(item.count, units.NONE), *ports, power, price


def cabling(report: DesignReport) -> Section:
    """Table of cables by length, where the layout of the racks tells it."""
    rows = []
    for cables in report.cabling:
        lengths = [f"{number(count, units.NONE)} {name}" for name, count in cables.lengths.items() if count]
        lengths += [f"{number(cables.unplaced, units.NONE)} not placed"] if cables.unplaced else []
        longest = "" if cables.longest is None else number(cables.longest, units.LENGTH)
        total = number(cables.cables, units.NONE)
        rows.append((cables.network, cables.link, cables.medium, total, ", ".join(lengths), longest))
    return Section("cabling", "Cables by length", _CABLES, tuple(rows))


def claims(report: DesignReport) -> Section:
    """Table of published figures, each beside the derived one."""
    return Section("claims", "Claims", _CLAIM, tuple(_claim(verdict) for verdict in report.claims))


def _claim(verdict: "Verdict") -> tuple[str, ...]:
    off = f"{verdict.ratio - 1:+.2%}" if verdict.ratio is not None else ""
    because = verdict.sentence or verdict.hypothesis or ", ".join(verdict.missing)
    bound = f"{verdict.operator} " if verdict.operator not in ("~=", "==") else ""
    stated, derived = bound + amount(verdict, verdict.stated), amount(verdict, verdict.derived)
    return verdict.name, stated, derived, off, verdict.verdict, agreement(verdict), because, verdict.source


def agreement(verdict: "Verdict") -> str:
    """Share of the derived range that a claim accepts, as text; empty when it is all or nothing."""
    return percent(verdict.overlap) if verdict.overlap is not None and 0 < verdict.overlap < 1 else ""


def amount(verdict: "Verdict", value: float | None) -> str:
    """One side of a claim as text, in the unit in which the claim was stated."""
    if value is None:
        return "unknown"
    if verdict.claim is not None:
        return number(value, verdict.claim.derived.dimension, verdict.claim.stated.unit, 6)
    found = units.unit(verdict.unit)
    return number(value, found.dimension if found else units.NONE, figures=6)


def checks(report: DesignReport) -> Section:
    """Table of the checks of the design."""
    return Section("checks", "Checks", _CHECK, tuple(_check(check) for check in report.checks))


def _check(check: CheckResult) -> tuple[str, ...]:
    holds = "" if check.probability is None or check.verdict != "undecided" else percent(check.probability)
    return check.name, check.word, check.verdict, holds, "" if check.margin is None else f"{check.margin:+.1%}"


def notes(report: DesignReport) -> Section:
    """Notes below the tables: the weakest grade of source behind the figures, and how to read them."""
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
