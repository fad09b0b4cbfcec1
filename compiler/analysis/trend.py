"""Growth of a figure over dated variants: the line of least squares through its logarithms, as quantities.

With times t and values y the slope of log y over t is a weighted sum of logarithms, so the yearly growth is a product
of powers of the values themselves. Uncertain values make an uncertain growth, and `explain` finds its way back.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from attrs import frozen

from compiler.quantities.graph import Quantity, apply, number, total
from compiler.quantities.units import NONE, TIME, YEAR_SECONDS

YEAR = number(YEAR_SECONDS, TIME, "year", "one year")


@frozen(eq=False)
class Dated:
    """A value of one variant and the day from which it holds, in ISO form."""

    name: str
    day: str
    value: Quantity

    @property
    def years(self) -> float:
        """The day as a year of twelve equal months: 2026-10-01 is 2026.75, in a leap year, too."""
        day = date.fromisoformat(self.day)
        return day.year + (day.month - 1 + (day.day - 1) / monthrange(day.year, day.month)[1]) / 12


def growth(points: Sequence[Dated], what: str = "growth") -> Quantity:
    """The factor by which a figure grows each year. Missing, with the reason, when there are no two dates."""
    lost = _lost(points, what)
    if lost is not None:
        return lost
    first = points[0].value
    result: Quantity | None = None
    for point, weight in zip(points[1:], _weights(points)[1:], strict=True):
        each = apply("power", _over(point.value, first), number(weight, label="weight of the fit"))
        result = each if result is None else apply("multiply", result, each)
    assert result is not None
    return Quantity(result.op, result.args, NONE, None, "", what)


def doubling(points: Sequence[Dated], what: str = "doubling time") -> Quantity:
    """The time in which a figure doubles at its fitted growth; negative where it shrinks."""
    found = growth(points, what)
    if found.op == "missing":
        return Quantity("missing", (), TIME, None, label=found.label)
    return Quantity("divide", (YEAR, apply("log2", found)), TIME, None, "year", what)


def residual(points: Sequence[Dated], what: str = "residual") -> Quantity:
    """The distance of the points from the fitted line: the root of the mean square of the logarithms, as a share of the value."""
    found = growth(points, what)
    if found.op == "missing":
        return found
    middle = sum(point.years for point in points) / len(points)
    logs = [apply("log2", _over(point.value, points[0].value)) for point in points]
    mean = apply("divide", total(logs), number(float(len(points))))
    slope = apply("log2", found)
    squares = []
    for point, log in zip(points, logs, strict=True):
        fitted = apply("add", mean, apply("multiply", slope, number(point.years - middle)))
        squares.append(apply("power", apply("subtract", log, fitted), number(2.0)))
    # in logarithms to base 2, as all of them are here: 2^r - 1 is the share by which a point is off
    root = apply("sqrt", apply("divide", total(squares), number(float(len(points)))), dimension=NONE)
    return Quantity("subtract", (apply("power", number(2.0), root), number(1.0)), NONE, None, "%", what)


def _weights(points: Sequence[Dated]) -> list[float]:
    """(t - mean t) over the sum of its squares: what the slope of a line of least squares gives each value."""
    times = [point.years for point in points]
    mean = sum(times) / len(times)
    spread = sum((time - mean) ** 2 for time in times)
    return [(time - mean) / spread for time in times]


def _over(value: Quantity, first: Quantity) -> Quantity:
    return apply("divide", value, first, dimension=NONE)


def _lost(points: Sequence[Dated], what: str) -> Quantity | None:
    days = {point.day for point in points}
    if len(days) > 1:
        return None
    names = ", ".join(point.name for point in points) or "none"
    return Quantity(
        "missing", (), NONE, None, label=f"{what}: two dated variants that state it are needed, there is {names}"
    )
