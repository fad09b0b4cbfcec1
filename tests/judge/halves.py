"""Divisions of graphs too large to try all: real cuts, by METIS and by order, so that nothing true lies above them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.judge.crossing import flow_cut, whole_unit
from tests.judge.graph import Graph


def found_cut(small: Graph, wanted: int, seeds: int = 4) -> float:
    """The least cut found with `wanted` endpoints on one side; infinite where no division came to that number."""
    best = float("inf")
    tried = set()
    for sides in _starts(small, seeds):
        divided = _evened(small, sides, wanted)
        mark = None if divided is None else divided.tobytes()
        if divided is not None and mark not in tried:
            tried.add(mark)
            best = min(best, flow_cut(small, divided))
    return best


def _starts(small: Graph, seeds: int) -> Iterator[np.ndarray]:
    """Sides of all vertices to begin with: the first half in order, every other one, and those of METIS."""
    weights = np.array(small.weights)
    yield (np.cumsum(weights) * 2 <= weights.sum()).astype(np.int8)
    yield (np.arange(len(weights)) % 2).astype(np.int8)
    yield from _metis(small, seeds)


def _metis(small: Graph, seeds: int) -> Iterator[np.ndarray]:
    import pymetis

    unit = whole_unit([rate for _, _, rate in small.edges])
    near: list[list[tuple[int, int]]] = [[] for _ in small.weights]
    for u, v, rate in small.edges:
        near[u].append((v, round(rate / unit)))
        near[v].append((u, round(rate / unit)))
    starts = np.cumsum([0, *map(len, near)])
    pairs = [pair for around in near for pair in around]
    for seed in range(seeds):
        options = pymetis.Options(seed=seed, ncuts=4, ufactor=1)
        _, sides = pymetis.part_graph(
            2,
            pymetis.CSRAdjacency(list(map(int, starts)), [v for v, _ in pairs]),
            eweights=[rate for _, rate in pairs],
            vweights=list(small.weights),
            options=options,
        )
        yield np.array(sides, np.int8)


def _evened(small: Graph, sides: np.ndarray, wanted: int) -> np.ndarray | None:
    """Sides with `wanted` endpoints on A, by moving those that cost least; None where that number is not met."""
    weights, sides = np.array(small.weights), sides.copy()
    rows = np.array([(u, v) for u, v, _ in small.edges])
    rates = np.array([rate for _, _, rate in small.edges])
    if abs(weights[sides == 0].sum() - wanted) < abs(weights[sides == 1].sum() - wanted):
        sides = 1 - sides
    for _ in range(int(weights.sum())):
        short = wanted - weights[sides == 1].sum()
        if not short:
            return sides
        movable = (weights > 0) & (weights <= abs(short)) & (sides == (short < 0))
        if not movable.any():
            return None
        signs = np.where(sides[rows[:, 0]] == sides[rows[:, 1]], rates, -rates)
        costs = np.bincount(rows.ravel(), np.repeat(signs, 2), len(weights))
        sides[np.flatnonzero(movable)[costs[movable].argmin()]] ^= 1
    return None
