"""Bounds of a least cut: both ends, what proves each, and the cut that shows the upper one."""

import math
from typing import NotRequired, TypedDict

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from compiler.numerics.tolerances import MEETING, ROUNDING


class CrossingData(TypedDict):
    """A class of links that cross, as plain data."""

    links: str
    count: int
    capacity: float


class CutData(TypedDict):
    """A cut as plain data; `side_a` lists the vertices on side A while they are few."""

    capacity: float
    endpoints: list[int]
    crossing: list[CrossingData]
    parts: list[str]
    side_a: NotRequired[list[int]]


class BoundData(TypedDict):
    """A bound as plain data."""

    lower: float | None
    upper: float | None
    status: str
    method: str
    reason: str | None
    cut: NotRequired[CutData]


@frozen
class Crossing:
    """Links of one class that cross a cut: how many rows or cables, and their capacity in one direction."""

    links: str
    count: int
    capacity: float


@frozen(eq=False)
class Cut:
    """A witness of an upper end. `endpoints` are the sizes of side A and side B.

    `side` (vertices,) is True on side A, when the network was given as a graph; `parts` says the same in words for a
    network that was never unrolled; `witness` is the division of a hierarchy, where it was one, for the checker to
    recount and for people to name its parts. `capacity` is in the caller's unit, one direction.
    """

    capacity: float
    endpoints: tuple[int, int]
    crossing: tuple[Crossing, ...] = ()
    parts: tuple[str, ...] = ()
    side: NDArray[np.bool_] | None = None
    witness: object = None

    def as_json(self) -> CutData:
        """Plain data; a side is given by the indices of A, and only while it is short."""
        crossing: list[CrossingData] = [
            {"links": c.links, "count": c.count, "capacity": c.capacity} for c in self.crossing
        ]
        out: CutData = {
            "capacity": self.capacity,
            "endpoints": list(self.endpoints),
            "crossing": crossing,
            "parts": list(self.parts),
        }
        if self.side is not None and self.side.size <= 4096:
            out["side_a"] = [int(i) for i in np.flatnonzero(self.side)]
        return out


@frozen(eq=False)
class Bound:
    """`lower <= value <= upper` in the caller's unit, one direction; an end that nothing certifies is None.

    `status` is `exact` when the ends meet (relative 1e-9), `bounds` when both are there, `absent` otherwise, and then
    `reason` says what is missing. `step` is a capacity that cuts differ by a multiple of, 0 when none is known; `notes` say
    what was assumed.
    """

    lower: float | None
    upper: float | None
    status: str
    method: str
    reason: str | None = None
    cut: Cut | None = None
    step: float = 0.0
    notes: tuple[str, ...] = ()

    def as_json(self) -> BoundData:
        """Plain data, as reports print it."""
        out: BoundData = {
            "lower": self.lower,
            "upper": self.upper,
            "status": self.status,
            "method": self.method,
            "reason": self.reason,
        }
        if self.cut is not None:
            out["cut"] = self.cut.as_json()
        return out


def meets(lower: float, upper: float) -> bool:
    """True when two ends are one figure."""
    return math.isfinite(upper) and upper - lower <= MEETING * upper


def raised(lower: float, achieved: float, step: float) -> float:
    """A lower end moved up to what a cut can be, from one that is: it differs by a multiple of the step."""
    if not step or not math.isfinite(achieved) or lower > achieved:
        return lower
    return max(lower, achieved - step * math.floor((achieved - lower) / step + ROUNDING))


def bound(
    lower: float | None,
    upper: float | None,
    *,
    below: str = "",
    above: str = "",
    cut: Cut | None = None,
    reason: str | None = None,
    step: float = 0.0,
) -> Bound:
    """A bound from its ends and the names of what proved them; ends that meet are made equal."""
    if upper is not None and not math.isfinite(upper):
        upper, cut = None, None
    if lower is None or upper is None:
        missing = "no lower bound is certified" if lower is None else "no cut was found"
        return Bound(lower, upper, "absent", "; ".join(filter(None, (below, above))), reason or missing, cut, step)
    if meets(lower, upper):
        value = upper
        method = below if below == above or not above else f"{below}; cut: {above}"
        return Bound(value, value, "exact", method, None, cut, step)
    return Bound(lower, upper, "bounds", f"lower: {below}; upper: {above}", reason, cut, step)


def widened(low: Bound, high: Bound) -> Bound:
    """One bound from those at the least and at the most of what links may carry: the lower end of the one, the upper of
    the other. A bound that is given twice stays as it is."""
    if low is high:
        return high
    if low.lower is None or high.upper is None:
        return evolve(high, lower=low.lower)
    method = f"{high.method}, at the least and the most of the link rates"
    return evolve(high, lower=low.lower, status="bounds", method=method)


def absent(reason: str) -> Bound:
    """The bound of which nothing is certified, and why."""
    return Bound(None, None, "absent", "", reason)
