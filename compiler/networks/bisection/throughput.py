"""Rates that can be routed, beside what a cut could carry: all-to-all, and the worst permutation.

A cut is a capacity, never a throughput; here a lower end is a routing that exists and an upper end a cut, a distance
or an access link that no routing can pass.
"""

from functools import cached_property

import numpy as np
from attrs import frozen

from compiler.networks.bisection.bound import Bound, absent, bound
from compiler.networks.bisection.capacitated_tree import Subtree
from compiler.networks.bisection.curve import Beside, CutFunction, FullMesh
from compiler.networks.bisection.dragonfly_cut import DragonflyFabric
from compiler.networks.bisection.effort import EFFORTS
from compiler.networks.bisection.folding import folded
from compiler.networks.bisection.hierarchy import HierarchyCut
from compiler.networks.bisection.portfolio import bisection
from compiler.networks.bisection.product_cut import Hung, ProductCut
from compiler.networks.bisection.reduction import simple
from compiler.networks.bisection.structure import cut_function
from compiler.networks.bisection.twisted_cut import TwistedCut
from compiler.networks.bisection.weighted import Loaded, loaded
from compiler.networks.topologies.topology import Graph, Topology
from compiler.numerics.tolerances import MEETING

FEW = "fewer than two endpoints send nothing"


@frozen
class Throughput:
    """Rates of one pair in all-to-all, and of one endpoint in the worst permutation, in the unit of the links."""

    all_to_all: Bound
    permutation: Bound


@frozen
class Uniform:
    """A rate of every ordered pair that can be routed (None: not worked out, and `how` says why), how, and what the
    weakest endpoint can send in all."""

    rate: float | None
    how: str
    access: float


def throughput(
    network: Topology | Graph, *, effort: str = "normal", curve: CutFunction | None = None, half: Bound | None = None
) -> Throughput:
    """Both rates of a network, what they rest on worked out once.

    `curve` and `half`, the cut function and the bisection of the network, spare finding them when they are at hand.
    """
    asked = _Asked(network, effort, curve, half)
    return Throughput(_all_to_all(asked), _worst_permutation(asked))


def all_to_all(network: Topology | Graph, *, effort: str = "normal") -> Bound:
    """Most that every ordered pair of endpoints can send at once, in the bandwidth unit of the links, one direction."""
    return _all_to_all(_Asked(network, effort))


def worst_permutation(network: Topology | Graph, *, effort: str = "normal") -> Bound:
    """Most that every endpoint can send at once to a partner, whatever the partners, in the unit of the links."""
    return _worst_permutation(_Asked(network, effort))


@frozen(eq=False)
class _Asked:
    """A network whose throughput is asked, with what is known of it."""

    network: Topology | Graph
    effort: str
    known_curve: CutFunction | None = None
    known_half: Bound | None = None

    @cached_property
    def endpoints(self) -> int:
        network = self.network
        return network.endpoints if isinstance(network, Topology) else int((network.weights > 0).sum())

    @cached_property
    def curve(self) -> CutFunction | None:
        if self.known_curve is None and isinstance(self.network, Topology):
            return cut_function(self.network)
        return self.known_curve

    @cached_property
    def half(self) -> Bound:
        return self.known_half or bisection(self.network, effort=self.effort)

    @cached_property
    def uniform(self) -> Uniform:
        return _uniform_rate(self.network, self.curve, self.effort)


