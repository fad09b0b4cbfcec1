"""What a view is."""

from collections.abc import Callable

from attrs import frozen

from compiler.emitters.diagram.picture import Sheet
from compiler.ir.model import Design


@frozen(eq=False)
class View:
    """A way to look at a design, by its name. The first docstring line of its function says what it shows."""

    name: str
    function: Callable[[Design], Sheet]

    @property
    def doc(self) -> str:
        """What it shows, in one line."""
        return (self.function.__doc__ or "").strip().split("\n")[0].rstrip(".")
