"""Where a literal stands, as a name that lines added elsewhere do not change: the seed of its samples."""

from typing import Any

from dsl import syntax
from dsl.walk import nodes

SEEDED = (syntax.Interval, syntax.Tolerance, syntax.Call)


def place(tree: syntax.Module, node: Any) -> str:
    """The declarations around a node and its number among the uncertain values there: `Ascend910C.tdp#0`."""
    path: list[str] = []
    statements: tuple[Any, ...] = tree.statements
    while True:
        around = next((s for s in statements if s.span.start <= node.span.start < s.span.end), None)
        if around is None:
            return ".".join((*path, node.span.text))
        path.append(_name(around))
        body = around.body if isinstance(around, syntax.Entity | syntax.Group) else None
        if body is None or not body.span.start <= node.span.start < body.span.end:
            found = [item.span.start for item in nodes(around) if isinstance(item, SEEDED)]
            return f"{'.'.join(path)}#{found.index(node.span.start) if node.span.start in found else node.span.text}"
        statements = body.statements


def _name(statement: Any) -> str:
    if isinstance(statement, syntax.Field):
        return ".".join(name.text for name in statement.path.names)
    if isinstance(statement, syntax.Entity | syntax.Group | syntax.Let | syntax.Function | syntax.Sweep):
        return statement.name.text
    return str(statement.span.text)
