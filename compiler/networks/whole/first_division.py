"""The division that every design has: its first endpoints, in the order of the text, against the rest."""

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from compiler.networks.whole.carriers import Path
from compiler.networks.whole.division import Division, InstanceBox, Ints
from compiler.networks.whole.instance_counts import counts_of
from compiler.networks.whole.linked_places import Place


def first_division(ends: Sequence[Path], total: int) -> Division:
    """The first `total` endpoints on side A, by path and by number; everything else on side B."""
    boxes: dict[Place, tuple[InstanceBox, ...]] = {}
    left = total
    for path in ends:
        counts = counts_of(path)
        taken = min(left, prod(counts))
        left -= taken
        boxes[path] = tuple(_prefix(counts, taken))
    return Division(boxes, {})


def _prefix(counts: tuple[int, ...], taken: int) -> Iterator[InstanceBox]:
    """The first instances of a path on side A, and the others on B, as boxes."""
    above: tuple[Ints, ...] = ()
    for level, count in enumerate(counts):
        whole, taken = divmod(taken, prod(counts[level + 1 :]))
        below = tuple(np.arange(one) for one in counts[level + 1 :])
        begin = whole + 1 if taken else whole
        if whole:
            yield InstanceBox((*above, np.arange(whole), *below), True)
        if begin < count:
            yield InstanceBox((*above, np.arange(begin, count), *below), False)
        if not taken:
            return
        above = (*above, np.array([whole]))
