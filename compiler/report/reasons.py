"""Reasons for the difference of a figure between two designs, as data: shares that add up to the difference."""

from attrs import frozen

from compiler.quantities.units import Dimension


@frozen
class Reason:
    """One reason: its name, its text on each side, and its share of the difference in base units."""

    label: str
    before: str
    after: str
    share: float


@frozen(eq=False)
class Difference:
    """A figure of two designs and the reasons for the difference, the largest first; `shares` add up to `end - start`.

    `missing` lists the inputs that one of the sides does not count.
    """

    path: str
    title: str
    designs: tuple[str, str]
    start: float
    end: float
    dimension: Dimension
    shares: tuple[Reason, ...]
    missing: tuple[str, ...] = ()
