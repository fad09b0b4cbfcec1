"""Hosts whose inside is not described: cards that serve the accelerators of their part without a link to them, and
parts with accelerators that a link ends at as a whole.

Between such a card and the accelerators of the nearest part that has some, and inside such a part, nothing is taken as a
limit: a host is then on one side as a whole. A network that leads from a card to an accelerator describes the inside.
"""

from collections.abc import Sequence

from attrs import evolve, frozen

from compiler.ir.hardware import Part
from compiler.networks.whole.carriers import Path, Wire, accelerators


@frozen
class Host:
    """A part whose cards are tied to its accelerators: its path, empty for the whole design, and the cards' paths.

    A part that links end at itself is a card of its own.
    """

    path: Path
    cards: tuple[Path, ...]


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
    return tuple(Host(path, tuple(cards)) for path, cards in found.items())


def touched(hosts: Sequence[Host], wires: Sequence[Wire]) -> tuple[Host, ...]:
    """Hosts with those of their cards alone that some wires end at; others have no side."""
    ends = {path for wire in wires for path in (*wire.left, *wire.right)}
    return tuple(evolve(host, cards=tuple(card for card in host.cards if card in ends)) for host in hosts)


def _is_below(path: Path, around: Path) -> bool:
    return path[: len(around)] == around


def _nearest_with_accelerators(card: Path, ends: Sequence[Path]) -> Path | None:
    """The innermost part around a card that has accelerators; None where no part has."""
    parts = (card[:depth] for depth in range(len(card) - 1, -1, -1))
    return next((part for part in parts if any(_is_below(end, part) for end in ends)), None)


def _reaches(card: Path, around: Path, ends: Sequence[Path], wires: Sequence[Wire]) -> bool:
    """True when links inside a part lead from a card to an accelerator of it."""
    inside = [wire for wire in wires if _is_below(wire.owner, around) and not wire.connection.external]
    reached, waiting = {card}, [card]
    while waiting:
        here = waiting.pop()
        for wire in inside:
            ends_of_wire = (*wire.left, *wire.right)
            if here in ends_of_wire:
                fresh = [path for path in ends_of_wire if path not in reached]
                reached.update(fresh)
                waiting += fresh
    return any(end in reached for end in ends)
