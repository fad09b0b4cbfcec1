"""Exact least cuts by sweeping a frontier through the network, every count of endpoints at once.

Core vertices are coloured one after another. Only the colours of those with neighbours still to come matter (the
frontier), so states that agree there are merged, each keeping the least capacity for every number of endpoints on
side A. A state is dropped when what it has cut, plus what the next vertices must cut whichever side they take,
reaches the best cut known. Work is counted in table entries, so the outcome does not depend on the machine.
"""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.bisection.folding import Folded, placed
from compiler.networks.bisection.remainder import remainders
from compiler.numerics.tolerances import MEETING, ROUNDING

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
WIDEST = 60  # vertices in a frontier: their colours are bits of one word, and the slots of a step are a few more


@frozen
class Outcome:
    """`value` is the least capacity when `is_complete`; None: nothing is below the bound that was given."""

    value: float | None
    is_complete: bool


@frozen(eq=False)
class _Step:
    """One vertex of a sweep: vertex, slot, earlier neighbours (slots, capacities), classes ready, slots then free."""

    vertex: int
    slot: int
    slots: Ints
    capacity: Floats
    classes: tuple[int, ...]
    freed: tuple[int, ...]
    ahead: Floats  # capacities from frontier slots (after this step) to vertices still to come, shape (slots, vertices)


@frozen(eq=False)
class _Sweep:
    """A network in the order in which its core is coloured, the numbers of endpoints on A that are asked for, and the
    table entries that may be touched."""

    net: Folded
    steps: list[_Step]
    targets: tuple[int, ...]
    work: float


def least_cut(
    net: Folded, targets: tuple[int, ...], below: float, work: float, step: float = 0.0, *, deep: bool = False
) -> Outcome:
    """The least capacity with a target number of endpoints on A, if less than `below` (None: none is).

    `step`: where `below` is a real cut, what others differ from it by a multiple of.
    `deep` also bounds what lies ahead of every step by eigenvalues, which pays on long sweeps.
    """
    steps = _planned(net)
    if steps is None:
        return Outcome(None, False)
    ahead = remainders(net, [step.vertex for step in steps]) if deep else None
    return _swept(_Sweep(net, steps, targets, work), below - step * (1 - ROUNDING), {}, ahead)


def least_side(
    net: Folded, targets: tuple[int, ...], value: float, work: float
) -> tuple[float, NDArray[np.bool_]] | None:
    """A cut of the capacity that `least_cut` found, with the side of every vertex of the reduced network, shape
    (vertices,); each core vertex is put on either side while that keeps the value. None when the frontier is too wide."""
    steps = _planned(net)
    if steps is None:
        return None
    sweep = _Sweep(net, steps, targets, work)
    forced: dict[int, bool] = {}
    limit = value * (1 + ROUNDING) if value else np.nextafter(0.0, 1.0)
    for step in steps:
        outcome = _swept(sweep, limit, {**forced, step.vertex: False})
        forced[step.vertex] = outcome.value is None
    side = np.array([forced[i] for i in range(net.core.size)], dtype=bool)
    return placed(net, side, targets)


def _neighbour_lists(net: Folded) -> list[dict[int, float]]:
    out: list[dict[int, float]] = [{} for _ in range(net.core.size)]
    for a, b, c in zip(net.u.tolist(), net.v.tolist(), net.capacity.tolist(), strict=True):
        out[a][b] = c
        out[b][a] = c
    return out


def _planned(net: Folded) -> list[_Step] | None:
    """The sweep with the narrowest frontier that a greedy order from several starts finds; None when too wide."""
    links = _neighbour_lists(net)
    joined = [set(row) for row in links]  # classes keep their switches in the frontier together
    for group in net.neighbours:
        for a in group.tolist():
            joined[a].update(b for b in group.tolist() if b != a)
    if not joined:
        return []
    # vertices with few neighbours stand at the rim, where narrow sweeps begin; a large core has time for one start
    starts = sorted(range(len(joined)), key=lambda i: len(joined[i]))[: 8 if len(joined) <= 400 else 1]
    best = min((_greedy_order(joined, s) for s in starts), key=lambda found: found[0])
    if best[1] is None:
        return None
    return _laid_out(net, links, joined, best[1])


