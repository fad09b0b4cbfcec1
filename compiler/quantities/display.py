"""Numbers as text: with a fitting prefix, and as many digits as are known."""

import math

from compiler.quantities import units
from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Bounds
from compiler.quantities.units import NONE, Dimension

_PREFIXES = ((1e24, "Y"), (1e21, "Z"), (1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_SMALL = ((1.0, ""), (1e-3, "m"), (1e-6, "u"), (1e-9, "n"))


def scaled(value: float, dimension: Dimension, unit: str = "") -> tuple[float, str]:
    """Number and unit to print for a value in base units."""
    if unit and (found := units.unit(unit)) and found.currency is None and _prints(found.dimension, dimension):
        shown = value / found.scale
        if not dimension or shown == 0 or 1e-3 <= abs(shown) < 1e5:
            return shown, unit
    base = units.base_unit(dimension)
    if base == "1":
        return value, ""
    return _prefixed(value, base)


def _prints(unit: Dimension, dimension: Dimension) -> bool:
    return unit in (dimension, units.untagged(dimension))


def _prefixed(value: float, base: str) -> tuple[float, str]:
    """Number and prefixed unit of a value; energy in Wh, mass in tonnes, areas without prefix."""
    first, slash, rest = base.partition("/")
    # people count the energy of a site in Wh, a price of energy per kWh, and carbon in grams for each of those
    if first == "J" and not slash:
        value, first = value / 3600.0, "Wh"
    if first == "kg" and abs(value) >= 1e3:
        value, first = value / 1e3, "t"
    if rest.startswith("J"):
        value, rest = value * 3.6e6, rest.replace("J", "kWh", 1)
        if first == "kg":
            value, first = value * 1e3, "g"
    if rest.startswith(("FLOPS", "OPS")) and abs(value) < 1e-3:
        return value * 1e15, f"{first}/P{rest}"
    if base == "s":
        factor, prefix = next((pair for pair in _SMALL if abs(value) >= pair[0]), (1.0, ""))
        return value / factor, f"{prefix}s"
    if "^" in first or first in ("m", "kg", "t", "1", "s", "K"):
        return value, first + slash + rest
    for factor, prefix in _PREFIXES:
        if abs(value) >= factor:
            return value / factor, f"{prefix}{first}{slash}{rest}"
    return value, first + slash + rest


def digits(value: float, figures: int = 4) -> str:
    """A number as text with `figures` significant figures, thousands separated, no trailing zeros after the point."""
    if not math.isfinite(value):
        return "unbounded" if math.isinf(value) else "unknown"
    if value == 0:
        return "0"
    if abs(value) >= 1e15 or abs(value) < 1e-4:
        return f"{value:.{figures - 1}e}"
    decimals = max(0, figures - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value: float, dimension: Dimension, unit: str = "", figures: int = 4) -> str:
    """A value in base units as text with its unit; bare whole numbers in full."""
    if dimension == NONE and not unit and value == round(value) and abs(value) < 1e15:
        return f"{value:,.0f}"
    if unit and (found := units.unit(unit)) and found.dimension == dimension == NONE and unit != "%":
        return f"{digits(value, figures)} {unit}"
    shown, name = scaled(value, dimension, unit)
    gap = "" if name == "%" else " "
    return f"{digits(shown, figures)}{gap}{name}".strip()


def known_digits(low: float, middle: float, high: float) -> int:
    """Number of significant figures of a middle that its interval leaves meaningful: two to four."""
    if high == low or not middle:
        return 4
    return max(2, min(4, 1 + math.ceil(math.log10(abs(middle / (high - low)) + 1))))


def percent(share: float) -> str:
    """A share as text, `75 %`; never 0 or 100 % unless it is exactly that."""
    if 0 < share < 0.005:
        return "under 1 %"
    return "over 99 %" if 0.995 < share < 1 else f"{share * 100:.0f} %"


def interval(bounds: Bounds, quantity: Quantity, figures: int = 4) -> str:
    """A quantity with its bounds as text: one number, or `low to high` in one unit."""
    dimension, unit = quantity.dimension, quantity.unit
    if bounds.low == bounds.high:
        return number(bounds.middle, dimension, unit, figures)
    if not (math.isfinite(bounds.low) and math.isfinite(bounds.high)):
        return f"at least {number(bounds.low, dimension, unit, figures)}" if math.isfinite(bounds.low) else "unknown"
    _, shown = scaled(max(abs(bounds.low), abs(bounds.high)), dimension, unit)
    fitting = units.unit(shown)
    if fitting is None or not shown:
        return f"{number(bounds.low, dimension, unit, figures)} to {number(bounds.high, dimension, unit, figures)}"
    gap = "" if shown == "%" else " "
    return (
        f"{digits(bounds.low / fitting.scale, figures)} to {digits(bounds.high / fitting.scale, figures)}{gap}{shown}"
    )
