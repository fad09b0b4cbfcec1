"""Least cuts of hierarchies, from the sizes of their subtrees alone.

A folded Clos is a tree. Fix the sides of the leaves: what is above them falls into identical slices that touch the
leaves alike, each is minimised by itself, so all of them may take the same sides and count as one with their summed
capacity. Applied tier by tier, every XGFT, PGFT, leaf-spine and parallel star becomes a capacitated tree, exactly.

On such a tree, with the sides of all tops fixed, cost is linear in the endpoints a leaf gives to side A and concave
once the side of its top is free. Of two parts cut through at the same tier one can be made whole by exchange, so a
best cut divides at most one subtree of each tier (and those that contain it). In a low tree of like parts that leaves a
handful of candidates, whatever the number of endpoints. Elsewhere the children of a part share out its endpoints by
(min,+) powers of their tables.
"""

from itertools import combinations
from weakref import WeakKeyDictionary

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from compiler.networks.bisection.capacitated_tree import Share, Subtree
from compiler.networks.bisection.dealing import Dealing
from compiler.networks.bisection.least_dealing import CONVOLVED, least_dealing
from compiler.networks.bisection.lower_hull import hull
from compiler.networks.bisection.min_plus import convolved, cost_of_power, power

Counts = NDArray[np.int64]
Costs = NDArray[np.float64]

TABULATED = 2e9  # steps that the tables of a tree may take
HULL_LIMIT = 1 << 17  # endpoints up to which a part's whole curve is laid out for its convex minorant
STRAYS_RANK = 4  # tiers up to which the candidates are complete: of higher ones not all strays are listed
QUICK_RANK = 3  # tiers up to which the candidates are few
QUICK_SIZE = 4096  # endpoints of a part whose table is made for a single number of them


def is_exact(node: Subtree) -> bool:
    """True when `inside` is the least cost for every number of endpoints, and not only that of the best division found."""
    return node.is_like(STRAYS_RANK) or (node.size <= CONVOLVED and _is_tabulated(node))


def cut_cost(root: Subtree, m: Counts) -> Costs:
    """Cost of the best division found that puts m of the endpoints on side A, shape of m."""
    return np.minimum(inside(root, m), inside(root, root.size - m))


def seen(node: Subtree, k: Counts) -> Costs:
    """Cost of a part and its uplink with k of its endpoints on A and its parent on B, shape of k."""
    if not node.children:
        return np.asarray(node.uplink * k, dtype=np.float64)
    cost = inside(node, k)
    return np.minimum(cost, node.uplink + inside(node, node.size - k)) if np.isfinite(node.uplink) else cost


def inside(node: Subtree, k: Counts) -> Costs:
    """Cost below a top that stands on B with k of the endpoints on A, shape of k: the best found, if not all are tried."""
    if _is_listed(node):
        return np.asarray(_divided(node, k)[0].min(axis=0))
    if not _is_tabulated(node):
        return np.array([_total(_greedy(node, int(x))) for x in np.ravel(k)]).reshape(np.shape(k))
    if np.size(k) > node.size or node.size <= QUICK_SIZE:
        return _table(node)[k]
    return np.array([_dealing(node, int(x)).upper for x in np.ravel(k)]).reshape(np.shape(k))


def _is_listed(node: Subtree) -> bool:
    """True for a part whose divisions are taken from the list of candidates: its tables would take longer, or too long."""
    if node.size > QUICK_SIZE and node.is_like(QUICK_RANK):
        return True
    return node.is_like(1) or (node.rank is not None and not _is_tabulated(node))


# ---- tables ------------------------------------------------------------------------------------


@define(eq=False)
class _Tabulated:
    """Knowledge of a part: if its tables are within the budget, `inside` for every k, shape (size + 1,), and the best
    divisions of single k."""

    is_possible: bool
    table: Costs | None = None
    dealings: dict[int, Dealing] = field(factory=dict)


_tabulated: "WeakKeyDictionary[Subtree, _Tabulated]" = WeakKeyDictionary()


def _known(node: Subtree) -> _Tabulated:
    found = _tabulated.get(node)
    if found is None:
        found = _tabulated[node] = _Tabulated(_tabulation(node) <= TABULATED)
    return found


