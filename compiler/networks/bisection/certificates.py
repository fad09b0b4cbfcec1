"""Certified lower ends of a bisection short of exact search, the cheapest first."""

import numpy as np

from compiler.networks.bisection.bound import meets, raised
from compiler.networks.bisection.effort import Effort
from compiler.networks.bisection.flow import shortest_path_rate
from compiler.networks.bisection.folding import Folded
from compiler.networks.bisection.weighted import granularity, loaded


def lower_bound(net: Folded, targets: tuple[int, ...], effort: Effort, upper: float) -> tuple[float, str]:
    """The best certified lower end, and what proves it; `upper` is a cut, which ends the search where it is met."""
    view = loaded(net)
    n = float(view.endpoints)
    step = granularity(net.graph)
    best, method = 0.0, "capacities are not negative"
    flow = shortest_path_rate(view, effort.flow)
    if flow is not None:
        rate, how = flow
        best, method = raised(view.least(lambda t: rate * t * (n - t), targets), upper, step), how
    if view.loads.size <= effort.spectral and not meets(best, upper):
        from compiler.networks.bisection.spectral import spectrum

        found = spectrum(view)
        if found is not None:
            value = raised(view.least(found.fabric, targets), upper, step)
            if value > best:
                best, method = value, "eigenvalue with whole numbers" if found.distance else "eigenvalue"
    if not meets(best, upper):
        from compiler.networks.bisection.hose import hose

        routing = hose(view, effort.flow)
        if routing is not None:
            value = raised(view.least(lambda t: routing.rate * np.minimum(t, n - t), targets), upper, step)
            if value > best:
                best, method = value, "oblivious routing by way of the top switches"
    return min(best, upper), method
