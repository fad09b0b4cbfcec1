"""Networks of a design by owners that wire them alike: a key that reads beyond a network's owner gives like owners unlike
links.

Owners are alike where instances of each group can be put side by side so that equal keys stand beside equal keys: each
class then has one network for all its owners, that of the first, with the places that its keys read.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import product as every
from math import prod
from weakref import WeakKeyDictionary

from attrs import evolve, field, frozen

from compiler.ir.hardware import Connection, Group, Network, Part, Slot, counting, walk
from compiler.networks.equijoin import MOST_KEYS, key_values, size
from compiler.quantities.graph import ONE, Quantity, number, order, times

Path = tuple[Slot, ...]
Slopes = Mapping[int, float]
"""Growth of a key with each place that it reads beyond the owner of its network, by how far out that place is."""


@frozen(eq=False)
class Owners:
    """Owners that wire a network alike: `share` of all, the network as they have it, and the places of the first by their
    level along the owners' path, of those levels that keys read."""

    share: float
    network: Network
    first: Mapping[int, int] = field(factory=dict)


def networks(root: Part) -> Iterator[tuple[str, Quantity, Part, Network]]:
    """All networks of a design that count, as (path, number of them, part it belongs to, network).

    Where owners are unlike there is one for each class of them, named after its first owner: `racks[1].plane`.
    """
    for network in root.networks:
        yield network.name, ONE, root, network
    for group in walk(root):
        for network in counting(group.part, group.slots, group.parents):
            for owners in alike(network, group.slots):
                yield _path(network, group, owners), _count(group, owners), group.part, owners.network


def _path(network: Network, group: Group, owners: Owners) -> str:
    names = [
        f"{slot.name}[{owners.first[level]}]" if level in owners.first else slot.name
        for level, slot in enumerate(group.slots)
    ]
    return ".".join((*names, network.name))


def _count(group: Group, owners: Owners) -> Quantity:
    if not owners.first:
        return group.count
    read = prod(size(group.slots[level].count) for level in owners.first)
    others = [slot.count for level, slot in enumerate(group.slots) if level not in owners.first]
    count = number(round(read * owners.share), label="owners wired alike")
    for other in others:
        count = times(count, other)
    return count


_known: WeakKeyDictionary[Network, dict[tuple[int, ...], tuple[Owners, ...]]] = WeakKeyDictionary()


def alike(network: Network, path: Path) -> tuple[Owners, ...]:
    """The owners of a network, which `path` leads to, in classes that wire it alike; found once.

    One class where they are too many to compare, which the rule of `comparisons` does not let pass.
    """
    known = _known.setdefault(network, {})
    counts = _counts(path)
    if counts not in known:
        many = comparisons(network, path)
        known[counts] = _classes(network, counts) if 0 < many <= MOST_KEYS else (Owners(1.0, network),)
    return known[counts]


def comparisons(network: Network, path: Path) -> float:
    """The number of keys that are read to tell owners apart, 0 where they are alike by the form of the keys."""
    counts = _counts(path)
    many = prod(counts[-1 - out] for out in _outs(network, counts))
    keyed = [c for c in network.connections if c.keys]
    return many * sum(size(group.count) for c in keyed for group in (*c.left, *c.right)) if many > 1 else 0


def _counts(path: Path) -> tuple[int, ...]:
    return tuple(int(size(slot.count)) for slot in path)


def _outs(network: Network, counts: tuple[int, ...]) -> list[int]:
    """Distances of the places that tell owners apart, as far as the path goes."""
    return sorted({out for c in network.connections for out in _beyond(c) if out < len(counts)})


def _classes(network: Network, counts: tuple[int, ...]) -> tuple[Owners, ...]:
    outs = _outs(network, counts)
    ranges = [range(counts[-1 - out]) for out in outs]
    found: dict[object, tuple[Network, Mapping[int, int]]] = {}
    members: Counter[object] = Counter()
    for places in every(*ranges):
        made = _placed(network, dict(zip(outs, places, strict=True)))
        form = _form(made)
        members[form] += 1
        found.setdefault(form, (made, {len(counts) - 1 - out: at for out, at in zip(outs, places, strict=True)}))
    if len(found) == 1:
        return (Owners(1.0, network),)
    return tuple(Owners(members[form] / members.total(), *made) for form, made in found.items())


# ---- what is read beyond ----------------------------------------------------------------------------


def _beyond(connection: Connection) -> set[int]:
    """Distances of the places that tell the owners of a connection apart: 0 is the owner itself, 1 what is around it.

    None where every side grows alike with them: equal keys then stay equal.
    """
    if connection.shape is not None or connection.external:
        return set()
    found: set[int] = set()
    for key in connection.keys:
        slopes = [_slopes(group, key) for group in (*connection.left, *connection.right)]
        if any(one is None or one != slopes[0] for one in slopes):
            found |= {out for group in (*connection.left, *connection.right) for out in _reads(group, key)}
    return found


