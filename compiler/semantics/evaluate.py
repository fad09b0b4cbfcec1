"""Evaluation of expressions, one handler for each kind of node: here literals, operators, conditions, lists,
comprehensions.

Handlers that need instances are in `access`, `connect` and `elaborate`. They are found through `State.handlers`, which
lets this module call them without importing them.
"""

from collections.abc import Iterator
from datetime import date

from attrs import evolve

from compiler.ir.hardware import Group
from compiler.quantities import units
from compiler.quantities.graph import ONE, Origin, Quantity, apply, truth
from compiler.quantities.units import TRUTH
from compiler.semantics import literals
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
from compiler.semantics.seeds import symbol
from compiler.semantics.state import Handlers, State
from compiler.semantics.values import POISON, Bag, Day, Many, NumberSeries, Scope, Value, describe
from dsl import syntax
from dsl.diagnostic import Code, Label

NO_SUCH_DAY = Code(
    "C0310",
    "a day that the calendar does not have",
    cause="Dates are written year-month-day, so that they are sorted as they stand.",
    wrong="chip A { released = 2025-02-30 }\n",
    right="chip A { released = 2025-02-28 }\n",
)


def evaluate(node: syntax.Expression | syntax.Connect, scope: Scope, state: State) -> Value:
    """The value of an expression or a `connect` in a scope; POISON after a complaint about something in it."""
    return state.handlers[type(node)](node, scope, state)


def quantity(node: syntax.Expression, scope: Scope, state: State) -> Quantity | None:
    """The value of an expression when it is a quantity; None after a complaint."""
    value = evaluate(node, scope, state)
    if isinstance(value, Quantity):
        return value
    if value is not POISON:
        message = f"a quantity is needed here, this is {describe(value)}"
        state.complain(WRONG_TYPE.at(node.span, message, *fold_help(value)))
    return None


# ---- leaves ----------------------------------------------------------------------------------


def _literal(node: literals.Written, scope: Scope, state: State) -> Value:
    is_uncertain = isinstance(node, syntax.Interval | syntax.Tolerance)
    # an exact number is never drawn: equal ones of a file may share a symbol, and no seed is looked for
    name = symbol(node, scope.module) if is_uncertain else f"{scope.module.path}@{node.span.text}"
    found = literals.quantity(node, name, state)
    return POISON if found is None else found


def _string(node: syntax.String, scope: Scope, state: State) -> Value:
    return node.value


def _boolean(node: syntax.Boolean, scope: Scope, state: State) -> Value:
    return truth(node.value)


def _date(node: syntax.Date, scope: Scope, state: State) -> Value:
    try:
        date.fromisoformat(node.text)
    except ValueError:
        state.complain(NO_SUCH_DAY.at(node.span, f"there is no day {node.text}", "write year-month-day: 2025-09-18"))
        return POISON
    return Day(node.text)


def _wrong(node: syntax.Wrong, scope: Scope, state: State) -> Value:
    return POISON


# ---- operators -------------------------------------------------------------------------------


def _unary(node: syntax.Unary, scope: Scope, state: State) -> Value:
    value = evaluate(node.operand, scope, state)
    if value is POISON:
        return POISON
    if isinstance(value, Bag) and node.operator == "-":
        return over(value, lambda item: _signed(node, item, state))
    return _signed(node, value, state)


def _signed(node: syntax.Unary, value: Value, state: State) -> Value:
    """A quantity with `-`, `+` or `not` before it; POISON after a complaint."""
    wants_truth = node.operator == "not"
    if not isinstance(value, Quantity) or (value.dimension == TRUTH) != wants_truth:
        wanted = "a truth value" if wants_truth else "a quantity"
        message = f"`{node.operator}` works on {wanted}, this is {describe(value)}"
        state.complain(WRONG_TYPE.at(node.span, message, *fold_help(value)))
        return POISON
    if node.operator == "+":
        return value
    return apply("not" if wants_truth else "negative", value, origin=Origin(node.span))


def _binary(node: syntax.Binary, scope: Scope, state: State) -> Value:
    left = evaluate(node.left, scope, state)
    right = evaluate(node.right, scope, state)
    if left is POISON or right is POISON:
        return POISON
    return binary(node, left, right, state)


def _conversion(node: syntax.Conversion, scope: Scope, state: State) -> Value:
    value = evaluate(node.value, scope, state)
    wanted = units.unit(node.unit.text)
    if wanted is None:
        state.complain(literals.unknown_unit(node.unit))
        return POISON
    if isinstance(value, Bag):
        return over(value, lambda item: _shown(item, wanted, node, state))
    return POISON if value is POISON else _shown(value, wanted, node, state)


def _shown(value: Value, wanted: units.Unit, node: syntax.Conversion, state: State) -> Value:
    """A quantity, to be shown in another unit; POISON after a complaint."""
    if not isinstance(value, Quantity):
        message = f"only a quantity can be shown in a unit, this is {describe(value)}"
        state.complain(WRONG_TYPE.at(node.span, message, *fold_help(value)))
        return POISON
    if not wanted.measures(value.dimension):
        found = units.noun(value.dimension)
        message = f"{found} cannot be shown in `{wanted.text}`, which is {units.noun(wanted.dimension)}"
        help = f"its base unit is `{units.base_unit(value.dimension)}`"
        labels = (Label(node.value.span, found),)
        state.complain(WRONG_DIMENSION.at(node.unit.span, message, help, labels=labels))
        return POISON
    if wanted.currency is not None and state.rate(wanted.currency) is None:
        return POISON
    return evolve(value, unit=wanted.text)


