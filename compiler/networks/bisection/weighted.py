"""A network as certificates see it: how many endpoints stand at each vertex, and what moving one of them costs.

Whatever its kind, a certificate bounds the fabric cut when t endpoints' vertices are on side A by g(t), concave and
zero at both ends. Endpoints that hang on one switch may differ from it, each at the price of its access link, so
cut >= min over t of g(t) + (the |t - N/2| cheapest access links).
"""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.bisection.folding import Folded
from compiler.networks.bisection.reduction import Simple
from compiler.numerics.tolerances import MEETING

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
FINEST = 10_000  # most parts of the smallest capacity that a common unit is sought in: a finer one rounds nothing up


@frozen(eq=False)
class Loaded:
    """Vertices with `loads` (n,) endpoints each, links `u < v` with `capacity`; `access` (N,) are the prices of moving
    an endpoint off its vertex, cheapest first, infinite where it is the vertex."""

    loads: Ints
    u: Ints
    v: Ints
    capacity: Floats
    access: Floats

    @property
    def endpoints(self) -> int:
        return int(self.loads.sum())

    def least(self, fabric: Callable[[Floats], Floats], targets: tuple[int, ...]) -> float:
        """Least over t of fabric(t), shape of t, and the price of moving |t - target| endpoints, for the fairest target."""
        prices = np.concatenate([[0.0], np.cumsum(self.access)])
        t = sums(self.loads)
        moved = np.min([np.abs(t - target) for target in targets], axis=0)
        return float((fabric(t.astype(np.float64)) + prices[moved]).min())


def sums(loads: Ints) -> Ints:
    """Every number of endpoints that some set of vertices carries, ascending, from `loads` of shape (vertices,)."""
    carrying = loads[loads > 0].tolist()
    if len(set(carrying)) <= 1:
        return np.arange(len(carrying) + 1) * (carrying[0] if carrying else 0)
    reachable = 1
    for load in carrying:
        reachable |= reachable << load
    width = reachable.bit_length()
    raw = np.frombuffer(reachable.to_bytes(-(-width // 8), "little"), dtype=np.uint8)
    return np.flatnonzero(np.unpackbits(raw, bitorder="little"))


def loaded(net: Folded) -> Loaded:
    """The core with single-homed endpoints hung on it; all vertices when some endpoint has several switches."""
    if any(near.size != 1 for near in net.neighbours):
        return _unfolded(net.graph)
    loads = net.weights.copy()
    prices = [np.full(int(net.weights.sum()), np.inf)]
    for group, near, pull in zip(net.members, net.neighbours, net.pull, strict=True):
        loads[near[0]] += group.size
        prices.append(np.full(group.size, pull[0]))
    return Loaded(loads, net.u, net.v, net.capacity, np.sort(np.concatenate(prices)))


def _unfolded(graph: Simple) -> Loaded:
    access = np.full(int(graph.weights.sum()), np.inf)
    return Loaded(graph.weights, graph.u, graph.v, graph.capacity, access)


def quantum(capacity: Floats) -> float | None:
    """The largest unit of which every capacity, shape (links,), is a whole multiple; None when there is none of use."""
    if not capacity.size:
        return None
    smallest = float(capacity.min())
    parts = 1
    for ratio in np.unique(capacity / smallest)[:FINEST].tolist():
        parts = math.lcm(parts, Fraction(ratio).limit_denominator(FINEST).denominator)
        if parts > FINEST:
            return None
    unit = smallest / parts
    whole = np.rint(capacity / unit)
    return unit if np.all(np.abs(capacity / unit - whole) <= MEETING * whole) else None


def granularity(graph: Simple) -> float:
    """The capacity that any two cuts of halves differ by a multiple of; 0 when none is known.

    A cut is a sum of capacities, so a multiple of their unit. In that unit its parity is that of the degrees on side
    A together: fixed when all degrees are even, and when all are odd, every vertex is an endpoint and halves are equal.
    """
    unit = quantum(graph.capacity)
    if unit is None:
        return 0.0
    whole = np.rint(graph.capacity / unit).astype(np.int64)
    degree = np.zeros(graph.order, dtype=np.int64)
    np.add.at(degree, graph.u, whole)
    np.add.at(degree, graph.v, whole)
    even = not (degree % 2).any()
    odd = bool((degree % 2).all() and (graph.weights == 1).all() and graph.order % 2 == 0)
    return 2 * unit if even or odd else unit
