"""Finite fields by their axioms."""

import numpy as np
import pytest

from compiler.networks.topologies.galois import factors, galois, is_prime_power


@pytest.mark.parametrize("order", [2, 3, 4, 5, 8, 9, 16, 25, 27])
def test_a_field_is_a_field(order: int) -> None:
    field, elements = galois(order), np.arange(order)
    a, b, c = np.meshgrid(elements, elements, elements, indexing="ij")
    assert (field.add(a, b) == field.add(b, a)).all()
    assert (field.multiply(a, b) == field.multiply(b, a)).all()
    assert (field.add(field.add(a, b), c) == field.add(a, field.add(b, c))).all()
    assert (field.multiply(field.multiply(a, b), c) == field.multiply(a, field.multiply(b, c))).all()
    assert (field.multiply(a, field.add(b, c)) == field.add(field.multiply(a, b), field.multiply(a, c))).all()
    assert (field.add(elements, field.negative(elements)) == 0).all()
    assert (field.multiply(elements[1:], field.inverse(elements[1:])) == 1).all()
    assert sorted(field.powers) == list(range(1, order))


def test_numbers_have_their_factors() -> None:
    assert factors(360) == {2: 3, 3: 2, 5: 1}
    assert [n for n in range(1, 20) if is_prime_power(n)] == [2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 17, 19]
