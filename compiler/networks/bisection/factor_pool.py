"""Factors that wait to be eliminated, by scope and by vertex, and which vertex goes next."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence

from attrs import define, field

from compiler.networks.bisection.reduction import Simple
from compiler.networks.bisection.side_tables import Producer, Scope, SideTable


@define(eq=False)
class FactorPool:
    """The factors of one class that are not yet eliminated."""

    factors: dict[Scope, dict[int, list[tuple[Producer, int]]]] = field(factory=lambda: defaultdict(dict))
    scopes: dict[int, set[Scope]] = field(factory=lambda: defaultdict(set))

    def add(self, scope: Scope, table: int, producer: Producer, times: int = 1) -> None:
        """Add a factor so many times."""
        self.factors[scope].setdefault(table, []).append((producer, times))
        for vertex in scope:
            self.scopes[vertex].add(scope)

    def over(self, vertex: int) -> tuple[SideTable, ...]:
        """The factors over a vertex, in a fixed order."""
        return self._of(self.scopes[vertex])

    def all(self) -> tuple[SideTable, ...]:
        """Every factor, in a fixed order."""
        return self._of(self.factors)

    def _of(self, scopes: Iterable[Scope]) -> tuple[SideTable, ...]:
        return tuple(
            SideTable(scope, table, tuple(producers))
            for scope in sorted(scopes)
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


class DegreeQueue:
    """Vertices that wait to be eliminated: least degree first, then the heavier, then the first."""

    def __init__(self, pool: FactorPool, vertices: Sequence[int], graph: Simple) -> None:
        self.pool, self.graph = pool, graph
        self.heap = [(len(pool.neighbours(one)), -int(graph.weights[one]), one) for one in vertices]
        heapq.heapify(self.heap)

    def nearest(self) -> int:
        """The next vertex, which stays. Raises `IndexError` when none waits."""
        vertex = self.least()
        if vertex is None:
            raise IndexError("no vertex waits")
        heapq.heappush(self.heap, (len(self.pool.neighbours(vertex)), -int(self.graph.weights[vertex]), vertex))
        return vertex

    def least(self) -> int | None:
        """The next vertex, None when all are gone. A degree that has changed since is looked at again."""
        while self.heap:
            degree, weight, vertex = heapq.heappop(self.heap)
            now = len(self.pool.neighbours(vertex))
            if now == degree:
                return vertex
            heapq.heappush(self.heap, (now, weight, vertex))
        return None
