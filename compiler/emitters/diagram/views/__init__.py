"""Views of a design: one file, one picture; a `View` is a named function from a portrait to a sheet."""

import sys
from functools import cache

from compiler.emitters.diagram.engine import DrawingError
from compiler.emitters.diagram.picture import Sheet
from compiler.emitters.diagram.rendered import rendered
from compiler.emitters.diagram.views.view import View
from compiler.registry import members
from compiler.report.portrait import Portrait
from dsl.suggest import nearest


@cache
def views() -> dict[str, View]:
    """Every view by its name."""
    return {view.name: view for view in members(sys.modules[__name__], View)}


def sheet(portrait: Portrait, view: str) -> Sheet:
    """The page of a view before any engine; `explain:power.it` is a view of one figure.

    Raises `DrawingError` for a view that does not exist and for a figure that is absent, `UnknownError` for a figure that
    does not exist.
    """
    name, _, subject = view.partition(":")
    found = views().get(name)
    if found is None:
        raise DrawingError(f"there is no view `{name}`", _help(name))
    return found.function(portrait, subject) if subject else found.function(portrait)


def _help(view: str) -> str:
    near = nearest(view, views())
    return f"did you mean `{near[0]}`?" if near else f"views are {', '.join(f'`{name}`' for name in views())}"


def draw(portrait: Portrait, view: str, format: str = "svg", engine: str = "bundled") -> bytes:
    """A picture of a design as a file: `svg`, `png` or `dot`. Raises as `sheet` and `rendered` do."""
    return rendered(sheet(portrait, view), format, engine)
