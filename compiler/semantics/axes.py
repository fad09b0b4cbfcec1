"""Axes of studies, one for each `sweep`.

Values are computed by position, so that an axis of 10^15 numbers is no list.
"""

from typing import TYPE_CHECKING, overload

from attrs import frozen

from compiler.quantities import display, units
from compiler.quantities.graph import Quantity, Spread, number
from compiler.quantities.swept import SWEPT
from compiler.quantities.units import TRUTH, Dimension
from compiler.semantics.evaluate import evaluate
from compiler.semantics.operators import WRONG_DIMENSION
from compiler.semantics.state import State
from compiler.semantics.values import (
    POISON,
    Day,
    Declaration,
    FamilyName,
    Instance,
    Layout,
    NumberSeries,
    Scope,
    Value,
    describe,
)
from dsl import syntax
from dsl.diagnostic import Code

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
    """One axis as plain data. `kind` is `number` (`values` in `unit`, which is `scale` base units) or `text`.

    With `ends`, numbers are spaced evenly or geometrically from one to the other and `values` is empty.
    """

    name: str
    size: int
    kind: str
    values: tuple[float | str, ...] = ()
    ends: tuple[float, float] | None = None
    is_geometric: bool = False
    unit: str = ""
    scale: float = 1.0
    dimension: Dimension = ()

    @overload
    def at(self, places: int) -> float: ...
    @overload
    def at(self, places: "NDArray[np.int64]") -> "NDArray[np.float64]": ...
    def at(self, places: "int | NDArray[np.int64]") -> object:
        """The value at a place, or those at places of shape (points,), in `unit`. For axes of numbers only."""
        if self.ends is None:
            return float(self.values[places]) if isinstance(places, int) else self._listed(places)
        first, last = self.ends
        step = (last - first) / (self.size - 1) if self.size > 1 else 0.0
        # whole steps are exact this way, without the rounding of a share
        if step.is_integer() and not self.is_geometric:
            return first + places * step
        share = places / (self.size - 1) if self.size > 1 else places * 0.0
        return first * (last / first) ** share if self.is_geometric else first + share * (last - first)

    def _listed(self, places: "NDArray[np.int64]") -> "NDArray[np.float64]":
        import numpy as np  # where an axis is run, not where its text is checked

        return np.asarray(self.values, np.float64)[places]

    @property
    def symbol(self) -> str:
        """The symbol of the literal that stands for all its values; see `stand_in`."""
        return f"sweep {self.name}"

    def extent(self) -> tuple[float, float]:
        """The least and the greatest number, in base units."""
        found = self.ends or [float(value) for value in self.values]
        return min(found) * self.scale, max(found) * self.scale

    def stand_in(self) -> Quantity:
        """One literal for all numbers of the axis, so that a single graph serves every point of a study."""
        low, high = self.extent()
        first = self.at(0) * self.scale
        return Quantity(
            "literal", (), self.dimension, Spread(low, first, high, SWEPT), self.unit, self.name, self.symbol
        )


@frozen(eq=False)
class Swept:
    """An axis, its `sweep`, and the values it lists; `items` is empty for a series, whose numbers are computed."""

    axis: Axis
    node: syntax.Sweep
    items: tuple[Value, ...]

    def item(self, place: int) -> Value:
        """The value at a place."""
        if self.items:
            return self.items[place]
        value = self.axis.at(place) * self.axis.scale
        return number(value, self.axis.dimension, self.axis.unit, self.axis.name)


def swept(node: syntax.Sweep, scope: Scope, state: State) -> Swept | None:
    """The axis that a `sweep` describes; None after a complaint."""
    name, span = node.name.text, node.values.span
    value = _values(node.values, scope, state)
    if value is POISON:
        return None
    if isinstance(value, NumberSeries):
        return Swept(_of_series(name, value), node, ())
    if not isinstance(value, tuple):
        message = f"a sweep runs over several values, this is {describe(value)}"
        state.complain(NO_VALUES.at(span, message, "write a list: `[1.1, 1.2]`, or `1 .. 64`"))
        return None
    if not value:
        help = "list at least one, the smaller end first in a range"
        state.complain(NO_VALUES.at(span, f"`{name}` has no value to take", help))
        return None
    return _listed(node, value, state)


