"""Figure of dated variants over time, as data: points, and the line fitted through their logarithms."""

import math

from attrs import frozen

from compiler.quantities.intervals import Bounds
from compiler.quantities.units import Dimension


@frozen(eq=False)
class Point:
    """A variant of a series: its name, day in ISO form, years since year 0, and its value with its ends in base units."""

    name: str
    day: str
    years: float
    value: float
    low: float
    high: float
    display: str


@frozen(eq=False)
class TimeSeries:
    """One figure over time. `growth` is per year, `doubling` in years, `residual` a share; None without two dates.

    `silent` names the variants that do not state the figure: they are left out, never taken as zero.
    """

    path: str
    dimension: Dimension
    points: tuple[Point, ...]
    growth: Bounds | None
    doubling: Bounds | None
    residual: float | None
    silent: tuple[str, ...]

    def fitted(self, years: float) -> float:
        """Value of the fitted line at a time in years since year 0, in base units. Only when `growth` is known."""
        assert self.growth is not None
        mean_time = sum(point.years for point in self.points) / len(self.points)
        product = math.prod(point.value ** (1 / len(self.points)) for point in self.points)
        result: float = product * self.growth.middle ** (years - mean_time)
        return result
