"""A torus of switches."""

from typing import Annotated

from compiler.networks.topologies.family import family
from compiler.networks.topologies.grids import solve_switched
from compiler.networks.topologies.parameters import Count, Counts, Flags, Rate, Rates, one_of, per_axis
from compiler.networks.topologies.products import product, ring
from compiler.networks.topologies.topology import Topology


@family("switched_torus", solve_switched)
def switched_torus(
    dims: Counts,
    T: Count,  # noqa: N803 -- the letter of HyperX
    bw: Rates = 1.0,
    bw_ep: Rate = 1.0,
    wrap: Flags = True,
    wrap2: Annotated[str, one_of("single", "double")] = "single",
) -> Topology:
    """A torus whose vertices are switches with `T` endpoints each; the other parameters are those of `torus`."""
    rates, wraps = per_axis("bw", bw, len(dims)), per_axis("wrap", wrap, len(dims))
    axes = [ring(*axis, wrap2 == "double") for axis in zip(dims, rates, wraps, strict=True)]
    return product(axes, T, bw_ep)