def _greedy_order(joined: list[set[int]], start: int) -> tuple[float, list[int] | None]:
    """(sum of 2^frontier, order): the next vertex is the one that leaves the frontier smallest."""
    n = len(joined)
    left = [len(row) for row in joined]
    done = [False] * n
    frontier: set[int] = set()
    order: list[int] = []
    cost = 0.0
    candidates = {start}
    while len(order) < n:
        if not candidates:
            candidates = {next(i for i in range(n) if not done[i])}

        def growth(x: int) -> tuple[int, int, int]:
            closed = sum(1 for y in joined[x] if done[y] and left[y] == 1)
            return ((left[x] > 0) - closed, -sum(done[y] for y in joined[x]), x)

        x = min(candidates, key=growth)
        done[x] = True
        order.append(x)
        candidates.discard(x)
        for y in joined[x]:
            left[y] -= 1
            if not done[y]:
                candidates.add(y)
            elif left[y] == 0:
                frontier.discard(y)
        if left[x] > 0:
            frontier.add(x)
        if len(frontier) > WIDEST:
            return (np.inf, None)
        cost += 2.0 ** len(frontier)
    return (cost, order)


def _laid_out(net: Folded, links: list[dict[int, float]], joined: list[set[int]], order: list[int]) -> list[_Step]:
    rank = {x: i for i, x in enumerate(order)}
    ready: dict[int, list[int]] = {}
    for i, group in enumerate(net.neighbours):
        ready.setdefault(max((rank[x] for x in group.tolist()), default=0), []).append(i)
    last = [max([rank[x], *(rank[y] for y in joined[x])]) for x in range(len(order))]
    slot_of: dict[int, int] = {}
    free = list(range(WIDEST + 2, -1, -1))
    steps = []
    for i, x in enumerate(order):
        slot_of[x] = free.pop()
        earlier = [(slot_of[y], c) for y, c in links[x].items() if rank[y] < i]
        gone = [y for y in slot_of if last[y] <= i]
        slots = {y: s for y, s in slot_of.items() if y not in gone}
        steps.append(
            _Step(
                x,
                slot_of[x],
                np.array([s for s, _ in earlier], dtype=np.uint64).astype(np.int64),
                np.array([c for _, c in earlier], dtype=np.float64),
                tuple(ready.get(i, ())),
                tuple(slot_of[y] for y in gone),
                _ahead(links, slots, rank, i),
            )
        )
        for y in gone:
            free.append(slot_of.pop(y))
    return steps


def _ahead(links: list[dict[int, float]], slots: dict[int, int], rank: dict[int, int], step: int) -> Floats:
    later = sorted({y for x in slots for y in links[x] if rank[y] > step})
    column = {y: j for j, y in enumerate(later)}
    out = np.zeros((WIDEST + 3, len(later)))
    for x, slot in slots.items():
        for y, c in links[x].items():
            if y in column:
                out[slot, column[y]] = c
    return out


def _bits(keys: NDArray[np.uint64], slots: Ints) -> Floats:
    """The colours (1 on A) at some slots, shape (rows, slots)."""
    return ((keys[:, None] >> slots.astype(np.uint64)[None, :]) & np.uint64(1)).astype(np.float64)


def _swept(sweep: _Sweep, below: float, forced: dict[int, bool], rest: list[Floats] | None = None) -> Outcome:
    """The outcome of one sweep. `forced` fixes the side of some vertices (True: A); `rest`, an array for each step, is
    what those still to come must cut by the endpoints of theirs on A."""
    net, targets = sweep.net, sweep.targets
    width = max(targets) + 1
    keys = np.zeros(1, dtype=np.uint64)
    table = np.full((1, width), np.inf)
    table[0, 0] = 0.0
    remaining = net.endpoints
    spent = 0.0
    for i, step in enumerate(sweep.steps):
        colours = (False, True) if step.vertex not in forced else (forced[step.vertex],)
        spent += keys.size * width * (len(colours) + 2.0)  # before it is done: what cannot be paid is not begun
        if spent > sweep.work:
            return Outcome(None, False)
        keys, table = _coloured(net, step, keys, table, colours)
        remaining -= int(net.weights[step.vertex])
        for index in step.classes:
            table = _with_class(net, index, sweep.steps, keys, table)
            remaining -= net.members[index].size
            spent += table.size * 4.0
        owed = _owed(targets, remaining, width, None if rest is None else rest[i])
        keys, table = _pruned(step, keys, table, owed, below)
        keys, table = _merged(step, keys, table)
        if not keys.size:
            return Outcome(None, True)
    for i in () if sweep.steps else range(len(net.members)):
        table[0, : net.members[i].size + 1] = 0.0
    values = [float(table[:, t].min()) for t in targets]
    found = min(values)
    return Outcome(found if found < below else None, True)


