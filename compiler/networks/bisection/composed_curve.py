"""The cut function of a whole: parts with networks of their own, and a network over all their endpoints.

Endpoints are numbered part by part. Where the outer network is a hierarchy whose subtrees are parts, or hold whole
parts, or lie within one, both are cut together by one (min,+) recursion; where it asks only how many endpoints are
cut off, likewise. Otherwise lower ends add, and cuts are those that keep the numbering.
"""

from collections.abc import Sequence

from attrs import evolve

from compiler.networks.bisection.curve import Beside, CutFunction, Indifferent
from compiler.networks.bisection.hierarchy import HierarchyCut, Subtree, endpoint


def compose(parts: Sequence[tuple[CutFunction, int]], over: CutFunction | None = None) -> CutFunction:
    """The cut function over the endpoints of all parts (each with its count), joined by `over` or by nothing.

    Raises `ValueError` when `over` has another number of endpoints.
    """
    total = sum(part.endpoints * count for part, count in parts)
    if over is not None and over.endpoints != total:
        raise ValueError(f"the parts have {total:,} endpoints together, the network over them {over.endpoints:,}")
    if over is None or isinstance(over, Indifferent):
        return HierarchyCut(Subtree(tuple((_island(part), count) for part, count in parts), 0.0, over))
    if isinstance(over, HierarchyCut) and (joint := _jointly(over.root, parts)) is not None:
        return HierarchyCut(joint)
    islands = HierarchyCut(Subtree(tuple((_island(part), count) for part, count in parts), 0.0))
    return Beside((islands, over))


def _island(part: CutFunction) -> Subtree:
    """A part that only its own network holds together."""
    if isinstance(part, HierarchyCut):
        return evolve(part.root, uplink=0.0)
    return Subtree(((endpoint(0.0), part.endpoints),), float("inf"), part)


def _jointly(node: Subtree, parts: Sequence[tuple[CutFunction, int]]) -> Subtree | None:
    """The hierarchy with each part's network laid over the subtree, or the subtrees, that it covers."""
    sizes = {part.endpoints for part, _ in parts}
    if len(parts) == 1:
        return _laid_over(node, parts[0][0])
    if len(sizes) < len(parts):
        return None
    by_size = {part.endpoints: (part, count) for part, count in parts}
    if {child.size: count for child, count in node.children} == {s: count for s, (_, count) in by_size.items()}:
        children = [(_laid_over(child, by_size[child.size][0]), count) for child, count in node.children]
        return evolve(node, children=tuple((child, count) for child, count in children if child is not None))
    if len(node.children) == 1 and all(size % node.children[0][0].size == 0 for size in sizes):
        child = node.children[0][0]
        groups = [(Subtree(((child, size // child.size),), float("inf"), p), c) for size, (p, c) in by_size.items()]
        return evolve(node, children=tuple(groups))
    return None


def _laid_over(node: Subtree, part: CutFunction) -> Subtree | None:
    """The hierarchy with a copy of `part` over every run of endpoints of its size, if runs and subtrees nest."""
    size = part.endpoints
    if node.size == size:
        return evolve(node, overlay=part if node.overlay is None else Beside((node.overlay, part)))
    if len(node.children) != 1 or node.size % size:
        return None
    child, count = node.children[0]
    if child.size >= size:
        inner = _laid_over(child, part)
        return None if inner is None else evolve(node, children=((inner, count),))
    if size % child.size:
        return None
    each = size // child.size
    return evolve(node, children=((Subtree(((child, each),), float("inf"), part), count // each),))
