"""Rates that every accelerator of a design can send at once, over all networks together: to all others in equal parts, and to
one partner each, whoever that is. By fractional routing on the counted graph; a cut bounds them from above.
"""

import math
from collections.abc import Callable, Iterator

from attrs import evolve, frozen

from compiler.ir.hardware import Part
from compiler.networks.bisection.bound import Bound, absent, bound, meets
from compiler.networks.bisection.concurrent_flow import hose_rate, pair_rate
from compiler.networks.bisection.portfolio import tightest
from compiler.networks.bisection.reduction import Simple, reduced, simple
from compiler.networks.links import End
from compiler.networks.topologies.topology import TopologyError
from compiler.networks.traffic import Traffic, traffic_of
from compiler.networks.whole.cells import Irregular
from compiler.networks.whole.certified_ends import COUNTED, TRIVIAL, proof_below
from compiler.networks.whole.counted_design import counted_design
from compiler.networks.whole.cut_question import CutQuestion
from compiler.networks.whole.halves import Halves
from compiler.networks.whole.instance_counts import instances
from compiler.networks.whole.separations import sizes
from compiler.networks.whole.unrolled_design import unrolled_design
from compiler.networks.whole.whole_bisection import (
    BEYOND,
    beyond_of,
    described_of,
    question,
    sole_network,
    whole_bisection,
)

MOST_SENDERS = 400
"""Accelerators up to which a design that counts do not tell is routed link by link."""
ROUTED = "a fractional routing, like parts counted once"
PRICED = "prices of links that no routing beats (Leighton & Rao, J. ACM 46, 1999)"
VALIANT = "routing in two phases by way of intermediate vertices (Valiant 1982)"
DIVIDED = "what crosses a division, shared by all pairs across"
PAIRED = "what crosses a division, shared by partners on its two sides"


@frozen
class _Ends:
    """Both ends of a rate and their proofs; an end that nothing proves is trivial: 0, or infinite."""

    lower: float
    upper: float
    below: str
    above: str


def all_to_all(root: Part, without: str = "", effort: str = "normal") -> Bound:
    """The most that each accelerator can send, B/s, in equal parts to all others at once, networks of a role left out."""

    def routed(graph: Simple, accelerators: int) -> _Ends:
        found = pair_rate(graph)
        lower, upper = (0.0, math.inf) if found is None else (found.attained, found.most)
        return _Ends(lower * (accelerators - 1), upper * (accelerators - 1), ROUTED, PRICED)

    def divided(cut: float, on_a: int, on_b: int) -> float:
        return (on_a + on_b - 1) * cut / (on_a * on_b)

    found = _rate(root, without, effort, routed, (divided, DIVIDED))
    return _with_network(found, root, without, effort, lambda traffic: traffic.all_to_all)


def worst_permutation(root: Part, without: str = "", effort: str = "normal") -> Bound:
    """The most that each accelerator can send to one partner of its own, B/s, whoever the partners are."""

    def routed(graph: Simple, accelerators: int) -> _Ends:
        return _Ends(hose_rate(graph) or 0.0, math.inf, VALIANT, "")

    def paired(cut: float, on_a: int, on_b: int) -> float:
        return cut / min(on_a, on_b)

    found = _rate(root, without, effort, routed, (paired, PAIRED))
    return _with_network(found, root, without, effort, lambda traffic: traffic.permutation)


def _with_network(found: Bound, root: Part, without: str, effort: str, rate: Callable[[Traffic], Bound]) -> Bound:
    """The better ends of a rate and of that of the network by itself, where a design is one topology."""
    asked = question(root, without)
    if isinstance(asked, str) or asked.out or (alone := sole_network(described_of(asked))) is None:
        return found
    by_itself = rate(traffic_of(alone, effort=effort))
    if by_itself.upper is None:
        return found
    by_itself = evolve(by_itself, cut=found.cut if meets(by_itself.upper, found.upper or math.inf) else None)
    return by_itself if by_itself.status == "exact" or found.upper is None else tightest(found, by_itself)


def _rate(
    root: Part,
    without: str,
    effort: str,
    routed: Callable[[Simple, int], _Ends],
    shared: tuple[Callable[[float, int, int], float], str],
) -> Bound:
    asked = question(root, without)
    if isinstance(asked, str):
        return absent(asked)
    accelerators = sum(map(instances, asked.ends))
    if accelerators < 2:
        return absent("fewer than two accelerators")
    described, beyond = described_of(asked), beyond_of(asked)
    low = _routed(described, described.rate_ends()[0], accelerators, routed)
    high = _routed(beyond, beyond.rate_ends()[-1], accelerators, routed)
    upper, above, division = high.upper, high.above, None
    for cut in _divisions(root, without, effort):
        if cut.upper is not None and cut.cut is not None and min(cut.cut.endpoints) > 0:
            most = shared[0](cut.upper, *cut.cut.endpoints)
            if most < upper or (division is None and meets(upper, most)):
                upper, above, division = min(most, upper), shared[1], cut.cut
    if not math.isfinite(upper):
        return absent("no link limits it" if math.isinf(low.lower) else "its network is too large to route")
    found = bound(min(low.lower, upper), upper, below=low.below, above=above, cut=division)
    return evolve(found, method=f"lower: {low.below}; upper: {BEYOND}") if beyond.out else found


def _divisions(root: Part, without: str, effort: str) -> Iterator[Bound]:
    """Least cuts of several sizes, where counts of like parts tell them at once; else the bisection alone."""
    half = whole_bisection(root, without, effort)
    yield half
    if half.cut is not None and isinstance(half.cut.witness, Halves) and proof_below(half) == COUNTED:
        for total in sizes(root):
            if total not in half.cut.endpoints:
                yield whole_bisection(root, without, effort, total)


def _routed(asked: CutQuestion, end: End, accelerators: int, routed: Callable[[Simple, int], _Ends]) -> _Ends:
    """Ends that a routing gives at one end of the rates; trivial ones where the design is too large to route."""
    graph = _graph(asked, end)
    return _Ends(0.0, math.inf, TRIVIAL, "") if graph is None else routed(graph, accelerators)


def _graph(asked: CutQuestion, end: End) -> Simple | None:
    """The graph of a design for routing: counted, else written out; None where that is too large."""
    try:
        return counted_design(asked.ends, asked.wires, asked.hosts, end, asked.out).graph
    except Irregular:
        pass
    if sum(map(instances, asked.ends)) > MOST_SENDERS:
        return None
    try:
        written = unrolled_design(asked.ends, asked.wires, asked.hosts, end, asked.out)
    except TopologyError:
        return None
    return reduced(simple(written.graph)).graph
