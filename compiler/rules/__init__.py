"""Rules of physical limits: one file, one subject; a rule is a function under `@rule`, its codes stand above it.

A rule looks at finished parts. Mistakes in the text itself are found in `semantics`.
"""

from collections.abc import Callable, Iterable

from attrs import frozen

from compiler.ir.hardware import Part
from dsl.diagnostic import Diagnostic


@frozen(eq=False)
class Rule:
    """A condition that every design must meet, stated by the docstring of its function.

    One `of_designs` is held against designs that are part of no other in their file, the others against every part.
    """

    function: Callable[[Part, Part | None], Iterable[Diagnostic]]
    of_designs: bool = False

    @property
    def name(self) -> str:
        """Its name, which reads as the condition: `rack_bears_its_parts`."""
        return self.function.__name__


def rule(function: Callable[[Part, Part | None], Iterable[Diagnostic]]) -> Rule:
    """Decorator that makes a function over a part and its site (None: not known) a rule; it yields the violations."""
    return Rule(function)


def design_rule(function: Callable[[Part, Part | None], Iterable[Diagnostic]]) -> Rule:
    """Decorator that makes a function over a design and its site a rule for what stands in no other part of its file."""
    return Rule(function, of_designs=True)
