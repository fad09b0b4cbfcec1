"""A reduced network that is a tree of switches, read as a hierarchy; and a division of it laid back on the network."""

from collections import defaultdict

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from compiler.networks.bisection.capacitated_tree import Share, Subtree, dissolved, endpoint, grown
from compiler.networks.bisection.folding import Folded
from compiler.networks.topologies.connectivity import islands

Ints = NDArray[np.int64]
DEEPEST = 64  # switches one above another in what is read as a hierarchy: a chain is left to other methods


@define(eq=False)
class Branch:
    """A subtree of the network: its hierarchy, and what stands for each child (branches, or endpoint vertices)."""

    subtree: Subtree
    groups: dict[Subtree, list["Branch | int"]] = field(factory=dict)


@frozen(eq=False)
class Forest:
    """A network read as a hierarchy: `whole` joins its islands; `before` (core,) is each switch's parent or -1, in
    `order` from the roots down, with `uplink` (core,) to it."""

    net: Folded
    whole: Branch
    before: Ints
    order: Ints
    uplink: NDArray[np.float64]


def forest(net: Folded) -> Forest | None:
    """The hierarchy of a network whose endpoints have one switch each and whose switches form trees, else None."""
    c = net.core.size
    if not c or net.weights.any() or any(near.size != 1 for near in net.neighbours):
        return None
    links: list[dict[int, float]] = [{} for _ in range(c)]
    for a, b, capacity in zip(net.u.tolist(), net.v.tolist(), net.capacity.tolist(), strict=True):
        links[a][b] = links[b][a] = capacity
    if net.u.size != c - (int(islands(c, net.u, net.v).max()) + 1):
        return None
    before, order, uplink = _rooted(links)
    if _depth(before, order) > DEEPEST:
        return None
    return Forest(net, _grown(net, before, order, uplink), before, order, uplink)


def _rooted(links: list[dict[int, float]]) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Parents, an order from the roots down, and uplinks; the root of a tree is its centre (peeled from the leaves)."""
    degree = [len(row) for row in links]
    peeled: list[int] = []
    gone = [False] * len(links)
    ring = [i for i, d in enumerate(degree) if d <= 1]
    while ring:
        following = []
        for x in ring:
            if gone[x]:
                continue
            gone[x] = True
            peeled.append(x)
            for y in links[x]:
                degree[y] -= 1
                if not gone[y] and degree[y] == 1:
                    following.append(y)
        ring = following
    before, uplink = np.full(len(links), -1), np.zeros(len(links))
    place = {x: i for i, x in enumerate(peeled)}
    for x in peeled:
        later = [y for y in links[x] if place[y] > place[x]]
        if later:
            before[x], uplink[x] = later[0], links[x][later[0]]
    return before, np.array(peeled[::-1], dtype=np.int64), uplink


def _depth(before: Ints, order: Ints) -> int:
    """The most switches one above another."""
    depth = np.ones(before.size, dtype=np.int64)
    for x in order.tolist():
        if before[x] >= 0:
            depth[x] = depth[before[x]] + 1
    return int(depth.max(initial=0))


def _grown(net: Folded, before: Ints, order: Ints, uplink: NDArray[np.float64]) -> Branch:
    groups: list[dict[Subtree, list[Branch | int]]] = [defaultdict(list) for _ in range(net.core.size)]
    for members, near, pull in zip(net.members, net.neighbours, net.pull, strict=True):
        groups[int(near[0])][endpoint(float(pull[0]))].extend(members.tolist())
    whole: dict[Subtree, list[Branch | int]] = defaultdict(list)
    for x in order[::-1].tolist():
        children = [(child, len(items)) for child, items in groups[x].items()]
        branch = Branch(grown(*children, uplink=float(uplink[x])), dict(groups[x]))
        if not branch.subtree.size:
            continue
        into = groups[int(before[x])] if before[x] >= 0 else whole
        if dissolved(branch.subtree) != ((branch.subtree, 1),):
            for child, items in branch.groups.items():
                into[child].extend(items)
        else:
            into[branch.subtree].append(branch)
    islands = [item for items in whole.values() for item in items]
    if len(islands) == 1 and isinstance(islands[0], Branch):
        return islands[0]
    return Branch(grown(*((child, len(items)) for child, items in whole.items())), dict(whole))


def laid_out(forest: Forest, share: Share) -> NDArray[np.bool_]:
    """The side of every vertex of the reduced network, shape (vertices,), under a division of its hierarchy, switches placed
    at best."""
    side = np.zeros(forest.net.graph.order, dtype=bool)
    _mark(forest.whole, share, side)
    side[forest.net.core] = _switch_sides(forest, side)
    return side


def _mark(branch: Branch, share: Share, side: NDArray[np.bool_]) -> None:
    left = {child: list(items) for child, items in branch.groups.items()}
    for part, count in share.groups:
        for _ in range(count):
            item = left[part.node].pop()
            if isinstance(item, Branch):
                _mark(item, part, side)
            else:
                side[item] = bool(part.on_a)


def _switch_sides(forest: Forest, side: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Best sides of the switches for given endpoints: costs from the leaves up, choices from the roots down."""
    net, c = forest.net, forest.net.core.size
    cost = np.zeros((c, 2))  # below a switch when it stands on B, on A
    for members, near, pull in zip(net.members, net.neighbours, net.pull, strict=True):
        on_a = int(side[members].sum())
        cost[near[0]] += pull[0] * np.array([on_a, members.size - on_a])
    for x in forest.order[::-1].tolist():
        if forest.before[x] >= 0:
            cost[forest.before[x]] += np.minimum(cost[x], cost[x, ::-1] + forest.uplink[x])
    out = np.zeros(c, dtype=bool)
    for x in forest.order.tolist():
        stay = np.zeros(2) if forest.before[x] < 0 else np.full(2, forest.uplink[x])
        if forest.before[x] >= 0:
            stay[int(out[forest.before[x]])] = 0.0
        out[x] = bool(np.argmin(cost[x] + stay))
    return out
