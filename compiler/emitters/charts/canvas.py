"""Canvas of all charts: size, fonts, colours, title and foot, and the rendering of a chart to bytes."""

import io
from collections.abc import Callable
from importlib import import_module
from typing import Any

from attrs import frozen

from compiler.errors import UnknownError, required
from compiler.quantities.display import digits, scaled
from compiler.quantities.units import Dimension
from dsl.suggest import did_you_mean

FORMATS = ("svg", "png")
WIDTH, HEIGHT, DPI = 10.0, 5.625, 144
"""A slide of 16:9, in inches; a PNG of it is 1440 x 810 pixels."""
INK, SOFT, FAINT, GRID = "#1c2430", "#5b6675", "#8893a1", "#e3e7ec"
BLUE, RED, GREY = "#1d4f91", "#b3261e", "#5b6675"
PALE_BLUE, PALE_RED = "#a9c4e6", "#f0b8b3"
SETTINGS = {
    "svg.hashsalt": "clusterc",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "hatch.linewidth": 0.8,
    "path.simplify": True,
    "savefig.dpi": DPI,
    "figure.dpi": DPI,
}

Axes = Any
"""Axes of matplotlib, which is an extra: without it there is no type to name."""


@frozen(eq=False)
class Chart:
    """Description of a chart: title, the line `says` below it, foot, and the function that paints the axes.

    `left` and `right` are the shares of the width that stay free beside the axes, for labels; `height` is in inches.
    """

    title: str
    says: str
    paint: Callable[[Axes], None]
    foot: str = ""
    left: float = 0.1
    right: float = 0.04
    height: float = HEIGHT


def drawn(chart: Chart, format: str = "svg") -> bytes:
    """A chart as a file: `svg` (UTF-8) or `png`; the same chart gives the same bytes with one version of matplotlib.

    Raises `ClusterError` naming the extra when matplotlib is missing, `UnknownError` for another format.
    """
    if format not in FORMATS:
        hint = did_you_mean(format, FORMATS) or (f"there are {' and '.join(FORMATS)}",)
        raise UnknownError("; ".join((f"there is no chart format `{format}`", *hint)))
    required("matplotlib", "studies", "a chart")
    matplotlib: Any = import_module("matplotlib")
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        return _saved(chart, format)


def _saved(chart: Chart, format: str) -> bytes:
    figure: Any = import_module("matplotlib.figure").Figure(figsize=(WIDTH, chart.height))
    up = HEIGHT / chart.height
    axes = figure.add_axes((chart.left, 0.15 * up, 1 - chart.left - chart.right, 1 - 0.33 * up))
    figure.text(0.03, 1 - 0.055 * up, chart.title, fontsize=16, fontweight="bold", va="center")
    figure.text(0.03, 1 - 0.115 * up, chart.says, fontsize=10.5, color=SOFT, va="center")
    if chart.foot:
        figure.text(0.03, 0.025 * up, chart.foot, fontsize=7.5, color=SOFT, va="center")
    chart.paint(axes)
    out = io.BytesIO()
    clean = {"Date": None, "Creator": "clusterc"} if format == "svg" else {"Software": "clusterc"}
    figure.savefig(out, format=format, metadata=clean)
    return out.getvalue()


# ---- shared by several charts ----------------------------------------------------------------


@frozen
class Ruler:
    """Scale of printed numbers: the size of one printed unit in base units, and the text of the unit."""

    factor: float
    unit: str

    def of(self, value: float) -> float:
        """A value in base units as the number to print."""
        return value / self.factor

    def text(self, value: float, figures: int = 3) -> str:
        """A value in base units as text with its unit."""
        return f"{digits(self.of(value), figures)}{'' if self.unit == '%' else ' '}{self.unit}".strip()

    def named(self, name: str) -> str:
        """The label of an axis: its name and its unit."""
        return f"{name} ({self.unit})" if self.unit else name


def ruler(biggest: float, dimension: Dimension, unit: str = "") -> Ruler:
    """The ruler that suits the biggest value (in base units), in `unit` where that gives handy numbers."""
    if not biggest:
        return Ruler(1.0, scaled(0.0, dimension, unit)[1])
    shown, name = scaled(abs(biggest), dimension, unit)
    return Ruler(abs(biggest) / shown, name)


def shortened(text: str, most: int = 42) -> str:
    """Text cut to fit beside an axis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def quiet(axes: Axes, grid: str = "x") -> None:
    """Style axes: a faint grid in one direction, no frame, no ticks sticking out."""
    axes.grid(axis=grid, color=GRID, linewidth=0.8)
    axes.tick_params(length=0, pad=5)


def row_label(axes: Axes, place: float, name: str, detail: str = "", bold: bool = False) -> None:
    """Paint the name of a row of bars to the left of it, with a detail in small type."""
    weight = "bold" if bold else "normal"
    lines = [(5.0 if detail else 0.0, shortened(name, 38), 9.5, INK, weight)]
    lines += [(-7.0, shortened(detail, 56), 7.0, SOFT, "normal")] if detail else []
    for up, text, size, color, heavy in lines:
        axes.annotate(text, (0, place), xycoords=("axes fraction", "data"), xytext=(-10, up), fontsize=size,
                      textcoords="offset points", ha="right", va="center", color=color, fontweight=heavy)  # fmt: skip
