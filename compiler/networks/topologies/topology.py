"""Topologies as data: tiers, classes of links, structure and distances; unrolled into a graph only when asked.

Conventions: a link is one full-duplex cable and its bandwidth the capacity of ONE direction, in the unit of the
caller (1 by default, B/s in a design). Endpoints weigh 1, switches 0. Distances are link hops between endpoints.
Nothing here grows with the number of endpoints except `Graph`.
"""

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from compiler.networks.topologies.size_limits import LIMITS

Vertices = NDArray[np.int32]
Parameter = int | float | str | tuple["Parameter", ...] | Mapping[str, "Parameter"] | None
"""A checked value of a parameter: a number, a word, a list or a group of them; None where it may be left out."""


class TopologyError(Exception):
    """A condition of a topology that fails: `message` says which, `parameter` whose value it is about, `help` a way out."""

    def __init__(self, message: str, *, parameter: str | None = None, help: str | None = None) -> None:
        super().__init__(message if help is None else f"{message}; {help}")
        self.message = message
        self.parameter = parameter
        self.help = help


@frozen(eq=False)
class Graph:
    """A network unrolled into arrays (structure of arrays): endpoints first, then switches.

    `weights` has shape (vertices,): 1 for an endpoint, 0 for a switch. `u`, `v`, `bandwidth` and `cables` have shape
    (rows,): the ends of a row, the capacity of the whole row in one direction, and how many cables it stands for.
    """

    weights: NDArray[np.int64]
    u: NDArray[np.int32]
    v: NDArray[np.int32]
    bandwidth: NDArray[np.float64]
    cables: NDArray[np.int32]


@frozen
class ProductAxis:
    """One factor of a product: a `ring`, `path` or `clique` of `size` vertices, each link `bandwidth`.

    `double` marks a ring of two whose wrap link is really there (two links between the pair). With a `block` the links
    between runs of so many vertices, the closing one of a ring among them, are of bandwidth `between`.
    """

    kind: str
    size: int
    bandwidth: float = 1.0
    double: bool = False
    block: int = 0
    between: float = 0.0

    @property
    def least(self) -> float:
        """The least bandwidth of its links."""
        return min(self.bandwidth, self.between) if self.block else self.bandwidth


@frozen
class Product:
    """A Cartesian product of axes. `endpoints` hang on each vertex by `endpoint_bandwidth`; 0: the vertices are the
    endpoints. Axes of one vertex are left out, and a ring of two is a path unless `double`. Vertices are numbered with
    the last axis running fastest, or with a `block` (its vertices along each axis) block by block in that order."""

    axes: tuple[ProductAxis, ...]
    endpoints: int = 0
    endpoint_bandwidth: float = 1.0
    block: tuple[int, ...] = ()


@frozen
class Level:
    """A tier of a tree, as of XGFT/PGFT: each vertex above has `down` children, each below has `up` parents, by `trunk`
    cables of `bandwidth`."""

    down: int
    up: int
    bandwidth: float = 1.0
    trunk: int = 1


@frozen
class Tree:
    """An extended generalised fat tree, the lowest tier first; level 0 is the endpoint's own access."""

    levels: tuple[Level, ...]


@frozen
class LeafSpine:
    """Leaves with `endpoints[i]` endpoints each, every leaf to every spine by `trunk` cables of `uplink_bandwidth`.

    No leaf is empty; without spines the leaves are islands.
    """

    endpoints: tuple[int, ...]
    spines: int
    trunk: int = 1
    endpoint_bandwidth: float = 1.0
    uplink_bandwidth: float = 1.0


@frozen
class Pods:
    """Three tiers whose pods differ: `pods[i]` has the endpoints of each leaf of pod i. Leaves meet all `aggs` of their
    pod, aggregation switch j all `cores` of group j; bandwidths are of a whole pair, trunks included."""

    pods: tuple[tuple[int, ...], ...]
    aggs: int
    cores: int
    endpoint_bandwidth: float = 1.0
    uplink_bandwidth: float = 1.0
    core_bandwidth: float = 1.0


@frozen
class Planes:
    """Networks side by side over the same endpoints; `aligned` when every plane orders the endpoints alike."""

    planes: "tuple[Topology, ...]"
    aligned: bool


