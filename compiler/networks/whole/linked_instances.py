"""Instances of a path that links end at: those whose keys find an equal on the other side.

Keys are looked at along the slots that they read; what they do not read is alike.
"""

from collections.abc import Sequence
from math import prod

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.instance_counts import counts_of, instances, numbers_along
from compiler.networks.whole.keys import Key, key_of, shared_depth

Bools = NDArray[np.bool_]
Codes = NDArray[np.float64]


def linked_instances(path: Path, wires: Sequence[Wire]) -> Bools | None:
    """The instances of a path that a link of some wires ends at, shape (instances,); None where all are."""
    found = np.zeros(instances(path), dtype=bool)
    for wire in wires:
        for mine, others in ((wire.left, wire.right), (wire.right, wire.left)):
            if path not in mine:
                continue
            if wire.connection.external or wire.connection.shape is not None:
                return None
            for other in others:
                met = _met(path, other, wire)
                if met is None:
                    return None
                found |= met
    return None if found.all() else found


def _met(path: Path, other: Path, wire: Wire) -> Bools | None:
    """The instances of a path that a join links with some of another, shape (instances,); None where it does so with all."""
    own, others = ([key_of(one, name) for name in wire.connection.keys] for one in (path, other))
    depth = shared_depth(own, others, len(wire.owner))
    if depth is None:
        return np.zeros(instances(path), dtype=bool)
    tied = tuple(sorted({level for key in (*own, *others) for level in key.read if level < depth}))
    mine, theirs = _Table.of(path, own, depth, tied), _Table.of(other, others, depth, tied)
    _, which = np.unique(np.concatenate([mine.codes, theirs.codes]), axis=0, return_inverse=True)
    ones, rest = np.split(which.reshape(-1), [len(mine.codes)])
    many = np.bincount(rest, minlength=int(which.max(initial=-1)) + 1) * theirs.each
    met = np.asarray(many[ones] > (1 if path == other else 0))  # none is linked with itself
    return None if met.all() else met[mine.rows(path)]


@frozen(eq=False)
class _Table:
    """The places that are tied and the fields of a path's keys, for every place along the `levels` that are read: `codes`
    (places, columns), each of so many instances."""

    levels: tuple[int, ...]
    codes: Codes
    each: int

    @staticmethod
    def of(path: Path, keys: Sequence[Key], depth: int, tied: tuple[int, ...]) -> "_Table":
        counts = counts_of(path)
        levels = tuple(sorted({*tied, *(level for key in keys for level in key.read)}))
        shape = [counts[level] for level in levels]
        places = dict(zip(levels, np.indices(shape).reshape(len(levels), prod(shape)), strict=True))
        columns = [np.zeros(prod(shape))] + [places[level].astype(np.float64) for level in tied]
        columns += [key.values(places, prod(shape)) for key in keys if key.field is not None]
        each = prod(counts[level] for level in range(depth, len(path)) if level not in levels)
        return _Table(levels, np.stack(columns, axis=1), each)

    def rows(self, path: Path) -> NDArray[np.int64]:
        """The row of every instance of the path, shape (instances,)."""
        counts, numbers = counts_of(path), numbers_along(path, self.levels)
        found = np.zeros(instances(path), dtype=np.int64)
        for level in self.levels:
            found = found * counts[level] + numbers[level]
        return found
