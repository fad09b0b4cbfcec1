"""Docstrings say what a reader cannot see: they begin with a noun or a verb, and name errors and shapes of arrays."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
RIDDLES = ("What", "Who", "Whose", "Which", "Where", "When", "Why", "How", "Whether", "That", "Those", "If")
"""First words of a clause, which makes the reader wait for the thing."""

SHAPES = re.compile(
    r"\bshapes?\b|\((?:[a-z][a-z0-9 +-]*,\s*)+(?:[a-z][a-z0-9 +-]*)?\)|\bone for each\b|\ba row for each\b"
)
"""A shape by its name, as a tuple such as `(points, samples)` or `(n,)`, or as one or a row for each of something."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> Mapping[str, Path]:
    """Every module of the house by its name."""
    paths = [ROOT / "clusterc.py", *ROOT.glob("dsl/**/*.py"), *ROOT.glob("compiler/**/*.py")]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


def docstrings(name: str) -> Iterator[tuple[int, str]]:
    """Line and text of every docstring of a module, those below constants included."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


def functions(name: str) -> Iterator[Function]:
    """The public functions of a module, and the public methods of its classes that do not leave their docstring to the
    protocol that they follow."""
    for node in tree(name).body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node
        elif isinstance(node, ast.ClassDef):
            methods = [inner for inner in node.body if isinstance(inner, Function) and not inner.name.startswith("_")]
            yield from (method for method in methods if ast.get_docstring(method))


@cache
def arrays(name: str) -> frozenset[str]:
    """The names by which a module calls arrays: `NDArray`, and what it or a module that it imports from defines by it."""
    found = {"NDArray"}
    for node in tree(name).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and "NDArray" in ast.unparse(node.value)
        ):
            found.add(node.targets[0].id)
        elif isinstance(node, ast.ImportFrom) and node.module in modules():
            found |= {alias.name for alias in node.names if alias.name in arrays(node.module)}
    return frozenset(found)


def raises(function: Function) -> bool:
    """True when a function raises by itself: neither in a function within it, nor handing on what it caught."""
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Raise) and node.exc is not None:
            return True
        if not isinstance(node, Function | ast.Lambda):
            todo += ast.iter_child_nodes(node)
    return False


def annotations(function: Function) -> str:
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    found = [argument.annotation for argument in arguments] + [function.returns]
    return " ".join(ast.unparse(annotation) for annotation in found if annotation is not None)


def test_a_docstring_begins_with_a_noun_or_a_verb() -> None:
    found = [
        f"{name}:{line} {text.split()[0]}"
        for name in modules()
        for line, text in docstrings(name)
        if text.split()[0] in RIDDLES
    ]

    assert found == []


def test_a_module_and_a_public_definition_say_what_they_are() -> None:
    missing = [name for name in modules() if ast.get_docstring(tree(name)) is None]
    missing += [
        f"{name}:{node.lineno} {node.name}"
        for name in modules()
        for node in tree(name).body
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_")
        if ast.get_docstring(node) is None
    ]

    assert missing == []


def test_a_public_function_that_raises_says_so() -> None:
    found = [
        f"{name}:{function.lineno} {function.name}"
        for name in modules()
        for function in functions(name)
        if raises(function) and "Raises" not in (ast.get_docstring(function) or "")
    ]

    assert found == []


def test_a_public_function_over_arrays_names_their_shapes() -> None:
    found = [
        f"{name}:{function.lineno} {function.name}"
        for name in modules()
        for function in functions(name)
        if set(re.findall(r"\w+", annotations(function))) & arrays(name)
        and not SHAPES.search(ast.get_docstring(function) or "")
    ]

    assert found == []


def test_the_rules_see_what_they_are_for() -> None:
    (function,) = ast.parse("def f(x: NDArray[float]) -> Ints:\n    raise ValueError(x)").body
    (handing,) = ast.parse(
        "def f():\n    def g():\n        raise KeyError\n    try: g()\n    except KeyError: raise"
    ).body

    assert isinstance(function, Function) and raises(function)
    assert isinstance(handing, Function) and not raises(handing)
    assert annotations(function) == "NDArray[float] Ints"
    assert all(
        SHAPES.search(said) for said in ("Costs, shape (n,).", "Flow (roots, arcs).", "Costs, a row for each root.")
    )
    assert not SHAPES.search("Links (one direction) of planes, `f(x)` (Kim, Dally & Scott 2008).")
