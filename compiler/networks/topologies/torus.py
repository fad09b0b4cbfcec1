"""Tori of any number of axes."""

from typing import Annotated

from compiler.networks.topologies.blocks import Between, Block, Blocks, CircuitPorts, Part, filled
from compiler.networks.topologies.family import family
from compiler.networks.topologies.grids import solve
from compiler.networks.topologies.parameters import Counts, Flags, Rates, one_of, per_axis
from compiler.networks.topologies.products import ring
from compiler.networks.topologies.topology import Topology


@family("torus", solve)
def torus(
    dims: Counts,
    bw: Rates = 1.0,
    wrap: Flags = True,
    wrap2: Annotated[str, one_of("single", "double")] = "single",
    block: Block = None,
    bw_between: Between = None,
    ocs: CircuitPorts = None,
    links: Part = None,
) -> Topology:
    """A grid whose axes close to rings.

    `bw` and `wrap` hold for all axes or one by one; an axis of two has one link, or two with `wrap2 = "double"`. Endpoints
    fill it axis by axis, the last fastest, or `block` by block. Links between blocks are of `bw_between` and may pass
    optical circuit switches of `ocs` ports, one for each place on a face of a block, which then also close the rings of a
    single block; `links` says that only those `"inside"` blocks are there, or only those `"between"`.
    """
    rates, wraps = per_axis("bw", bw, len(dims)), per_axis("wrap", wrap, len(dims))
    axes = [ring(*axis, wrap2 == "double") for axis in zip(dims, rates, wraps, strict=True)]
    return filled(axes, Blocks(block, bw_between, ocs, links))
