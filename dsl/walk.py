"""Traversal of trees without recursion: the nodes of a tree, its depth, and a text of it for tests."""

from collections.abc import Iterator
from typing import Any

from dsl.source import Span


def children(node: Any) -> list[Any]:
    """The nodes directly below, in the order of the text."""
    found: list[Any] = []
    for name in node.__match_args__[1:]:
        value = getattr(node, name)
        if isinstance(value, tuple) and not isinstance(value, Span):
            found += value
        elif hasattr(value, "__match_args__") and not isinstance(value, Span):
            found.append(value)
    return found


def nodes(root: Any) -> Iterator[Any]:
    """A node and all below it, each before what is below it."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(children(node))


def depth(root: Any, kinds: tuple[type, ...]) -> int:
    """Greatest number of nodes of some kinds on a path from the root."""
    deepest = 0
    waiting = [(root, 0)]
    while waiting:
        node, level = waiting.pop()
        level += isinstance(node, kinds)
        deepest = max(deepest, level)
        waiting += [(child, level) for child in children(node)]
    return deepest


def dump(root: Any, *, spans: bool = False) -> str:
    """Text of a tree: a line for each node, indented by its depth, with its place when `spans` is set."""
    lines: list[str] = []
    waiting: list[tuple[str, Any, int]] = [("", root, 0)]
    while waiting:
        role, node, level = waiting.pop()
        plain, below = [], []
        for name in node.__match_args__:
            value = getattr(node, name)
            if isinstance(value, Span):
                if spans:
                    plain.append(f"{name}={value.start}:{value.end}")
            elif isinstance(value, tuple):
                below += [(f"{name}[{i}] ", item, level + 1) for i, item in enumerate(value)]
                if not value:
                    plain.append(f"{name}=()")
            elif hasattr(value, "__match_args__"):
                below.append((f"{name} ", value, level + 1))
            else:
                plain.append(f"{name}={value!r}")
        lines.append(f"{'  ' * level}{role}{' '.join([type(node).__name__, *plain])}")
        waiting += reversed(below)
    return "\n".join(lines) + "\n"
