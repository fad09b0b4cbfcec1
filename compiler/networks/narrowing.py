"""Tiers of a network by hops from its endpoints, and what each of them narrows, from links in rows.

Of a switch: the bandwidth of its links to lower tiers over that of its links to higher ones, and out of the design. Of a
tier: that of its worst switch. Of a network: that of its worst tier, 1 where none narrows. A tier is so many hops from
the endpoints, the parts that send; links within a tier lead neither up nor down, and a switch that nothing leaves
upwards is a top and narrows nothing. Into how many connections, names or planes the links are written is all one.
"""

import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from attrs import define, field, frozen

from compiler.ir.hardware import Group
from compiler.networks.equijoin import same
from compiler.networks.locations import Location

FAR = sys.maxsize
"""The rank of a switch from which no link leads to an endpoint."""

Row = tuple[int, int, float, float]
"""Both ends of links, and the bandwidth that one vertex of either side has over all links of the row, B/s, one direction."""
Way = tuple[int, int]
"""A link that leads upwards: its lower and its upper end."""


@frozen
class Narrowing:
    """A tier of switches that passes traffic on upwards, with its oversubscription: 2 halves what all below can send on."""

    tier: str
    ratio: float


@frozen(eq=False)
class Tiers:
    """A network by hops from its endpoints.

    `spans` are the vertices of each location, from and to; one stands for all of them where they are alike. `ranks` (vertices,)
    are hops, `ratios` (vertices,) what reaches a switch from below over what leaves it upwards, 1 of an endpoint and NaN
    of a top. `ways` gives every link that leads upwards.
    """

    spans: Mapping[Location, tuple[int, int]]
    ranks: Sequence[int]
    ratios: Sequence[float]
    ways: Callable[[], Iterable[Way]]

    @property
    def ratio(self) -> float:
        """The oversubscription of the worst tier, 1 where none narrows."""
        return max([1.0, *(found.ratio for found in self.narrowings())])

    def worst(self, locations: Iterable[Location]) -> float | None:
        """The oversubscription of the worst switch of some locations; None where nothing leaves them upwards."""
        spans = [self.spans[location] for location in locations if location.is_switch and location in self.spans]
        found = [ratio for start, end in spans for ratio in self.ratios[start:end] if not math.isnan(ratio)]
        return max(found, default=None)

    def narrowings(self) -> Iterator[Narrowing]:
        """Each tier of switches that passes traffic on upwards, the lowest first; locations of one name are one."""
        found: dict[str, float] = {}
        for location in sorted(self.spans, key=lambda location: self.ranks[self.spans[location][0]]):
            ratio = self.worst([location])
            if ratio is not None:
                found[location.name] = max(ratio, found.get(location.name, 0.0))
        yield from (Narrowing(name, ratio) for name, ratio in found.items())


def between(tiers: Tiers, lower: Sequence[Group], upper: Sequence[Group]) -> float | None:
    """The oversubscription on the worst way from the parts `lower` up to the parts `upper`.

    The product of those of the switches on the way, `lower` included and `upper` not; what endpoints send is what leaves
    them, so that they count 1. None where no way leads upwards.
    """
    goal = frozenset(_vertices(tiers, upper))
    best = dict.fromkeys(goal, 1.0)
    for low, high in sorted(tiers.ways(), key=lambda way: -tiers.ranks[way[0]]):
        if low not in goal and high in best:
            ratio = tiers.ratios[low]
            best[low] = max(best.get(low, 0.0), best[high] * (1.0 if math.isnan(ratio) else ratio))
    return max((best[one] for one in _vertices(tiers, lower) if one in best and one not in goal), default=None)


def _vertices(tiers: Tiers, groups: Sequence[Group]) -> Iterator[int]:
    """The vertices of some groups, which may be seen from another height than the network's."""
    for location, (start, end) in tiers.spans.items():
        if location.group is not None and any(same(location.group, group) for group in groups):
            yield from range(start, end)


# ---- links in rows ----------------------------------------------------------------------------------


@define(eq=False)
class LinkRows:
    """Vertices by location, and links in rows; `leaving` are vertices with links out of the design, and the bandwidth of
    those, B/s, one direction."""

    spans: dict[Location, tuple[int, int]] = field(factory=dict)
    order: int = 0
    rows: list[Row] = field(factory=list)
    leaving: list[tuple[int, float]] = field(factory=list)

    def vertex(self, location: Location) -> int:
        """The vertex that stands for all instances of a location."""
        if location not in self.spans:
            self.spans[location] = self.order, self.order + 1
            self.order += 1
        return self.spans[location][0]

    def add(self, u: int, v: int, at_u: float, at_v: float) -> None:
        """Enter a row; links that carry nothing are none."""
        if at_u > 0 and at_v > 0:
            self.rows.append((u, v, at_u, at_v))


def risen(drawn: LinkRows) -> Tiers:
    """The tiers of what is drawn."""
    ranks = _ranks(drawn)
    above, below = [0.0] * drawn.order, [0.0] * drawn.order
    ways: list[Way] = []
    for u, v, at_u, at_v in drawn.rows:
        if ranks[u] != ranks[v]:
            low, high, up, down = (u, v, at_u, at_v) if ranks[u] < ranks[v] else (v, u, at_v, at_u)
            above[low] += up
            below[high] += down
            ways.append((low, high))
    for vertex, bandwidth in drawn.leaving:
        above[vertex] += bandwidth
    ratios = [
        1.0 if not rank else down / up if up > 0 and down > 0 else math.nan
        for rank, up, down in zip(ranks, above, below, strict=True)
    ]
    return Tiers(drawn.spans, ranks, ratios, lambda: ways)


def _ranks(drawn: LinkRows) -> list[int]:
    """Hops of every vertex from the endpoints, `FAR` where there is no way."""
    near: dict[int, list[int]] = defaultdict(list)
    for u, v, _, _ in drawn.rows:
        near[u].append(v)
        near[v].append(u)
    ranks = [FAR] * drawn.order
    edge = [one for location, span in drawn.spans.items() if not location.is_switch for one in range(*span)]
    hops = 0
    while edge:
        for vertex in edge:
            ranks[vertex] = hops
        hops += 1
        edge = [other for other in dict.fromkeys(o for one in edge for o in near[one]) if ranks[other] == FAR]
    return ranks
