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
    def is_concave(self) -> bool:
        """True when cut(m) is exact and concave in m, so that parts exchange endpoints without loss."""

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
class Indifferent:
    """A network that asks only how many endpoints are cut off, not which: its cut function is exact and concave."""

    endpoints: int
    is_concave: bool = field(default=True, init=False)
    is_exact: bool = field(default=True, init=False)
    method: tuple[str, str] = field(default=("no links", "no links"), init=False)

    def cost(self, m: Counts) -> Costs:
        """Capacity between any m of the endpoints and the rest, in the shape of m."""
        return np.zeros(np.shape(m))

    def bounds(self, m: Counts) -> tuple[Costs, Costs]:
        cost = self.cost(m)
        return cost, cost

    def lower(self, m: Counts) -> Costs:
        return self.cost(m)

    def prefix(self, m: Counts) -> Costs:
        return self.cost(m)


@frozen
class Nothing(Indifferent):
    """No network at all: endpoints that only other networks join."""


@frozen
class Star(Indifferent):
    """n endpoints on switches that all of them see alike: `capacity` per endpoint, all links together."""

    capacity: float
    method: tuple[str, str] = field(default=("parallel switches move together", "access links of one half"), init=False)

    def cost(self, m: Counts) -> Costs:
        """Capacity of the access links of the smaller half, in the shape of m."""
        return np.asarray(self.capacity * np.minimum(m, self.endpoints - m), dtype=np.float64)


@frozen
class FullMesh(Indifferent):
    """n endpoints, each pair by a link of `bandwidth`."""

    bandwidth: float
    method: tuple[str, str] = field(default=("every pair across is a link", "any half"), init=False)

    def cost(self, m: Counts) -> Costs:
        """Capacity of the links of all pairs across, in the shape of m."""
        return np.asarray(self.bandwidth * m * (self.endpoints - m), dtype=np.float64)


@frozen(eq=False)
class Beside:
    """Networks side by side over the same endpoints.

    Links are disjoint, so lower ends add. Upper ends add when all planes are the same network on the same endpoints
    (`twins`), or when all but one ask only how many endpoints are cut off, not which. Otherwise one prefix cuts all,
    if they number the endpoints alike (`in_order`).
    """

    planes: tuple[CutFunction, ...]
    twins: bool = False
    in_order: bool = True

    @property
    def endpoints(self) -> int:
        return self.planes[0].endpoints

    @property
    def is_exact(self) -> bool:
        return all(p.is_exact for p in self.planes) and (self.twins or self._indifferent)

    @property
    def is_concave(self) -> bool:
        return all(p.is_concave for p in self.planes) and self.is_exact

    @property
    def _indifferent(self) -> bool:
        return sum(not isinstance(p, Indifferent) for p in self.planes) <= 1

    @property
    def method(self) -> tuple[str, str]:
        below = " + ".join(sorted({p.method[0] for p in self.planes}))
        return f"planes add: {below}", "one division in all planes"

    def bounds(self, m: Counts) -> tuple[Costs, Costs]:
        parts = [p.bounds(m) for p in self.planes]
        lower = np.asarray(np.sum([low for low, _ in parts], axis=0))
        if self.twins or self._indifferent:
            return lower, np.sum([up for _, up in parts], axis=0)
        return lower, self.prefix(m)

    def lower(self, m: Counts) -> Costs:
        return np.asarray(np.sum([p.lower(m) for p in self.planes], axis=0))

    def prefix(self, m: Counts) -> Costs:
        n = self.endpoints
        if not self.in_order and not self._indifferent:
            return np.full(np.shape(m), np.inf)
        costs = np.sum([p.prefix(m) for p in self.planes], axis=0)
        mirrored = np.sum([p.prefix(n - m) for p in self.planes], axis=0)
        return np.asarray(np.minimum(costs, mirrored))


def minplus(a: Costs, b: Costs) -> Costs:
    """(min,+) convolution: c[k] = min over i of a[i] + b[k - i], shape (len(a) + len(b) - 1,)."""
    if a.size > b.size:
        a, b = b, a
    out = np.full(a.size + b.size - 1, np.inf)
    for i, value in enumerate(a):
        window = out[i : i + b.size]
        np.minimum(window, b + value, out=window)
    return out


def minplus_power(a: Costs, count: int) -> Costs:
    """(min,+) convolution of `count` copies of a, by squaring, shape (count (len(a) - 1) + 1,)."""
    total, square = np.zeros(1), a
    while count:
        if count & 1:
            total = minplus(total, square)
        count >>= 1
        if count:
            square = minplus(square, square)
    return total


def convex_minorant(values: Costs) -> tuple[Counts, Costs]:
    """Corners (x, y) of the lower convex hull of a curve over 0..len-1 (Andrew's monotone chain)."""
    finite = np.flatnonzero(np.isfinite(values))
    keep: list[int] = []
    for i in finite.tolist():
        while len(keep) >= 2:
            a, b = keep[-2], keep[-1]
            if (values[b] - values[a]) * (i - a) < (values[i] - values[a]) * (b - a):
                break
            keep.pop()
        keep.append(i)
    x = np.array(keep, dtype=np.int64)
    return x, values[x]
