"""What a field or a parameter takes: values held against the table of kinds and the types of parameters."""

from typing import Any

from compiler.ir import kinds
from compiler.ir.kinds import FieldSpec
from compiler.quantities import units
from compiler.quantities.graph import Quantity, named, order
from compiler.semantics.evaluate import WRONG_ARGUMENTS
from compiler.semantics.names import Declaration, a
from compiler.semantics.operators import WRONG_TYPE
from compiler.semantics.state import World
from compiler.semantics.values import POISON, Day, describe
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

TYPES: dict[str, units.Dimension | None] = {
    "Count": units.NONE,
    "Number": units.NONE,
    "Fraction": units.NONE,
    "Power": units.POWER,
    "Energy": units.ENERGY,
    "DataRate": units.RATE,
    "Data": units.DATA,
    "Time": units.TIME,
    "Length": units.LENGTH,
    "Area": units.AREA,
    "Mass": units.MASS,
    "Money": units.MONEY,
    "Tariff": units.TARIFF,
    "Compute": units.dimension(OP=1, time=-1),
    "Text": None,
    "Medium": None,
    "Flag": units.TRUTH,
    "Date": None,
}
"""What may stand after the colon of a parameter, besides a kind with a capital letter: `Chip`, `Switch`."""

MOST_COUNT = 1e15


def fits(path: str, spec: FieldSpec, value: Any, node: syntax.Field, world: World) -> Diagnostic | None:
    """What is wrong with giving a value to a field, if anything."""
    span = node.value.span
    if spec.type == "any":
        return None
    if spec.type == "text" and isinstance(value, str):
        if spec.choices and value not in spec.choices:
            return WRONG_WORD.at(
                span,
                f"`{path}` cannot be `{value}`",
                *(did_you_mean(value, spec.choices) or (f"it takes {', '.join(spec.choices)}",)),
            )
        return None
    if spec.type == "date" and isinstance(value, Day):
        return None
    if spec.type == "reference" and (isinstance(value, Declaration) or hasattr(value, "part")):
        return None
    if spec.type != "quantity" or not isinstance(value, Quantity):
        wanted = {
            "text": 'a text such as "…"',
            "date": "a date such as 2025-09-18",
            "reference": "the name of a declaration",
        }.get(spec.type, units.noun(spec.dimension))
        return WRONG_WORD.at(
            span, f"`{path}` takes {wanted}, this is {describe(value)}", f"write `{path} = {spec.example}`"
        )
    if value.dimension != spec.dimension and not (
        units.tags(spec.dimension) and value.dimension == units.untagged(spec.dimension)
    ):
        return wrong_field(path, spec, value, node)
    return _whole(path, spec, value, span, world)


def _whole(path: str, spec: FieldSpec, value: Quantity, span: Span, world: World) -> Diagnostic | None:
    bounds = world.intervals.of(value)
    if value.op == "index" or missing_below(value):
        return None
    if spec.whole and bounds.low == bounds.high and bounds.middle != round(bounds.middle):
        return WRONG_COUNT.at(
            span,
            f"`{path}` counts things, {bounds.middle:g} is not a whole number",
            f"write `{path} = {max(1, round(bounds.middle))}`",
        )
    if spec.range is not None and not (spec.range[0] <= bounds.low and bounds.high <= spec.range[1]):
        outside = bounds.low if bounds.low < spec.range[0] else bounds.high
        limit = (
            "cannot be negative"
            if spec.range[0] == 0 and outside < 0
            else f"lies between {spec.range[0]:g} and {spec.range[1]:g}"
        )
        return OUT_OF_RANGE.at(
            span,
            f"`{path}` {limit}, this is {outside:g}{' ' + units.base_unit(value.dimension) if value.dimension else ''}",
            f"a usual value looks like `{spec.example or spec.range[0]}`",
        )
    return None


