"""The graph of a network that quickest ways are found in: like parts once, each link and switch with what passing it means."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.bisection.counted_graph import Class

Ints = NDArray[np.int64]


@frozen(eq=False)
class WayGraph:
    """A counted graph of ways: vertices with what it takes to pass them, links in rows with what those take.

    `weights` (vertices,) are 1 for endpoints; `home` (vertices,) is the class of each, one of `classes`; `relay`
    (vertices,) the passage of a vertex that a way leads through. `u`, `v` (rows,) are the ends of links, `link` (rows,)
    their passage.
    """

    weights: Ints
    home: Ints
    classes: tuple[Class, ...]
    relay: Ints
    u: Ints
    v: Ints
    link: Ints
