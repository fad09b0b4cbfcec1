"""The binary cube."""

from typing import Annotated

from compiler.networks.topologies.family import Request, Sizes, family
from compiler.networks.topologies.parameters import Rate, whole
from compiler.networks.topologies.products import product
from compiler.networks.topologies.topology import ProductAxis, Topology

MOST = 49  # 2^49 endpoints is the last power of two that is counted at all


def solve(request: Request) -> Sizes:
    """`d` of 2^d endpoints."""
    d = request.endpoints.bit_length() - 1
    if d < 0 or 2**d != request.endpoints:
        return Sizes((), f"a hypercube has 2^d endpoints, {request.endpoints:,} is no power of two")
    return Sizes(({"d": d},))


@family("hypercube", solve)
def hypercube(d: Annotated[int, whole(0, MOST)], bw: Rate = 1.0) -> Topology:
    """2^d endpoints, each linked to the d whose numbers differ from its own in one bit."""
    return product([ProductAxis("path", 2, bw)] * d)
