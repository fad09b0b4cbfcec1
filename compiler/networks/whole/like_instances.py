"""Like instances of slots: runs that no key tells apart, and blocks that are a subtree of a named topology."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from math import prod

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from compiler.networks.links import topology_of
from compiler.networks.topologies.topology import Topology
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.cells import Ints, Irregular
from compiler.networks.whole.instance_counts import counts_of
from compiler.networks.whole.keys import Key, key_of
from compiler.networks.whole.subtrees import trees_of

MOST_VALUES = 20_000
"""Values up to which a key that reads several slots is worked out."""
SINGLY = 64
"""Endpoints up to which a topology without subtrees is written out one by one."""

Lengths = tuple[int, ...]
"""A partition of the instances of a slot into consecutive blocks, by their lengths."""


@define(eq=False)
class LikeInstances:
    """The ways in which the slots at some paths fall into like instances: into single ones, by labels, into blocks.

    `labels` are arrays of shape (instances,): instances with the same in all of them are alike.
    """

    singly: set[Path]
    labels: dict[Path, list[NDArray[np.float64]]] = field(factory=lambda: defaultdict(list))
    blocks: dict[Path, set[Lengths]] = field(factory=lambda: defaultdict(set))

    def tell_apart(self, key: Key) -> None:
        """Label instances by the values of a field, at each place along the path that it reads. Raises `Irregular`."""
        counts = counts_of(key.path)
        if len(key.levels) == 1:
            [level] = key.levels
            self.labels[key.path[: level + 1]].append(key.values({level: np.arange(counts[level])}, counts[level]))
            return
        shape = [counts[level] for level in key.levels]
        if prod(shape) > MOST_VALUES:
            raise Irregular("a key tells too many parts apart")
        axes = np.indices(shape).reshape(len(shape), -1)
        grid = key.values(dict(zip(key.levels, axes, strict=True)), prod(shape)).reshape(shape)
        for axis, level in enumerate(key.levels):
            slices = np.moveaxis(grid, axis, 0).reshape(shape[axis], -1)
            _, labels = np.unique(slices, axis=0, return_inverse=True)
            self.labels[key.path[: level + 1]].append(labels.reshape(-1).astype(np.float64))

    def runs(self, path: Path, count: int) -> list[Ints]:
        """The instances of a slot in groups that nothing tells apart, each of shape (instances,)."""
        if path in self.singly:
            return [np.array([index]) for index in range(count)]
        if path not in self.labels:
            return [np.arange(count)] if count else []
        _, which = np.unique(np.stack(self.labels[path], axis=1), axis=0, return_inverse=True)
        which = which.reshape(-1)
        return [np.flatnonzero(which == label) for label in range(int(which.max(initial=-1)) + 1)]

    def partitions(self, path: Path) -> list[Lengths]:
        """The partitions of a slot into blocks, the coarsest first; empty where it has none.

        Raises `Irregular` where one does not refine the other.
        """
        ordered = sorted(self.blocks.get(path, ()), key=len)
        for coarse, fine in pairwise(ordered):
            if not set(np.cumsum(coarse).tolist()) <= set(np.cumsum(fine).tolist()):
                raise Irregular("topologies divide the same parts in unlike ways")
        return ordered

    def into_blocks(self, path: Path, owner: int, sizes: Sequence[int]) -> None:
        """Divide the instances of a path, in each owner `owner` slots deep, into subtrees of so many, one after the other.

        Raises `Irregular` where a subtree ends within an instance.
        """
        if len(sizes) <= 1:
            return
        own = counts_of(path)[owner:]
        for level in range(len(own)):
            lengths = _block_lengths(own, level, sizes)
            if lengths is not None:
                if len(lengths) > 1 and max(lengths) > 1:
                    self.blocks[path[: owner + level + 1]].add(lengths)
                return
        raise Irregular("a subtree of a topology lies across parts")


def like_instances(wires: Sequence[Wire], singly: frozenset[Path]) -> LikeInstances:
    """The instances that some wires do not tell apart; the slots at the paths `singly` are written out one by one.

    Raises `Irregular` where a key or a topology tells too many apart, or divides parts otherwise than they stand.
    """
    like = LikeInstances(set(singly))
    for wire in wires:
        keys = [key_of(path, name) for path in (*wire.left, *wire.right) for name in wire.connection.keys]
        for key in keys:
            if key.field is not None and key.levels:
                like.tell_apart(key)
        if wire.connection.shape is not None:
            _divide_by_topology(like, wire, topology_of(wire.connection))
    return like


def _divide_by_topology(like: LikeInstances, wire: Wire, topology: Topology) -> None:
    """Blocks for the subtrees of a topology that has some; single instances for a small one that has none."""
    trees = trees_of(topology)
    if trees is None:
        if topology.endpoints > SINGLY:
            raise Irregular(f"a `{topology.family}` over {topology.endpoints:,} parts")
        for path in (*wire.left, *wire.right):
            like.singly |= {path[: depth + 1] for depth in range(len(wire.owner), len(path))}
        return
    for ranks in trees:
        for rank in ranks[:-1]:
            _divide_by_rank(like, wire, [size for size, many in rank.subtrees for _ in range(many)])


def _divide_by_rank(like: LikeInstances, wire: Wire, sizes: Sequence[int]) -> None:
    """Blocks for the subtrees of one rank, of these sizes in the order of the endpoints, path by path."""
    at = 0
    for path in wire.left:
        own = prod(counts_of(path)[len(wire.owner) :])
        mine, held = [], 0
        while held < own and at < len(sizes):
            mine.append(sizes[at])
            held += sizes[at]
            at += 1
        if held != own:
            raise Irregular("a subtree of a topology lies across parts of unlike names")
        like.into_blocks(path, len(wire.owner), mine)


def _block_lengths(counts: Sequence[int], level: int, sizes: Sequence[int]) -> Lengths | None:
    """The blocks of the slot at a level of a path that subtrees of these sizes are, alike in all that is around it.

    `counts` along the path; None where some subtree is no whole run of its instances.
    """
    below = prod(counts[level + 1 :])
    within = sizes[: max(1, len(sizes) // prod(counts[:level]))]
    is_whole = sum(within) == below * counts[level] and not any(size % below for size in within)
    if not is_whole or list(within) * (len(sizes) // len(within)) != list(sizes):
        return None
    return tuple(size // below for size in within)
