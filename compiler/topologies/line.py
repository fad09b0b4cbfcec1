"""One axis: the ring and the path."""

from compiler.topologies.family import Request, Sizes, family
from compiler.topologies.model import Axis, Topology
from compiler.topologies.parameters import Count, Rate
from compiler.topologies.products import product
from compiler.topologies.products import ring as closed


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
    return product([Axis("path", n, bw)])
