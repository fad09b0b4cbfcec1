"""Every endpoint linked to every other."""

from compiler.topologies.family import Request, Sizes, family
from compiler.topologies.model import Axis, Topology
from compiler.topologies.parameters import Count, Rate
from compiler.topologies.products import product


def solve(request: Request) -> Sizes:
    """`n` is the number of endpoints."""
    return Sizes(({"n": request.endpoints},))


@family("full_mesh", solve)
def full_mesh(n: Count, bw: Rate = 1.0) -> Topology:
    """A link between every two of `n` endpoints."""
    return product([Axis("clique", n, bw)])
