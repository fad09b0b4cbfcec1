"""Words an expression may call: one file, one subject; each is a function under `@word`."""

from collections.abc import Callable
from typing import Any

from attrs import field, frozen

from compiler.semantics.evaluate import WRONG_ARGUMENTS, evaluate
from compiler.semantics.names import Scope
from compiler.semantics.operators import WRONG_TYPE
from compiler.semantics.state import World
from compiler.semantics.values import POISON, Bag, LinkEnds, Many, describe
from dsl import syntax
from dsl.source import Span


@frozen
class Call:
    """One call being worked out: its place, its evaluated arguments and the world."""

    name: str
    span: Span
    positional: tuple[Any, ...]
    named: dict[str, Any]
    world: World
    node: syntax.Call
    scope: Scope

    def wrong(self, message: str, *help: str) -> Any:
        """Complain about the call; its value is poison."""
        self.world.complain(WRONG_TYPE.at(self.span, message, *help))
        return POISON


@frozen(eq=False)
class Word:
    """A word of the language that can be called; `least` and `most` say how many arguments stand without a name."""

    name: str
    function: Callable[[Call], Any]
    least: int
    most: int
    keywords: tuple[str, ...] = ()
    doc: str = field(default="")

    def call(self, node: syntax.Call, scope: Scope, world: World) -> Any:
        """The value of a call; POISON when an argument was complained about."""
        positional: list[Any] = []
        by_name: dict[str, Any] = {}
        for argument in node.arguments:
            value = evaluate(argument.value, scope, world)
            if value is POISON:
                return POISON
            if argument.name is None:
                positional.append(value)
            elif argument.name.text in self.keywords:
                by_name[argument.name.text] = value
            else:
                help = f"it takes {', '.join(self.keywords)}" if self.keywords else "it takes no named arguments"
                world.complain(
                    WRONG_ARGUMENTS.at(argument.span, f"`{self.name}` has no argument `{argument.name.text}`", help)
                )
                return POISON
        if not self.least <= len(positional) <= self.most:
            wanted = f"{self.least}" if self.least == self.most else f"{self.least} or more"
            world.complain(
                WRONG_ARGUMENTS.at(
                    node.span, f"`{self.name}` takes {wanted} arguments, {len(positional)} are given", self.doc
                )
            )
            return POISON
        return self.function(Call(self.name, node.span, tuple(positional), by_name, world, node, scope))


def word(
    least: int = 1, most: int | None = None, keywords: tuple[str, ...] = (), name: str = ""
) -> Callable[[Callable[[Call], Any]], Word]:
    """Make a function a word of the language; its docstring is its help."""

    def wrap(function: Callable[[Call], Any]) -> Word:
        return Word(
            name or function.__name__.strip("_"),
            function,
            least,
            least if most is None else most,
            keywords,
            (function.__doc__ or "").strip(),
        )

    return wrap


def is_countable(value: Any) -> bool:
    """Whether something is a set of things rather than one."""
    return isinstance(value, Many | Bag | LinkEnds | tuple)


__all__ = ["Call", "Word", "describe", "is_countable", "word"]
