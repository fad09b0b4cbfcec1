"""Link counts of `connect` statements, by joining on keys, without listing links.

Equi-joins are counted by how often each value of the key occurs on either side.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import product as every
from weakref import WeakKeyDictionary

from attrs import frozen

from compiler.ir.hardware import Connection, Group, Network, Slot
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import Bounds, fold
from compiler.quantities.swept import is_listening, plain, record

MOST_KEYS = 200_000
"""Instances up to which keys are read one by one: a second of work."""


@frozen(eq=False)
class Joint:
    """Links between two groups, or among one: all of them, and the most that end at one instance of either side.

    `right` is None for links that leave the design. Among one group both sides are the same instances, and `per_left`
    counts what `per_right` counts.
    """

    left: Group
    right: Group | None
    links: float
    per_left: float
    per_right: float

    @property
    def is_among(self) -> bool:
        """True when both ends of each link are instances of one group."""
        return self.right is not None and self.left.slots == self.right.slots

    @property
    def sides(self) -> tuple[tuple[Group, float], ...]:
        """Each group that it links, once, and the most links that end at one instance of it."""
        if self.right is None or self.is_among:
            return ((self.left, self.per_left),)
        return ((self.left, self.per_left), (self.right, self.per_right))

    def ends_at(self, group: Group) -> float:
        """All link ends at a group that it links."""
        return self.links * (2 if self.is_among else 1)


class NoKey(Exception):
    """A key that a group does not have. `group` and `key` say which."""

    def __init__(self, group: Group, key: str) -> None:
        super().__init__(key)
        self.group, self.key = group, key


class TooManyKeys(Exception):
    """A join over more single instances than the budget allows."""

    def __init__(self, size: float) -> None:
        super().__init__(size)
        self.size = size


def size(quantity: Quantity) -> float:
    """A count as a number."""
    return plain(quantity).middle


_joints: WeakKeyDictionary[Connection, list[Joint]] = WeakKeyDictionary()


def joints(connection: Connection) -> list[Joint]:
    """The links of an explicit connection, group by group; found once. Raises `NoKey` or `TooManyKeys`."""
    known = _joints.get(connection)
    if known is None or is_listening():  # who listens hears of every value that is taken
        known = _joints[connection] = _counted(connection)
    return known


def _counted(connection: Connection) -> list[Joint]:
    each = size(connection.links)
    if connection.external:
        return [Joint(left, None, size(left.count) * each, each, 0.0) for left in connection.left]
    return [_joined(left, right, connection.keys, each) for left, right in met(connection)]


def met(connection: Connection) -> Iterator[tuple[Group, Group]]:
    """Every two groups that an explicit connection links, once from whichever side they are named; also one with itself."""
    seen = set()
    for left in connection.left:
        for right in connection.right:
            pair = frozenset((left.slots, right.slots))
            if pair not in seen:
                seen.add(pair)
                yield left, right


def _joined(left: Group, right: Group, keys: tuple[str, ...], each: float) -> Joint:
    if left.slots == right.slots:
        return _among(left, keys, each)
    if not keys:
        a, b = size(left.count), size(right.count)
        return Joint(left, right, a * b * each, b * each, a * each)
    ones, others = histogram(left, keys), histogram(right, keys)
    links = sum(count * others.get(key, 0) for key, count in ones.items())
    per_left = max((others.get(key, 0) for key in ones), default=0)
    per_right = max((ones.get(key, 0) for key in others), default=0)
    return Joint(left, right, links * each, per_left * each, per_right * each)


def _among(group: Group, keys: tuple[str, ...], each: float) -> Joint:
    """Every two instances of a group with equal keys, once; none with itself."""
    alike = histogram(group, keys).values() if keys else [size(group.count)]
    pairs = sum(count * (count - 1) / 2 for count in alike)
    most = max(alike, default=0) - 1
    return Joint(group, group, pairs * each, most * each, most * each)


def histogram(group: Group, keys: tuple[str, ...]) -> Counter[tuple[object, ...]]:
    """The number of instances of a group by value of the keys.

    Raises `NoKey` for a key that it does not have, `TooManyKeys` where they are too many to count one by one.
    """
    counts = [int(size(slot.count)) for slot in group.slots]
    levels = sorted({level for key in keys for level in levels_of(group, key)})
    ranges = [range(counts[position]) for position in levels]
    number = math.prod(len(r) for r in ranges)
    if number > MOST_KEYS:
        raise TooManyKeys(number)
    others = math.prod(count for position, count in enumerate(counts) if position not in levels)
    found: Counter[tuple[object, ...]] = Counter()
    values = [key_reader(group, key) for key in keys]
    for places in every(*ranges):
        at = dict(zip(levels, places, strict=True))
        found[tuple(value(at) for value in values)] += others
    return found


def key_values(group: Group, keys: tuple[str, ...]) -> list[tuple[object, ...]]:
    """The values of the keys for every instance of a group, in order. Raises `NoKey` for a key that it does not have."""
    values = [key_reader(group, key) for key in keys]
    ranges = [range(int(size(slot.count))) for slot in group.slots]
    return [tuple(value(dict(enumerate(places))) for value in values) for places in every(*ranges)]


def levels_of(group: Group, key: str) -> list[int]:
    """The positions along a group's path that a key depends on. Raises `NoKey` for a key that it does not have."""
    quantity = group.part.quantity(key)
    if quantity is not None:
        last = len(group.slots) - 1
        read = (last - int(node.symbol) for node in order([quantity]) if node.op == "index")
        return [level for level in read if level >= 0]  # beyond the path stands the owner of the network
    around = around_of(group, key)
    if around is None:
        raise NoKey(group, key)
    return list(range(around + 1))