def _reads(group: Group, key: str) -> set[int]:
    quantity = group.part.quantity(key)
    if quantity is None:
        return set()
    return {int(node.symbol) - len(group.slots) for node in order([quantity]) if _is_beyond(node, group)}


def _is_beyond(node: Quantity, group: Group) -> bool:
    return node.op == "index" and int(node.symbol) >= len(group.slots)


def _slopes(group: Group, key: str) -> Slopes | None:
    """Growth of a key with each place beyond; None where it does not grow evenly."""
    quantity = group.part.quantity(key)
    if quantity is None:
        return {}
    known: dict[int, Slopes] = {}
    for node in order([quantity]):
        if _is_beyond(node, group):
            known[id(node)] = {int(node.symbol) - len(group.slots): 1.0}
            continue
        slopes = _grown(node, [known[id(arg)] for arg in node.args])
        if slopes is None:
            return None
        known[id(node)] = slopes
    return known[id(quantity)]


def _grown(node: Quantity, operands: list[Slopes]) -> Slopes | None:
    """The slopes of an operation from those of its operands; None where it is no sum of them."""
    if not any(operands):
        return {}
    if node.op in ("add", "subtract"):
        signs = [1.0] + [1.0 if node.op == "add" else -1.0] * (len(operands) - 1)
        outs = {out for slopes in operands for out in slopes}
        return {
            out: sum(sign * slopes.get(out, 0.0) for sign, slopes in zip(signs, operands, strict=True)) for out in outs
        }
    factors = [arg.spread.middle for arg in node.args if arg.spread is not None]
    if node.op == "multiply" and len(factors) == len(operands) - 1:
        [moving] = [slopes for slopes, arg in zip(operands, node.args, strict=True) if arg.spread is None]
        return {out: slope * prod(factors) for out, slope in moving.items()}
    return None


# ---- one owner --------------------------------------------------------------------------------------


def _placed(network: Network, outer: Mapping[int, int]) -> Network:
    """The network as the owner at some places has it. Connections that read none of them stay as they are."""
    return evolve(
        network,
        connections=tuple(
            evolve(c, left=_groups(c.left, outer), right=_groups(c.right, outer))
            if c.shape is None and any(_reads(group, key) for group in (*c.left, *c.right) for key in c.keys)
            else c
            for c in network.connections
        ),
    )


def _groups(side: tuple[Group, ...], outer: Mapping[int, int]) -> tuple[Group, ...]:
    return tuple(evolve(group, outer=outer) for group in side)


Table = Mapping[Path, list[tuple[object, ...]]]
"""The keys of every instance of each group that a connection joins, in order."""


def _form(network: Network) -> object:
    """The joins of a network in a form that does not tell which instances of a group come first: equal ones are the same
    links."""
    keyed = [connection for connection in network.connections if connection.keys]
    tables = [{group.slots: key_values(group, c.keys) for group in (*c.left, *c.right)} for c in keyed]
    ranked = _ranked(tables, _fixed(network))
    return tuple(_numbered(table, ranked) for table in tables)


def _numbered(table: Table, ranked: Mapping[Path, list[int]]) -> tuple[int, ...]:
    """The keys of a connection as numbers in the order in which they are met."""
    numbers: dict[object, int] = {}
    return tuple(
        numbers.setdefault(keys[place], len(numbers)) for slots, keys in table.items() for place in ranked[slots]
    )


def _fixed(network: Network) -> set[Path]:
    """Groups whose instances are told apart by where they stand: in a topology, or in racks that cables lead to."""
    groups = [(c, group.slots) for c in network.connections for group in (*c.left, *c.right)]
    return {slots for c, slots in groups if c.shape is not None or any(slot.part.kind == "rack" for slot in slots)}


def _ranked(tables: list[dict[Path, list[tuple[object, ...]]]], fixed: set[Path]) -> dict[Path, list[int]]:
    """The instances of each group in the order of how many share their keys, those of fixed groups as they stand."""
    shares: dict[Path, list[list[tuple[int, ...]]]] = defaultdict(list)
    for table in tables:
        counts = [Counter(keys) for keys in table.values()]
        for slots, keys in table.items():
            shares[slots].append([tuple(count[key] for count in counts) for key in keys])
    return {
        slots: list(range(len(columns[0]))) if slots in fixed else _order(columns) for slots, columns in shares.items()
    }


def _order(columns: list[list[tuple[int, ...]]]) -> list[int]:
    return sorted(range(len(columns[0])), key=lambda place: [column[place] for column in columns])
