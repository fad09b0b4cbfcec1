"""Places in a design that links may join: the instances of a path, switches without a name, and the world outside."""

from attrs import frozen

from compiler.ir.hardware import Connection
from compiler.networks.whole.carriers import Path


@frozen
class Made:
    """The switches that a shape makes without naming them, so many in each owner."""

    owner: Path
    connection: Connection


@frozen
class Outside:
    """The world outside the design, one of a kind."""


OUTSIDE = Outside()
Place = Path | Made | Outside
"""A place; its instances are numbered in order, the outermost slot slowest."""
