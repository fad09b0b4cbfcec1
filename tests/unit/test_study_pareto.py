"""A front holds what no other point beats, however many aims there are and however it comes in."""

import numpy as np
import pytest

from compiler.study.pareto import Front, front


def test_equal_points_stay_together() -> None:
    assert front(np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 2.0], [2.0, 2.0]])).tolist() == [0, 1, 2]


def test_one_aim_is_the_least() -> None:
    assert front(np.array([[3.0], [1.0], [2.0], [1.0]])).tolist() == [1, 3]


def test_no_points_have_no_front() -> None:
    assert front(np.empty((0, 3))).tolist() == []


def test_what_is_not_a_number_is_never_in_front() -> None:
    assert front(np.array([[np.nan, 0.0], [1.0, 1.0]])).tolist() == [1]
    assert front(np.array([[np.nan, 0.0]])).tolist() == []


def test_what_is_equal_in_one_aim_and_better_in_another_wins() -> None:
    assert front(np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 2.0], [1.0, 1.0, 4.0]])).tolist() == [1, 2]


def test_infinite_costs_are_costs() -> None:
    assert front(np.array([[np.inf, 0.0], [0.0, np.inf], [np.inf, 1.0]])).tolist() == [0, 1]


@pytest.mark.parametrize("aims", [1, 2, 3, 4])
def test_chunks_give_the_front_of_the_whole(aims: int) -> None:
    costs = np.random.default_rng(aims).integers(0, 30, (9000, aims)).astype(float)
    seen = Front(aims)
    for start in range(0, len(costs), 1000):
        seen.see(np.arange(start, start + 1000), costs[start : start + 1000])
    assert sorted(seen.indices.tolist()) == front(costs).tolist()
    assert np.array_equal(seen.costs, costs[seen.indices])
