"""Evaluation of expressions from outside a file: those of `clusterc query`, and topologies given as text."""

from attrs import evolve

from compiler.errors import ClusterError
from compiler.quantities.graph import Quantity
from compiler.semantics.evaluate import evaluate
from compiler.semantics.instances import instance_of
from compiler.semantics.layout import plain
from compiler.semantics.state import State
from compiler.semantics.values import POISON, Declaration, Namespace, Scope, describe
from compiler.workspace.compilation import Compilation
from dsl import syntax
from dsl.diagnostic import Diagnostic
from dsl.parser import parse_expression
from dsl.source import Source

NAME = "expression"


def _parsed(text: str) -> syntax.Expression:
    tree, problems = parse_expression(Source(NAME, text))
    if problems:
        raise ClusterError(problems[0].message, tuple(problems))
    return tree


def value(compilation: Compilation, text: str, design: str | None) -> Quantity | str:
    """Value of an expression inside a design of a compiled file. Raises `ClusterError` with the diagnostics."""
    tree = _parsed(text)
    assert compilation.module is not None
    declaration = compilation.module.names.get(design or compilation.default_design() or "")
    instance = instance_of(declaration, compilation.state) if isinstance(declaration, Declaration) else None
    heard: list[Diagnostic] = []
    scope = instance.scope() if instance is not None else Scope(compilation.module)
    found = evaluate(tree, scope, evolve(compilation.state, hear=heard.append))
    if heard:
        raise ClusterError(heard[0].message, tuple(heard))
    if isinstance(found, Quantity | str):
        return found
    raise ClusterError(
        f"`{text}` is {describe(found)}; fold it with `sum`, `count`, `min`, `max`, or pick one with `[0]`"
    )


def topology_call(text: str) -> tuple[str, dict[str, object]]:
    """Name and plain parameters of a topology written as `torus(dims = [7, 4])`.

    Raises `ClusterError` with the diagnostics.
    """
    tree = _parsed(text)
    compilation = Compilation()
    module = Namespace(Source(NAME, ""), syntax.Module(tree.span, (), ()), NAME)
    return _called(tree, Scope(module), compilation.state, compilation.diagnostics)


def _called(
    tree: syntax.Expression, scope: Scope, state: State, heard: list[Diagnostic]
) -> tuple[str, dict[str, object]]:
    call = tree if isinstance(tree, syntax.Call) else syntax.Call(tree.span, tree, ())
    if not isinstance(call.function, syntax.Reference):
        raise ClusterError("a topology is written `name(parameter = value)`")
    given: dict[str, object] = {}
    for argument in call.arguments:
        if argument.name is None:
            raise ClusterError(f"parameters are named: write `name = {argument.value.span.text}`")
        given[argument.name.text] = _plain(argument.value, scope, state, heard)
    return call.function.name, given


def _plain(tree: syntax.Expression, scope: Scope, state: State, heard: list[Diagnostic]) -> object:
    """An argument as plain data; a call such as `plane(leaf_of = 8, spines = 2)` is a dictionary.

    Raises `ClusterError`.
    """
    if isinstance(tree, syntax.List):
        return [_plain(item, scope, state, heard) for item in tree.items]
    if isinstance(tree, syntax.Call) and all(argument.name is not None for argument in tree.arguments):
        return _called(tree, scope, state, heard)[1]
    found = evaluate(tree, scope, state)
    if found is POISON or heard:
        raise ClusterError(heard[0].message, tuple(heard))
    return plain(found, state)
