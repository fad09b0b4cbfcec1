"""Parts of a design that count as one: their accelerators stand on one side of every division."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.whole.carriers import Path


@frozen(eq=False)
class Host:
    """A part whose cards are tied to its accelerators: its path, empty for the whole design, and the cards' paths.

    A part that links end at itself is a card of its own. `whole` (instances of the path,) are those with a card that a link
    ends at, None where all are; the others may be divided.
    """

    path: Path
    cards: tuple[Path, ...]
    whole: NDArray[np.bool_] | None = None

    def is_whole(self, number: int) -> bool:
        """True when the host of that number counts as one."""
        return self.whole is None or bool(self.whole[number])
