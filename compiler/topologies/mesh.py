"""Grids whose axes do not close."""

from compiler.topologies.family import family
from compiler.topologies.grids import solve
from compiler.topologies.model import Axis, Topology
from compiler.topologies.parameters import Counts, Rates, per_axis
from compiler.topologies.products import product


@family("mesh", solve)
def mesh(dims: Counts, bw: Rates = 1.0) -> Topology:
    """A grid of any number of axes; `bw` holds for all of them or one by one."""
    return product([Axis("path", *axis) for axis in zip(dims, per_axis("bw", bw, len(dims)), strict=True)])
