"""Figures in a few characters, for pictures, each with its exact value for the tooltip."""

import re

from attrs import evolve, frozen

from compiler.analysis.figures import by_path
from compiler.analysis.metric import Measurement
from compiler.ir.hardware import Part
from compiler.quantities import display, units
from compiler.quantities.graph import Quantity, number
from compiler.quantities.intervals import Bounds, Intervals

MAIN = ("fp8", "bf16", "fp4", "fp16", "int8", "fp64", "fp32")
"""Precisions in the order of their importance for AI; the first three that a design has are shown."""

_TAG = re.compile(r"@\w+")
HANDY = 2_000
"""Limit below which a number stays in the unit it was written in."""

CONTAINERS = ("node", "rack", "supernode", "supercluster")


@frozen
class Stat:
    """A figure in a picture: short name, short value, and for the tooltip the exact value with what is missing."""

    label: str
    value: str
    exact: str


def brief(quantity: Quantity, bounds: Bounds | None = None) -> str:
    """A quantity as text with three digits, in its own unit while the number is handy, without its precision."""
    ends = bounds or Intervals().of(quantity)
    written = units.unit(quantity.unit) if quantity.unit else None
    handy = written is not None and 1 <= abs(ends.high) / written.scale < HANDY
    text = display.interval(ends, quantity if handy else evolve(quantity, unit=""), 3)
    return _TAG.sub("", text).replace(" to ", "–")


def exact(quantity: Quantity) -> str:
    """A quantity as text in its own unit, with nine digits."""
    return display.interval(Intervals().of(quantity), quantity, 9)


def count(value: float) -> str:
    """A count as text, all digits."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.3f}"


def rate(value: float, unit: str = "") -> str:
    """A bandwidth in B/s as text, in the unit of its link while that is handy."""
    return brief(number(value, units.RATE, unit))


def between(low: float, high: float) -> str:
    """Two certified ends in B/s as text, in one unit; a single number when they are equal."""
    return brief(number(high, units.RATE), Bounds(low, (low + high) / 2, high))


def stat(name: str, figure: Measurement | None) -> Stat | None:
    """A figure under a short name, marked when it is a lower bound; None when it is absent or says nothing."""
    if figure is None or figure.quantity is None:
        return None
    bounds = Intervals().of(figure.quantity)
    if not bounds.high > 0:
        return None
    lower = "≥ " if figure.missing else ""
    told = f"{figure.title}: {'at least ' if figure.missing else ''}{exact(figure.quantity)}"
    if figure.missing:
        told += f" (not counted: {', '.join(figure.missing[:6])}{' …' if len(figure.missing) > 6 else ''})"
    return Stat(name, lower + brief(figure.quantity, bounds), told)


def stats_of(part: Part, site: Part | None = None) -> tuple[Stat, ...]:
    """Main figures of a part: accelerators, compute at its main precisions, memory, power, cost."""
    return _system_stats(part, site) if part.kind in CONTAINERS else _own_stats(part)


def _system_stats(part: Part, site: Part | None) -> tuple[Stat, ...]:
    figures = by_path(part, site)
    found = [stat(name, figures.get(path)) for name, path in (("accelerators", "accelerators"), ("racks", "racks"))]
    found += [stat(f"compute {name}", figures[f"compute.{name}"]) for name in precisions(figures)]
    found += [
        stat("memory", figures.get("memory.capacity")),
        stat("IT power", figures.get("power.it")),
        stat("facility power", figures.get("power.facility")),
        stat("capital cost", figures.get("cost.capital")),
    ]
    return tuple(each for each in found if each is not None)


def precisions(figures: dict[str, Measurement]) -> tuple[str, ...]:
    """Main precisions of a level, at most three, the widest number first."""
    there = [name for name in MAIN if (f := figures.get(f"compute.{name}")) is not None and f.quantity is not None]
    if "bf16" in there and "fp16" in there:
        there.remove("fp16")
    return tuple(sorted(there[:3], key=lambda name: (-int("".join(c for c in name if c.isdigit()) or 0), name)))


_OWN: dict[str, tuple[tuple[str, str], ...]] = {
    "cpu": (("cores", "cores"), ("memory", "dram.capacity"), ("power", "tdp"), ("price", "price")),
    "switch": (("ports", "ports"), ("each port", "rate"), ("power", "tdp"), ("price", "price")),
    "nic": (("ports", "ports"), ("each port", "rate"), ("power", "tdp"), ("price", "price")),
    "memory": (("capacity", "capacity"), ("bandwidth", "bandwidth"), ("price", "price")),
}


def _own_stats(part: Part) -> tuple[Stat, ...]:
    """Main fields of a part that contains no other parts."""
    if part.kind == "chip":
        there = [name for name in MAIN if part.quantity(f"peak.{name}") is not None]
        if "bf16" in there and "fp16" in there:
            there.remove("fp16")
        rows = [(f"compute {name}", f"peak.{name}") for name in there[:3]]
        rows += [("memory", "hbm.capacity"), ("memory rate", "hbm.bandwidth"), ("power", "tdp"), ("price", "price")]
    else:
        rows = list(_OWN.get(part.kind, (("rate", "rate"), ("power", "tdp"), ("price", "price"))))
    found = ((label, path, part.quantity(path)) for label, path in rows)
    return tuple(
        Stat(label, brief(value), f"{path}: {exact(value)}")
        for label, path, value in found
        if value is not None and Intervals().of(value).high > 0
    )
