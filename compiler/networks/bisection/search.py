"""The search for the bisection of an explicit network: starts, certificates and exact search, each with its budget."""

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from compiler.networks.bisection.bound import Bound, meets, raised
from compiler.networks.bisection.budget import Budget, TooWide
from compiler.networks.bisection.certificates import lower_bound
from compiler.networks.bisection.counted_sides import standings
from compiler.networks.bisection.elimination import least_cut as eliminated
from compiler.networks.bisection.elimination_width import is_narrow
from compiler.networks.bisection.folding import Folded, placed
from compiler.networks.bisection.frontier import Outcome, least_cut, least_side
from compiler.networks.bisection.partition import metis_sides, random_sides, refined, refining, repaired
from compiler.networks.bisection.problem import Found, Problem, assembled, better
from compiler.networks.bisection.product_cut import ProductCut
from compiler.networks.bisection.recognised_grids import grid, grid_curve, grid_sides

SMALL = 128  # core vertices up to which every start is refined
SWEPT = 300  # core vertices up to which the whole budget goes into a sweep
WIDEST = 17  # vertices that an elimination may look at together
PLANNED = 20_000  # core vertices up to which a sweep is planned and a large network's best cut refined


def search_bisection(asked: Problem) -> Bound:
    """The bound that a search finds, from cheap to dear: structure in the numbering, quick exact searches, certificates,
    then the whole budget."""
    net, effort = asked.net, asked.effort
    shape = grid(net)
    starts = list(grid_sides(shape)) if shape is not None else []
    found = _tried(asked, starts, 0.0)
    lower, method = _grid_lower(net, shape, min(asked.targets))
    lower = raised(lower, found[0], asked.step)
    if meets(lower, found[0]):
        return assembled(asked, found, lower, method)
    if not starts or net.core.size <= SMALL:
        seeds = effort.seeds // 4 + 1 if net.core.size <= SMALL else effort.seeds
        found = better(found, _tried(asked, _starts(asked, seeds), lower))
    return _settled(asked, found, lower, method) or _by_certificates(asked, found, lower, method)


def _settled(asked: Problem, found: Found, lower: float, method: str) -> Bound | None:
    """The exact figure, where what is known meets already or one of two quick exact searches ends."""
    if meets(lower, found[0]):
        return assembled(asked, found, lower, method)
    if asked.net.core.size > PLANNED:
        return None
    swept = least_cut(asked.net, asked.targets, found[0], asked.effort.quick, asked.step)
    if swept.is_complete:
        return _exact(asked, found, swept)
    return _eliminated(asked)


def _by_certificates(asked: Problem, found: Found, lower: float, method: str) -> Bound:
    """Certified ends, and a search with the whole budget where they do not meet."""
    net = asked.net
    proven, how = lower_bound(net, asked.targets, asked.effort, found[0])
    lower, method = (proven, how) if proven > lower else (lower, method)
    if not meets(lower, found[0]) and net.core.size <= SMALL:
        found = better(found, searched(asked, lower))
    if not meets(lower, found[0]) and net.core.size <= SWEPT:
        swept = _deep(asked, found[0])
        if swept.is_complete:
            return _exact(asked, found, swept)
    return assembled(asked, found, min(lower, found[0]), method)


def _exact(asked: Problem, found: Found, swept: Outcome) -> Bound:
    """The bound of a sweep that came to its end."""
    if swept.value is not None:
        found = better(found, least_side(asked.net, asked.targets, swept.value, asked.effort.table) or found)
    lower = found[0] if swept.value is None else swept.value
    return assembled(asked, found, lower, "exact search over a frontier")


def _eliminated(asked: Problem) -> Bound | None:
    """The bound by eliminating vertex after vertex, like pieces once; None where that is too wide."""
    effort, total = asked.effort, min(asked.targets)
    if set(asked.targets) != {total, asked.net.endpoints - total} or not is_narrow(asked.net, WIDEST):
        return None
    try:
        solution = eliminated(
            asked.net.graph, total, Budget(WIDEST, effort.entries, effort.steps / 4, 2 * effort.entries)
        )
    except TooWide:
        return None
    side = np.zeros(asked.net.graph.order, dtype=bool)
    side[[one.vertex for one in standings(solution) if one.side]] = True
    if not meets(solution.lower, solution.upper):
        return None
    return assembled(asked, (solution.upper, side), solution.lower, "elimination of every vertex, like pieces once")


def searched(asked: Problem, lower: float) -> Found:
    """The best cut of all starts that the effort affords, early when it meets the lower end; its side has shape
    (vertices,)."""
    return _tried(asked, _starts(asked, asked.effort.seeds), lower)


def _deep(asked: Problem, value: float) -> Outcome:
    """Exact search with the whole budget: all of it, and eigenvalues ahead, where the core is small."""
    small = asked.net.core.size <= SMALL
    work = asked.effort.table / (1 if small else 20)
    return least_cut(asked.net, asked.targets, value, work, asked.step, deep=small)


def _grid_lower(net: Folded, shape: ProductCut | None, half: int) -> tuple[float, str]:
    curve = grid_curve(net, shape) if shape is not None else None
    if curve is None:
        return 0.0, "capacities are not negative"
    return float(curve.lower(np.array([half]))[0]), f"recognised as a product: {curve.method[0]}"


def _starts(asked: Problem, seeds: int) -> Iterator[NDArray[np.bool_]]:
    return chain(metis_sides(asked.net, seeds), random_sides(asked.net, 4 if asked.net.core.size <= SMALL else 1, 1))


def _tried(asked: Problem, starts: Iterable[NDArray[np.bool_]], lower: float) -> Found:
    """The best cut of several starts, early when it meets the lower end. Of large networks only the best is refined."""
    net, targets, passes = asked.net, asked.targets, asked.effort.passes
    left = asked.effort.moves
    best = placed(net, np.zeros(net.core.size, dtype=bool), targets)
    leader = None
    for side in starts:
        small = net.core.size <= SMALL
        if small and left < 0:
            break
        left -= refining(net, passes)
        start = side if small else repaired(net, side, targets)
        found = refined(net, start, targets, passes) if small else placed(net, start, targets)
        if found[0] < best[0]:
            best, leader = found, start
        if meets(lower, best[0]):
            return best
    if net.core.size > SMALL and net.core.size <= PLANNED and leader is not None:
        best = better(best, refined(net, leader, targets, 1))
    return best
