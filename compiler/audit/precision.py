"""Precision of published figures: how a figure was printed, and which values agree with it to that precision."""

import math
from collections.abc import Mapping

from attrs import frozen

from compiler.numerics.tolerances import CLOSE, nearly
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import LEAVES, UNKNOWN, Bounds, fold
from dsl.source import Span

ZEROS = 0.1
"""Trailing zeros of a whole number are not counted as digits only while that moves the figure by less than this share."""
KNOWN_DIGITS = 3
"""An input printed in fewer digits than this is taken at its word, not as rounded."""


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
        """`rounds` or `truncates` when a value gives this figure at the digits that count, else empty."""
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
        """The width, as a share, of the band within which a value passes for this figure; 0 when it does not pass."""
        if self.value == 0.0 or value == 0.0:
            return 0.0
        if self.contains(value):
            return max((self.high - self.low) / abs(self.value), CLOSE)
        if self.cut(value):
            return min(1.5 * max(self.step, self.counted), 2 * ZEROS * abs(self.value)) / abs(self.value)
        return 0.0


def stated(quantity: Quantity, inside: Span | None = None) -> Printed:
    """A stated quantity with its precision. In an expression bare whole numbers are exact; others keep their last digit.

    Only literals written `inside` that span are taken as printed; a currency's rate is not.
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
    """The literal and its factor when a quantity is money in a currency: a literal times a rate."""
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
    """The bounds of a quantity with other bounds put in the place of some nodes."""
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
    """The bounds that a derived figure has when its measured inputs are known to half a unit of their last digit.

    Counts are exact; so are inputs of one or two digits, whose precision is not meant.
    """
    rounded: dict[Quantity, Bounds] = {}
    for node in order([quantity]):
        spread = node.spread
        if spread is None or not node.dimension or not spread.step or spread.low != spread.high:
            continue
        if len(spread.digits.partition("e")[0].replace(".", "").replace("_", "").lstrip("0")) >= KNOWN_DIGITS:
            rounded[node] = _printed(node)
    return reading(quantity, rounded)
