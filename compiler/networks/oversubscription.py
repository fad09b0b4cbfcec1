"""Oversubscription: how much more reaches a switch from below than leaves it upwards.

Of a switch: the bandwidth of its links to lower tiers over that of its links to higher ones, and out of the design. Of a
tier: that of its worst switch. Of a network: that of its worst tier, 1 where none narrows. A tier is so many hops from
the endpoints, the parts that send; links within a tier lead neither up nor down, and a switch that nothing leaves
upwards is a top and narrows nothing. Into how many connections, names or planes the links are written is all one.

Where all instances of a location have as many links they count as one vertex; else the network is written out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from weakref import WeakKeyDictionary

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from compiler.ir.hardware import Connection, Group, Network
from compiler.networks.ends import ONLY_SWITCHES, has_endpoints
from compiler.networks.equijoin import Joint, joints, same, size
from compiler.networks.links import rate_of, topology_of, unit_of
from compiler.networks.locations import Location, laid_over, location_of
from compiler.networks.topologies.topology import LeafSpine, Planes, Pods, Topology, TopologyError
from compiler.networks.unrolled import joined_pairs

MOST_ROWS = 4_000_000
"""Links up to which a network whose instances differ is written out: half a second and 300 MB."""
FAR = np.iinfo(np.int64).max
"""The rank of a switch from which no link leads to an endpoint."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
    of a top. `low` and `high` (rows,) are the ends of the links that lead upwards.
    """

    spans: Mapping[Location, tuple[int, int]]
    ranks: Ints
    ratios: Floats
    low: Ints
    high: Ints

    @property
    def ratio(self) -> float:
        """The oversubscription of the worst tier, 1 where none narrows."""
        return max([1.0, *(found.ratio for found in self.narrowings())])

    def worst(self, locations: Iterable[Location]) -> float | None:
        """The oversubscription of the worst switch of some locations; None where nothing leaves them upwards."""
        spans = [self.spans[location] for location in locations if location.is_switch and location in self.spans]
        ratios = np.concatenate([np.zeros(0), *(self.ratios[start:end] for start, end in spans)])
        found = ratios[~np.isnan(ratios)]
        return float(found.max()) if found.size else None

    def narrowings(self) -> Iterator[Narrowing]:
        """Each tier of switches that passes traffic on upwards, the lowest first; locations of one name are one."""
        found: dict[str, float] = {}
        for location in sorted(self.spans, key=lambda location: int(self.ranks[self.spans[location][0]])):
            ratio = self.worst([location])
            if ratio is not None:
                found[location.name] = max(ratio, found.get(location.name, 0.0))
        yield from (Narrowing(name, ratio) for name, ratio in found.items())


# ---- of a network -----------------------------------------------------------------------------------

_known: WeakKeyDictionary[Network, "Tiers | str"] = WeakKeyDictionary()


def tiers_of(network: Network) -> Tiers | str:
    """The tiers of a network, found once; or the reason why they are not known."""
    if network not in _known:
        try:
            _known[network] = _unknown(network) or _risen(_counted(network) or _written_out(network))
        except TopologyError as error:
            _known[network] = str(error)
    return _known[network]


def oversubscription(network: Network) -> float | None:
    """The oversubscription of the worst tier of a network, 1 where none narrows; None where its tiers are not known."""
    tiers = tiers_of(network)
    return None if isinstance(tiers, str) else tiers.ratio


def narrowings(network: Network) -> tuple[Narrowing, ...]:
    """The tiers of switches that pass traffic on upwards, the lowest first; none where they are not known."""
    tiers = tiers_of(network)
    return () if isinstance(tiers, str) else tuple(tiers.narrowings())


def between(tiers: Tiers, lower: Sequence[Group], upper: Sequence[Group]) -> float | None:
    """The oversubscription on the worst way from the parts `lower` up to the parts `upper`.

    The product of those of the switches on the way, `lower` included and `upper` not; what endpoints send is what leaves
    them, so that they count 1. None where no way leads upwards.
    """
    best = np.full(tiers.ranks.size, -np.inf)
    goal = _vertices(tiers, upper)
    best[goal] = 1.0
    is_goal = best > 0
    ratios = np.where(np.isnan(tiers.ratios), 1.0, tiers.ratios)
    for rank in sorted(set(tiers.ranks[tiers.low].tolist()), reverse=True):
        rows = tiers.ranks[tiers.low] == rank
        rows &= ~is_goal[tiers.low]
        np.maximum.at(best, tiers.low[rows], best[tiers.high[rows]] * ratios[tiers.low[rows]])
    found = best[[vertex for vertex in _vertices(tiers, lower) if not is_goal[vertex]]]
    return float(found.max()) if found.size and np.isfinite(found).any() else None


def _vertices(tiers: Tiers, groups: Sequence[Group]) -> list[int]:
    """The vertices of some groups, which may be seen from another height than the network's."""
    found: list[int] = []
    for location, (start, end) in tiers.spans.items():
        if location.group is not None and any(same(location.group, group) for group in groups):
            found += range(start, end)
    return found


# ---- of a topology ----------------------------------------------------------------------------------


