"""The cells of a design as a tree: each slot of a cell falls into the cells of its like instances, blocks outside."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from attrs import define, field

from compiler.ir.hardware import Slot
from compiler.networks.bisection.counted_graph import WHOLE, Class
from compiler.networks.equijoin import size
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.cells import Cell, Ints, Irregular
from compiler.networks.whole.like_instances import Lengths, LikeInstances

MOST_CELLS = 20_000


def _whole() -> Cell:
    return Cell(None, np.zeros(1, np.int64), None, holds=True)


@define(eq=False)
class CellTree:
    """The cells of a design below its `root`; `classes` are those that are counted, `class_cells` their cells, the root
    first, and `weighing` the cells of endpoints in the order in which they were grown."""

    root: Cell = field(factory=_whole)
    classes: list[Class] = field(factory=lambda: [WHOLE])
    class_cells: list[Cell] = field(init=False)
    weighing: list[Cell] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.class_cells = [self.root]


def cell_tree(ends: Sequence[Path], wires: Sequence[Wire], leaving: Sequence[Wire], like: LikeInstances) -> CellTree:
    """The cells of all that some wires link, and of the endpoints. Raises `Irregular` for too many or for endpoints
    within endpoints."""
    if any(end != other and other[: len(end)] == end for end in ends for other in ends):
        raise Irregular("an accelerator contains accelerators")
    touched = [path for wire in (*wires, *leaving) for path in (*wire.left, *wire.right)]
    touched += [(*wire.owner, slot) for wire in wires for slot in wire.network.made]
    growth = _Growth(frozenset(ends), _slots_below((*ends, *touched)), like)
    growth.grow(growth.tree.root, ())
    return growth.tree


def _slots_below(paths: Iterable[Path]) -> Mapping[Path, Sequence[Slot]]:
    """The slots that some paths lead through, by the way to them."""
    found: dict[Path, dict[Slot, None]] = defaultdict(dict)
    for path in dict.fromkeys(paths):
        for depth, slot in enumerate(path):
            found[path[:depth]][slot] = None
    return {way: tuple(slots) for way, slots in found.items()}


@define(eq=False)
class _Growth:
    """A tree of cells being grown: `below` are the slots that are looked into, by the way to them."""

    ends: frozenset[Path]
    below: Mapping[Path, Sequence[Slot]]
    like: LikeInstances
    tree: CellTree = field(factory=CellTree)
    holding: frozenset[Path] = field(init=False)
    made: int = 0

    def __attrs_post_init__(self) -> None:
        self.holding = frozenset(path[: depth + 1] for path in self.ends for depth in range(len(path)))

    def grow(self, cell: Cell, path: Path) -> None:
        """Grow the cells within one. Raises `Irregular` where a key and a topology divide the same slot."""
        for slot in self.below.get(path, ()):
            here = (*path, slot)
            cell.inner[slot] = []
            partitions = self.like.partitions(here)
            runs = self.like.runs(here, int(size(slot.count)))
            if not partitions:
                for run in runs:
                    self._grow_run(cell, here, run)
            elif len(runs) == 1:
                self._grow_blocks(cell, here, partitions)
            else:
                raise Irregular("a key and a topology divide the same parts in unlike ways")

    def _grow_run(self, around: Cell, path: Path, run: Ints) -> None:
        """A cell of like instances, and all within it."""
        found = self._cell(path, path[-1], run, around)
        around.inner.setdefault(path[-1], []).append(found)
        self.grow(found, path)

    def _grow_blocks(self, around: Cell, path: Path, partitions: Sequence[Lengths]) -> None:
        """Blocks within blocks, the coarsest outside; those that are divided alike inside are one cell."""
        alike: dict[tuple[Lengths, ...], list[int]] = defaultdict(list)
        begin = 0
        for length in partitions[0]:
            finer = tuple(_within(partition, begin, length) for partition in partitions[1:])
            alike[((length,), *finer)].append(begin)
            begin += length
        for ((length,), *inside), begins in alike.items():
            block = self._cell(path, None, np.array(begins), around, length)
            around.inner.setdefault(path[-1], []).append(block)
            divided = [partition for partition in inside if len(partition) > 1]
            if divided:
                self._grow_blocks(block, path, divided)
            else:
                self._grow_run(block, path, np.arange(length))

    def _cell(self, path: Path, slot: Slot | None, indices: Ints, around: Cell, length: int = 1) -> Cell:
        """One more cell, a class of its own where it is counted. Raises `Irregular` past the limit."""
        self.made += 1
        if self.made > MOST_CELLS:
            raise Irregular("too many unlike parts")
        cell = Cell(slot, indices.astype(np.int64), around, length, around.home, path in self.holding)
        if cell.is_counted:
            cell.home = len(self.tree.classes)
            self.tree.classes.append(Class(around.home, cell.count))
            self.tree.class_cells.append(cell)
        if slot is not None and path in self.ends:
            cell.weighs = True
            self.tree.weighing.append(cell)
        return cell


def _within(partition: Lengths, start: int, length: int) -> Lengths:
    """The part of a partition that lies in one block."""
    begins = np.cumsum((0, *partition[:-1]))
    return tuple(one for one, begin in zip(partition, begins.tolist(), strict=True) if start <= begin < start + length)
