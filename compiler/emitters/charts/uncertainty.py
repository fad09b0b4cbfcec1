"""Uncertainty: the histogram of a figure over the samples of its inputs."""

import numpy as np
from numpy.typing import NDArray

from compiler.emitters.charts.canvas import BLUE, INK, PALE_BLUE, RED, SOFT, Axes, Chart, quiet, ruler
from compiler.quantities.units import Dimension
from compiler.report.measured import QUANTILES

BINS = 48


def uncertainty(
    title: str,
    samples: NDArray[np.float64],
    dimension: Dimension,
    design: str = "",
    limit: float | None = None,
    unit: str = "",
) -> Chart:
    """Chart of the histogram of `samples`, shape (samples,) in base units, with the median and the 90 % interval.

    `limit`, in base units, is a line with the share of samples below it; None: no line.
    """
    values = np.sort(samples[np.isfinite(samples)])
    low, median, high = (float(q) for q in np.quantile(values, QUANTILES)) if len(values) else (0.0, 0.0, 0.0)
    along = ruler(median or high, dimension, unit)
    says = f"{design}{': ' if design else ''}{along.text(median)}; nine cases in ten from {along.text(low)} to {along.text(high)}"
    if limit is not None and len(values):
        says += f"; {np.mean(values <= limit):.0%} of the cases are within {along.text(limit)}"
    foot = f"{len(values):,} seeded Latin-hypercube samples. The dark part is the middle 90 %."

    def paint(axes: Axes) -> None:
        heights, edges = np.histogram(along.of(1.0) * values, bins=BINS)
        share = heights / max(1, len(values))
        centres = (edges[:-1] + edges[1:]) / 2
        inside = (centres >= along.of(low)) & (centres <= along.of(high))
        axes.bar(centres, share, width=np.diff(edges), color=np.where(inside, BLUE, PALE_BLUE), edgecolor="white",
                 linewidth=0.4)  # fmt: skip
        top = float(share.max()) or 1.0
        axes.set_ylim(0, 1.22 * top)
        marks = ((low, "5 %", ":", "right"), (median, "median", "-", "center"), (high, "95 %", ":", "left"))
        for value, word, style, side in marks:
            axes.plot([along.of(value)] * 2, [0, 1.08 * top], color=INK, linestyle=style, linewidth=1.2)
            axes.text(along.of(value), 1.1 * top, f"{word}\n{along.text(value)}", ha=side, va="bottom", fontsize=9)
        label = {"facecolor": "white", "edgecolor": "none", "pad": 2.5}
        if limit is not None:
            axes.axvline(along.of(limit), color=RED, linewidth=1.6, linestyle="--")
            axes.annotate(f"limit {along.text(limit)}", (along.of(limit), 0.6 * top), xytext=(5, 0),
                          textcoords="offset points", color=RED, fontsize=9, bbox=label)  # fmt: skip
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
        axes.set_ylabel("share of the cases", color=SOFT)
        axes.set_xlabel(along.named(title))
        quiet(axes, "y")

    return Chart(title, says, paint, foot)
