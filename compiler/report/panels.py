"""Networks for pictures, as plain data: tiers, bundles of links or the axes of a grid, and the bisection cut."""

from attrs import frozen

from compiler.ir.hardware import ClusterDesign, Network, Part
from compiler.networks import totals
from compiler.networks.cut_in_words import DesignCut, network_cut
from compiler.networks.cuts import network_bisection
from compiler.networks.ends import has_endpoints
from compiler.networks.equijoin import size
from compiler.networks.oversubscription import oversubscription
from compiler.networks.owners import networks
from compiler.networks.topologies.topology import Product
from compiler.networks.unrolled import one_topology
from compiler.report.brief import brief
from compiler.report.findings import Bisected
from compiler.report.tiers import Bundle, PanelTier, wiring
from compiler.report.wired import bisected, word


@frozen
class GridAxis:
    """One axis of a grid: a `ring`, `path` or `clique`, and its length."""

    kind: str
    size: int


@frozen(eq=False)
class Panel:
    """A network, of which the design has `count`, each in an `owner`; `injection` of all endpoints and of `each` in words,
    empty where it has none.

    `sides` are the endpoints on either side of its bisection, (0, 0) without a cut; `cut` is the same in the words of the
    design, None where it has none. `axes` are those of a grid, with `on_router` endpoints on each of its vertices (0: the
    vertices are the endpoints); other networks have none.
    """

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
    oversubscription: float | None
    tiers: tuple[PanelTier, ...]
    bundles: tuple[Bundle, ...]
    bisection: Bisected
    sides: tuple[int, int]
    cut: DesignCut | None = None
    axes: tuple[GridAxis, ...] = ()
    on_router: int = 0

    @property
    def switches(self) -> float:
        """Number of switches in all its tiers."""
        return sum(tier.count for tier in self.tiers if tier.kind == "switch")

    @property
    def links(self) -> float:
        """Number of links in all its bundles."""
        return sum(bundle.links for bundle in self.bundles)

    @property
    def is_cut(self) -> bool:
        """True when a cut is known that proves the upper end of its bisection."""
        return self.bisection.upper is not None and max(self.sides) > 0


def panels(design: ClusterDesign, effort: str = "normal") -> tuple[Panel, ...]:
    """Networks of a design in the order of its text, equal ones once with their number."""
    found: dict[int, tuple[str, float, Part, Network]] = {}
    for path, count, part, network in networks(design.root):
        before = found.get(id(network))
        found[id(network)] = (before[0] if before else path, size(count) + (before[1] if before else 0), part, network)
    return tuple(_panel(path, count, part, network, effort) for path, count, part, network in found.values())


def _panel(path: str, count: float, part: Part, network: Network, effort: str) -> Panel:
    drawn, product, bound = wiring(network), _product(network), network_bisection(network, effort)
    is_entered = has_endpoints(network)
    return Panel(
        path,
        network.name,
        word(network, "title"),
        network.role,
        word(network, "protocol"),
        count,
        part.text("title") or part.name,
        drawn.family,
        totals.endpoints(network),
        *((brief(totals.injection(network)), brief(totals.per_endpoint(network))) if is_entered else ("", "")),
        oversubscription(network),
        drawn.tiers,
        drawn.bundles,
        bisected(bound),
        bound.cut.endpoints if bound.cut is not None else (0, 0),
        network_cut(network, bound),
        tuple(GridAxis(axis.kind, axis.size) for axis in product.axes if axis.size > 1) if product else (),
        product.endpoints if product else 0,
    )


def _product(network: Network) -> Product | None:
    """The grid of a network; None unless a single topology with axes makes all of it."""
    named = one_topology(network)
    structure = named[0].structure if named is not None else None
    return structure if isinstance(structure, Product) and structure.axes else None
