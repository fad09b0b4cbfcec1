"""HyperX: a Hamming graph of switches."""

from compiler.networks.topologies.family import family
from compiler.networks.topologies.grids import solve_switched
from compiler.networks.topologies.parameters import Count, Counts, Rate, Rates, per_axis
from compiler.networks.topologies.products import product
from compiler.networks.topologies.topology import ProductAxis, Topology


@family("hyperx", solve_switched)
def hyperx(dims: Counts, T: Count, bw: Rates = 1.0, bw_ep: Rate = 1.0) -> Topology:  # noqa: N803 -- the paper's letter
    """Switches linked along every axis to all others of their line, with `T` endpoints each.

    Ahn, Binkert, Davis, McLaren & Schreiber, SC 2009.
    """
    axes = zip(dims, per_axis("bw", bw, len(dims)), strict=True)
    return product([ProductAxis("clique", *axis) for axis in axes], T, bw_ep)
