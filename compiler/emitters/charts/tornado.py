"""Tornado: how far each uncertain input moves a figure by itself."""

from typing import Any

from compiler.emitters.charts.canvas import BLUE, INK, PALE_RED, RED, SOFT, Chart, axis, quiet, row_label
from compiler.quantities.sensitivity import Tornado
from compiler.quantities.units import Dimension

MOST, LEAST = 10, 4


def tornado(title: str, found: Tornado, dimension: Dimension, design: str = "", unit: str = "") -> Chart:
    """A bar for each input from its low to its high end, the strongest on top; the line is the middle of all inputs."""
    swings = [swing for swing in found.swings if 0 < swing.width < float("inf")]
    shown = swings[:MOST]
    ends = [value for swing in shown for value in (swing.at_low, swing.at_high)]
    along = axis(max((abs(value) for value in (*ends, found.middle)), default=1.0), dimension, unit)
    strongest = f"; most by {shown[0].input.label}" if shown else ""
    says = f"{design}{': ' if design else ''}{along.text(found.middle)} with every input at its middle{strongest}"
    left_out = f" {len(swings) - MOST} weaker inputs are not shown." if len(swings) > MOST else ""
    foot = f"One input at a time to its low (hatched) and its high end, all others at their middle.{left_out}"

    def paint(axes: Any) -> None:
        middle = along.of(found.middle)
        low, high = (min([middle, *map(along.of, ends)]), max([middle, *map(along.of, ends)]))
        room = (high - low) or abs(middle) or 1.0
        axes.set_xlim(low - 0.17 * room, high + 0.17 * room)
        axes.set_ylim(max(len(shown), LEAST) - 0.4, -0.6)
        for place, swing in enumerate(shown):
            pair = ((swing.at_low, PALE_RED, RED, "////"), (swing.at_high, BLUE, INK, ""))
            for value, face, edge, hatch in pair:
                end = along.of(value)
                axes.barh(place, end - middle, left=middle, height=0.56, facecolor=face, edgecolor=edge, hatch=hatch,
                          linewidth=0.8)  # fmt: skip
                right = end > middle
                axes.annotate(along.text(value), (end, place), xytext=(4 if right else -4, 0),
                              textcoords="offset points", ha="left" if right else "right", va="center",
                              fontsize=9)  # fmt: skip
            row_label(axes, place, swing.input.label, f"{swing.input.display}   {swing.input.at}")
        if not shown:
            axes.text(middle, 0, "no input is uncertain", ha="center", color=SOFT)
        axes.axvline(middle, color=INK, linewidth=1.2)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(along.named(title))
        quiet(axes)

    return Chart(title, says, paint, foot, left=0.32, right=0.03, height=max(5.625, 2.0 + 0.5 * len(shown)))
