"""Folded Clos networks read as nested runs of endpoints: what a topology means for cells, without its graph.

All tops of a subtree see the same leaves by like links: some least cut has them on one side (the smallest side A that is
least is unique, so symmetries that leave the endpoints alone leave it alone). A subtree is then one vertex, linked to
the one above by all its uplinks together.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from attrs import frozen

from compiler.networks.topologies.topology import LeafSpine, Planes, Pods, Structure, Topology, Tree

Run = tuple[int, int]
"""Subtrees of one size side by side: (endpoints of each, how many)."""


@frozen
class Rank:
    """One level of a tree: its subtrees in the order of the endpoints, each with so many `tops`, numbered with it; and
    the uplink of each child of such a subtree, all its links together."""

    subtrees: tuple[Run, ...]
    uplink: float
    tops: int

    def starts(self) -> tuple[int, ...]:
        """The number of the first endpoint of each subtree."""
        found, at = [], 0
        for size, many in self.subtrees:
            found += [at + each * size for each in range(many)]
            at += size * many
        return tuple(found)

    @property
    def switches(self) -> int:
        """All tops of the level."""
        return self.tops * sum(many for _, many in self.subtrees)


Ranks = tuple[Rank, ...]
"""The levels of a tree from the leaves up; the last is one subtree with all endpoints."""


def trees_of(topology: Topology) -> tuple[Ranks, ...] | None:
    """The trees that a topology is made of, over the same endpoints in the same order; None when it is something else."""
    if not topology.in_order:
        return None
    found = tuple(_trees(topology.structure))
    return found if found and all(found) else None


def _trees(structure: Structure | None) -> Iterator[Ranks]:
    if isinstance(structure, Tree):
        yield _of_tree(structure)
    elif isinstance(structure, LeafSpine):
        yield _of_leaves(structure)
    elif isinstance(structure, Pods):
        yield _of_pods(structure)
    elif isinstance(structure, Planes) and structure.aligned:
        for plane in structure.planes:
            yield from _trees(plane.structure)
    else:
        yield ()


def _of_tree(tree: Tree) -> Ranks:
    total, tops, size = 1, 1, 1
    for level in tree.levels:
        total *= level.down
    ranks = []
    for level in tree.levels:
        size *= level.down
        uplink = tops * level.up * level.trunk * level.bandwidth
        tops *= level.up
        ranks.append(Rank(((size, total // size),), uplink, tops))
    return tuple(ranks)


def _of_leaves(structure: LeafSpine) -> Ranks:
    uplink = structure.spines * structure.trunk * structure.uplink_bandwidth
    whole = sum(structure.endpoints)
    return (
        Rank(_runs(structure.endpoints), structure.endpoint_bandwidth, 1),
        Rank(((whole, 1),), uplink, structure.spines),
    )


def _of_pods(structure: Pods) -> Ranks:
    leaves = [leaf for pod in structure.pods for leaf in pod]
    above = structure.aggs * structure.cores * structure.core_bandwidth
    return (
        Rank(_runs(leaves), structure.endpoint_bandwidth, 1),
        Rank(_runs([sum(pod) for pod in structure.pods]), structure.aggs * structure.uplink_bandwidth, structure.aggs),
        Rank(((sum(leaves), 1),), above, structure.aggs * structure.cores),
    )


def _runs(sizes: Sequence[int]) -> tuple[Run, ...]:
    return tuple((size, sum(1 for _ in same)) for size, same in groupby(sizes))
