"""Detection of recursive functions from their text, without calling them."""

from collections.abc import Iterator

from compiler.semantics.values import Namespace, UserFunction
from dsl import syntax
from dsl.diagnostic import Code, Diagnostic
from dsl.walk import nodes

RECURSIVE = Code(
    "C0402",
    "a function calls itself",
    cause="Functions cannot recurse, so that evaluation always ends.",
    wrong="fn f(n) = f(n - 1)\nlet x = f(3)\n",
    right="fn f(n) = n - 1\nlet x = f(3)\n",
)


def recursive_call(name: str, node: syntax.Call) -> Diagnostic:
    """The complaint about the call that closes a circle."""
    return RECURSIVE.at(node.span, f"`{name}` calls itself", "write the value out, or use a comprehension over a list")


def circles(module: Namespace) -> Iterator[Diagnostic]:
    """Complaints about recursion, one for each circle of functions of a file, at the call that closes it."""
    told: set[UserFunction] = set()
    for binding in module.names.values():
        if isinstance(binding, UserFunction) and binding.module is module and binding not in told:
            circle, call = _circle(binding)
            if call is not None and not told & circle:
                yield recursive_call(binding.node.name.text, call)
            told |= circle


def _circle(start: UserFunction) -> tuple[set[UserFunction], syntax.Call | None]:
    """Functions on a path of calls from `start` back to itself, and its last call; (empty, None) when there is none."""
    seen: set[UserFunction] = set()
    ways: list[tuple[UserFunction, frozenset[UserFunction]]] = [(start, frozenset({start}))]
    while ways:
        function, way = ways.pop()
        for call, target in _calls(function):
            if target is start:
                return set(way), call
            if target not in seen:
                seen.add(target)
                ways.append((target, way | {target}))
    return set(), None


def _calls(function: UserFunction) -> Iterator[tuple[syntax.Call, UserFunction]]:
    own = {parameter.name.text for parameter in function.node.parameters}
    for node in nodes(function.node.body):
        if isinstance(node, syntax.Call) and isinstance(node.function, syntax.Reference):
            target = function.module.names.get(node.function.name)
            if isinstance(target, UserFunction) and node.function.name not in own:
                yield node, target
