"""The lower convex hull of a row of costs: its corners, and its edges with what lies above each.

A row, shape (k + 1,), is the least cost of one part with 0 .. k of its endpoints on side A; infinite where that cannot
be. Parts that are many alike stand at the corners of its hull, all but a few.
"""

from itertools import pairwise

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.numerics.tolerances import TIE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@frozen(eq=False)
class Edge:
    """An edge of a row's lower hull, from `start` to `end` endpoints; `heights` (k + 1,) are the costs above its line,
    infinite where the row is."""

    start: int
    end: int
    slope: float
    heights: Floats

    @property
    def length(self) -> int:
        """Endpoints from its start to its end."""
        return self.end - self.start

    @property
    def inside(self) -> Floats:
        """The heights from its start to its end, shape (length + 1,)."""
        return self.heights[self.start : self.end + 1]


def bends(row: Floats) -> Ints:
    """The places where a row of shape (k + 1,) bends upwards, and its ends: finite entries below the line through
    their neighbours, shape (places,), ascending.

    Of two copies elsewhere one can give endpoints to the other at no cost until one of them is at such a place, so of
    many copies at least cost at most one is not.
    """
    finite = np.flatnonzero(np.isfinite(row))
    if finite.size < 3:
        return finite
    values, gaps = row[finite], np.diff(finite)
    slopes = np.diff(values) / gaps
    inner = (slopes[1:] > slopes[:-1]) | (gaps[1:] > 1) | (gaps[:-1] > 1)
    return finite[np.r_[True, inner, True]]


def hull(row: Floats) -> list[int]:
    """The corners of the lower convex hull of a row of shape (k + 1,), ascending; empty when no entry is finite."""
    corners: list[int] = []
    for k in bends(row).tolist():
        while len(corners) > 1:
            a, b = corners[-2], corners[-1]
            if (row[b] - row[a]) * (k - a) < (row[k] - row[a]) * (b - a):
                break
            corners.pop()
        corners.append(k)
    return corners


def edges(row: Floats) -> list[Edge]:
    """The edges of the lower hull of a row of shape (k + 1,), by rising slope."""
    found = []
    for a, b in pairwise(hull(row)):
        slope = float((row[b] - row[a]) / (b - a))
        heights = heights_above(row, a, slope)
        heights[a] = heights[b] = 0.0
        found.append(Edge(a, b, slope, heights))
    return found


def heights_above(row: Floats, at: int, slope: float) -> Floats:
    """The costs of a row above the line of a slope through one of its places, shape (k + 1,): never negative."""
    height = row - row[at] - slope * (np.arange(row.size) - at)
    return np.where(np.isfinite(height), np.maximum(height, 0.0), np.inf)


def is_concave(row: Floats) -> bool:
    """True when a row of shape (n,) is finite and bends upwards nowhere."""
    return bool(np.isfinite(row).all() and np.all(np.diff(row, 2) <= TIE * row.max(initial=1.0)))
