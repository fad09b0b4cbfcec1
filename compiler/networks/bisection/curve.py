"""Cut functions: the least capacity that separates m of n endpoints from the rest, certified below and above."""

from typing import Protocol

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Costs = NDArray[np.float64]


class CutFunction(Protocol):
    """The cuts of a network over n endpoints, told without unrolling it."""

    @property
    def endpoints(self) -> int:
        """The number n of endpoints."""

    @property
    def is_exact(self) -> bool:
        """True when lower and upper agree for every m."""

    @property
    def method(self) -> tuple[str, str]:
        """Names of what proves the lower and of what shows the upper end."""

    def bounds(self, m: Counts) -> tuple[Costs, Costs]:
        """Certified (lower, upper) of cut(m) for an array of m in 0..n, in the shape of m."""

    def lower(self, m: Counts) -> Costs:
        """The lower end alone, where that is cheaper, in the shape of m."""

    def prefix(self, m: Counts) -> Costs:
        """Cost of the cut that takes the first m endpoints in the network's own order, in the shape of m."""


@frozen
class FullMesh:
    """n endpoints, each pair by a link of `bandwidth`: the cut asks only how many are cut off, not which."""

    endpoints: int
    bandwidth: float
    is_exact: bool = field(default=True, init=False)
    method: tuple[str, str] = field(default=("every pair across is a link", "any half"), init=False)

    def cost(self, m: Counts) -> Costs:
        """Capacity of the links of all pairs across, in the shape of m."""
        return np.asarray(self.bandwidth * m * (self.endpoints - m), dtype=np.float64)

    def bounds(self, m: Counts) -> tuple[Costs, Costs]:
        cost = self.cost(m)
        return cost, cost

    def lower(self, m: Counts) -> Costs:
        return self.cost(m)

    def prefix(self, m: Counts) -> Costs:
        return self.cost(m)


@frozen(eq=False)
class Beside:
    """Networks side by side over the same endpoints.

    Links are disjoint, so lower ends add. Upper ends add when all planes are the same network on the same endpoints
    (`twins`). Otherwise one prefix cuts all, if they number the endpoints alike (`in_order`).
    """

    planes: tuple[CutFunction, ...]
    twins: bool = False
    in_order: bool = True

    @property
    def endpoints(self) -> int:
        return self.planes[0].endpoints

    @property
    def is_exact(self) -> bool:
        return all(p.is_exact for p in self.planes) and (self.twins or len(self.planes) == 1)

    @property
    def method(self) -> tuple[str, str]:
        below = " + ".join(sorted({p.method[0] for p in self.planes}))
        return f"planes add: {below}", "one division in all planes"

    def bounds(self, m: Counts) -> tuple[Costs, Costs]:
        parts = [p.bounds(m) for p in self.planes]
        lower = np.asarray(np.sum([low for low, _ in parts], axis=0))
        if self.twins or len(self.planes) == 1:
            return lower, np.sum([up for _, up in parts], axis=0)
        return lower, self.prefix(m)

    def lower(self, m: Counts) -> Costs:
        return np.asarray(np.sum([p.lower(m) for p in self.planes], axis=0))

    def prefix(self, m: Counts) -> Costs:
        n = self.endpoints
        if not self.in_order and len(self.planes) > 1:
            return np.full(np.shape(m), np.inf)
        costs = np.sum([p.prefix(m) for p in self.planes], axis=0)
        mirrored = np.sum([p.prefix(n - m) for p in self.planes], axis=0)
        return np.asarray(np.minimum(costs, mirrored))