@frozen
class Dragonfly:
    """`groups` cliques of `size` routers with `ports` global ports each, `links` between every two groups; `endpoints`
    hang on each router by `endpoint_bandwidth`. `arrangement` says which port leads to which group."""

    size: int
    groups: int
    ports: int
    links: int
    arrangement: str
    local_bandwidth: float = 1.0
    global_bandwidth: float = 1.0
    endpoints: int = 1
    endpoint_bandwidth: float = 1.0


@frozen
class Twisted:
    """A torus of 2 `short` x `short` whose short axis closes `short` steps further along the long one, each link of
    `bandwidth`; vertices are numbered along the short axis first."""

    short: int
    bandwidth: float = 1.0


@frozen
class Hubs:
    """Vertices numbered by `digits` digits below `size`, the first one slowest; those that differ in one digit alone share
    a switch, by links of `bandwidth`."""

    size: int
    digits: int
    bandwidth: float = 1.0


Structure = Product | Tree | LeafSpine | Pods | Planes | Dragonfly | Twisted | Hubs


@frozen
class Tier:
    """A row of like vertices, as a diagram and a bill of materials need it: `leaf`, 32 of them, ports used each."""

    name: str
    count: int
    ports: int
    is_endpoint: bool = False


@frozen
class LinkClass:
    """Like cables between two tiers: `count` of them, each `bandwidth` in one direction."""

    lower: str
    upper: str
    count: int
    bandwidth: float


@frozen
class Hops:
    """Link hops between endpoints: the most, and the mean over ordered distinct pairs; None when some never meet."""

    diameter: int | None
    average: float | None


@frozen
class Circuits:
    """Optical circuit switches that `links` pass on their way, each by two ports: `count` of them, at most `ports` used of
    one."""

    links: int
    count: int
    ports: int


@frozen(eq=False)
class TierLinks:
    """Rows of like links between two tiers, each row `cables` cables of `bandwidth` in one direction.

    `fill(u, v, lower, upper)` writes both ends of its `rows` rows, the tiers beginning at vertices `lower` and `upper`.
    """

    lower: str
    upper: str
    rows: int
    fill: Callable[[Vertices, Vertices, int, int], None]
    bandwidth: float = 1.0
    cables: int = 1


@frozen(eq=False)
class Links:
    """The same rows as `Graph` in 9 bytes each, shape (rows,): ends, and `kind`, an index into the bundles of the
    topology."""

    u: Vertices
    v: Vertices
    kind: NDArray[np.unsignedinteger]


@frozen
class Hanging:
    """Endpoints on the first tier of switches, in order: so many each, by so much bandwidth (one direction).

    One number for all switches of the tier, or one for each. Present only when every endpoint has one switch.
    """

    counts: int | tuple[int, ...]
    bandwidth: float | tuple[float, ...] = 1.0


@frozen(eq=False)
class SwitchGraph:
    """A network without its single-homed endpoints: `graph` of the switches alone (all weights 0), and for each
    switch, shape (switches,), how many endpoints hang on it and the bandwidth of each of them."""

    graph: Graph
    endpoints: NDArray[np.int64]
    bandwidth: NDArray[np.float64]


