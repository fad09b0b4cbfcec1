"""What can be routed, beside what a cut could carry: all-to-all, the worst permutation found, paths, and failures.

A cut is a capacity, never a throughput; here a lower end is a routing that exists and an upper end a cut, a distance
or an access link that no routing can pass.
"""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, maximum_flow

from compiler.networks.bisection.bound import RELATIVE, Bound, absent, bound
from compiler.networks.bisection.curve import Beside, CutFunction, FullMesh
from compiler.networks.bisection.dragonfly_cut import DragonflyFabric
from compiler.networks.bisection.effort import EFFORTS
from compiler.networks.bisection.flow import shortest_path_rate
from compiler.networks.bisection.folding import folded
from compiler.networks.bisection.hierarchy import HierarchyCut, Subtree
from compiler.networks.bisection.loaded import Loaded, loaded
from compiler.networks.bisection.portfolio import bisection
from compiler.networks.bisection.product_cut import Hung, ProductCut
from compiler.networks.bisection.reduction import simple
from compiler.networks.bisection.structure import cut_function
from compiler.networks.topologies.topology import Graph, Topology

Floats = NDArray[np.float64]


def all_to_all(
    network: Topology | Graph, *, effort: str = "normal", curve: CutFunction | None = None, half: Bound | None = None
) -> Bound:
    """Most that every ordered pair of endpoints can send at once, in the bandwidth unit of the links, one direction.

    `curve` and `half`, the cut function and the bisection of the network, spare finding them when they are at hand.
    """
    n = _endpoints(network)
    if n < 2:
        return absent("fewer than two endpoints send nothing")
    curve = curve or _curve(network)
    sparsest = _tree_rate(curve)
    if sparsest is not None:
        return bound(sparsest, sparsest, below="even splitting in a tree", above="one subtree against the rest")
    lower, below, access = _uniform_rate(network, curve, effort)
    half = half or bisection(network, effort=effort)
    upper, above = access / (n - 1), "access links"
    if half.upper is not None and half.upper / ((n // 2) * (n - n // 2)) < upper:
        upper, above = half.upper / ((n // 2) * (n - n // 2)), "bisection"
    distance = _distance_limit(network)
    if distance is not None and distance < upper:
        upper, above = distance, "capacity over distance"
    if lower is None:
        return bound(None, upper, above=above, reason=below)
    return bound(min(lower, upper), upper, below=below, above=above)


def worst_permutation(
    network: Topology | Graph, *, effort: str = "normal", curve: CutFunction | None = None, half: Bound | None = None
) -> Bound:
    """What every endpoint can send at once to a partner, whatever the partners, and what the worst found leaves.

    Exact in trees, where some permutation sends all of a subtree out of it. Else lower: two-phase routing over the
    all-to-all rate (Valiant: N t / 2); upper: the permutation that pairs the halves of the best cut found, and the
    access links. `curve` and `half` as in `all_to_all`.
    """
    n = _endpoints(network)
    if n < 2:
        return absent("fewer than two endpoints send nothing")
    curve = curve or _curve(network)
    least = _tree_share(curve)
    if least is not None:
        return bound(least, least, below="oblivious routing (hose)", above="one subtree sends to the rest")
    rate, below, access = _uniform_rate(network, curve, effort)
    lower = None if rate is None else min(access, n * rate / 2)
    half = half or bisection(network, effort=effort)
    upper, above = access, "access links"
    if half.upper is not None and half.upper / (n // 2) < upper:
        upper, above = half.upper / (n // 2), "partners across the bisection"
    if lower is None:
        return bound(None, upper, above=above, reason=below)
    below = f"two-phase routing over {below}"
    if (
        not is_routed(curve)
        and lower < upper * (1 - RELATIVE)
        and (climbing := _climbing_rate(network, effort)) > lower
    ):
        lower, below = min(access, climbing), "oblivious routing by way of the top switches"
    return bound(min(lower, upper), upper, below=below, above=above)


def _climbing_rate(network: Topology | Graph, effort: str) -> float:
    """What every endpoint can send at once whoever receives, all by way of the top switches; 0 where none is found."""
    if isinstance(network, Topology):
        if network.vertices > EFFORTS[effort].vertices or network.switches == 0:
            return 0.0
        network = network.unroll()
    from compiler.networks.bisection.hose import hose  # scipy.optimize: only where there is a graph to climb

    view = loaded(folded(simple(network)))
    routing = hose(view, EFFORTS[effort].flow)
    return 0.0 if routing is None else routing.rate


def _curve(network: Topology | Graph) -> CutFunction | None:
    return cut_function(network) if isinstance(network, Topology) else None


def _endpoints(network: Topology | Graph) -> int:
    return network.endpoints if isinstance(network, Topology) else int((network.weights > 0).sum())


def _uniform_rate(network: Topology | Graph, curve: CutFunction | None, effort: str) -> tuple[float | None, str, float]:
    """(rate of every ordered pair or None, how, access capacity of the weakest endpoint)."""
    if isinstance(network, Topology):
        known = _symbolic_rate(curve, network.endpoints)
        if known is not None:
            return known
        if network.vertices > EFFORTS[effort].vertices:
            return None, "too large to unroll at this effort", _weakest_class(network)
        network = network.unroll()
    view = loaded(folded(simple(network)))
    found = shortest_path_rate(view, EFFORTS[effort].flow)
    weakest = _weakest(network)
    if found is None:
        return 0.0, "some endpoints never meet", weakest
    return min(found[0], _hung_rate(view)), found[1], weakest


def _hung_rate(view: Loaded) -> float:
    prices = view.access[np.isfinite(view.access)]
    return float(prices.min()) / (view.endpoints - 1) if prices.size else np.inf


def is_routed(curve: CutFunction | None) -> bool:
    """Whether throughput follows from the structure alone, however large the network."""
    return bool(_trees(curve)) or _symbolic_rate(curve, 2) is not None


def _symbolic_rate(curve: CutFunction | None, n: int) -> tuple[float, str, float] | None:
    """(rate of every ordered pair, how, access capacity of an endpoint) of a flat fabric, with endpoints hung or not."""
    fabric = curve.fabric if isinstance(curve, Hung) else curve
    if isinstance(fabric, ProductCut):
        rate, how = fabric.flow_rate(), "dimension-order flow"
        degree = sum(a.bandwidth * _least_degree(a.kind, a.size, a.double) for a in fabric.axes)
    elif isinstance(fabric, DragonflyFabric):
        rate, how, degree = fabric.rate(), "minimal-path flow", np.inf
    elif isinstance(fabric, FullMesh):
        rate, how, degree = fabric.bandwidth, "each pair by its own link", fabric.bandwidth * (fabric.endpoints - 1)
    else:
        return None
    if not isinstance(curve, Hung):
        return rate, how, degree
    return min(rate / curve.each**2, curve.bandwidth / (n - 1)), how, curve.bandwidth


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
    return float(strength[graph.weights > 0].min(initial=np.inf))


def _trees(curve: CutFunction | None) -> tuple[HierarchyCut, ...]:
    """The tree that a network is, or the equal trees of its planes; none when it is neither."""
    if isinstance(curve, HierarchyCut) and not _is_overlaid(curve.root):
        return (curve,)
    if isinstance(curve, Beside) and curve.twins:
        return tuple(tree for plane in curve.planes for tree in _trees(plane))
    return ()


def _is_overlaid(node: Subtree) -> bool:
    return node.overlay is not None or any(_is_overlaid(child) for child, _ in node.children)


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
    """What each endpoint of a tree can send whoever its partner is, exactly: from each subtree no more of them send
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


@frozen
class Diversity:
    """Between the first endpoint and one farthest from it: shortest paths, and paths that share no cable."""

    hops: int
    shortest: int
    disjoint: int


def path_diversity(network: Topology | Graph) -> Diversity | None:
    """How many ways lead across the network, None when its endpoints are fewer than two or never meet."""
    graph = network.unroll() if isinstance(network, Topology) else network
    ends, n = np.flatnonzero(graph.weights > 0), graph.weights.size
    if ends.size < 2:
        return None
    rows, columns = np.concatenate([graph.u, graph.v]), np.concatenate([graph.v, graph.u])
    cables = csr_array((np.concatenate([graph.cables, graph.cables]).astype(np.int32), (rows, columns)), shape=(n, n))
    hops = dijkstra(cables, indices=int(ends[0]), unweighted=True)
    far = int(ends[np.argmax(np.where(np.isinf(hops[ends]), -1, hops[ends]))])
    if np.isinf(hops[far]) or not hops[far]:
        return None
    ways = np.zeros(n)
    ways[ends[0]] = 1.0
    for level in range(int(hops[far])):
        ways = np.where(hops == level + 1, cables @ np.where(hops == level, ways, 0.0), ways)
    flow = maximum_flow(cables, int(ends[0]), far)
    return Diversity(int(hops[far]), int(ways[far]), int(flow.flow_value))


@frozen(eq=False)
class AfterFailure:
    """Bisection over seeded samples of failures: certified ends (samples,), and the intact network's bound."""

    intact: Bound
    lower: Floats
    upper: Floats

    def quantiles(self, at: tuple[float, ...] = (0.05, 0.5, 0.95)) -> tuple[Floats, Floats]:
        """Quantiles of the lower and of the upper ends."""
        return np.quantile(self.lower, at), np.quantile(self.upper, at)


def bisection_after(
    network: Topology | Graph,
    *,
    links: int = 0,
    switches: int | tuple[int, ...] = (),
    seed: int = 1,
    samples: int = 20,
    effort: str = "low",
) -> AfterFailure:
    """The bisection after `links` random fabric cables, and some switches (by number, or so many at random), are lost.

    What is lost can take no more than its capacity from any cut, so the intact lower end less that stays certified.
    Switches are numbered from 0. Raises `ValueError` when more is to fail than there is.
    """
    graph = network.unroll() if isinstance(network, Topology) else network
    intact = bisection(network, effort="normal")
    rng = np.random.default_rng(seed)
    lower, upper = np.zeros(samples), np.zeros(samples)
    for i in range(samples):
        bandwidth = _failed(graph, links, switches, rng)
        left = Graph(graph.weights, graph.u, graph.v, bandwidth, graph.cables)
        found = bisection(left, effort=effort)
        lost = float((graph.bandwidth - bandwidth).sum())
        floor = max(0.0, (intact.lower or 0.0) - lost)
        upper[i] = min(end for end in (found.upper, intact.upper, np.inf) if end is not None)
        lower[i] = min(max(floor, found.lower or 0.0), upper[i])
    return AfterFailure(intact, lower, upper)


def _failed(graph: Graph, links: int, switches: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Row capacities after a draw of failures."""
    n, ends = graph.weights.size, int((graph.weights > 0).sum())
    if isinstance(switches, int):
        switches = tuple(rng.choice(n - ends, switches, replace=False).tolist())
    if any(not 0 <= s < n - ends for s in switches):
        raise ValueError(f"switches are numbered 0 to {n - ends - 1:,}")
    dead = np.zeros(n, dtype=bool)
    dead[ends + np.array(switches, dtype=np.int64)] = True
    inner = (graph.weights[graph.u] == 0) & (graph.weights[graph.v] == 0)
    rows = np.flatnonzero(inner if inner.any() else np.ones(graph.u.size, dtype=bool))
    cables = np.repeat(rows, graph.cables[rows])
    if links > cables.size:
        raise ValueError(f"{links:,} links fail, there are {cables.size:,}")
    lost = np.bincount(rng.choice(cables, links, replace=False), minlength=graph.u.size)
    share = 1.0 - lost / np.maximum(graph.cables, 1)
    return np.where(dead[graph.u] | dead[graph.v], 0.0, graph.bandwidth * share)
