"""Tables of least costs over the sides of a few vertices, and who made them.

A table has a row for every choice of sides of its scope, the first vertex in the highest bit and side A as 1, and a
column for every number of endpoints on side A that it has already swallowed. Equal tables are kept once, by number.
"""

from collections.abc import Sequence

import numpy as np
from attrs import define, field, frozen

from compiler.networks.bisection.budget import Budget
from compiler.networks.bisection.lower_hull import Floats, Ints
from compiler.networks.bisection.min_plus import cost_of_power, power

BLOCK = 1 << 15
"""Entries that are worked on at once: a quarter of a megabyte, which the cache of a processor holds."""

Scope = tuple[int, ...]
"""Vertices, ascending."""


@frozen
class Producer:
    """The origin of a factor: the number of the step that made it, -1 for a link, and the classes that it was lifted out
    of since, the innermost first."""

    step: int = -1
    way: tuple[int, ...] = ()


LINK = Producer()

Producers = tuple[tuple[Producer, int], ...]
"""Producers of one table over one scope, each with how often it makes it."""


@frozen(eq=False)
class SideTable:
    """A factor: one table, by its number, over a scope, and who made it."""

    scope: Scope
    table: int
    producers: Producers

    @property
    def times(self) -> int:
        """The number of like factors that it stands for."""
        return sum(count for _, count in self.producers)


@define(eq=False)
class Tables:
    """Tables by number, equal ones once; shape (2 ** scope, columns): sides of the scope in order, endpoints on A."""

    rows: list[Floats] = field(factory=list)
    numbers: dict[tuple[int, bytes], int] = field(factory=dict)
    powers: dict[tuple[int, int], Floats] = field(factory=dict)

    def number(self, table: Floats) -> int:
        """The number of a table, shape (2 ** scope, columns); a new one if there is none like it."""
        table = np.ascontiguousarray(table)
        key = (table.shape[0], table.tobytes())
        if key not in self.numbers:
            self.numbers[key] = len(self.rows)
            self.rows.append(table)
        return self.numbers[key]

    def is_flat(self, factor: SideTable) -> bool:
        """True for a factor that has swallowed no endpoint: its table has one column."""
        return bool(self.rows[factor.table].shape[1] == 1)

    def power(self, number: int, times: int, budget: Budget) -> Floats:
        """The (min,+) power of each row of a table, shape (2 ** scope, columns). Raises `TooWide`."""
        table = self.rows[number]
        if times == 1:
            return table
        if table.shape[1] == 1:
            return table * times
        key = (number, times)
        if key not in self.powers:
            self.powers[key] = _power_of_rows(table, times, budget)
        return self.powers[key]

    def combined(self, factors: Sequence[SideTable], scope: Scope, budget: Budget) -> Floats:
        """The sum of factors over a scope that has all of theirs, shape (2 ** scope, columns). Raises `TooWide`."""
        place = {one: at for at, one in enumerate(scope)}
        width = len(scope)
        total = np.zeros((1 << width, 1))
        for factor in sorted(factors, key=lambda f: self.rows[f.table].shape[1] * f.times):
            table = self.power(factor.table, factor.times, budget)
            table = table[rows_in(width, tuple(place[one] for one in factor.scope))]
            if table.shape[1] == 1 or total.shape[1] == 1:
                budget.admit(width, max(table.shape[1], total.shape[1]))
                total = total + table
                continue
            budget.admit(width, total.shape[1] + table.shape[1])
            budget.spend(float(total.size) * table.shape[1])
            total = _convolved_rows(total, table)
        return total


def rows_in(width: int, places: tuple[int, ...]) -> Ints:
    """For each row of a table over `width` vertices the row of one over those at some places, shape (2 ** width,)."""
    sides = np.arange(1 << width)
    found = np.zeros(1 << width, dtype=np.int64)
    for place in places:
        found = 2 * found + (sides >> (width - 1 - place) & 1)
    return found


def like_rows(table: Floats) -> Ints:
    """A number for each row of a table, shape (rows,): the same for equal rows."""
    bits = np.ascontiguousarray(table + 0.0).view(np.uint64)  # -0 and 0 are one number
    factors = np.random.default_rng(1).integers(1, 1 << 63, table.shape[1], dtype=np.uint64) | np.uint64(1)
    mixed = bits ^ (bits >> np.uint64(29))
    with np.errstate(over="ignore"):
        sums = (mixed * factors).sum(axis=1, dtype=np.uint64)
    _, first, like = np.unique(sums, return_index=True, return_inverse=True)
    if not np.array_equal(table[first[like]], table):  # unlike rows of one sum: as good as never
        _, like = np.unique(table, axis=0, return_inverse=True)
    return np.asarray(like).ravel()


def _power_of_rows(table: Floats, times: int, budget: Budget) -> Floats:
    """The power of each row, each unlike row once."""
    columns = (table.shape[1] - 1) * times + 1
    budget.admit(int(table.shape[0]).bit_length() - 1, columns)
    budget.keep(float(table.shape[0]) * columns)
    found: dict[bytes, Floats] = {}
    out = np.empty((table.shape[0], columns))
    for at, row in enumerate(table):
        name = row.tobytes()
        if name not in found:
            budget.spend(cost_of_power(row.size - 1, times))
            found[name] = power(row, times)
        out[at] = found[name]
    return out


def _convolved_rows(one: Floats, other: Floats) -> Floats:
    """The (min,+) convolution of two tables row by row, shapes (s, a) and (s, b): shape (s, a + b - 1)."""
    if one.shape[1] < other.shape[1]:
        one, other = other, one
    wide, many = one.shape[1], other.shape[1]
    out = np.full((one.shape[0], wide + many - 1), np.inf)
    step = max(1, BLOCK // out.shape[1])
    for start in range(0, one.shape[0], step):
        rows = slice(start, start + step)
        block, mine = out[rows], one[rows]
        for at in range(many):
            np.minimum(block[:, at : at + wide], mine + other[rows, at : at + 1], out=block[:, at : at + wide])
    return out
