"""Pictures of a design: their names, and the one road to each of them."""

from compiler.errors import ClusterError, UnknownError
from compiler.ir.cluster import Design

VIEWS = ("hierarchy", "network", "racks")
EXPLAIN = "explain"
"""The picture of one figure: `explain:power.it`, or of the one that says most. No build draws it by itself."""
FORMATS = ("svg", "png", "dot")


def drawn(design: Design, view: str, format: str, engine: str | None) -> bytes:
    """A view of a design as the bytes of a file. Raises `UnknownError` for words that mean nothing here."""
    for word, value, legal in (("view", view.partition(":")[0], (*VIEWS, EXPLAIN)), ("format", format, FORMATS)):
        if value not in legal:
            raise UnknownError(f"there is no {word} `{value}`; there are {', '.join(legal)}")
    from compiler.emitters.diagram import DrawingError, draw

    try:
        return draw(design, view, format, engine or "bundled")
    except DrawingError as error:
        kind = UnknownError if view.startswith(EXPLAIN) else ClusterError  # a figure that is not there
        raise kind(str(error)) from error
