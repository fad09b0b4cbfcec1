"""The cut behind the upper end of a cut function that was never unrolled, in parts and crossing links that add up to it."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.bisection.bound import Crossing, meets
from compiler.networks.bisection.curve import Beside, CutFunction, FullMesh
from compiler.networks.bisection.cut_summary import share_crossing, share_parts
from compiler.networks.bisection.dragonfly_cut import DragonflyFabric
from compiler.networks.bisection.hierarchy import HierarchyCut, division
from compiler.networks.bisection.hub_cut import HubCut
from compiler.networks.bisection.product_cut import (
    Hung,
    ProductCut,
    axis_orders,
    lindsey_order,
    line_links,
    segment_cost,
    slices_cost,
    starts,
)
from compiler.networks.bisection.twisted_cut import TwistedCut
from compiler.networks.topologies.topology import Product, ProductAxis
from compiler.numerics.tolerances import MEETING, TIE

Shown = tuple[tuple[str, ...], tuple[Crossing, ...]]
"""Places of the parts, in words, and the links that cross, by class."""


def shown_cut(curve: CutFunction, m: int, upper: float) -> Shown | None:
    """A cut of `curve` with m endpoints on side A whose links come to `upper`, its upper end at m; None where the
    structure does not tell it by parts."""
    found = _shown(curve, m, upper)
    crossing = math.fsum(row.capacity for row in found[1]) if found else math.inf
    return found if found and (crossing == upper or meets(min(crossing, upper), max(crossing, upper))) else None


def _shown(curve: CutFunction, m: int, upper: float) -> Shown | None:
    if isinstance(curve, FullMesh):
        return _any(curve, m)
    if isinstance(curve, ProductCut):
        return _segment(curve, m)
    if isinstance(curve, Hung):
        return _hung(curve, m, upper)
    if isinstance(curve, HubCut):
        return _corner(curve, m)
    if isinstance(curve, TwistedCut):
        return _columns(curve, m)
    if isinstance(curve, DragonflyFabric):
        return _groups(curve, m, upper)
    if isinstance(curve, HierarchyCut):
        share = division(curve.root, m)
        return share_parts(share), share_crossing(share)
    return _beside(curve, m) if isinstance(curve, Beside) else None


def _any(curve: FullMesh, m: int) -> Shown:
    n = curve.endpoints
    pairs = m * (n - m)
    return (f"any {m:,} of {n:,} on side A",), (Crossing("links of the full mesh", pairs, pairs * curve.bandwidth),)


def _segment(curve: ProductCut, m: int) -> Shown:
    """The first m vertices in the best order of the axes, the first axis slowest."""
    order, taken, on = _best_segment(curve, m)
    numbered = _numbers(curve.axes, order)
    crossing = [
        Crossing(f"{_dimension(axis, number)}{where}", count, count * rate)
        for run, number in zip(runs(order, taken), numbered, strict=True)
        for axis, (where, rate), count in run.crossing()
        if count
    ]
    return (f"side {on}: {_coordinates(order, numbered, taken)}",), tuple(crossing)


def _best_segment(curve: ProductCut, m: int) -> tuple[tuple[ProductAxis, ...], int, str]:
    """The order of the axes whose first vertices cut least, how many of them, and on which side they are."""
    n, order, taken, on = curve.endpoints, curve.axes, m, "A"
    orders = (lindsey_order(curve.axes),) if curve.is_exact else axis_orders(curve.axes)
    least = math.inf
    for each in orders:
        for count, side in ((m, "A"), (n - m, "B")):
            cost = float(segment_cost(each, np.array([count]))[0])
            if cost < least * (1 - TIE):
                least, order, taken, on = cost, each, count, side
    return order, taken, on


def product_side(structure: Product, m: int) -> NDArray[np.bool_]:
    """Side A of the cheapest initial segment with m of the vertices of a product, shape (vertices,), in their numbering."""
    curve = ProductCut(structure.axes)
    order, taken, on = _best_segment(curve, m)
    block = structure.block or tuple(axis.size for axis in structure.axes)
    rank = np.zeros(curve.endpoints, dtype=np.int64)
    for run, place in zip(runs(order, taken), _numbers(curve.axes, order), strict=True):
        rank = rank * run.axis.size + (_coordinate(structure, block, place) - run.start) % run.axis.size
    side = rank < taken
    return np.asarray(side if on == "A" else ~side)


def _coordinate(structure: Product, block: tuple[int, ...], place: int) -> NDArray[np.int64]:
    """The coordinate of every vertex along one axis, shape (vertices,)."""
    sizes = [axis.size for axis in structure.axes]
    number = np.arange(math.prod(sizes))
    inner, outer = math.prod(block[place + 1 :]), math.prod(block)
    after = zip(sizes[place + 1 :], block[place + 1 :], strict=True)
    outer *= math.prod(size // run for size, run in after)
    return number // inner % block[place] + number // outer % (sizes[place] // block[place]) * block[place]


def _numbers(axes: Sequence[ProductAxis], order: Sequence[ProductAxis]) -> list[int]:
    """The place in `axes` of each axis of `order`; like axes in turn."""
    free = list(range(len(axes)))
    found = []
    for axis in order:
        place = next(place for place in free if axes[place] == axis)
        free.remove(place)
        found.append(place)
    return found


def _dimension(axis: ProductAxis, number: int) -> str:
    return f"links along x{number} ({axis.kind} of {axis.size})"


@frozen
class Run:
    """Whole slices along an axis, each of `size` vertices, from `start` on, and `left` vertices of the next one."""

    axis: ProductAxis
    start: int
    whole: int
    left: int
    size: int

    def crossing(self) -> Iterator[tuple[ProductAxis, tuple[str, float], int]]:
        """The links that cross along the axis by kind: where they run and their bandwidth, and how many."""
        more, fewer = (line_links(self.axis, np.array([x]), self.start) for x in (self.whole + 1, self.whole))
        words = ("within blocks", "between blocks") if self.axis.block else ("", "")
        for kind, rate in enumerate((self.axis.bandwidth, self.axis.between)):
            said = f", {words[kind]}" if words[kind] else ""
            yield self.axis, (said, rate), int(self.left * more[kind][0] + (self.size - self.left) * fewer[kind][0])

    def places(self, count: int) -> str:
        """So many slices in words: `0 to 3`, also around the end of a ring."""
        first, last = self.start % self.axis.size, (self.start + count - 1) % self.axis.size
        if count == 1:
            return f"= {first}"
        if last < first:
            return f"in {first} to {self.axis.size - 1} and 0 to {last}"
        return f"in {first} to {last}"


def runs(order: Sequence[ProductAxis], m: int) -> list[Run]:
    """The first m vertices in lexicographic order, begun along each axis where the cut is least."""
    inner, left, found = math.prod(axis.size for axis in order), m, []
    for axis in order:
        inner //= axis.size
        whole, left = divmod(left, inner)
        cost = [float(slices_cost(axis, np.array([whole]), np.array([left]), inner, x)[0]) for x in starts(axis)]
        found.append(Run(axis, starts(axis)[int(np.argmin(cost))], whole, left, inner))
    return found


def _coordinates(order: Sequence[ProductAxis], numbered: Sequence[int], m: int) -> str:
    """The first m vertices in lexicographic order: whole slices first, then what is left of the next one."""
    fixed: list[str] = []
    said: list[str] = []
    for run, number in zip(runs(order, m), numbered, strict=True):
        if run.whole:
            span = f"x{number} {run.places(run.whole)}"
            said.append(", ".join([*fixed, f"{span} of {run.axis.size}"]))
        fixed.append(f"x{number} = {(run.start + run.whole) % run.axis.size}")
        if not run.left:
            break
    return "; ".join(said) or "nothing"


def _hung(curve: Hung, m: int, best: float) -> Shown | None:
    """So many switches on A, with single endpoints moved until there are m."""
    switches = np.arange(curve.fabric.endpoints + 1)
    moved = np.abs(curve.each * switches - m)
    low = curve.fabric.lower(switches) + curve.bandwidth * moved
    near = [m // curve.each, min(m // curve.each + 1, curve.fabric.endpoints)]
    rest = np.flatnonzero(low <= best * (1 + MEETING))
    for j in dict.fromkeys([*near, *rest[np.argsort(low[rest], kind="stable")[:64]].tolist()]):
        cost = float(curve.fabric.bounds(np.array([j]))[1][0])
        if cost + curve.bandwidth * float(moved[j]) <= best * (1 + MEETING) + TIE:
            inner = _shown(curve.fabric, int(j), cost)
            if inner is None:
                return None
            parts = (
                f"{j:,} of {curve.fabric.endpoints:,} switches on side A with their {curve.each:,} each",
                *inner[0],
            )
            if not moved[j]:
                return parts, inner[1]
            way = "to A" if m > curve.each * j else "to B"
            access = Crossing("access", int(moved[j]), curve.bandwidth * float(moved[j]))
            return (*parts, f"{int(moved[j]):,} endpoints moved {way}, away from their switch"), (*inner[1], access)
    return None


def _corner(curve: HubCut, m: int) -> Shown:
    """The first vertices by the largest of their first digits."""
    way, counts = curve.crossing(m)
    few = min(m, curve.endpoints - m)
    order = "in the order of their numbers" if way == 1 else f"by the largest of their first {way} digits"
    rows = (Crossing(f"links of digit {at}", count, count * curve.bandwidth) for at, count in enumerate(counts))
    return (f"{few:,} of {curve.endpoints:,} on one side, {order}",), tuple(row for row in rows if row.count)


def _columns(curve: TwistedCut, m: int) -> Shown:
    """The first columns of the long axis, and the first vertices of the next one."""
    n, a = curve.endpoints, curve.short
    taken, side = min(((m, "A"), (n - m, "B")), key=lambda way: float(curve.prefix(np.array([way[0]]))[0]))
    whole, part = divmod(taken, a)
    said = f"side {side}: {whole:,} of {2 * a:,} columns of {a:,} along the long axis"
    said += f" and {part:,} of the {a:,} vertices of the next" if part else ""
    names = ("links between columns", "links within a column", "links past the twist")
    counts = [int(found) for found in curve.crossing(np.array(taken))]
    rows = (Crossing(name, count, count * curve.bandwidth) for name, count in zip(names, counts, strict=True))
    return (said,), tuple(row for row in rows if row.count)


def _groups(curve: DragonflyFabric, m: int, best: float) -> Shown:
    """Whole groups and the first routers of the next one, or every group cut in two."""
    for count, side in ((m, "A"), (curve.endpoints - m, "B")):
        if float(curve.prefix(np.array([count]))[0]) <= best * (1 + MEETING):
            whole, part = divmod(count, curve.size)
            local = part * (curve.size - part)
            far = round((best - curve.local * local) / curve.far)
            said = f"side {side}: {whole:,} of {curve.groups:,} groups"
            said += f" and {part:,} of the {curve.size:,} routers of the next" if part else ""
            return (said,), _by_reach(curve, local, far)
    local = curve.groups * (curve.size // 2) * (curve.size - curve.size // 2)
    far = round((best - curve.local * local) / curve.far)
    return ("every group cut in two, its first routers on one side",), _by_reach(curve, local, far)


def _by_reach(curve: DragonflyFabric, local: int, far: int) -> tuple[Crossing, ...]:
    rows = (Crossing("local links", local, curve.local * local), Crossing("global links", far, curve.far * far))
    return tuple(row for row in rows if row.count)


def _beside(curve: Beside, m: int) -> Shown | None:
    """Equal planes are cut alike."""
    shown = [_shown(plane, m, float(plane.bounds(np.array([m]))[1][0])) for plane in curve.planes]
    known = [found for found in shown if found is not None]
    if len(known) < len(shown):
        return None
    if curve.twins:
        parts, crossing = known[0]
        many = len(known)
        rows = tuple(Crossing(f"{c.links}, {many} planes", c.count * many, c.capacity * many) for c in crossing)
        return (*parts, f"alike in all {many} planes"), rows
    rows = tuple(
        Crossing(f"{c.links} of plane {i}", c.count, c.capacity) for i, (_, found) in enumerate(known) for c in found
    )
    return tuple(f"plane {i}: {part}" for i, (parts, _) in enumerate(known) for part in parts), rows