def of_topology(topology: Topology) -> tuple[Narrowing, ...]:
    """The tiers of switches of a topology by itself that pass traffic on upwards, the lowest first."""
    locations = [(Location((tier.name,), tier.name, not tier.is_endpoint), tier.count) for tier in topology.tiers]
    drawn = _Drawn()
    bands = _bands(topology)
    if bands is None:
        try:
            _lay(drawn, topology, 1.0, locations)
        except TopologyError:
            return ()
    else:
        _count(drawn, bands, 1.0, {location.name: location for location, _ in locations})
    return tuple(_risen(drawn).narrowings())


# ---- links in rows ----------------------------------------------------------------------------------


@define(eq=False)
class _Drawn:
    """Vertices by location, and links in rows: both ends, and the bandwidth that one vertex of either side has over all links
    of the row, B/s, one direction. `leaving` are vertices with links out of the design, and the bandwidth of those."""

    spans: dict[Location, tuple[int, int]] = field(factory=dict)
    order: int = 0
    rows: list[tuple[Ints, Ints, Floats, Floats]] = field(factory=list)
    leaving: list[tuple[Ints, float]] = field(factory=list)

    def start(self, location: Location, count: int) -> int:
        """The first vertex of a location, which is entered with so many when it is new."""
        if location not in self.spans:
            self.spans[location] = self.order, self.order + count
            self.order += count
        return self.spans[location][0]

    def add(self, u: Ints, v: Ints, at_u: Floats, at_v: Floats) -> None:
        """Enter rows, shape (rows,) each; links that carry nothing are none."""
        carries = (at_u > 0) & (at_v > 0)
        self.rows.append((u[carries], v[carries], at_u[carries], at_v[carries]))


def _risen(drawn: _Drawn) -> Tiers:
    """The tiers of what is drawn."""
    empty = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    u, v, at_u, at_v = (np.concatenate(columns) for columns in zip(empty, *drawn.rows, strict=True))
    ranks = _ranks(drawn, u, v)
    rises, falls = ranks[u] < ranks[v], ranks[u] > ranks[v]
    low, high = np.concatenate([u[rises], v[falls]]), np.concatenate([v[rises], u[falls]])
    above = _summed(low, np.concatenate([at_u[rises], at_v[falls]]), drawn.order)
    below = _summed(high, np.concatenate([at_v[rises], at_u[falls]]), drawn.order)
    for vertices, bandwidth in drawn.leaving:
        above[vertices] += bandwidth
    passes_on = (above > 0) & (below > 0)
    ratios = np.divide(below, above, out=np.full(drawn.order, np.nan), where=passes_on)
    ratios[ranks == 0] = 1.0
    return Tiers(dict(drawn.spans), ranks, ratios, low, high)


def _summed(vertices: Ints, bandwidth: Floats, order: int) -> Floats:
    """The bandwidth of all rows at each vertex, shape (order,)."""
    return np.bincount(vertices, bandwidth, order).astype(np.float64)  # without rows it counts in whole numbers


def _ranks(drawn: _Drawn, u: Ints, v: Ints) -> Ints:
    """Hops of every vertex from the endpoints, shape (vertices,), `FAR` where there is no way."""
    ranks = np.full(drawn.order, FAR)
    for location, (start, end) in drawn.spans.items():
        if not location.is_switch:
            ranks[start:end] = 0
    for hops in range(drawn.order):
        reached = np.concatenate([v[(ranks[u] == hops) & (ranks[v] == FAR)], u[(ranks[v] == hops) & (ranks[u] == FAR)]])
        if not reached.size:
            break
        ranks[reached] = hops + 1
    return ranks


def _unknown(network: Network) -> str:
    """The reason why the tiers of a network are not known; empty where they are."""
    if not has_endpoints(network):
        return ONLY_SWITCHES
    silent = next((c.link.name for c in network.connections if c.link.quantity("rate") is None), "")
    return f"`{silent}` states no rate" if silent else ""


# ---- counted: like instances are one vertex ---------------------------------------------------------

Band = tuple[str, str, float, float]
"""Lower and upper tier; what one of the lower sends up, and what reaches the fullest of the upper, in units."""


def _counted(network: Network) -> _Drawn | None:
    """The network with one vertex for each location; None where instances of a location have unlike links."""
    drawn = _Drawn()
    for connection in network.connections:
        alike = (
            _count_joints(drawn, connection) if connection.shape is None else _count_shape(drawn, network, connection)
        )
        if not alike:
            return None
    return drawn


def _count_joints(drawn: _Drawn, connection: Connection) -> bool:
    rate = rate_of(connection)
    for joint in joints(connection):
        if not _is_even(joint):
            return False
        first, *second = (np.array([drawn.start(location_of(group), 1)]) for group, _ in joint.sides)
        if joint.right is None:
            drawn.leaving.append((first, joint.per_left * rate))
        elif second:
            drawn.add(first, second[0], np.array([joint.per_left * rate]), np.array([joint.per_right * rate]))
    return True


