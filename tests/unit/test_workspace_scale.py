"""Units that a user asks for."""

import pytest

from compiler.errors import UnknownError
from compiler.quantities.units import MONEY, POWER, compute_rate
from compiler.workspace.scale import scale_of


def test_a_unit_is_so_many_base_units() -> None:
    assert scale_of("kW", POWER, "this") == 1000.0
    assert scale_of("PFLOPS", compute_rate("fp8"), "this") == 1e15
    assert scale_of("GB", None, "this") == 1e9


@pytest.mark.parametrize(
    ("unit", "dimension", "words"),
    [
        ("kV", POWER, "`kV` is not a unit"),
        ("GB", POWER, "this is a power, `GB` measures an amount of data"),
        ("CNY", MONEY, "figures hold money in USD; there is no rate here for CNY"),
    ],
)
def test_a_unit_that_does_not_fit_is_told(unit: str, dimension: tuple[tuple[str, int], ...], words: str) -> None:
    with pytest.raises(UnknownError) as told:
        scale_of(unit, dimension, "this")

    assert str(told.value).startswith(words)
