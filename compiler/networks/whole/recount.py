"""A division of a design recounted: the links across it, counted on the design's own connections.

Shares nothing with the searches: what it knows are parts, connections and the topologies that they name, link by link.
A division that does not put each accelerator on one side, or parts a host that counts as whole, is refused.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.ir.hardware import Group, Slot
from compiler.networks.bisection.checker import Unproven
from compiler.networks.equijoin import size
from compiler.networks.links import End, rate_of, topology_of
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.division import Division, InstanceBox
from compiler.networks.whole.hosts import Host
from compiler.networks.whole.joint_graph import OUTSIDE, Made, Place
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import Bounds, fold

Sides = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOST_PAIRS = 100_000
"""Pairs of boxes up to which a connection is recounted box by box; else instance by instance."""


@frozen(eq=False)
class Crossed:
    """Like links of one connection that cross a division: what they join, how many, their capacity, B/s one direction."""

    wire: Wire
    between: str
    links: float
    capacity: float


def held(ends: Sequence[Path], division: Division) -> tuple[int, int]:
    """The endpoints at some paths on side A and on side B. Raises `Unproven` where one is on no side, or on two."""
    on_a = total = 0
    for path in ends:
        counts = _counts(path)
        total += math.prod(counts)
        if path in division.arrays:
            on_a += int(division.arrays[path].sum())
            continue
        boxes = division.boxes.get(path, ())
        if sum(box.count for box in boxes) != math.prod(counts):
            raise Unproven("accelerators are left out of a division, or counted twice")
        if any(_meet(one, other) for at, one in enumerate(boxes) for other in boxes[:at]):
            raise Unproven("an accelerator stands on both sides of a division")
        on_a += sum(box.count for box in boxes if box.side)
    return on_a, total - on_a


def recounted(
    ends: Sequence[Path],
    wires: Sequence[Wire],
    hosts: Sequence[Host],
    division: Division,
    end: End,
    leaving: Sequence[Wire] = (),
) -> tuple[Crossed, ...]:
    """What crosses a division, connection by connection, links at the `end` of their rate. Raises `Unproven`."""
    for host in hosts:
        _check_whole(ends, host, division)
    found = [one for wire in wires if not wire.connection.external for one in _crossing(wire, division, end)]
    found += [_leaving(wire, division, end) for wire in leaving]
    return tuple(crossing for crossing in found if crossing.links)


def _crossing(wire: Wire, division: Division, end: End) -> Iterator[Crossed]:
    rate = rate_of(wire.connection, end)
    if wire.connection.shape is not None:
        yield from _shaped(wire, division, rate)
        return
    pairs = 0.0
    for left in wire.left:
        for right in wire.right:
            found = _joined(division, left, right, wire)
            is_twice = right in wire.left and left in wire.right
            pairs += found / 2 if is_twice else found
    links = pairs * size(wire.connection.links)
    yield Crossed(wire, f"{_paths(wire.connection.left)} to {_paths(wire.connection.right)}", links, links * rate)


def _paths(groups: Sequence[Group]) -> str:
    return " and ".join(dict.fromkeys(group.path for group in groups))


def _leaving(wire: Wire, division: Division, end: End) -> Crossed:
    outside = bool(division.side_of(OUTSIDE, (1,))[0])
    across = sum(int((division.side_of(path, _counts(path)) != outside).sum()) for path in wire.left)
    links = across * size(wire.connection.links)
    between = f"{_paths(wire.connection.left)} to outside"
    return Crossed(wire, between, links, links * rate_of(wire.connection, end))


# ---- connections that name both sides --------------------------------------------------------


@frozen(eq=False)
class _Joint:
    """How instances of two paths meet: in how many leading places they are the same, and by which fields of each."""

    depth: int
    left: tuple[Quantity, ...]
    right: tuple[Quantity, ...]


def _joint(left: Path, right: Path, wire: Wire) -> _Joint | None:
    """None where a key names unlike parts around the two: they never meet."""
    depth, fields = len(wire.owner), []
    for name in wire.connection.keys:
        own = [path[-1].part.quantity(name) for path in (left, right)]
        if own[0] is not None and own[1] is not None:
            fields.append((own[0], own[1]))
            continue
        around = [_around(path, name) for path in (left, right)]
        if own != [None, None] or around[0] is None or around[0] != around[1]:
            return None
        if left[: around[0]] != right[: around[0]]:
            return None
        depth = max(depth, around[0])
    return _Joint(depth, tuple(one for one, _ in fields), tuple(other for _, other in fields))


def _around(path: Path, name: str) -> int | None:
    """How many leading places of a path lead to the part around it of that kind or name."""
    for depth in range(len(path) - 1, 0, -1):
        if name in (path[depth - 1].part.kind, path[depth - 1].name):
            return depth
    return None


def _joined(division: Division, left: Path, right: Path, wire: Wire) -> float:
    """Joined pairs of instances on unlike sides."""
    joint = _joint(left, right, wire)
    if joint is None:
        return 0.0
    ones, others = division.boxes.get(left, ()), division.boxes.get(right, ())
    if left in division.arrays or right in division.arrays or len(ones) * len(others) > MOST_PAIRS:
        return _joined_singly(division, left, right, joint)
    return float(
        sum(_met(one, other, left, right, joint) for one in ones for other in others if one.side != other.side)
    )


def _joined_singly(division: Division, left: Path, right: Path, joint: _Joint) -> float:
    """The same by how many instances of each place and key stand on either side."""
    codes, sides = [], []
    for path, fields in ((left, joint.left), (right, joint.right)):
        counts = _counts(path)
        total = math.prod(counts)
        columns: list[NDArray[np.float64]] = [(np.arange(total) // math.prod(counts[joint.depth :])).astype(np.float64)]
        columns += [_values(field, path) for field in fields]
        codes.append(np.stack(columns, axis=1))
        sides.append(division.side_of(path, counts))
    _, code = np.unique(np.concatenate(codes), axis=0, return_inverse=True)
    code = code.reshape(-1)
    one, other = code[: sides[0].size], code[sides[0].size :]
    many = int(code.max(initial=-1)) + 1
    tallies = [
        [np.bincount(which[side == on], minlength=many).astype(np.float64) for on in (True, False)]
        for which, side in ((one, sides[0]), (other, sides[1]))
    ]
    return float((tallies[0][0] * tallies[1][1] + tallies[0][1] * tallies[1][0]).sum())


def _values(field: Quantity, path: Path) -> NDArray[np.float64]:
    """The value of a field for every instance of a path, shape (instances,), worked out for each different place."""
    counts = _counts(path)
    levels = sorted(_read(field, len(path)))
    every = product(*(range(counts[level]) for level in levels))
    known = np.array([_value(field, len(path), dict(zip(levels, at, strict=True))) for at in every])
    numbers = np.arange(math.prod(counts))
    where = np.zeros(numbers.size, dtype=np.int64)
    for level in levels:
        where = where * counts[level] + numbers // math.prod(counts[level + 1 :]) % counts[level]
    return known[where]


def _met(one: InstanceBox, other: InstanceBox, left: Path, right: Path, joint: _Joint) -> int:
    """Joined pairs of an instance in one box and one in another."""
    both = [_common(a, b) for a, b in zip(one.numbers[: joint.depth], other.numbers[: joint.depth], strict=True)]
    if not all(common.size for common in both):
        return 0
    reads = [
        set().union(*(_read(field, len(path)) for field in fields))
        for path, fields in ((left, joint.left), (right, joint.right))
    ]
    tied = sorted(level for level in reads[0] | reads[1] if level < joint.depth)
    free = math.prod(both[level].size for level in range(joint.depth) if level not in tied)
    found = 0
    for at in product(*(both[level].tolist() for level in tied)):
        fixed = dict(zip(tied, at, strict=True))
        ones = _tally(one, left, joint.left, joint.depth, fixed)
        others = _tally(other, right, joint.right, joint.depth, fixed)
        found += sum(count * others[key] for key, count in ones.items())
    return found * free


def _tally(
    box: InstanceBox, path: Path, fields: tuple[Quantity, ...], depth: int, fixed: Mapping[int, int]
) -> Counter[tuple[float, ...]]:
    """How many instances of a box below a depth have each value of some fields, the places above being fixed."""
    read = sorted(level for field in fields for level in _read(field, len(path)) if level >= depth)
    read = list(dict.fromkeys(read))
    many = math.prod(box.numbers[level].size for level in range(depth, len(path)) if level not in read)
    found: Counter[tuple[float, ...]] = Counter()
    for at in product(*(box.numbers[level].tolist() for level in read)):
        places = {**fixed, **dict(zip(read, at, strict=True))}
        found[tuple(_value(field, len(path), places) for field in fields)] += many
    return found


def _read(field: Quantity, length: int) -> set[int]:
    """The places along a path of some length that a field reads."""
    return {
        length - 1 - int(node.symbol) for node in order([field]) if node.op == "index" and int(node.symbol) < length
    }


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


# ---- named topologies ------------------------------------------------------------------------


def _shaped(wire: Wire, division: Division, rate: float) -> Iterator[Crossed]:
    """The links of a named topology across a division over all owners, tier by tier."""
    connection = wire.connection
    assert connection.shape is not None
    topology = topology_of(connection)
    places: tuple[Place, ...] = (*wire.left, *_switches(wire))
    rows = topology.arrays()
    across = np.zeros(len(topology.bundles))
    for owners, sides in _by_owner(division, places, len(wire.owner)):
        side = np.concatenate([sides[place] for place in places])[: topology.vertices]
        if side.size != topology.vertices:
            raise Unproven("a topology has more vertices than parts to stand on")
        cut = side[rows.u] != side[rows.v]
        across += owners * np.bincount(rows.kind[cut], minlength=across.size)
    ends = {tier.name: _paths(connection.left) for tier in topology.tiers if tier.is_endpoint}
    for bundle, many in zip(topology.bundles, across.tolist(), strict=True):
        between = f"{ends.get(bundle.lower, bundle.lower)} to {ends.get(bundle.upper, bundle.upper)}"
        links = many * bundle.cables * connection.shape.each
        yield Crossed(wire, between, links, links * bundle.bandwidth * rate)


def _switches(wire: Wire) -> Iterator[Place]:
    """Where the switches of a topology stand: named, made in tiers, or without a name."""
    connection = wire.connection
    topology = topology_of(connection)
    if connection.right:
        yield from wire.right
    elif connection.shape is not None and connection.shape.switch is not None:
        yield from ((*wire.owner, slot) for slot in _tiers(wire))
    elif topology.switches:
        yield Made(wire.owner, connection)


def _tiers(wire: Wire) -> Iterator[Slot]:
    """The tiers that this connection made: those of the network's own, shape after shape."""
    waiting = iter(wire.network.made)
    for other in wire.network.connections:
        if other.shape is None or other.shape.switch is None:
            continue
        mine = [next(waiting) for tier in topology_of(other).tiers if not tier.is_endpoint and tier.count]
        if other is wire.connection:
            yield from mine
            return


