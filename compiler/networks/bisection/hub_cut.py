"""Bounds for BCube and its like: vertices numbered by digits, on a hub for each line of those that differ in one digit.

A hub goes with the larger part of its line, so a line of n with x of them on A cuts min(x, n - x) links. That is at
least x (n - x) / (n - 1), what a full mesh of the line would cut, divided: so Lindsey's theorem on full meshes bounds
all lines together from below. Corners of the cube of digits cut less than slabs of it.
"""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.bisection.product_cut import segment_cost
from compiler.networks.topologies.topology import Hubs, ProductAxis

Counts = NDArray[np.int64]
Costs = NDArray[np.float64]

COUNTED = 2_000_000  # vertices up to which corners are counted one by one


@frozen
class HubCut:
    """The cut function of `digits` digits below `size`, every link of `bandwidth`."""

    size: int
    digits: int
    bandwidth: float

    @property
    def endpoints(self) -> int:
        return int(self.size**self.digits)

    @property
    def is_exact(self) -> bool:
        return self.digits <= 1 or self.size <= 2

    @property
    def method(self) -> tuple[str, str]:
        if self.digits <= 1:
            return "every cut of a line", "any half"
        return "Lindsey, lines as full meshes", "a corner of the digits"

    def bounds(self, m: Counts) -> tuple[Costs, Costs]:
        lower = self.lower(m)
        if self.is_exact:
            return lower, lower
        costs = np.array([self.bandwidth * sum(self.crossing(int(x))[1]) for x in np.ravel(m)])
        upper = costs.reshape(np.shape(m))
        return np.minimum(lower, upper), upper

    def lower(self, m: Counts) -> Costs:
        if self.digits <= 1:
            return np.asarray(self.bandwidth * np.minimum(m, self.endpoints - m), dtype=np.float64)
        lines = (ProductAxis("clique", self.size),) * self.digits
        return np.asarray(self.bandwidth / max(1, self.size - 1) * segment_cost(lines, m))

    def prefix(self, m: Counts) -> Costs:
        costs = [self.bandwidth * sum(self._of_first(int(x), 1)) for x in np.ravel(m)]
        return np.array(costs, dtype=np.float64).reshape(np.shape(m))

    def crossing(self, m: int) -> tuple[int, tuple[int, ...]]:
        """The digits by whose largest the first m vertices, or the last ones, are taken, and the links of each digit that
        then cross: the fewest found."""
        ways = range(1, self.digits + 1) if self.endpoints <= COUNTED else (1,)
        found = [(way, self._of_first(one, way)) for way in ways for one in {m, self.endpoints - m}]
        return min(found, key=lambda one: sum(one[1]))

    def _of_first(self, m: int, way: int) -> tuple[int, ...]:
        """Links of each digit across the first m vertices by the largest of their first `way` digits, then in order."""
        if way == 1:
            return self._of_slab(m)
        side = np.zeros(self.endpoints, dtype=bool)
        side[self._order(way)[:m]] = True
        cube = side.reshape((self.size,) * self.digits)
        held = [cube.sum(axis=digit) for digit in range(self.digits)]
        return tuple(int(np.minimum(one, self.size - one).sum()) for one in held)

    def _of_slab(self, m: int) -> tuple[int, ...]:
        """The same in plain order: of each digit, lines with one more of them on A and lines with one fewer."""
        found, inner, left = [], self.endpoints, m
        for _ in range(self.digits):
            inner //= self.size
            whole, left = divmod(left, inner)
            few = (min(x, self.size - x) for x in (whole + 1, whole))
            found.append(left * next(few) + (inner - left) * next(few))
        return tuple(found)

    def _order(self, way: int) -> Counts:
        numbers = np.arange(self.endpoints)
        digits = [numbers // self.size ** (self.digits - 1 - digit) % self.size for digit in range(way)]
        return np.argsort(np.max(digits, axis=0), kind="stable")


def hub_cut(structure: Hubs) -> HubCut:
    """The cut function of a structure of hubs."""
    return HubCut(structure.size, structure.digits, structure.bandwidth)