def _values(node: syntax.Expression, scope: Scope, state: State) -> Value:
    """The value after `in`.

    A range `1 .. n` becomes a series, so that its length is not limited as that of a list is.
    """
    if not isinstance(node, syntax.Binary) or node.operator != "..":
        return evaluate(node, scope, state)
    left, right = evaluate(node.left, scope, state), evaluate(node.right, scope, state)
    if not (isinstance(left, Quantity) and isinstance(right, Quantity)) or left.dimension or right.dimension:
        return evaluate(node, scope, state)
    low, high = state.intervals.of(left), state.intervals.of(right)
    if low.low != low.high or high.low != high.high or not abs(high.middle - low.middle) < MOST_POINTS:
        state.complain(NO_VALUES.at(node.span, "a range runs between known numbers that are finite", "write `1 .. 64`"))
        return POISON
    count = int(high.middle - low.middle + 1)
    return NumberSeries(low.middle, low.middle + count - 1, count, False, (), "") if count >= 1 else ()


def _of_series(name: str, series: NumberSeries) -> Axis:
    unit, scale = shown_unit(series.dimension, series.unit)
    ends = (round_trip(series.start / scale), round_trip(series.stop / scale))
    return Axis(name, series.size, "number", (), ends, series.is_geometric, unit, scale, series.dimension)


def _listed(node: syntax.Sweep, items: tuple[Value, ...], state: State) -> Swept | None:
    name = node.name.text
    numbers = [item for item in items if isinstance(item, Quantity) and item.dimension != TRUTH]
    if len(numbers) == len(items):
        first = numbers[0]
        other = next((item for item in numbers if item.dimension != first.dimension), None)
        if other is not None:
            sides = f"{units.noun(first.dimension)} and {units.noun(other.dimension)}"
            help = "give all values one dimension"
            state.complain(WRONG_DIMENSION.at(node.values.span, f"`{name}` sweeps over {sides}", help))
            return None
        found = [state.intervals.of(item) for item in numbers]
        # values with a range are no numbers to sweep: each is a case of its own, under its text
        if all(bounds.low == bounds.high for bounds in found):
            unit, scale = shown_unit(first.dimension, first.unit)
            values = tuple(round_trip(bounds.middle / scale) for bounds in found)
            return Swept(
                Axis(name, len(items), "number", values, None, False, unit, scale, first.dimension), node, items
            )
    labels = tuple(_label(item, node, place, state) for place, item in enumerate(items))
    return Swept(Axis(name, len(items), "text", labels), node, items)


def _label(item: Value, node: syntax.Sweep, place: int, state: State) -> str:
    """Label of a value of an axis of texts: its own name, else as it was written."""
    listed = node.values.items if isinstance(node.values, syntax.List) else ()
    if isinstance(item, Quantity) and item.dimension != TRUTH:
        return display.interval(state.intervals.of(item), item)
    text = text_of(item)
    if listed and (text is None or isinstance(item, Instance)):
        return listed[place].span.text
    return text if text is not None else f"{node.values.span.text}[{place}]"


def text_of(item: Value) -> str | None:
    """The text by which a value is shown; None for numbers and other values without a name."""
    if isinstance(item, str):
        return item
    if isinstance(item, Day | Layout | FamilyName):
        return item.text
    return item.name if isinstance(item, Declaration | Instance) else None


def shown_unit(dimension: Dimension, unit: str) -> tuple[str, float]:
    """Unit to show numbers in, and its size in base units: the one written where it fits, else the base unit."""
    found = units.unit(unit) if unit else None
    if found is not None and found.currency is None and found.measures(dimension):
        return unit, found.scale
    base = units.base_unit(dimension)
    return ("" if base == "1" else base), 1.0


def round_trip(value: float) -> float:
    """A number as it was written: without the noise of a division in its last digits."""
    return float(f"{value:.15g}")
