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

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from compiler.networks.bisection.min_plus import CONVOLVED, Dealing, cost_of_power, dealt, power
from compiler.networks.bisection.reduction import Simple
from compiler.networks.bisection.weighted import quantum

Floats = NDArray[np.float64]
Scope = tuple[int, ...]

WHOLE_TABLES = 20_000
"""Endpoints up to which switches of the whole that are too many to be tried at one total are eliminated instead."""


class TooWide(Exception):
    """A network that elimination cannot settle within its budget; the reason is the message."""


@define
class Budget:
    """What an elimination may take: vertices in a scope, entries of one table, and steps in all."""

    widest: int = 18
    entries: float = 1e7
    steps: float = 6e8

    def spend(self, steps: float) -> None:
        """Take steps off what is left. Raises `TooWide` when that was all."""
        self.steps -= steps
        if self.steps < 0:
            raise TooWide("the work it takes")

    def admit(self, scope: int, columns: float = 1.0) -> None:
        """Allow a table before it is made. Raises `TooWide` for one that is too wide or too large."""
        if scope > self.widest:
            raise TooWide(f"{scope} vertices that must be looked at together")
        if 2.0**scope * columns > self.entries:
            raise TooWide(f"a table of {2.0**scope * columns:,.0f} entries")


@frozen
class Producer:
    """Where a factor comes from: the number of the step that made it, -1 for a link, and the classes that it was
    lifted out of since, the innermost first."""

    step: int = -1
    way: tuple[int, ...] = ()


LINK = Producer()

Producers = tuple[tuple[Producer, int], ...]
"""Producers of one table over one scope, each with how often it makes it."""


@frozen(eq=False)
class SideTable:
    """One table, by its number, over a scope, and who made it."""

    scope: Scope
    table: int
    producers: Producers

    @property
    def times(self) -> int:
        """How often it stands there."""
        return sum(count for _, count in self.producers)


@frozen(eq=False)
class Step:
    """The elimination of a vertex of a class: the factors that were over it."""

    vertex: int
    home: int
    factors: tuple[SideTable, ...]


@define(eq=False)
class Tables:
    """Tables by number, equal ones once; shape (2 ** scope, columns): sides of the scope in order, endpoints on A."""

    rows: list[Floats] = field(factory=list)
    numbers: dict[tuple[int, bytes], int] = field(factory=dict)
    powers: dict[tuple[int, int], Floats] = field(factory=dict)

    def number(self, table: Floats) -> int:
        """The number of a table, a new one if there is none like it."""
        table = np.ascontiguousarray(table)
        key = (table.shape[0], table.tobytes())
        if key not in self.numbers:
            self.numbers[key] = len(self.rows)
            self.rows.append(table)
        return self.numbers[key]

    def power(self, number: int, times: int, budget: Budget) -> Floats:
        """The (min,+) power of each row of a table."""
        table = self.rows[number]
        if times == 1:
            return table
        if table.shape[1] == 1:
            return table * times
        key = (number, times)
        if key not in self.powers:
            columns = (table.shape[1] - 1) * times + 1
            budget.admit(int(table.shape[0]).bit_length() - 1, columns)
            found: dict[bytes, Floats] = {}
            out = np.empty((table.shape[0], columns))
            for at, row in enumerate(table):
                name = row.tobytes()
                if name not in found:
                    budget.spend(cost_of_power(row, times))
                    found[name] = power(row, times)
                out[at] = found[name]
            self.powers[key] = out
        return self.powers[key]


@define(eq=False)
class Pool:
    """The factors of one class that are not yet eliminated, by scope and by vertex."""

    factors: dict[Scope, dict[int, list[tuple[Producer, int]]]] = field(factory=lambda: defaultdict(dict))
    scopes: dict[int, set[Scope]] = field(factory=lambda: defaultdict(set))

    def add(self, scope: Scope, table: int, producer: Producer, times: int = 1) -> None:
        """Add a factor so many times."""
        self.factors[scope].setdefault(table, []).append((producer, times))
        for vertex in scope:
            self.scopes[vertex].add(scope)

    def over(self, vertex: int) -> tuple[SideTable, ...]:
        """The factors over a vertex, in a fixed order."""
        return tuple(
            SideTable(scope, table, tuple(producers))
            for scope in sorted(self.scopes[vertex])
            for table, producers in sorted(self.factors[scope].items())
        )

    def all(self) -> tuple[SideTable, ...]:
        """Every factor, in a fixed order."""
        return tuple(
            SideTable(scope, table, tuple(producers))
            for scope in sorted(self.factors)
            for table, producers in sorted(self.factors[scope].items())
        )

    def neighbours(self, vertex: int) -> set[int]:
        """The vertices that share a factor with one, itself included."""
        return set().union(*self.scopes[vertex], {vertex})

    def remove(self, vertex: int) -> None:
        """Forget the factors over a vertex."""
        for scope in self.scopes.pop(vertex, ()):
            del self.factors[scope]
            for other in scope:
                if other != vertex:
                    self.scopes[other].discard(scope)


