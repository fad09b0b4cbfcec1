"""Expressions to values: every operator checks the dimensions of its sides and builds a node of the quantity graph."""

from collections.abc import Callable
from typing import Any

from attrs import evolve

from compiler.quantities import units
from compiler.quantities.graph import Citation, Origin, Quantity, apply, named, truth
from compiler.quantities.units import NONE, TRUTH
from compiler.semantics import measures
from compiler.semantics.names import Declaration, Lost, Scope, TopLet, UserFunction, unknown_name
from compiler.semantics.operators import (
    MOST_ITEMS,
    TOO_MUCH,
    WRONG_DIMENSION,
    WRONG_TYPE,
    binary,
    fold_help,
    over,
    side_of,
)
from compiler.semantics.recursion import recursive_call
from compiler.semantics.seeds import place
from compiler.semantics.state import World
from compiler.semantics.values import POISON, Bag, Day, External, Place, describe
from dsl import syntax
from dsl.diagnostic import Code, Label
from dsl.source import Span

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
NO_SUCH_DAY = Code(
    "C0310",
    "a day that the calendar does not have",
    cause="Dates are written year-month-day, so that they are sorted as they stand.",
    wrong="chip A { released = 2025-02-30 }\n",
    right="chip A { released = 2025-02-28 }\n",
)


def evaluate(node: syntax.Expression, scope: Scope, world: World) -> Any:
    """The value of an expression in a scope; POISON when something in it was complained about."""
    return _HANDLERS[type(node)](node, scope, world)


def quantity(node: syntax.Expression, scope: Scope, world: World) -> Quantity | None:
    """The value when it is a quantity; anything else is complained about."""
    value = evaluate(node, scope, world)
    if isinstance(value, Quantity):
        return value
    if value is not POISON:
        world.complain(
            WRONG_TYPE.at(node.span, f"a quantity is needed here, this is {describe(value)}", *fold_help(value))
        )
    return None


# ---- leaves ----------------------------------------------------------------------------------


def _literal(node: Any, scope: Scope, world: World) -> Any:
    is_uncertain = isinstance(node, syntax.Interval | syntax.Tolerance)
    symbol = symbol_of(node, scope) if is_uncertain else f"{scope.module.path}@{node.span.text}"
    found = measures.quantity(node, symbol, world.complain, world.rate)
    return POISON if found is None else found


def symbol_of(node: syntax.Expression, scope: Scope) -> str:
    """What an uncertain value is called among all samples: its file and the declarations it stands in."""
    is_own = scope.module.source is node.span.source
    return f"{node.span.source.name}:{place(scope.module.tree, node) if is_own else node.span.text}"


def _reference(node: syntax.Reference, scope: Scope, world: World) -> Any:
    return lookup(node.name, node.span, scope, world)


def lookup(name: str, span: Span, scope: Scope, world: World) -> Any:
    """What a name means in a scope: a local, a member of an enclosing instance, a name of the file, a word of the language."""
    level = 0
    for around in scope.chain():
        if name in around.locals:
            return around.locals[name]
        if around.slot:
            if name == "index":
                return index_at(level)
            if name == "parent":
                return Place(level + 1)
        if around.instance is not None and around.instance.has(name):
            return around.instance.member(name, span)
    binding = scope.module.names.get(name)
    if binding is not None and not _is_aside(binding):
        return _bound(binding, name, span, world)
    for around in scope.chain():
        if around.instance is not None and world.workshop.is_word(around.instance, name):
            return world.workshop.attribute_of(around.instance, name, span, world)
    if binding is not None:
        return binding
    if name in world.functions:
        return world.functions[name]
    if name == "external":
        return External()
    family = world.workshop.family(name, span, scope)
    if family is not None:
        return family
    world.complain(unknown_name(name, span, (*scope.visible(), *world.functions)))
    return POISON


