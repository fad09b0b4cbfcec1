"""Names of the views and formats of drawings, and the function that draws each."""

from typing import TYPE_CHECKING

from compiler.errors import ClusterError, UnknownError

if TYPE_CHECKING:
    from compiler.report.portrait import Portrait

EXPLAIN = "explain"
"""View of the trail of one figure, `explain:power.it`; without a path, of the most telling one. Not part of a build."""
FORMATS = ("svg", "png", "dot")


def pictures() -> tuple[str, ...]:
    """The views of a whole design, which a build draws."""
    from compiler.emitters.diagram.views import views

    return tuple(name for name in views() if name != EXPLAIN)


def drawn(portrait: "Portrait", view: str, format: str, engine: str | None) -> bytes:
    """A view of a design as the bytes of a file.

    Raises `UnknownError` for a view, format or figure that does not exist, `ClusterError` where nothing can be drawn.
    """
    for word, value, legal in (("view", view.partition(":")[0], (*pictures(), EXPLAIN)), ("format", format, FORMATS)):
        if value not in legal:
            raise UnknownError(f"there is no {word} `{value}`; there are {', '.join(legal)}")
    from compiler.emitters.diagram.engine import DrawingError
    from compiler.emitters.diagram.views import draw

    try:
        return draw(portrait, view, format, engine or "bundled")
    except DrawingError as error:
        kind = UnknownError if view.startswith(EXPLAIN) else ClusterError  # a figure that is absent
        raise kind(str(error)) from error
