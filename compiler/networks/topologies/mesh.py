"""Grids whose axes do not close."""

from compiler.networks.topologies.family import family
from compiler.networks.topologies.grids import solve
from compiler.networks.topologies.parameters import Counts, Rates, per_axis
from compiler.networks.topologies.products import product
from compiler.networks.topologies.topology import ProductAxis, Topology


@family("mesh", solve)
def mesh(dims: Counts, bw: Rates = 1.0) -> Topology:
    """A grid of any number of axes; `bw` holds for all of them or one by one."""
    return product([ProductAxis("path", *axis) for axis in zip(dims, per_axis("bw", bw, len(dims)), strict=True)])
