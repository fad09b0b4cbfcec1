"""The bisection of a network: from cheap proofs to dear ones until both ends meet or the budget is spent."""

import numpy as np

from compiler.networks.bisection.bound import Bound, Cut, absent, bound, raised
from compiler.networks.bisection.checker import Unproven, checked_division
from compiler.networks.bisection.curve import CutFunction
from compiler.networks.bisection.cut_summary import share_crossing, share_parts
from compiler.networks.bisection.effort import EFFORTS, Effort
from compiler.networks.bisection.graph_bisection import graph_bisection
from compiler.networks.bisection.hierarchy import HierarchyCut, division
from compiler.networks.bisection.segments import shown_cut
from compiler.networks.bisection.structure import cut_function
from compiler.networks.bisection.weighing import injection_weights, weighted
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.topology import Graph, Topology


def bisection(network: Topology | Graph, *, effort: str = "normal", weights: str | None = None) -> Bound:
    """Least capacity, one direction, between halves of the endpoints, switches placed at best, in the caller's unit.

    A topology is answered from its structure where that is exact, else from its graph. `effort` is `low`, `normal`
    or `high` and counts work, never seconds: the same network gives the same answer on every machine. Endpoints count
    one each, or with `weights="injection"` by the bandwidth of their links, halves being the most even division.
    """
    budget = EFFORTS[effort]
    if weights == "injection":
        return _by_injection(network, budget)
    if isinstance(network, Graph):
        return graph_bisection(network, budget)
    if not network.endpoints:
        return absent("it has no endpoints")
    curve = cut_function(network)
    known = curve_bisection(curve) if curve is not None else absent("its structure tells nothing of its cuts")
    if network.has_failed:
        known = _after_losses(network, effort)
    if known.status == "exact":
        return known
    if network.vertices > budget.vertices:
        size = f"{network.vertices:,} vertices are more than the {budget.vertices:,} unrolled at this effort"
        return known if known.status == "bounds" else absent(size)
    return tightest(graph_bisection(network.unroll(), budget), known)


def _after_losses(network: Topology, effort: str) -> Bound:
    """Bound of a network that lost links from that of the intact one: no cut loses more than all that was lost."""
    given = {name: value for name, value in network.parameters.items() if name != "failed" and value is not None}
    intact = topology(network.family, **given)
    known = bisection(intact, effort=effort)
    if known.lower is None:
        return known
    lower = max(0.0, known.lower - (_capacity(intact) - _capacity(network)))
    return bound(lower, None, below=f"{known.method}, less what failed", reason="the cut of the intact network is gone")


def _capacity(network: Topology) -> float:
    return sum(links.count * links.bandwidth for links in network.link_classes)


def _by_injection(network: Topology | Graph, budget: Effort) -> Bound:
    if isinstance(network, Topology) and network.vertices > budget.vertices:
        return absent(f"{network.vertices:,} vertices are more than the {budget.vertices:,} weighed at this effort")
    graph = network.unroll() if isinstance(network, Topology) else network
    shares = injection_weights(graph)
    if shares is None:
        return absent("the endpoints' injection bandwidths have no common unit that is small enough")
    if np.array_equal(shares, graph.weights):
        return bisection(network, effort=next(name for name, known in EFFORTS.items() if known is budget))
    return graph_bisection(weighted(graph, shares), budget)


def tightest(first: Bound, second: Bound) -> Bound:
    """The better of two bounds on the same figure at each end, each end with its own proof."""
    lower = max((b for b in (first, second) if b.lower is not None), key=lambda b: b.lower or 0.0, default=first)
    upper = min((b for b in (first, second) if b.upper is not None), key=lambda b: b.upper or 0.0, default=first)
    if lower is upper:
        return lower
    return bound(
        lower.lower if lower.lower is None or upper.upper is None else raised(lower.lower, upper.upper, first.step),
        upper.upper,
        below=_end(lower, "lower"),
        above=_end(upper, "upper"),
        cut=upper.cut,
        step=lower.step,
    )


def _end(of: Bound, end: str) -> str:
    """The proof of one end, out of a bound's method."""
    named = dict(part.split(": ", 1) for part in of.method.split("; ") if ": " in part)
    return named.get(end, of.method)


def curve_bisection(curve: CutFunction) -> Bound:
    """The bisection that a cut function gives, with the division behind it where it is a hierarchy."""
    n = curve.endpoints
    lower, upper = (float(end[0]) for end in curve.bounds(np.array([n // 2])))
    below, above = curve.method
    sizes = (n // 2, n - n // 2)
    cut: Cut | None = Cut(upper, sizes, parts=(f"{sizes[0]:,} of {n:,} endpoints: {above}",))
    if isinstance(curve, HierarchyCut):
        share = division(curve.root, n // 2)
        cut = Cut(upper, sizes, share_crossing(share), share_parts(share), witness=share)
        try:
            checked_division(share, upper, n // 2)
        except Unproven as failure:
            return bound(lower, None, below=below, reason=f"the cut found does not hold: {failure}")
    elif (shown := shown_cut(curve, n // 2, upper)) is not None:
        cut = Cut(upper, sizes, shown[1], shown[0])
    return bound(lower, upper, below=below, above=above, cut=cut)
