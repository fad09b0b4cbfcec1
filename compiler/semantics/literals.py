"""Evaluation of numeric literals: a quantity in base units, with its spread and the step of its last digit."""

import math
from typing import TypeAlias

from compiler.quantities import units
from compiler.quantities.graph import Origin, Quantity, Spread, apply
from compiler.quantities.units import LOOKALIKES, NONE, Unit
from compiler.semantics.state import State
from dsl import syntax
from dsl.diagnostic import Code, Diagnostic, Fix
from dsl.record import node as plain
from dsl.source import Span
from dsl.suggest import did_you_mean, nearest

WRONG_CASE = Code(
    "C0303",
    "a unit in the wrong case",
    cause="Case is strict in units: `GB` is bytes, `Gb` bits, `GiB` binary gigabytes; `MW` is a billion times `mW`.",
    wrong="chip A { hbm.capacity = 128 gb }\n",
    right="chip A { hbm.capacity = 128 GB }\n",
)
UNKNOWN_UNIT = Code(
    "C0304",
    "unknown unit",
    cause="The text directly after a number is its unit. A division by a value needs blanks around the `/`.",
    wrong="chip A { tdp = 700 watt }\n",
    right="chip A { tdp = 700 W }\n",
)
TWO_UNITS = Code(
    "C0306",
    "the two ends of a range are different things",
    cause="Both ends of `a to b`, and the middle and spread of `a +- b`, have one dimension; the unit may stand once, at the end.",
    wrong="chip A { tdp = 600 J to 700 W }\n",
    right="chip A { tdp = 600 to 700 W }\n",
)
REVERSED = Code(
    "C0308",
    "a range runs backwards",
    cause="`a to b` names the lower end first; a spread after `+-` is not negative.",
    wrong="chip A { tdp = 800 to 700 W }\n",
    right="chip A { tdp = 700 to 800 W }\n",
)
NO_RATE = Code(
    "C0307",
    "a currency without a rate",
    cause="Money in another currency than USD is converted with a dated rate. The library gives one for the common currencies; a `currency` declaration gives another.",
    wrong="chip A { price = 1 CHF }\n",
    right="chip A { price = 90 kCNY }\n",
)

TOO_LARGE = Code(
    "C0313",
    "a number too large to be held",
    cause="Numbers are held to 1.8e308 in base units; nothing that is built comes near.",
    wrong="let x = 1e400\n",
    right="let x = 1e40\n",
)

Written: TypeAlias = syntax.Number | syntax.Measure | syntax.Interval | syntax.Tolerance
"""A numeric literal."""


@plain
class Numeral:
    """A literal as numbers in its own unit; `step` is one unit of the last digit written, `shape` the distribution."""

    low: float
    middle: float
    high: float
    unit: Unit
    step: float
    shape: str = "point"
    digits: str = ""


def step_of(digits: str) -> float:
    """Size of one unit of the last digit written: 1 for `1152`, 0.1 for `49.2`, 1000 for `3e3`."""
    mantissa, _, exponent = digits.replace("_", "").lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(f"1e{int(exponent or 0) - decimals}")


def quantity(node: Written, symbol: str, state: State) -> Quantity | None:
    """The quantity of a literal; None after a complaint about its units or ends.

    `symbol` is the name by which it is sampled.
    """
    found = _range(node, state) if isinstance(node, syntax.Interval | syntax.Tolerance) else _point(node, state)
    return _made(node.span, found, symbol, state) if found is not None else None


def _point(node: syntax.Number | syntax.Measure, state: State) -> Numeral | None:
    unit = _unit_of(node, state)
    if unit is None:
        return None
    return Numeral(node.value, node.value, node.value, unit, step_of(node.digits), digits=node.digits)


def _range(node: syntax.Interval | syntax.Tolerance, state: State) -> Numeral | None:
    first, second = (node.low, node.high) if isinstance(node, syntax.Interval) else (node.middle, node.spread)
    one, two = _unit_of(first, state), _unit_of(second, state)
    if one is None or two is None:
        return None
    step = max(step_of(first.digits), step_of(second.digits))
    # `40 % +- 5 %` is five points, `0.35 CNY/kWh +- 5 %` a share of the middle
    if isinstance(node, syntax.Tolerance) and _is_percent(second) and not _is_percent(first):
        spread = abs(first.value) * second.value / 100
        found = Numeral(first.value - spread, first.value, first.value + spread, one, step, "uniform")
    else:
        shared = _shared(node, one, two, state)
        if shared is None:
            return None
        one, two, shown = shared
        a, b = first.value * one.scale / shown.scale, second.value * two.scale / shown.scale
        low, middle, high = (a, (a + b) / 2, b) if isinstance(node, syntax.Interval) else (a - b, a, a + b)
        found = Numeral(low, middle, high, shown, step, "uniform")
    if found.low > found.high:
        message = f"the lower end {found.low:g} is above the upper end {found.high:g}"
        state.complain(REVERSED.at(node.span, message, "write the smaller number first"))
        return None
    return found


def _is_percent(node: syntax.Number | syntax.Measure) -> bool:
    return isinstance(node, syntax.Measure) and node.unit.text == "%"


