"""The cables of a design by length, from a layout of its racks in rows.

The racks of a design stand in the order of its text, as square as whole rows allow, `PITCH` apart in a row and `ROW`
from row to row, cables running along rows and across aisles with `SLACK` at each end. What stands in no rack has no
length.
"""

import math
from collections.abc import Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.ir.hardware import Connection, Group, Part, Slot
from compiler.networks.equijoin import met, size
from compiler.networks.links import topology_of
from compiler.networks.owners import networks
from compiler.networks.topologies.topology import TopologyError
from compiler.networks.totals import LAID, cables_of
from compiler.networks.unrolled import joined_pairs

PITCH = 0.6  # metres from rack to rack in a row
ROW = 3.0  # metres from row to row, rack and aisle
SLACK = 2.0  # metres at each end of a cable that leaves its rack
INSIDE = 2.0  # metres of a cable that stays in its rack
CLASSES = (3.0, 5.0, 10.0, 30.0, 100.0, 500.0, 2000.0)
"""Upper ends of the length classes, metres; the first two are what passive and active copper reach."""

Ints = NDArray[np.int64]


@frozen(eq=False)
class Cabling:
    """The cables of one network by length class; `unplaced` have an end that stands in no rack. `longest` is in metres,
    None where none has a length."""

    network: str
    link: str
    medium: str
    cables: float
    lengths: Mapping[str, float]
    unplaced: float
    longest: float | None


def cabling(root: Part) -> tuple[Cabling, ...]:
    """The cables of the networks by length, connection by connection."""
    layout = _Layout.of(root)
    found = []
    for path, count, _, network in networks(root):
        for connection in network.connections:
            cables = cables_of(connection) * size(count)
            if not cables or (connection.link.text("medium") in LAID and connection.optic is None):
                continue
            lengths = layout.lengths(connection)
            found.append(_classed(path, connection, cables, lengths))
    return tuple(found)


def _classed(path: str, connection: Connection, cables: float, lengths: NDArray[np.float64] | None) -> Cabling:
    link = connection.link
    medium = "optical" if connection.optic is not None else link.text("medium")
    if lengths is None or not lengths.size:
        return Cabling(path, link.name, medium, cables, {}, cables, None)
    share = cables / lengths.size
    edges = np.array([0.0, *CLASSES, np.inf])
    counts, _ = np.histogram(lengths, edges)
    names = [f"up to {end:g} m" for end in CLASSES] + [f"over {CLASSES[-1]:g} m"]
    classes = {name: float(n * share) for name, n in zip(names, counts, strict=True) if n}
    return Cabling(path, link.name, medium, cables, classes, 0.0, float(lengths.max()))


@frozen(eq=False)
class _Layout:
    """Racks in rows: for each slot, how many racks come before it in its part and how many one of it holds."""

    slots: Mapping[Slot, tuple[int, int]]
    per_row: int

    @staticmethod
    def of(root: Part) -> "_Layout":
        slots: dict[Slot, tuple[int, int]] = {}
        racks = _number(root, slots)
        return _Layout(slots, max(1, math.ceil(math.sqrt(max(1, racks) * ROW / PITCH))))

    def lengths(self, connection: Connection) -> NDArray[np.float64] | None:
        """The length of each link of a connection, metres, shape (links,); None when an end is in no rack."""
        if connection.external:
            return None
        try:
            left, right = _ends_racks(connection, self)
        except (TopologyError, _Unplaced, KeyError):
            return None
        # cables run along rows and aisles, never across a rack, so distances add
        apart_x = np.abs(left % self.per_row - right % self.per_row) * PITCH
        apart_y = np.abs(left // self.per_row - right // self.per_row) * ROW
        return np.where(left == right, INSIDE, apart_x + apart_y + 2 * SLACK)

    def racks(self, group: Group) -> Ints:
        """The rack of each instance of a group, in order, shape (instances,), counted from where its path begins.

        Raises `_Unplaced` when they stand in none.
        """
        number: Ints = np.zeros(1, np.int64)
        for position, slot in enumerate(group.slots):
            before, each = self.slots[slot]
            count = int(size(slot.count))
            number = (number[:, None] + before + np.arange(count) * each).reshape(-1)
            if slot.part.kind == "rack":
                below = math.prod(int(size(inner.count)) for inner in group.slots[position + 1 :])
                return np.repeat(number, below)
        raise _Unplaced


def _number(part: Part, slots: dict[Slot, tuple[int, int]]) -> int:
    """The number of racks in a part; its slots are entered with what stands before them."""
    here = 0
    for slot in part.slots:
        each = 1 if slot.part.kind == "rack" else _number(slot.part, slots)
        slots[slot] = (here, each)
        here += each * int(size(slot.count))
    return here


class _Unplaced(Exception):
    """A part that stands in no rack."""


def _ends_racks(connection: Connection, layout: _Layout) -> tuple[Ints, Ints]:
    """The racks of both ends of every link."""
    if connection.shape is None:
        pairs = [
            (layout.racks(left)[a], layout.racks(right)[b])
            for left, right in met(connection)
            for a, b in (joined_pairs(left, right, connection.keys),)
        ]
        return np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs])
    topology = topology_of(connection)
    if connection.shape.circuit is not None and topology.circuits is not None:
        raise _Unplaced  # circuit switches stand nowhere either
    groups = (*connection.left, *connection.right)
    if sum(size(group.count) for group in groups) != topology.vertices:
        raise _Unplaced  # switches that the shape made stand nowhere
    racks = np.concatenate([layout.racks(group) for group in groups])
    links = topology.arrays()
    return racks[links.u], racks[links.v]
