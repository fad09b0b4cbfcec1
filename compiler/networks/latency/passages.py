"""Passages of a way through a network: links, and switches between them. Each takes its `latency`, where it states one."""

from attrs import define, field, frozen

from compiler.ir.hardware import Connection, Part
from compiler.quantities.graph import Quantity

NOTHING = -1
"""The passage of a part that adds nothing: an endpoint, or a card on the way."""


@frozen(eq=False)
class Passage:
    """A kind of link or switch by its name, and the time it takes to pass one; None where no source states it."""

    name: str
    latency: Quantity | None


@define(eq=False)
class Passages:
    """The passages of a network, numbered in the order met: one for each part, one for the unnamed switches of a shape."""

    listed: list[Passage] = field(factory=list)
    numbers: dict[Part | Connection, int] = field(factory=dict)

    def of_link(self, connection: Connection) -> int:
        """The number of the links of a connection."""
        return self._of(connection.link)

    def of_part(self, part: Part) -> int:
        """The number of a part that a way leads through; `NOTHING` where it is no switch."""
        return self._of(part) if part.kind == "switch" else NOTHING

    def of_shape(self, connection: Connection) -> int:
        """The number of the switches that the shape of a connection made, named or not."""
        assert connection.shape is not None
        if connection.shape.switch is not None:
            return self._of(connection.shape.switch)
        if connection not in self.numbers:
            self.numbers[connection] = len(self.listed)
            self.listed.append(Passage(f"switches of `{connection.shape.family}`", None))
        return self.numbers[connection]

    def of_switches(self, connection: Connection) -> int | None:
        """The one number of all switches of a shape, made or named; None where unlike parts are named."""
        if not connection.right:
            return self.of_shape(connection)
        found = {self.of_part(group.part) for group in connection.right}
        return found.pop() if len(found) == 1 else None

    def _of(self, part: Part) -> int:
        if part not in self.numbers:
            self.numbers[part] = len(self.listed)
            self.listed.append(Passage(part.name, part.quantity("latency")))
        return self.numbers[part]
