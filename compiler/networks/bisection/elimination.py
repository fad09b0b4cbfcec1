"""Exact least cuts of counted networks: vertices eliminated one by one, like pieces counted once.

A factor is a table over the sides of a few vertices, its scope, and the number of endpoints on side A that it has
already swallowed: the least capacity cut below it. A link is a factor over its two ends. Eliminating a vertex adds up
all factors over it and keeps, for each side of the others, the better of its two sides (Bertele and Brioschi, Nonserial
Dynamic Programming, 1972). Factors with equal tables over one scope are one factor so many times: its (min,+) power.

Classes are eliminated from the innermost out. Given the sides of everything around them the copies of a class are
independent, so what is left of one copy, as often as there are copies, is what is left of all. Nothing is unrolled:
the work depends on how many unlike parts there are, not on how many parts.

Tables hold whole multiples of a unit of capacity, so that like tables are equal to the last bit.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from attrs import define, evolve, field, frozen

from compiler.networks.bisection.budget import Budget
from compiler.networks.bisection.dealing import NOTHING, Dealing
from compiler.networks.bisection.factor_pool import DegreeQueue, FactorPool
from compiler.networks.bisection.least_dealing import CONVOLVED, least_dealing
from compiler.networks.bisection.lower_hull import Floats, Ints
from compiler.networks.bisection.reduction import Simple
from compiler.networks.bisection.side_tables import LINK, Producer, Scope, SideTable, Tables, like_rows, rows_in
from compiler.networks.bisection.weighted import quantum

FINEST = 2.0**-40
"""Share of the largest capacity that is the unit of those without a common one."""
CHEAP = 4e6
"""Entries of a table up to which a switch of the whole is eliminated rather than tried."""
DEALT = 1e4
"""Steps that take as long as to deal a total among the copies of one row."""
POWERED = 40
"""Entries of a sum that take as long as one of a power."""


@frozen(eq=False)
class Step:
    """The elimination of a vertex of a class: the factors that were over it."""

    vertex: int
    home: int
    factors: tuple[SideTable, ...]


@frozen(eq=False)
class Solution:
    """A least cut at one total. `lower` and `upper` are certified, in the unit of the graph's links; they meet but where
    unlike large groups share a total.

    The rest says how the cut comes about: `steps` in the order made, over `tables` in whole multiples of `unit`; the
    sides of the `tried` vertices of the whole; and the factors that were left over them, those with one column `flat`,
    the others `heavy`, whose copies share the total as `dealing` says.
    """

    graph: Simple
    total: int
    lower: float
    upper: float
    steps: tuple[Step, ...]
    tables: Tables
    unit: float
    tried: Mapping[int, bool]
    heavy: tuple[SideTable, ...]
    flat: tuple[SideTable, ...]
    dealing: Dealing


@frozen(eq=False)
class _Tried:
    """The least cut over the sides of some switches: both ends, their best `sides`, the factors that were left over them,
    and what is dealt among the heavy ones there."""

    lower: float
    upper: float
    sides: Mapping[int, bool]
    heavy: tuple[SideTable, ...]
    flat: tuple[SideTable, ...]
    dealing: Dealing


def least_cut(graph: Simple, total: int, budget: Budget | None = None) -> Solution:
    """The least capacity that separates `total` endpoints from the rest. Raises `TooWide`.

    Both ends are infinite where no division without an infinite link has so many endpoints on one side.
    """
    return _Elimination(graph, budget or Budget()).solved(total)


@define(eq=False)
class _Elimination:
    """An elimination under way: tables, steps, and what each class hands to the one around it."""

    graph: Simple
    budget: Budget
    tables: Tables = field(factory=Tables)
    steps: list[Step] = field(factory=list)
    known: dict[object, int] = field(factory=dict)
    lifted: dict[int, list[tuple[SideTable, int]]] = field(factory=lambda: defaultdict(list))

    def solved(self, total: int) -> Solution:
        unit, links = self._links_by_class()
        vertices = self._vertices_by_class()
        for which in range(len(self.graph.classes) - 1, 0, -1):
            pool = self._pool(which, links[which])
            self._eliminate_all(pool, vertices[which], which)
            self._lift(pool, which)
        pool = self._pool(0, links[0])
        found = self._tried(total, pool, self._eliminate_whole(pool, vertices[0]))
        ends = min(found.lower, found.upper) * unit, found.upper * unit
        return Solution(
            self.graph,
            total,
            *ends,
            tuple(self.steps),
            self.tables,
            unit,
            found.sides,
            found.heavy,
            found.flat,
            found.dealing,
        )

    def _links_by_class(self) -> tuple[float, Mapping[int, list[tuple[int, int, float]]]]:
        """The unit of capacity, and the links of each class, the inner one of both ends, in whole multiples of it."""
        capacity, home = self.graph.capacity, self.graph.home
        is_finite = np.isfinite(capacity)
        # without a common unit one so fine that rounding to it is less than two sums may differ by
        unit = quantum(capacity[is_finite]) or float(capacity[is_finite].max(initial=1.0)) * FINEST
        scaled = np.where(is_finite, np.rint(capacity / unit), np.inf)
        found: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
        for u, v, units in zip(self.graph.u.tolist(), self.graph.v.tolist(), scaled.tolist(), strict=True):
            found[int(max(home[u], home[v]))].append((min(u, v), max(u, v), units))
        return unit, found

    def _vertices_by_class(self) -> Mapping[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for vertex, which in enumerate(self.graph.home.tolist()):
            found[which].append(vertex)
        return found

    def _pool(self, which: int, links: Sequence[tuple[int, int, float]]) -> FactorPool:
        """The factors of a class before any of its vertices is gone: its links, and what inner classes left."""
        pool = FactorPool()
        for u, v, capacity in links:
            pool.add((u, v), self.tables.number(np.array([[0.0], [capacity], [capacity], [0.0]])), LINK)
        for factor, copies in self.lifted.pop(which, ()):
            for producer, times in factor.producers:
                pool.add(factor.scope, factor.table, producer, times * copies)
        return pool

    def _lift(self, pool: FactorPool, which: int) -> None:
        """Hand what is left of a class to the one around it, once for each copy."""
        own = self.graph.classes[which]
        for factor in pool.all():
            moved = tuple(
                (Producer(producer.step, (*producer.way, which)), times) for producer, times in factor.producers
            )
            self.lifted[own.around].append((SideTable(factor.scope, factor.table, moved), own.copies))

    # ---- one vertex --------------------------------------------------------------------------

    def _eliminate_all(self, pool: FactorPool, vertices: Sequence[int], which: int) -> None:
        waiting = DegreeQueue(pool, vertices, self.graph)
        while (vertex := waiting.least()) is not None:
            self._eliminate(pool, vertex, which)

    def _eliminate(self, pool: FactorPool, vertex: int, which: int) -> None:
        """Put one factor over the neighbours of a vertex in the place of those over it; like cases are worked out once."""
        factors = pool.over(vertex)
        scope = tuple(sorted(pool.neighbours(vertex)))
        place = {one: at for at, one in enumerate(scope)}
        shape = tuple((tuple(place[one] for one in f.scope), f.table, f.times) for f in factors)
        key = (shape, place[vertex], int(self.graph.weights[vertex]), len(scope))
        if key not in self.known:
            self.known[key] = self._minimised(factors, scope, vertex)
        pool.remove(vertex)
        rest = tuple(one for one in scope if one != vertex)
        pool.add(rest, self.known[key], Producer(len(self.steps)))
        self.steps.append(Step(vertex, which, factors))

    def _minimised(self, factors: Sequence[SideTable], scope: Scope, vertex: int) -> int:
        """The number of the table that is left when a vertex takes its better side."""
        self.budget.admit(len(scope))
        weight = int(self.graph.weights[vertex])
        table = self.tables.combined(factors, scope, self.budget)
        columns = table.shape[1]
        cube = table.reshape(1 << scope.index(vertex), 2, -1, columns)
        on_b, on_a = (cube[:, side].reshape(-1, columns) for side in (0, 1))
        self.budget.keep(on_b.shape[0] * (columns + weight))
        out = np.full((on_b.shape[0], columns + weight), np.inf)
        out[:, :columns] = on_b
        out[:, weight:] = np.minimum(out[:, weight:], on_a)
        return self.tables.number(out)

    # ---- the whole ---------------------------------------------------------------------------

    def _eliminate_whole(self, pool: FactorPool, vertices: Sequence[int]) -> Scope:
        """Eliminate what weighs and what no counted table touches; the switches that are left, to be tried at one total.

        Eliminating those would make tables with a column for every total. Raises `TooWide`.
        """
        left = set(vertices)
        while free := self._free(pool, left):
            left.difference_update(free)
            self._eliminate_all(pool, free, 0)
        waiting = DegreeQueue(pool, sorted(left), self.graph)
        while left and (len(left) > self.budget.widest or self._is_cheap(pool, waiting.nearest())):
            vertex = waiting.least()
            assert vertex is not None
            self._eliminate(pool, vertex, 0)
            left.discard(vertex)
        self.budget.admit(len(left))
        return tuple(sorted(left))

    def _is_cheap(self, pool: FactorPool, vertex: int) -> bool:
        """True when to eliminate a vertex takes less than to try both of its sides: powers are dear."""
        columns = 1.0
        for factor in pool.over(vertex):
            swallowed = self.tables.rows[factor.table].shape[1] - 1
            columns += swallowed * factor.times * (POWERED if factor.times > 1 else 1)
        return columns * 2.0 ** len(pool.neighbours(vertex)) <= CHEAP

    def _free(self, pool: FactorPool, left: set[int]) -> list[int]:
        """The vertices that weigh, and those that neither such a one nor a table with several columns touches."""
        counted = {
            one
            for scope, tables in pool.factors.items()
            if any(self.tables.rows[table].shape[1] > 1 for table in tables)
            or any(self.graph.weights[vertex] for vertex in scope)
            for one in scope
        }
        return [one for one in left if self.graph.weights[one] or one not in counted]

    def _tried(self, total: int, pool: FactorPool, left: Scope) -> _Tried:
        """The least cut at one total over all sides of the switches that are left, cheapest first, until their links alone
        are too much. They are eliminated after all where that is more than the budget reaches."""
        heavy, flat = self._parted(pool)
        fixed = self.tables.combined(flat, left, self.budget)[:, 0]
        place = {one: at for at, one in enumerate(left)}
        rows = [rows_in(len(left), tuple(place[one] for one in f.scope)) for f in heavy]
        kinds = self._unlike(fixed, heavy, rows)
        if left and self._price(total, heavy) * kinds.size > self.budget.steps:
            self._eliminate_all(pool, left, 0)
            return self._tried(total, pool, ())
        best, lower = _Tried(np.inf, np.inf, {}, heavy, flat, NOTHING), np.inf
        for sides in kinds.tolist():
            cost = float(fixed[sides])
            if cost >= best.upper or not np.isfinite(cost):
                lower = min(lower, cost)
                break
            self.budget.spend(self._price(total, heavy))
            mine = [(self.tables.rows[f.table][row[sides]], f.times) for f, row in zip(heavy, rows, strict=True)]
            dealing = least_dealing(mine, total)
            lower = min(lower, cost + dealing.lower)
            if cost + dealing.upper < best.upper:
                taken = {one: bool(sides >> (len(left) - 1 - at) & 1) for at, one in enumerate(left)}
                best = _Tried(lower, cost + dealing.upper, taken, heavy, flat, dealing)
        return evolve(best, lower=lower)

    def _parted(self, pool: FactorPool) -> tuple[tuple[SideTable, ...], tuple[SideTable, ...]]:
        """The factors that are left: those that have swallowed endpoints, and the others."""
        factors = pool.all()
        heavy = tuple(f for f in factors if not self.tables.is_flat(f))
        return heavy, tuple(f for f in factors if self.tables.is_flat(f))

    def _price(self, total: int, heavy: Sequence[SideTable]) -> float:
        """The steps of one dealing among the copies of some factors."""
        entries = sum(int(self.tables.rows[f.table].shape[1]) for f in heavy)
        return DEALT * len(heavy) + 10.0 * entries + min(total, CONVOLVED)

    def _unlike(self, fixed: Floats, heavy: Sequence[SideTable], rows: Sequence[Ints]) -> Ints:
        """The cheapest of all sides that leave the heavy factors the same rows, shape (kinds,), cheapest first; `fixed`
        and each of `rows` have shape (sides,)."""
        kind = np.zeros(fixed.size, dtype=np.int64)
        for factor, row in zip(heavy, rows, strict=True):
            table = self.tables.rows[factor.table]
            self.budget.spend(float(table.size + fixed.size))
            _, kind = np.unique(kind * table.shape[0] + like_rows(table)[row], return_inverse=True)
        order = np.lexsort((fixed, kind))
        first = order[np.r_[True, np.diff(kind[order]) > 0]]
        return np.asarray(first[np.argsort(fixed[first], kind="stable")])
