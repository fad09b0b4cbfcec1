"""What every topology can say of itself, symbolically and unrolled.

Conventions: a link is one full-duplex cable and its bandwidth the capacity of ONE direction, in the unit of the
caller (1 by default, B/s in a design). Endpoints weigh 1, switches 0. Distances are link hops between endpoints.
Nothing here grows with the number of endpoints except `Graph`.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray


@frozen(eq=False)
class Graph:
    """A network unrolled into arrays (structure of arrays): endpoints first, then switches.

    `weights` has shape (vertices,): 1 for an endpoint, 0 for a switch. `u`, `v`, `bandwidth` and `cables` have shape
    (rows,): the ends of a row, the capacity of the whole row in one direction, and how many cables it stands for.
    """

    weights: NDArray[np.int64]
    u: NDArray[np.int32]
    v: NDArray[np.int32]
    bandwidth: NDArray[np.float64]
    cables: NDArray[np.int32]


@frozen
class Axis:
    """One factor of a product: a `ring`, `path` or `clique` of `size` vertices, each link `bandwidth`.

    `double` marks a ring of two whose wrap link is really there (two links between the pair).
    """

    kind: str
    size: int
    bandwidth: float = 1.0
    double: bool = False


@frozen
class Product:
    """A Cartesian product of axes. `endpoints` per vertex hang on it by `endpoint_bandwidth`; 0: the vertices are the endpoints."""

    axes: tuple[Axis, ...]
    endpoints: int = 0
    endpoint_bandwidth: float = 1.0


@frozen
class Level:
    """A tier of a tree, as of XGFT/PGFT: each vertex above has `down` children, each below has `up` parents by `trunk` cables of `bandwidth`."""

    down: int
    up: int
    bandwidth: float = 1.0
    trunk: int = 1


@frozen
class Tree:
    """An extended generalised fat tree, the lowest tier first; level 0 is the endpoint's own access."""

    levels: tuple[Level, ...]


@frozen
class LeafSpine:
    """Leaves with `endpoints[i]` endpoints each, every leaf to every spine by `trunk` cables of `uplink_bandwidth`."""

    endpoints: tuple[int, ...]
    spines: int
    trunk: int = 1
    endpoint_bandwidth: float = 1.0
    uplink_bandwidth: float = 1.0


@frozen
class Planes:
    """Networks side by side over the same endpoints; `aligned` when every plane orders the endpoints alike."""

    planes: "tuple[Topology, ...]"
    aligned: bool


Structure = Product | Tree | LeafSpine | Planes


@frozen
class Tier:
    """A row of like vertices, as a diagram and a bill of materials need it: `leaf`, 32 of them, ports used each."""

    name: str
    count: int
    ports: int
    is_endpoint: bool = False


@frozen
class LinkClass:
    """Like cables between two tiers: `count` of them, each `bandwidth` in one direction."""

    lower: str
    upper: str
    count: int
    bandwidth: float


@frozen(eq=False)
class Topology:
    """A network by its family and parameters. `links` counts cables, access cables included; `links_fabric` those
    between like vertices (switch to switch, or endpoint to endpoint in a direct network).

    `structure` is what the bisection theorems read; None: only the graph tells. `diameter` and `average_hops` are
    None for a disconnected network. `_unroll` builds the arrays when somebody truly needs them.
    """

    family: str
    parameters: Mapping[str, Any]
    endpoints: int
    switches: int
    links: int
    links_fabric: int
    tiers: tuple[Tier, ...]
    link_classes: tuple[LinkClass, ...]
    structure: Structure | None = field(default=None, kw_only=True)
