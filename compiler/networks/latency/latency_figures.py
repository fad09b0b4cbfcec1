"""Latencies as quantities: how often the quickest ways pass each link and switch, times what each states.

The latency of a pair is the least of several sums, so it grows with each of them and its ends are at the ends of its
parts. One sum stands for all cases where it is right in every corner of the uncertain latencies: the mean is concave in
them and no more than the sum of fixed ways, so that both are equal throughout if they are in the corners; and then the
largest, the most of fixed sums, is convex and no less than one of them. Elsewhere the figure is its ends.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.latency.passages import Passage
from compiler.networks.latency.quickest import Passed
from compiler.numerics.tolerances import nearly
from compiler.quantities.graph import Origin, Quantity, Spread, number, times, total
from compiler.quantities.intervals import Bounds, Intervals
from compiler.quantities.units import TIME

LARGEST, MEAN = "largest", "mean"
NEVER = "some of its endpoints never meet in it"
MOST_UNCERTAIN = 4
"""Uncertain latencies up to which every corner of their ranges is looked at."""

Floats = NDArray[np.float64]
Search = Callable[[Floats], Passed | None]
"""Search of the quickest ways of a network for given delays, shape (passages,); None where some endpoints never meet."""


@frozen(eq=False)
class Latency:
    """A latency, s: None where it is absent, for the `reason`. What stands in `missing` states none and may add to it."""

    quantity: Quantity | None
    missing: tuple[str, ...] = ()
    reason: str = ""


@frozen(eq=False)
class Latencies:
    """The latency between the two endpoints farthest apart, and the mean over all ordered pairs of distinct ones."""

    largest: Latency
    mean: Latency


def absent(reason: str) -> Latencies:
    """Neither latency, for one reason."""
    return Latencies(Latency(None, reason=reason), Latency(None, reason=reason))


@frozen(eq=False)
class _Case:
    """Delays of all passages, shape (passages,), and what the quickest ways pass at those."""

    delays: Floats
    passed: Passed

    def counts(self, name: str) -> Floats:
        """Counts of each passage that a latency is the sum of, shape (passages,)."""
        return self.passed.largest if name == LARGEST else self.passed.mean

    def value(self, name: str) -> float:
        """A latency, s."""
        return float(self.counts(name) @ self.delays)

    def is_sum_of(self, other: "_Case", name: str) -> bool:
        """True when the counts of another case give the latency here, too."""
        return nearly(float(other.counts(name) @ self.delays), self.value(name))


def latency_figures(search: Search, passages: Sequence[Passage]) -> Latencies:
    """Both latencies of a network whose quickest ways a search finds. Raises `TopologyError` where it does."""
    stated = [_bounds(passage) for passage in passages]
    silent = np.array([bounds is None for bounds in stated])
    if silent.all():
        return absent(_states_none(passages))
    cases: list[_Case] = []
    for delays in _corners(stated):
        passed = search(delays)
        if passed is None:
            return absent(NEVER)
        cases.append(_Case(delays, passed))
    passing = _passing(cases, passages)
    silenced = [passage for passage in passing if _bounds(passage) is None]
    is_told = not silenced or all(_is_told(search, case, silent) for case in cases)
    if len(silenced) == len(passing):
        return absent(_states_none(silenced))
    missing = () if is_told else tuple(dict.fromkeys(f"latency of {passage.name}" for passage in silenced))
    return Latencies(*(Latency(_quantity(cases, passages, name), missing) for name in (LARGEST, MEAN)))


def _passing(cases: Sequence[_Case], passages: Sequence[Passage]) -> list[Passage]:
    """The passages that some quickest way passes in some case."""
    counts = np.sum([case.counts(MEAN) for case in cases], axis=0)
    return [passage for passage, count in zip(passages, counts.tolist(), strict=True) if count]


def _bounds(passage: Passage) -> Bounds | None:
    """The bounds of what a passage states; None where that is nothing."""
    if passage.latency is None:
        return None
    found = Intervals().of(passage.latency)
    return found if np.isfinite((found.low, found.high)).all() else None


def _states_none(passages: Sequence[Passage]) -> str:
    names = tuple(dict.fromkeys(f"`{passage.name}`" for passage in passages))
    return f"no latency is stated of {', '.join(names)}"


def _corners(stated: Sequence[Bounds | None]) -> Iterator[Floats]:
    """Delays in the middle, all at their least, all at their most, then in the other corners of the uncertain ones, where
    those are few."""
    bounds = [found or Bounds(0.0, 0.0, 0.0) for found in stated]
    yield np.array([found.middle for found in bounds])
    spread = [place for place, found in enumerate(bounds) if found.low < found.high]
    if not spread:
        return
    least, most = (np.array([getattr(found, end) for found in bounds]) for end in ("low", "high"))
    yield least
    yield most
    if len(spread) <= MOST_UNCERTAIN:
        for chosen in list(product((False, True), repeat=len(spread)))[1:-1]:
            delays = least.copy()
            at = [place for place, is_high in zip(spread, chosen, strict=True) if is_high]
            delays[at] = most[at]
            yield delays


def _is_told(search: Search, case: _Case, silent: NDArray[np.bool_]) -> bool:
    """True when ways that pass nothing silent are as quick: what states no latency then makes no difference."""
    around = search(np.where(silent, np.inf, case.delays))
    if around is None:
        return False
    spoken = _Case(np.where(silent, 0.0, case.delays), around)
    return all(nearly(spoken.value(name), case.value(name)) for name in (LARGEST, MEAN))


def _quantity(cases: Sequence[_Case], passages: Sequence[Passage], name: str) -> Quantity:
    """A latency as the sum of what the ways in the middle case pass, or by its ends where no one sum is right."""
    middle, *corners = cases
    uncertain = sum(bounds is not None and bounds.low < bounds.high for bounds in map(_bounds, passages))
    if uncertain <= MOST_UNCERTAIN and all(each.is_sum_of(middle, which) for each in corners for which in (MEAN, name)):
        counts = zip(passages, middle.counts(name).tolist(), strict=True)
        return total([_term(passage, count) for passage, count in counts if count and _bounds(passage)], TIME)
    least, most = (case.value(name) for case in corners[:2])
    spread = Spread(least, middle.value(name), most, "uniform")
    return Quantity("literal", (), TIME, spread, label="least of several sums of latencies", origin=_origin(passages))


def _origin(passages: Sequence[Passage]) -> Origin | None:
    """Place of the first of some latencies that was written, with the sources of all."""
    stated = [passage.latency for passage in passages if passage.latency is not None]
    written = [found for found in stated if found.origin is not None and found.origin.span is not None]
    cited = dict.fromkeys(citation for found in written if found.origin for citation in found.origin.citations)
    return Origin(written[0].origin.span, tuple(cited)) if written and written[0].origin else None


def _term(passage: Passage, count: float) -> Quantity:
    assert passage.latency is not None
    return times(number(count, label=f"{passage.name} on the way"), passage.latency)
