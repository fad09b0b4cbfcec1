"""Rendering of a sheet to the bytes of a file: `svg`, `png` or `dot`."""

import math

from compiler.emitters.diagram.dot import source
from compiler.emitters.diagram.engine import DrawingError, painted
from compiler.emitters.diagram.glyphs import lettered, lettering
from compiler.emitters.diagram.picture import Sheet
from compiler.emitters.diagram.style import with_families

FORMATS = ("svg", "png", "dot")
DPI = 144.0
MOST_PIXELS = 12_000_000


def rendered(sheet: Sheet, format: str = "svg", engine: str = "bundled") -> bytes:
    """A sheet as a file: `svg` and `dot` as UTF-8, `png` at most 12 million pixels large.

    The same sheet gives the same bytes with the bundled engine. Raises `DrawingError` for an unknown format, and for an
    engine that is not there or gives up.
    """
    if format not in FORMATS:
        raise DrawingError(
            f"there is no format `{format}`", f"formats are {', '.join(f'`{name}`' for name in FORMATS)}"
        )
    if format == "dot":
        return source(sheet).encode()
    if format == "svg":
        return with_families(painted(source(sheet), "svg", engine))
    words = lettering(sheet)
    dpi = resolution(sheet)
    return lettered(painted(source(sheet, words.said), "png", engine, dpi), words, dpi / 72)


def resolution(sheet: Sheet) -> float:
    """Resolution of a PNG in dots per inch: fine enough for a slide, and limited in pixels however large the page."""
    return min(DPI, 72 * math.sqrt(MOST_PIXELS / (sheet.width * sheet.height)))
