"""Functions of the language that expressions call, `sum(…)`: one file, one subject; each is defined under `@word`."""

from collections.abc import Callable

from compiler.semantics.arguments import WRONG_ARGUMENTS
from compiler.semantics.evaluate import evaluate
from compiler.semantics.operators import WRONG_TYPE
from compiler.semantics.state import State
from compiler.semantics.values import POISON, Poison, Scope, Value
from dsl import syntax
from dsl.diagnostic import Code
from dsl.record import node as plain
from dsl.source import Span


@plain
class Invocation:
    """One call: its node and scope, the state, and its evaluated arguments, none of which is POISON."""

    name: str
    node: syntax.Call
    positional: tuple[Value, ...]
    named: dict[str, Value]
    scope: Scope
    state: State

    @property
    def span(self) -> Span:
        """The place of the call."""
        return self.node.span

    def wrong(self, message: str, *help: str, code: Code = WRONG_TYPE) -> Poison:
        """Complain about the call; returns POISON, the value of such a call."""
        self.state.complain(code.at(self.span, message, *help))
        return POISON


@plain
class Word:
    """A function of the language; `least` and `most` limit the number of its positional arguments."""

    name: str
    function: Callable[[Invocation], Value]
    least: int
    most: int
    keywords: tuple[str, ...] = ()
    doc: str = ""

    def call(self, node: syntax.Call, scope: Scope, state: State) -> Value:
        """The value of a call; POISON after a complaint."""
        positional: list[Value] = []
        by_name: dict[str, Value] = {}
        for argument in node.arguments:
            value = evaluate(argument.value, scope, state)
            if value is POISON:
                return POISON
            if argument.name is None:
                positional.append(value)
            elif argument.name.text in self.keywords:
                by_name[argument.name.text] = value
            else:
                help = f"it takes {', '.join(self.keywords)}" if self.keywords else "it takes no named arguments"
                message = f"`{self.name}` has no argument `{argument.name.text}`"
                state.complain(WRONG_ARGUMENTS.at(argument.span, message, help))
                return POISON
        if not self.least <= len(positional) <= self.most:
            wanted = f"{self.least}" if self.least == self.most else f"{self.least} or more"
            message = f"`{self.name}` takes {wanted} arguments, {len(positional)} are given"
            state.complain(WRONG_ARGUMENTS.at(node.span, message, self.doc))
            return POISON
        return self.function(Invocation(self.name, node, tuple(positional), by_name, scope, state))


def word(
    least: int = 1, most: int | None = None, keywords: tuple[str, ...] = (), name: str = ""
) -> Callable[[Callable[[Invocation], Value]], Word]:
    """Decorator that makes a function over an `Invocation` one of the language; its docstring is shown as help."""

    def wrap(function: Callable[[Invocation], Value]) -> Word:
        return Word(
            name or function.__name__.strip("_"),
            function,
            least,
            least if most is None else most,
            keywords,
            (function.__doc__ or "").strip(),
        )

    return wrap
