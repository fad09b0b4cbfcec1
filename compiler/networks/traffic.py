"""Traffic that a network of a design carries, beside its bisection: throughput, oversubscription tier by tier, ways across.

Exact from the structure where that tells it (trees, products, planes of trees), from the graph while that is small, and
else absent with the reason: a report never waits for them.
"""

import math
from functools import reduce

from attrs import frozen

from compiler.ir.hardware import Network
from compiler.networks.bisection.bound import Bound, absent, widened
from compiler.networks.bisection.curve import CutFunction
from compiler.networks.bisection.folding import folded
from compiler.networks.bisection.hierarchy import HierarchyCut
from compiler.networks.bisection.paths import Diversity, path_diversity
from compiler.networks.bisection.recognised_trees import forest
from compiler.networks.bisection.reduction import reduced, simple
from compiler.networks.bisection.scaling import scaled_bound
from compiler.networks.bisection.structure import cut_function
from compiler.networks.bisection.throughput import FEW, Throughput, is_routed, throughput
from compiler.networks.cuts import MAY_MEET, may_meet_outside, network_bisection, unsettled
from compiler.networks.links import End, rate_ends
from compiler.networks.narrowing import Narrowing
from compiler.networks.oversubscription import narrowings
from compiler.networks.topologies.topology import (
    Graph,
    LeafSpine,
    Planes,
    Product,
    ProductAxis,
    Topology,
    TopologyError,
    Tree,
)
from compiler.networks.topology_tiers import of_topology as narrowings_alone
from compiler.networks.unrolled import graph_of, one_topology

SMALL = 4_000
"""Vertices up to which a graph is worth its routing in every report."""
UNROLLED = 200_000
"""Vertices up to which paths are counted in a graph for somebody who asks for a topology by itself."""


@frozen
class Traffic:
    """Throughput of one endpoint, B/s, one direction: of all-to-all among all endpoints at once, and of the worst
    permutation; oversubscription tier by tier; ways between two endpoints farthest apart, None where they are not known."""

    all_to_all: Bound
    permutation: Bound
    narrowings: tuple[Narrowing, ...] = ()
    diversity: Diversity | None = None


def traffic_of(network: Network, *, effort: str = "normal") -> Traffic:
    """The traffic of a network by itself, B/s; what neither structure nor a small graph tells is absent."""
    tiers = narrowings(network)
    if reason := unsettled(network):
        return Traffic(absent(reason), absent(reason), tiers)
    try:
        if may_meet_outside(network):
            return Traffic(absent(MAY_MEET), absent(MAY_MEET), tiers)
        found = [_throughput_at(network, effort, end) for end in rate_ends(network)]
        uniform = widened(found[0].all_to_all, found[-1].all_to_all)
        worst = widened(found[0].permutation, found[-1].permutation)
        return Traffic(uniform, worst, tiers, _diversity(network))
    except TopologyError as error:
        return Traffic(absent(str(error)), absent(str(error)), tiers)


def of_topology(topology: Topology, *, effort: str = "low", half: Bound | None = None) -> Traffic:
    """The traffic of a topology by itself, in the unit of its links."""
    found = throughput(topology, effort=effort, half=half)
    return Traffic(
        scaled_bound(found.all_to_all, max(1, topology.endpoints - 1)),
        found.permutation,
        narrowings_alone(topology),
        ways(topology, dear=True),
    )


# ---- throughput ------------------------------------------------------------------------------


def _throughput_at(network: Network, effort: str, end: End) -> Throughput:
    """Both throughputs of one endpoint, B/s, at one end of the link rates."""
    known = network_bisection(network, effort) if end == "middle" else None
    plain: Topology | Graph
    if (named := one_topology(network, end)) is not None:
        plain, unit = named
        curve, n, vertices = cut_function(plain), plain.endpoints, plain.vertices
    else:
        plain, unit, curve = graph_of(network, end), 1.0, _explicit_curve(network) if end == "middle" else None
        n, vertices = int((plain.weights > 0).sum()), int(plain.weights.size)
    if n < 2:
        return _neither(FEW)
    if not unit:
        return _neither("its link states no rate")
    if vertices > SMALL and not is_routed(curve):
        return _neither(f"{vertices:,} vertices are more than the {SMALL:,} that a report routes")
    half = None if known is None else scaled_bound(known, 1 / unit)
    found = throughput(plain, effort=effort, curve=curve, half=half)
    return Throughput(scaled_bound(found.all_to_all, unit * (n - 1)), scaled_bound(found.permutation, unit))


