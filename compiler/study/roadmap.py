"""Roadmaps: figures of dated variants as series over time, their yearly growth, and the growth that was claimed."""

from collections.abc import Sequence

from compiler.analysis.trend import YEAR, Dated, doubling, growth, residual
from compiler.emitters.json import plain
from compiler.ir.hardware import Part
from compiler.quantities import units
from compiler.quantities.display import digits, interval
from compiler.quantities.intervals import Bounds, Intervals
from compiler.report.sections import Column, Section
from compiler.report.series import Point, TimeSeries
from compiler.semantics.words import stated_of

SCHEMA = "clusterc.roadmap/1"
CLOSE = 0.05
"""Tolerance of a claimed yearly growth: half a unit of the last digit of `2.0`."""


def dated(variants: Sequence[Part], path: str) -> tuple[tuple[Dated, ...], tuple[str, ...]]:
    """The variants that state a figure and a date, the oldest first, and the names of the others."""
    points, silent = [], []
    for part in variants:
        value, day = stated_of(part).get(path), part.text("released")
        if value is None or not day or not Intervals().of(value).low > 0:
            silent.append(part.name)
        else:
            points.append(Dated(part.name, day, value))
    return tuple(sorted(points, key=lambda point: point.day)), tuple(silent)


def series(variants: Sequence[Part], path: str) -> TimeSeries:
    """A figure of dated variants with its fitted growth."""
    found, silent = dated(variants, path)
    intervals = Intervals()
    points = []
    for one in found:
        bounds = intervals.of(one.value)
        display = interval(bounds, one.value)
        points.append(Point(one.name, one.day, one.years, bounds.middle, bounds.low, bounds.high, display))
    dimension = found[0].value.dimension if found else units.NONE
    rate = growth(found)
    if rate.op == "missing":
        return TimeSeries(path, dimension, tuple(points), None, None, None, silent)
    per_year = intervals.of(YEAR).middle
    time = intervals.of(doubling(found))
    years = Bounds(time.low / per_year, time.middle / per_year, time.high / per_year)
    return TimeSeries(
        path, dimension, tuple(points), intervals.of(rate), years, intervals.of(residual(found)).middle, silent
    )


# ---- for people and programs -----------------------------------------------------------------


def sections(
    name: str, found: Sequence[TimeSeries], claimed: float | None = None, tolerance: float = CLOSE
) -> tuple[Section, ...]:
    """Tables of the series, and one of their growth, beside the claimed growth per year (None: none was claimed)."""
    tables = [_series(one) for one in found if one.points]
    columns = [
        Column("Figure"),
        Column("Growth per year", True),
        Column("Doubles in", True),
        Column("Off the line", True),
    ]
    columns += [Column("Claimed", True), Column("Verdict")] if claimed else []
    rows = [_growth(one, claimed, tolerance) for one in found if one.growth is not None]
    notes = ["Growth is the line of least squares through the logarithms over the days of release."]
    notes += [f"{one.path} is not stated by {', '.join(one.silent)}." for one in found if one.silent]
    return (*tables, Section("growth", f"Growth of {name}", tuple(columns), tuple(rows), tuple(notes)))


def _series(one: TimeSeries) -> Section:
    columns = (Column("Variant"), Column("Released"), Column(one.path, True), Column("Over the one before", True))
    rows, before = [], None
    for point in one.points:
        step = (
            ""
            if before is None
            else f"{digits(point.value / before.value, 3)} in {point.years - before.years:.2f} years"
        )
        rows.append((point.name, point.day, point.display, step))
        before = point
    return Section(f"series.{one.path}", one.path, columns, tuple(rows))


def _growth(one: TimeSeries, claimed: float | None, tolerance: float) -> tuple[str, ...]:
    assert one.growth is not None and one.doubling is not None
    time = f"{digits(one.doubling.middle, 3)} years" if one.growth.middle > 1 else "never"
    cells = [one.path, f"× {digits(one.growth.middle, 3)}", time, f"{one.residual or 0.0:.1%}"]
    if claimed:
        cells += [f"× {digits(claimed, 3)}", verdict(one, claimed, tolerance)]
    return tuple(cells)


def verdict(one: TimeSeries, claimed: float, tolerance: float = CLOSE) -> str:
    """Verdict on a claimed growth, give or take the tolerance: as claimed, faster, slower or undecided."""
    if one.growth is None:
        return "undecided"
    if one.growth.high < claimed - tolerance:
        return "slower than claimed"
    if one.growth.low > claimed + tolerance:
        return "faster than claimed"
    inside = one.growth.low >= claimed - tolerance and one.growth.high <= claimed + tolerance
    return "as claimed" if inside else "undecided"


def data(name: str, found: Sequence[TimeSeries]) -> dict[str, object]:
    """The series as plain data, values in base units."""
    return {"schema": SCHEMA, "roadmap": name, "series": [_data(one) for one in found]}


def _data(one: TimeSeries) -> dict[str, object]:
    points = [
        {
            "variant": point.name,
            "released": point.day,
            "value": plain(point.value),
            "low": plain(point.low),
            "high": plain(point.high),
        }
        for point in one.points
    ]
    return {
        "figure": one.path,
        "unit": units.base_unit(one.dimension),
        "points": points,
        "growth": plain(one.growth.middle) if one.growth else None,
        "doubling": plain(one.doubling.middle) if one.doubling else None,
        "residual": plain(one.residual),
        "silent": list(one.silent),
    }
