"""A tape fills columns: blocks meet exactly, samples are read as quantiles, what is equal is worked out once."""

import pickle

import numpy as np
import pytest

from compiler.quantities.graph import Quantity, Spread, apply, number
from compiler.quantities.swept import SWEPT
from compiler.study.lowering import Root, lower
from compiler.study.monomials import SweptInput
from compiler.study.tape import BLOCK, Array, Tape


def swept(name: str, low: float = 1.0, high: float = 9.0) -> Quantity:
    return Quantity("literal", (), (), Spread(low, low, high, SWEPT), symbol=f"sweep {name}")


def drawn(name: str, low: float, high: float) -> Quantity:
    return Quantity("literal", (), (), Spread(low, (low + high) / 2, high, "uniform"), symbol=name)


N, M = swept("n"), swept("m")
INPUTS = [SweptInput("sweep n", 1.0, 1.0, 9.0), SweptInput("sweep m", 1000.0, 1000.0, 9000.0)]


def ran(tape: Tape, *columns: Array) -> list[Array]:
    out = [np.empty(len(columns[0])) for _ in range(tape.width)]
    tape.run(columns, out)
    return out


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5])
def test_blocks_meet_exactly(size: int) -> None:
    tape = lower([Root(apply("add", apply("multiply", N, N), number(1.0)))], INPUTS)
    n = np.linspace(1.0, 9.0, size)
    assert np.array_equal(ran(tape, n, n)[0], n * n + 1.0)


def test_inputs_and_columns_have_their_units() -> None:
    tape = lower([Root(apply("multiply", N, M), 10.0)], INPUTS)
    assert ran(tape, np.array([2.0]), np.array([3.0]))[0] == pytest.approx(2.0 * 3000.0 / 10.0)


def test_what_is_equal_is_worked_out_once() -> None:
    squares = [apply("sqrt", apply("add", apply("multiply", N, M), number(1.0))) for _ in range(5)]
    one, five = (lower([Root(root, 1.0 + i) for i, root in enumerate(some)], INPUTS) for some in (squares[:1], squares))
    assert five.length <= one.length + 5


def test_what_differs_by_a_factor_costs_one_operation() -> None:
    tape = lower([Root(N), Root(apply("multiply", N, number(3.0))), Root(number(4.0))], INPUTS)
    assert tape.length == 2 and tape.constants == ((2, 4.0),)


def test_a_difference_of_a_thing_with_itself_is_nothing() -> None:
    tape = lower([Root(apply("subtract", N, N)), Root(apply("divide", N, N))], INPUTS)
    assert tape.length == 0 and dict(tape.constants) == {0: 0.0, 1: 1.0}


def test_what_may_be_zero_does_not_cancel() -> None:
    zero = swept("z", -1.0, 1.0)
    tape = lower([Root(apply("divide", zero, zero))], [SweptInput("sweep z", 1.0, -1.0, 1.0)])
    found = ran(tape, np.array([-1.0, 0.0, 1.0]))[0]
    assert np.isnan(found[1]) and found[0] == found[2] == 1.0


def test_samples_are_read_as_quantiles() -> None:
    value = apply("add", apply("multiply", N, drawn("u", 1.0, 3.0)), drawn("v", 0.0, 1.0))
    tape = lower([Root(value, 1.0, "quantiles")], INPUTS, samples=4096)
    low, middle, high = ran(tape, np.array([5.0, 1.0]), np.array([1.0, 1.0]))
    assert middle == pytest.approx([10.5, 2.5], rel=0.01)
    assert (low < middle).all() and (middle < high).all()
    assert high[0] - low[0] > high[1] - low[1]


def test_a_factor_of_samples_is_read_when_the_tape_is_made() -> None:
    tape = lower([Root(apply("multiply", N, drawn("u", 1.0, 3.0)), 1.0, "quantiles")], INPUTS, samples=4096)
    assert tape.both == ()
    low, middle, high = ran(tape, np.array([2.0]), np.array([1.0]))
    assert (low[0], middle[0], high[0]) == pytest.approx((2.2, 4.0, 5.8), rel=1e-3)


def test_quantiles_of_a_negative_multiple_change_places() -> None:
    tape = lower(
        [Root(apply("negative", apply("multiply", N, drawn("u", 1.0, 3.0))), 1.0, "quantiles")], INPUTS, samples=4096
    )
    low, middle, high = ran(tape, np.array([1.0]), np.array([1.0]))
    assert (low[0], middle[0], high[0]) == pytest.approx((-2.9, -2.0, -1.1), rel=1e-3)


def test_a_condition_is_the_share_of_samples_for_which_it_holds() -> None:
    tape = lower([Root(apply("less", drawn("u", 0.0, 8.0), N), 1.0, "share")], INPUTS, samples=1024)
    assert ran(tape, np.array([2.0, 4.0, 9.0]), np.ones(3))[0] == pytest.approx([0.25, 0.5, 1.0], abs=2e-3)


def test_a_single_sample_is_the_middle() -> None:
    tape = lower([Root(apply("multiply", N, drawn("u", 1.0, 4.0)))], INPUTS)
    assert ran(tape, np.array([2.0]), np.array([1.0]))[0] == [5.0]


def test_another_seed_draws_other_samples() -> None:
    value = Root(apply("less", apply("multiply", drawn("u", 0.0, 1.0), drawn("v", 0.0, 1.0)), N), 1.0, "share")
    inputs = [SweptInput("sweep n", 1.0, 0.0, 1.0)]
    shares = [ran(lower([value], inputs, samples=256, seed=seed), np.array([0.3]))[0][0] for seed in range(8)]
    assert len(set(shares)) > 1


def test_a_tape_travels() -> None:
    tape = lower(
        [Root(apply("sqrt", apply("multiply", N, drawn("u", 1.0, 3.0))), 1.0, "quantiles")], INPUTS, samples=64
    )
    again = pickle.loads(pickle.dumps(tape))
    n = np.linspace(1.0, 9.0, 500)
    for left, right in zip(ran(tape, n, n), ran(again, n, n), strict=True):
        assert np.array_equal(left, right)


def test_what_has_no_end_is_near_only_to_itself() -> None:
    endless = apply("divide", number(1.0), swept("z", 0.0, 1.0))
    inputs = [SweptInput("sweep z", 1.0, 0.0, 1.0)]
    roots = [Root(apply(op, number(3.0), endless)) for op in ("less", "equal", "greater")]
    less, equal, greater = ran(lower(roots, inputs), np.array([0.0, 1 / 3, 1.0]))
    assert less.tolist() == [1, 0, 0] and equal.tolist() == [0, 1, 0] and greater.tolist() == [0, 0, 1]


def test_an_endless_power_is_no_fault() -> None:
    endless = apply("divide", number(1.0), number(0.0))
    assert ran(lower([Root(apply("power", N, endless))], INPUTS), np.array([2.0]), np.array([1.0]))[0] == [np.inf]
