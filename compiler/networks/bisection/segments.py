"""The cut behind the upper end of a cut function that was never unrolled, in parts and crossing links that add up to it."""

import math
from collections.abc import Sequence

import numpy as np

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
    line_cost,
    segment_cost,
)
from compiler.networks.bisection.twisted_cut import TwistedCut
from compiler.networks.topologies.topology import ProductAxis
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
    n, order, taken, on = curve.endpoints, curve.axes, m, "A"
    orders = (lindsey_order(curve.axes),) if curve.is_exact else axis_orders(curve.axes)
    least = math.inf
    for each in orders:
        for count, side in ((m, "A"), (n - m, "B")):
            cost = float(segment_cost(each, np.array([count]))[0])
            if cost < least * (1 - TIE):
                least, order, taken, on = cost, each, count, side
    numbered = _numbers(curve.axes, order)
    counts = _crossing_lines(order, taken)
    crossing = [
        Crossing(_dimension(axis, number), round(cost / axis.bandwidth) if axis.bandwidth else 0, cost)
        for axis, number, cost in zip(order, numbered, counts, strict=True)
        if cost
    ]
    return (f"side {on}: {_coordinates(order, numbered, taken)}",), tuple(crossing)


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


def _crossing_lines(order: Sequence[ProductAxis], m: int) -> list[float]:
    """Capacity that crosses along each axis when the first m vertices in lexicographic order are on one side."""
    inner, left, costs = math.prod(axis.size for axis in order), m, []
    for axis in order:
        inner //= axis.size
        whole, left = divmod(left, inner)
        more, fewer = (float(line_cost(axis, np.array([x]))[0]) for x in (whole + 1, whole))
        costs.append(left * more + (inner - left) * fewer)
    return costs


def _coordinates(order: Sequence[ProductAxis], numbered: Sequence[int], m: int) -> str:
    """The first m vertices in lexicographic order: whole slices first, then what is left of the next one."""
    inner, left = math.prod(axis.size for axis in order), m
    fixed: list[str] = []
    said: list[str] = []
    for axis, number in zip(order, numbered, strict=True):
        inner //= axis.size
        whole, left = divmod(left, inner)
        if whole:
            span = f"x{number} = 0" if whole == 1 else f"x{number} in 0 to {whole - 1}"
            said.append(", ".join([*fixed, f"{span} of {axis.size}"]))
        fixed.append(f"x{number} = {whole}")
        if not left:
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
