"""Cut functions and bounds in another unit of bandwidth: a topology of unit links becomes one of real ones."""

from attrs import evolve

from compiler.networks.bisection.bound import Bound, Crossing
from compiler.networks.bisection.capacitated_tree import Subtree
from compiler.networks.bisection.curve import Beside, CutFunction, FullMesh
from compiler.networks.bisection.dragonfly_cut import DragonflyFabric
from compiler.networks.bisection.hierarchy import HierarchyCut
from compiler.networks.bisection.hub_cut import HubCut
from compiler.networks.bisection.product_cut import Hung, ProductCut
from compiler.networks.bisection.twisted_cut import TwistedCut


def scaled_curve(curve: CutFunction, factor: float) -> CutFunction:
    """The cut function with every bandwidth multiplied. Raises `TypeError` for a kind it does not know."""
    if isinstance(curve, FullMesh):
        return FullMesh(curve.endpoints, curve.bandwidth * factor)
    if isinstance(curve, ProductCut):
        return ProductCut(tuple(evolve(axis, bandwidth=axis.bandwidth * factor) for axis in curve.axes))
    if isinstance(curve, Hung):
        return Hung(scaled_curve(curve.fabric, factor), curve.each, curve.bandwidth * factor)
    if isinstance(curve, DragonflyFabric):
        return evolve(curve, local=curve.local * factor, far=curve.far * factor)
    if isinstance(curve, HubCut):
        return evolve(curve, bandwidth=curve.bandwidth * factor)
    if isinstance(curve, TwistedCut):
        return TwistedCut(curve.short, curve.bandwidth * factor)
    if isinstance(curve, HierarchyCut):
        return HierarchyCut(_scaled_tree(curve.root, factor))
    if isinstance(curve, Beside):
        return evolve(curve, planes=tuple(scaled_curve(plane, factor) for plane in curve.planes))
    raise TypeError(f"{type(curve).__name__} has no scale")


def _scaled_tree(node: Subtree, factor: float) -> Subtree:
    children = tuple((_scaled_tree(child, factor), count) for child, count in node.children)
    return Subtree(children, node.uplink * factor)


def scaled_bound(bound: Bound, factor: float) -> Bound:
    """A bound in another unit of bandwidth."""
    cut = bound.cut
    if cut is not None:
        crossing = tuple(Crossing(c.links, c.count, c.capacity * factor) for c in cut.crossing)
        cut = evolve(cut, capacity=cut.capacity * factor, crossing=crossing)
    lower = None if bound.lower is None else bound.lower * factor
    upper = None if bound.upper is None else bound.upper * factor
    return evolve(bound, lower=lower, upper=upper, cut=cut)
