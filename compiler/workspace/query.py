"""`clusterc query`: one value of a design as text."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.errors import ClusterError, UnknownError
from compiler.quantities.display import interval, number
from compiler.quantities.intervals import Intervals
from compiler.semantics.fields import missing_below
from compiler.semantics.words import ON_DEMAND
from compiler.workspace.compilation import compile_file
from compiler.workspace.expressions import value
from compiler.workspace.scale import scale_of
from dsl.suggest import did_you_mean

if TYPE_CHECKING:
    from compiler.workspace.design import Design


def answer(design: "Design", file: str, text: str, unit: str | None, raw: bool) -> str:
    """The value of a figure by its path, else of an expression inside the design; with `raw` the bare number, in full.

    Raises `ClusterError` for an absent figure or a faulty expression, `UnknownError` for a misspelt figure or unit.
    """
    figure = design.figures.get(text) if _is_of_report(text) else None  # which may take a search
    if figure is None:
        return _of_expression(design, file, text, unit, raw)
    if figure.value is None:
        raise ClusterError(f"`{text}` is absent: {figure.reason or 'not known: ' + ', '.join(figure.missing)}")
    if raw:
        return written(figure.to(unit) if unit else figure.value)
    if unit and figure.data.quantity is not None:
        at_least = "at least " if figure.missing else ""
        figure.scale(unit)
        return at_least + number(figure.value, figure.data.quantity.dimension, unit, 6)
    return figure.display


def _is_of_report(text: str) -> bool:
    """True for what may be the path of a figure in the report, `power.it`; other texts are read inside the design."""
    words = text.split(".")
    return text not in ON_DEMAND and words[0] != "figures" and all(word.isidentifier() for word in words)


def _of_expression(design: "Design", file: str, text: str, unit: str | None, raw: bool) -> str:
    try:
        found = value(compile_file(Path(file)), f"figures.{text}" if text in ON_DEMAND else text, design.name)
    except ClusterError as error:
        near = did_you_mean(text, design.figures)
        if near:
            raise UnknownError(f"there is no figure `{text}`; {near[0]}") from error
        raise
    if isinstance(found, str):
        return found
    bounds = Intervals().of(found)
    if math.isnan(bounds.middle):
        lost = ", ".join(missing_below(found))
        raise ClusterError(f"`{text}` is absent: " + (f"not known: {lost}" if lost else "it has no value"))
    if unit:
        scale = scale_of(unit, found.dimension, "this")
        return written(bounds.middle / scale) if raw else number(bounds.middle, found.dimension, unit, 6)
    return written(bounds.middle) if raw else interval(bounds, found, 6)


def written(value: float) -> str:
    """A number in full; whole ones without a point."""
    return str(int(value)) if value == int(value) and abs(value) < 2**63 else repr(value)
