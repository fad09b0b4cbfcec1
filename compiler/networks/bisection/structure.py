"""The cut function of a topology, read from its structure and never from its graph."""

from collections import Counter

from compiler.networks.bisection.capacitated_tree import Subtree, endpoint, grown
from compiler.networks.bisection.curve import Beside, CutFunction, FullMesh
from compiler.networks.bisection.dragonfly_cut import dragonfly_fabric
from compiler.networks.bisection.hierarchy import HierarchyCut
from compiler.networks.bisection.hub_cut import hub_cut
from compiler.networks.bisection.product_cut import Hung, ProductCut, is_clique
from compiler.networks.bisection.twisted_cut import TwistedCut
from compiler.networks.topologies.topology import (
    Dragonfly,
    Hubs,
    LeafSpine,
    Planes,
    Pods,
    Product,
    Topology,
    Tree,
    Twisted,
)


def cut_function(topology: Topology) -> CutFunction | None:
    """The cut function that the structure tells; None when only the graph can tell."""
    structure = topology.structure
    if isinstance(structure, LeafSpine):
        return HierarchyCut(leaf_spine_tree(structure))
    if isinstance(structure, Tree):
        return HierarchyCut(folded_clos_tree(structure))
    if isinstance(structure, Pods):
        return HierarchyCut(pods_tree(structure))
    if isinstance(structure, Product):
        return _product(structure)
    if isinstance(structure, Planes):
        return _planes(structure)
    if isinstance(structure, Dragonfly):
        return Hung(dragonfly_fabric(structure), structure.endpoints, structure.endpoint_bandwidth)
    if isinstance(structure, Hubs):
        return hub_cut(structure)
    if isinstance(structure, Twisted):
        return TwistedCut(structure.short, structure.bandwidth)
    return None


def _product(structure: Product) -> CutFunction:
    fabric: CutFunction = ProductCut(structure.axes, in_order=not structure.block)
    if len(structure.axes) == 1 and is_clique(structure.axes[0]):
        fabric = FullMesh(structure.axes[0].size, structure.axes[0].bandwidth)
    if not structure.endpoints:
        return fabric
    return Hung(fabric, structure.endpoints, structure.endpoint_bandwidth)


def _planes(structure: Planes) -> CutFunction | None:
    parts = [cut_function(plane) for plane in structure.planes]
    known = tuple(part for part in parts if part is not None)
    if not known or len(known) < len(parts):
        return None
    twins = structure.aligned and all(plane.structure == structure.planes[0].structure for plane in structure.planes)
    return Beside(known, twins=twins, in_order=structure.aligned)


def leaf_spine_tree(structure: LeafSpine) -> Subtree:
    """The tree of a leaf-spine: all spines see the same leaves and move together."""
    uplink = structure.spines * structure.trunk * structure.uplink_bandwidth
    access = endpoint(structure.endpoint_bandwidth)
    leaves = [(grown((access, size), uplink=uplink), count) for size, count in Counter(structure.endpoints).items()]
    return grown(*leaves)


def pods_tree(structure: Pods) -> Subtree:
    """The tree of three tiers whose pods differ: cores of one group see the same aggregation switches and move
    together; so do the groups, each with its aggregation switch in every pod."""
    uplink = structure.aggs * structure.uplink_bandwidth
    above = structure.aggs * structure.cores * structure.core_bandwidth
    access = endpoint(structure.endpoint_bandwidth)
    pods = []
    for leaves, count in Counter(tuple(sorted(leaves)) for leaves in structure.pods).items():
        below = [(grown((access, size), uplink=uplink), many) for size, many in Counter(leaves).items()]
        pods.append((grown(*below, uplink=above), count))
    return grown(*pods)


def folded_clos_tree(structure: Tree) -> Subtree:
    """The tree of an XGFT or PGFT: a subtree's uplink is that of all its top switches together."""
    tops = 1
    below: tuple[Subtree, int] | None = None
    for level in structure.levels:
        uplink = tops * level.up * level.trunk * level.bandwidth
        node = endpoint(uplink) if below is None else grown(below, uplink=uplink)
        below = (node, level.down)
        tops *= level.up
    return grown(below) if below is not None else endpoint(0.0)
