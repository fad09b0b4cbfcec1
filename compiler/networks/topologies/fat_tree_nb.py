"""A non-blocking network of which only that is known."""

from compiler.networks.topologies.family import Request, Sizes, family
from compiler.networks.topologies.parameters import Count, Rate
from compiler.networks.topologies.star import star
from compiler.networks.topologies.topology import Topology


def solve(request: Request) -> Sizes:
    """`N` is the number of endpoints."""
    return Sizes(({"N": request.endpoints},))


@family("fat_tree_nb", solve)
def fat_tree_nb(N: Count, bw: Rate = 1.0) -> Topology:  # noqa: N803 -- the letter of the table of cases
    """`N` endpoints of `bw` on a non-blocking tree whose wiring is not published, drawn together to one ideal switch.

    Its cuts are those of the tree; its switches, cables and distances are not.
    """
    return star(n=N, bw=bw)
