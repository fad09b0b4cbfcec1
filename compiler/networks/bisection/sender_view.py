"""A counted network as one of its endpoints sees it: vertices and links by how many classes they share with it.

What an endpoint sends looks alike in all copies that it cannot tell apart: of each class around it its own copy, and
all others. So a vertex that lies with it in a few classes is seen as one place for each number of copies shared.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import prod

import numpy as np
from attrs import frozen

from compiler.networks.bisection.counted_graph import Class, copies_of
from compiler.networks.bisection.lower_hull import Floats, Ints
from compiler.networks.bisection.reduction import Simple

Chain = tuple[int, ...]
"""Classes around a vertex, the outermost first; the whole is left out."""


@frozen(eq=False)
class SenderView:
    """A network as an endpoint at `vertex` sees it, one of so many `senders` there in all copies.

    `places` maps (vertex, classes shared) to a number, `source` being the sender's own; `copies` (places,) are the
    vertices at each place, and `endpoints` (places,) what they hold. `links` (k, 4) are a link, the classes it shares,
    and the places of both ends.
    """

    vertex: int
    senders: int
    source: int
    places: Mapping[tuple[int, int], int]
    links: Ints
    copies: Floats
    endpoints: Floats

    @property
    def has_partners(self) -> bool:
        """True when it sees endpoints at other vertices, or at other copies of its own."""
        return bool(self.endpoints.sum() > self.endpoints[self.source])


def sender_views(graph: Simple) -> list[SenderView]:
    """The views of a network from each of its vertices that hold endpoints."""
    chains = {which: _chain(graph.classes, which) for which in set(graph.home.tolist())}
    return [_view(graph, vertex, chains) for vertex in np.flatnonzero(graph.weights).tolist()]


def _view(graph: Simple, vertex: int, chains: Mapping[int, Chain]) -> SenderView:
    home = graph.home.tolist()
    own = chains[home[vertex]]
    places: dict[tuple[int, int], int] = {}
    copies: list[float] = []
    for other, which in enumerate(home):
        for shared, count in _copies_by_shared(graph.classes, own, chains[which]):
            places[(other, shared)] = len(copies)
            copies.append(float(count))
    vertices = np.array([other for other, _ in places], dtype=np.int64)
    return SenderView(
        vertex,
        int(graph.weights[vertex]) * copies_of(graph.classes, home[vertex]),
        places[(vertex, len(own))],
        places,
        _links(graph, own, chains, places),
        np.array(copies),
        np.array(copies) * graph.weights[vertices],
    )


def _links(graph: Simple, own: Chain, chains: Mapping[int, Chain], places: Mapping[tuple[int, int], int]) -> Ints:
    """The links of a view, shape (k, 4): a link in a copy of its inner class ends there, or in the copy around it."""
    home = graph.home.tolist()
    found = []
    for link, (u, v) in enumerate(zip(graph.u.tolist(), graph.v.tolist(), strict=True)):
        for shared, _ in _copies_by_shared(graph.classes, own, chains[max(home[u], home[v])]):
            ends = (places[(one, min(shared, _shared(own, chains[home[one]])))] for one in (u, v))
            found.append((link, shared, *ends))
    return np.array(found, dtype=np.int64).reshape(-1, 4)


def _chain(classes: Sequence[Class], which: int) -> Chain:
    """The classes around one and itself."""
    found: list[int] = []
    while which > 0:
        found.append(which)
        which = classes[which].around
    return tuple(reversed(found))


def _shared(one: Chain, other: Chain) -> int:
    """The number of classes that two chains begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _copies_by_shared(classes: Sequence[Class], own: Chain, chain: Chain) -> Iterator[tuple[int, int]]:
    """The copies of the last class of a chain that share exactly so many of their enclosing copies with the sender, for
    each number that has any: (shared, copies).

    Of classes around both, the first that is not shared is another copy than the sender's: one fewer of them.
    """
    common = _shared(own, chain)
    for shared in range(common + 1):
        counts = [classes[which].copies for which in chain[shared:]]
        if shared < common:
            counts[0] -= 1
        if copies := prod(counts):
            yield shared, copies
