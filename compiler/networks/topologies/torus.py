"""Tori of any number of axes."""

from typing import Annotated

from compiler.networks.topologies.family import family
from compiler.networks.topologies.grids import solve
from compiler.networks.topologies.parameters import Counts, Flags, Rates, one_of, per_axis
from compiler.networks.topologies.products import product, ring
from compiler.networks.topologies.topology import Topology


@family("torus", solve)
def torus(
    dims: Counts,
    bw: Rates = 1.0,
    wrap: Flags = True,
    wrap2: Annotated[str, one_of("single", "double")] = "single",
) -> Topology:
    """A grid whose axes close to rings.

    `bw` and `wrap` hold for all axes or one by one; an axis of two has one link, or two with `wrap2 = "double"`.
    """
    rates, wraps = per_axis("bw", bw, len(dims)), per_axis("wrap", wrap, len(dims))
    return product([ring(*axis, wrap2 == "double") for axis in zip(dims, rates, wraps, strict=True)])
