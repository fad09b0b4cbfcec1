"""Numbers as written: digits, unit, interval or tolerance, to a quantity with its spread and the step of its last digit."""

import math
from collections.abc import Callable

from compiler.quantities import units
from compiler.quantities.graph import Origin, Quantity, Spread, apply
from compiler.quantities.units import LOOKALIKES, NONE, Unit
from dsl import syntax
from dsl.diagnostic import Code, Diagnostic, Fix
from dsl.source import Span
from dsl.suggest import nearest

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

Complain = Callable[[Diagnostic], None]
Rate = Callable[[str], Quantity | None]


def step_of(digits: str) -> float:
    """One unit of the last digit written: 1 for `1152`, 0.1 for `49.2`, 1000 for `3e3`."""
    mantissa, _, exponent = digits.replace("_", "").lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(f"1e{int(exponent or 0) - decimals}")


def quantity(node: syntax.Literal, symbol: str, complain: Complain, rate: Rate) -> Quantity | None:
    """The quantity that a numeric literal states, or None when its unit or ends are wrong, which is complained about."""
    if isinstance(node, syntax.Interval | syntax.Tolerance):
        return _range(node, symbol, complain, rate)
    found = _unit_of(node, complain)
    if found is None or not isinstance(node, syntax.Number | syntax.Measure):
        return None
    step = step_of(node.digits)
    return _made(node.span, found, (node.value,) * 3, "point", step, node.digits, symbol, rate, complain)


def _range(node: syntax.Interval | syntax.Tolerance, symbol: str, complain: Complain, rate: Rate) -> Quantity | None:
    first, second = (node.low, node.high) if isinstance(node, syntax.Interval) else (node.middle, node.spread)
    relative = isinstance(node, syntax.Tolerance) and isinstance(second, syntax.Measure) and second.unit.text == "%"
    one, two = _unit_of(first, complain), _unit_of(second, complain)
    if one is None or two is None:
        return None
    if relative and (not isinstance(first, syntax.Measure) or first.unit.text != "%"):
        spread = abs(first.value) * second.value / 100
        low, high, shown = first.value - spread, first.value + spread, one
    else:
        if isinstance(first, syntax.Number):
            one = two
        elif isinstance(second, syntax.Number):
            two = one
        if one.dimension != two.dimension or one.currency != two.currency:
            sides = f"{units.noun(one.dimension)}, the other {units.noun(two.dimension)}"
            complain(
                TWO_UNITS.at(
                    node.span, f"one side is {sides}", "give both the same kind of unit, or one unit at the end"
                )
            )
            return None
        shown = two if isinstance(first, syntax.Number) else one
        a, b = first.value * one.scale / shown.scale, second.value * two.scale / shown.scale
        low, high = (a, b) if isinstance(node, syntax.Interval) else (a - b, a + b)
    if low > high:
        complain(
            REVERSED.at(
                node.span, f"the lower end {low:g} is above the upper end {high:g}", "write the smaller number first"
            )
        )
        return None
    middle = (low + high) / 2 if isinstance(node, syntax.Interval) else first.value * one.scale / shown.scale
    step = max(step_of(first.digits), step_of(second.digits))
    return _made(node.span, shown, (low, middle, high), "uniform", step, "", symbol, rate, complain)


def _made(
    span: Span,
    unit: Unit,
    values: tuple[float, float, float],
    shape: str,
    step: float,
    digits: str,
    symbol: str,
    rate: Rate,
    complain: Complain,
) -> Quantity | None:
    low, middle, high = (based(value, unit.scale) for value in values)
    if not (math.isfinite(low) and math.isfinite(high)):
        complain(TOO_LARGE.at(span, f"`{span.text}` is too large a number", "check its exponent"))
        return None
    spread = Spread(low, middle, high, shape if low != high else "point", (), step * unit.scale, digits)
    result = Quantity("literal", (), unit.dimension, spread, unit.text, symbol=symbol, origin=Origin(span))
    if unit.currency is None:
        return result
    worth = rate(unit.currency)
    if worth is None:
        complain(
            NO_RATE.at(
                span,
                f"no rate is known for `{unit.currency}`",
                f"declare `currency {unit.currency} {{ rate = … USD from … }}`",
            )
        )
        return None
    return apply("multiply", result, worth, dimension=unit.dimension)


def based(value: float, scale: float) -> float:
    """A number in base units, rounded once: `8.2 MUSD` is 8,200,000 and not a hair less."""
    if not math.isfinite(value) or scale < 1e3 or scale != int(scale) or value == int(value):
        return value * scale
    digits = repr(value)
    if "e" in digits:
        return value * scale
    whole, _, decimals = digits.partition(".")
    return int(whole + decimals) * int(scale) / int("1" + "0" * len(decimals))


def _unit_of(node: syntax.Literal, complain: Complain) -> Unit | None:
    if not isinstance(node, syntax.Measure):
        return Unit("", 1.0, NONE)
    found = units.unit(node.unit.text)
    if found is None:
        complain(unknown_unit(node.unit, node.digits))
    return found


def unknown_unit(name: syntax.Name, digits: str = "1") -> Diagnostic:
    """The complaint about a unit that does not exist, with what it may have been."""
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
    help = (
        f"did you mean {' or '.join(f'`{f}`' for f in found)}?"
        if found
        else "units look like `GB`, `Gb/s`, `TFLOPS@fp8`, `kW`, `m^2`, `USD`"
    )
    return UNKNOWN_UNIT.at(name.span, f"`{text}` is not a unit", help, fixes=fixes)


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
