"""Functions of dates."""

from compiler.quantities.graph import Origin, Quantity, Spread
from compiler.quantities.units import NONE
from compiler.semantics.fields import missing
from compiler.semantics.functions import Invocation, word
from compiler.semantics.values import Day, Value, describe


@word()
def year(call: Invocation) -> Value:
    """`year(chip.released)`: the year of a date, as a number."""
    value = call.positional[0]
    if isinstance(value, Day):
        found = float(value.text[:4])
        spread = Spread(found, found, found, step=1.0)
        return Quantity("literal", (), NONE, spread, label="year", origin=Origin(call.span))
    if value == "":
        return missing(f"date of {call.span.text}", NONE)
    return call.wrong(f"`year` works on a date, this is {describe(value)}", "name one: `year(chip.released)`")
