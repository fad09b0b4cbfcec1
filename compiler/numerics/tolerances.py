"""Tolerances in one table: how far two computed numbers may lie apart and still count as equal, as shares of their size."""

import math

WHOLE = 1e-12
"""A computed number this close to a whole number is that number: `ceil(0.1 * 30)` is 3."""
CLOSE = 1e-9
"""Computed numbers that differ by no more than this are equal, in every reading of the graph; a limit is kept up to it."""
PRINTED = 1e-6
"""Rates of links and ports are printed in few digits and multiplied by lanes: this much over a port is not over it."""
NOTHING = 1e-12
"""Reasons that explain less than this share of the largest are rounding, and left out."""
ADDS_UP = 1e-6
"""Reasons within an operand are shown when they come to its own difference, to this share of it."""

# ---- networks: one table, so that no two steps of a proof disagree on what is equal ------------

TIE = 1e-12
"""Costs this close are the same sums in another order: what is cheaper must be cheaper by more."""
MEETING = 1e-9
"""Two ends of a bound this close are one figure; a figure that is rounded up does not exceed a whole by this little."""
SAFETY = 1e-8
"""Taken off an eigenvalue before it is proven, since the solver's own error is near 1e-9."""
SLACK = 1e-7
"""Margin that the checker allows a certificate: sums over millions of links, whose rounding grows with their number."""
ROUNDING = 1e-6
"""Of one step (the least difference between two cuts, one link): what is this near a whole number of them is that number."""


def nearly(x: float, y: float) -> bool:
    """Equality of computed numbers up to `CLOSE`; an infinite number is near only to itself, NaN to none."""
    return x == y or (math.isfinite(x - y) and abs(x - y) <= CLOSE * max(abs(x), abs(y)))


def is_over(x: float, limit: float, tolerance: float = CLOSE) -> bool:
    """True when a number that is not negative lies above a limit by more than a share of the limit."""
    return x > limit * (1 + tolerance)
