"""Seeds of uncertain literals: names such as `Ascend910C.tdp#0`, which do not change when lines are added elsewhere."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from compiler.semantics.values import Namespace
from dsl import syntax
from dsl.walk import nodes

SEEDED = (syntax.Interval, syntax.Tolerance, syntax.Call)
"""Nodes that can be uncertain: `a to b`, `a +- b`, and calls such as `normal(a, b)`."""


def symbol(node: syntax.Expression, module: Namespace) -> str:
    """The symbol by which an uncertain literal is sampled: its file and its seed, or its text when it has no seed."""
    place = node.span.text
    if module.source is node.span.source:
        place = _around(node.span.start, module).get(node.span.start, place)
    return f"{node.span.source.name}:{place}"


def _around(start: int, module: Namespace) -> Mapping[int, str]:
    """Seeds in the statement around an offset, by offset; each statement is walked once, when first asked for."""
    statements = module.tree.statements
    at = bisect_right(statements, start, key=lambda statement: statement.span.start) - 1
    found = module.seeds.get(at)
    if found is None:
        found = module.seeds[at] = _seeds(statements[at : at + 1])
    return found


def _seeds(statements: Sequence[syntax.Statement]) -> Mapping[int, str]:
    """Seeds of all nodes that can be uncertain, by the offset at which they start: `Ascend910C.tdp#0`."""
    found: dict[int, str] = {}
    for path, roots in _places(statements, ()):
        starts = [node.span.start for root in roots for node in nodes(root) if isinstance(node, SEEDED)]
        for number, start in enumerate(starts):
            found.setdefault(start, f"{path}#{number}")
    return found


def _places(
    statements: Iterable[syntax.Statement], around: tuple[str, ...]
) -> Iterator[tuple[str, Sequence[syntax.Statement | syntax.Parameter | syntax.Expression]]]:
    """Statements by the path of names down to them, each as roots of its own nodes: of an entity only its header."""
    for statement in statements:
        names = (*around, _name(statement))
        path = ".".join(names)
        if isinstance(statement, syntax.Entity):
            yield path, statement.parameters if statement.like is None else (*statement.parameters, statement.like)
        elif isinstance(statement, syntax.Field | syntax.Let):
            yield path, (statement.value,)  # nothing beside the value can be uncertain, and most statements are these
        elif not isinstance(statement, syntax.FieldGroup):
            yield path, (statement,)
        if isinstance(statement, syntax.Entity | syntax.FieldGroup) and statement.body is not None:
            yield from _places(statement.body.statements, names)


def _name(statement: syntax.Statement) -> str:
    if isinstance(statement, syntax.Field):
        return ".".join(name.text for name in statement.path.names)
    if isinstance(statement, syntax.Entity | syntax.FieldGroup | syntax.Let | syntax.Function | syntax.Sweep):
        return statement.name.text
    return statement.span.text
