"""Bounds for the twisted torus of 2a x a: shortest-path flow from below, whole columns from above.

Its translations are symmetries that carry every vertex to every other and every link to all of its direction. So what
one vertex sends to all others along shortest paths, both ways alike, loads each link of a direction with the sum of its
steps there, and one source tells the flow of all (Camara et al., Twisted torus topologies, TPDS 2010, has the distances).
"""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Costs = NDArray[np.float64]


@frozen
class TwistedCut:
    """The cut function of a twisted torus whose vertices are the endpoints, numbered column by column."""

    short: int
    bandwidth: float

    @property
    def endpoints(self) -> int:
        return 2 * self.short * self.short

    @property
    def is_exact(self) -> bool:
        return False

    @property
    def method(self) -> tuple[str, str]:
        return "shortest-path flow by translation", "the first columns"

    def rate(self) -> float:
        """The rate that every ordered pair can send at once along shortest paths.

        A vertex x columns and y rows on, d = min(x, 2a - x), is reached by y steps up and d aside, or by a - y steps
        down and, past the twist, a - d aside; where both are as long each takes half.
        """
        a = self.short
        x = np.arange(2 * a)[:, None]
        aside, up = np.minimum(x, 2 * a - x), np.arange(a)[None, :]
        share = np.where(aside + up < a, 1.0, np.where(aside + up > a, 0.0, 0.5))
        steps = (
            float((share * aside + (1 - share) * (a - aside)).sum()),
            float((share * up + (1 - share) * (a - up)).sum()),
        )
        return self.bandwidth / (max(steps) / 2)

    def bounds(self, m: Counts) -> tuple[Costs, Costs]:
        n = self.endpoints
        upper = np.minimum(self.prefix(m), self.prefix(n - m))
        return np.minimum(self.lower(m), upper), upper

    def lower(self, m: Counts) -> Costs:
        return np.asarray(self.rate() * m * (self.endpoints - m), dtype=np.float64)

    def prefix(self, m: Counts) -> Costs:
        aside, up, around = self.crossing(m)
        return np.asarray(self.bandwidth * (aside + up + around), dtype=np.float64)

    def crossing(self, m: Counts) -> tuple[Counts, Counts, Counts]:
        """Links that cross when the first m vertices are on A: between columns, within one, and past the twist; each in
        the shape of m."""
        a, n = self.short, self.endpoints
        few, whole, part = np.minimum(m, n - m), m // a, m % a
        aside = 2 * np.minimum(few, a)
        up = (part > 0).astype(np.int64)
        # the 2a links past the twist: from the top of column x to the bottom of x + a, all counted around 2a
        tops, bottoms = whole, whole + (part > 0)
        both = np.maximum(tops - a, 0) + np.minimum(np.maximum(bottoms - a, 0), tops)
        return aside, up, tops + bottoms - 2 * both
