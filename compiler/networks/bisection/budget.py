"""The budget of an elimination: it ends with a reason before a table is made that is too large."""

from attrs import define


class TooWide(Exception):
    """A network that elimination cannot settle within its budget; the reason is the message."""


@define
class Budget:
    """Limits of an elimination: most vertices in a scope, most entries in one table, and steps that are left in all."""

    widest: int = 18
    entries: float = 1e7
    steps: float = 6e8

    def spend(self, steps: float) -> None:
        """Take steps off what is left. Raises `TooWide` when that was all."""
        self.steps -= steps
        if self.steps < 0:
            raise TooWide("the work it takes")

    def admit(self, scope: int, columns: float = 1.0) -> None:
        """Allow a table before it is made. Raises `TooWide` for one that is too wide or too large."""
        if scope > self.widest:
            raise TooWide(f"{scope} vertices that must be looked at together")
        if 2.0**scope * columns > self.entries:
            raise TooWide(f"a table of {2.0**scope * columns:,.0f} entries")
