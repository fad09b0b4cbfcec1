"""Tornado: the swing of a figure by each uncertain input alone."""

from collections.abc import Sequence

from attrs import frozen

from compiler.emitters.charts.canvas import BLUE, INK, PALE_RED, RED, SOFT, Axes, Chart, quiet, row_label, ruler
from compiler.quantities.units import Dimension

MOST, LEAST = 10, 4


@frozen(eq=False)
class Bar:
    """One input: its name, a detail in small type, and the figure at its low and at its high end, in base units."""

    label: str
    detail: str
    at_low: float
    at_high: float


def tornado(
    title: str, middle: float, bars: Sequence[Bar], dimension: Dimension, design: str = "", unit: str = ""
) -> Chart:
    """Chart with a bar for each input, the strongest first.

    `middle` is the figure at the middle of all, in base units.
    """
    moving = [bar for bar in bars if 0 < abs(bar.at_high - bar.at_low) < float("inf")]
    shown = moving[:MOST]
    ends = [value for bar in shown for value in (bar.at_low, bar.at_high)]
    along = ruler(max((abs(value) for value in (*ends, middle)), default=1.0), dimension, unit)
    strongest = f"; most by {shown[0].label}" if shown else ""
    says = f"{design}{': ' if design else ''}{along.text(middle)} with every input at its middle{strongest}"
    left_out = f" {len(moving) - MOST} weaker inputs are not shown." if len(moving) > MOST else ""
    foot = f"One input at a time to its low (hatched) and its high end, all others at their middle.{left_out}"

    def paint(axes: Axes) -> None:
        centre = along.of(middle)
        low, high = (min([centre, *map(along.of, ends)]), max([centre, *map(along.of, ends)]))
        room = (high - low) or abs(centre) or 1.0
        axes.set_xlim(low - 0.17 * room, high + 0.17 * room)
        axes.set_ylim(max(len(shown), LEAST) - 0.4, -0.6)
        for place, bar in enumerate(shown):
            pair = ((bar.at_low, PALE_RED, RED, "////"), (bar.at_high, BLUE, INK, ""))
            for value, face, edge, hatch in pair:
                end = along.of(value)
                axes.barh(place, end - centre, left=centre, height=0.56, facecolor=face, edgecolor=edge, hatch=hatch,
                          linewidth=0.8)  # fmt: skip
                right = end > centre
                axes.annotate(along.text(value), (end, place), xytext=(4 if right else -4, 0),
                              textcoords="offset points", ha="left" if right else "right", va="center",
                              fontsize=9)  # fmt: skip
            row_label(axes, place, bar.label, bar.detail)
        if not shown:
            axes.text(centre, 0, "no input is uncertain", ha="center", color=SOFT)
        axes.axvline(centre, color=INK, linewidth=1.2)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(along.named(title))
        quiet(axes)

    return Chart(title, says, paint, foot, left=0.32, right=0.03, height=max(5.625, 2.0 + 0.5 * len(shown)))
