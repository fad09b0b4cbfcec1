"""Columns of results: arrays by name, a value for each point, and the facts that go with them.

Nothing here loads numpy: a run begins, and complains, before it needs an array.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

Columns = Mapping[str, "NDArray[numpy.generic]"]
"""Values by column, shape (points,) each: `float64` for numbers, `bool` for truths, `object` for texts."""


class ColumnFacts(Protocol):
    """Facts of a column beside its values: its name, unit, and kind (number, text or truth)."""

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def kind(self) -> str: ...


def numbers(columns: Columns, name: str) -> "NDArray[numpy.float64]":
    """A column as floating-point numbers, shape (points,)."""
    return cast("NDArray[numpy.float64]", columns[name].astype("float64", copy=False))


def truths(columns: Columns, name: str) -> "NDArray[numpy.bool_]":
    """A column that says yes or no, shape (points,)."""
    return cast("NDArray[numpy.bool_]", columns[name])


def places(columns: Columns, name: str) -> "NDArray[numpy.int64]":
    """A column that counts, shape (points,)."""
    return cast("NDArray[numpy.int64]", columns[name])
