"""Cells: like instances of a slot that stand as one, and what the vertices drawn of them stand for."""

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from compiler.ir.hardware import Slot
from compiler.networks.whole.carriers import Path, Wire

Ints = NDArray[np.int64]


class Irregular(Exception):
    """A design that counted cells do not describe: it has to be written out. The reason is the message."""


@define(eq=False)
class Cell:
    """Like instances of a slot within one instance of the cell around, `indices` (count,) their numbers there.

    A block is a cell without a slot: runs of `length` consecutive instances, `indices` where each begins; the cell
    within it has the instances of one run, numbered from 0. `home` is the class it belongs to, its own where it is one;
    it `holds` endpoints, or `weighs` itself. `vertex` is the one that its parts are drawn as, -1 before they are.
    """

    slot: Slot | None
    indices: Ints
    around: "Cell | None"
    length: int = 1
    home: int = 0
    holds: bool = False
    weighs: bool = False
    inner: dict[Slot, list["Cell"]] = field(factory=dict)
    vertex: int = -1

    @property
    def count(self) -> int:
        """The number of instances, or of runs of them, within one of the cell around."""
        return int(self.indices.size)

    @property
    def is_counted(self) -> bool:
        """True for a class: several instances with accelerators, of which one is drawn."""
        return self.holds and self.count > 1

    def chain(self, above: "Cell | None" = None) -> list["Cell"]:
        """The cells from below `above` down to this one, blocks included; the root is in none."""
        found: list[Cell] = []
        cell: Cell | None = self
        while cell is not above and cell is not None and cell.around is not None:
            found.append(cell)
            cell = cell.around
        return found[::-1]

    @property
    def path(self) -> Path:
        """The slots from the root."""
        return tuple(cell.slot for cell in self.chain() if cell.slot is not None)

    def at_depth(self, depth: int) -> "Cell":
        """The cell around that is so many slots deep; the root is 0 deep."""
        chain = [cell for cell in self.chain() if cell.slot is not None]
        return chain[depth - 1] if depth else self.root

    @property
    def root(self) -> "Cell":
        """The design itself."""
        cell = self
        while cell.around is not None:
            cell = cell.around
        return cell

    def first(self) -> Ints:
        """The number of its first instance along each slot of its path, shape (slots,)."""
        found: list[int] = []
        begun = 0
        for cell in self.chain():
            if cell.slot is None:
                begun += int(cell.indices[0])
            else:
                found.append(begun + int(cell.indices[0]))
                begun = 0
        return np.array(found, dtype=np.int64)

    def merged(self, above: "Cell | None" = None) -> int:
        """The number of copies below `above` that are drawn as this one: of the cells that hold no accelerator."""
        return prod(cell.count for cell in self.chain(above) if not cell.holds)


@frozen(eq=False)
class Switches:
    """Switches of a topology within each copy of a cell: of those of one owner, numbered tier by tier, `tops` for each
    subtree from number `first` on; `starts` are the first endpoints of the subtrees, whose endpoints in the cell are those
    on the path `below`, or all where it is empty."""

    owner: Cell
    wire: Wire
    first: int
    tops: int = 1
    starts: tuple[int, ...] = (0,)
    below: Path = ()


@frozen(eq=False)
class Drawn:
    """The meaning of a vertex of the counted graph: the parts of a cell, or switches of a topology in each copy of it."""

    cell: Cell
    switches: Switches | None = None


def reached(cell: Cell, slots: Path) -> list[Cell]:
    """The cells that a way of slots reaches from a cell, blocks passed through."""
    here = [cell]
    for slot in slots:
        here = [below for one in here for below in _opened(one.inner.get(slot, ()), slot)]
    return here


def _opened(cells: Sequence[Cell], slot: Slot) -> Iterator[Cell]:
    for cell in cells:
        if cell.slot is None:
            yield from _opened(cell.inner[slot], slot)
        else:
            yield cell


def cells_within(cell: Cell) -> Iterator[Cell]:
    """Every cell within one, blocks included."""
    for found in cell.inner.values():
        for inner in found:
            yield inner
            yield from cells_within(inner)
