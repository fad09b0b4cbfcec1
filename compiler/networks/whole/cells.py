"""A design as counted cells: one for all instances of a slot that no connection tells apart, never written out.

A slot splits by the values of the keys that some connection reads on it (`rail = index` makes cells of one) and into
blocks of consecutive instances that are a subtree of a named topology; what nothing tells apart is one cell with a
count. A cell that holds accelerators and has more than one instance is a class of the counted graph; classes nest as
cells do. A cell without accelerators is never one: its copies have the same neighbours, so some least cut has them all
on one side, and it is drawn once with its links added up.

Copies told apart by no key are exchanged by a symmetry of the design, so one of them, with the right multiplicities,
carries every link once. The minimal side A of a least cut is unique where the accelerators are fixed, hence the same
under every symmetry that leaves them alone: that is why copies without accelerators stand together.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import prod

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from compiler.ir.hardware import Slot
from compiler.networks.bisection.counted_graph import WHOLE, Class
from compiler.networks.bisection.reduction import Simple, joined
from compiler.networks.equijoin import size
from compiler.networks.links import End, rate_of, topology_of
from compiler.networks.topologies.topology import Topology
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.joint_graph import counts_of, made_slots
from compiler.networks.whole.keys import Key, key_of, shared_depth
from compiler.networks.whole.subtrees import Ranks, trees_of

Ints = NDArray[np.int64]

MOST_CELLS = 20_000
SINGLY = 64
"""Endpoints up to which a topology without subtrees is written out one by one."""
MOST_ROUNDS = 6


class Irregular(Exception):
    """A design that counted cells do not describe: it has to be written out. The reason is the message."""


class _Singly(Exception):
    """Copies that are linked among each other; `paths` say whose slots have to be written out one by one."""

    def __init__(self, paths: frozenset[Path]) -> None:
        super().__init__("copies are linked among each other")
        self.paths = paths


@define(eq=False)
class Cell:
    """Like instances of a slot within one instance of the cell around, `indices` their numbers there.

    A block is a cell without a slot: runs of `length` consecutive instances, `indices` where each begins; the cell
    within it has the instances of one run, numbered from 0. `home` is the class it belongs to, its own where it is one; it `holds` endpoints, or `weighs` itself.
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
        """How many instances, or runs of them, it has within one of the cell around."""
        return int(self.indices.size)

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
        if depth == 0:
            return self.root
        return chain[depth - 1]

    @property
    def root(self) -> "Cell":
        cell = self
        while cell.around is not None:
            cell = cell.around
        return cell

    def first(self) -> Ints:
        """The number of its first instance along each slot of its path."""
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
        """How many copies below `above` are drawn as this one: counts of the cells that hold no accelerator."""
        return prod(cell.count for cell in self.chain(above) if not cell.holds)


@frozen(eq=False)
class Switches:
    """Switches of a topology within each copy of a cell: of those of one owner, numbered tier by tier, `tops` for each
    subtree from number `first` on; `starts` are the first endpoints of the subtrees."""

    owner: Cell
    wire: Wire
    first: int
    tops: int = 1
    starts: tuple[int, ...] = (0,)


@frozen(eq=False)
class Drawn:
    """What a vertex of the counted graph stands for: the parts of a cell, or switches of a topology in each copy of it."""

    cell: Cell
    switches: Switches | None = None


@define(eq=False)
class Cells:
    """The cells of a design and its counted graph; `drawn` (vertices,) says what each vertex is."""

    root: Cell
    drawn: list[Drawn]
    classes: list[Class]
    class_cells: list[Cell]
    graph: Simple


def cells_of(ends: Sequence[Path], wires: Sequence[Wire], end: End = "middle", leaving: Sequence[Wire] = ()) -> Cells:
    """The counted cells of some wires over the endpoints at some paths; links at the `end` of their rate.

    Wires that leave the design are left out; with `leaving` the world outside is one more vertex, which those wires lead to: all that could pass there does.
    Raises `Irregular` where copies cannot be told by counts alone, or there are too many unlike ones.
    """
    inside = [wire for wire in wires if not wire.connection.external]
    singly: frozenset[Path] = frozenset()
    for _ in range(MOST_ROUNDS):
        try:
            return _Builder(tuple(ends), inside, leaving, end, singly).cells()
        except _Singly as more:
            if more.paths <= singly:
                break
            singly |= more.paths
    raise Irregular("copies are linked among each other")


