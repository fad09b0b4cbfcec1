"""Words about dates."""

from typing import Any

from compiler.quantities.graph import Origin, Quantity, Spread
from compiler.quantities.units import NONE
from compiler.semantics.functions import Call, describe, word
from compiler.semantics.values import Day


@word()
def year(call: Call) -> Any:
    """`year(chip.released)`: the year of a date, as a number."""
    value = call.positional[0]
    if isinstance(value, Day):
        found = float(value.text[:4])
        spread = Spread(found, found, found, step=1.0)
        return Quantity("literal", (), NONE, spread, label="year", origin=Origin(call.span))
    if value == "":
        return Quantity("missing", (), NONE, label=f"date of {call.span.text}")
    return call.wrong(f"`year` works on a date, this is {describe(value)}", "name one: `year(chip.released)`")