def _is_aside(binding: Any) -> bool:
    """Whether a name stands for a picture or a study, which no expression means when a word of the language fits."""
    return isinstance(binding, Declaration) and binding.kind.name in ("view", "study")


def _bound(binding: Any, name: str, span: Span, world: World) -> Any:
    if isinstance(binding, Lost):
        return POISON
    if not isinstance(binding, TopLet):
        return binding
    if id(binding) not in world.known:
        scope = Scope(binding.module)
        value = world.once((id(binding), name), name, span, lambda: let_value(binding.node, scope, world))
        world.known[id(binding)] = value
    return world.known[id(binding)]


def let_value(node: syntax.Let, scope: Scope, world: World) -> Any:
    """The value of a let under its name, with its sources."""
    value = evaluate(node.value, scope, world)
    if node.type is not None:
        value = world.workshop.typed(value, node, node.value.span, world)
    if isinstance(value, Quantity):
        value = named(value, node.name.text)
        if node.cites:
            value = evolve(value, origin=Origin(node.value.span, citations(node.cites, scope, world)))
    return value


def citations(cites: tuple[syntax.Cite, ...], scope: Scope, world: World) -> tuple[Citation, ...]:
    """The sources that a `from` names."""
    return tuple(found for cite in cites if (found := world.workshop.cited(cite, scope, world)) is not None)


def index_at(level: int) -> Quantity:
    """The place of an instance among its equals, from 0; level 0 is its own slot, 1 that of the part around it."""
    return Quantity("index", (), NONE, None, symbol=str(level), label="index")


# ---- access ----------------------------------------------------------------------------------


def _attribute(node: syntax.Attribute, scope: Scope, world: World) -> Any:
    return attribute(evaluate(node.of, scope, world), node.name.text, node.name.span, world)


def attribute(value: Any, name: str, span: Span, world: World) -> Any:
    """What a name means inside a value."""
    return POISON if value is POISON else world.workshop.attribute_of(value, name, span, world)


def _index(node: syntax.Index, scope: Scope, world: World) -> Any:
    value = evaluate(node.of, scope, world)
    at = quantity(node.index, scope, world)
    if value is POISON or at is None:
        return POISON
    return world.workshop.picked(value, int(world.number(at)), node.span, world)


# ---- operators -------------------------------------------------------------------------------


def _unary(node: syntax.Unary, scope: Scope, world: World) -> Any:
    value = evaluate(node.operand, scope, world)
    if isinstance(value, Bag) and node.operator == "-":
        return Bag(tuple((count, apply("negative", item)) for count, item in value.items), value.what)
    if value is POISON:
        return POISON
    wants_truth = node.operator == "not"
    if not isinstance(value, Quantity) or (value.dimension == TRUTH) != wants_truth:
        wanted = "a truth value" if wants_truth else "a quantity"
        world.complain(
            WRONG_TYPE.at(
                node.span, f"`{node.operator}` works on {wanted}, this is {describe(value)}", *fold_help(value)
            )
        )
        return POISON
    if node.operator == "+":
        return value
    return apply("not" if wants_truth else "negative", value, origin=Origin(node.span))


def _binary(node: syntax.Binary, scope: Scope, world: World) -> Any:
    left = evaluate(node.left, scope, world)
    right = evaluate(node.right, scope, world)
    if left is POISON or right is POISON:
        return POISON
    return binary(node, left, right, world)


# ---- the rest --------------------------------------------------------------------------------


def _conversion(node: syntax.Conversion, scope: Scope, world: World) -> Any:
    value = evaluate(node.value, scope, world)
    wanted = units.unit(node.unit.text)
    if wanted is None:
        world.complain(measures.unknown_unit(node.unit))
        return POISON
    if isinstance(value, Bag):
        return over(value, lambda item: _shown(item, wanted, node, world))
    return POISON if value is POISON else _shown(value, wanted, node, world)