def _by_owner(division: Division, places: Sequence[Place], depth: int) -> Iterator[tuple[int, Mapping[Place, Sides]]]:
    """Owners so many places deep that are divided alike: how many, and the sides of what each has, place by place."""
    counts = {place: _counts_at(place) for place in places}
    if any(place in division.arrays for place in places):
        own = math.prod(counts[places[0]][:depth])
        table = np.concatenate([division.side_of(place, counts[place]).reshape(own, -1) for place in places], axis=1)
        alike, many = np.unique(table, axis=0, return_counts=True)
        ends = np.cumsum([math.prod(counts[place][depth:]) for place in places])[:-1]
        for row, count in zip(alike, many.tolist(), strict=True):
            yield count, dict(zip(places, np.split(row, ends), strict=True))
        return
    boxes = [(place, box) for place in places for box in division.boxes.get(place, ())]
    atoms = [_atoms(counts[places[0]][level], [box.numbers[level] for _, box in boxes]) for level in range(depth)]
    for at in product(*atoms):
        sides = {place: np.zeros(counts[place][depth:], dtype=bool) for place in places}
        for place, box in boxes:
            if box.side and all(one[0] in numbers for one, numbers in zip(at, box.numbers, strict=False)):
                sides[place][np.ix_(*box.numbers[depth:])] = True
        yield math.prod(one.size for one in at), {place: side.reshape(-1) for place, side in sides.items()}


