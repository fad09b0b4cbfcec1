"""What is raised where nothing can be returned: a complaint as an exception, for the outside face alone."""

from dsl.diagnostic import Diagnostic


class ClusterError(Exception):
    """Something that stops a request. `diagnostics` holds the complaints when a text or a file is to blame."""

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics


class UnknownError(ClusterError):
    """A request that names something that is not there: a design, a figure, a unit, a view. The command's exit is 2."""
