"""Hosts whose inside is not described: cards that serve the accelerators of their part without a link to them, and
parts with accelerators that a link ends at as a whole.

Between such a card and the accelerators of the nearest part that has some, and inside such a part, nothing is taken as a
limit: a host is then on one side as a whole. A network that leads from a card to an accelerator describes the inside.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from compiler.networks.whole.carriers import Path, Wire


@frozen(eq=False)
class Host:
    """A part whose cards are tied to its accelerators: its path, empty for the whole design, and the cards' paths.

    A part that links end at itself is a card of its own. `whole` (instances of the path,) are those with a card that a link
    ends at, None where all are; the others may be divided. `tied` (instances of a card,) are those cards that are not linked
    to an accelerator inside, for paths of which some are.
    """

    path: Path
    cards: tuple[Path, ...]
    whole: NDArray[np.bool_] | None = None
    tied: Mapping[Path, NDArray[np.bool_]] = field(factory=dict)

    def is_whole(self, number: int) -> bool:
        """True when the host of that number counts as one."""
        return self.whole is None or bool(self.whole[number])


def touched(hosts: Sequence[Host], wires: Sequence[Wire]) -> tuple[Host, ...]:
    """Hosts with those of their cards alone that some wires end at; others have no side."""
    ends = {path for wire in wires for path in (*wire.left, *wire.right)}
    return tuple(evolve(host, cards=tuple(card for card in host.cards if card in ends)) for host in hosts)
