"""One file, one thing that must not be: a code, and a function under `@rule` that finds where it is."""

from collections.abc import Callable, Iterable

from attrs import frozen

from compiler.ir.hardware import Part
from dsl.diagnostic import Diagnostic


@frozen(eq=False)
class Rule:
    """A condition that every design must meet; its docstring says which."""

    function: Callable[[Part, Part | None], Iterable[Diagnostic]]

    @property
    def name(self) -> str:
        """The condition as a name: `rack_bears_its_parts`."""
        return self.function.__name__


def rule(function: Callable[[Part, Part | None], Iterable[Diagnostic]]) -> Rule:
    """Make a function over a part, and the site it stands on, a rule."""
    return Rule(function)
