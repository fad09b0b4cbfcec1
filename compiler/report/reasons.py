"""The reasons why a figure differs between two designs, as data: shares that add up to the whole difference."""

from attrs import frozen

from compiler.quantities.units import Dimension


@frozen
class Reason:
    """One reason: its name, how it reads on each side, and how much of the difference it explains, in base units."""

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
