"""Sensitivity of a figure: each uncertain input alone (tornado), and its share of the variance (Sobol indices).

Sobol indices, which need a library of their own, are left to `study.sobol`.
"""

import math
from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.quantities.graph import Quantity
from compiler.quantities.inputs import NO_NAMES, Input, Names, prepared_of
from compiler.quantities.samples import SAMPLES, evaluate, hypercube

Array = NDArray[np.float64]
BINS = 64
"""Slices of an input: 64 samples in each of a report's 4,096, enough for a mean, and fine enough for a bend."""


@frozen(eq=False)
class Swing:
    """One bar of a tornado: the figure at the low and at the high end of one input, all others at their middle."""

    input: Input
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """The distance by which the input moves the figure."""
        return abs(self.at_high - self.at_low)


@frozen(eq=False)
class Tornado:
    """Swings of a figure by each input alone, the strongest first. `middle` is the figure with every input at its middle."""

    middle: float
    swings: tuple[Swing, ...]


@frozen(eq=False)
class VarianceShare:
    """The share of the variance that one input explains alone (`first`) and with all its interactions (`total`).

    `error` is half the width of the 95 % confidence interval of `first`; None where the method gives none.
    """

    input: Input
    first: float
    total: float | None
    error: float | None = None


@frozen(eq=False)
class Indices:
    """The variance of a figure shared out over its inputs, the strongest first, with the method that did it."""

    variance: float
    shares: tuple[VarianceShare, ...]
    method: str


def tornado(quantity: Quantity, names: Names = NO_NAMES) -> Tornado:
    """Tornado of a quantity: each input at its low and its high end, the others at their middle."""
    prepared = prepared_of(quantity, names)
    count = len(prepared.inputs)
    points = {}
    for place, one in enumerate(prepared.inputs):
        column = np.full((2 * count + 1, 1), one.middle)
        column[2 * place + 1], column[2 * place + 2] = one.low, one.high
        points[one.symbol] = column
    values = np.broadcast_to(evaluate([prepared.root], 1, points)[0], (2 * count + 1, 1))[:, 0]
    swings = (
        Swing(one, float(values[2 * place + 1]), float(values[2 * place + 2]))
        for place, one in enumerate(prepared.inputs)
    )
    return Tornado(float(values[0]), tuple(sorted(swings, key=lambda swing: -_known(swing.width))))


def first_order(quantity: Quantity, names: Names = NO_NAMES, samples: int = SAMPLES) -> Indices:
    """First-order shares from the samples of a report: the variance between the means of equal slices of an input.

    This is the correlation ratio (Pearson 1905) with the correction of Epsilon squared (Kelley 1935), without which
    an input that does nothing would be given (slices - 1) / samples.
    """
    prepared = prepared_of(quantity, names)
    values = np.broadcast_to(evaluate([prepared.root], samples)[0], (1, samples))[0]
    variance = float(np.var(values))
    shares = []
    for one in prepared.inputs:
        slices = np.minimum((hypercube(one.symbol, samples) * BINS).astype(np.int64), BINS - 1)
        shares.append(VarianceShare(one, _between(values, slices, variance), None))
    return Indices(variance, by_share(shares), f"first order, from {samples:,} Latin-hypercube samples")


def _between(values: Array, slices: NDArray[np.int64], variance: float) -> float:
    """The share of the variance that lies between slices."""
    if not variance > 0:
        return 0.0
    counts = np.bincount(slices, minlength=BINS)
    means = np.bincount(slices, weights=values, minlength=BINS) / np.maximum(counts, 1)
    within = float(np.mean((values - means[slices]) ** 2)) / variance
    freedom = (len(values) - 1) / max(1, len(values) - int(np.count_nonzero(counts)))
    return max(0.0, 1.0 - within * freedom)  # chance alone may make it a little less than nothing


def by_share(shares: Sequence[VarianceShare]) -> tuple[VarianceShare, ...]:
    """Shares of a variance, the largest first: each input by what it explains, with others where that is known."""
    return tuple(sorted(shares, key=lambda share: -max(share.first, share.total or 0.0)))


def _known(width: float) -> float:
    return width if math.isfinite(width) else math.inf
