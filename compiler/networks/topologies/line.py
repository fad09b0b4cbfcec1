"""One axis: the ring and the path."""

from compiler.networks.topologies.family import Request, Sizes, family
from compiler.networks.topologies.parameters import Count, Rate
from compiler.networks.topologies.products import product
from compiler.networks.topologies.products import ring as closed
from compiler.networks.topologies.topology import ProductAxis, Topology


def solve(request: Request) -> Sizes:
    """`n` is the number of endpoints."""
    return Sizes(({"n": request.endpoints},))


@family("ring", solve)
def ring(n: Count, bw: Rate = 1.0) -> Topology:
    """Each endpoint linked to the next and the last to the first; a ring of two is one link."""
    return product([closed(n, bw)])


@family("path", solve)
def path(n: Count, bw: Rate = 1.0) -> Topology:
    """Each endpoint linked to the next."""
    return product([ProductAxis("path", n, bw)])