@frozen(eq=False)
class Solution:
    """A least cut at one total. `lower` and `upper` are certified; they meet but where unlike large groups share a total.

    What is left at the end: `steps` in the order made, the sides of the `tried` vertices of the whole, and for each
    factor that was left over them how its copies share the total (`Dealing.dealt`, factors with one column apart).
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
        capacity = self.graph.capacity
        finite = capacity[np.isfinite(capacity)]
        unit = quantum(finite) or 1.0
        scaled = np.where(np.isfinite(capacity), np.rint(capacity / unit), np.inf)
        links = self._links_by_class(scaled)
        vertices = self._vertices_by_class()
        for which in range(len(self.graph.classes) - 1, 0, -1):
            pool = self._pool(which, links[which])
            self._eliminate_all(pool, vertices[which], which)
            self._lift(pool, which)
        pool = self._pool(0, links[0])
        left = self._eliminate_whole(pool, vertices[0])
        return self._at(total, unit, pool, left)

    def _links_by_class(self, scaled: Floats) -> Mapping[int, list[tuple[int, int, float]]]:
        found: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
        home = self.graph.home
        for u, v, capacity in zip(self.graph.u.tolist(), self.graph.v.tolist(), scaled.tolist(), strict=True):
            found[int(max(home[u], home[v]))].append((min(u, v), max(u, v), capacity))
        return found

    def _vertices_by_class(self) -> Mapping[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for vertex, which in enumerate(self.graph.home.tolist()):
            found[which].append(vertex)
        return found

    def _pool(self, which: int, links: Sequence[tuple[int, int, float]]) -> Pool:
        pool = Pool()
        for u, v, capacity in links:
            pool.add((u, v), self.tables.number(np.array([[0.0], [capacity], [capacity], [0.0]])), LINK)
        for factor, copies in self.lifted.pop(which, ()):
            for producer, times in factor.producers:
                pool.add(factor.scope, factor.table, producer, times * copies)
        return pool

    def _lift(self, pool: Pool, which: int) -> None:
        """Hand what is left of a class to the one around it, once for each copy."""
        own = self.graph.classes[which]
        for factor in pool.all():
            moved = tuple(
                (Producer(producer.step, (*producer.way, which)), times) for producer, times in factor.producers
            )
            self.lifted[own.around].append((SideTable(factor.scope, factor.table, moved), own.copies))

    # ---- one vertex --------------------------------------------------------------------------

    def _eliminate_all(self, pool: Pool, vertices: Sequence[int], which: int) -> None:
        waiting = _ByDegree(pool, vertices, self.graph)
        while (vertex := waiting.least()) is not None:
            self._eliminate(pool, vertex, which)

    def _eliminate(self, pool: Pool, vertex: int, which: int) -> None:
        factors = pool.over(vertex)
        scope = tuple(sorted(pool.neighbours(vertex)))
        place = {one: at for at, one in enumerate(scope)}
        weight = int(self.graph.weights[vertex])
        shape = tuple((tuple(place[one] for one in f.scope), f.table, f.times) for f in factors)
        key = (shape, place[vertex], weight, len(scope))
        if key not in self.known:
            self.known[key] = self._minimised(factors, scope, place, vertex)
        pool.remove(vertex)
        rest = tuple(one for one in scope if one != vertex)
        pool.add(rest, self.known[key], Producer(len(self.steps)))
        self.steps.append(Step(vertex, which, factors))

    def _minimised(self, factors: Sequence[SideTable], scope: Scope, place: Mapping[int, int], vertex: int) -> int:
        """The table that is left when a vertex takes its better side."""
        self.budget.admit(len(scope))
        weight = int(self.graph.weights[vertex])
        table = self._combined(factors, len(scope), place)
        columns = table.shape[1]
        cube = table.reshape(1 << place[vertex], 2, -1, columns)
        on_b, on_a = (cube[:, side].reshape(-1, columns) for side in (0, 1))
        out = np.full((on_b.shape[0], columns + weight), np.inf)
        out[:, :columns] = on_b
        out[:, weight:] = np.minimum(out[:, weight:], on_a)
        return self.tables.number(out)

    def _combined(self, factors: Sequence[SideTable], width: int, place: Mapping[int, int]) -> Floats:
        """The sum of factors over a common scope, shape (2 ** width, columns)."""
        total = np.zeros((1 << width, 1))
        for factor in sorted(factors, key=lambda f: self.tables.rows[f.table].shape[1] * f.times):
            table = self.tables.power(factor.table, factor.times, self.budget)
            table = table[rows_in(width, tuple(place[one] for one in factor.scope))]
            if table.shape[1] == 1 or total.shape[1] == 1:
                self.budget.admit(width, max(table.shape[1], total.shape[1]))
                total = total + table
                continue
            self.budget.admit(width, total.shape[1] + table.shape[1])
            self.budget.spend(float(total.size) * table.shape[1])
            total = _convolved_rows(total, table)
        return total

    # ---- the whole ---------------------------------------------------------------------------

    def _eliminate_whole(self, pool: Pool, vertices: Sequence[int]) -> list[int]:
        """Eliminate what weighs and what no counted table touches; the switches that are left are tried at one total."""
        left = set(vertices)
        while True:
            counted = {
                one
                for scope, tables in pool.factors.items()
                if any(self.tables.rows[table].shape[1] > 1 for table in tables)
                for one in scope
            }
            free = [one for one in left if self.graph.weights[one] or one not in counted]
            if not free:
                break
            left.difference_update(free)
            self._eliminate_all(pool, free, 0)
        if len(left) > self.budget.widest and self.graph.endpoints <= WHOLE_TABLES:
            self._eliminate_all(pool, sorted(left), 0)
            left = set()
        self.budget.admit(len(left))
        return sorted(left)

    def _at(self, total: int, unit: float, pool: Pool, left: Sequence[int]) -> Solution:
        """The best sides of the switches that are left, at one total, cheapest fixed cost first."""
        factors = pool.all()
        heavy = tuple(f for f in factors if self.tables.rows[f.table].shape[1] > 1)
        flat = tuple(f for f in factors if self.tables.rows[f.table].shape[1] == 1)
        place = {one: at for at, one in enumerate(left)}
        fixed = self._combined(flat, len(left), place)[:, 0]
        rows = [rows_in(len(left), tuple(place[one] for one in f.scope)) for f in heavy]
        known: dict[tuple[bytes, ...], Dealing] = {}
        lower, upper, best, best_dealing = np.inf, np.inf, 0, Dealing(np.inf, np.inf)
        for sides in np.argsort(fixed, kind="stable").tolist():
            if fixed[sides] >= upper or not np.isfinite(fixed[sides]):
                lower = min(lower, float(fixed[sides]))
                break
            mine = [self.tables.rows[f.table][row[sides]] for f, row in zip(heavy, rows, strict=True)]
            key = tuple(row.tobytes() for row in mine)
            if key not in known:
                known[key] = self._dealt([(row, f.times) for row, f in zip(mine, heavy, strict=True)], total)
            dealing = known[key]
            lower = min(lower, float(fixed[sides]) + dealing.lower)
            if fixed[sides] + dealing.upper < upper:
                upper, best, best_dealing = float(fixed[sides]) + dealing.upper, sides, dealing
        tried = {one: bool(best >> (len(left) - 1 - at) & 1) for one, at in place.items()}
        return Solution(
            self.graph,
            total,
            min(lower, upper) * unit,
            upper * unit,
            tuple(self.steps),
            self.tables,
            unit,
            tried,
            heavy,
            flat,
            best_dealing,
        )

    def _dealt(self, rows: list[tuple[Floats, int]], total: int) -> Dealing:
        reach = float(sum((row.size - 1) * times for row, times in rows))
        self.budget.spend(50.0 * len(rows) + min(reach, CONVOLVED) + sum(row.size for row, _ in rows))
        return dealt(rows, total)


class _ByDegree:
    """The vertices of a class that wait to be eliminated: least degree first, then the heavier, then the first."""

    def __init__(self, pool: Pool, vertices: Sequence[int], graph: Simple) -> None:
        self.pool = pool
        self.heap = [(len(pool.neighbours(one)), -int(graph.weights[one]), one) for one in vertices]
        heapq.heapify(self.heap)

    def least(self) -> int | None:
        """The next vertex, None when all are gone. A degree that has changed since is looked at again."""
        while self.heap:
            degree, weight, vertex = heapq.heappop(self.heap)
            now = len(self.pool.neighbours(vertex))
            if now == degree:
                return vertex
            heapq.heappush(self.heap, (now, weight, vertex))
        return None


def _convolved_rows(one: Floats, other: Floats) -> Floats:
    """The (min,+) convolution of two tables row by row, shapes (s, a) and (s, b): shape (s, a + b - 1)."""
    if one.shape[1] < other.shape[1]:
        one, other = other, one
    wide = one.shape[1]
    out = np.full((one.shape[0], wide + other.shape[1] - 1), np.inf)
    for at in range(other.shape[1]):
        np.minimum(out[:, at : at + wide], one + other[:, at : at + 1], out=out[:, at : at + wide])
    return out


def rows_in(width: int, places: tuple[int, ...]) -> NDArray[np.int64]:
    """For each row of a table over `width` vertices the row of one over those at some places, shape (2 ** width,)."""
    sides = np.arange(1 << width)
    found = np.zeros(1 << width, dtype=np.int64)
    for place in places:
        found = 2 * found + (sides >> (width - 1 - place) & 1)
    return found