def _is_even(joint: Joint) -> bool:
    """True when as many links end at each instance of a side."""
    return all(links * size(group.count) == joint.ends_at(group) for group, links in joint.sides)


def _count_shape(drawn: _Drawn, network: Network, connection: Connection) -> bool:
    topology, laid = topology_of(connection), laid_over(network, connection)
    tiers = [tier for tier in topology.tiers if tier.count]
    bands = _bands(topology)
    aligned = [count for _, count in laid] == [tier.count for tier in tiers]
    if bands is None or not aligned or laid[0][0].is_switch:
        return False
    _count(
        drawn,
        bands,
        unit_of(connection),
        {tier.name: location for tier, (location, _) in zip(tiers, laid, strict=True)},
    )
    return True


def _count(drawn: _Drawn, bands: Sequence[Band], unit: float, locations: Mapping[str, Location]) -> None:
    for location in locations.values():
        drawn.start(location, 1)
    for lower, upper, up, down in bands:
        u, v = (np.array([drawn.start(locations[name], 1)]) for name in (lower, upper))
        drawn.add(u, v, np.array([up * unit]), np.array([down * unit]))


def _bands(topology: Topology) -> tuple[Band, ...] | None:
    """The links between the tiers of a topology whose structure tells them; None where only its links do.

    What one of a lower tier sends up is the same for all of them; of a tier that is not evenly filled the fullest counts.
    """
    structure = topology.structure
    if isinstance(structure, Planes):
        return _bands_of_planes(topology, structure)
    if structure is None or (isinstance(structure, Pods) and not all(map(all, structure.pods))):
        return None
    counts = {tier.name: tier.count for tier in topology.tiers}
    fullest = _fullest(structure) if isinstance(structure, LeafSpine | Pods) else []
    bands: list[Band] = []
    for row in topology.link_classes:
        if row.lower != row.upper:
            carried = row.count * row.bandwidth
            down = fullest[len(bands)] if len(bands) < len(fullest) else carried / counts[row.upper]
            bands.append((row.lower, row.upper, carried / counts[row.lower], down))
    return tuple(bands)


def _fullest(structure: LeafSpine | Pods) -> list[float]:
    """Bandwidth that reaches the fullest leaf, and the fullest aggregation switch, from below, in the unit of the links."""
    if isinstance(structure, LeafSpine):
        return [max(structure.endpoints, default=0) * structure.endpoint_bandwidth]
    leaves = max(max(pod) for pod in structure.pods) * structure.endpoint_bandwidth
    return [leaves, max(len(pod) for pod in structure.pods) * structure.uplink_bandwidth]


def _bands_of_planes(topology: Topology, structure: Planes) -> tuple[Band, ...] | None:
    known = {tier.name for tier in topology.tiers}
    found: list[Band] = []
    for number, plane in enumerate(structure.planes, start=1):
        names = {tier.name: tier.name if tier.is_endpoint else f"plane{number}.{tier.name}" for tier in plane.tiers}
        bands = _bands(plane)
        if bands is None or not known.issuperset(names.values()):
            return None
        found += [(names[lower], names[upper], up, down) for lower, upper, up, down in bands]
    return tuple(found)


# ---- written out: every instance is a vertex --------------------------------------------------------


def _written_out(network: Network) -> _Drawn:
    """The network with a vertex for each instance. Raises `TopologyError` where it is too large for that."""
    rows = sum(
        sum(joint.links for joint in joints(c)) if c.shape is None else topology_of(c).links
        for c in network.connections
    )
    if rows > MOST_ROWS:
        raise TopologyError(f"{rows:,.0f} links are more than the {MOST_ROWS:,} that are looked at one by one")
    drawn = _Drawn()
    for connection in network.connections:
        if connection.shape is not None:
            _lay(drawn, topology_of(connection), unit_of(connection), laid_over(network, connection))
        else:
            _join(drawn, connection)
    return drawn


def _join(drawn: _Drawn, connection: Connection) -> None:
    each = size(connection.links) * rate_of(connection)
    for joint in joints(connection):
        first, *second = (drawn.start(location_of(group), int(size(group.count))) for group, _ in joint.sides)
        if joint.right is None:
            drawn.leaving.append((first + np.arange(int(size(joint.left.count))), each))
            continue
        u, v = joined_pairs(joint.left, joint.right, connection.keys)
        bandwidth = np.full(u.size, each)
        drawn.add(u + first, v + (second[0] if second else first), bandwidth, bandwidth)


def _lay(drawn: _Drawn, topology: Topology, unit: float, laid: Sequence[tuple[Location, int]]) -> None:
    """Lay the links of a topology over locations, in the order of its vertices."""
    table = np.concatenate([drawn.start(location, count) + np.arange(count) for location, count in laid])
    if table.size < topology.vertices:
        raise TopologyError(f"the topology has {topology.vertices:,} vertices, {table.size:,} parts are there for it")
    rows = topology.arrays()
    each = np.array([bundle.cables * bundle.bandwidth * unit for bundle in topology.bundles])
    bandwidth = each[rows.kind] if each.size else np.zeros(0)
    drawn.add(table[rows.u], table[rows.v], bandwidth, bandwidth)
