"""The division behind a least cut of a counted network: which copies of each vertex stand on side A.

From the whole inwards: what the sides around a class cost was decided outside it, and how many endpoints each copy
holds on side A was dealt out there. Copies that were dealt the same stand alike, so each class falls into a few runs of
copies, and each run is looked into once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from attrs import define, evolve, field, frozen

from compiler.networks.bisection.dealing import Dealt
from compiler.networks.bisection.elimination import Solution, Step
from compiler.networks.bisection.least_dealing import least_dealing
from compiler.networks.bisection.side_tables import Producer, SideTable

Runs = tuple[tuple[int, int], ...]
"""Runs of like copies in order: (endpoints on side A of one copy, copies)."""

Where = Mapping[int, tuple[int, int]]
"""Copies of classes: {class: (start, stop)}."""


@frozen(eq=False)
class Standing:
    """A vertex on one side, in the copies from `start` to `stop` of each class around it: {class: (start, stop)}."""

    vertex: int
    side: bool
    where: Where


def standings(solution: Solution) -> tuple[Standing, ...]:
    """The side of every vertex of a solved network, its copies in runs; every copy of every vertex once."""
    return tuple(_Dealer(solution).of_whole())


@frozen(eq=False)
class _Job:
    """Factors of one producer within one copy of a class, and what they were dealt, run by run."""

    producer: Producer
    runs: Runs


@define(eq=False)
class _Dealer:
    """The dealing of endpoints to copies: vertices, steps and inner classes of each class, by its number."""

    solution: Solution
    inner: dict[int, list[int]] = field(factory=lambda: defaultdict(list))
    vertices: dict[int, list[int]] = field(factory=lambda: defaultdict(list))
    steps: dict[int, list[int]] = field(factory=lambda: defaultdict(list))
    shared: dict[object, tuple[float, tuple[Dealt, ...]]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        graph = self.solution.graph
        for which, one in enumerate(graph.classes):
            if which:
                self.inner[one.around].append(which)
        for vertex, which in enumerate(graph.home.tolist()):
            self.vertices[which].append(vertex)
        for number, step in enumerate(self.solution.steps):
            self.steps[step.home].append(number)

    def of_whole(self) -> Iterator[Standing]:
        """All standings, from the sides that were tried and what was dealt at the total."""
        found = self.solution
        shares = (*found.dealing.dealt, *({0: factor.times} for factor in found.flat))
        jobs = [
            job
            for factor, share in zip((*found.heavy, *found.flat), shares, strict=True)
            for job in _jobs(factor, share)
        ]
        yield from self._of_class(0, jobs, dict(found.tried), {0: (0, 1)})

    def _of_class(self, which: int, jobs: Iterable[_Job], sides: dict[int, bool], where: Where) -> Iterator[Standing]:
        """Standings in a run of like copies of a class, whose `jobs` and `sides` are those of one copy; sides found are added."""
        wanted: dict[int, int] = {}
        below: dict[int, list[_Job]] = defaultdict(list)
        _hand_out(jobs, wanted, below)
        for number in reversed(self.steps[which]):
            step = self.solution.steps[number]
            sides[step.vertex], shares = self._decided(step, wanted[number], sides)
            for factor, share in zip(step.factors, shares, strict=True):
                _hand_out(_jobs(factor, share), wanted, below)
        for vertex in self.vertices[which]:
            yield Standing(vertex, sides.get(vertex, False), where)
        for inner in self.inner[which]:
            yield from self._of_inner(inner, below[inner], sides, where)

    def _of_inner(
        self, which: int, jobs: Sequence[_Job], sides: Mapping[int, bool], where: Where
    ) -> Iterator[Standing]:
        """Standings in a class within one copy of another: its copies in runs that were dealt the same."""
        copies = self.solution.graph.classes[which].copies
        each = [sum(count for _, count in job.runs) // copies for job in jobs]
        for start, stop in pairwise(_run_ends(jobs, each, copies)):
            mine = [
                _Job(job.producer, _window(job.runs, start * many, (start + 1) * many))
                for job, many in zip(jobs, each, strict=True)
            ]
            yield from self._of_class(which, mine, dict(sides), {**where, which: (start, stop)})

    def _decided(self, step: Step, total: int, sides: Mapping[int, bool]) -> tuple[bool, tuple[Dealt, ...]]:
        """The better side of a vertex with `total` endpoints on A at it and below it, and the shares of its factors."""
        best: tuple[float, bool, tuple[Dealt, ...]] = (np.inf, False, ())
        weight = int(self.solution.graph.weights[step.vertex])
        for side in (False, True):
            left = total - weight * side
            if left < 0:
                continue
            cost, shares = self._shared(step.factors, left, {**sides, step.vertex: side})
            if cost < best[0]:
                best = (cost, side, shares)
        return best[1], best[2]

    def _shared(
        self, factors: Sequence[SideTable], total: int, sides: Mapping[int, bool]
    ) -> tuple[float, tuple[Dealt, ...]]:
        """The least cost of factors with `total` endpoints on A below them, and the share of each."""
        places = tuple((factor.table, _row(factor, sides), factor.times) for factor in factors)
        key = (places, total)
        if key not in self.shared:
            self.shared[key] = self._share(places, total)
        return self.shared[key]

    def _share(self, places: Sequence[tuple[int, int, int]], total: int) -> tuple[float, tuple[Dealt, ...]]:
        """The same of rows of tables, each so many times: (table, row, times)."""
        rows = [self.solution.tables.rows[table][at] for table, at, _ in places]
        times = [many for _, _, many in places]
        flat = sum(float(row[0]) * many for row, many in zip(rows, times, strict=True) if row.size == 1)
        heavy = [(row, many) for row, many in zip(rows, times, strict=True) if row.size > 1]
        found = least_dealing(heavy, total)
        shares = iter(found.dealt)
        return flat + found.upper, tuple(
            {0: many} if row.size == 1 else next(shares, {}) for row, many in zip(rows, times, strict=True)
        )


def _row(factor: SideTable, sides: Mapping[int, bool]) -> int:
    """The row of a factor's table where the vertices of its scope stand on some sides."""
    at = 0
    for vertex in factor.scope:
        at = 2 * at + sides[vertex]
    return at


