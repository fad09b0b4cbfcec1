"""Every family by its name."""

from collections.abc import Mapping
from functools import cache

from compiler.networks import topologies
from compiler.networks.topologies.family import Family, closest
from compiler.networks.topologies.topology import Topology, TopologyError
from compiler.registry import members


@cache
def families() -> Mapping[str, Family]:
    """Every family of the folder by its name."""
    return {member.name: member for member in members(topologies, Family)}


def family_named(name: str) -> Family:
    """The family of a name. Raises `TopologyError` with the nearest one."""
    known = families()
    if name not in known:
        raise TopologyError(f"there is no topology `{name}`", help=closest(name, known))
    return known[name]


def topology(family: str, /, **parameters: object) -> Topology:
    """A network by its family: `topology("torus", dims=[7, 4])`. Raises `TopologyError` naming what fails."""
    return family_named(family)(**parameters)
