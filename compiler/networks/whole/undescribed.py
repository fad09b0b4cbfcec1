"""The hosts of a design whose inside is not described: what links end at as a whole, or at cards beside accelerators."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from compiler.ir.hardware import Part
from compiler.networks.whole.carriers import Path, Wire, accelerators
from compiler.networks.whole.described_hosts import reaching
from compiler.networks.whole.hosts import Host
from compiler.networks.whole.instance_counts import instances
from compiler.networks.whole.linked_instances import linked_instances

Bools = NDArray[np.bool_]


def hosts(root: Part, described: Sequence[Wire], used: Sequence[Wire]) -> tuple[Host, ...]:
    """The hosts of a design: `described` are all its wires, `used` those whose traffic is asked about."""
    ends = tuple(accelerators(root))
    found: dict[Path, dict[Path, Bools | None]] = {}
    linked = tuple(dict.fromkeys(path for wire in used for path in (*wire.left, *wire.right)))
    for part in linked:
        if part not in ends and any(_is_below(end, part) for end in ends):
            found.setdefault(part, {})[part] = None
    for card in linked:
        if card[-1].part.kind == "nic" and card not in ends:
            around = _nearest_with_accelerators(card, ends)
            reached = None if around is None else reaching(card, around, ends, described)
            if around is not None and (reached is None or not reached.all()):
                found.setdefault(around, {})[card] = reached
    return tuple(host for path, cards in found.items() if (host := _host(path, cards, used)) is not None)


def _host(path: Path, cards: Mapping[Path, Bools | None], used: Sequence[Wire]) -> Host | None:
    """The host at a path, with those instances of its cards that are not `reached` from inside, None where none are; None
    where no link ends at any such card."""
    whole, tied = np.zeros(instances(path), dtype=bool), {}
    for card, reached in cards.items():
        linked = linked_instances(card, used)
        ties = np.ones(instances(card), dtype=bool) if linked is None else linked
        if reached is not None:
            ties = tied[card] = ties & ~reached
        whole |= ties.reshape(whole.size, -1).any(axis=1)
    return Host(path, tuple(cards), None if whole.all() else whole, tied) if whole.any() else None


def _is_below(path: Path, around: Path) -> bool:
    return path[: len(around)] == around


def _nearest_with_accelerators(card: Path, ends: Sequence[Path]) -> Path | None:
    """The innermost part around a card that has accelerators; None where no part has."""
    parts = (card[:depth] for depth in range(len(card) - 1, -1, -1))
    return next((part for part in parts if any(_is_below(end, part) for end in ends)), None)
