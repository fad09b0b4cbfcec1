"""The door through which a quantity becomes a plain number that gives a design its shape: a count, a size, a rate.

Warning: while a study listens, this door has a side effect. The values of a swept axis are one symbol of the graph, and
a design can stay one graph for all of them only as long as none is needed as a number. Whoever needs one goes through
here, so that the study hears of it and builds the design anew for each value. A number read past this door (from
`Intervals` or from a `Spread`) is silently that of the first value for all; and what is remembered between designs may
not hide a reading: ask `is_listening` before answering from memory.
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
    """The symbols of swept literals whose values are taken as plain numbers meanwhile; filled while the block runs."""
    heard: set[str] = set()
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


def is_listening() -> bool:
    """True while a study is told of the values that are taken."""
    return _heard.get() is not None


def plain(quantity: Quantity, intervals: Intervals | None = None) -> Bounds:
    """The bounds of a quantity, in base units, taken to shape a design; `intervals` remembers them where it is given."""
    record(quantity)
    return (intervals or Intervals()).of(quantity)


def record(quantity: Quantity) -> None:
    """Record that the shape of the design depends on a quantity, for those who read its nodes one by one themselves."""
    heard = _heard.get()
    if heard is not None:
        heard.update(n.symbol for n in order([quantity]) if n.spread is not None and n.spread.shape == SWEPT)
