"""Splits of switches of so many ports into tiers of a folded Clos network, in whole numbers.

The rule: a leaf gives its ports to as many endpoints as its uplinks can carry at the oversubscription asked for, the
endpoints spread over the fewest leaves so that they differ by one at most, and the upper tier has the fewest switches
that divide the uplinks of a leaf evenly. Every tier above the leaves is non-blocking.
"""

import math
from collections.abc import Iterator

from attrs import frozen

from compiler.networks.topologies.topology import TopologyError
from compiler.numerics.tolerances import MEETING

PORTS = 65_536  # more are a slip, and all their divisions would take minutes to try


@frozen
class Split:
    """A lower switch with `down` and `up` ports in use, to `upper` switches by `trunk` cables each."""

    down: int
    up: int
    upper: int
    trunk: int


def widest(ports: int, oversubscription: float) -> int:
    """Most ports of a switch that face down while the rest carries them upwards: 0 when none do."""
    down = int(ports * oversubscription / (1 + oversubscription))
    while down and down + uplinks(down, oversubscription) > ports:
        down -= 1
    return down


def uplinks(down: int, oversubscription: float) -> int:
    """Fewest uplinks that carry so many downlinks at an oversubscription; a rounding error of it buys no cable."""
    return max(1, math.ceil(down / oversubscription - MEETING))


def splits(lower: int, down: int, ports: int, oversubscription: float) -> Iterator[Split]:
    """Ways to put an upper tier over `lower` switches that face down with `down` ports, fewest upper switches first,
    then fewest cables. Raises `TopologyError` for more ports than any switch has."""
    if ports > PORTS:
        raise TopologyError(f"a switch has {PORTS:,} ports at most, this one has {ports:,}", parameter="ports")
    least = uplinks(down, oversubscription)
    found = [
        Split(down, upper * trunk, upper, trunk)
        for trunk in range(1, ports // lower + 1)
        for upper in range(-(-least // trunk), (ports - down) // trunk + 1)
    ]
    yield from sorted(found, key=lambda split: (split.upper, split.up))


def spread(count: int, places: int) -> int | tuple[int, ...]:
    """`count` things over `places`, differing by one at most: one number when even."""
    each, more = divmod(count, places)
    return each if not more else (each + 1,) * more + (each,) * (places - more)