def around_of(group: Group, key: str) -> int | None:
    """The position of the enclosing part that a key names by its kind or its slot: `node`, `rack`, `compute`."""
    for position in range(len(group.slots) - 2, -1, -1):
        if group.slots[position].part.kind == key or group.slots[position].name == key:
            return position
    return None


def key_reader(group: Group, key: str) -> Callable[[dict[int, int]], object]:
    """A function from places along the path to the value of a key for the instance there."""
    quantity = group.part.quantity(key)
    if quantity is not None:
        record(quantity)
        nodes = order([quantity])
        return lambda at: _value_at(nodes, group, at)
    around = around_of(group, key)
    assert around is not None
    slots = group.slots[: around + 1]
    return lambda at: tuple((slot, at[p]) for p, slot in enumerate(slots))


def _value_at(nodes: list[Quantity], group: Group, at: dict[int, int]) -> float:
    """The last of some nodes, operands first, for the instance at its places.

    A place that its path does not reach is that of the network's owner or of what is around it: the group says which, the
    first where it does not.
    """
    last = len(group.slots) - 1
    known: dict[int, float] = {}
    for node in nodes:
        if node.op == "index":
            level = last - int(node.symbol)
            known[id(node)] = float(at[level] if level >= 0 else group.beyond(level))
        elif node.spread is not None:
            known[id(node)] = node.spread.middle
        elif node.op == "missing":
            raise NoKey(group, node.label)
        elif node.op in _PLAIN:
            known[id(node)] = _PLAIN[node.op]([known[id(arg)] for arg in node.args])
        else:
            points = tuple(Bounds(value, value, value) for value in (known[id(arg)] for arg in node.args))
            known[id(node)] = fold(node.op, points).middle
    return known[id(nodes[-1])]


_PLAIN: Mapping[str, Callable[[list[float]], float]] = {
    "add": math.fsum,
    "subtract": lambda x: x[0] - x[1],
    "multiply": lambda x: x[0] * x[1],
}
"""Operations that most keys consist of, evaluated without the detour by intervals."""


def explicit(network: Network) -> Iterator[tuple[Connection, Joint]]:
    """Every joint of the connections that name both sides."""
    for connection in network.connections:
        if connection.shape is None:
            for joint in joints(connection):
                yield connection, joint


def same(one: Group, other: Group) -> bool:
    """True when two groups are the same instances, seen from the same or from different heights."""
    a, b = one.slots, other.slots
    length = min(len(a), len(b))
    return all(x is y for x, y in zip(a[-length:], b[-length:], strict=True))


def is_whole(group: Group, slots: tuple[Slot, ...]) -> bool:
    """True when a group is exactly what a path of slots reaches."""
    return len(group.slots) == len(slots) and all(x is y for x, y in zip(group.slots, slots, strict=True))
