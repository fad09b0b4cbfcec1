"""Dealings: how a total of endpoints on side A is shared out among many parts, and what that costs."""

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from compiler.networks.bisection.lower_hull import Floats
from compiler.numerics.tolerances import TIE

Dealt = dict[int, int]
"""Copies by what they were dealt: {endpoints on side A of one copy: copies}; no entry for no copy."""

Rows = Sequence[tuple[Floats, int]]
"""Rows of costs, shapes (k + 1,), each with its number of copies."""


@frozen(eq=False)
class Dealing:
    """The least cost of many rows at one total: certified ends, and for each row what its copies were dealt at the upper
    end. Both ends are infinite, and nothing is dealt, where the total cannot be reached."""

    lower: float
    upper: float
    dealt: tuple[Dealt, ...] = ()

    @property
    def is_exact(self) -> bool:
        """True when both ends meet."""
        return self.upper <= self.lower * (1 + TIE)


NOTHING = Dealing(np.inf, np.inf)


def added(one: Dealt, other: Dealt) -> Dealt:
    """All copies of two shares together."""
    out = dict(one)
    for endpoints, copies in other.items():
        out[endpoints] = out.get(endpoints, 0) + copies
    return out