def _coloured(
    net: Folded, step: _Step, keys: NDArray[np.uint64], table: Floats, colours: tuple[bool, ...]
) -> tuple[NDArray[np.uint64], Floats]:
    """Both colours of the next vertex, with what each cuts towards the frontier."""
    on_a = _bits(keys, step.slots) @ step.capacity
    total = float(step.capacity.sum())
    new_keys, new_tables = [], []
    weight = int(net.weights[step.vertex])
    for colour in colours:
        if colour:
            shifted = np.full(table.shape, np.inf)
            if weight < table.shape[1]:
                shifted[:, weight:] = table[:, : table.shape[1] - weight]
            new_tables.append(shifted + (total - on_a)[:, None])
            new_keys.append(keys | (np.uint64(1) << np.uint64(step.slot)))
        else:
            new_tables.append(table + on_a[:, None])
            new_keys.append(keys)
    return np.concatenate(new_keys), np.concatenate(new_tables)


def _with_class(net: Folded, index: int, steps: list[_Step], keys: NDArray[np.uint64], table: Floats) -> Floats:
    """The best number of a class's endpoints on A for every count: a sliding minimum along a sloped table."""
    slot = {p.vertex: p.slot for p in steps}
    slots = np.array([slot[x] for x in net.neighbours[index].tolist()], dtype=np.int64)
    size, pull = net.members[index].size, net.pull[index]
    to_a = _bits(keys, slots) @ pull if slots.size else np.zeros(keys.size)
    slope = (float(pull.sum()) - to_a) - to_a
    ramp = slope[:, None] * np.arange(table.shape[1])
    low = table - ramp
    span = 1
    while span < size + 1:
        move = min(span, size + 1 - span)
        low[:, move:] = np.minimum(low[:, move:], low[:, :-move]) if move < low.shape[1] else low[:, move:]
        if move >= low.shape[1]:
            low = np.minimum.accumulate(low, axis=1)
        span += move
    return np.asarray(low + ramp + size * to_a[:, None])


def _owed(targets: tuple[int, ...], remaining: int, width: int, rest: Floats | None) -> Floats:
    """Least capacity still to be cut, for each count on A so far; infinite where no target can be reached."""
    owed = np.full(width, np.inf)
    for target in targets:
        wanted = target - np.arange(width)
        possible = (wanted >= 0) & (wanted <= remaining)
        floor = np.zeros(width) if rest is None else rest[np.clip(wanted, 0, rest.size - 1)]
        owed = np.where(possible, np.minimum(owed, floor), owed)
    return owed


def _pruned(
    step: _Step, keys: NDArray[np.uint64], table: Floats, owed: Floats, below: float
) -> tuple[NDArray[np.uint64], Floats]:
    least = (table + owed).min(axis=1)
    if step.ahead.shape[1]:
        on_a = _bits(keys, np.arange(step.ahead.shape[0])) @ step.ahead
        least = least + np.minimum(on_a, step.ahead.sum(axis=0) - on_a).sum(axis=1)
    # a cut of nothing is asked for as the least number above 0, of which no share can be taken
    kept = least < below * (1 - MEETING) if below > 1e-300 else least < below
    return keys[kept], table[kept]


def _merged(step: _Step, keys: NDArray[np.uint64], table: Floats) -> tuple[NDArray[np.uint64], Floats]:
    """States that agree on the frontier made one."""
    if not step.freed or not keys.size:
        return keys, table
    mask = ~np.uint64(sum(1 << s for s in step.freed))
    keys = keys & mask
    order = np.argsort(keys, kind="stable")
    keys, table = keys[order], table[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    return keys[starts], np.minimum.reduceat(table, starts, axis=0)
