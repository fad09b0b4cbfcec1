"""Conversion of a quantity to a plain number that gives a design its shape: a count, a size, a rate.

Warning: while a study listens, the conversion is recorded. All values of a swept axis are one symbol of the graph, and
a design is one graph for all of them only as long as none is needed as a number. Whoever needs one calls `plain`, so
that the study builds the design anew for each value. A number taken in another way (from `Intervals` or from a
`Spread`) is silently that of the first value for all. Results kept between designs must not hide a conversion: ask
`is_listening` before using them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import Bounds, Intervals

SWEPT = "swept"
"""The `shape` of the spread of a literal that stands for every value of a numeric axis of a study."""
_heard: ContextVar[set[str] | None] = ContextVar("heard", default=None)


@contextmanager
def listening() -> Iterator[set[str]]:
    """Set of the swept symbols that are converted to plain numbers; filled while the block runs."""
    heard: set[str] = set()
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


def is_listening() -> bool:
    """True while a study records conversions."""
    return _heard.get() is not None


def plain(quantity: Quantity, intervals: Intervals | None = None) -> Bounds:
    """Bounds of a quantity in base units, to shape a design with; recorded. `intervals` is a cache for them."""
    record(quantity)
    return (intervals or Intervals()).of(quantity)


def record(quantity: Quantity) -> None:
    """Record that the shape of the design depends on a quantity, for those who read its nodes one by one themselves."""
    heard = _heard.get()
    if heard is not None:
        heard.update(n.symbol for n in order([quantity]) if n.spread is not None and n.spread.shape == SWEPT)
