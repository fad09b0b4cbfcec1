"""Hosts whose inside is not described: cards that serve the accelerators of their part without a link to them, and
parts with accelerators that a link ends at as a whole.

Between such a card and the accelerators of the nearest part that has some, and inside such a part, nothing is taken as a
limit: a host is then on one side as a whole. A network that leads from a card to an accelerator describes the inside.
"""

from collections.abc import Sequence

from attrs import evolve, frozen

from compiler.networks.whole.carriers import Path, Wire


@frozen
class Host:
    """A part whose cards are tied to its accelerators: its path, empty for the whole design, and the cards' paths.

    A part that links end at itself is a card of its own.
    """

    path: Path
    cards: tuple[Path, ...]


def touched(hosts: Sequence[Host], wires: Sequence[Wire]) -> tuple[Host, ...]:
    """Hosts with those of their cards alone that some wires end at; others have no side."""
    ends = {path for wire in wires for path in (*wire.left, *wire.right)}
    return tuple(evolve(host, cards=tuple(card for card in host.cards if card in ends)) for host in hosts)
