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
    """Links between two groups: all of them, and the most that end at one instance of either side."""

    left: Group
    right: Group | None
    links: float
    per_left: float
    per_right: float


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
    found = []
    for left in connection.left:
        for right in connection.right:
            found.append(_joined(left, right, connection.keys, each))
    return found


def _joined(left: Group, right: Group, keys: tuple[str, ...], each: float) -> Joint:
    if not keys:
        a, b = size(left.count), size(right.count)
        return Joint(left, right, a * b * each, b * each, a * each)
    ones, others = histogram(left, keys), histogram(right, keys)
    links = sum(count * others.get(key, 0) for key, count in ones.items())
    per_left = max((others.get(key, 0) for key in ones), default=0)
    per_right = max((ones.get(key, 0) for key in others), default=0)
    return Joint(left, right, links * each, per_left * each, per_right * each)


def histogram(group: Group, keys: tuple[str, ...]) -> Counter[tuple[object, ...]]:
    """The number of instances of a group by value of the keys.

    Raises `NoKey` for a key that it does not have, `TooManyKeys` where they are too many to count one by one.
    """
    counts = [int(size(slot.count)) for slot in group.slots]
    levels = sorted({level for key in keys for level in _levels(group, key)})
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


def _levels(group: Group, key: str) -> list[int]:
    """The positions along a group's path that a key depends on."""
    quantity = group.part.quantity(key)
    if quantity is not None:
        last = len(group.slots) - 1
        return [last - int(node.symbol) for node in order([quantity]) if node.op == "index"]
    around = _around(group, key)
    if around is None:
        raise NoKey(group, key)
    return list(range(around + 1))


def _around(group: Group, key: str) -> int | None:
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
    around = _around(group, key)
    assert around is not None
    slots = group.slots[: around + 1]
    return lambda at: tuple((slot, at[p]) for p, slot in enumerate(slots))


def _value_at(nodes: list[Quantity], group: Group, at: dict[int, int]) -> float:
    """The last of some nodes, operands first, for the instance at its places."""
    last = len(group.slots) - 1
    known: dict[int, float] = {}
    for node in nodes:
        if node.op == "index":
            known[id(node)] = float(at[last - int(node.symbol)])
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
