"""Least cuts of hierarchies, from the sizes of their subtrees alone.

A folded Clos is a tree. Fix the sides of the leaves: what is above them falls into identical slices that touch the
leaves alike, each is minimised by itself, so all of them may take the same sides and count as one with their summed
capacity. Applied tier by tier, every XGFT, PGFT, leaf-spine and parallel star becomes a capacitated tree, exactly.

On such a tree, with the sides of all tops fixed, cost is linear in the endpoints a leaf gives to side A and concave
once the side of its top is free. Of two parts cut through at the same tier one can be made whole by exchange, so a
best cut divides at most one subtree of each tier (and those that contain it). That leaves a handful of candidates,
whatever the number of endpoints. Networks of a part's own (`overlay`) keep this while their cut is concave.
"""

from functools import lru_cache
from itertools import combinations

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from compiler.networks.bisection.curve import CutFunction, convex_minorant, minplus, minplus_power

Counts = NDArray[np.int64]
Costs = NDArray[np.float64]

ARRAY_LIMIT = 20_000  # endpoints up to which unlike parts are convolved as whole arrays
GRID_LIMIT = 2_000_000  # choices of whole parts that are looked at together
HULL_LIMIT = 1 << 17  # endpoints up to which a part's whole curve is laid out for its convex minorant
STRAYS_RANK = 4  # tiers up to which the candidates are complete: of higher ones not all strays are listed


@frozen(cache_hash=True)
class Subtree:
    """A part of a capacitated tree: `children` with their counts (none: an endpoint) below one merged switch.

    `uplink` is the capacity to the parent in one direction, infinite where the part has no switch of its own.
    `overlay` is a network of its own over the endpoints of this part.
    """

    children: tuple[tuple["Subtree", int], ...]
    uplink: float
    overlay: CutFunction | None = None
    size: int = field(init=False)
    rank: int | None = field(init=False)

    @size.default
    def _size(self) -> int:
        return sum(child.size * count for child, count in self.children) if self.children else 1

    @rank.default
    def _rank(self) -> int | None:
        """Tiers above the endpoints while all children of a vertex are alike and overlays concave, else None."""
        if not self.children:
            return 0
        if len(self.children) > 1 or (self.overlay is not None and not self.overlay.is_concave):
            return None
        below = self.children[0][0].rank
        return None if below is None else below + 1


def endpoint(bandwidth: float) -> Subtree:
    """One endpoint with its whole access capacity."""
    return Subtree((), bandwidth)


def grown(*children: tuple[Subtree, int], uplink: float = 0.0, overlay: CutFunction | None = None) -> Subtree:
    """A subtree from its children, empty ones dropped, like ones joined, non-blocking ones dissolved."""
    joined: dict[Subtree, int] = {}
    for child, count in children:
        for part, times in dissolved(child):
            if count * times and part.size:
                joined[part] = joined.get(part, 0) + count * times
    return Subtree(tuple(joined.items()), uplink, overlay)


def dissolved(node: Subtree) -> tuple[tuple[Subtree, int], ...]:
    """A switch that can carry all its endpoints at once never has them on the other side: they join its parent."""
    if node.rank == 1 and node.overlay is None:
        child, count = node.children[0]
        if node.uplink >= child.uplink * count:
            return node.children
    return ((node, 1),)


def is_exact(node: Subtree) -> bool:
    """True when `inside` is the least cost and not only the cost of the best candidate."""
    if node.rank is not None:
        return node.rank <= STRAYS_RANK
    if node.overlay is not None and not node.overlay.is_exact:
        return False
    if node.size <= ARRAY_LIMIT:
        return all(is_exact(child) for child, _ in node.children)
    if len(node.children) == 1:
        return False
    return _grid_size(node) <= GRID_LIMIT and all(_is_concave(child) for child, _ in node.children)


def _is_concave(node: Subtree) -> bool:
    return node.rank is not None and node.rank <= 1


def _grid_size(node: Subtree) -> int:
    return int(np.prod([float(count + 1) for _, count in node.children]))


def cut_cost(root: Subtree, m: Counts) -> Costs:
    """Cost of the best candidate that puts m of the endpoints on side A, shape of m."""
    cost = np.minimum(inside(root, m), inside(root, root.size - m))
    return cost + root.overlay.bounds(m)[1] if root.overlay is not None else cost


