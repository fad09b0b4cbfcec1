"""Pareto: design points by two figures, and the front of those that none beats in both."""

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.emitters.charts.canvas import BLUE, FAINT, INK, SOFT, Axes, Chart, Ruler, quiet, ruler, shortened
from compiler.emitters.charts.response import Scale

MOST_DOTS = 20_000
MOST_NAMES = 6


@frozen(eq=False)
class Aim:
    """One figure of all points: `values` in base units, shape (points,), and whether less of it is better."""

    scale: Scale
    values: NDArray[np.float64]
    wants_less: bool

    @property
    def wanted(self) -> str:
        """The aim in words: `less power`."""
        return f"{'less' if self.wants_less else 'more'} {self.scale.name}"

    @property
    def ruler(self) -> Ruler:
        """The ruler on which its largest value prints well."""
        finite = np.abs(self.values[np.isfinite(self.values)])
        return ruler(float(finite.max()) if len(finite) else 1.0, self.scale.dimension, self.scale.unit)


def pareto(title: str, across: Aim, up: Aim, front: NDArray[np.bool_], names: Sequence[str] | None = None) -> Chart:
    """Chart of points by two figures; those of the `front`, bool of shape (points,), are joined and named by `names`.

    Of very many points an evenly spaced part is drawn, the front always whole.
    """
    along, level = across.ruler, up.ruler
    x, y = across.values, up.values
    says = f"{int(front.sum()):,} of {len(x):,} designs are beaten by none in both figures"
    drawn = np.flatnonzero(~front)
    if len(drawn) > MOST_DOTS:
        drawn = drawn[np.linspace(0, len(drawn) - 1, MOST_DOTS).astype(np.int64)]
    thinned = f" {len(drawn):,} of the others are drawn." if len(drawn) < len(x) - int(front.sum()) else ""
    foot = f"Wanted: {across.wanted}, {up.wanted}.{thinned}"

    def paint(axes: Axes) -> None:
        axes.scatter(x[drawn] / along.factor, y[drawn] / level.factor, s=9, color=FAINT, alpha=0.5, linewidths=0,
                     rasterized=len(drawn) > 2000)  # fmt: skip
        order = np.flatnonzero(front)[np.argsort(x[front], kind="stable")]
        edge_x, edge_y = x[order] / along.factor, y[order] / level.factor
        many = len(order) > 60
        # between two points of a front a design is as good as the one that is no worse in x
        axes.plot(edge_x, edge_y, color=BLUE, linewidth=1.8, marker="" if many else "o", markersize=6,
                  markeredgecolor=INK, zorder=3,
                  drawstyle="steps-post" if across.wants_less else "steps-pre")  # fmt: skip
        left, top = across.wants_less, not up.wants_less
        for i in _named(order, names):
            axes.annotate(shortened(names[i] if names else "", 36), (x[i] / along.factor, y[i] / level.factor),
                          xytext=(-7 if left else 7, 6 if top else -6), textcoords="offset points", fontsize=8.5,
                          ha="right" if left else "left", va="bottom" if top else "top")  # fmt: skip
        axes.set_xscale("log" if across.scale.is_log else "linear")
        axes.set_yscale("log" if up.scale.is_log else "linear")
        axes.margins(0.12)
        axes.set_xlabel(along.named(across.scale.name))
        axes.set_ylabel(level.named(up.scale.name), labelpad=8)
        corner = (0.015 if left else 0.985, 0.975 if top else 0.025)
        axes.text(*corner, "better", transform=axes.transAxes, fontsize=9, style="italic", color=SOFT,
                  ha="left" if left else "right", va="top" if top else "bottom")  # fmt: skip
        quiet(axes, "both")

    return Chart(title, says, paint, foot, right=0.1)


def _named(order: NDArray[np.int64], names: Sequence[str] | None) -> list[int]:
    """Points that are named: the ends of the front and some between."""
    if names is None or not len(order):
        return []
    chosen = np.unique(np.linspace(0, len(order) - 1, min(MOST_NAMES, len(order))).round().astype(np.int64))
    return [int(order[i]) for i in chosen]
