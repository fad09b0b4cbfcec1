"""HyperX: a Hamming graph of switches."""

from compiler.topologies.family import family
from compiler.topologies.grids import solve_switched
from compiler.topologies.model import Axis, Topology
from compiler.topologies.parameters import Count, Counts, Rate, Rates, per_axis
from compiler.topologies.products import product


@family("hyperx", solve_switched)
def hyperx(dims: Counts, T: Count, bw: Rates = 1.0, bw_ep: Rate = 1.0) -> Topology:  # noqa: N803 -- the paper's letter
    """Switches linked along every axis to all others of their line, with `T` endpoints each.

    Ahn, Binkert, Davis, McLaren & Schreiber, SC 2009.
    """
    axes = zip(dims, per_axis("bw", bw, len(dims)), strict=True)
    return product([Axis("clique", *axis) for axis in axes], T, bw_ep)
