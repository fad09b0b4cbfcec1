"""A view: a way to look at a design."""

from collections.abc import Callable

from attrs import frozen

from compiler.emitters.diagram.picture import Sheet


@frozen(eq=False)
class View:
    """A way to look at a design, by its name. The first docstring line of its function describes it.

    A view that looks at one figure takes its path as a second argument.
    """

    name: str
    function: Callable[..., Sheet]

    @property
    def doc(self) -> str:
        """One line about it."""
        return (self.function.__doc__ or "").strip().split("\n")[0].rstrip(".")