# ---- choices, lists and comprehensions -------------------------------------------------------


def _if(node: syntax.If, scope: Scope, state: State) -> Value:
    condition = _condition(node.condition, scope, state)
    # both branches always: a mistake in the one not taken is a mistake too
    then, otherwise = evaluate(node.then, scope, state), evaluate(node.otherwise, scope, state)
    if condition is None or then is POISON or otherwise is POISON:
        return POISON
    if isinstance(then, Quantity) and isinstance(otherwise, Quantity):
        return _chosen(node, condition, then, otherwise, state)
    if isinstance(then, Quantity) or isinstance(otherwise, Quantity):
        sides = f"one branch is {describe(then)}, the other {describe(otherwise)}"
        state.complain(WRONG_TYPE.at(node.span, sides, "both branches must be the same kind of thing"))
        return POISON
    return then if state.number(condition) else otherwise


def _condition(node: syntax.Expression, scope: Scope, state: State) -> Quantity | None:
    condition = quantity(node, scope, state)
    if condition is None or condition.dimension == TRUTH:
        return condition
    message = f"a condition is a truth, this is {units.noun(condition.dimension)}"
    state.complain(WRONG_TYPE.at(node.span, message, "compare it with something"))
    return None


def _chosen(node: syntax.If, condition: Quantity, then: Quantity, otherwise: Quantity, state: State) -> Value:
    """A node `where` over both quantities, so that an uncertain condition is decided sample by sample."""
    if then.dimension == otherwise.dimension:
        return apply("where", condition, then, otherwise, origin=Origin(node.span))
    sides = f"one branch is {units.noun(then.dimension)}, the other {units.noun(otherwise.dimension)}"
    labels = (Label(node.then.span, side_of(then)), Label(node.otherwise.span, side_of(otherwise)))
    help = "both branches must be the same kind of thing"
    state.complain(WRONG_DIMENSION.at(node.span, sides, help, labels=labels))
    return POISON


def _list(node: syntax.List, scope: Scope, state: State) -> Value:
    items = tuple(evaluate(item, scope, state) for item in node.items)
    return POISON if any(item is POISON for item in items) else items


def _comprehension(node: syntax.Comprehension, scope: Scope, state: State) -> Value:
    over = evaluate(node.iterable, scope, state)
    found = None if over is POISON else _elements(over, node.iterable, state)
    if found is None:
        return POISON
    total = state.count_items(len(found))
    if total > MOST_ITEMS:
        message = f"this comprehension brings the work to {total:,} items, the limit is {MOST_ITEMS:,}"
        state.complain(TOO_MUCH.at(node.span, message, "fold over counted parts instead of single ones"))
        return POISON
    kept: list[tuple[Quantity, Value]] = []
    for count, item in found:
        inner = Scope(scope.module, None, {node.name.text: item}, scope)
        is_kept = _is_kept(node, inner, state)
        value = evaluate(node.element, inner, state) if is_kept else None
        if is_kept is None or value is POISON:
            return POISON
        if value is not None:
            kept.append((count, value))
    if isinstance(over, tuple):
        return tuple(value for _, value in kept)
    return Bag(tuple(kept), node.span.text)


def _is_kept(node: syntax.Comprehension, scope: Scope, state: State) -> bool | None:
    """True when a comprehension keeps an element; None after a complaint about its condition."""
    if node.condition is None:
        return True
    condition = quantity(node.condition, scope, state)
    return None if condition is None else bool(state.number(condition))


def _elements(value: Value, node: syntax.Expression, state: State) -> list[tuple[Quantity, Value]] | None:
    """Values over which a comprehension runs, each with how often it occurs; None after a complaint."""
    if isinstance(value, NumberSeries) and value.size <= MOST_ITEMS:
        value = value.items()
    if isinstance(value, tuple):
        return [(ONE, item) for item in value]
    if isinstance(value, Many):
        return list(several(value))
    if isinstance(value, Bag):
        return list(value.items)
    message = f"a comprehension runs over a list or a set of parts, this is {describe(value)}"
    state.complain(WRONG_TYPE.at(node.span, message, "write `[a, b]` or name parts"))
    return None


def several(parts: Many) -> Iterator[tuple[Quantity, Value]]:
    """Groups of parts as (count, one of the parts): equal parts are visited once, however many there are."""
    for group, instance in zip(parts.groups, parts.instances, strict=True):
        one = Group(group.slots, group.parents, len(group.slots))
        yield group.count, Many((one,), (instance,), single=True)


HANDLERS: Handlers = {
    syntax.Number: _literal,
    syntax.Measure: _literal,
    syntax.Interval: _literal,
    syntax.Tolerance: _literal,
    syntax.String: _string,
    syntax.Date: _date,
    syntax.Boolean: _boolean,
    syntax.Unary: _unary,
    syntax.Binary: _binary,
    syntax.Conversion: _conversion,
    syntax.If: _if,
    syntax.List: _list,
    syntax.Comprehension: _comprehension,
    syntax.Wrong: _wrong,
}
"""Handlers that need no instances."""