@define(eq=False)
class _Splits:
    """How the slots of a design split: into single instances, by labels, or into blocks of consecutive ones."""

    singly: set[Path]
    labels: dict[Path, list[NDArray[np.float64]]] = field(factory=lambda: defaultdict(list))
    blocks: dict[Path, set[tuple[int, ...]]] = field(factory=lambda: defaultdict(set))

    def read(self, key: Key) -> None:
        """Tell instances apart by the values of a field, at each place along the path that it reads."""
        counts = counts_of(key.path)
        if len(key.levels) == 1:
            level = key.levels[0]
            values = key.values({level: np.arange(counts[level])}, counts[level])
            self.labels[key.path[: level + 1]].append(values)
            return
        shape = [counts[level] for level in key.levels]
        if prod(shape) > MOST_CELLS:
            raise Irregular("a key tells too many parts apart")
        axes = np.indices(shape).reshape(len(shape), -1)
        grid = key.values(dict(zip(key.levels, axes, strict=True)), prod(shape)).reshape(shape)
        for axis, level in enumerate(key.levels):
            slices = np.moveaxis(grid, axis, 0).reshape(shape[axis], -1)
            _, labels = np.unique(slices, axis=0, return_inverse=True)
            self.labels[key.path[: level + 1]].append(labels.reshape(-1).astype(np.float64))

    def runs(self, path: Path, count: int) -> list[Ints]:
        """The instances of a slot in groups that nothing tells apart."""
        if path in self.singly:
            return [np.array([index]) for index in range(count)]
        if path not in self.labels:
            return [np.arange(count)] if count else []
        _, which = np.unique(np.stack(self.labels[path], axis=1), axis=0, return_inverse=True)
        which = which.reshape(-1)
        return [np.flatnonzero(which == label) for label in range(int(which.max(initial=-1)) + 1)]


