"""A family of topologies: a function from checked parameters to a `Topology`, and the sizes that fit a request."""

import inspect
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import TypeVar, get_type_hints, overload

from attrs import evolve, field, frozen

from compiler.networks.topologies.parameters import Check, Words
from compiler.networks.topologies.topology import Parameter, Topology, TopologyError

Kind = TypeVar("Kind")


@frozen
class Sizes:
    """Every set of parameters that fits what was asked; without any, the reason."""

    answers: tuple[Mapping[str, Parameter], ...]
    reason: str = ""


@frozen
class Request:
    """Facts from which a `connect` has the sizes solved that it leaves out.

    `endpoints` enter switches of `ports` ports, as many as links of the connection may end at one; `switches` of them
    when the switches are given, None when the topology makes its own. `is_switched` says that some are named, given or to be made. `links` is how many cables stand for one: a Clos network puts each in a plane of its own, all other
    families lay them side by side. `given` are the parameters that were written, which a
    solver finds checked.
    """

    endpoints: int
    ports: int | None = None
    switches: int | None = None
    links: int = 1
    given: Mapping[str, object] = field(factory=dict)
    is_switched: bool = False

    @overload
    def whole(self, name: str, default: int) -> int: ...
    @overload
    def whole(self, name: str) -> int | None: ...
    def whole(self, name: str, default: int | None = None) -> int | None:
        """A whole number that was written, else the default."""
        found = self._of(int, name)
        return default if found is None else found

    def number(self, name: str, default: float) -> float:
        """A number that was written, else the default."""
        found = self._of(float, name)
        return default if found is None else found

    def several(self, name: str) -> tuple[int, ...] | None:
        """A list of whole numbers that was written; None when one number or none was."""
        found = self.given.get(name)
        return tuple(one for one in found if isinstance(one, int)) if isinstance(found, tuple) else None

    def counts(self, name: str) -> int | tuple[int, ...] | None:
        """One whole number or a list of them, as it was written; None when it was not."""
        return self.whole(name) if (found := self.several(name)) is None else found

    def _of(self, kind: type[Kind], name: str) -> Kind | None:
        found = self.given.get(name)
        assert found is None or isinstance(found, kind), f"`{name}` was checked to be a {kind.__name__}"
        return found


Solver = Callable[[Request], Sizes]


@frozen(eq=False)
class Family:
    """A family by its name. Calling it checks the parameters and gives the topology."""

    name: str
    function: Callable[..., Topology]
    solver: Solver | None = None
    words: Words = field(factory=dict)

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
        """Parameters that are bandwidths, taken from the links where those say how fast they are."""
        return tuple(name for name in self.parameters if name == "bw" or name.startswith("bw_"))

    def solve(self, request: Request) -> Sizes:
        """The sizes that a `connect` leaves out: whole sets of parameters, what was written among them.

        Besides its parameters `words` may be written, which only the solver reads. Raises `TopologyError` for a
        parameter that is unknown or out of range.
        """
        request = self._on_its_switch(request)
        written = self._checked(request.given, self.words)
        if self.solver is None:
            missing = [name for name in self._needed() if name not in written]
            if missing:
                return Sizes((), f"`{self.name}` needs `{'` and `'.join(missing)}`, which follow from nothing")
            return Sizes((written,))
        found = self.solver(evolve(request, given=written))
        kept = {name: value for name, value in written.items() if name in self.parameters}
        return Sizes(tuple({**kept, **answer} for answer in found.answers), found.reason)

    def _on_its_switch(self, request: Request) -> Request:
        """The request with the ports that one link of the topology finds at a switch, also as the parameter `ports`.

        Links that lie side by side share the ports; each takes all of them where they go to planes of their own.
        """
        if request.ports is None:
            return request
        is_spread = "planes" in self.parameters and "planes" not in request.given
        ports = request.ports if is_spread else request.ports // max(1, request.links)
        takes = "ports" in self.parameters and "ports" not in request.given
        return evolve(request, ports=ports, given={**request.given, "ports": ports} if takes else request.given)

    def __call__(self, **given: object) -> Topology:
        """The topology of these parameters. Raises `TopologyError` naming the condition that fails."""
        values = self._checked(given)
        for name in self._needed():
            if name not in values:
                raise TopologyError(f"`{self.name}` needs `{name}`", parameter=name)
        values = {name: values.get(name, parameter.default) for name, parameter in self.parameters.items()}
        written = {name: value for name, value in values.items() if value is not None}
        return evolve(self.function(**values), family=self.name, parameters=written)

    def _needed(self) -> list[str]:
        """Parameters without a default."""
        return [name for name, parameter in self.parameters.items() if parameter.default is parameter.empty]

    def _checked(self, given: Mapping[str, object], words: Words | None = None) -> dict[str, Parameter]:
        known = {**self.parameters, **(words or {})}
        for name in given:
            if name not in known:
                raise TopologyError(
                    f"`{self.name}` has no parameter `{name}`", parameter=name, help=closest(name, known)
                )
        types = get_type_hints(
            self.function, include_extras=True
        )  # a check stands beside the type: `Annotated[int, check]`
        own: dict[str, Check[Parameter]] = {name: types[name].__metadata__[0] for name in self.parameters}
        checks = {**own, **(words or {})}
        return {name: checks[name](name, value) for name, value in given.items()}


def family(
    name: str, solve: Solver | None = None, words: Words | None = None
) -> Callable[[Callable[..., Topology]], Family]:
    """Make a function the family of this name; `solve` finds its sizes and may read `words` beside its parameters."""
    return lambda function: Family(name, function, solve, words or {})


def closest(name: str, known: Mapping[str, object]) -> str:
    """A suggestion for a misspelt name, or all the names there are."""
    near = get_close_matches(name, list(known), n=1)
    return f"did you mean `{near[0]}`?" if near else "there are " + ", ".join(f"`{word}`" for word in known)
