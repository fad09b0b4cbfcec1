"""Cuts of Cartesian products of rings, paths and cliques: theorems with their conditions, routing, and straight cuts.

Sources: Lindsey 1964 (cliques of one bandwidth, every m); Azizoglu & Egecioglu 2004 (paths of one bandwidth, halves);
Arjona Aroca & Fernandez Anta 2014 (rings of three or more of one bandwidth, halves); uniform flow by dimension-order
routing (every product, every m). A product that contains another on the same vertices is cut no cheaper. Two axes of
any bandwidths are settled by counting the lines that are cut (every m).
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.bisection.curve import CutFunction
from compiler.networks.topologies.topology import ProductAxis
from compiler.numerics.tolerances import MEETING, TIE

Counts = NDArray[np.int64]
Costs = NDArray[np.float64]

TRIED = 32  # numbers of switches on A whose cut is worked out besides the nearest
MOST_STARTS = 64  # places in a block at which a run is begun
ORDERS = 720  # orders of axes that are tried for an initial segment: all of six unlike ones


def line_cost(axis: ProductAxis, x: Counts, start: int = 0) -> Costs:
    """Capacity that separates x consecutive vertices of one line, the first being `start`, from the rest of it, in the
    shape of x."""
    within, between = line_links(axis, x, start)
    return np.asarray(axis.bandwidth * within + axis.between * between, dtype=np.float64)


def line_links(axis: ProductAxis, x: Counts, start: int = 0) -> tuple[Counts, Counts]:
    """Links that separate x consecutive vertices of one line, the first being `start`, from the rest of it, in the shape
    of x: those within blocks, and those between."""
    size = axis.size
    inner = (x > 0) & (x < size)
    if axis.kind == "clique":
        return x * (size - x), np.zeros_like(x)
    around = axis.kind == "ring" and (size > 2 or axis.double)
    ends = [
        (np.asarray(place), inner & (around | ((place > 0) & (place < size)))) for place in (start + 0 * x, start + x)
    ]
    leaves = [(place % axis.block == 0) if axis.block else np.zeros(np.shape(x), dtype=bool) for place, _ in ends]
    within = sum(np.where(there & ~out, 1, 0) for (_, there), out in zip(ends, leaves, strict=True))
    between = sum(np.where(there & out, 1, 0) for (_, there), out in zip(ends, leaves, strict=True))
    return np.asarray(within), np.asarray(between)


def line_load(axis: ProductAxis) -> float:
    """Most pairs whose path along a line crosses one of its links one way, all pairs of the line sending one unit."""
    k = axis.size
    if axis.kind == "clique":
        return 1.0
    if axis.kind == "ring" and k > 2:
        return (k * k - (k % 2)) / 8
    if axis.kind == "ring" and axis.double:
        return 0.5
    return float((k // 2) * ((k + 1) // 2))


def segment_cost(axes: Sequence[ProductAxis], m: Counts) -> Costs:
    """Capacity around the first m vertices in lexicographic order, the first axis slowest, in the shape of m. Along an axis
    in blocks they begin where the cut is least."""
    size = math.prod(axis.size for axis in axes)
    left, cost = m, np.zeros(np.shape(m))
    for axis in axes:
        size //= axis.size
        whole, left = left // size, left % size
        begun = [slices_cost(axis, whole, left, size, start) for start in starts(axis)]
        cost = cost + np.min(begun, axis=0)
    return np.asarray(cost)


def grid_least(first: ProductAxis, second: ProductAxis, m: Counts) -> Costs:
    """A lower end for m vertices of a product of two rings or paths, whatever their bandwidths, in the shape of m.

    Each line that is neither whole on one side nor on the other cuts at least one link, of a ring two. Where one row is
    whole on A and another on B, every column is cut, and one row more unless whole rows make m. Else, of either side,
    p rows and q columns hold something and none is full, so that p q is no less than that side.
    """
    row, column = (float(line_cost(axis, np.array([1]))[0]) for axis in (first, second))
    a, b = first.size, second.size
    n = a * b
    slabs = np.minimum(column * a + row * (m % a > 0), row * b + column * (m % b > 0))
    p = np.arange(1, b + 1)
    blocks = [row * p + column * -(-np.ravel(side)[:, None] // p) for side in (m, n - m)]
    possible = [-(-np.ravel(side)[:, None] // p) <= a for side in (m, n - m)]
    least = [np.where(fits, cost, np.inf).min(axis=1) for cost, fits in zip(blocks, possible, strict=True)]
    return np.where((m > 0) & (m < n), np.minimum(slabs, np.minimum(*least).reshape(np.shape(m))), 0.0)


def starts(axis: ProductAxis) -> range:
    """First vertices of a run along a line that need to be tried: its blocks are alike."""
    return range(min(axis.block, MOST_STARTS)) if axis.block else range(1)


def slices_cost(axis: ProductAxis, whole: Counts, left: Counts, size: int, start: int) -> Costs:
    """Capacity along an axis whose slices are of `size`: so many whole ones from `start` on, and `left` vertices of the
    next one, in the shape of `whole` and `left`. Infinite where a path ends before."""
    cost = left * line_cost(axis, whole + 1, start) + (size - left) * line_cost(axis, whole, start)
    fits = (axis.kind != "path") | (start + whole + (left > 0) <= axis.size)
    return np.where(fits | (whole + left == 0), cost, np.inf)


def axis_orders(axes: Sequence[ProductAxis]) -> Iterator[tuple[ProductAxis, ...]]:
    """Distinct orders of the axes, the plausible ones first, at most `ORDERS`."""
    by_size = tuple(sorted(axes, key=lambda a: -a.size))
    by_weight = tuple(sorted(axes, key=lambda a: a.least * (a.size if a.kind == "clique" else 1) / a.size))
    first = (tuple(axes), by_size, by_size[::-1], by_weight, by_weight[::-1])
    seen = set()
    for order in first:
        if order not in seen:
            seen.add(order)
            yield order
    counts = Counter(axes)
    total = math.factorial(len(axes)) // math.prod(math.factorial(c) for c in counts.values())
    if total <= ORDERS:
        yield from (order for order in _arrangements(counts, len(axes)) if order not in seen)


def _arrangements(counts: Counter[ProductAxis], length: int) -> Iterator[tuple[ProductAxis, ...]]:
    if not length:
        yield ()
        return
    for axis in [a for a, c in counts.items() if c]:
        counts[axis] -= 1
        for rest in _arrangements(counts, length - 1):
            yield (axis, *rest)
        counts[axis] += 1


def lindsey_order(axes: Sequence[ProductAxis]) -> tuple[ProductAxis, ...]:
    """The order whose initial segments have least boundary in a product of cliques: the largest runs fastest."""
    return tuple(sorted(axes, key=lambda a: a.size))


def is_clique(axis: ProductAxis) -> bool:
    """True when the line is a full mesh; two vertices and one link are."""
    return axis.kind == "clique" or (axis.size == 2 and not axis.double)


def as_kind(axes: Sequence[ProductAxis], kind: str, bandwidth: float) -> tuple[ProductAxis, ...]:
    """The same vertices under another product of one bandwidth."""
    return tuple(ProductAxis(kind, axis.size, bandwidth) for axis in axes)


@frozen
class ProductCut:
    """The cut function of a product whose vertices are the endpoints (or the switches, for `Hung`), `in_order` where the
    last axis runs fastest."""

    axes: tuple[ProductAxis, ...]
    in_order: bool = True

    @property
    def endpoints(self) -> int:
        return math.prod(axis.size for axis in self.axes)

    @property
    def is_exact(self) -> bool:
        return self._is_lindsey or len(self.axes) <= 1

    @property
    def _is_lindsey(self) -> bool:
        return all(map(is_clique, self.axes)) and len({axis.bandwidth for axis in self.axes}) <= 1

    @property
    def method(self) -> tuple[str, str]:
        if len(self.axes) <= 1:
            return "every cut of a line", "consecutive vertices"
        return "Lindsey" if self._is_lindsey else self._proof(), "initial segment of an axis order"

    @property
    def _is_grid(self) -> bool:
        return len(self.axes) == 2 and all(axis.kind in ("ring", "path") and not axis.block for axis in self.axes)

    def _proof(self) -> str:
        """The theorem that attains the lower end at halves; the first of those that do."""
        half = np.array([self.endpoints // 2])
        best = float(self.lower(half)[0])
        found = [*self._halves()[::-1], *self._cliques(half)]
        if self._is_grid:
            found.append(("lines cut along two axes", float(grid_least(self.axes[0], self.axes[1], half)[0])))
        attaining = (name for name, value in found if value >= best * (1 - TIE))
        return next(attaining, "dimension-order flow")

    def _cliques(self, m: Counts) -> list[tuple[str, float]]:
        """Lindsey's theorem at the least bandwidth, where all lines are cliques; the value at the first m."""
        if not all(map(is_clique, self.axes)):
            return []
        least = min(axis.least for axis in self.axes)
        cost = segment_cost(as_kind(lindsey_order(self.axes), "clique", 1.0), m)
        return [("Lindsey at the least bandwidth", float(least * np.ravel(cost)[0]))]

    def flow_rate(self) -> float:
        """The rate that every ordered pair can send at once under dimension-order routing."""
        n = self.endpoints
        return min((a.least * a.size / (line_load(a) * n) for a in self.axes), default=math.inf)

    def bounds(self, m: Counts) -> tuple[Costs, Costs]:
        if self.is_exact:
            cost = segment_cost(lindsey_order(self.axes), m)
            return cost, cost
        upper = self.segments(m)
        return np.minimum(self.lower(m), upper), upper

    def lower(self, m: Counts) -> Costs:
        n = self.endpoints
        if self.is_exact:
            return self.bounds(m)[0]
        lower = np.asarray(self.flow_rate() * m * (n - m)) if self.axes else np.zeros(np.shape(m))
        if all(map(is_clique, self.axes)):
            least = min(axis.least for axis in self.axes)
            lower = np.maximum(lower, least * segment_cost(as_kind(lindsey_order(self.axes), "clique", 1.0), m))
        if self._is_grid:
            lower = np.maximum(lower, grid_least(self.axes[0], self.axes[1], m))
        half = (m == n // 2) | (m == n - n // 2)
        for _, value in self._halves():
            lower = np.maximum(lower, np.where(half, value, 0.0))
        return lower

    def segments(self, m: Counts) -> Costs:
        """The cheapest initial segment over orders of the axes, from either end, in the shape of m."""
        n = self.endpoints
        costs = [np.minimum(segment_cost(order, m), segment_cost(order, n - m)) for order in axis_orders(self.axes)]
        return np.asarray(np.min(costs, axis=0))

    def _halves(self) -> list[tuple[str, float]]:
        """Theorems on halves that hold here, by name, with the least capacity each proves."""
        if not self.axes:
            return []
        half, least = np.array([self.endpoints // 2]), min(axis.least for axis in self.axes)
        by_size = sorted(self.axes, key=lambda a: -a.size)
        mesh = float(segment_cost(as_kind(by_size, "path", least), half)[0])
        found = [("Azizoglu-Egecioglu", mesh)]
        if all(axis.size > 2 and axis.kind in ("ring", "clique") for axis in self.axes):
            found.append(("Arjona Aroca-Fernandez Anta", float(segment_cost(as_kind(by_size, "ring", least), half)[0])))
        return found

    def prefix(self, m: Counts) -> Costs:
        return segment_cost(self.axes, m) if self.in_order else np.full(np.shape(m), np.inf)


@frozen
class Hung:
    """A fabric of switches with `each` endpoints on every one, by `bandwidth` an endpoint.

    With j switches on A at least |each j - m| access links cross, and moving just so many endpoints is enough: so
    cut(m) is the least over j of the fabric's cut(j) and bandwidth |each j - m|, at both ends.
    """

    fabric: CutFunction
    each: int
    bandwidth: float

    @property
    def endpoints(self) -> int:
        return self.fabric.endpoints * self.each

    @property
    def is_exact(self) -> bool:
        return self.fabric.is_exact

    @property
    def method(self) -> tuple[str, str]:
        below, above = self.fabric.method
        return f"{below}, endpoints shifted", f"{above}, endpoints shifted"

    def bounds(self, m: Counts) -> tuple[Costs, Costs]:
        low = self.fabric.lower(np.arange(self.fabric.endpoints + 1))
        ends = [self._shifted(low, int(x)) for x in np.ravel(m)]
        lower, upper = (np.array([end[i] for end in ends]).reshape(np.shape(m)) for i in (0, 1))
        return np.minimum(lower, upper), upper

    def _shifted(self, low: Costs, m: int) -> tuple[float, float]:
        """Both ends at m. The upper one looks only where the lower one leaves hope, as near m as can be first."""
        switches = np.arange(low.size)
        moved = self.bandwidth * np.abs(self.each * switches - m)
        hope = low + moved
        if self.fabric.is_exact:
            return float(hope.min()), float(hope.min())
        near = np.unique(np.clip([m // self.each, m // self.each + 1, 0], 0, low.size - 1))
        best = float((self.fabric.bounds(near)[1] + moved[near]).min())
        rest = np.flatnonzero(hope < best * (1 - MEETING))
        rest = rest[np.argsort(hope[rest], kind="stable")[:TRIED]]
        if rest.size:
            best = min(best, float((self.fabric.bounds(rest)[1] + moved[rest]).min()))
        return float(hope.min()), best

    def lower(self, m: Counts) -> Costs:
        return self.bounds(m)[0]

    def prefix(self, m: Counts) -> Costs:
        whole = m // self.each
        part = m - whole * self.each
        stay = self.fabric.prefix(whole) + self.bandwidth * part
        follow = self.fabric.prefix(np.minimum(whole + 1, self.fabric.endpoints)) + self.bandwidth * (self.each - part)
        return np.asarray(np.where(part > 0, np.minimum(stay, follow), stay))
