"""Links by vertex: neighbours of every vertex in one array, and hops counted over them.

Plain numpy: scipy would cost a report without any search more start-up than all else that it does.
"""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@frozen(eq=False)
class Adjacency:
    """Links by vertex (compressed sparse rows): those of vertex i stand from `starts[i]` up to `starts[i + 1]`.

    `starts` has shape (vertices + 1,). `targets`, the vertices at the other end, and `links`, the place of each link
    among those given, have shape (2 links,): a link stands at both of its ends. Where the links were sorted by their
    ends, the lesser end first, the targets of a vertex ascend.
    """

    starts: Ints
    targets: Ints
    links: Ints

    @property
    def vertices(self) -> int:
        """The number of vertices."""
        return self.starts.size - 1

    @property
    def degrees(self) -> Ints:
        """Links of each vertex, shape (vertices,)."""
        return np.diff(self.starts)

    def of(self, vertex: int) -> slice:
        """The links of a vertex, a part of `targets` and of `links`."""
        return slice(int(self.starts[vertex]), int(self.starts[vertex + 1]))

    def beside(self, vertices: Ints) -> Ints:
        """The neighbours of some vertices, a vertex once for each link to it, shape (links,)."""
        counts = self.degrees[vertices]
        ends = np.cumsum(counts)
        places = np.repeat(self.starts[vertices] - ends + counts, counts) + np.arange(counts.sum())
        return np.asarray(self.targets[places])

    def hops(self, sources: Ints) -> Ints:
        """Link hops of each vertex from the nearest source, -1 where no way leads there, shape (vertices,)."""
        found = np.full(self.vertices, -1)
        edge, distance = sources, 0
        while edge.size:
            found[edge] = distance
            near = self.beside(edge)
            edge, distance = np.unique(near[found[near] < 0]), distance + 1
        return found


def adjacency(vertices: int, u: NDArray[np.integer], v: NDArray[np.integer]) -> Adjacency:
    """The links u to v, shape (links,), by vertex."""
    ends, others = np.concatenate([v, u]), np.concatenate([u, v])
    order = np.argsort(ends, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=vertices))])
    return Adjacency(starts, others[order].astype(np.int64), order % max(1, u.size))
