"""Pictures of a design, from plain data over placed boxes to DOT, SVG and PNG."""

import math
from functools import cache

from compiler.emitters.diagram import views
from compiler.emitters.diagram.dot import source
from compiler.emitters.diagram.engine import DrawingError, painted
from compiler.emitters.diagram.glyphs import lettered, lettering
from compiler.emitters.diagram.picture import Sheet
from compiler.emitters.diagram.style import with_families
from compiler.emitters.diagram.view import View
from compiler.ir.cluster import Design
from compiler.registry import members
from dsl.suggest import nearest

FORMATS = ("svg", "png", "dot")
ENGINES = ("bundled", "dot")
DPI = 144.0
MOST_PIXELS = 12_000_000

__all__ = ["ENGINES", "FORMATS", "DrawingError", "View", "draw", "sheet", "view_names"]


@cache
def _views() -> dict[str, View]:
    return {view.name: view for view in members(views, View)}


def view_names() -> tuple[str, ...]:
    """The views there are."""
    return tuple(_views())


def sheet(design: Design, view: str) -> Sheet:
    """The page of a view before any engine; `explain:power.it` is a view of one figure. Raises `DrawingError`."""
    name, _, subject = view.partition(":")
    found = _views().get(name)
    if found is None:
        raise DrawingError(f"there is no view `{name}`", _views_help(name))
    return found.function(design, subject) if subject else found.function(design)


def _views_help(view: str) -> str:
    near = nearest(view, _views())
    return f"did you mean `{near[0]}`?" if near else f"views are {', '.join(f'`{name}`' for name in _views())}"


def draw(design: Design, view: str, format: str = "svg", engine: str = "bundled") -> bytes:
    """A picture of a design: `svg` and `dot` as UTF-8, `png` at most 12 million pixels large.

    The same design gives the same bytes with the bundled engine. Raises `DrawingError`.
    """
    if format not in FORMATS:
        raise DrawingError(
            f"there is no format `{format}`", f"formats are {', '.join(f'`{name}`' for name in FORMATS)}"
        )
    page = sheet(design, view)
    if format == "dot":
        return source(page).encode()
    if format == "svg":
        return with_families(painted(source(page), "svg", engine))
    words = lettering(page)
    dpi = resolution(page)
    return lettered(painted(source(page, words.said), "png", engine, dpi), words, dpi / 72)


def resolution(page: Sheet) -> float:
    """Dots per inch of a PNG: fine enough for a slide, and bounded in pixels however large the page."""
    return min(DPI, 72 * math.sqrt(MOST_PIXELS / (page.width * page.height)))
