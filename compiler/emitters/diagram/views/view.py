"""The class of the members of this folder, `View`."""

from collections.abc import Callable

from attrs import frozen

from compiler.emitters.diagram.picture import Sheet


@frozen(eq=False)
class View:
    """A picture of a design, by its name. The first docstring line of its function describes it to users.

    The function of a view of one figure takes the path of the figure as a second argument.
    """

    name: str
    function: Callable[..., Sheet]

    @property
    def doc(self) -> str:
        """One line about it."""
        return (self.function.__doc__ or "").strip().split("\n")[0].rstrip(".")