def _is_tabulated(node: Subtree) -> bool:
    """True when the tables of all parts below a node, and one division among its children, are within the budget."""
    return _known(node).is_possible


def _tabulation(node: Subtree) -> float:
    """The most steps for the tables of the parts below a node, those of each unlike part once, and one division by them."""
    kinds: set[Subtree] = set()
    todo = [child for child, _ in node.children]
    steps = float(max((child.size for child in todo), default=0)) ** 2
    while todo:
        part = todo.pop()
        if part in kinds or not part.children:
            continue
        kinds.add(part)
        steps += _table_steps(part)
        if steps > TABULATED:
            break
        todo += [child for child, _ in part.children]
    return steps


def _table_steps(node: Subtree) -> float:
    """The most steps for the table of a part from those of its children."""
    steps, size = 0.0, 0
    for child, count in node.children:
        steps += cost_of_power(child.size, count) if count > 1 else 0.0
        steps += float(size) * child.size * count
        size += child.size * count
    return steps


def _table(node: Subtree) -> Costs:
    """`inside` for every k, shape (size + 1,)."""
    known = _known(node)
    if known.table is None:
        known.table = np.zeros(1)
        for child, count in node.children:
            known.table = convolved(known.table, power(_seen_table(child), count))
    return known.table


def _seen_table(child: Subtree) -> Costs:
    """`seen` for every k, shape (size + 1,)."""
    if not child.children:
        return np.array([0.0, child.uplink])
    cost = _table(child)
    return np.minimum(cost, child.uplink + cost[::-1]) if np.isfinite(child.uplink) else cost


def _dealing(node: Subtree, k: int) -> Dealing:
    """The best division of k endpoints of side A among the children of a top that stands on B."""
    known = _known(node).dealings
    if k not in known:
        known[k] = least_dealing([(_seen_table(child), count) for child, count in node.children], k)
    return known[k]


# ---- candidates --------------------------------------------------------------------------------


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
    if not _is_listed(node):
        if not _is_tabulated(node):
            return _greedy(node, k)
        shares = zip(node.children, _dealing(node, k).dealt, strict=True)
        return [(child, one, times) for (child, _), dealt in shares for one, times in dealt.items() if one]
    cost, whole, part, chosen = _divided(node, np.array([k]))
    best, child = int(np.argmin(cost[:, 0])), node.children[0][0]
    pieces = [(child, child.size, int(whole[best, 0])), (child, int(part[best, 0]), 1)]
    pieces += [(child, int(stray[0]), 1) for stray in chosen[best]]
    return [piece for piece in pieces if piece[1] and piece[2]]


# ---- lower ends --------------------------------------------------------------------------------


def inside_at_least(node: Subtree, k: Counts) -> Costs:
    """A lower end of `inside`, shape of k: by tables, else by convex minorants of the children, their slopes merged."""
    if is_exact(node):
        return inside(node, k)
    if _is_tabulated(node) and np.size(k) <= node.size:
        return np.array([_dealing(node, int(x)).lower for x in np.ravel(k)]).reshape(np.shape(k))
    if sum(count for _, count in node.children) == 1 and node.size <= HULL_LIMIT:
        return _seen_at_least(node.children[0][0])[k]
    steps: list[tuple[float, int]] = []
    for child, count in node.children:
        if child.size > HULL_LIMIT:
            return np.zeros(np.shape(k))
        row = _seen_at_least(child)
        x = np.array(hull(row))
        lengths, rises = np.diff(x), np.diff(row[x])
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
    return np.minimum(cost, child.uplink + cost[::-1]) if np.isfinite(child.uplink) else cost


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
    def method(self) -> tuple[str, str]:
        is_tried = self.is_exact or _is_tabulated(self.root)
        below = "(min,+) over the subtrees" if is_tried else "convex minorants merged by slope, or hose routing"
        return below, "whole subtrees and at most one divided in each tier"

    def bounds(self, m: Counts) -> tuple[Costs, Costs]:
        upper = cut_cost(self.root, m)
        if self.is_exact:
            return upper, upper
        n, root = self.endpoints, self.root
        lower = np.minimum(inside_at_least(root, m), inside_at_least(root, n - m))
        lower = np.maximum(lower, self.hose * np.minimum(m, n - m))
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
