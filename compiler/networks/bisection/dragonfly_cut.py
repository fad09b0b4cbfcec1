"""Bounds for dragonflies by minimal routing and by whole groups, without unrolling them (Kim, Dally et al. 2008)."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.topologies.topology import Dragonfly

Counts = NDArray[np.int64]
Costs = NDArray[np.float64]
LINKS_LIMIT = 400_000  # global links that are counted one by one for the cut through every group


@frozen
class DragonflyFabric:
    """The routers of a dragonfly: `groups` cliques of `size` routers with `ports` global ports, `links` between every
    two groups. A cut function over routers."""

    size: int
    groups: int
    ports: int
    links: int
    arrangement: str
    local: float
    far: float

    @property
    def endpoints(self) -> int:
        return self.size * self.groups

    @property
    def is_exact(self) -> bool:
        return False

    @property
    def method(self) -> tuple[str, str]:
        return "minimal-path flow", "whole groups, or through every group"

    def rate(self) -> float:
        """The rate that every ordered pair of routers can send at once by local, global, local link.

        A global link carries size^2 / links pairs. A local link u to v carries its own pair, what u sends through
        the global links of v and what v receives through those of u: 1 + size (G_u + G_v) / links pairs.
        """
        if self.groups < 2:
            return self.local
        used = self.links * (self.groups - 1)
        most = np.sort(np.bincount(np.arange(used) // self.ports, minlength=self.size))[-2:].sum()
        over_far = self.far * self.links / self.size**2
        over_local = self.local / (1 + self.size * float(most) / self.links) if self.size > 1 else np.inf
        return float(min(over_far, over_local))

    def bounds(self, m: Counts) -> tuple[Costs, Costs]:
        n = self.endpoints
        upper = np.minimum(self.prefix(m), self.prefix(n - m))
        half = (m == n // 2) | (m == n - n // 2)
        if half.any() and self.links * self.groups**2 <= LINKS_LIMIT:
            upper = np.where(half, np.minimum(upper, self._through_groups()), upper)
        return np.minimum(self.lower(m), upper), upper

    def lower(self, m: Counts) -> Costs:
        return np.asarray(self.rate() * m * (self.endpoints - m), dtype=np.float64)

    def prefix(self, m: Counts) -> Costs:
        whole, part = m // self.size, m % self.size
        local = self.local * part * (self.size - part)
        between = self.far * self.links * whole * (self.groups - whole - (part > 0))
        inner = np.array([self._divided(int(q), int(r)) for q, r in zip(np.ravel(whole), np.ravel(part), strict=True)])
        return np.asarray(local + between + self.far * inner.reshape(np.shape(m)))

    def _divided(self, group: int, routers: int) -> int:
        """Global links that cross when of one group just the first routers are on A with all groups before it."""
        if not routers:
            return 0
        rank = np.arange(self.links * (self.groups - 1))
        offset = rank % (self.groups - 1)
        target = (group + 1 + offset) % self.groups if self.arrangement == "relative" else offset + (offset >= group)
        return int(((rank // self.ports < routers) != (target < group)).sum())

    def _through_groups(self) -> float:
        """Every group cut in two, the larger half now on one side and now on the other."""
        first, second = np.triu_indices(self.groups, 1)
        copies = np.arange(self.links)[:, None] * (self.groups - 1)
        here, there = (self._router(copies, a, b) for a, b in ((first, second), (second, first)))
        half = self.size // 2 + (np.arange(self.groups) % 2) * (self.size % 2)
        crossing = int(((here < half[first]) != (there < half[second])).sum())
        local = self.groups * (self.size // 2) * (self.size - self.size // 2)
        return self.far * crossing + self.local * local

    def _router(self, copies: Counts, group: Counts, other: Counts) -> Counts:
        offset = (other - group - 1) % self.groups if self.arrangement == "relative" else other - (other > group)
        return np.asarray((copies + offset) // self.ports)


def dragonfly_fabric(structure: Dragonfly) -> DragonflyFabric:
    """The routers of a dragonfly without their endpoints."""
    sizes = structure.size, structure.groups, structure.ports, structure.links, structure.arrangement
    return DragonflyFabric(*sizes, structure.local_bandwidth, structure.global_bandwidth)
