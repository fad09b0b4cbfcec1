"""Networks as a picture needs them: tiers in ranks, bundles of like links between them, the bisection cut. Plain data."""

from collections.abc import Iterable
from functools import reduce

from attrs import define, evolve, field, frozen

from compiler.emitters.diagram import stats
from compiler.ir.cluster import Connection, Design, Group, Network, Part, networks
from compiler.networks import totals as figures
from compiler.networks.cut_in_words import network_cut
from compiler.networks.cuts import network_bisection
from compiler.networks.equijoin import NoKey, TooManyKeys, histogram, joints, size
from compiler.networks.links import rate_of, topology_of
from compiler.networks.topologies.topology import Planes, Product, Topology
from compiler.quantities.graph import number
from compiler.quantities.intervals import Bounds, Intervals
from compiler.quantities.units import RATE

OUTSIDE = "outside"


@frozen
class Tier:
    """A row of like parts: how many, in how many planes, how far from the endpoints."""

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
        """How many a single plane has."""
        return self.count / self.planes


@frozen
class Bundle:
    """Like links between two tiers (or within one): `capacity` in B/s one direction; `fan` upper ends of one lower end.

    `ratio` is what comes into the lower tier over what leaves it upwards, where that is known.
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
        """All its links together, one direction."""
        return self.links * self.rate


@frozen
class Cut:
    """The bisection: certified ends in B/s one direction, how they were proved, how many endpoints on each side."""

    status: str
    lower: float | None
    upper: float | None
    method: str
    reason: str
    sides: tuple[int, int]
    crossing: tuple[tuple[str, int, float], ...] = ()


@frozen
class Axis:
    """One direction of a grid: `ring`, `path` or `clique` of so many."""

    kind: str
    size: int


@frozen
class Panel:
    """A network with how many of it the design has, and in what."""

    id: str
    name: str
    title: str
    role: str
    protocol: str
    count: float
    owner: str
    family: str
    endpoints: float
    injection: str
    each: str
    oversubscription: float
    tiers: tuple[Tier, ...]
    bundles: tuple[Bundle, ...]
    cut: Cut
    axes: tuple[Axis, ...] = ()
    on_router: int = 0


def rate(value: float, unit: str = "") -> str:
    """A bandwidth for people, in the unit of its link while that is handy."""
    return stats.brief(number(value, RATE, unit))


def between(low: float, high: float) -> str:
    """Two certified ends in one unit, or the one they are."""
    return stats.brief(number(high, RATE), Bounds(low, (low + high) / 2, high))


def panels(design: Design) -> tuple[Panel, ...]:
    """Every network of a design, equal ones once with their number, the widest first."""
    found: dict[int, tuple[str, float, Part, Network]] = {}
    for path, count, part, network in networks(design.root):
        before = found.get(id(network))
        found[id(network)] = (before[0] if before else path, size(count) + (before[1] if before else 0), part, network)
    return tuple(_panel(path, count, part, network) for path, count, part, network in found.values())


def _panel(path: str, count: float, part: Part, network: Network) -> Panel:
    draft = _Draft(network)
    for connection in network.connections:
        draft.add(connection)
    tiers = _ranked(draft)
    injection = figures.injection(network)
    product = _product(network)
    return Panel(
        path,
        network.name,
        _word(network, "title"),
        network.role,
        _word(network, "protocol"),
        count,
        part.text("title") or part.name,
        draft.family,
        figures.endpoints(network),
        stats.brief(injection),
        stats.brief(figures.per_endpoint(network)),
        Intervals().of(figures.oversubscription(network)).middle,
        tiers,
        _with_ratios(tiers, draft.bundles),
        _cut(network),
        tuple(Axis(axis.kind, axis.size) for axis in product.axes if axis.size > 1) if product else (),
        product.endpoints if product else 0,
    )


def _word(network: Network, field: str) -> str:
    value = network.fields.get(field)
    return value if isinstance(value, str) else ""


def _product(network: Network) -> Product | None:
    """The grid that a network is, when one shape makes all of it and has at most one row of vertices beside endpoints."""
    inner = [connection for connection in network.connections if not connection.external]
    if len(inner) != 1 or inner[0].shape is None:
        return None
    structure = topology_of(inner[0]).structure
    return structure if isinstance(structure, Product) and structure.axes else None


def _cut(network: Network) -> Cut:
    found = network_bisection(network)
    cut, told = found.cut, network_cut(network, found)
    return Cut(
        found.status,
        found.lower,
        found.upper,
        found.method,
        found.reason or "",
        cut.endpoints if cut else (0, 0),
        tuple((row.links, row.count or 0, row.capacity) for row in told.crossing) if told else (),
    )


@define(eq=False)
class _Draft:
    """Tiers and bundles as the connections of a network bring them up."""

    network: Network
    tiers: dict[str, Tier] = field(factory=dict)
    bundles: list[Bundle] = field(factory=list)
    family: str = ""

    def add(self, connection: Connection) -> None:
        """Take in one connection."""
        if connection.shape is not None:
            self._add_shape(connection)
            return
        for joint in joints(connection):
            lower = self._group(connection, [joint.left])
            upper = self._group(connection, [joint.right]) if joint.right else self._outside()
            self._bundle(connection, lower, upper, joint.links, joint.per_left / size(connection.links))

    def _add_shape(self, connection: Connection) -> None:
        topology = topology_of(connection)
        self.family = _described(topology)
        each = size(connection.links)
        names: dict[str, str] = {}
        for tier in topology.tiers:
            if tier.is_endpoint:
                names[tier.name] = self._group(connection, connection.left)
            else:
                names[tier.name] = self._made(connection, tier.name, tier.count, topology)
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
        """The tier of some groups; one that was there before is the same."""
        listed = list(groups)
        id = "+".join(group.path for group in listed)
        if id not in self.tiers:
            count = sum(size(group.count) for group in listed)
            titles = dict.fromkeys(group.part.text("title") or group.part.name for group in listed)
            name = listed[0].slots[-1].name
            self.tiers[id] = Tier(id, name, " and ".join(titles), listed[0].part.kind, count)
        planes, word = _planes(connection, listed)
        if planes > self.tiers[id].planes:
            self.tiers[id] = evolve(self.tiers[id], planes=planes, plane_word=word)
        return id

    def _made(self, connection: Connection, name: str, count: int, topology: Topology) -> str:
        """A tier of switches that a topology lays out; under the name by which later connections know it."""
        id = name if any(slot.name == name for slot in self.network.made) else f"{len(self.bundles)}.{name}"
        part = connection.shape.switch if connection.shape else None
        titles = dict.fromkeys(each.text("title") or each.name for each in ([part] if part else []))
        titles.update(dict.fromkeys(group.part.text("title") or group.part.name for group in connection.right))
        planes = len(topology.structure.planes) if isinstance(topology.structure, Planes) else 1
        title = " and ".join(titles) or "switch"
        self.tiers.setdefault(id, Tier(id, name, title, "switch", float(count), planes=planes, plane_word="plane"))
        return id

    def _outside(self) -> str:
        self.tiers.setdefault(OUTSIDE, Tier(OUTSIDE, "outside the design", "", "outside", 1))
        return OUTSIDE


def _described(topology: Topology) -> str:
    """The family with the sizes that people name it by."""
    parameters = topology.parameters
    if "dims" in parameters:
        return f"{topology.family.replace('_', ' ')} {' × '.join(str(n) for n in parameters['dims'])}"
    return topology.family.replace("_", " ")


def _planes(connection: Connection, groups: list[Group]) -> tuple[int, str]:
    """Into how many planes a key of both sides that is a field (`plane`, `rail`) divides a tier of switches."""
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


def _ranked(draft: _Draft) -> tuple[Tier, ...]:
    """Each tier with its distance from the endpoints; the world outside on top."""
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


def _with_ratios(tiers: tuple[Tier, ...], bundles: list[Bundle]) -> tuple[Bundle, ...]:
    """Bundles, lower ends first, with what each switch tier takes in over what it passes on."""
    rank = {tier.id: tier.rank for tier in tiers}
    kind = {tier.id: tier.kind for tier in tiers}
    upright = [b if rank[b.lower] <= rank[b.upper] else _turned(b, tiers) for b in bundles]
    taken: dict[str, float] = {}
    passed: dict[str, float] = {}
    for bundle in upright:
        if rank[bundle.lower] != rank[bundle.upper]:
            taken[bundle.upper] = taken.get(bundle.upper, 0.0) + bundle.capacity
            passed[bundle.lower] = passed.get(bundle.lower, 0.0) + bundle.capacity
    return tuple(
        evolve(b, ratio=taken[b.lower] / passed[b.lower])
        if kind[b.lower] == "switch" and taken.get(b.lower) and passed.get(b.lower)
        else b
        for b in upright
    )


def _turned(bundle: Bundle, tiers: tuple[Tier, ...]) -> Bundle:
    counts = {tier.id: tier.count for tier in tiers}
    fan = bundle.fan * counts[bundle.lower] / max(1.0, counts[bundle.upper])
    return evolve(bundle, lower=bundle.upper, upper=bundle.lower, fan=fan)
