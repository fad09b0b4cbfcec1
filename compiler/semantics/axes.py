"""What a study sweeps: each `sweep` an axis of values, numbers by place and never as a list where they are many."""

from collections.abc import Callable
from typing import Any

from attrs import frozen

from compiler.quantities import display, units
from compiler.quantities.graph import Quantity, Spread, number
from compiler.quantities.swept import SWEPT
from compiler.quantities.units import TRUTH, Dimension
from compiler.semantics.evaluate import evaluate
from compiler.semantics.names import Declaration, Scope
from compiler.semantics.operators import WRONG_DIMENSION
from compiler.semantics.state import World
from compiler.semantics.values import POISON, Day, Layout, Series, describe
from dsl import syntax
from dsl.diagnostic import Code

NO_VALUES = Code(
    "C0521",
    "a sweep that has no values, or no end",
    cause="A `sweep` runs over a list, a range such as `1 .. 64`, or a series: `linear(a, b, n)`, `geometric(a, b, n)`. It has "
    "at least one value, and ends that are known and finite.",
    wrong="study s {\n  sweep n in []\n  show { n = 1 }\n}\n",
    right="study s {\n  sweep n in [1, 2]\n  show { n = n }\n}\n",
)
MOST_POINTS = 10**15


@frozen
class Axis:
    """One axis as plain data. Numbers are in `unit`, of which one is `scale` base units; `values` are texts otherwise.

    With `ends` they are spaced evenly, or geometrically, from one to the other; `values` is empty then.
    """

    name: str
    size: int
    kind: str
    values: tuple[Any, ...] = ()
    ends: tuple[float, float] | None = None
    is_geometric: bool = False
    unit: str = ""
    scale: float = 1.0
    dimension: Dimension = ()

    def at(self, places: Any) -> Any:
        """The values at places, an array or a whole number; numbers only."""
        if self.ends is None:
            import numpy as np

            return np.asarray(self.values)[places]
        first, last = self.ends
        step = (last - first) / (self.size - 1) if self.size > 1 else 0.0
        if step.is_integer() and not self.is_geometric:
            return first + places * step
        share = places / (self.size - 1) if self.size > 1 else places * 0.0
        return first * (last / first) ** share if self.is_geometric else first + share * (last - first)

    @property
    def symbol(self) -> str:
        """What a literal that stands for all its values is called."""
        return f"sweep {self.name}"

    def extent(self) -> tuple[float, float]:
        """The least and the greatest number, in base units."""
        found = self.ends or self.values
        return min(found) * self.scale, max(found) * self.scale

    def stand_in(self) -> Quantity:
        """A literal for all numbers of the axis at once."""
        low, high = self.extent()
        first = float(self.at(0)) * self.scale
        return Quantity(
            "literal", (), self.dimension, Spread(low, first, high, SWEPT), self.unit, self.name, self.symbol
        )


@frozen(eq=False)
class Swept:
    """An axis with the values of the language behind it."""

    axis: Axis
    node: syntax.Sweep
    items: tuple[Any, ...]

    def item(self, place: int) -> Any:
        """The value at a place."""
        if self.items:
            return self.items[place]
        value = float(self.axis.at(place)) * self.axis.scale
        return number(value, self.axis.dimension, self.axis.unit, self.axis.name)


def swept(node: syntax.Sweep, scope: Scope, world: World) -> Swept | None:
    """The axis that a `sweep` describes; None after a complaint."""

    def wrong(message: str, help: str) -> None:
        world.complain(NO_VALUES.at(node.values.span, message, help))

    value = _values(node.values, scope, world)
    if value is POISON:
        return None
    if isinstance(value, Series):
        return Swept(_of_series(node.name.text, value), node, ())
    if not isinstance(value, tuple):
        wrong(
            f"a sweep runs over several values, this is {describe(value)}", "write a list: `[1.1, 1.2]`, or `1 .. 64`"
        )
        return None
    if not value:
        wrong(f"`{node.name.text}` has no value to take", "list at least one, the smaller end first in a range")
        return None
    return _listed(node, value, world)