def seen(node: Subtree, k: Counts) -> Costs:
    """Cost of a part and its uplink with k of its endpoints on A and its parent on B, shape of k."""
    if not node.children:
        return np.asarray(node.uplink * k, dtype=np.float64)
    cost = inside(node, k)
    if np.isfinite(node.uplink):
        cost = np.minimum(cost, node.uplink + inside(node, node.size - k))
    if node.overlay is not None:
        cost = cost + node.overlay.bounds(k)[1]
    return cost


def inside(node: Subtree, k: Counts) -> Costs:
    """Cost below a top that stands on B with k of the endpoints on A, shape of k."""
    if node.rank is None:
        if node.size <= ARRAY_LIMIT:
            return _whole(node)[k]
        return np.array([_total(_mixed(node, int(x))) for x in np.ravel(k)]).reshape(np.shape(k))
    return np.asarray(_divided(node, k)[0].min(axis=0))


def _divided(node: Subtree, k: Counts) -> tuple[Costs, Counts, Counts, list[tuple[Counts, ...]]]:
    """Candidate divisions of k among like children, one a row: cost, whole children on A, the rest, the strays."""
    child, count = node.children[0]
    size, rank = child.size, child.rank or 0
    strays = _strays(child, k) if rank >= 2 else []
    stray_costs = list(seen(child, np.stack(strays))) if strays else []
    chosen = [c for taken in range(max(1, rank)) for c in combinations(range(len(strays)), taken)]
    zero = np.zeros(np.shape(k), dtype=np.int64)
    rest = np.asarray(k - np.stack([sum((strays[i] for i in c), zero) for c in chosen]))
    taken = np.array([len(c) for c in chosen]).reshape(-1, *(1,) * np.ndim(k))
    whole, part = np.maximum(rest, 0) // size, np.maximum(rest, 0) % size
    possible = (rest >= 0) & (whole + taken + (part > 0) <= count)
    cost = np.stack([sum((stray_costs[i] for i in c), zero.astype(np.float64)) for c in chosen])
    cost = cost + whole * seen(child, np.array([size]))[0] + seen(child, part)
    return np.where(possible, cost, np.inf), whole, part, [tuple(strays[i] for i in c) for c in chosen]


def _strays(node: Subtree, k: Counts) -> list[Counts]:
    """Endpoints of A in a subtree of this tier that is cut through only because a divided smaller one is in it."""
    child, count = node.children[0]
    if (child.rank or 0) < 1:
        return []
    if child.rank == 1:
        part = k % child.size
        return [part, node.size - child.size + part]
    if child.rank is not None and child.rank > 2:
        return []
    sums: list[tuple[Counts, int]] = [(k % child.size, 1)]
    for stray in _strays(child, k):
        other = (k - stray) % child.size
        sums += [(stray, 1), (other, 1), (stray + other, 2)]
    return [value for part, used in sums for value in (part, part + max(0, count - used) * child.size)]


@lru_cache(maxsize=64)
def _whole(node: Subtree) -> Costs:
    """`inside` for every k of a tree with unlike parts, by (min,+) convolution, shape (size + 1,)."""
    total = np.zeros(1)
    for child, count in node.children:
        total = minplus(total, minplus_power(_seen_whole(child), count))
    return total


def _seen_whole(child: Subtree) -> Costs:
    return seen(child, np.arange(child.size + 1))


def _mixed(node: Subtree, k: int) -> list[tuple[Subtree, int, int]]:
    """The best division of k among unlike children with at most one cut through."""
    if _grid_size(node) > GRID_LIMIT:
        return _greedy(node, k)
    counts = [count for _, count in node.children]
    grids = np.meshgrid(*(np.arange(count + 1) for count in counts), indexing="ij")
    whole = [grid.ravel() for grid in grids]
    rest, cost = np.full(whole[0].shape, k), np.zeros(whole[0].shape)
    for (child, _), taken in zip(node.children, whole, strict=True):
        rest = rest - child.size * taken
        cost = cost + float(seen(child, np.array([child.size]))[0]) * taken
    best: tuple[float, list[tuple[Subtree, int, int]]] = (np.inf, [])
    for i, (child, count) in enumerate(node.children):
        open_ = np.flatnonzero((rest >= 0) & (rest < child.size) & ((whole[i] < count) | (rest == 0)))
        if not open_.size:
            continue
        total = cost[open_] + seen(child, rest[open_])
        at = int(np.argmin(total))
        if total[at] < best[0]:
            row = open_[at]
            pieces = [(c, c.size, int(w[row])) for (c, _), w in zip(node.children, whole, strict=True)]
            best = (float(total[at]), [*pieces, (child, int(rest[row]), 1)])
    return best[1]


