"""Exact least cuts by sweeping a frontier through the network, every count of endpoints at once.

Core vertices are coloured one after another. Only the colours of those with neighbours still to come matter (the
frontier), so states that agree there are merged, each keeping the least capacity for every number of endpoints on
side A. A state is dropped when what it has cut, plus what the next vertices must cut whichever side they take,
reaches the best cut known. Work is counted in table entries, so the outcome does not depend on the machine.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from compiler.networks.bisection.folding import Folded, placed
from compiler.networks.bisection.remainder import remainders
from compiler.numerics.tolerances import MEETING, ROUNDING

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
BLOCK = 1 << 15  # table entries that are worked on at once: a quarter of a megabyte
MOST_ENTRIES = 8e6  # table entries of one step, 64 MB
KEPT = 2e7  # table entries of a whole sweep that are kept to trace a cut back, 160 MB
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
    near: Ints  # the slots of the frontier after this step
    ahead: Floats  # capacities from those to vertices still to come, shape (slots, vertices)


@frozen(eq=False)
class _Sweep:
    """A network in the order in which its core is coloured, the numbers of endpoints on A that are asked for, and the
    table entries that may be touched."""

    net: Folded
    steps: list[_Step]
    targets: tuple[int, ...]
    work: float

    @cached_property
    def slots(self) -> dict[int, int]:
        """The slot of each core vertex in the keys."""
        return {step.vertex: step.slot for step in self.steps}


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
    return _swept(_Sweep(net, steps, targets, work), below - step * (1 - ROUNDING), ahead)


def least_side(
    net: Folded, targets: tuple[int, ...], value: float, work: float
) -> tuple[float, NDArray[np.bool_]] | None:
    """A cut of the capacity that `least_cut` found, with the side of every vertex of the reduced network, shape
    (vertices,): the sweep once more, and then back along what was kept of it. None when that is too much."""
    steps = _planned(net)
    if steps is None:
        return None
    sweep, kept = _Sweep(net, steps, targets, work), _Kept()
    limit = value * (1 + ROUNDING) if value else np.nextafter(0.0, 1.0)
    if _swept(sweep, limit, None, kept).value is None or kept.entries > KEPT:
        return None
    side = np.zeros(net.core.size, dtype=bool)
    key, count = np.uint64(0), min(targets, key=lambda target: kept.last(target))
    for step, before, colours in zip(steps[::-1], kept.states[::-1], kept.colours[::-1], strict=True):
        side[step.vertex], key, count = _traced(sweep, step, before, colours, (key, count))
    return placed(net, side, targets)


def _traced(
    sweep: _Sweep, step: _Step, before: "_States", colours: tuple[bool, ...], after: tuple[np.uint64, int]
) -> tuple[bool, np.uint64, int]:
    """The colour of a step's vertex, and the key and count before it, that led to a key and count at least capacity."""
    key, count = after
    found = _advanced(sweep, step, before, colours, (count, count))
    ends = np.flatnonzero((found.keys & _kept_bits(step)) == key)
    row = int(ends[np.argmin(found.table[ends, 0])])
    at, colour = row % before.keys.size, colours[row // before.keys.size]
    single = _States(before.keys[at : at + 1], before.table[at : at + 1], before.base)
    passed = [_coloured(sweep.net, step, single, (colour,))]
    for index in step.classes[:-1]:
        passed.append(_with_class(sweep.net, index, sweep.slots, passed[-1]))
    for index, states in zip(step.classes[::-1], passed[len(step.classes) - 1 :: -1], strict=False):
        count -= _on_a(sweep, index, states, count)
    return colour, before.keys[at], count - int(sweep.net.weights[step.vertex]) * colour


def _on_a(sweep: _Sweep, index: int, states: "_States", count: int) -> int:
    """The endpoints of a class on A where so many are with those of one state, at least capacity."""
    size = sweep.net.members[index].size
    _, slope = _pulled(sweep.net, index, sweep.slots, states.keys)
    taken = np.arange(size + 1)
    place = count - taken - states.base
    possible = (place >= 0) & (place < states.table.shape[1])
    row = states.table[0, np.clip(place, 0, states.table.shape[1] - 1)]
    return int(np.argmin(np.where(possible, row + taken * slope[0], np.inf)))


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
    left, met, closes = [len(row) for row in joined], [0] * n, [0] * n
    done = [False] * n
    frontier: set[int] = set()
    order: list[int] = []
    cost = 0.0
    candidates = {start}

    def growth(x: int) -> tuple[int, int, int]:
        return (left[x] > 0) - closes[x], -met[x], x

    def nearly_closed(y: int) -> None:
        """Count a coloured vertex for the one neighbour of its that is not."""
        closes[next(z for z in joined[y] if not done[z])] += 1

    while len(order) < n:
        if not candidates:
            candidates = {next(i for i in range(n) if not done[i])}
        x = min(candidates, key=growth)
        done[x] = True
        order.append(x)
        candidates.discard(x)
        for y in joined[x]:
            left[y] -= 1
            if not done[y]:
                met[y] += 1
                candidates.add(y)
            elif left[y] == 0:
                frontier.discard(y)
            elif left[y] == 1:
                nearly_closed(y)
        if left[x] > 0:
            frontier.add(x)
            if left[x] == 1:
                nearly_closed(x)
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
                np.array(list(slots.values()), dtype=np.int64),
                _ahead(links, list(slots), rank, i),
            )
        )
        for y in gone:
            free.append(slot_of.pop(y))
    return steps


