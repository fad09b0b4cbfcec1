"""Different parts that a design contains, each once: those made with arguments or changed by a block are parts of their own."""

from collections.abc import Iterator

from attrs import define

from compiler.ir.hardware import Part, Slot, walk
from compiler.quantities.intervals import Intervals


@define(eq=False)
class Contained:
    """A part inside a root: the way to the first place where it stands, and how many of it there are in all."""

    root: str
    part: Part
    path: tuple[Slot, ...]
    count: float = 0.0

    def place(self, intervals: Intervals) -> str:
        """The first of it and how many more are equal, in words: "`S.r[0]` and 1 more"."""
        steps = (slot.name + ("[0]" if intervals.of(slot.count).high > 1 else "") for slot in self.path)
        more = self.count - 1
        return f"`{'.'.join((self.root, *steps))}`" + (f" and {more:,.0f} more" if more >= 1 else "")


def contents(root: Part, intervals: Intervals) -> Iterator[Contained]:
    """The different parts inside a root, outermost first."""
    found: dict[Part, Contained] = {}
    for group in walk(root):
        one = found.setdefault(group.part, Contained(root.name, group.part, group.slots))
        one.count += intervals.of(group.count).middle
    yield from found.values()
