"""Response: a figure over a parameter, with the band that its uncertain inputs leave."""

from collections.abc import Sequence

from attrs import frozen

from compiler.emitters.charts.canvas import BLUE, INK, PALE_BLUE, RED, Axes, Chart, quiet, ruler
from compiler.quantities.units import Dimension

STYLES = (("-", "o"), ("--", "s"), ("-.", "^"), (":", "D"))
INKS = (BLUE, INK, RED, "#5c3a93")


@frozen(eq=False)
class Curve:
    """One curve: its name, and y for each x in base units; `low` and `high` are its band, None without one."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None


@frozen(eq=False)
class Scale:
    """The scale of an axis: its name, its dimension, the unit it was asked in, and whether it is logarithmic."""

    name: str
    dimension: Dimension = ()
    unit: str = ""
    is_log: bool = False


def response(
    title: str, curves: Sequence[Curve], across: Scale, up: Scale, limit: float | None = None, says: str = ""
) -> Chart:
    """Chart of curves, named at their right ends; `limit` is a level drawn across, in base units."""
    xs = [abs(x) for curve in curves for x in curve.x]
    ys = [abs(y) for curve in curves for y in (*curve.y, *(curve.high or ()))]
    along = ruler(max(xs, default=1.0), across.dimension, across.unit)
    level = ruler(max([*ys, abs(limit or 0.0)], default=1.0), up.dimension, up.unit)
    banded = any(curve.low is not None for curve in curves)
    foot = "The band holds nine cases in ten; the line is the median." if banded else ""

    def paint(axes: Axes) -> None:
        for number, curve in enumerate(curves):
            _line(axes, curve, number, along.factor, level.factor)
            if len(curves) > 1 and len(curve.x):
                axes.annotate(curve.name, (along.of(curve.x[-1]), level.of(curve.y[-1])), xytext=(8, 0),
                              textcoords="offset points", va="center", fontsize=10, color=INKS[number % len(INKS)],
                              fontweight="bold", annotation_clip=False)  # fmt: skip
        if limit is not None:
            axes.axhline(level.of(limit), color=RED, linestyle="--", linewidth=1.4)
            axes.annotate(f"limit {level.text(limit)}", (0.01, level.of(limit)), xycoords=("axes fraction", "data"),
                          xytext=(0, 5), textcoords="offset points", color=RED, fontsize=9)  # fmt: skip
        axes.set_xscale("log" if across.is_log else "linear")
        axes.set_yscale("log" if up.is_log else "linear")
        if not up.is_log and all(level.of(y) >= 0 for curve in curves for y in curve.y):
            axes.set_ylim(bottom=0)
        if not across.is_log:
            axes.margins(x=0)
        axes.set_xlabel(along.named(across.name))
        axes.set_ylabel(level.named(up.name), labelpad=8)
        quiet(axes, "both")

    return Chart(
        title, says or f"{up.name} against {across.name}", paint, foot, right=0.16 if len(curves) > 1 else 0.04
    )


def _line(axes: Axes, curve: Curve, number: int, x_factor: float, y_factor: float) -> None:
    x = [value / x_factor for value in curve.x]
    ink, (style, marker) = INKS[number % len(INKS)], STYLES[number % len(STYLES)]
    if curve.low is not None and curve.high is not None:
        low, high = ([value / y_factor for value in side] for side in (curve.low, curve.high))
        axes.fill_between(x, low, high, color=PALE_BLUE, alpha=0.6 if not number else 0.3, linewidth=0)
    few = len(x) <= 24
    axes.plot(x, [value / y_factor for value in curve.y], linestyle=style, color=ink, linewidth=1.8,
              marker=marker if few else "", markersize=5)  # fmt: skip
