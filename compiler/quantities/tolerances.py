"""Tolerances in one table: how far two computed numbers may lie apart and still count as equal, as shares of their size."""

import math

WHOLE = 1e-12
"""A computed number this close to a whole number is that number: `ceil(0.1 * 30)` is 3."""
CLOSE = 1e-9
"""Computed numbers that differ by no more than this are equal, in every reading of the graph; a limit is kept up to it."""
PRINTED = 1e-6
"""Rates of links and ports are printed in few digits and multiplied by lanes: this much over a port is not over it."""


def nearly(x: float, y: float) -> bool:
    """Equality of computed numbers up to `CLOSE`; an infinite number is near only to itself, NaN to none."""
    return x == y or (math.isfinite(x - y) and abs(x - y) <= CLOSE * max(abs(x), abs(y)))


def is_over(x: float, limit: float, tolerance: float = CLOSE) -> bool:
    """True when a number that is not negative lies above a limit by more than a share of the limit."""
    return x > limit * (1 + tolerance)
