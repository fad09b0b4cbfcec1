"""Tables of figures: the essentials, then by group, then the lets of the text and the gaps."""

import math
from collections.abc import Iterator, Mapping

from compiler.quantities.display import interval
from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Bounds
from compiler.report.findings import BISECTION, DesignReport, Measured
from compiler.report.measured import figure_unit
from compiler.report.sections import Section, columns

GROUPS: Mapping[str, str] = {
    "compute": "Compute",
    "memory": "Memory",
    "power": "Power and energy",
    "cost": "Cost",
    "counts": "Counts",
    "ratios": "Ratios",
}
"""Titles of the tables by group, in their order. Other groups come after them under their own names."""


_FIGURE = columns("Figure:56 | >Value | 90 % of cases | Bounds | Rests on")
_LOST = columns("Figure:56 | Because:60")


def essentials(report: DesignReport) -> Section:
    """Table of the ten figures that a planner asks for first."""
    ranked = [(figure.essential, figure) for figure in report.figures.values() if figure.essential is not None]
    ordered = [figure for _, figure in sorted(ranked, key=lambda pair: pair[0])]
    rows = [_row(figure.title, figure, report) for figure in ordered if _speaks(figure)]
    whole = report.bisection.get("whole")
    if whole is not None and whole.lower is not None:
        rows.append((BISECTION, whole.display, "", "", whole.status))
    return Section("essentials", "Essentials", _FIGURE, tuple(rows))


def _speaks(figure: Measured) -> bool:
    """True when a figure stands in its table: absent ones are listed apart, zeros that lack nothing are left out."""
    return figure.value is not None and (figure.value != 0 or bool(figure.missing))


def _row(name: str, figure: Measured, report: DesignReport) -> tuple[str, ...]:
    """Row of a figure: value, interval, and its bounds when the report asks for them."""
    value, _, ninety = figure.display.removesuffix(")").partition(" (90 %: ")
    bounds = bounds_of(figure) if report.with_bounds else ""
    return name, value if ninety else figure.display, ninety, bounds, figure.grade or ""


def bounds_of(figure: Measured) -> str:
    """Bounds of a figure by interval arithmetic, `456 to 829 MW`; empty when it is one number."""
    if figure.quantity is None or figure.low is None or figure.value is None or figure.low == figure.high:
        return ""
    ends = Bounds(figure.low, figure.value, math.inf if figure.high is None else figure.high)
    return interval(ends, Quantity("shown", (), figure.quantity.dimension, None, figure_unit(figure.quantity)))


def groups(report: DesignReport) -> Iterator[Section]:
    """Tables of figures, one for each group."""
    for group in dict.fromkeys((*GROUPS, *(figure.group for figure in report.figures.values()))):
        shown = [figure for figure in report.figures.values() if figure.group == group and _speaks(figure)]
        rows = tuple(_row(figure.title, figure, report) for figure in shown)
        yield Section(group, GROUPS.get(group, group.capitalize()), _FIGURE, rows)


def values(report: DesignReport) -> Section:
    """Table of the lets of the design."""
    rows = [_row(figure.path, figure, report) for figure in report.shown.values()]
    return Section("values", "Values of the text", _FIGURE, tuple(rows))


def not_counted(report: DesignReport) -> Section:
    """Table of the figures that are lower bounds, with what they lack."""
    rows = _merged(figure for figure in report.figures.values() if figure.missing and figure.value is not None)
    return Section("missing", "Lower bounds: not counted", _LOST, rows)


def absent(report: DesignReport) -> Section:
    """Table of the absent figures, with the reason."""
    rows = _merged(figure for figure in report.figures.values() if figure.value is None)
    return Section("absent", "Not known", _LOST, rows)


def _merged(figures: Iterator[Measured]) -> tuple[tuple[str, ...], ...]:
    """Rows of figures, those of one family that lack the same things merged into one."""
    found: dict[tuple[str, str], list[str]] = {}
    for figure in figures:
        lost = ", ".join(figure.missing)
        because = figure.reason if lost in figure.reason else f"{figure.reason} ({lost})" if figure.reason else lost
        title, comma, suffix = figure.title.rpartition(", ")
        key = title if comma and figure.path.endswith("." + suffix.replace(" ", ".")) else figure.title
        found.setdefault((key, because), []).append(suffix if key == title else "")
    return tuple((", ".join([title, *filter(None, suffixes)]), because) for (title, because), suffixes in found.items())
