"""Checks of field values against the table of kinds: type, dimension, range, and allowed words."""

import math
from collections.abc import Mapping

from compiler.ir.kinds import FieldSpec
from compiler.quantities import units
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import Bounds
from compiler.semantics.state import State
from compiler.semantics.values import Day, Declaration, Instance, Value, describe
from dsl import syntax
from dsl.diagnostic import Code, Diagnostic, Fix
from dsl.source import Span
from dsl.suggest import did_you_mean

WRONG_FIELD = Code(
    "C0301",
    "a field is given a value of another dimension",
    cause="A field has one dimension: `hbm.bandwidth` is a data rate, `tdp` a power. A bare number has none.",
    wrong="chip A { hbm.bandwidth = 3.2 TB }\n",
    right="chip A { hbm.bandwidth = 3.2 TB/s }\n",
)
WRONG_WORD = Code(
    "C0209",
    "a field is given a word or value it does not take",
    cause="Fields of words take text, some only certain words; dates are written 2025-09-18.",
    wrong="chip A { hbm.type = 3 }\n",
    right='network n { role = "scale-up" }\n',
)
WRONG_COUNT = Code(
    "C0210",
    "a count that is not a whole number of things",
    cause="Parts, ports, lanes and dies are counted in whole numbers from 1 (fields from 0) to 10^15.",
    wrong="chip A { tdp = 1 W }\nnode N { npus = 2.5 of A }\n",
    right="chip A { tdp = 1 W }\nnode N { npus = 2 of A }\n",
)
OUT_OF_RANGE = Code(
    "C0211",
    "a value outside what can be",
    cause="A power, a price or a capacity is not negative; a PUE is at least 1.",
    wrong="site S { pue = 0.8 }\n",
    right="site S { pue = 1.2 }\n",
)

MOST_COUNT = 1e15


WANTED = {
    "text": 'a text such as "…"',
    "date": "a date such as 2025-09-18",
    "reference": "the name of a declaration",
}
"""Value that a field takes, in words for messages, by the type of the field."""


def fits(path: str, spec: FieldSpec, value: Value, node: syntax.Field, state: State) -> Diagnostic | None:
    """The complaint about a value that a field cannot take; None when it fits."""
    if spec.type == "quantity" and isinstance(value, Quantity):
        return _quantity_fits(path, spec, value, node, state)
    if spec.type == "text" and isinstance(value, str):
        return _word_fits(path, spec, value, node)
    if spec.type == "any" or isinstance(value, _TYPES.get(spec.type, ())):
        return None
    wanted = WANTED.get(spec.type, units.noun(spec.dimension))
    message = f"`{path}` takes {wanted}, this is {describe(value)}"
    return WRONG_WORD.at(node.value.span, message, f"write `{path} = {spec.example}`")


_TYPES: Mapping[str, tuple[type, ...]] = {"date": (Day,), "reference": (Declaration, Instance)}


def _word_fits(path: str, spec: FieldSpec, value: str, node: syntax.Field) -> Diagnostic | None:
    if not spec.choices or value in spec.choices:
        return None
    help = did_you_mean(value, spec.choices) or (f"it takes {', '.join(spec.choices)}",)
    return WRONG_WORD.at(node.value.span, f"`{path}` cannot be `{value}`", *help)


def _quantity_fits(path: str, spec: FieldSpec, value: Quantity, node: syntax.Field, state: State) -> Diagnostic | None:
    # `peak.fp8 = 752 TFLOPS` is meant in fp8: a unit may leave out the precision that the field names
    is_untagged = units.tags(spec.dimension) and value.dimension == units.untagged(spec.dimension)
    if value.dimension != spec.dimension and not is_untagged:
        return _wrong_field(path, spec, value, node)
    # no number yet: an index differs from part to part, a missing input may still be given
    if value.op == "index" or missing_below(value):
        return None
    bounds = state.intervals.of(value)
    if spec.whole and bounds.low == bounds.high and not bounds.middle.is_integer():
        near = max(1, round(bounds.middle)) if math.isfinite(bounds.middle) else 1
        message = f"`{path}` counts things, {bounds.middle:g} is not a whole number"
        return WRONG_COUNT.at(node.value.span, message, f"write `{path} = {near}`")
    if spec.range is not None and not (spec.range[0] <= bounds.low and bounds.high <= spec.range[1]):
        return _outside(path, spec, spec.range, value, bounds, node)
    return None


def _outside(
    path: str, spec: FieldSpec, range: tuple[float, float], value: Quantity, bounds: Bounds, node: syntax.Field
) -> Diagnostic:
    low, high = range
    outside = bounds.low if bounds.low < low else bounds.high
    limit = "cannot be negative" if low == 0 and outside < 0 else f"lies between {low:g} and {high:g}"
    unit = f" {units.base_unit(value.dimension)}" if value.dimension else ""
    help = f"a usual value looks like `{spec.example or low}`"
    return OUT_OF_RANGE.at(node.value.span, f"`{path}` {limit}, this is {outside:g}{unit}", help)


def _wrong_field(path: str, spec: FieldSpec, value: Quantity, node: syntax.Field) -> Diagnostic:
    """The complaint about a value of the wrong dimension, with the unit that was probably meant."""
    span, text = node.value.span, node.value.span.text
    wanted, got = units.noun(spec.dimension), units.noun(value.dimension)
    apart = units.product(spec.dimension, value.dimension, -1)
    help, fixes = f"write it like `{path} = {spec.example}`", tuple[Fix, ...]()
    if apart == units.FREQUENCY and isinstance(node.value, syntax.Measure | syntax.Interval | syntax.Tolerance):
        help, fixes = f"write `{text}/s`", (Fix("insert `/s`", Span(span.source, span.end, span.end), "/s", "unsafe"),)
    elif not value.dimension and isinstance(node.value, syntax.Number):
        help = f"a number needs its unit: `{path} = {text} {_unit_of(spec)}`"
    elif units.operations_alike(spec.dimension) == units.operations_alike(value.dimension):
        help = f"write it in `{_unit_of(spec)}`, e.g. `{spec.example}`"
    said = f"`{path}` is {wanted}, {f'but `{text}`' if len(text) <= 24 else 'this'} is {got}"
    return WRONG_FIELD.at(span, said, help, label=f"expected {units.base_unit(spec.dimension)}", fixes=fixes)


def _unit_of(spec: FieldSpec) -> str:
    return spec.example.partition(" ")[2] or units.base_unit(spec.dimension)


def missing(what: str, dimension: units.Dimension) -> Quantity:
    """A quantity that nobody has stated: everything computed from it is a lower bound, or absent."""
    return Quantity("missing", (), dimension, None, label=what)


def missing_below(value: Quantity) -> tuple[str, ...]:
    """Labels of the missing quantities below a quantity, each once."""
    return tuple(dict.fromkeys(node.label for node in order([value]) if node.op == "missing"))