@define(eq=False)
class _Builder:
    """The counted graph of a design being drawn."""

    ends: tuple[Path, ...]
    wires: Sequence[Wire]
    leaving: Sequence[Wire]
    end: End
    singly: frozenset[Path]
    made: int = 0
    splits: _Splits = field(init=False)
    classes: list[Class] = field(factory=lambda: [WHOLE])
    class_cells: list[Cell] = field(factory=list)
    drawn: list[Drawn] = field(factory=list)
    weights: list[int] = field(factory=list)
    homes: list[int] = field(factory=list)
    links: dict[tuple[int, int], float] = field(factory=lambda: defaultdict(float))
    below: dict[Path, list[Slot]] = field(factory=lambda: defaultdict(list))
    holding: set[Path] = field(factory=set)

    def cells(self) -> Cells:
        self.splits = _Splits(set(self.singly))
        for wire in self.wires:
            self._split(wire)
        self._enter()
        top = Cell(None, np.zeros(1, np.int64), None, holds=True)
        self.class_cells.append(top)
        self._grow(top, ())
        for wire in self.wires:
            for owner in reached(top, wire.owner):
                self._wire(owner, wire)
        if self.leaving:
            self._lead_out(top)
        u, v = (np.array([link[i] for link in self.links], dtype=np.int64) for i in (0, 1))
        graph = joined(
            np.array(self.weights, dtype=np.int64),
            u,
            v,
            np.array(list(self.links.values()), dtype=np.float64),
            np.array(self.homes, dtype=np.int64),
            tuple(self.classes),
        )
        return Cells(top, self.drawn, self.classes, self.class_cells, graph)

    def _enter(self) -> None:
        """Every way that leads to an endpoint or to an end of a link, and which of them lead to endpoints."""
        touched = [path for wire in (*self.wires, *self.leaving) for path in (*wire.left, *wire.right)]
        touched += [(*wire.owner, slot) for wire in self.wires for slot in wire.network.made]
        for path in dict.fromkeys((*self.ends, *touched)):
            for depth, slot in enumerate(path):
                if slot not in self.below[path[:depth]]:
                    self.below[path[:depth]].append(slot)
        self.holding = {path[: depth + 1] for path in self.ends for depth in range(len(path))}
        if any(end != other and other[: len(end)] == end for end in self.ends for other in self.ends):
            raise Irregular("an accelerator contains accelerators")

    # ---- what tells instances apart ----------------------------------------------------------

    def _split(self, wire: Wire) -> None:
        for path in (*wire.left, *wire.right):
            for name in wire.connection.keys:
                key = key_of(path, name)
                if key.field is not None and key.levels:
                    self.splits.read(key)
        if wire.connection.shape is not None:
            self._split_by_shape(wire, topology_of(wire.connection))

    def _split_by_shape(self, wire: Wire, topology: Topology) -> None:
        trees = trees_of(topology)
        if trees is None:
            if topology.endpoints > SINGLY:
                raise Irregular(f"a `{topology.family}` over {topology.endpoints:,} parts")
            for path in (*wire.left, *wire.right):
                for depth in range(len(wire.owner), len(path)):
                    self.splits.singly.add(path[: depth + 1])
            return
        for ranks in trees:
            for rank in ranks[:-1]:
                self._into_blocks(wire, [size for size, many in rank.subtrees for _ in range(many)])

    def _into_blocks(self, wire: Wire, sizes: list[int]) -> None:
        """Blocks of instances for the subtrees of one rank, path by path."""
        at = 0
        for path in wire.left:
            counts = counts_of(path)
            own = counts[len(wire.owner) :]
            mine, held = [], 0
            while held < prod(own) and at < len(sizes):
                mine.append(sizes[at])
                held += sizes[at]
                at += 1
            if held != prod(own):
                raise Irregular("a subtree of a topology lies across parts of unlike names")
            self._into_blocks_of(path, len(wire.owner), own, mine)

    def _into_blocks_of(self, path: Path, depth: int, own: tuple[int, ...], sizes: list[int]) -> None:
        if len(sizes) == 1:
            return
        for level in range(len(own)):
            below = prod(own[level + 1 :])
            within = sizes if level == 0 else sizes[: max(1, len(sizes) // prod(own[:level]))]
            if any(one % below for one in within) or sum(within) != below * own[level]:
                continue
            if within * (len(sizes) // len(within)) != sizes:
                continue
            lengths = tuple(one // below for one in within)
            if any(length > 1 for length in lengths) and len(lengths) > 1:
                self.splits.blocks[path[: depth + level + 1]].add(lengths)
            return
        raise Irregular("a subtree of a topology lies across parts")

    # ---- cells -------------------------------------------------------------------------------

    def _grow(self, cell: Cell, path: Path) -> None:
        for slot in self.below[path]:
            here = (*path, slot)
            cell.inner[slot] = []
            blocks = self.splits.blocks.get(here)
            runs = self.splits.runs(here, int(size(slot.count)))
            if blocks and len(runs) != 1:
                raise Irregular("a key and a topology divide the same parts in unlike ways")
            if blocks:
                self._grow_blocks(cell, here, _nested(blocks))
                continue
            for run in runs:
                found = self._cell(here, slot, run, cell)
                cell.inner[slot].append(found)
                self._grow(found, here)

    def _grow_blocks(self, around: Cell, path: Path, partitions: list[tuple[int, ...]]) -> None:
        """Blocks within blocks, the coarsest outside; those that are divided alike inside are one cell."""
        slot = path[-1]
        alike: dict[tuple[tuple[int, ...], ...], list[int]] = defaultdict(list)
        begin = 0
        for length in partitions[0]:
            finer = tuple(_within(partition, begin, length) for partition in partitions[1:])
            alike[((length,), *finer)].append(begin)
            begin += length
        for ((length,), *inside), begins in alike.items():
            block = self._cell(path, None, np.array(begins), around, length)
            around.inner.setdefault(slot, []).append(block)
            divided = [partition for partition in inside if len(partition) > 1]
            if divided:
                self._grow_blocks(block, path, divided)
                continue
            found = self._cell(path, slot, np.arange(length), block)
            block.inner[slot] = [found]
            self._grow(found, path)

    def _cell(self, path: Path, slot: Slot | None, indices: Ints, around: Cell, length: int = 1) -> Cell:
        self.made += 1
        if self.made > MOST_CELLS:
            raise Irregular("too many unlike parts")
        cell = Cell(slot, indices.astype(np.int64), around, length, around.home, path in self.holding)
        if cell.holds and cell.count > 1:
            cell.home = len(self.classes)
            self.classes.append(Class(around.home, cell.count))
            self.class_cells.append(cell)
        cell.weighs = slot is not None and path in self.ends
        if cell.weighs:
            self._vertex(cell)
        return cell

    # ---- vertices and links ------------------------------------------------------------------

    def _vertex(self, cell: Cell) -> int:
        """The vertex of the parts of a cell. Raises `Irregular` for switches that a topology drew as subtrees."""
        if cell.vertex == NAMED_APART:
            raise Irregular("switches of an inner tier of a topology are linked further")
        if cell.vertex < 0:
            cell.vertex = self._draw(Drawn(cell), int(cell.weighs))
        return cell.vertex

    def _draw(self, drawn: Drawn, weight: int = 0) -> int:
        self.drawn.append(drawn)
        self.weights.append(weight)
        self.homes.append(drawn.cell.home)
        return len(self.drawn) - 1

    def _link(self, one: int, other: int, capacity: float) -> None:
        if one != other and capacity:
            self.links[(min(one, other), max(one, other))] += capacity

    def _wire(self, owner: Cell, wire: Wire) -> None:
        connection = wire.connection
        rate = rate_of(connection, self.end)
        if connection.shape is None:
            self._join(owner, wire, size(connection.links) * rate)
            return
        topology = topology_of(connection)
        trees = trees_of(topology)
        unit = connection.shape.each * rate
        if trees is None:
            self._singly(owner, wire, topology, unit)
            return
        first = 0
        for ranks in trees:
            self._tree(owner, wire, (first, ranks), unit)
            first += sum(rank.switches for rank in ranks)

    def _lead_out(self, top: Cell) -> None:
        """The world outside as one vertex, and the links that lead to it."""
        outside = self._draw(Drawn(top))
        for wire in self.leaving:
            capacity = size(wire.connection.links) * rate_of(wire.connection, self.end)
            for path in wire.left:
                for cell in reached(top, path):
                    self._link(self._vertex(cell), outside, capacity * cell.merged())

    def _join(self, owner: Cell, wire: Wire, capacity: float) -> None:
        """The links of an equi-join, cell by cell."""
        done: set[tuple[int, int]] = set()
        for left in wire.left:
            for right in wire.right:
                ours, theirs = ([key_of(path, name) for name in wire.connection.keys] for path in (left, right))
                depth = shared_depth(ours, theirs, len(wire.owner))
                if depth is None:
                    continue
                table: dict[tuple[object, ...], list[Cell]] = defaultdict(list)
                for cell in reached(owner, right[len(wire.owner) :]):
                    table[_met(cell, theirs, depth)].append(cell)
                for cell in reached(owner, left[len(wire.owner) :]):
                    for other in table.get(_met(cell, ours, depth), ()):
                        pair = (min(id(cell), id(other)), max(id(cell), id(other)))
                        if pair not in done:
                            done.add(pair)
                            self._join_cells(cell, other, depth, capacity)

    def _join_cells(self, one: Cell, other: Cell, depth: int, capacity: float) -> None:
        common = one.at_depth(depth)
        counted = [[c for c in cell.chain(common) if c.holds and c.count > 1] for cell in (one, other)]
        if one is other:
            if counted[0]:
                raise _Singly(_to_write_out(one, depth))
            return
        if all(counted):
            raise _Singly(_to_write_out(one, depth) | _to_write_out(other, depth))
        times = one.merged(common) * other.merged(common) * common.merged()
        self._link(self._vertex(one), self._vertex(other), capacity * times)

    def _tree(self, owner: Cell, wire: Wire, tree: tuple[int, Ranks], unit: float) -> None:
        """The subtrees of one tree of a topology, each a vertex in every copy of the cell that it covers."""
        first, ranks = tree
        tops: dict[tuple[int, int], int] = {}
        done: set[tuple[int, int]] = set()
        for cell, position in _placed(owner, wire):
            below, below_cell = self._vertex(cell), cell
            before = first
            for rank, level in enumerate(ranks):
                is_top = rank == len(ranks) - 1
                around = owner if is_top else _covering(cell, owner, _size_at(level.subtrees, position))
                key = (id(around), rank)
                if key not in tops:
                    switches = Switches(owner, wire, before, level.tops, level.starts())
                    tops[key] = self._top(around, switches, is_top and len(ranks) == 1, is_top)
                before += level.switches
                link = (below, tops[key])
                if link not in done:
                    done.add(link)
                    times = below_cell.merged(around) * around.merged()
                    self._link(below, tops[key], level.uplink * unit * times)
                below, below_cell = tops[key], around

    def _top(self, around: Cell, switches: Switches, is_only: bool, is_top: bool) -> int:
        """The vertex of the tops of a subtree: that of the switches themselves where those stand together anyway."""
        owner, wire = switches.owner, switches.wire
        if wire.right:
            cells = [cell for path in wire.right for cell in reached(owner, path[len(wire.owner) :])]
            if any(one.holds and one.count > 1 for cell in cells for one in cell.chain(owner)):
                raise Irregular("a topology over switches that stand in like parts")
            if len(cells) == 1 and is_only:
                return self._vertex(cells[0])
            return self._apart(cells, Drawn(around, switches))
        made = _tier_at(wire, switches.first) if switches.tops else None
        if made is None:
            return self._draw(Drawn(around, switches))
        cell = owner.inner[made][0]
        return self._vertex(cell) if is_top else self._apart((cell,), Drawn(around, switches))

    def _apart(self, cells: Sequence[Cell], drawn: Drawn) -> int:
        """A vertex for the tops of a subtree, whose switches have cells that are not drawn."""
        for cell in cells:
            if cell.vertex >= 0:
                raise Irregular("switches of an inner tier of a topology are linked further")
            cell.vertex = NAMED_APART
        return self._draw(drawn)

    def _singly(self, owner: Cell, wire: Wire, topology: Topology, unit: float) -> None:
        """A topology over parts that are written out one by one."""
        graph = topology.unroll()
        ends: list[int] = []
        for path in wire.left:
            cells = reached(owner, path[len(wire.owner) :])
            ends += [self._vertex(cell) for cell in sorted(cells, key=lambda cell: tuple(cell.first()))]
        for path in wire.right:
            cells = reached(owner, path[len(wire.owner) :])
            ends += [self._vertex(cell) for cell in sorted(cells, key=lambda cell: tuple(cell.first()))]
        if made_slots(wire.network, wire.connection):
            for slot in made_slots(wire.network, wire.connection):
                owner.inner[slot][0].vertex = NAMED_APART
        while len(ends) < topology.vertices:
            ends.append(self._draw(Drawn(owner, Switches(owner, wire, len(ends) - topology.endpoints))))
        times = owner.merged()
        for u, v, bandwidth in zip(graph.u.tolist(), graph.v.tolist(), graph.bandwidth.tolist(), strict=True):
            self._link(ends[u], ends[v], bandwidth * unit * times)


NAMED_APART = -2


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


def _met(cell: Cell, keys: Sequence[Key], depth: int) -> tuple[object, ...]:
    """What two cells must have in common to meet: the cell around at a depth, and the values of their keys."""
    first = cell.first()
    values = []
    for key in keys:
        if key.field is not None:
            values.append(float(key.values({level: first[level : level + 1] for level in key.levels}, 1)[0]))
    return (id(cell.at_depth(depth)), *values)


def _to_write_out(cell: Cell, depth: int) -> frozenset[Path]:
    """The slots of a cell's path below a depth that have several instances."""
    path = cell.path
    counts = counts_of(path)
    return frozenset(path[: level + 1] for level in range(depth, len(path)) if counts[level] > 1)


def _placed(owner: Cell, wire: Wire) -> Iterator[tuple[Cell, int]]:
    """The cells of a topology's endpoints, each with the number of its first endpoint."""
    before = 0
    for path in wire.left:
        counts = counts_of(path)[len(wire.owner) :]
        for cell in reached(owner, path[len(wire.owner) :]):
            position = 0
            for index, count in zip(cell.first()[len(wire.owner) :].tolist(), counts, strict=True):
                position = position * count + index
            yield cell, before + position
        before += prod(counts)


def _size_at(subtrees: Sequence[tuple[int, int]], position: int) -> int:
    """The size of the subtree that holds an endpoint."""
    for size_, many in subtrees:
        if position < size_ * many:
            return size_
        position -= size_ * many
    raise AssertionError("the subtrees of a rank hold all endpoints")


def _tier_at(wire: Wire, first: int) -> Slot | None:
    """The tier of switches that a topology made whose first is of that number among all; None where none is named."""
    at = 0
    for slot in made_slots(wire.network, wire.connection):
        if at == first:
            return slot
        at += int(size(slot.count))
    return None


def _covering(cell: Cell, owner: Cell, wanted: int) -> Cell:
    """The cell around an endpoint's cell, within the owner, one instance of which has so many of the endpoints."""
    counts = counts_of(cell.path)
    chain = cell.chain(owner)
    level = len(counts) - 1
    for around in reversed(chain):
        below = prod(counts[level + 1 :])
        if around.length * below == wanted:
            return around
        if around.around is not None and around.around.slot is not None:
            level -= 1
    raise Irregular("a subtree of a topology lies across parts")


def _nested(partitions: set[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Partitions of the same instances, the coarsest first. Raises `Irregular` where one does not refine the other."""
    ordered = sorted(partitions, key=len)
    for coarse, fine in pairwise(ordered):
        if not set(np.cumsum(coarse).tolist()) <= set(np.cumsum(fine).tolist()):
            raise Irregular("topologies divide the same parts in unlike ways")
    return ordered


def _within(partition: tuple[int, ...], start: int, length: int) -> tuple[int, ...]:
    """The part of a partition that lies in one block."""
    begins = np.cumsum((0, *partition[:-1]))
    return tuple(one for one, begin in zip(partition, begins.tolist(), strict=True) if start <= begin < start + length)
