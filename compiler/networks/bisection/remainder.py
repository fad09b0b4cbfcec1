"""Lower bound, for `frontier`, on the capacity that unvisited vertices add to a cut, by their endpoints on side A."""

import numpy as np
from numpy.typing import NDArray

from compiler.networks.bisection.folding import Folded
from compiler.networks.bisection.spectral import spectrum
from compiler.networks.bisection.weighted import Loaded, loaded, sums

Floats = NDArray[np.float64]


def remainders(net: Folded, order: list[int]) -> list[Floats] | None:
    """Least capacity cut among the vertices still to come after each step of a sweep when w of the endpoints there are on
    A: an array of shape (endpoints to come + 1,) over w for each step, by eigenvalues. None when endpoints have several
    switches."""
    if any(near.size != 1 for near in net.neighbours):
        return None
    view = loaded(net)
    prices = [float(p[0]) for p in net.pull]
    left = np.ones(net.core.size, dtype=bool)
    found = []
    for vertex in order:
        left[vertex] = False
        found.append(_least(view, left, min(prices, default=np.inf)))
    return found


def _least(view: Loaded, left: NDArray[np.bool_], price: float) -> Floats:
    loads = view.loads[left]
    total = int(loads.sum())
    nothing = np.zeros(total + 1)
    inner = left[view.u] & left[view.v]
    if np.count_nonzero(loads) < 2 or not inner.any():
        return nothing
    place = np.cumsum(left) - 1
    part = Loaded(loads, place[view.u[inner]], place[view.v[inner]], view.capacity[inner], np.zeros(total))
    found = spectrum(part)
    if found is None:
        return nothing
    t = sums(loads)
    fabric, wanted = found.fabric(t.astype(np.float64)), np.arange(total + 1)
    if not np.isfinite(price):
        nothing[t] = fabric
        return nothing
    return np.asarray((fabric[:, None] + price * np.abs(t[:, None] - wanted[None, :])).min(axis=0))