def _ahead(links: list[dict[int, float]], near: list[int], rank: dict[int, int], step: int) -> Floats:
    later = sorted({y for x in near for y in links[x] if rank[y] > step})
    column = {y: j for j, y in enumerate(later)}
    out = np.zeros((len(near), len(later)))
    for row, x in enumerate(near):
        for y, c in links[x].items():
            if y in column:
                out[row, column[y]] = c
    return out


def _weighed(keys: NDArray[np.uint64], slots: Ints, weights: Floats) -> Floats:
    """The sum of the weights, shape (slots, …), of those slots that are coloured A, shape (rows, …).

    Without BLAS: its threads cost more than they bring on blocks as small as these.
    """
    bits = (keys[:, None] >> slots.astype(np.uint64)[None, :]) & np.uint64(1)
    return np.asarray(np.einsum("rs,s...->r...", bits.astype(np.float64), weights))


@frozen(eq=False)
class _States:
    """Colourings of a frontier, `keys` (states,), each with the least capacity cut so far, `table` (states, counts), when
    `base`, `base` + 1 … endpoints are on A."""

    keys: NDArray[np.uint64]
    table: Floats
    base: int = 0

    def blocks(self) -> Iterator["_States"]:
        """The states in blocks that stay in the cache of a processor while they are worked on."""
        rows = max(1, BLOCK // max(1, self.table.shape[1]))
        for start in range(0, self.keys.size, rows):
            yield _States(self.keys[start : start + rows], self.table[start : start + rows], self.base)

    def within(self, low: int, high: int) -> "_States":
        """The same with the counts from `low` to `high` alone."""
        first, last = max(low, self.base), min(high, self.base + self.table.shape[1] - 1)
        return _States(self.keys, self.table[:, first - self.base : max(first, last + 1) - self.base], first)


@define(eq=False)
class _Kept:
    """The states before each step of a sweep and the colours that were tried there, as far as they are not too large; and
    the least capacity found for each count at its end."""

    states: list[_States] = field(factory=list)
    colours: list[tuple[bool, ...]] = field(factory=list)
    end: _States | None = None
    entries: float = 0.0

    def before(self, states: _States, colours: tuple[bool, ...]) -> None:
        """Keep the states before a step."""
        self.entries += states.table.size
        if self.entries <= KEPT:
            self.states.append(states)
            self.colours.append(colours)

    def last(self, count: int) -> float:
        """The least capacity at a count."""
        assert self.end is not None
        return float(self.end.within(count, count).table.min(initial=np.inf))


def _swept(sweep: _Sweep, below: float, rest: list[Floats] | None = None, kept: _Kept | None = None) -> Outcome:
    """The outcome of one sweep, its states `kept` where asked. `rest`, an array for each step, is what vertices still to
    come must cut by the endpoints of theirs on A."""
    net, targets = sweep.net, sweep.targets
    states = _States(np.zeros(1, dtype=np.uint64), np.zeros((1, 1)))
    remaining = net.endpoints
    is_symmetric = set(targets) == {net.endpoints - target for target in targets}
    spent = 0.0
    for i, step in enumerate(sweep.steps):
        one_side = not i and is_symmetric  # sides A and B can change places, so the first vertex stands on B
        colours = (False,) if one_side else (False, True)
        if kept is not None:
            kept.before(states, colours)
        hung = sum(net.members[index].size for index in step.classes)
        remaining -= int(net.weights[step.vertex]) + hung
        window = max(0, min(targets) - remaining), max(targets)
        width = min(window[1] - window[0] + 1, states.table.shape[1] + int(net.weights[step.vertex]) + hung)
        entries = float(states.keys.size) * len(colours) * max(1, width)
        spent += entries * (1.5 + 4.0 * len(step.classes))  # before it is done: what cannot be paid is not begun
        if spent > sweep.work or entries > MOST_ENTRIES:
            return Outcome(None, False)
        owed = _owed(targets, remaining, None if rest is None else rest[i])
        states = _joined(
            [_advanced(sweep, step, block, colours, window) for block in states.blocks()], step, owed, below
        )
        if not states.keys.size:
            return Outcome(None, True)
    if not sweep.steps:
        states = _States(states.keys, np.zeros((1, 1 + sum(group.size for group in net.members))))
    if kept is not None:
        kept.end = states
    found = min(float(states.within(t, t).table.min(initial=np.inf)) for t in targets)
    return Outcome(found if found < below else None, True)


def _advanced(
    sweep: _Sweep, step: _Step, states: _States, colours: tuple[bool, ...], window: tuple[int, int]
) -> _States:
    """Some states with the next vertex coloured and the endpoints placed that only wait for it."""
    net = sweep.net
    states = _coloured(net, step, states, colours)
    for index in step.classes:
        states = _with_class(net, index, sweep.slots, states)
    return states.within(*window)


def _coloured(net: Folded, step: _Step, states: _States, colours: tuple[bool, ...]) -> _States:
    """Both colours of the next vertex, with what each cuts towards the frontier."""
    keys, table = states.keys, states.table
    on_a = _weighed(keys, step.slots, step.capacity)
    total = float(step.capacity.sum())
    weight, (rows, width) = int(net.weights[step.vertex]), table.shape
    out = np.full((rows * len(colours), width + weight), np.inf)
    new_keys = []
    for at, colour in enumerate(colours):
        mine, shift = slice(at * rows, (at + 1) * rows), weight if colour else 0
        out[mine, shift : shift + width] = table + (total - on_a if colour else on_a)[:, None]
        new_keys.append(keys | (np.uint64(1) << np.uint64(step.slot)) if colour else keys)
    return _States(np.concatenate(new_keys), out, states.base)


def _with_class(net: Folded, index: int, slot: dict[int, int], states: _States) -> _States:
    """The best number of a class's endpoints on A for every count: a sliding minimum along a sloped table."""
    size, (rows, width) = net.members[index].size, states.table.shape
    to_a, slope = _pulled(net, index, slot, states.keys)
    ramp = slope[:, None] * np.arange(width + size)
    low = np.full((rows, width + size), np.inf)
    np.subtract(states.table, ramp[:, :width], out=low[:, :width])
    span = 1
    while span < size + 1:
        move = min(span, size + 1 - span)
        low[:, move:] = np.minimum(low[:, move:], low[:, :-move])
        span += move
    low += ramp
    low += (size * to_a)[:, None]
    return _States(states.keys, low, states.base)


def _pulled(net: Folded, index: int, slot: dict[int, int], keys: NDArray[np.uint64]) -> tuple[Floats, Floats]:
    """Cost of an endpoint of a class on B, and how much more it is on A, by the state, shapes (states,)."""
    slots, pull = [slot[x] for x in net.neighbours[index].tolist()], net.pull[index]
    to_a = _weighed(keys, np.array(slots, dtype=np.int64), pull) if slots else np.zeros(keys.size)
    return to_a, (float(pull.sum()) - to_a) - to_a


def _owed(targets: tuple[int, ...], remaining: int, rest: Floats | None) -> Floats:
    """Least capacity still to be cut, for each count on A so far, shape (most wanted + 1,); infinite where no target can be
    reached."""
    counts = np.arange(max(targets) + 1)
    owed = np.full(counts.size, np.inf)
    for target in targets:
        wanted = target - counts
        possible = (wanted >= 0) & (wanted <= remaining)
        floor = np.zeros(counts.size) if rest is None else rest[np.clip(wanted, 0, rest.size - 1)]
        owed = np.where(possible, np.minimum(owed, floor), owed)
    return owed


def _joined(parts: list[_States], step: _Step, owed: Floats, below: float) -> _States:
    """The states that can still beat the best cut, those that agree on the frontier made one."""
    kept = [_pruned(step, part, owed, below) for part in parts]
    keys, table = _merged(step, np.concatenate([one.keys for one in kept]), np.concatenate([one.table for one in kept]))
    return _States(keys, table, kept[0].base)


def _pruned(step: _Step, states: _States, owed: Floats, below: float) -> _States:
    """The states that can still beat the best cut."""
    keys, table = states.keys, states.table
    least = (table + owed[states.base : states.base + table.shape[1]]).min(axis=1, initial=np.inf)
    if step.ahead.shape[1]:
        on_a = _weighed(keys, step.near, step.ahead)
        least = least + np.minimum(on_a, step.ahead.sum(axis=0) - on_a).sum(axis=1)
    # a cut of nothing is asked for as the least number above 0, of which no share can be taken
    kept = least < below * (1 - MEETING) if below > 1e-300 else least < below
    return _States(keys[kept], table[kept], states.base)


def _kept_bits(step: _Step) -> np.uint64:
    """The bits of a key without those of vertices that leave the frontier after a step."""
    return np.uint64(~sum(1 << slot for slot in step.freed) & 0xFFFF_FFFF_FFFF_FFFF)


def _merged(step: _Step, keys: NDArray[np.uint64], table: Floats) -> tuple[NDArray[np.uint64], Floats]:
    """States that agree on the frontier made one."""
    if not step.freed or not keys.size:
        return keys, table
    keys = keys & _kept_bits(step)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    sizes = np.diff(np.r_[starts, keys.size])
    out = table[order[starts]]
    for nth in range(1, int(sizes.max())):  # few: as many as the vertices that left the frontier have colourings
        more = np.flatnonzero(sizes > nth)
        out[more] = np.minimum(out[more], table[order[starts[more] + nth]])
    return keys[starts], out