def _all_to_all(asked: _Asked) -> Bound:
    n = asked.endpoints
    if n < 2:
        return absent(FEW)
    sparsest = _tree_rate(asked.curve)
    if sparsest is not None:
        return bound(sparsest, sparsest, below="even splitting in a tree", above="one subtree against the rest")
    uniform, half = asked.uniform, asked.half
    upper, above = uniform.access / (n - 1), "access links"
    if half.upper is not None and half.upper / ((n // 2) * (n - n // 2)) < upper:
        upper, above = half.upper / ((n // 2) * (n - n // 2)), "bisection"
    distance = _distance_limit(asked.network)
    if distance is not None and distance < upper:
        upper, above = distance, "capacity over distance"
    if uniform.rate is None:
        return bound(None, upper, above=above, reason=uniform.how)
    return bound(min(uniform.rate, upper), upper, below=uniform.how, above=above)


def _worst_permutation(asked: _Asked) -> Bound:
    """Exact in trees, where some permutation sends all of a subtree out of it. Else lower: two-phase routing over the
    all-to-all rate (Valiant 1982: N t / 2); upper: the permutation that pairs the halves of the best cut found, and the
    access links."""
    n = asked.endpoints
    if n < 2:
        return absent(FEW)
    least = _tree_share(asked.curve)
    if least is not None:
        return bound(least, least, below="oblivious routing (hose)", above="one subtree sends to the rest")
    uniform, half = asked.uniform, asked.half
    upper, above = uniform.access, "access links"
    if half.upper is not None and half.upper / (n // 2) < upper:
        upper, above = half.upper / (n // 2), "partners across the bisection"
    if uniform.rate is None:
        return bound(None, upper, above=above, reason=uniform.how)
    lower, below = min(uniform.access, n * uniform.rate / 2), f"two-phase routing over {uniform.how}"
    if (
        not is_routed(asked.curve)
        and lower < upper * (1 - MEETING)
        and (climbing := _climbing_rate(asked.network, asked.effort)) > lower
    ):
        lower, below = min(uniform.access, climbing), "oblivious routing by way of the top switches"
    return bound(min(lower, upper), upper, below=below, above=above)


def _climbing_rate(network: Topology | Graph, effort: str) -> float:
    """The rate that every endpoint can send at once whoever receives, all by way of the top switches; 0 where none is
    found."""
    if isinstance(network, Topology):
        if network.vertices > EFFORTS[effort].vertices or network.switches == 0:
            return 0.0
        network = network.unroll()
    from compiler.networks.bisection.hose import hose

    view = loaded(folded(simple(network)))
    routing = hose(view, EFFORTS[effort].flow)
    return 0.0 if routing is None else routing.rate


def _uniform_rate(network: Topology | Graph, curve: CutFunction | None, effort: str) -> Uniform:
    """The rate that a routing of the structure gives, else shortest paths in the graph, where the effort affords it."""
    if isinstance(network, Topology):
        known = _symbolic_rate(curve, network.endpoints)
        if known is not None:
            return known
        if network.vertices > EFFORTS[effort].vertices:
            return Uniform(None, "too large to unroll at this effort", _weakest_class(network))
        network = network.unroll()
    from compiler.networks.bisection.flow import shortest_path_rate

    view = loaded(folded(simple(network)))
    found = shortest_path_rate(view, EFFORTS[effort].flow)
    weakest = _weakest(network)
    if found is None:
        return Uniform(0.0, "some endpoints never meet", weakest)
    return Uniform(min(found[0], _hung_rate(view)), found[1], weakest)


def _hung_rate(view: Loaded) -> float:
    prices = view.access[
        np.isfinite(view.access)
    ]  # infinite: the endpoint is the vertex, and its links are in the flow
    return float(prices.min()) / (view.endpoints - 1) if prices.size else np.inf


def is_routed(curve: CutFunction | None) -> bool:
    """True when throughput follows from the structure alone, however large the network."""
    return bool(_trees(curve)) or _symbolic_rate(curve, 2) is not None


def _symbolic_rate(curve: CutFunction | None, n: int) -> Uniform | None:
    """The rate of a flat fabric of n endpoints, hung on its switches or not; None for another network."""
    fabric = curve.fabric if isinstance(curve, Hung) else curve
    if isinstance(fabric, ProductCut):
        rate, how = fabric.flow_rate(), "dimension-order flow"
        degree = sum(a.bandwidth * _least_degree(a.kind, a.size, a.double) for a in fabric.axes)
    elif isinstance(fabric, DragonflyFabric):
        rate, how, degree = fabric.rate(), "minimal-path flow", np.inf
    elif isinstance(fabric, TwistedCut):
        rate, how, degree = fabric.rate(), "shortest-path flow by translation", 4 * fabric.bandwidth
    elif isinstance(fabric, FullMesh):
        rate, how, degree = fabric.bandwidth, "each pair by its own link", fabric.bandwidth * (fabric.endpoints - 1)
    else:
        return None
    if not isinstance(curve, Hung):
        return Uniform(rate, how, degree)
    return Uniform(min(rate / curve.each**2, curve.bandwidth / (n - 1)), how, curve.bandwidth)


def _least_degree(kind: str, size: int, double: bool) -> int:
    if kind == "clique":
        return size - 1
    return 2 if kind == "ring" and (size > 2 or double) else 1


def _weakest_class(network: Topology) -> float:
    rates = [row.bandwidth * row.cables for row in network.bundles if "endpoint" in (row.lower, row.upper)]
    return min(rates, default=0.0)


def _weakest(graph: Graph) -> float:
    n = graph.weights.size
    strength = np.bincount(graph.u, graph.bandwidth, n) + np.bincount(graph.v, graph.bandwidth, n)
    return float(strength[graph.weights > 0].astype(np.float64).min(initial=np.inf))  # whole numbers without any link


def _trees(curve: CutFunction | None) -> tuple[HierarchyCut, ...]:
    """The tree that a network is, or the equal trees of its planes; none when it is neither."""
    if isinstance(curve, HierarchyCut):
        return (curve,)
    if isinstance(curve, Beside) and curve.twins:
        return tuple(tree for plane in curve.planes for tree in _trees(plane))
    return ()


def _tree_rate(curve: CutFunction | None) -> float | None:
    """In a capacitated tree one path leads everywhere: the least of capacity over the pairs that need it, exactly.

    Equal planes carry equal shares, so their rates add."""
    trees = _trees(curve)
    return sum(_subtree_rate(tree.root, tree.endpoints) for tree in trees) if trees else None


def _subtree_rate(node: Subtree, n: int) -> float:
    outside = n - node.size
    own = node.uplink / (node.size * outside) if outside else np.inf
    return min([own, *(_subtree_rate(child, n) for child, _ in node.children)])


def _tree_share(curve: CutFunction | None) -> float | None:
    """The rate of each endpoint of a tree whoever its partner is, exactly: from each subtree no more of them send
    out than are in it, nor than are outside."""
    trees = _trees(curve)
    return sum(_subtree_share(tree.root, tree.endpoints) for tree in trees) if trees else None


def _subtree_share(node: Subtree, n: int) -> float:
    most = min(node.size, n - node.size)
    own = node.uplink / most if most else np.inf
    return min([own, *(_subtree_share(child, n) for child, _ in node.children)])


def _distance_limit(network: Topology | Graph) -> float | None:
    """All capacity, both directions, over all hops that all pairs need together."""
    if not isinstance(network, Topology) or network.average_hops is None or network.average_hops == 0:
        return None
    total = sum(row.count * row.bandwidth for row in network.link_classes)
    return 2 * total / (network.endpoints * (network.endpoints - 1) * network.average_hops)
