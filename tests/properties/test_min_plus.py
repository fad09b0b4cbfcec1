"""What always holds of (min,+) powers and dealings: they equal plain convolutions, and what is dealt costs what is claimed."""

from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from compiler.networks.bisection.dealing import Dealing
from compiler.networks.bisection.least_dealing import least_dealing
from compiler.networks.bisection.lower_hull import edges, hull
from compiler.networks.bisection.min_plus import convolved, power
from compiler.networks.bisection.residues import shortest

Floats = NDArray[np.float64]
Rows = list[tuple[Floats, int]]

costs = st.one_of(st.integers(0, 12).map(float), st.just(np.inf))
rows = (
    st.lists(costs, min_size=1, max_size=7).map(lambda row: np.array(row)).filter(lambda r: bool(np.isfinite(r).any()))
)
concave_rows = st.lists(st.integers(0, 9), min_size=1, max_size=6).map(
    lambda steps: np.r_[0.0, np.cumsum(sorted(steps, reverse=True))]
)
anchored_rows = st.lists(costs, min_size=3, max_size=6).map(lambda row: np.r_[0.0, np.array(row) + 1, 0.0])
kinds = st.one_of(rows, concave_rows, anchored_rows)


def plainly_convolved(one: Floats, other: Floats) -> Floats:
    """The convolution by its definition, pair by pair."""
    out = np.full(one.size + other.size - 1, np.inf)
    for i, cost in enumerate(one):
        for j, more in enumerate(other):
            out[i + j] = min(out[i + j], cost + more)
    return out


def plain_power(row: Floats, copies: int) -> Floats:
    whole = row
    for _ in range(copies - 1):
        whole = np.minimum.reduce(
            [np.pad(whole + cost, (k, row.size - 1 - k), constant_values=np.inf) for k, cost in enumerate(row)]
        )
    return whole


def plain_sum(many: Rows) -> Floats:
    return reduce(plainly_convolved, [plain_power(row, copies) for row, copies in many])


def cost_of(found: Dealing, many: Rows) -> float:
    return float(
        sum(row[k] * copies for (row, _), share in zip(many, found.dealt, strict=True) for k, copies in share.items())
    )


def total_of(found: Dealing) -> int:
    return sum(k * copies for share in found.dealt for k, copies in share.items())


@given(kinds, kinds)
def test_a_convolution_is_the_least_over_all_pairs(one: Floats, other: Floats) -> None:
    assert np.array_equal(convolved(one, other), plainly_convolved(one, other))


@settings(deadline=None, max_examples=400)
@given(kinds, st.integers(1, 40))
def test_a_power_is_as_many_convolutions(row: Floats, copies: int) -> None:
    assert np.array_equal(power(row, copies), plain_power(row, copies))


@given(kinds)
def test_no_cost_lies_below_the_hull(row: Floats) -> None:
    corners, finite = hull(row), np.flatnonzero(np.isfinite(row))

    assert (corners[0], corners[-1]) == (finite[0], finite[-1])
    below = np.interp(finite, corners, row[corners])
    assert np.all(row[finite] >= below - 1e-9)


@given(kinds)
def test_edges_rise_from_corner_to_corner(row: Floats) -> None:
    found = edges(row)

    assert [(edge.start, edge.end) for edge in found] == list(pairwise(hull(row)))
    assert all(one.slope < other.slope for one, other in pairwise(found))
    for edge in found:
        line = row[edge.start] + edge.slope * (np.arange(row.size) - edge.start)
        assert edge.heights == pytest.approx(row - line, abs=1e-9)


@given(st.lists(costs, min_size=1, max_size=8).map(np.array))
def test_the_cheapest_steps_to_a_residue_are_found(step: Floats) -> None:
    step[0] = 0.0
    known = step.copy()
    for _ in range(step.size):
        known = np.array(
            [min(known[i] + step[(r - i) % step.size] for i in range(step.size)) for r in range(step.size)]
        )

    assert np.array_equal(shortest(step), known)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(kinds, st.integers(1, 9)), min_size=1, max_size=3), st.data())
def test_a_total_is_dealt_at_least_cost(many: Rows, data: st.DataObject) -> None:
    least = plain_sum(many)
    total = data.draw(st.integers(0, least.size - 1))

    found = least_dealing(many, total)

    assert (found.lower, found.upper) == (pytest.approx(least[total]), pytest.approx(least[total]))
    if np.isfinite(least[total]):
        assert [sum(share.values()) for share in found.dealt] == [copies for _, copies in many]
        assert (total_of(found), cost_of(found, many)) == (total, pytest.approx(least[total]))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(kinds, st.integers(1, 4)), min_size=1, max_size=2), st.integers(20, 40), st.data())
def test_ends_of_a_large_total_hold_the_truth(few: Rows, times: int, data: st.DataObject) -> None:
    many = [(row, copies * times) for row, copies in few]
    least = plain_sum([(power(row, copies), 1) for row, copies in many])
    total = data.draw(st.integers(0, least.size - 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("compiler.networks.bisection.least_dealing.CONVOLVED", 0)
        found = least_dealing(many, total)

    if np.isinf(least[total]):
        assert found.upper == np.inf
    else:
        assert found.lower <= least[total] * (1 + 1e-9) and least[total] <= found.upper * (1 + 1e-9)
        if np.isfinite(found.upper):
            assert (total_of(found), cost_of(found, many)) == (total, pytest.approx(found.upper))


def test_a_total_beyond_all_endpoints_is_not_dealt() -> None:
    row = np.array([0.0, 1.0])

    assert least_dealing([(row, 3)], 4).upper == np.inf
    assert (least_dealing([], 0).upper, least_dealing([], 1).upper) == (0.0, np.inf)


def test_what_many_boxes_cost_is_read_off_one() -> None:
    box = np.array([0.0, 5.0, 6.0, 5.0, 0.0])

    whole = least_dealing([(box, 10**9)], 2 * 10**9)
    odd = least_dealing([(box, 10**9)], 2 * 10**9 + 1)

    assert (whole.lower, whole.upper, whole.dealt) == (0.0, 0.0, ({4: 5 * 10**8, 0: 5 * 10**8},))
    assert (odd.lower, odd.upper) == (5.0, 5.0)