def _shown(value: Any, wanted: units.Unit, node: syntax.Conversion, world: World) -> Any:
    if not isinstance(value, Quantity):
        world.complain(
            WRONG_TYPE.at(
                node.span, f"only a quantity can be shown in a unit, this is {describe(value)}", *fold_help(value)
            )
        )
        return POISON
    if value.dimension != wanted.dimension and units.untagged(value.dimension) != wanted.dimension:
        labels = (Label(node.value.span, units.noun(value.dimension)),)
        world.complain(
            WRONG_DIMENSION.at(
                node.unit.span,
                f"{units.noun(value.dimension)} cannot be shown in `{wanted.text}`, which is {units.noun(wanted.dimension)}",
                f"its base unit is `{units.base_unit(value.dimension)}`",
                labels=labels,
            )
        )
        return POISON
    if wanted.currency is None:
        return evolve(value, unit=wanted.text)
    rate = world.rate(wanted.currency)
    return POISON if rate is None else evolve(value, unit=wanted.text)


def _if(node: syntax.If, scope: Scope, world: World) -> Any:
    condition = quantity(node.condition, scope, world)
    if condition is not None and condition.dimension != TRUTH:
        world.complain(
            WRONG_TYPE.at(
                node.condition.span,
                f"a condition is a truth, this is {units.noun(condition.dimension)}",
                "compare it with something",
            )
        )
        condition = None
    then, otherwise = evaluate(node.then, scope, world), evaluate(node.otherwise, scope, world)
    if condition is None or then is POISON or otherwise is POISON:
        return POISON
    if isinstance(then, Quantity) and isinstance(otherwise, Quantity):
        if then.dimension != otherwise.dimension:
            labels = (Label(node.then.span, side_of(then)), Label(node.otherwise.span, side_of(otherwise)))
            world.complain(
                WRONG_DIMENSION.at(
                    node.span,
                    f"one branch is {units.noun(then.dimension)}, the other {units.noun(otherwise.dimension)}",
                    "both branches must be the same kind of thing",
                    labels=labels,
                )
            )
            return POISON
        return apply("where", condition, then, otherwise, origin=Origin(node.span))
    if isinstance(then, Quantity) or isinstance(otherwise, Quantity):
        world.complain(
            WRONG_TYPE.at(
                node.span,
                f"one branch is {describe(then)}, the other {describe(otherwise)}",
                "both branches must be the same kind of thing",
            )
        )
        return POISON
    return then if world.number(condition) else otherwise


def _list(node: syntax.List, scope: Scope, world: World) -> Any:
    items = tuple(evaluate(item, scope, world) for item in node.items)
    return POISON if any(item is POISON for item in items) else items


def _comprehension(node: syntax.Comprehension, scope: Scope, world: World) -> Any:
    over = evaluate(node.iterable, scope, world)
    if over is POISON:
        return POISON
    found = world.workshop.elements(over, node.iterable.span, world)
    if found is None:
        return POISON
    world.items += len(found)
    if world.items > MOST_ITEMS:
        world.complain(
            TOO_MUCH.at(
                node.span,
                f"this comprehension brings the work to {world.items:,} items, the limit is {MOST_ITEMS:,}",
                "fold over counted parts instead of single ones",
            )
        )
        return POISON
    kept: list[tuple[Any, Any]] = []
    for count, item in found:
        inner = Scope(scope.module, None, {node.name.text: item}, scope)
        if node.condition is not None:
            condition = quantity(node.condition, inner, world)
            if condition is None:
                return POISON
            if not world.number(condition):
                continue
        value = evaluate(node.element, inner, world)
        if value is POISON:
            return POISON
        kept.append((count, value))
    if isinstance(over, tuple):
        return tuple(value for _, value in kept)
    return Bag(tuple(kept), node.span.text)


