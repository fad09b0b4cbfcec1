"""Roadmap: figures of dated variants on a logarithmic axis, with the line that doubles each year beside them."""

from collections.abc import Callable, Sequence

from compiler.emitters.charts.canvas import FAINT, GREY, INK, SOFT, Axes, Chart, quiet, ruler
from compiler.emitters.charts.response import INKS, STYLES
from compiler.quantities.display import digits
from compiler.report.series import TimeSeries


def roadmap(title: str, found: Sequence[TimeSeries], claimed: float = 2.0, up: str = "") -> Chart:
    """Chart of series of one dimension, each with its fitted line and growth, and a dotted line with the claimed
    growth.

    `claimed` is a factor per year; its line starts at the first point of the first series.
    """
    shown = [one for one in found if one.points]
    top = max((point.high for one in shown for point in one.points), default=1.0)
    level = ruler(top, shown[0].dimension if shown else ())
    rates = [f"{one.path} × {digits(one.growth.middle, 3)} a year" for one in shown if one.growth is not None]
    word = "doubling" if claimed == 2 else f"× {digits(claimed, 3)}"
    says = f"{'; '.join(rates) or 'no two dated variants state the figure'}; dotted: {word} each year"
    silent = sorted({f"{name} ({one.path})" for one in shown for name in one.silent})
    foot = "Lines are least squares through the logarithms." + (f" Not stated: {', '.join(silent)}." if silent else "")

    def paint(axes: Axes) -> None:
        axes.set_yscale("log", base=2)
        for number, one in enumerate(shown):
            _series(axes, one, number, level.factor, level.text)
        times = [point.years for one in shown for point in one.points] or [0.0, 1.0]
        first, last = min(times), max(times)
        if shown:
            start = min(shown[0].points, key=lambda point: point.years)
            ends = (start.years, last)
            values = [start.value * claimed ** (time - start.years) / level.factor for time in ends]
            axes.plot(ends, values, color=GREY, linestyle=":", linewidth=2.0, zorder=1)
            axes.annotate(f"{word} each year", (ends[1], values[1]), xytext=(8, 0), textcoords="offset points",
                          fontsize=9, color=SOFT, va="center", annotation_clip=False)  # fmt: skip
        room = max(last - first, 0.5)
        axes.set_xlim(first - 0.2 * room, last + 0.1 * room)
        axes.set_xticks(range(int(first), int(last) + 2), [str(year) for year in range(int(first), int(last) + 2)])
        axes.set_xlim(first - 0.2 * room, last + 0.1 * room)
        low, high = axes.get_ylim()
        axes.set_ylim(low / (high / low) ** 0.1, high * (high / low) ** 0.12)
        axes.yaxis.set_major_formatter(lambda value, _: digits(value, 3))
        axes.minorticks_off()
        axes.set_ylabel(level.named(up or (shown[0].path if shown else "")), labelpad=8)
        axes.set_xlabel("released")
        quiet(axes, "both")

    return Chart(title, says, paint, foot, right=0.17)


def _series(axes: Axes, one: TimeSeries, number: int, factor: float, text: Callable[[float], str]) -> None:
    ink, (style, marker) = INKS[number % len(INKS)], STYLES[number % len(STYLES)]
    times = [point.years for point in one.points]
    if one.growth is not None:
        fitted = [one.fitted(time) / factor for time in (times[0], times[-1])]
        axes.plot((times[0], times[-1]), fitted, color=ink, linestyle=style, linewidth=1.4, alpha=0.8)
    for point in one.points:
        if point.low < point.high:
            axes.plot([point.years] * 2, [point.low / factor, point.high / factor], color=FAINT, linewidth=3)
    axes.plot(times, [point.value / factor for point in one.points], linestyle="", marker=marker, color=ink,
              markersize=8, markeredgecolor=INK)  # fmt: skip
    for place, point in enumerate(one.points):
        is_low = one.growth is not None and point.value < 0.98 * one.fitted(point.years)
        above = number % 2 == 0 and (not is_low or not place)
        told = f"{point.name}\n{text(point.value)}" if number == 0 else text(point.value)
        last = place == len(one.points) - 1
        axes.annotate(told, (point.years, point.value / factor), xytext=(-7 if above else 7, 7 if above else -7),
                      textcoords="offset points", ha="right" if above else "left", fontsize=8.5,
                      va="bottom" if above else "top", fontweight="bold" if last else "normal",
                      annotation_clip=False,
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85})  # fmt: skip
