"""Pairs of parts that a connection joins by keys and a division separates, counted box by box or one by one."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import product

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.division import Division, InstanceBox
from compiler.networks.whole.recounted_sides import common, path_counts
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import Bounds, fold

MOST_PAIRS = 100_000
"""Pairs of boxes up to which a connection is recounted box by box; else instance by instance."""

Fields = tuple[Quantity, ...]


def separated_pairs(division: Division, wire: Wire) -> float:
    """Joined pairs of instances on unlike sides, in all owners of a connection without a shape."""
    pairs = 0.0
    for left in wire.left:
        for right in wire.right:
            found = _pairs_between(division, left, right, wire)
            # parts named on both sides are met from either end
            pairs += found / 2 if right in wire.left and left in wire.right else found
    return pairs


@frozen(eq=False)
class _End:
    """One end of a join: a path, its counts, and the fields that have to be equal to those of the other end."""

    path: Path
    fields: Fields

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """The count of each slot along its path."""
        return path_counts(self.path)

    @cached_property
    def read(self) -> list[int]:
        """The places along the path that its fields read, ascending."""
        return _places_read(self.fields, len(self.path))

    def values(self, places: Mapping[int, int]) -> tuple[float, ...]:
        """The fields of the instance at some places."""
        return tuple(_value(field, len(self.path), places) for field in self.fields)


@frozen(eq=False)
class _Join:
    """The rule by which instances of two paths meet: they are the same in `depth` leading places, and their fields equal."""

    depth: int
    left: _End
    right: _End


def _join_of(left: Path, right: Path, wire: Wire) -> _Join | None:
    """The rule for two paths of a connection; None where a key names unlike parts around the two: they never meet."""
    depth, fields = len(wire.owner), []
    for name in wire.connection.keys:
        own = [path[-1].part.quantity(name) for path in (left, right)]
        if own[0] is not None and own[1] is not None:
            fields.append((own[0], own[1]))
            continue
        around = [_depth_of(path, name) for path in (left, right)]
        if own != [None, None] or around[0] is None or around[0] != around[1]:
            return None
        if left[: around[0]] != right[: around[0]]:
            return None
        depth = max(depth, around[0])
    return _Join(depth, _End(left, tuple(one for one, _ in fields)), _End(right, tuple(one for _, one in fields)))


def _depth_of(path: Path, name: str) -> int | None:
    """The number of leading places of a path that lead to the part around it of a kind or name; None without one."""
    for depth in range(len(path) - 1, 0, -1):
        if name in (path[depth - 1].part.kind, path[depth - 1].name):
            return depth
    return None


def _pairs_between(division: Division, left: Path, right: Path, wire: Wire) -> float:
    """Joined pairs on unlike sides of instances of two paths."""
    join = _join_of(left, right, wire)
    if join is None:
        return 0.0
    ones, others = _boxes(division, join.left), _boxes(division, join.right)
    if ones is None or others is None or len(ones) * len(others) > MOST_PAIRS:
        return _pairs_one_by_one(division, join)
    return float(sum(_pairs_of_boxes(one, other, join) for one in ones for other in others if one.side != other.side))


def _boxes(division: Division, end: _End) -> Sequence[InstanceBox] | None:
    """Boxes that hold every instance of an end; None where its sides are an array, or its boxes leave some out."""
    if end.path in division.arrays:
        return None
    boxes = division.boxes.get(end.path)
    if not boxes:
        return (InstanceBox(tuple(np.arange(count) for count in end.counts), False),)
    return boxes if sum(box.count for box in boxes) == math.prod(end.counts) else None


# ---- one by one ------------------------------------------------------------------------------


def _pairs_one_by_one(division: Division, join: _Join) -> float:
    """The same by how many instances of each place and key stand on either side."""
    ends = (join.left, join.right)
    _, codes = np.unique(np.concatenate([_codes(end, join.depth) for end in ends]), axis=0, return_inverse=True)
    sides = [division.side_of(end.path, end.counts) for end in ends]
    one, other = np.split(codes.reshape(-1), [sides[0].size])
    many = int(codes.max(initial=-1)) + 1
    (one_a, one_b), (other_a, other_b) = (
        [np.bincount(which[side == on], minlength=many).astype(np.float64) for on in (True, False)]
        for which, side in ((one, sides[0]), (other, sides[1]))
    )
    return float((one_a * other_b + one_b * other_a).sum())


def _codes(end: _End, depth: int) -> NDArray[np.float64]:
    """The leading places and the fields of every instance of an end, shape (instances, 1 + fields)."""
    total = math.prod(end.counts)
    columns = [(np.arange(total) // math.prod(end.counts[depth:])).astype(np.float64)]
    columns += [_values(field, end) for field in end.fields]
    return np.stack(columns, axis=1)


def _values(field: Quantity, end: _End) -> NDArray[np.float64]:
    """The value of a field for every instance of an end, shape (instances,), worked out for each different place."""
    counts = end.counts
    levels = _places_read((field,), len(end.path))
    every = product(*(range(counts[level]) for level in levels))
    known = np.array([_value(field, len(end.path), dict(zip(levels, at, strict=True))) for at in every])
    numbers = np.arange(math.prod(counts))
    where = np.zeros(numbers.size, dtype=np.int64)
    for level in levels:
        where = where * counts[level] + numbers // math.prod(counts[level + 1 :]) % counts[level]
    return known[where]


# ---- box by box ------------------------------------------------------------------------------


def _pairs_of_boxes(one: InstanceBox, other: InstanceBox, join: _Join) -> int:
    """Joined pairs of an instance in one box and one in another: what no field reads multiplies, the rest is tried."""
    depth = join.depth
    if not all(a & b for a, b in zip(one.bits[:depth], other.bits[:depth], strict=True)):
        return 0
    both = [common(a, b) for a, b in zip(one.numbers[:depth], other.numbers[:depth], strict=True)]
    tied = sorted(level for level in {*join.left.read, *join.right.read} if level < depth)
    free = math.prod(both[level].size for level in range(depth) if level not in tied)
    found = 0
    for at in product(*(both[level].tolist() for level in tied)):
        fixed = dict(zip(tied, at, strict=True))
        ones, others = _tally(one, join.left, depth, fixed), _tally(other, join.right, depth, fixed)
        found += sum(count * others[values] for values, count in ones.items())
    return found * free


def _tally(box: InstanceBox, end: _End, depth: int, fixed: Mapping[int, int]) -> Counter[tuple[float, ...]]:
    """The number of instances of a box below a depth by the values of their fields, the places above being fixed."""
    read = [level for level in end.read if level >= depth]
    many = math.prod(box.numbers[level].size for level in range(depth, len(end.path)) if level not in read)
    found: Counter[tuple[float, ...]] = Counter()
    for at in product(*(box.numbers[level].tolist() for level in read)):
        found[end.values({**fixed, **dict(zip(read, at, strict=True))})] += many
    return found


# ---- fields ----------------------------------------------------------------------------------


def _places_read(fields: Iterable[Quantity], length: int) -> list[int]:
    """The places along a path of some length that fields read, ascending."""
    symbols = {int(node.symbol) for node in order(list(fields)) if node.op == "index"}
    return sorted(length - 1 - symbol for symbol in symbols if symbol < length)


def _value(field: Quantity, length: int, places: Mapping[int, int]) -> float:
    """The value of a field for the instance at some places; the design itself is number 0 of one."""
    known: dict[int, Bounds] = {}
    for node in order([field]):
        if node.op == "index":
            number = float(places.get(length - 1 - int(node.symbol), 0))
            known[id(node)] = Bounds(number, number, number)
        elif node.spread is not None:
            middle = node.spread.middle
            known[id(node)] = Bounds(middle, middle, middle)
        else:
            known[id(node)] = fold(node.op, tuple(known[id(arg)] for arg in node.args))
    return known[id(field)].middle
