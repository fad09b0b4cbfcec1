"""The budget of an elimination: it ends with a reason before a table is made that is too large."""

from attrs import define


class TooWide(Exception):
    """A network that elimination cannot settle within its budget; the reason is the message."""


@define
class Budget:
    """Limits of an elimination: most vertices in a scope, most entries in one table, and what is left in all of steps and
    of entries that are kept."""

    widest: int = 18
    entries: float = 1e7
    steps: float = 6e8
    room: float = 2e7

    def spend(self, steps: float) -> None:
        """Take steps off what is left. Raises `TooWide` when that was all."""
        self.steps -= steps
        if self.steps < 0:
            raise TooWide("the work it takes")

    def keep(self, entries: float) -> None:
        """Take entries of a table that stays off the room that is left. Raises `TooWide` when that was all."""
        self.room -= entries
        if self.room < 0:
            raise TooWide("the tables that must be kept")

    def admit(self, scope: int, columns: float = 1.0) -> None:
        """Allow a table before it is made. Raises `TooWide` for one that is too wide or too large."""
        if scope > self.widest:
            raise TooWide(f"{scope} vertices that must be looked at together")
        if 2.0**scope * columns > self.entries:
            raise TooWide(f"a table of {2.0**scope * columns:,.0f} entries")
