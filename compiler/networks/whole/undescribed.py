"""The hosts of a design whose inside is not described: what links end at as a whole, or at cards beside accelerators."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from compiler.ir.hardware import Part
from compiler.networks.whole.carriers import Path, Wire, accelerators
from compiler.networks.whole.hosts import Host
from compiler.networks.whole.instance_counts import instances, numbers_along
from compiler.networks.whole.keys import Key, key_of, shared_depth
from compiler.networks.whole.linked_instances import linked_instances


def hosts(root: Part, described: Sequence[Wire], used: Sequence[Wire]) -> tuple[Host, ...]:
    """The hosts of a design: `described` are all its wires, `used` those whose traffic is asked about."""
    ends = tuple(accelerators(root))
    found: dict[Path, dict[Path, None]] = {}
    linked = tuple(dict.fromkeys(path for wire in used for path in (*wire.left, *wire.right)))
    for part in linked:
        if part not in ends and any(_is_below(end, part) for end in ends):
            found.setdefault(part, {})[part] = None
    for card in linked:
        if card[-1].part.kind == "nic" and card not in ends:
            around = _nearest_with_accelerators(card, ends)
            if around is not None and not _reaches(card, around, ends, described):
                found.setdefault(around, {})[card] = None
    return tuple(host for path, cards in found.items() if (host := _host(path, tuple(cards), used)) is not None)


def _host(path: Path, cards: tuple[Path, ...], used: Sequence[Wire]) -> Host | None:
    """The host at a path; None where no link ends at a card of any."""
    whole = np.zeros(instances(path), dtype=bool)
    for card in cards:
        linked = linked_instances(card, used)
        if linked is None:
            return Host(path, cards)
        whole |= linked.reshape(whole.size, -1).any(axis=1)
    return Host(path, cards, None if whole.all() else whole) if whole.any() else None


def _is_below(path: Path, around: Path) -> bool:
    return path[: len(around)] == around


def _nearest_with_accelerators(card: Path, ends: Sequence[Path]) -> Path | None:
    """The innermost part around a card that has accelerators; None where no part has."""
    parts = (card[:depth] for depth in range(len(card) - 1, -1, -1))
    return next((part for part in parts if any(_is_below(end, part) for end in ends)), None)


def _reaches(card: Path, around: Path, ends: Sequence[Path], wires: Sequence[Wire]) -> bool:
    """True when links inside a part lead from a card to an accelerator of it, on whichever level they are written."""
    inside = [pair for wire in wires if not wire.connection.external for pair in _inside(wire, around)]
    reached, waiting = {card}, [card]
    while waiting:
        here = waiting.pop()
        for pair in inside:
            if here in pair:
                fresh = [path for path in pair if path not in reached]
                reached.update(fresh)
                waiting += fresh
    return any(end in reached for end in ends)


def _inside(wire: Wire, around: Path) -> Iterator[tuple[Path, ...]]:
    """Paths that a wire joins within one instance of a part: all ends of its own networks', and of connections written
    further out those that meet there."""
    if _is_below(wire.owner, around):
        yield (*wire.left, *wire.right)
    elif wire.connection.shape is None:
        for left, right in product(wire.left, wire.right):
            if _is_below(left, around) and _is_below(right, around) and _meet_within(wire, left, right, len(around)):
                yield left, right


def _meet_within(wire: Wire, left: Path, right: Path, depth: int) -> bool:
    """True when a connection joins instances of two paths that share the first `depth` places, the first of each."""
    names = wire.connection.keys
    ones, others = ([key_of(path, name) for name in names] for path in (left, right))
    shared = shared_depth(ones, others, len(wire.owner))
    if shared is None or shared > depth:
        return shared is not None
    fields = [(one, other) for one, other in zip(ones, others, strict=True) if one.around is None]
    if not fields:
        return True
    values = [
        {*zip(*(_values_within(pair[side], path, depth) for pair in fields), strict=True)}
        for side, path in enumerate((left, right))
    ]
    return bool(values[0] & values[1])


def _values_within(key: Key, path: Path, depth: int) -> list[float]:
    """The values of a field for the instances of a path in the first of the parts `depth` places down."""
    inner = path[depth:]
    size = instances(inner)
    places = {level: np.zeros(size, dtype=np.int64) for level in range(depth)}
    places |= {depth + level: numbers for level, numbers in numbers_along(inner, range(len(inner))).items()}
    found: list[float] = key.values(places, size).tolist()
    return found