@frozen(eq=False)
class Topology:
    """A network by its family and parameters. `links` counts cables, access cables included; `links_fabric` those
    between like vertices (switch to switch, or endpoint to endpoint in a direct network).

    `structure` is what the bisection theorems read; None: only the graph tells. Its subtrees are runs of consecutive
    endpoints where it is `in_order`; else only their sizes mean something. `diameter` and `average_hops` are
    worked out when first asked and None for a disconnected network. `tiers` number the vertices: endpoints first.
    `circuits` are no vertices: no packet notices them.
    """

    family: str
    parameters: Mapping[str, Parameter]
    endpoints: int
    switches: int
    links: int
    links_fabric: int
    tiers: tuple[Tier, ...]
    link_classes: tuple[LinkClass, ...]
    structure: Structure | None = field(default=None, kw_only=True)
    in_order: bool = field(default=True, kw_only=True)
    bundles: tuple[TierLinks, ...] = field(default=(), kw_only=True, repr=False)
    hanging: Hanging | None = field(default=None, kw_only=True, repr=False)
    circuits: Circuits | None = field(default=None, kw_only=True, repr=False)
    hops: Callable[["Topology"], Hops] = field(default=lambda _: Hops(None, None), kw_only=True, repr=False)

    @cached_property
    def _hops(self) -> Hops:
        return self.hops(self)

    @property
    def diameter(self) -> int | None:
        """Most link hops between two endpoints; 0 for one endpoint, None when some never meet."""
        return self._hops.diameter

    @property
    def average_hops(self) -> float | None:
        """Mean link hops over distinct endpoints; 0 for one endpoint, None when some never meet."""
        return self._hops.average

    @property
    def vertices(self) -> int:
        """Endpoints and switches together."""
        return self.endpoints + self.switches

    @property
    def entry(self) -> Tier:
        """The tier of the endpoints."""
        return next(tier for tier in self.tiers if tier.is_endpoint)

    @property
    def switch_tiers(self) -> tuple[Tier, ...]:
        """The tiers of switches, the lowest first; none in a direct network."""
        return tuple(tier for tier in self.tiers if not tier.is_endpoint)

    @property
    def has_failed(self) -> bool:
        """True when it is what failures left of a network (`without`)."""
        return "failed" in self.parameters

    def arrays(self) -> Links:
        """Every row of links as compact arrays. Raises `TopologyError` past the limit."""
        return _filled(self.bundles, _starts(self.tiers), self.vertices)

    def unroll(self) -> Graph:
        """The whole network as a `Graph`. Raises `TopologyError` when it is over the limit."""
        weights = np.zeros(affordable("vertices", self.vertices), dtype=np.int64)
        weights[: self.endpoints] = 1
        return _graph(weights, self.arrays(), self.bundles)

    def switch_graph(self) -> SwitchGraph | None:
        """The network folded onto its switches, None when an endpoint has more or less than one switch.

        Raises `TopologyError` when it is over the limit.
        """
        if self.hanging is None:
            return None
        tiers = self.switch_tiers
        names = {tier.name for tier in tiers}
        bundles = tuple(bundle for bundle in self.bundles if bundle.lower in names)
        count = affordable("vertices", self.switches)
        hung = np.zeros(count, dtype=np.int64)
        bandwidth = np.zeros(count, dtype=np.float64)
        hung[: tiers[0].count] = self.hanging.counts
        bandwidth[: tiers[0].count] = self.hanging.bandwidth
        links = _filled(bundles, _starts(tiers), count)
        return SwitchGraph(_graph(np.zeros(count, dtype=np.int64), links, bundles), hung, bandwidth)


def affordable(kind: str, count: int) -> int:
    """The count, when it is within the limit of its kind. Raises `TopologyError` otherwise."""
    if count > LIMITS[kind]:
        raise TopologyError(f"the network has {count:,} {kind}, more than the {LIMITS[kind]:,} that can be written out")
    return count


def _starts(tiers: tuple[Tier, ...]) -> dict[str, int]:
    starts, here = {}, 0
    for tier in tiers:
        starts[tier.name] = here
        here += tier.count
    return starts


def _filled(bundles: tuple[TierLinks, ...], starts: Mapping[str, int], vertices: int) -> Links:
    """All rows, each bundle writing its own slice in place: a copy of a temporary would cost as much again."""
    rows = affordable("rows", sum(bundle.rows for bundle in bundles))
    affordable("vertices", vertices)
    links = Links(
        np.empty(rows, dtype=np.int32), np.empty(rows, dtype=np.int32), np.empty(rows, np.min_scalar_type(len(bundles)))
    )
    end = 0
    for kind, bundle in enumerate(bundles):
        here, end = end, end + bundle.rows
        bundle.fill(links.u[here:end], links.v[here:end], starts[bundle.lower], starts[bundle.upper])
        links.kind[here:end] = kind
    return links


def _graph(weights: NDArray[np.int64], links: Links, bundles: tuple[TierLinks, ...]) -> Graph:
    cables = np.array([bundle.cables for bundle in bundles], dtype=np.int32)
    bandwidth = np.array([bundle.cables * bundle.bandwidth for bundle in bundles], dtype=np.float64)
    return Graph(weights, links.u, links.v, bandwidth[links.kind], cables[links.kind])
