"""A folder is a registry."""

from compiler.networks import topologies
from compiler.networks.topologies.family import Family
from compiler.registry import members


def test_members_come_once_in_the_order_of_their_modules() -> None:
    found = members(topologies, Family)
    homes = [member.function.__module__ for member in found]
    assert homes == sorted(homes)
    assert len({member.name for member in found}) == len(found)
