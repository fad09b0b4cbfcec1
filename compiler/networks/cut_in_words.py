"""The cut behind a bisection in the design's own words: its parts on either side, the links that cross.

What crosses is recounted from the links themselves, or tier by tier where nothing was ever unrolled, and adds up to the
upper end; a cut that does not is not shown.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from compiler.ir.hardware import Connection, Group, Network
from compiler.networks.bisection.bound import Bound, Crossing
from compiler.networks.bisection.capacitated_tree import Share
from compiler.networks.bisection.hierarchy import HierarchyCut, division
from compiler.networks.bisection.proofs import sentences
from compiler.networks.bisection.scaling import scaled_curve
from compiler.networks.equijoin import size
from compiler.networks.links import rate_ends, rate_of, topology_of, unit_of
from compiler.networks.topologies.topology import LeafSpine, Planes, Pods, Structure, Topology, Tree
from compiler.networks.unrolled import key_array, numbered, one_topology, rows_of
from compiler.numerics.tolerances import MEETING, ROUNDING

Sides = NDArray[np.bool_]
MOST_RUNS = 4


@frozen
class PartSides:
    """Like parts of a design, `where` they are, and how many of them stand on side A; `which` names those by number,
    and `along` what is in them."""

    part: str
    on_a: int
    total: int
    where: str = ""
    which: str = ""
    along: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        along = f", with their {self.along}," if self.along else ""
        if self.on_a in (0, self.total):
            many = f"all {self.total:,} {self.part}" if self.total > 1 else f"the one {self.part}"
            return f"{place}{many}{along} on side {'A' if self.on_a else 'B'}"
        if self.which:
            return f"{place}{self.part} {self.which} of {self.total:,}{along} on side A"
        return f"{place}{self.on_a:,} of {self.total:,} {self.part}{along} on side A"


@frozen
class Across:
    """Links of one class that cross: of which network, between what, how many (None: not told apart), B/s one direction."""

    network: str
    links: str
    count: int | None
    capacity: float


@frozen
class DesignCut:
    """A cut of a design: endpoints on side A and B, where its parts stand, what crosses, and what proves no cut is less."""

    capacity: float
    endpoints: tuple[int, int]
    standing: tuple[str, ...]
    crossing: tuple[Across, ...]
    proof: tuple[str, ...] = ()


def network_cut(network: Network, found: Bound) -> DesignCut | None:
    """The cut of a network by itself; None where none was found."""
    cut = found.cut
    if cut is None or found.upper is None:
        return None
    sole = network.inside[0] if one_topology(network) is not None else None
    if sole is None or sole.shape is None:
        standing, crossing = _explicit(network, cut.side) if cut.side is not None else ((), ())
    elif cut.side is not None:
        standing, crossing = _unrolled(network, sole, cut.side)
    elif isinstance(cut.witness, Share):
        names = _Names.of_endpoints(sole)
        tree = scaled_curve(HierarchyCut(cut.witness.node), unit_of(sole, "high"))
        assert isinstance(tree, HierarchyCut)
        share = division(tree.root, cut.witness.on_a)
        standing = (*_stands(share, names), _tops(share))
        crossing = tuple(_tally(share, 1, network, names))
    else:
        factor = rate_of(sole, "high")
        standing = cut.parts
        link = " or ".join(dict.fromkeys(connection.link.name for connection in network.inside))
        alike = {one.shape.each for one in network.inside if one.shape is not None}
        each = alike.pop() if len(alike) == 1 else None
        crossing = tuple(_renamed(c, network.name, link, each, factor) for c in cut.crossing)
    return checked(found, standing, crossing)


def checked(found: Bound, standing: Sequence[str], crossing: Sequence[Across]) -> DesignCut | None:
    """The cut, if what crosses comes to the upper end."""
    assert found.cut is not None and found.upper is not None
    total = math.fsum(row.capacity for row in crossing)
    if abs(total - found.upper) > MEETING * found.upper:
        return None
    joined: dict[tuple[str, str], Across] = {}
    for row in crossing:
        key = (row.network, row.links)
        if (before := joined.get(key)) is not None:
            count = None if before.count is None or row.count is None else before.count + row.count
            row = Across(*key, count, before.capacity + row.capacity)
        joined[key] = row
    return DesignCut(found.upper, found.cut.endpoints, tuple(standing), tuple(joined.values()), sentences(found.method))


def _renamed(row: Crossing, network: str, link: str, each: float | None, rate: float) -> Across:
    """Links of a topology as links of the design: `each` of them for one, None where that differs."""
    if each is None:
        return Across(network, f"{row.links}, {link}", None, row.capacity)
    count = round(row.count * each) if row.count else _counted(row.capacity, rate)
    return Across(network, f"{row.links}, {link}", count, row.capacity)


def _counted(capacity: float, rate: float) -> int | None:
    """The number of links of a rate that come to a capacity, None when that is not whole."""
    count = capacity / rate if rate else math.nan
    return round(count) if math.isfinite(count) and abs(count - round(count)) < ROUNDING * max(1.0, count) else None


# ---- networks that were unrolled -------------------------------------------------------------


def _explicit(network: Network, side: Sides) -> tuple[tuple[str, ...], tuple[Across, ...]]:
    """Sides and crossing links of an explicit network, switches moved to what hangs on them where that costs nothing."""
    vertices = numbered(network)
    end = rate_ends(network)[-1]  # the upper end of the bound, whose cut this is
    rows = [rows_of(connection, vertices, end) for connection in network.inside]
    u, v, bandwidth = (np.concatenate([row[i] for row in rows]) for i in range(3))
    side = side.copy()
    seen = np.zeros(side.size, dtype=bool)
    for group in vertices.groups:
        start = vertices.start(group)
        own = slice(start, start + int(size(group.count)))
        if group.part.kind == "switch":
            _follow(side, own, seen, (u, v, bandwidth))
        seen[own] = True
    standing: list[str] = []
    for group in vertices.groups:
        start = vertices.start(group)
        keys = [key for c in network.inside for key in c.keys if group.part.quantity(key) is not None]
        standing += _placed(group, side[start : start + int(size(group.count))], tuple(dict.fromkeys(keys)))
    crossing = []
    for connection, (a, b, capacity, cables) in zip(network.inside, rows, strict=True):
        across = side[a] != side[b]
        for label, alike in _labelled(connection, across):
            crossing.append(Across(network.name, label, int(cables[alike].sum()), float(capacity[alike].sum())))
    return tuple(standing), tuple(crossing)


def _labelled(connection: Connection, across: Sides) -> Iterator[tuple[str, Sides]]:
    """Links of a connection that cross, in words, and which of its rows they are: tier by tier where it has a shape."""
    link = connection.link.name
    if connection.shape is None:
        if across.any():
            yield f"{_joined(connection.left)} to {_joined(connection.right)}, {link}", across
        return
    topology = topology_of(connection)
    names = {tier.name: _joined(connection.left) for tier in topology.tiers if tier.is_endpoint}
    kind = topology.arrays().kind
    for place, bundle in enumerate(topology.bundles):
        own = across & (kind == place)
        if own.any():
            lower, upper = (names.get(tier, tier) for tier in (bundle.lower, bundle.upper))
            yield f"{lower} to {upper}, {link}", own


def _joined(groups: Sequence[Group]) -> str:
    return " and ".join(dict.fromkeys(group.path for group in groups))


def _follow(side: Sides, own: slice, below: Sides, links: tuple[NDArray[np.int64], ...]) -> None:
    """Switches of one group change sides where no more crosses then and all of what is below them is there."""
    u, v, bandwidth = links
    ours = np.zeros(side.size, dtype=bool)
    ours[own] = True
    if (ours[u] & ours[v]).any():
        return
    pull, under = np.zeros(side.size), np.zeros(side.size)
    for a, b in ((u, v), (v, u)):
        at = ours[a]
        signed = np.where(side[b[at]], bandwidth[at], -bandwidth[at])
        np.add.at(pull, a[at], signed)
        np.add.at(under, a[at], np.where(below[b[at]], signed, 0.0))
    side[ours & (pull >= 0) & (under > 0)] = True
    side[ours & (pull <= 0) & (under < 0)] = False


def _unrolled(network: Network, first: Connection, side: Sides) -> tuple[tuple[str, ...], tuple[Across, ...]]:
    """Sides and crossing links of a topology that was searched as a graph."""
    topology = topology_of(first)
    standing: list[str] = []
    here = topology.endpoints
    at = 0
    for group in first.left:
        count = int(size(group.count))
        standing += _placed(group, side[at : at + count], ())
        at += count
    for tier in topology.switch_tiers:
        standing.append(str(run(tier.name, side[here : here + tier.count])))
        here += tier.count
    return tuple(standing), tuple(row for one in network.inside for row in _crossed(network, one, side))


def _crossed(network: Network, connection: Connection, side: Sides) -> Iterator[Across]:
    """The links of a connection in the shape of a topology that cross."""
    assert connection.shape is not None
    topology, unit = topology_of(connection), unit_of(connection, "high")
    rows = topology.arrays()
    across = side[rows.u] != side[rows.v]
    for kind, count in enumerate(np.bincount(rows.kind[across], minlength=len(topology.bundles)).tolist()):
        bundle = topology.bundles[kind]
        if count:
            cables = count * bundle.cables
            label = f"{bundle.lower} to {bundle.upper}, {connection.link.name}"
            capacity = cables * bundle.bandwidth * unit
            yield Across(network.name, label, round(cables * connection.shape.each), capacity)


def _placed(group: Group, side: Sides, keys: tuple[str, ...]) -> Iterator[str]:
    """Sides of the instances of a group, in words: by plane where the wiring knows planes, else by the largest whole
    parts."""
    if keys:
        values = key_array(group, keys[0])
        found = [(f"{value:g}", side[values == value]) for value in np.unique(values).tolist()]
        name = group.path
        alike: list[tuple[list[str], str, Sides]] = []
        for value, own in found:
            shown = str(run(name, own))
            if alike and alike[-1][1] == shown:
                alike[-1][0].append(value)
            else:
                alike.append(([value], shown, own))
        for values_, _, own in alike:
            where = f"{keys[0]} {values_[0]}" + (f" to {values_[-1]}, each" if len(values_) > 1 else "")
            yield str(run(name, own, where))
        return
    counts = [int(size(slot.count)) for slot in group.slots]
    for depth in range(1, len(counts) + 1):
        units = side.reshape(math.prod(counts[:depth]), -1)
        if (units.all(axis=1) | ~units.any(axis=1)).all():
            names = ".".join(slot.name for slot in group.slots[:depth])
            along = group.slots[-1].name if depth < len(counts) else ""
            yield str(evolve(run(names, units[:, 0]), along=along))
            return


def run(part: str, side: Sides, where: str = "") -> PartSides:
    """The standing of a row of parts, whose sides have shape (parts,): so many on A, by number while that is short."""
    on_a = np.flatnonzero(side)
    which = ""
    if 0 < on_a.size < side.size:
        runs = np.split(on_a, np.flatnonzero(np.diff(on_a) > 1) + 1)
        if len(runs) <= MOST_RUNS:
            which = ", ".join(f"{r[0]:,} to {r[-1]:,}" if r.size > 1 else f"{r[0]:,}" for r in runs)
    return PartSides(part, int(on_a.size), int(side.size), where, which)


# ---- hierarchies that were not ---------------------------------------------------------------


@frozen(eq=False)
class _Names:
    """Names of the parts of a hierarchy in the design, by their accelerators: the parts that contain so many."""

    parts: Mapping[int, str]
    endpoint: str = "accelerators"

    @classmethod
    def of_endpoints(cls, first: Connection) -> "_Names":
        """The parts that hold the endpoints of a network, when they are all alike."""
        if len(first.left) != 1:
            return cls({}, " and ".join(group.path for group in first.left))
        group = first.left[0]
        counts = [int(size(slot.count)) for slot in group.slots]
        parts: dict[int, str] = {}
        for depth in range(1, len(counts)):
            parts.setdefault(math.prod(counts[depth:]), ".".join(slot.name for slot in group.slots[:depth]))
        return cls(parts, group.path)


def _stands(share: Share, names: _Names, where: str = "") -> Iterator[str]:
    """Sides of the parts of a hierarchy, in words, outermost first; of equal parts the first stand on A."""
    by_size: dict[int, list[tuple[Share, int]]] = {}
    for part, count in share.groups:
        by_size.setdefault(part.node.size, []).append((part, count))
    for held, groups in by_size.items():
        whole = sum(count for part, count in groups if part.on_a == held)
        total = sum(count for _, count in groups)
        if held == 1:
            yield str(_endpoints(whole, total, names, where))
            continue
        name = names.parts.get(held, f"groups of {held:,} {names.endpoint}")
        divided = [(part, count) for part, count in groups if 0 < part.on_a < held]
        if whole or not divided:
            yield str(_first(name, whole, total, where))
        at = whole
        for part, count in divided:
            span = f"in {name} {at:,}" if count == 1 else f"in each of {name} {at:,} to {at + count - 1:,}"
            at += count
            yield from _stands(part, names, f"{where + ', ' if where else ''}{span}")


def _tops(share: Share) -> str:
    """Sentence saying on which side the top switches are; without other switches they are all."""
    few = all(part.node.size == 1 for part, _ in share.groups)
    return f"all {'' if few else 'top '}switches on side {'A' if share.top_on_a else 'B'}"


def _endpoints(on_a: int, total: int, names: _Names, where: str) -> PartSides:
    """Endpoints that are alike, in the largest parts of the design that they fill."""
    for held, name in sorted(names.parts.items(), reverse=True):
        if on_a > 0 and on_a % held == 0 and total % held == 0 and held < total:
            return _first(name, on_a // held, total // held, where)
    return _first(names.endpoint, on_a, total, where)


def _first(part: str, on_a: int, total: int, where: str) -> PartSides:
    which = "" if on_a in (0, total) else "0" if on_a == 1 else f"0 to {on_a - 1:,}"
    return PartSides(part, on_a, total, where, which)


def _tally(share: Share, times: int, network: Network, names: _Names) -> Iterator[Across]:
    """Uplinks of a network that are cut."""
    for part, count in share.groups:
        if part.top_on_a != share.top_on_a and part.node.uplink:
            capacity = times * count * part.node.uplink
            label, rate = _uplink(part.node.size, network, names)
            yield Across(network.name, label, _counted(capacity, rate), capacity)
        yield from _tally(part, times * count, network, names)


def _uplink(held: int, network: Network, names: _Names) -> tuple[str, float]:
    """The name of the uplinks of a part with so many endpoints, and the rate of one, B/s."""
    name = names.parts.get(held, f"groups of {held:,}")
    plain = f"uplinks of {name}" if held > 1 else f"access of {names.endpoint}"
    first = network.inside[0]
    row = _class_of(topology_of(first), held)
    if row is None:
        return f"{plain}, {first.link.name}", 0.0
    lower, upper, bandwidth = row
    lower = _joined(first.left) if held == 1 else lower
    return f"{lower} to {upper}, {first.link.name}", bandwidth * rate_of(first, "high")


def _class_of(topology: Topology, held: int) -> tuple[str, str, float] | None:
    """The class of links by which subtrees of so many endpoints reach up."""
    structure: Structure | None = topology.structure
    if isinstance(structure, Planes):
        return _class_of(structure.planes[0], held)
    step = _step(structure, held)
    if step is None or step >= len(topology.link_classes):
        return None
    row = topology.link_classes[step]
    return row.lower, row.upper, row.bandwidth


def _step(structure: Structure | None, held: int) -> int | None:
    if isinstance(structure, LeafSpine):
        return min(1, held - 1)
    if isinstance(structure, Pods):
        leaves = {leaf for pod in structure.pods for leaf in pod}
        return 0 if held == 1 else 1 if held in leaves else 2
    if not isinstance(structure, Tree):
        return None
    below = 1
    for step, level in enumerate(structure.levels):
        if below == held:
            return step
        below *= level.down
    return None
