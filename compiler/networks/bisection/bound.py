"""What is known of a least cut: both ends, what proves each, and the cut that shows the upper one."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

RELATIVE = 1e-9


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
    network that was never unrolled; `witness` is what the checker recounts (a graph side, a division of a hierarchy,
    an order of product axes).
    """

    capacity: float
    endpoints: tuple[int, int]
    crossing: tuple[Crossing, ...] = ()
    parts: tuple[str, ...] = ()
    side: NDArray[np.bool_] | None = None
    witness: Any = None

    def as_json(self) -> dict[str, Any]:
        """Plain data; a side is given by the indices of A, and only while it is short."""
        crossing = [{"links": c.links, "count": c.count, "capacity": c.capacity} for c in self.crossing]
        out: dict[str, Any] = {
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
    `reason` says what is missing. `certificate` holds the data that the lower end rests on, `notes` what was assumed.
    """

    lower: float | None
    upper: float | None
    status: str
    method: str
    reason: str | None = None
    cut: Cut | None = None
    certificate: Mapping[str, Any] = field(factory=dict)
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The shape that reports print."""
        out: dict[str, Any] = {
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
    """Whether two ends are one figure."""
    return math.isfinite(upper) and upper - lower <= RELATIVE * upper


def raised(lower: float, achieved: float, step: float) -> float:
    """A lower end moved up to what a cut can be, from one that is: it differs by a multiple of the step."""
    if not step or not math.isfinite(achieved) or lower > achieved:
        return lower
    return max(lower, achieved - step * math.floor((achieved - lower) / step + 1e-6))


def bound(
    lower: float | None,
    upper: float | None,
    *,
    below: str = "",
    above: str = "",
    cut: Cut | None = None,
    certificate: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> Bound:
    """A bound from its ends and the names of what proved them; ends that meet are made equal."""
    data = certificate or {}
    if upper is not None and not math.isfinite(upper):
        upper, cut = None, None
    if lower is None or upper is None:
        missing = "no lower bound is certified" if lower is None else "no cut was found"
        return Bound(lower, upper, "absent", "; ".join(filter(None, (below, above))), reason or missing, cut, data)
    if meets(lower, upper):
        value = upper
        method = below if below == above or not above else f"{below}; cut: {above}"
        return Bound(value, value, "exact", method, None, cut, data)
    return Bound(lower, upper, "bounds", f"lower: {below}; upper: {above}", reason, cut, data)


def absent(reason: str) -> Bound:
    """Nothing is certified, and why."""
    return Bound(None, None, "absent", "", reason)
