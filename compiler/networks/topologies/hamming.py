"""Hamming graphs, or full meshes of several axes; UB-Mesh is one."""

from compiler.networks.topologies.family import family
from compiler.networks.topologies.grids import solve
from compiler.networks.topologies.parameters import Counts, Rates, per_axis
from compiler.networks.topologies.products import product
from compiler.networks.topologies.topology import ProductAxis, Topology


@family("hamming", solve)
def hamming(dims: Counts, bw: Rates = 1.0) -> Topology:
    """A link between every two endpoints whose coordinates differ along one axis; `bw` for all axes or one by one."""
    return product([ProductAxis("clique", *axis) for axis in zip(dims, per_axis("bw", bw, len(dims)), strict=True)])


@family("full_mesh_nd", solve)
def full_mesh_nd(dims: Counts, bw: Rates = 1.0) -> Topology:
    """The Hamming graph by the name of its makers: a full mesh along each of several axes."""
    return hamming(dims=dims, bw=bw)


@family("ub_mesh", solve)
def ub_mesh(dims: Counts, bw: Rates = 1.0) -> Topology:
    """The Hamming graph under the name of its deployment (Liao et al., UB-Mesh, 2025)."""
    return hamming(dims=dims, bw=bw)
