"""Evaluation of the expressions that make instances: calls, `with` and `of`. Holds the table of all handlers."""

from compiler.numerics.tolerances import nearly
from compiler.quantities.graph import Quantity
from compiler.semantics import access, connect
from compiler.semantics import evaluate as plain
from compiler.semantics.arguments import NOT_CALLABLE, fill, is_complete
from compiler.semantics.evaluate import evaluate
from compiler.semantics.fields import MOST_COUNT, WRONG_COUNT, missing_below
from compiler.semantics.instances import NOT_A_THING, as_instance, changed, entries, instance_of, make
from compiler.semantics.recursion import recursive_call
from compiler.semantics.state import Handlers, State
from compiler.semantics.values import (
    POISON,
    Counted,
    Declaration,
    FamilyName,
    FunctionName,
    Instance,
    Layout,
    Scope,
    UserFunction,
    Value,
    describe,
)
from dsl import syntax
from dsl.record import replace
from dsl.source import Span

# ---- calls -----------------------------------------------------------------------------------


def _call(node: syntax.Call, scope: Scope, state: State) -> Value:
    target = evaluate(node.function, scope, state)
    if target is POISON:
        return POISON
    if isinstance(target, UserFunction):
        return _of_function(target, node, scope, state)
    if isinstance(target, Declaration):
        return _of_declaration(target, node, scope, state)
    if isinstance(target, FunctionName):
        return state.functions[target.name](node, scope, state)
    if isinstance(target, FamilyName):
        return Layout(node, scope)
    message = f"`{node.function.span.text}` is {describe(target)}, not a function"
    state.complain(NOT_CALLABLE.at(node.function.span, message, "leave out the brackets"))
    return POISON


def _of_function(target: UserFunction, node: syntax.Call, scope: Scope, state: State) -> Value:
    name = target.node.name.text
    if target in state.working:
        state.complain(recursive_call(name, node))
        return POISON
    arguments = fill(name, target.node.parameters, node, scope, state)
    if arguments is None:
        return POISON
    with state.at_work(target, name, node.span):
        return evaluate(target.node.body, Scope(target.module, None, arguments), state)


def _of_declaration(target: Declaration, node: syntax.Call, scope: Scope, state: State) -> Value:
    """The instance of a declaration with arguments, `UBLink("optical")`; POISON after a complaint."""
    base = instance_of(target, state)
    if base is None:
        return POISON
    template = base.template
    arguments = fill(target.name, template.parameters, node, scope, state)
    if arguments is None:
        return POISON
    return make(replace(template, arguments=(*template.arguments, *arguments.items())), state)


# ---- changed copies and counted parts --------------------------------------------------------


def _override(node: syntax.Override, scope: Scope, state: State) -> Value:
    """The instance of `denser with { … }`, a changed copy; POISON after a complaint."""
    value = evaluate(node.of, scope, state)
    base = as_instance(value, state)
    if base is None:
        if value is not POISON and not isinstance(value, Declaration):
            message = f"`with` changes a declared thing, this is {describe(value)}"
            state.complain(NOT_A_THING.at(node.of.span, message, "name a declaration"))
        return POISON
    return changed(base, tuple(entries(node.body.statements, scope, change=True)), state)


def _parts(node: syntax.Parts, scope: Scope, state: State) -> Value:
    """The value of `8 of Ascend910C { … }`, the changes of the block applied; POISON after a complaint."""
    count = evaluate(node.count, scope, state)
    target = evaluate(node.target, scope, state)
    if count is POISON or target is POISON:
        return POISON
    instance = as_instance(target, state)
    if instance is None:
        if not isinstance(target, Declaration):
            message = f"parts are made of declared things, this is {describe(target)}"
            state.complain(NOT_A_THING.at(node.target.span, message, "name a chip, node, rack, … after `of`"))
        return POISON
    if not isinstance(count, Quantity) or count.dimension:
        message = f"parts are counted with a bare number, this is {describe(count)}"
        state.complain(WRONG_COUNT.at(node.count.span, message, "write `8 of Thing`"))
        return POISON
    if not _is_count(count, node.count.span, state) or not _has_arguments(instance, node.target.span, state):
        return POISON
    if node.body is not None:
        inside = Scope(scope.module, None, {}, scope, slot=True)
        instance = changed(instance, tuple(entries(node.body.statements, inside, change=True)), state)
    return Counted(count, instance)


def _has_arguments(instance: Instance, span: Span, state: State) -> bool:
    """True when every parameter without a default was given; complains about the first that was not."""
    return is_complete(instance.name, instance.template.parameters, instance.arguments, span, state)


def _is_count(count: Quantity, span: Span, state: State) -> bool:
    """True when a quantity can be a count of parts: a whole number from 1 on, a range from 0 on, or missing."""
    bounds = state.intervals.of(count)
    if count.op == "missing":
        return True
    if bounds.low != bounds.high:
        if bounds.low < 0 and not missing_below(count):
            message = f"this may be {bounds.low:g}, which is not a number of things"
            state.complain(WRONG_COUNT.at(span, message, "count from 1 on, with known numbers"))
        return bounds.low >= 0
    if 1 <= bounds.middle <= MOST_COUNT and nearly(bounds.middle, round(bounds.middle)):
        return True
    reason = "0 of a thing contains nothing" if bounds.middle == 0 else f"{bounds.middle:g} is not a number of things"
    limit = f"; the limit is {MOST_COUNT:.0e}" if bounds.middle > MOST_COUNT else ""
    help = "leave the line out" if bounds.middle == 0 else "write a whole number from 1 on"
    state.complain(WRONG_COUNT.at(span, reason + limit, help))
    return False


HANDLERS: Handlers = {
    **plain.HANDLERS,
    syntax.Reference: access.reference,
    syntax.Attribute: access.attribute_node,
    syntax.Index: access.index,
    syntax.Call: _call,
    syntax.Override: _override,
    syntax.Parts: _parts,
    syntax.Connect: connect.connections,
}
"""Handlers of all kinds of nodes. Put together here, where all of them are known, and handed on in `State.handlers`."""
