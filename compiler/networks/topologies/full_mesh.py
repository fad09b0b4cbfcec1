"""Every endpoint linked to every other."""

from compiler.networks.topologies.family import Request, Sizes, family
from compiler.networks.topologies.parameters import Count, Rate
from compiler.networks.topologies.products import product
from compiler.networks.topologies.topology import ProductAxis, Topology


def solve(request: Request) -> Sizes:
    """`n` is the number of endpoints."""
    return Sizes(({"n": request.endpoints},))


@family("full_mesh", solve)
def full_mesh(n: Count, bw: Rate = 1.0) -> Topology:
    """A link between every two of `n` endpoints."""
    return product([ProductAxis("clique", n, bw)])
