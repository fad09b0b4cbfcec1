"""Oblivious routing by way of the top switches: what every endpoint can send at once, whoever receives.

Each endpoint spreads what it sends over the top switches in one and the same proportion, and what it receives comes
from them in that proportion. Then any traffic whose rows and columns sum to at most theta fits, whoever sends to whom:
so a cut between t endpoints and the rest carries at least theta min(t, N - t). (Valiant 1982; tight for folded Clos
networks that are no trees, where uniform flow loses half.)
"""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array
from scipy.sparse import csr_array as csr

from compiler.networks.bisection.checker import Unproven, checked_routing
from compiler.networks.bisection.weighted import Loaded
from compiler.networks.topologies.adjacency import adjacency

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@frozen(eq=False)
class Hose:
    """A routing to the tops: `flow` (tops, arcs) along `tails` to `heads`, `share` (tops,) sent to each by an endpoint."""

    rate: float
    tops: Ints
    share: Floats
    tails: Ints
    heads: Ints
    links: Ints
    flow: Floats


def hose(view: Loaded, work: float) -> Hose | None:
    """The best such routing that only climbs, checked; None when there is nothing to climb or the budget does not reach."""
    level = _levels(view)
    if level is None or level.max(initial=0) < 1:
        return None
    tops = np.flatnonzero(level == level.max())
    up = level[view.v] - level[view.u]
    links = np.flatnonzero(np.abs(up) == 1)
    tails = np.where(up[links] > 0, view.u[links], view.v[links])
    heads = np.where(up[links] > 0, view.v[links], view.u[links])
    if float(tops.size) * links.size * 400 > work:  # a rough price: an entry of the programme costs so many of a table
        return None
    return _solved(view, tops, tails, heads, links)


def _levels(view: Loaded) -> Ints | None:
    """Links from each vertex down to the nearest that carries endpoints; None when some are never reached."""
    level = adjacency(view.loads.size, view.u, view.v).hops(np.flatnonzero(view.loads > 0))
    return None if (level < 0).any() else level


def _solved(view: Loaded, tops: Ints, tails: Ints, heads: Ints, links: Ints) -> Hose | None:
    """Maximise what an endpoint sends in all: flows of one commodity per top, shares free but the same for everyone."""
    n, arcs, count = view.loads.size, links.size, tops.size
    commodity = np.repeat(np.arange(count), arcs)
    column = np.arange(count * arcs)
    row_out = commodity * n + np.tile(tails, count)
    row_in = commodity * n + np.tile(heads, count)
    sends = np.flatnonzero(view.loads)
    asked = (np.arange(count)[:, None] * n + sends).reshape(-1)
    rows = np.concatenate([row_out, row_in, asked, np.arange(count) * n + tops])
    share = count * arcs + np.arange(count)
    columns = np.concatenate([column, column, np.repeat(share, sends.size), share])
    total = float(view.loads.sum())
    values = np.concatenate(
        [
            np.ones(column.size),
            -np.ones(column.size),
            np.tile(-view.loads[sends].astype(float), count),
            np.full(count, total),
        ]
    )
    width = count * arcs + count
    conserve = csr(coo_array((values, (rows, columns)), shape=(count * n, width)))
    capacity = csr(coo_array((np.ones(column.size), (np.tile(np.arange(arcs), count), column)), shape=(arcs, width)))
    gain = np.zeros(width)
    gain[share] = -1.0
    unit = float(view.capacity.max())  # HiGHS forgives by absolute size, so that in B/s it would forgive nothing
    most = view.capacity[links] / unit
    found = linprog(gain, A_ub=capacity, b_ub=most, A_eq=conserve, b_eq=np.zeros(count * n), method="highs")
    if found.x is None:
        return None
    flow, part = np.maximum(found.x[: count * arcs], 0.0).reshape(count, arcs), np.maximum(found.x[share], 0.0)
    # within the solver's tolerance a link may carry too much: all is scaled until none does
    fitting = unit / max(1.0, float((flow.sum(axis=0) / most).max(initial=0.0)))
    flow, part = flow * fitting, part * fitting
    try:
        checked_routing(view.loads, tops, part, (tails, heads), flow, view.capacity[links])
    except Unproven:
        return None
    return Hose(float(part.sum()), tops, part, tails, heads, links, flow)