def _explicit_curve(network: Network) -> CutFunction | None:
    """The cut function of explicit connections that are a folded Clos in disguise; None when they are not."""
    if any(len({group.part.kind for group in connection.left}) > 1 for connection in network.connections):
        return None
    tree = forest(folded(reduced(simple(graph_of(network))).graph))
    return None if tree is None else HierarchyCut(tree.whole.subtree)


def _neither(reason: str) -> Throughput:
    return Throughput(absent(reason), absent(reason))


# ---- ways across -----------------------------------------------------------------------------


def _diversity(network: Network) -> Diversity | None:
    named = one_topology(network)
    if named is None:
        graph = graph_of(network)
        return path_diversity(graph) if graph.weights.size <= SMALL else None
    shapes = [connection.shape for connection in network.inside if connection.shape is not None]
    each = min(shape.each for shape in shapes)
    found = ways(named[0])
    if any(shape.each != each for shape in shapes):
        return None
    if found is None or each == 1:
        return found
    return Diversity(found.hops, int(found.shortest * each**found.hops), int(found.disjoint * each))


def ways(topology: Topology, *, dear: bool = False) -> Diversity | None:
    """Ways between two endpoints farthest apart: shortest paths and paths that share no cable, trunks told apart."""
    structure = topology.structure
    if topology.endpoints < 2 or topology.diameter is None or topology.has_failed:
        return None
    if isinstance(structure, Product):
        return _across_product(structure)
    if isinstance(structure, Tree):
        return _across_tree(structure)
    if isinstance(structure, LeafSpine) and len(structure.endpoints) > 1:
        return Diversity(4, structure.spines * structure.trunk**2, min(1, structure.spines * structure.trunk))
    if isinstance(structure, Planes):
        known = [ways(plane, dear=dear) for plane in structure.planes] if structure.aligned else [None]
        parts = [part for part in known if part is not None]
        if len(parts) == len(known) and len({part.hops for part in parts}) == 1:
            return reduce(lambda a, b: Diversity(a.hops, a.shortest + b.shortest, a.disjoint + b.disjoint), parts)
    if topology.vertices > (SMALL if not dear else UNROLLED):
        return None
    return path_diversity(topology)


def _across_product(product: Product) -> Diversity:
    """Corner to opposite corner. Edge connectivity of a product of lines is its least degree (Xu & Yang 2006)."""
    spans = [_span(axis) for axis in product.axes]
    hops = sum(length for length, _, _ in spans)
    orders = math.factorial(hops) // math.prod(math.factorial(length) for length, _, _ in spans)
    shortest = orders * math.prod(turns for _, turns, _ in spans)
    degree = sum(out for _, _, out in spans)
    if not product.endpoints:
        return Diversity(hops, shortest, degree)
    return Diversity(hops + 2, shortest, 1)


def _span(axis: ProductAxis) -> tuple[int, int, int]:
    """Along one line from its first vertex: hops to the farthest, shortest ways there, links out."""
    k = axis.size
    if axis.kind == "clique":
        return 1, 1, k - 1
    if axis.kind == "ring" and k > 2:
        return k // 2, 2 - k % 2, 2
    if axis.kind == "ring" and axis.double:
        return 1, 2, 2
    return k - 1, 1, 1


def _across_tree(tree: Tree) -> Diversity:
    """Up to a top and down again: any parent at each step up, any cable of a trunk at each step; exact in a tree."""
    shortest = math.prod(level.up * level.trunk**2 for level in tree.levels)
    tops, narrowest = 1, math.inf
    for level in tree.levels:
        narrowest = min(narrowest, tops * level.up * level.trunk)
        tops *= level.up
    return Diversity(2 * len(tree.levels), shortest, int(narrowest))