def _hand_out(jobs: Iterable[_Job], wanted: dict[int, int], below: dict[int, list[_Job]]) -> None:
    """Enter jobs where they are done: the endpoints that a step of this class is to place, or a job of an inner class."""
    for job in jobs:
        if job.producer.way:
            inner = evolve(job.producer, way=job.producer.way[:-1])
            below[job.producer.way[-1]].append(_Job(inner, job.runs))
        elif job.producer.step >= 0:
            wanted[job.producer.step] = job.runs[0][0]


def _jobs(factor: SideTable, share: Dealt) -> list[_Job]:
    """The runs that the producers of a factor are dealt, in order; links have nothing to place and are left out."""
    runs = [[k, count] for k, count in sorted(share.items())]
    found, at = [], 0
    for producer, times in factor.producers:
        mine: list[tuple[int, int]] = []
        while times:
            k, count = runs[at]
            taken = min(times, count)
            mine.append((k, taken))
            times -= taken
            runs[at][1] -= taken
            at += not runs[at][1]
        if producer.step >= 0:
            found.append(_Job(producer, tuple(mine)))
    return found


def _run_ends(jobs: Sequence[_Job], each: Sequence[int], copies: int) -> list[int]:
    """The numbers of copies at which runs of like ones begin or end, where each job has `each` factors in a copy."""
    ends = {0, copies}
    for job, many in zip(jobs, each, strict=True):
        at = 0
        for _, count in job.runs:
            at += count
            ends |= {at // many, -(-at // many)}
    return sorted(ends)


def _window(runs: Runs, start: int, stop: int) -> Runs:
    """The part of some runs from one copy to another."""
    found, at = [], 0
    for k, count in runs:
        low, high = max(at, start), min(at + count, stop)
        if high > low:
            found.append((k, high - low))
        at += count
    return tuple(found)