def _greedy(node: Subtree, k: int) -> list[tuple[Subtree, int, int]]:
    """Whole children on A in the order of their cost an endpoint, and one cut through for the rest."""
    prices = [
        (float(seen(child, np.array([child.size]))[0]) / child.size, i) for i, (child, _) in enumerate(node.children)
    ]
    pieces, partial = [], []
    for _, i in sorted(prices):
        child, count = node.children[i]
        whole = min(count, k // child.size)
        k -= whole * child.size
        pieces.append((child, child.size, whole))
        partial += [child] if whole < count else []
    if k:
        open_ = [child for child in partial if child.size > k]
        pieces.append((min(open_, key=lambda child: float(seen(child, np.array([k]))[0])), k, 1))
    return pieces


def _total(pieces: list[tuple[Subtree, int, int]]) -> float:
    if not pieces:
        return np.inf
    return sum(float(seen(part, np.array([on_a]))[0]) * count for part, on_a, count in pieces if count)


@frozen
class Share:
    """A division of one subtree: endpoints on A, whether its top stands on A, and its children by like shares."""

    node: Subtree
    on_a: int
    top_on_a: bool
    groups: tuple[tuple["Share", int], ...] = ()


def division(root: Subtree, m: int) -> Share:
    """The cut behind `cut_cost` at m, as shares from the top down."""
    near, far = (float(inside(root, np.array([x]))[0]) for x in (m, root.size - m))
    return _share(root, m, top_on_a=far < near)


def _share(node: Subtree, on_a: int, *, top_on_a: bool) -> Share:
    if not node.children:
        return Share(node, on_a, bool(on_a))
    away = node.size - on_a if top_on_a else on_a
    used: dict[Subtree, int] = {}
    groups = []
    for part, taken, count in _pieces(node, away):
        if count:
            used[part] = used.get(part, 0) + count
            groups.append((_child_share(part, taken, parent_on_a=top_on_a), count))
    for child, count in node.children:
        if count > used.get(child, 0):
            groups.append((_child_share(child, 0, parent_on_a=top_on_a), count - used.get(child, 0)))
    return Share(node, on_a, top_on_a, tuple(groups))


def _child_share(node: Subtree, away: int, *, parent_on_a: bool) -> Share:
    """The share of a child with `away` endpoints on the side its parent is not on."""
    on_a = node.size - away if parent_on_a else away
    if not node.children:
        return Share(node, on_a, bool(on_a))
    follow, leave = (float(inside(node, np.array([x]))[0]) for x in (away, node.size - away))
    return _share(node, on_a, top_on_a=parent_on_a if follow <= node.uplink + leave else not parent_on_a)


def _pieces(node: Subtree, k: int) -> list[tuple[Subtree, int, int]]:
    """The best division of k among the children of a top that stands on the other side."""
    if node.rank is None:
        return _traced(node, k) if node.size <= ARRAY_LIMIT else _mixed(node, k)
    cost, whole, part, chosen = _divided(node, np.array([k]))
    best, child = int(np.argmin(cost[:, 0])), node.children[0][0]
    pieces = [(child, child.size, int(whole[best, 0])), (child, int(part[best, 0]), 1)]
    pieces += [(child, int(stray[0]), 1) for stray in chosen[best]]
    return [piece for piece in pieces if piece[1] and piece[2]]


def _traced(node: Subtree, k: int) -> list[tuple[Subtree, int, int]]:
    """The division behind `_whole`, found by undoing its convolutions."""
    prefix = [np.zeros(1)]
    powers = [minplus_power(_seen_whole(child), count) for child, count in node.children]
    for power in powers:
        prefix.append(minplus(prefix[-1], power))
    pieces: list[tuple[Subtree, int, int]] = []
    for (child, count), power, before in reversed(list(zip(node.children, powers, prefix, strict=False))):
        taken = _last_share(before, power, k)
        k -= taken
        shares = _copies(_seen_whole(child), count, taken)
        pieces += [(child, one, times) for one, times in shares.items() if one]
    return pieces


def _copies(costs: Costs, count: int, k: int) -> dict[int, int]:
    """Division of k among `count` like parts: how many take how much."""
    if count == 1 or k == 0:
        return {k: 1}
    half = count // 2
    few, many = minplus_power(costs, half), minplus_power(costs, count - half)
    taken = _last_share(few, many, k)
    shares = _copies(costs, count - half, taken)
    for one, times in _copies(costs, half, k - taken).items():
        shares[one] = shares.get(one, 0) + times
    return shares


def _last_share(before: Costs, last: Costs, k: int) -> int:
    """The part of k that the last curve takes in a (min,+) convolution of two."""
    taken = np.arange(max(0, k - before.size + 1), min(last.size - 1, k) + 1)
    return int(taken[np.argmin(last[taken] + before[k - taken])])


def inside_at_least(node: Subtree, k: Counts) -> Costs:
    """A lower end of `inside`: convex minorants of the children, joined by merging their slopes, shape of k."""
    if is_exact(node):
        return inside(node, k)
    if sum(count for _, count in node.children) == 1 and node.size <= HULL_LIMIT:
        return _seen_at_least(node.children[0][0])[k]
    steps: list[tuple[float, int]] = []
    for child, count in node.children:
        if child.size > HULL_LIMIT:
            return np.zeros(np.shape(k))
        x, y = convex_minorant(_seen_at_least(child))
        lengths, rises = np.diff(x), np.diff(y)
        steps += [(float(r / w), int(w) * count) for w, r in zip(lengths, rises, strict=True)]
    steps.sort()
    at = np.concatenate([[0], np.cumsum([width for _, width in steps])])
    value = np.concatenate([[0.0], np.cumsum([slope * width for slope, width in steps])])
    return np.asarray(np.interp(k, at, value), dtype=np.float64)


def _seen_at_least(child: Subtree) -> Costs:
    k = np.arange(child.size + 1)
    if not child.children:
        return child.uplink * k.astype(np.float64)
    cost = inside_at_least(child, k)
    if np.isfinite(child.uplink):
        cost = np.minimum(cost, child.uplink + cost[::-1])
    return cost + child.overlay.bounds(k)[0] if child.overlay is not None else cost


@frozen
class HierarchyCut:
    """The cut function of a capacitated tree; a root without an uplink joins islands that share nothing."""

    root: Subtree

    @property
    def endpoints(self) -> int:
        return self.root.size

    @property
    def is_exact(self) -> bool:
        return is_exact(self.root)

    @property
    def is_concave(self) -> bool:
        return self.root.rank == 1

    @property
    def method(self) -> tuple[str, str]:
        below = "(min,+) over the subtrees" if self.is_exact else "convex minorants merged by slope, or hose routing"
        return below, "whole subtrees and at most one divided in each tier"

    def bounds(self, m: Counts) -> tuple[Costs, Costs]:
        upper = cut_cost(self.root, m)
        if self.is_exact:
            return upper, upper
        n, root = self.endpoints, self.root
        lower = np.minimum(inside_at_least(root, m), inside_at_least(root, n - m))
        lower = np.maximum(lower, self.hose * np.minimum(m, n - m))
        if root.overlay is not None:
            lower = lower + root.overlay.bounds(m)[0]
        return np.minimum(lower, upper), upper

    @property
    def hose(self) -> float:
        """The rate that every endpoint can send at once under even splitting, whoever receives: least uplink per endpoint."""
        return _least_share(self.root, at_top=True)

    def lower(self, m: Counts) -> Costs:
        return self.bounds(m)[0]

    def prefix(self, m: Counts) -> Costs:
        if not _keeps_order(self.root):
            return np.full(np.shape(m), np.inf)
        flat = np.ravel(m)
        costs = [min(_prefix_cost(self.root, int(x))) for x in flat]
        return np.array(costs, dtype=np.float64).reshape(np.shape(m))


def _least_share(node: Subtree, *, at_top: bool = False) -> float:
    own = np.inf if at_top else node.uplink / node.size
    return min([own, *(_least_share(child) for child, _ in node.children)])


def _keeps_order(node: Subtree) -> bool:
    """True when equal children were never gathered across unlike ones, so that the first m endpoints are the first."""
    return len(node.children) <= 1 and all(_keeps_order(child) for child, _ in node.children)


def _prefix_cost(node: Subtree, m: int) -> tuple[float, float]:
    """Cost below a top on A, and on B, when exactly the first m endpoints are on A."""
    if not node.children:
        return (0.0, np.inf) if m else (np.inf, 0.0)
    on_a = on_b = 0.0
    if node.overlay is not None:
        on_a = on_b = float(node.overlay.prefix(np.array([m]))[0])
    left = m
    for child, count in node.children:
        whole, part = divmod(min(left, child.size * count), child.size)
        left -= whole * child.size + part
        for times, inner in ((whole, child.size), (int(part > 0), part), (count - whole - (part > 0), 0)):
            if times:
                a, b = _prefix_cost(child, inner)
                on_a += times * min(a, b + child.uplink)
                on_b += times * min(b, a + child.uplink)
    return on_a, on_b
