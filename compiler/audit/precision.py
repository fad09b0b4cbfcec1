"""Precision of published figures: digits as printed, and the values that agree with them."""

import math
from collections.abc import Mapping

from attrs import frozen

from compiler.numerics.tolerances import CLOSE, nearly
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import LEAVES, UNKNOWN, Bounds, fold
from dsl.source import Span

ZEROS = 0.1
"""Limit, as a share of the figure, up to which trailing zeros of a whole number may be no digits."""
KNOWN_DIGITS = 3
"""Digits from which on an input counts as rounded; one with fewer is taken as exact."""


@frozen
class Printed:
    """A published figure in base units, with the window that its last digit leaves and the digits that count.

    `low` and `high` end half a unit of the last digit away. `step` is that unit; `counted` the same without trailing
    zeros of a whole number (100 for `300`); both are 0 for an expression without a printed precision.
    """

    value: float
    low: float
    high: float
    step: float = 0.0
    counted: float = 0.0

    def contains(self, value: float) -> bool:
        """True when a value lies in the window, its ends included."""
        return self.low <= value <= self.high or nearly(value, self.low) or nearly(value, self.high)

    def overlaps(self, bounds: Bounds) -> bool:
        """True when any value between some bounds lies in the window."""
        return (bounds.low <= self.high or nearly(bounds.low, self.high)) and (
            bounds.high >= self.low or nearly(bounds.high, self.low)
        )

    def covers(self, bounds: Bounds) -> bool:
        """True when all values between some bounds lie in the window."""
        return self.contains(bounds.low) and self.contains(bounds.high)

    def cut(self, value: float) -> str:
        """Way in which a value gives this figure at its digits: `rounds`, `truncates`, or empty when it does not."""
        for unit in dict.fromkeys((self.step, self.counted)):
            if unit <= 0.0 or (unit > self.step and abs(value - self.value) > ZEROS * abs(value)):
                continue
            ratio = value / unit
            if nearly(math.floor(ratio + CLOSE) * unit, self.value):
                return "truncates"
            if nearly(round(ratio) * unit, self.value):
                return "rounds"
        return ""

    def agrees(self, value: float) -> float:
        """Width of the window in which a value passes for the figure, as a share of it; 0 when `value` does not."""
        if self.value == 0.0 or value == 0.0:
            return 0.0
        if self.contains(value):
            return max((self.high - self.low) / abs(self.value), CLOSE)
        if self.cut(value):
            return min(1.5 * max(self.step, self.counted), 2 * ZEROS * abs(self.value)) / abs(self.value)
        return 0.0


def stated(quantity: Quantity, inside: Span | None = None) -> Printed:
    """A stated quantity with its printed precision. In an expression, bare whole numbers are exact.

    Only literals `inside` that span (None: all) count as printed, which leaves out the rate of a currency.
    """
    spread = quantity.spread
    if spread is not None:
        half = spread.step / 2
        zeros = _trailing_zeros(spread.digits)
        counted = spread.step * 10.0**zeros if spread.digits else spread.step
        return Printed(spread.middle, spread.low - half, spread.high + half, spread.step, counted)
    widened = {
        node: _printed(node)
        for node in order([quantity])
        if node.spread is not None and (node.dimension or "." in node.spread.digits) and _is_inside(node, inside)
    }
    bounds = reading(quantity, widened)
    scale, literal = _single(quantity)
    if literal is not None and scale and literal.spread is not None and literal.spread.step:
        step = literal.spread.step * scale
        return Printed(
            bounds.middle, bounds.low, bounds.high, step, step * 10.0 ** _trailing_zeros(literal.spread.digits)
        )
    return Printed(bounds.middle, bounds.low, bounds.high)


def _is_inside(node: Quantity, span: Span | None) -> bool:
    origin = node.origin
    if span is None or origin is None:
        return span is None
    return origin.span.source is span.source and span.start <= origin.span.start and origin.span.end <= span.end


def _single(quantity: Quantity) -> tuple[float, Quantity | None]:
    """Rate and literal of money in a currency, which is a literal times a rate; (0, None) for other quantities."""
    if quantity.op == "multiply" and quantity.args[0].spread is not None and "per" in quantity.args[1].label:
        return reading(quantity.args[1], {}).middle, quantity.args[0]
    return 0.0, None


def _trailing_zeros(digits: str) -> int:
    mantissa = digits.replace("_", "").lower().partition("e")[0]
    if "." in mantissa or not mantissa.strip("0"):
        return 0
    return len(mantissa) - len(mantissa.rstrip("0"))


def _printed(node: Quantity) -> Bounds:
    assert node.spread is not None
    half = node.spread.step / 2
    return Bounds(node.spread.low - half, node.spread.middle, node.spread.high + half)


def reading(quantity: Quantity, instead: Mapping[Quantity, Bounds]) -> Bounds:
    """Bounds of a quantity in base units, with other bounds in place of some of its nodes."""
    known: dict[Quantity, Bounds] = {}
    for node in order([quantity]):
        if node in instead:
            known[node] = instead[node]
        elif node.spread is not None:
            known[node] = Bounds(node.spread.low, node.spread.middle, node.spread.high)
        elif node.op in LEAVES:
            known[node] = UNKNOWN
        else:
            known[node] = fold(node.op, tuple(known[arg] for arg in node.args))
    return known[quantity]


def as_printed(quantity: Quantity) -> Bounds:
    """Bounds of a derived figure in base units when its inputs are only known to half a unit of their last digit.

    Counts are exact, and inputs of one or two digits too, since such digits seldom state a precision.
    """
    rounded: dict[Quantity, Bounds] = {}
    for node in order([quantity]):
        spread = node.spread
        if spread is None or not node.dimension or not spread.step or spread.low != spread.high:
            continue
        if len(spread.digits.partition("e")[0].replace(".", "").replace("_", "").lstrip("0")) >= KNOWN_DIGITS:
            rounded[node] = _printed(node)
    return reading(quantity, rounded)