def _values(node: syntax.Expression, scope: Scope, world: World) -> Any:
    """The value of what stands after `in`; a range stays a series however long it is."""
    if not isinstance(node, syntax.Binary) or node.operator != "..":
        return evaluate(node, scope, world)
    left, right = evaluate(node.left, scope, world), evaluate(node.right, scope, world)
    if not (isinstance(left, Quantity) and isinstance(right, Quantity)) or left.dimension or right.dimension:
        return evaluate(node, scope, world)
    low, high = world.intervals.of(left), world.intervals.of(right)
    if low.low != low.high or high.low != high.high or not abs(high.middle - low.middle) < MOST_POINTS:
        world.complain(NO_VALUES.at(node.span, "a range runs between known numbers that are finite", "write `1 .. 64`"))
        return POISON
    count = int(high.middle - low.middle + 1)
    return Series(low.middle, low.middle + count - 1, count, False, (), "") if count >= 1 else ()


def _of_series(name: str, series: Series) -> Axis:
    unit, scale = shown_unit(series.dimension, series.unit)
    ends = (round_trip(series.start / scale), round_trip(series.stop / scale))
    return Axis(name, series.size, "number", (), ends, series.is_geometric, unit, scale, series.dimension)


def _listed(node: syntax.Sweep, items: tuple[Any, ...], world: World) -> Swept | None:
    name = node.name.text
    if all(isinstance(item, Quantity) and item.dimension != TRUTH for item in items):
        first = items[0].dimension
        other = next((item for item in items if item.dimension != first), None)
        if other is not None:
            sides = f"{units.noun(first)} and {units.noun(other.dimension)}"
            help = "give all values one dimension"
            world.complain(WRONG_DIMENSION.at(node.values.span, f"`{name}` sweeps over {sides}", help))
            return None
        found = [world.intervals.of(item) for item in items]
        if all(bounds.low == bounds.high for bounds in found):
            unit, scale = shown_unit(first, items[0].unit)
            values = tuple(round_trip(bounds.middle / scale) for bounds in found)
            return Swept(Axis(name, len(items), "number", values, None, False, unit, scale, first), node, items)
    labels = tuple(label(item, node, place, world) for place, item in enumerate(items))
    return Swept(Axis(name, len(items), "text", labels), node, items)


def label(item: Any, node: syntax.Sweep, place: int, world: World) -> str:
    """What one of the values of an axis that is not made of numbers is called."""
    listed = node.values.items if isinstance(node.values, syntax.List) else ()
    if isinstance(item, Quantity):
        return display.interval(world.intervals.of(item), item) if item.dimension != TRUTH else listed[place].span.text
    plain = text_of(item)
    return plain if plain is not None and not (listed and hasattr(item, "template")) else listed[place].span.text


def text_of(item: Any) -> str | None:
    """The words for a value that is shown as a text; None for others."""
    words: tuple[tuple[Any, Callable[[Any], str]], ...] = (
        (str, str),
        (Day, lambda day: str(day.text)),
        (Layout, lambda layout: str(layout.text)),
        (Declaration, lambda declaration: str(declaration.name)),
    )
    for kind, text in words:
        if isinstance(item, kind):
            return text(item)
    return str(item.name) if hasattr(item, "template") else None


def shown_unit(dimension: Dimension, unit: str) -> tuple[str, float]:
    """The unit to give numbers in and how many base units it is: the one written, where it still fits."""
    found = units.unit(unit) if unit else None
    if found is not None and found.currency is None and found.dimension in (dimension, units.untagged(dimension)):
        return unit, found.scale
    base = units.base_unit(dimension)
    return ("" if base == "1" else base), 1.0


def round_trip(value: float) -> float:
    """A number as it was written: without the noise of a division in its last digits."""
    return float(f"{value:.15g}")
