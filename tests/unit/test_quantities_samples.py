"""Samples of the quantity graph: seeded by what an input is called, whoever reads it."""

import numpy as np

from compiler.quantities.graph import Quantity, Spread, apply
from compiler.quantities.samples import evaluate
from compiler.study.lowering import Root, lower


def nobody_wrote(low: float, high: float) -> Quantity:
    """An input without a symbol, as a bisection between bounds is."""
    return Quantity("literal", (), (), Spread(low, (low + high) / 2, high, "uniform"), label="bisection")


def test_an_input_that_nobody_wrote_draws_the_same_samples_in_every_run() -> None:
    once, again = (evaluate([apply("add", nobody_wrote(1, 2), nobody_wrote(1, 2))])[0] for _ in range(2))
    assert np.array_equal(once, again)
    one, other = evaluate([first := nobody_wrote(1, 2), nobody_wrote(1, 2), first])[:2]
    assert not np.array_equal(one, other)


def test_a_study_draws_the_same_samples_for_it_in_every_process() -> None:
    tapes = [lower([Root(nobody_wrote(1, 2), 1.0, "quantiles")], [], samples=64) for _ in range(2)]
    assert tapes[0].constants == tapes[1].constants
