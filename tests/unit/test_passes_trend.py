"""How a figure grows over dated variants."""

import math

import pytest

from compiler.analysis.trend import Dated, doubling, growth, residual
from compiler.quantities.graph import Quantity, Spread
from compiler.quantities.intervals import Intervals
from compiler.quantities.units import POWER


def dated(*points: tuple[str, float]) -> list[Dated]:
    return [
        Dated(f"v{i}", day, Quantity("literal", dimension=POWER, spread=Spread(value, value, value), unit="W"))
        for i, (day, value) in enumerate(points)
    ]


def middle(quantity: Quantity) -> float:
    return Intervals().of(quantity).middle


def test_what_doubles_each_year_grows_by_two() -> None:
    points = dated(("2025-01-01", 100.0), ("2026-01-01", 200.0), ("2027-01-01", 400.0))
    assert middle(growth(points)) == pytest.approx(2.0)
    assert middle(doubling(points)) == pytest.approx(8760 * 3600)
    assert middle(residual(points)) == pytest.approx(0.0, abs=1e-9)


def test_the_fit_is_that_of_least_squares() -> None:
    points = dated(("2025-01-01", 1.0), ("2026-07-02", 3.0), ("2027-01-01", 4.0), ("2028-01-01", 20.0))
    times, logs = [p.years for p in points], [math.log(middle(p.value)) for p in points]
    mean_time, mean_log = sum(times) / 4, sum(logs) / 4
    slope = sum((t - mean_time) * (y - mean_log) for t, y in zip(times, logs, strict=True))
    slope /= sum((t - mean_time) ** 2 for t in times)
    off = [y - mean_log - slope * (t - mean_time) for t, y in zip(times, logs, strict=True)]
    assert middle(growth(points)) == pytest.approx(math.exp(slope))
    assert middle(residual(points)) == pytest.approx(math.exp(math.sqrt(sum(r * r for r in off) / 4)) - 1)


def test_what_shrinks_never_doubles() -> None:
    assert middle(doubling(dated(("2025-01-01", 4.0), ("2027-01-01", 1.0)))) == pytest.approx(-8760 * 3600)


def test_one_variant_has_no_growth_and_says_why() -> None:
    for points in (dated(("2025-01-01", 4.0)), dated(), dated(("2025-01-01", 4.0), ("2025-01-01", 8.0))):
        found = growth(points, "growth of R")
        assert found.op == "missing"
        assert found.label.startswith("growth of R: two dated variants")
        assert doubling(points).op == residual(points).op == "missing"


def test_a_range_makes_the_growth_a_range() -> None:
    points = dated(("2025-01-01", 1.0), ("2026-01-01", 2.0))
    wide = Quantity("literal", dimension=POWER, spread=Spread(1.5, 2.0, 3.0, "uniform"), symbol="wide")
    bounds = Intervals().of(growth([points[0], Dated("w", "2026-01-01", wide)]))
    assert (bounds.low, bounds.middle, bounds.high) == pytest.approx((1.5, 2.0, 3.0))