def _shared(
    node: syntax.Interval | syntax.Tolerance, one: Unit, two: Unit, state: State
) -> tuple[Unit, Unit, Unit] | None:
    """Units of both ends of a range, and the unit to show it in; None after a complaint.

    An end without a unit has the other's.
    """
    first, second = (node.low, node.high) if isinstance(node, syntax.Interval) else (node.middle, node.spread)
    if isinstance(first, syntax.Number):
        one = two
    elif isinstance(second, syntax.Number):
        two = one
    if one.dimension != two.dimension or one.currency != two.currency:
        sides = f"{units.noun(one.dimension)}, the other {units.noun(two.dimension)}"
        help = "give both the same kind of unit, or one unit at the end"
        state.complain(TWO_UNITS.at(node.span, f"one side is {sides}", help))
        return None
    return one, two, two if isinstance(first, syntax.Number) else one


def _made(span: Span, stated: Numeral, symbol: str, state: State) -> Quantity | None:
    unit = stated.unit
    low, middle, high = (based(value, unit.scale) for value in (stated.low, stated.middle, stated.high))
    if not (math.isfinite(low) and math.isfinite(high)):
        state.complain(TOO_LARGE.at(span, f"`{span.text}` is too large a number", "check its exponent"))
        return None
    shape = stated.shape if low != high else "point"
    spread = Spread(low, middle, high, shape, (), stated.step * unit.scale, stated.digits)
    result = Quantity("literal", (), unit.dimension, spread, unit.text, symbol=symbol, origin=Origin(span))
    if unit.currency is None:
        return result
    worth = state.rate(unit.currency)
    if worth is None:
        help = f"declare `currency {unit.currency} {{ rate = … USD from … }}`"
        state.complain(NO_RATE.at(span, f"no rate is known for `{unit.currency}`", help))
        return None
    return apply("multiply", result, worth, dimension=unit.dimension)


def based(value: float, scale: float) -> float:
    """A number in base units, rounded only once: `8.2 MUSD` is 8,200,000 and not 8,199,999.999999999."""
    if not math.isfinite(value) or scale < 1e3 or scale != int(scale) or value == int(value):
        return value * scale
    # as integers: 8.2 itself is not exact in binary, and times 10^6 its error would show
    digits = repr(value)
    if "e" in digits:
        return value * scale
    whole, _, decimals = digits.partition(".")
    return int(whole + decimals) * int(scale) / int("1" + "0" * len(decimals))


def _unit_of(node: syntax.Number | syntax.Measure, state: State) -> Unit | None:
    if not isinstance(node, syntax.Measure):
        return Unit("", 1.0, NONE)
    found = units.unit(node.unit.text)
    if found is None:
        state.complain(unknown_unit(node.unit, node.digits))
    return found


def unknown_unit(name: syntax.Name, digits: str = "1") -> Diagnostic:
    """The complaint about a unit that does not exist, with the units that were probably meant."""
    text = name.text
    for part in text.replace("·", "/").split("/"):
        choices = LOOKALIKES.get(part.lower().partition("@")[0], ())
        if units.unit(part) is None and choices:
            return _lookalike(name, part, choices, digits)
    if "/" in text and units.unit(text.rpartition("/")[0]) is not None:
        head, _, tail = text.rpartition("/")
        fix = Fix("` / `", name.span, f"{head} / {tail}", "safe")
        return UNKNOWN_UNIT.at(
            name.span,
            f"unknown unit `{tail}` in `{digits} {text}`",
            f"to divide, put blanks around it: `{digits} {head} / {tail}`",
            label="directly after `/`, so read as a unit",
            fixes=(fix,),
        )
    found = nearest(text, units.symbols())
    fixes = (Fix(f"write `{found[0]}`", name.span, found[0], "unsafe"),) if found else ()
    help = did_you_mean(text, found) or ("units look like `GB`, `Gb/s`, `TFLOPS@fp8`, `kW`, `m^2`, `USD`",)
    return UNKNOWN_UNIT.at(name.span, f"`{text}` is not a unit", *help, fixes=fixes)


_MEANING = {
    "GB": "`GB` = 10^9 bytes",
    "Gb": "`Gb` = 10^9 bits, 8 times less",
    "GiB": "`GiB` = 2^30 bytes, 7.4 % more",
    "MW": "`MW` = 10^6 watts",
    "mW": "`mW` = a thousandth of a watt",
}


def _lookalike(name: syntax.Name, part: str, choices: tuple[str, ...], digits: str) -> Diagnostic:
    meanings = "; ".join(_MEANING[choice] for choice in choices if choice in _MEANING)
    written = name.text.replace(part, choices[0])
    differ = ": bytes and bits differ only by case" if {"GB", "Gb"} <= set(choices) else ""
    options = " or ".join(f"`{digits} {name.text.replace(part, choice)}`" for choice in choices)
    fix = Fix(f"`{written}`", name.span, written, "safe" if len(choices) == 1 else "unsafe")
    return WRONG_CASE.at(
        name.span,
        f"`{part}` is not a unit{differ}",
        f"write {options}",
        notes=(meanings,) if meanings else (),
        fixes=(fix,),
    )