def _call(node: syntax.Call, scope: Scope, world: World) -> Any:
    target = evaluate(node.function, scope, world)
    if target is POISON:
        return POISON
    if isinstance(target, UserFunction):
        return _call_user(target, node, scope, world)
    if isinstance(target, Declaration):
        return world.workshop.called(target, node, scope, world)
    if hasattr(target, "call"):
        return target.call(node, scope, world)
    world.complain(
        NOT_CALLABLE.at(
            node.function.span,
            f"`{node.function.span.text}` is {describe(target)}, not a function",
            "leave out the brackets",
        )
    )
    return POISON


def _call_user(target: UserFunction, node: syntax.Call, scope: Scope, world: World) -> Any:
    key = (id(target), "call")
    if key in world.working:
        world.complain(recursive_call(target.node.name.text, node))
        return POISON
    arguments = fill(target.node.name.text, target.node.parameters, node, scope, world)
    if arguments is None:
        return POISON
    inner = Scope(target.module, None, arguments)
    world.working[key] = (target.node.name.text, node.span)
    try:
        return evaluate(target.node.body, inner, world)
    finally:
        del world.working[key]


def fill(
    name: str, parameters: tuple[syntax.Parameter, ...], node: syntax.Call, scope: Scope, world: World
) -> dict[str, Any] | None:
    """Arguments by parameter, defaults not filled in for declarations; None after a complaint."""
    given: dict[str, Any] = {}
    names = [parameter.name.text for parameter in parameters]
    for position, argument in enumerate(node.arguments):
        word = argument.name.text if argument.name else names[position] if position < len(names) else None
        if word is None:
            takes = f"takes {len(names)}" if names else "takes none"
            world.complain(
                WRONG_ARGUMENTS.at(argument.span, f"`{name}` {takes}, this is argument {position + 1}", "leave it out")
            )
            return None
        if word not in names or word in given:
            problem = "is given twice" if word in given else "is not one of its parameters"
            listed = f"it has {', '.join(f'`{n}`' for n in names)}" if names else "it has none"
            world.complain(WRONG_ARGUMENTS.at(argument.span, f"`{word}` {problem} in a call of `{name}`", listed))
            return None
        value = evaluate(argument.value, scope, world)
        value = world.workshop.typed(value, parameters[names.index(word)], argument.value.span, world)
        if value is POISON:
            return None
        given[word] = value
    for parameter in parameters:
        if parameter.name.text not in given and parameter.default is None:
            world.complain(
                WRONG_ARGUMENTS.at(
                    node.span, f"`{name}` needs `{parameter.name.text}`", f"write `{name}({parameter.name.text} = …)`"
                )
            )
            return None
    return given


def _date(node: syntax.Date, scope: Scope, world: World) -> Any:
    year, month, day = (int(part) for part in node.text.split("-"))
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not (year and 1 <= month <= 12 and 1 <= day <= days[month - 1]):
        world.complain(NO_SUCH_DAY.at(node.span, f"there is no day {node.text}", "write year-month-day: 2025-09-18"))
        return POISON
    return Day(node.text)


def _override(node: syntax.Override, scope: Scope, world: World) -> Any:
    return world.workshop.overridden(node, scope, world)


def _parts(node: syntax.Parts, scope: Scope, world: World) -> Any:
    return world.workshop.counted(node, scope, world)


_HANDLERS: dict[type, Callable[[Any, Scope, World], Any]] = {
    syntax.Number: _literal,
    syntax.Measure: _literal,
    syntax.Interval: _literal,
    syntax.Tolerance: _literal,
    syntax.String: lambda node, scope, world: node.value,
    syntax.Date: _date,
    syntax.Boolean: lambda node, scope, world: truth(node.value),
    syntax.Reference: _reference,
    syntax.Attribute: _attribute,
    syntax.Index: _index,
    syntax.Unary: _unary,
    syntax.Binary: _binary,
    syntax.Conversion: _conversion,
    syntax.If: _if,
    syntax.List: _list,
    syntax.Comprehension: _comprehension,
    syntax.Call: _call,
    syntax.Override: _override,
    syntax.Parts: _parts,
    syntax.Wrong: lambda node, scope, world: POISON,
}
