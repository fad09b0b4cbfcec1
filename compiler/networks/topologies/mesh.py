"""Grids whose axes do not close."""

from compiler.networks.topologies.blocks import Between, Block, Blocks, CircuitPorts, Part, filled
from compiler.networks.topologies.family import family
from compiler.networks.topologies.grids import solve
from compiler.networks.topologies.parameters import Counts, Rates, per_axis
from compiler.networks.topologies.topology import ProductAxis, Topology


@family("mesh", solve)
def mesh(
    dims: Counts,
    bw: Rates = 1.0,
    block: Block = None,
    bw_between: Between = None,
    ocs: CircuitPorts = None,
    links: Part = None,
) -> Topology:
    """A grid of any number of axes; `bw` holds for all of them or one by one.

    `block` and what follows it are those of `torus`.
    """
    axes = [ProductAxis("path", *axis) for axis in zip(dims, per_axis("bw", bw, len(dims)), strict=True)]
    return filled(axes, Blocks(block, bw_between, ocs, links))