def wrong_field(path: str, spec: FieldSpec, value: Quantity, node: syntax.Field) -> Diagnostic:
    """The complaint about a value of another dimension, with the unit that was probably meant."""
    span, text = node.value.span, node.value.span.text
    wanted, got = units.noun(spec.dimension), units.noun(value.dimension)
    apart = units.product(spec.dimension, value.dimension, -1)
    help, fixes = f"write it like `{path} = {spec.example}`", tuple[Fix, ...]()
    if apart == units.FREQUENCY and isinstance(node.value, syntax.Measure | syntax.Interval | syntax.Tolerance):
        help, fixes = f"write `{text}/s`", (Fix("insert `/s`", Span(span.source, span.end, span.end), "/s", "unsafe"),)
    elif not value.dimension and isinstance(node.value, syntax.Number):
        help = f"a number needs its unit: `{path} = {text} {_unit_of(spec)}`"
    elif units.operations_alike(spec.dimension) == units.operations_alike(value.dimension):
        right = _unit_of(spec)
        help = f"write it in `{right}`, e.g. `{spec.example}`"
    return WRONG_FIELD.at(
        span,
        f"`{path}` is {wanted}, {f'but `{text}`' if len(text) <= 24 else 'this'} is {got}",
        help,
        label=f"expected {units.base_unit(spec.dimension)}",
        fixes=fixes,
    )


def _unit_of(spec: FieldSpec) -> str:
    return spec.example.partition(" ")[2] or units.base_unit(spec.dimension)


def missing(what: str, dimension: units.Dimension) -> Quantity:
    """A quantity nobody has stated."""
    return Quantity("missing", (), dimension, None, label=what)


def missing_below(value: Quantity) -> tuple[str, ...]:
    """What a quantity would need that nobody has stated."""
    return tuple(dict.fromkeys(node.label for node in order([value]) if node.op == "missing"))


def type_dimension(parameter: syntax.Parameter) -> units.Dimension | None:
    return TYPES.get(parameter.type.span.text) if parameter.type else None


def typed(value: Any, parameter: syntax.Parameter | syntax.Let, span: Span, world: World) -> Any:
    """A value held against the type of the parameter or `let` that takes it; `span` is where the value stands."""
    if parameter.type is None or value is POISON:
        return value
    word = parameter.type.span.text
    code = WRONG_TYPE if isinstance(parameter, syntax.Let) else WRONG_ARGUMENTS
    kind = kinds.BY_NAME.get(word.lower())
    if kind is not None and word[0].isupper() and word not in TYPES:
        found = getattr(getattr(value, "kind", None), "name", "")
        if found != kind.name:
            world.complain(
                code.at(
                    span,
                    f"`{parameter.name.text}` takes {a(kind.name)}, this is {describe(value)}",
                    "name a declaration of that kind",
                )
            )
            return POISON
        return value
    if word not in TYPES:
        world.complain(
            code.at(
                parameter.type.span,
                f"`{word}` is not a type",
                *did_you_mean(word, (*TYPES, *(k.title() for k in kinds.BY_NAME))),
            )
        )
        return value
    wanted = TYPES[word]
    if wanted is None:
        if isinstance(value, str | Day):
            return value
    elif isinstance(value, Quantity):
        alike = units.operations_alike(value.dimension) == wanted if word == "Compute" else value.dimension == wanted
        if alike:
            return _counted_argument(value, parameter, span, world) if word == "Count" else value
    world.complain(
        code.at(span, f"`{parameter.name.text}` is a {word}, this is {describe(value)}", "give it a value of that type")
    )
    return POISON


def _counted_argument(value: Quantity, parameter: syntax.Parameter | syntax.Let, span: Span, world: World) -> Any:
    bounds = world.intervals.of(value)
    if bounds.low == bounds.high and not (bounds.middle == round(bounds.middle) and 0 <= bounds.middle <= MOST_COUNT):
        world.complain(
            WRONG_COUNT.at(
                span,
                f"`{parameter.name.text}` is a Count, {bounds.middle:g} is not a whole number of things",
                "give a whole number",
            )
        )
        return POISON
    return named(value, parameter.name.text)
