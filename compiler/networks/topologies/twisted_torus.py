"""The rectangular twisted torus."""

from typing import Annotated

from compiler.networks.topologies.family import family
from compiler.networks.topologies.parameters import Rate, whole
from compiler.networks.topologies.topology import Hops, Topology, Twisted
from compiler.networks.topologies.wiring import Along, bundle, endpoints, wired


@family("twisted_torus")
def twisted_torus(a: Annotated[int, whole(2)], bw: Rate = 1.0) -> Topology:
    """A torus of 2a x a whose short axis closes `a` steps further along the long one.

    Camara et al., Twisted torus topologies for enhanced interconnection networks, TPDS 2010.
    """
    column = Along(a, 1, 1)
    closing = Along(a, a, a)  # from the top of column x to the bottom of column x + a, and back
    lattices = [
        bundle("endpoint", "endpoint", Along(2 * a - 1, a, a), column, v=a, bandwidth=bw),
        bundle("endpoint", "endpoint", column, u=(2 * a - 1) * a, bandwidth=bw),
        bundle("endpoint", "endpoint", Along(2 * a, a, a), Along(a - 1, 1, 1), v=1, bandwidth=bw),
        bundle("endpoint", "endpoint", closing, u=a - 1, v=a * a, bandwidth=bw),
        bundle("endpoint", "endpoint", closing, u=a * a + a - 1, bandwidth=bw),
    ]
    return wired([endpoints(2 * a * a, 4)], lattices, structure=Twisted(a, bw), hops=lambda _: _hops(a))


def _hops(a: int) -> Hops:
    """A vertex lies min(s, 2a - s) away, s = y + min(x, 2a - x); summed over all x and y."""
    total = 2 * a**3 - a * a - a * (a - 1) * (2 * a - 1) // 3
    return Hops(a, total / (2 * a * a - 1))
