"""The linear program of fractional routing in a counted network, all senders of a kind together.

Variables are the amounts of some demands and the flows over the links that each kind of sender sees, in both
directions. The law is that what enters a place, less what leaves it, is what it takes; the limits are the capacities of
all copies of a link together, in one direction.
"""

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, hstack

from compiler.networks.bisection.counted_graph import copies_of
from compiler.networks.bisection.lower_hull import Floats
from compiler.networks.bisection.reduction import Simple
from compiler.networks.bisection.sender_view import SenderView

TIGHT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


@frozen(eq=False)
class Routing:
    """A flow as found: the units of all demands together that it attains, and the prices of the limits, shape (limits,).

    `capacity` (links,) is that of all copies of a link together, in one direction.
    """

    rate: float
    prices: Floats
    capacity: Floats


class FlowProgram:
    """Flows of each kind of sender over the links that it sees, as rows and columns of a linear program."""

    def __init__(self, graph: Simple, views: Sequence[SenderView]) -> None:
        inner = np.maximum(graph.home[graph.u], graph.home[graph.v])
        copies = [copies_of(graph.classes, which) for which in inner.tolist()]
        self.capacity = graph.capacity * np.array(copies, dtype=np.float64)
        self.unit = float(self.capacity.max())
        place = np.cumsum([0, *(view.copies.size for view in views)])
        links = np.concatenate([view.links for view in views])
        offset = np.concatenate([np.full(len(view.links), at) for view, at in zip(views, place, strict=False)])
        self.places = int(place[-1])
        self.u, self.v = links[:, 2] + offset, links[:, 3] + offset
        self.link = links[:, 0]

    def routing(self, demand: Floats, *, both_ways: bool) -> Routing | None:
        """The flow with the most units of all `demand` (places, kinds) together; None where the solver finds none.

        Each kind of demand has an amount of its own, the sum of which is made as large as it can be. With `both_ways`
        whatever is sent comes back the same way, so a link is used in one direction by both. The rate is scaled down by
        the most that the flow misses a demand or a capacity by.
        """
        kinds = demand.shape[1]
        scale = float(np.abs(demand).max(initial=1.0))
        law = self._law(demand / scale)
        use = self._use(kinds, both_ways)
        bounds = np.repeat(self.capacity / self.unit, 1 if both_ways else 2)
        cost = np.where(np.arange(law.shape[1]) < kinds, -1.0, 0.0)
        found = linprog(
            cost, use, bounds, law, np.zeros(self.places), bounds=(0, None), method="highs-ds", options=TIGHT
        )
        if found.status != 0:
            return None
        flow = np.maximum(found.x, 0.0)
        missed = float(np.abs(law @ flow).sum())
        over = max(1.0, float((use @ flow / bounds).max(initial=0.0)))
        rate = max(0.0, float(flow[:kinds].sum()) - missed) / over
        prices = np.maximum(-found.ineqlin.marginals, 0.0)
        return Routing(rate / scale * self.unit, prices, self.capacity)

    def _law(self, demand: Floats) -> csr_array:
        """Flow into each place less flow out of it and less the demand, shape (places, variables)."""
        many = self.link.size
        rows = np.concatenate([self.v, self.u])
        columns = np.tile(np.arange(many), 2)
        there = coo_array((np.repeat([1.0, -1.0], many), (rows, columns)), shape=(self.places, many))
        return hstack([csr_array(-demand), there, -there]).tocsr()

    def _use(self, kinds: int, both_ways: bool) -> csr_array:
        """The flow through each limit, shape (limits, variables): one a link for both ways, else one a direction."""
        each = 1 if both_ways else 2
        rows = np.concatenate([each * self.link, each * self.link + each - 1])
        columns = kinds + np.arange(rows.size)
        shape = (each * self.capacity.size, kinds + rows.size)
        return coo_array((np.ones(rows.size), (rows, columns)), shape=shape).tocsr()
