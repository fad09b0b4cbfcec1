"""Links between vertices of equal key: what `connect a to b on plane` makes."""

import numpy as np
from attrs import frozen

from compiler.networks.topologies.topology import Bundle
from compiler.networks.topologies.wiring import Along, Integers, bundle, listed


@frozen
class Key:
    """A key that is arithmetic in the number of a vertex: vertex i of `size` has (i // step) mod modulus."""

    size: int
    step: int = 1
    modulus: int = 1

    @property
    def rounds(self) -> int:
        """How many times all keys come round; 0 when the last round is not whole."""
        period = self.step * self.modulus
        return 0 if self.size % period else self.size // period

    def counts(self) -> list[int]:
        """How many vertices have each key, without listing the vertices."""
        whole, rest = divmod(self.size, self.step * self.modulus)
        return [whole * self.step + min(max(rest - key * self.step, 0), self.step) for key in range(self.modulus)]

    def keys(self) -> Integers:
        """The key of every vertex, shape (size,)."""
        return np.arange(self.size) // self.step % self.modulus


def join(lower: str, upper: str, here: Key, there: Key, bandwidth: float = 1.0, cables: int = 1) -> Bundle:
    """A row for every two vertices of two tiers with the same key; keys that only one side has join nothing.

    Without a key (modulus 1) every vertex meets every other. Rounds that are whole keep their lattice; else the pairs
    are found when the network is unrolled.
    """
    if here.rounds and there.rounds:
        lattice = [
            Along(here.rounds, here.step * here.modulus, 0),
            Along(there.rounds, 0, there.step * there.modulus),
            Along(min(here.modulus, there.modulus), here.step, there.step),
            Along(here.step, 1, 0),
            Along(there.step, 0, 1),
        ]
        return bundle(lower, upper, *lattice, bandwidth=bandwidth, cables=cables)
    rows = sum(one * other for one, other in zip(here.counts(), there.counts(), strict=False))
    return listed(lower, upper, rows, lambda: _pairs(here.keys(), there.keys()), bandwidth, cables)


def _pairs(here: Integers, there: Integers) -> tuple[Integers, Integers]:
    """Every pair of places with equal keys."""
    order = np.argsort(there, kind="stable")
    begin = np.searchsorted(there[order], here, side="left")
    many = np.searchsorted(there[order], here, side="right") - begin
    first = np.repeat(np.arange(here.size), many)
    within = np.arange(first.size) - np.repeat(np.cumsum(many) - many, many)
    return first, order[np.repeat(begin, many) + within]
