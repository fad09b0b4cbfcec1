"""What a family of topologies is: a function from checked parameters to a `Topology`, and the sizes that fit."""

import inspect
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, get_type_hints

from attrs import evolve, field, frozen

from compiler.networks.topologies.parameters import Check
from compiler.networks.topologies.topology import Topology, TopologyError


@frozen
class Sizes:
    """Every set of parameters that fits what was asked; without any, the reason."""

    answers: tuple[Mapping[str, Any], ...]
    reason: str = ""


@frozen
class Request:
    """What a `connect` knows of the sizes it leaves out.

    `endpoints` enter switches of `ports` ports; `switches` of them when the switches are given, None when the topology
    makes its own. `links` is how many cables an endpoint has: a star lays them side by side, a Clos network puts each
    in a plane of its own, other families have one for each link. `given` are the parameters that were written.
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
    words: Mapping[str, Check] = field(factory=dict)

    @property
    def title(self) -> str:
        """The first paragraph of what it says of itself."""
        return " ".join((self.function.__doc__ or "").split("\n\n")[0].split())

    @property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """Its parameters in order, with their defaults."""
        return inspect.signature(self.function).parameters

    @property
    def bandwidths(self) -> tuple[str, ...]:
        """Which parameters are bandwidths; where links say how fast they are, each takes it from them."""
        return tuple(name for name in self.parameters if name == "bw" or name.startswith("bw_"))

    def solve(self, request: Request) -> Sizes:
        """The sizes that a `connect` leaves out: whole sets of parameters, what was written among them.

        Besides its parameters `words` may be written, which only the solver reads. Raises `TopologyError` for a
        parameter that is unknown or out of range.
        """
        written = self._checked(request.given, self.words)
        if self.solver is None:
            needed = [name for name, parameter in self.parameters.items() if parameter.default is parameter.empty]
            missing = [name for name in needed if name not in written]
            if missing:
                return Sizes((), f"`{self.name}` needs `{'` and `'.join(missing)}`, which follow from nothing")
            return Sizes((written,))
        found = self.solver(evolve(request, given=written))
        kept = {name: value for name, value in written.items() if name in self.parameters}
        return Sizes(tuple({**kept, **answer} for answer in found.answers), found.reason)

    def __call__(self, **given: Any) -> Topology:
        """The topology of these parameters. Raises `TopologyError` naming the condition that fails."""
        values = self._checked(given)
        for name, parameter in self.parameters.items():
            if name not in values and parameter.default is parameter.empty:
                raise TopologyError(f"`{self.name}` needs `{name}`", parameter=name)
        values = {name: values.get(name, parameter.default) for name, parameter in self.parameters.items()}
        return evolve(self.function(**values), family=self.name, parameters=values)

    def _checked(self, given: Mapping[str, Any], words: Mapping[str, Check] | None = None) -> dict[str, Any]:
        known = {**self.parameters, **(words or {})}
        for name in given:
            if name not in known:
                raise TopologyError(
                    f"`{self.name}` has no parameter `{name}`", parameter=name, help=closest(name, known)
                )
        types = get_type_hints(self.function, include_extras=True)
        checks = {**{name: types[name].__metadata__[0] for name in self.parameters}, **(words or {})}
        return {name: checks[name](name, value) for name, value in given.items()}


def family(
    name: str, solve: Solver | None = None, words: Mapping[str, Check] | None = None
) -> Callable[[Callable[..., Topology]], Family]:
    """Make a function the family of this name; `solve` finds its sizes and may read `words` beside its parameters."""
    return lambda function: Family(name, function, solve, words or {})


def closest(name: str, known: Mapping[str, object]) -> str:
    """A suggestion for a misspelt name, or all the names there are."""
    near = get_close_matches(name, list(known), n=1)
    return f"did you mean `{near[0]}`?" if near else "there are " + ", ".join(f"`{word}`" for word in known)
