"""Tiers of a network and bundles of like links between them, as plain data. Counted, not listed link by link."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import accumulate

from attrs import define, evolve, field, frozen

from compiler.ir.hardware import Connection, Group, Network
from compiler.networks.equijoin import NoKey, TooManyKeys, histogram, joints, size
from compiler.networks.links import rate_of, topology_of
from compiler.networks.locations import Location, laid_over, location_of
from compiler.networks.oversubscription import tiers_of
from compiler.networks.topologies.topology import Planes, Topology

OUTSIDE = "outside"


@frozen
class PanelTier:
    """Tier of like parts: their number in all `planes` together; `rank` is the number of steps from the endpoints."""

    id: str
    name: str
    title: str
    kind: str
    count: float
    rank: int = 0
    planes: int = 1
    plane_word: str = ""

    @property
    def in_plane(self) -> float:
        """Number of parts in a single plane."""
        return self.count / self.planes


@frozen
class Bundle:
    """Like links between two tiers, or within one. Each carries `rate`, B/s in one direction; `fan` is upper ends per
    lower end.

    `ratio` is the oversubscription of the lower tier, that of its worst switch; None where nothing narrows upwards.
    """

    lower: str
    upper: str
    links: float
    rate: float
    link: str
    medium: str
    fan: float
    unit: str = ""
    ratio: float | None = None

    @property
    def capacity(self) -> float:
        """Capacity of all its links together, B/s in one direction."""
        return self.links * self.rate


@frozen
class Wiring:
    """A network by tiers. `family` are its topologies with their sizes, empty when none lays it out."""

    family: str
    tiers: tuple[PanelTier, ...]
    bundles: tuple[Bundle, ...]


def wiring(network: Network) -> Wiring:
    """Tiers of a network with the bundles between them."""
    draft = _Draft(network)
    for connection in network.connections:
        draft.add(connection)
    tiers = _ranked(draft)
    return Wiring(" and ".join(draft.families), tiers, _with_ratios(draft, tiers))


@define(eq=False)
class _Draft:
    """Tiers and bundles collected so far, connection by connection."""

    network: Network
    tiers: dict[str, PanelTier] = field(factory=dict)
    bundles: list[Bundle] = field(factory=list)
    locations: dict[str, list[Location]] = field(factory=dict)
    families: dict[str, None] = field(factory=dict)

    def add(self, connection: Connection) -> None:
        """Add the tiers and bundles of a connection."""
        if connection.shape is not None:
            self._add_shape(connection)
            return
        for joint in joints(connection):
            lower = self._group(connection, [joint.left])
            upper = self._group(connection, [joint.right]) if joint.right else self._outside()
            self._bundle(connection, lower, upper, joint.links, joint.per_left / size(connection.links))

    def _add_shape(self, connection: Connection) -> None:
        topology = topology_of(connection)
        self.families[_described(topology)] = None
        each = size(connection.links)
        names: dict[str, str] = {}
        switches = _by_tier(topology, laid_over(self.network, connection))
        for tier in topology.tiers:
            shared = self._shared(connection, switches[tier.name])
            if tier.is_endpoint:
                names[tier.name] = self._group(connection, connection.left)
            elif shared:
                names[tier.name] = self._group(connection, shared)
            else:
                names[tier.name] = self._made(connection, tier.name, tier.count, topology)
                self.locations.setdefault(names[tier.name], []).extend(switches[tier.name])
        counts = {tier.name: tier.count for tier in topology.tiers}
        for links in topology.link_classes:
            fan = links.count / max(1, counts[links.lower])
            lower, upper = names[links.lower], names[links.upper]
            self._bundle(connection, lower, upper, links.count * each, fan, links.bandwidth)

    def _bundle(
        self, connection: Connection, lower: str, upper: str, links: float, fan: float, share: float = 1.0
    ) -> None:
        link = connection.link
        stated = link.quantity("rate")
        unit = stated.unit if stated else ""
        carried = rate_of(connection) * share
        self.bundles.append(Bundle(lower, upper, links, carried, link.name, link.text("medium"), fan, unit))

    def _group(self, connection: Connection, groups: Iterable[Group]) -> str:
        """Name of the tier of some groups, which is added unless it is there; the endpoints of one topology are one tier."""
        listed = list(_together(self.network, tuple(groups)))
        id = "+".join(group.path for group in listed)
        if id not in self.tiers:
            count = sum(size(group.count) for group in listed)
            titles = dict.fromkeys(group.part.text("title") or group.part.name for group in listed)
            name = " and ".join(dict.fromkeys(group.slots[-1].name for group in listed))
            self.tiers[id] = PanelTier(id, name, " and ".join(titles), listed[0].part.kind, count)
            self.locations[id] = [location_of(group) for group in listed]
        planes, word = _planes(connection, listed)
        if planes > self.tiers[id].planes:
            self.tiers[id] = evolve(self.tiers[id], planes=planes, plane_word=word)
        return id

    def _shared(self, connection: Connection, under: Sequence[Location]) -> list[Group]:
        """The groups of switches under a tier of a topology, where another connection links them too: one tier for both."""
        others = {g.slots for c in self.network.connections if c is not connection for g in (*c.left, *c.right)}
        groups = [location.group for location in under if location.group is not None]
        is_own = {(slot,) for slot in self.network.made}
        return groups if any(group.slots in others - is_own for group in groups) else []

    def _made(self, connection: Connection, name: str, count: int, topology: Topology) -> str:
        """Name of a tier of switches that a topology adds, the one by which later connections refer to it."""
        id = name if any(slot.name == name for slot in self.network.made) else f"{len(self.bundles)}.{name}"
        part = connection.shape.switch if connection.shape else None
        titles = dict.fromkeys(each.text("title") or each.name for each in ([part] if part else []))
        titles.update(dict.fromkeys(group.part.text("title") or group.part.name for group in connection.right))
        planes = len(topology.structure.planes) if isinstance(topology.structure, Planes) else 1
        title = " and ".join(titles) or "switch"
        known = self.tiers.get(id)
        tier = PanelTier(id, name, title, "switch", float(count), planes=planes, plane_word="plane")
        # two topologies of a network may each make switches of one name
        self.tiers[id] = tier if known is None else evolve(known, count=known.count + count)
        return id

    def _outside(self) -> str:
        self.tiers.setdefault(OUTSIDE, PanelTier(OUTSIDE, "outside the design", "", "outside", 1))
        return OUTSIDE


def _together(network: Network, groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """The groups with all that topologies of the network lay together with them, in the order of its text."""
    laid = [connection.left for connection in network.connections if connection.shape is not None]
    found = {group.slots for group in groups}
    while True:
        joined = [side for side in laid if any(group.slots in found for group in side)]
        ordered = {group.slots: group for side in joined for group in side} | {g.slots: g for g in groups}
        if ordered.keys() == found:
            return tuple(ordered.values())
        found |= ordered.keys()


def _by_tier(topology: Topology, laid: Sequence[tuple[Location, int]]) -> Mapping[str, list[Location]]:
    """The locations over which each tier of a topology lies."""
    starts = [0, *accumulate(count for _, count in laid)]
    found: dict[str, list[Location]] = {}
    here = 0
    for tier in topology.tiers:
        end = here + tier.count
        found[tier.name] = [
            location for (location, count), at in zip(laid, starts, strict=False) if at < end and here < at + count
        ]
        here = end
    return found


def _described(topology: Topology) -> str:
    """Text of a topology: its family with the sizes that people name it by."""
    dims = topology.parameters.get("dims")
    if isinstance(dims, tuple):
        return f"{topology.family.replace('_', ' ')} {' × '.join(str(n) for n in dims)}"
    return topology.family.replace("_", " ")


def _planes(connection: Connection, groups: list[Group]) -> tuple[int, str]:
    """Number of planes into which a join key (`plane`, `rail`) divides a tier of switches, and that key; else 1."""
    sides = (*connection.left, *connection.right)
    if any(group.part.kind != "switch" for group in sides):
        return 1, ""
    for key in connection.keys:
        if all(group.part.quantity(key) is not None for group in sides):
            try:
                return len(reduce(lambda a, b: a | b, (histogram(group, (key,)) for group in groups))), key
            except (NoKey, TooManyKeys):
                return 1, ""
    return 1, ""


def _ranked(draft: _Draft) -> tuple[PanelTier, ...]:
    """Tiers with their ranks, the distance from the endpoints; the world outside is on top."""
    tiers = draft.tiers
    kinds = {tier.kind for tier in tiers.values()}
    start = "chip" if "chip" in kinds else ""
    ranks = {id: 0 for id, tier in tiers.items() if tier.kind == start or (not start and tier.kind != "switch")}
    ranks.pop(OUTSIDE, None)
    if not ranks:
        ranks = {next(iter(tiers)): 0} if tiers else {}
    edge = list(ranks)
    while edge:
        here = edge.pop(0)
        for bundle in draft.bundles:
            for a, b in ((bundle.lower, bundle.upper), (bundle.upper, bundle.lower)):
                if a == here and b not in ranks and b != OUTSIDE:
                    ranks[b] = ranks[here] + 1
                    edge.append(b)
    top = max(ranks.values(), default=0) + 1
    return tuple(evolve(tier, rank=ranks.get(id, top)) for id, tier in tiers.items())


def _with_ratios(draft: _Draft, tiers: tuple[PanelTier, ...]) -> tuple[Bundle, ...]:
    """Bundles, lower ends first, each with the oversubscription of its lower tier where that passes on upwards."""
    rank = {tier.id: tier.rank for tier in tiers}
    upright = [b if rank[b.lower] <= rank[b.upper] else _turned(b, tiers) for b in draft.bundles]
    known = tiers_of(draft.network)
    if isinstance(known, str):
        return tuple(upright)
    return tuple(
        evolve(b, ratio=known.worst(draft.locations.get(b.lower, ()))) if rank[b.lower] != rank[b.upper] else b
        for b in upright
    )


def _turned(bundle: Bundle, tiers: tuple[PanelTier, ...]) -> Bundle:
    counts = {tier.id: tier.count for tier in tiers}
    fan = bundle.fan * counts[bundle.lower] / max(1.0, counts[bundle.upper])
    return evolve(bundle, lower=bundle.upper, upper=bundle.lower, fan=fan)