def _atoms(count: int, sets: Sequence[Ints]) -> list[Ints]:
    """Numbers from 0 in groups that every set holds wholly or not at all."""
    marks = np.zeros(count, dtype=np.int64)
    for numbers in {one.tobytes(): one for one in sets}.values():
        member = np.zeros(count, dtype=np.int64)
        member[numbers] = 1
        _, marks = np.unique(marks * 2 + member, return_inverse=True)
        marks = marks.reshape(-1)
    return [np.flatnonzero(marks == mark) for mark in range(int(marks.max(initial=-1)) + 1)]


# ---- hosts -----------------------------------------------------------------------------------


def _check_whole(ends: Sequence[Path], host: Host, division: Division) -> None:
    """That every host stands on one side with its cards and accelerators."""
    inside = [path for path in ends if path[: len(host.path)] == host.path]
    places: list[Place] = [*inside, *host.cards]
    for _, sides in _by_owner(division, places, len(host.path)):
        found = np.concatenate(list(sides.values()))
        if found.any() and not found.all():
            raise Unproven("a division parts a host whose inside is not described")


def _meet(one: InstanceBox, other: InstanceBox) -> bool:
    return all(_common(a, b).size for a, b in zip(one.numbers, other.numbers, strict=True))


def _common(one: Ints, other: Ints) -> Ints:
    """The numbers that stand in both of two arrays."""
    if not one.size or not other.size:
        return one[:0]
    within = np.zeros(int(max(one.max(), other.max())) + 1, dtype=bool)
    within[one] = True
    return other[within[other]]


def _counts(path: Path) -> tuple[int, ...]:
    return tuple(int(size(slot.count)) for slot in path)


def _counts_at(place: Place) -> tuple[int, ...]:
    if isinstance(place, Made):
        topology = topology_of(place.connection)
        return (*_counts(place.owner), topology.vertices - topology.endpoints)
    return _counts(place) if isinstance(place, tuple) else (1,)
