"""Arguments of calls: matched with the parameters of a function or a declaration, and checked against their types."""

from collections.abc import Mapping

from compiler.ir import kinds
from compiler.quantities import units
from compiler.quantities.graph import Quantity, named
from compiler.semantics.evaluate import evaluate
from compiler.semantics.fields import MOST_COUNT, WRONG_COUNT
from compiler.semantics.names import a
from compiler.semantics.operators import WRONG_TYPE
from compiler.semantics.state import State
from compiler.semantics.values import POISON, Day, Declaration, Instance, Scope, Value, describe
from dsl import syntax
from dsl.diagnostic import Code
from dsl.source import Span
from dsl.suggest import did_you_mean

NOT_CALLABLE = Code(
    "C0207",
    "something is called that is not a function",
    cause="Functions, and declarations with parameters, can be called; a value cannot.",
    wrong="let x = 3\nlet y = x(2)\n",
    right="fn twice(x) = 2 * x\nlet y = twice(2)\n",
)
WRONG_ARGUMENTS = Code(
    "C0208",
    "a call does not fit what it calls",
    cause="Arguments fill parameters by order or by name, each once; parameters without a default must be given.",
    wrong="fn twice(x) = 2 * x\nlet y = twice(1, 2)\n",
    right="fn twice(x) = 2 * x\nlet y = twice(1)\n",
)

TYPES: Mapping[str, units.Dimension | None] = {
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
"""Types of parameters by name, with their dimension (None: a text or a date).

A capitalised kind, `Chip`, is a type too.
"""


def fill(
    name: str, parameters: tuple[syntax.Parameter, ...], node: syntax.Call, scope: Scope, state: State
) -> dict[str, Value] | None:
    """Arguments of a call by the name of their parameter, defaults left out; None after a complaint.

    `name` is for messages.
    """
    given: dict[str, Value] = {}
    for position, argument in enumerate(node.arguments):
        parameter = _parameter(name, parameters, position, argument, given, state)
        if parameter is None:
            return None
        value = typed(evaluate(argument.value, scope, state), parameter, argument.value.span, state)
        if value is POISON:
            return None
        given[parameter.name.text] = value
    return given if is_complete(name, parameters, given, node.span, state) else None


def _parameter(
    name: str,
    parameters: tuple[syntax.Parameter, ...],
    position: int,
    argument: syntax.Argument,
    given: Mapping[str, Value],
    state: State,
) -> syntax.Parameter | None:
    """The parameter that an argument fills, by its name or its position; None after a complaint."""
    names = [parameter.name.text for parameter in parameters]
    word = argument.name.text if argument.name else names[position] if position < len(names) else None
    if word is None:
        takes = f"takes {len(names)}" if names else "takes none"
        message = f"`{name}` {takes}, this is argument {position + 1}"
        state.complain(WRONG_ARGUMENTS.at(argument.span, message, "leave it out"))
        return None
    if word not in names or word in given:
        problem = "is given twice" if word in given else "is not one of its parameters"
        listed = f"it has {', '.join(f'`{n}`' for n in names)}" if names else "it has none"
        state.complain(WRONG_ARGUMENTS.at(argument.span, f"`{word}` {problem} in a call of `{name}`", listed))
        return None
    return parameters[names.index(word)]


def is_complete(
    name: str, parameters: tuple[syntax.Parameter, ...], given: Mapping[str, Value], span: Span, state: State
) -> bool:
    """True when every parameter without a default is given; the first that is not is complained about."""
    for parameter in parameters:
        wanted = parameter.name.text
        if wanted not in given and parameter.default is None:
            state.complain(WRONG_ARGUMENTS.at(span, f"`{name}` needs `{wanted}`", f"write `{name}({wanted} = …)`"))
            return False
    return True


def type_dimension(parameter: syntax.Parameter | syntax.Let) -> units.Dimension | None:
    """The dimension of the type of a parameter; None for no type, a type of words such as `Text`, or a kind."""
    return TYPES.get(parameter.type.span.text) if parameter.type else None


def typed(value: Value, taker: syntax.Parameter | syntax.Let, span: Span, state: State) -> Value:
    """The value, checked against the type of the parameter or `let` that takes it; `span` is where the value stands.

    POISON when it does not fit. A type that does not exist is complained about and checks nothing.
    """
    if taker.type is None or value is POISON:
        return value
    word = taker.type.span.text
    code = WRONG_TYPE if isinstance(taker, syntax.Let) else WRONG_ARGUMENTS
    kind = kinds.BY_NAME.get(word.lower())
    if word not in TYPES and kind is not None and word[0].isupper():
        if isinstance(value, Instance | Declaration) and value.kind is kind:
            return value
        message = f"`{taker.name.text}` takes {a(kind.name)}, this is {describe(value)}"
        state.complain(code.at(span, message, "name a declaration of that kind"))
        return POISON
    if word not in TYPES:
        help = did_you_mean(word, (*TYPES, *(k.title() for k in kinds.BY_NAME)))
        state.complain(code.at(taker.type.span, f"`{word}` is not a type", *help))
        return value
    if not _is_of(value, word):
        message = f"`{taker.name.text}` is a {word}, this is {describe(value)}"
        state.complain(code.at(span, message, "give it a value of that type"))
        return POISON
    return _count(value, taker, span, state) if word == "Count" and isinstance(value, Quantity) else value


def _is_of(value: Value, word: str) -> bool:
    """True when a value fits a type of `TYPES`."""
    wanted = TYPES[word]
    if wanted is None or not isinstance(value, Quantity):
        return wanted is None and isinstance(value, str | Day)
    return (units.operations_alike(value.dimension) if word == "Compute" else value.dimension) == wanted


def _count(value: Quantity, taker: syntax.Parameter | syntax.Let, span: Span, state: State) -> Value:
    bounds = state.intervals.of(value)
    if bounds.low == bounds.high and not (bounds.middle.is_integer() and 0 <= bounds.middle <= MOST_COUNT):
        message = f"`{taker.name.text}` is a Count, {bounds.middle:g} is not a whole number of things"
        state.complain(WRONG_COUNT.at(span, message, "give a whole number"))
        return POISON
    return named(value, taker.name.text)
