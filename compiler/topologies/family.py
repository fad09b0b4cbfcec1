"""What a family of topologies is: a function from checked parameters to a `Topology`, and the sizes that fit."""

import inspect
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, get_type_hints

from attrs import evolve, field, frozen

from compiler.topologies.model import Topology, TopologyError


@frozen
class Sizes:
    """Every set of parameters that fits what was asked; without any, the reason."""

    answers: tuple[Mapping[str, Any], ...]
    reason: str = ""


@frozen
class Request:
    """What a `connect` knows of the sizes it leaves out.

    `endpoints` enter by `links` cables each, on switches of `ports` ports; `switches` of them when the switches are
    given, None when the topology makes its own. `given` are the parameters that were written.
    """

    endpoints: int
    ports: int | None = None
    switches: int | None = None
    links: int = 1
    given: Mapping[str, Any] = field(factory=dict)


Solver = Callable[[Request], Sizes]


@frozen(eq=False)
class Family:
    """A family by its name. Calling it checks the parameters and gives the topology."""

    name: str
    function: Callable[..., Topology]
    solver: Solver | None = None

    @property
    def title(self) -> str:
        """The first line of what it says of itself."""
        return (self.function.__doc__ or "").strip().split("\n")[0]

    @property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """Its parameters in order, with their defaults."""
        return inspect.signature(self.function).parameters

    def solve(self, request: Request) -> Sizes:
        """The sizes that a `connect` leaves out. Every answer is whole and fits the ports."""
        if self.solver is None:
            return Sizes((), f"`{self.name}` has no sizes that follow from its endpoints; write its parameters")
        return self.solver(request)

    def __call__(self, **given: Any) -> Topology:
        """The topology of these parameters. Raises `TopologyError` naming the condition that fails."""
        values = self._checked(given)
        return evolve(self.function(**values), family=self.name, parameters=values)

    def _checked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        known = self.parameters
        for name in given:
            if name not in known:
                raise TopologyError(
                    f"`{self.name}` has no parameter `{name}`", parameter=name, help=closest(name, known)
                )
        checks = get_type_hints(self.function, include_extras=True)
        values = {}
        for name, parameter in known.items():
            if name in given:
                values[name] = checks[name].__metadata__[0](name, given[name])
            elif parameter.default is inspect.Parameter.empty:
                raise TopologyError(f"`{self.name}` needs `{name}`", parameter=name)
            else:
                values[name] = parameter.default
        return values


def family(name: str, solve: Solver | None = None) -> Callable[[Callable[..., Topology]], Family]:
    """Make a function the family of this name."""
    return lambda function: Family(name, function, solve)


def closest(name: str, known: Mapping[str, object]) -> str:
    """A suggestion for a misspelt name, or all the names there are."""
    near = get_close_matches(name, list(known), n=1)
    return f"did you mean `{near[0]}`?" if near else "there are " + ", ".join(f"`{word}`" for word in known)
