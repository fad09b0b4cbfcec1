"""Certified ends of the least cut of a whole design: by counted cells, else on the graph written out.

An upper end is a division that was recounted on the design's own connections; a lower end holds for endpoints that have
names. Where both meet the figure is exact.
"""

from collections.abc import Iterator

import numpy as np
from attrs import define

from compiler.networks.bisection.bound import Bound, Crossing, Cut, absent, bound, meets, widened
from compiler.networks.bisection.budget import Budget, TooWide
from compiler.networks.bisection.checker import Unproven
from compiler.networks.bisection.effort import EFFORTS
from compiler.networks.bisection.segments import product_side
from compiler.networks.cuts import network_bisection
from compiler.networks.links import End
from compiler.networks.topologies.topology import Product, TopologyError
from compiler.networks.unrolled import one_topology
from compiler.networks.whole.cells import Irregular
from compiler.networks.whole.counted_design import counted_design
from compiler.networks.whole.cut_question import CutQuestion
from compiler.networks.whole.division import Division, Sides
from compiler.networks.whole.first_division import first_division
from compiler.networks.whole.halves import Halves
from compiler.networks.whole.halves_in_words import links_of, network_path
from compiler.networks.whole.instance_counts import instances
from compiler.networks.whole.recount import held, recounted
from compiler.networks.whole.unrolled_design import UnrolledDesign, unrolled_design

COUNTED = "every division tried by counts of like parts"
RECOUNTED = "a division recounted on the design's connections"
TRIVIAL = "capacities are not negative"
NO_HALVES = "no two groups of whole hosts divide its accelerators"
NO_GROUP = "no group of whole hosts has so many accelerators"


def certified_ends(asked: CutQuestion, effort: str) -> Bound:
    """Both ends; where rates are uncertain the lower one at the least of them and the upper one at the most."""
    found = [_at(asked, effort, end) for end in asked.rate_ends()]
    return widened(found[0], found[-1])


def proof_below(found: Bound) -> str:
    """The proof of the lower end alone."""
    return found.method.partition(";")[0].removeprefix("lower: ")


def _at(asked: CutQuestion, effort: str, end: End) -> Bound:
    """The least cut with links at one end of their rates: by counts, then written out."""
    counted: Bound | None = None
    reason = None
    try:
        counted = _by_counts(asked, effort, end)
        if counted.status == "exact":
            return counted
    except (Irregular, TooWide, Unproven) as error:
        reason = str(error)
    return _written_out(asked, effort, end, counted, reason)


def _recounted(asked: CutQuestion, division: Division, end: End, total: int) -> Cut:
    """A division as a cut, recounted. Raises `Unproven` when it does not put so many accelerators on one side."""
    on_a, on_b = held(asked.ends, division)
    if total not in (on_a, on_b):
        raise Unproven(f"{on_a} of {on_a + on_b} accelerators stand on one side where {total} were asked for")
    found = recounted(asked.ends, asked.wires, asked.hosts, division, end, asked.out)
    crossing = tuple(
        Crossing(f"{network_path(one.wire)}: {links_of(one)}", round(one.links), one.capacity) for one in found
    )
    capacity = float(sum(one.capacity for one in found))
    return Cut(capacity, (on_a, on_b), crossing, witness=Halves(asked, end, division, found))


# ---- by counts -------------------------------------------------------------------------------


def _by_counts(asked: CutQuestion, effort: str, end: End) -> Bound:
    """The least cut by counted cells, recounted. Raises `Irregular`, `TooWide` or `Unproven` where that does not go."""
    design = counted_design(asked.ends, asked.wires, asked.hosts, end, asked.out)
    total = asked.total if asked.total is not None else design.most_even()
    if total is None:
        return absent(NO_HALVES)
    found = design.cut(total, Budget(steps=EFFORTS[effort].steps))
    if found.division is None:
        raise Unproven(NO_GROUP)
    cut = _recounted(asked, found.division, end, total)
    if not meets(min(found.upper, cut.capacity), max(found.upper, cut.capacity)):
        raise Unproven(f"links of {cut.capacity} cross where {found.upper} was claimed")
    return bound(min(found.lower, cut.capacity), cut.capacity, below=COUNTED, above=RECOUNTED, cut=cut)


# ---- written out -----------------------------------------------------------------------------


@define(eq=False)
class _Ends:
    """The best ends so far: the lower one with its proof, and the least cut that was recounted."""

    lower: float = 0.0
    below: str = TRIVIAL
    cut: Cut | None = None

    def raise_lower(self, lower: float | None, proof: str) -> None:
        """Take a lower end that is higher."""
        if lower is not None and lower > self.lower:
            self.lower, self.below = lower, proof

    def take(self, asked: CutQuestion, division: Division, end: End, total: int) -> None:
        """Take a division that cuts less, if it can be recounted."""
        try:
            cut = _recounted(asked, division, end, total)
        except Unproven:
            return
        if self.cut is None or cut.capacity < self.cut.capacity:
            self.cut = cut

    @property
    def have_met(self) -> bool:
        """True when no search can better them."""
        return self.cut is not None and meets(min(self.lower, self.cut.capacity), self.cut.capacity)

    def bound(self, reason: str | None) -> Bound:
        """The ends as a bound, with the reason why they do not meet."""
        if self.cut is None:
            return bound(self.lower, None, below=self.below, reason=reason)
        upper = self.cut.capacity
        return bound(min(self.lower, upper), upper, below=self.below, above=RECOUNTED, cut=self.cut, reason=reason)


def _written_out(asked: CutQuestion, effort: str, end: End, counted: Bound | None, reason: str | None) -> Bound:
    """The least cut on the graph written out, with what is known by counts and of single networks."""
    ends = _Ends() if counted is None else _Ends(counted.lower or 0.0, proof_below(counted), counted.cut)
    try:
        design = unrolled_design(asked.ends, asked.wires, asked.hosts, end, asked.out)
    except TopologyError as error:
        wanted = asked.total if asked.total is not None else sum(instances(path) for path in asked.ends) // 2
        ends.take(asked, first_division(asked.ends, wanted), end, wanted)
        return ends.bound(str(error))
    total = asked.total if asked.total is not None else design.most_even()
    if total is None:
        return absent(NO_HALVES)
    if asked.total is not None and not design.is_possible(total):
        return absent(NO_GROUP)
    _look_at_single_networks(ends, asked, effort)
    for side in _cut_as_a_grid(asked, design, total):
        ends.take(asked, design.division(side), end, total)
    if not ends.have_met:
        _search(ends, asked, design, effort, end, total)
    return ends.bound(reason)


def _search(ends: _Ends, asked: CutQuestion, design: UnrolledDesign, effort: str, end: End, total: int) -> None:
    """Better both ends by a search where the graph is not too large, and the upper one by a division at hand."""
    if design.graph.weights.size <= EFFORTS[effort].vertices:
        searched = design.search(total, EFFORTS[effort])
        ends.raise_lower(searched.lower, proof_below(searched))
        if searched.cut is not None and searched.cut.side is not None:
            ends.take(asked, design.division(searched.cut.side), end, total)
    for side in design.candidates(total):
        ends.take(asked, design.division(side), end, total)


def _cut_as_a_grid(asked: CutQuestion, design: UnrolledDesign, total: int) -> Iterator[Sides]:
    """Sides of the vertices, shape (vertices,), that cut a grid over all accelerators straight."""
    for wire in asked.covering():
        named = one_topology(wire.network)
        if named is None or not isinstance(named[0].structure, Product) or named[0].structure.endpoints:
            continue
        own, side, at = product_side(named[0].structure, total), np.zeros(design.graph.weights.size, dtype=bool), 0
        for path in wire.left:
            start, count = design.joint.starts[path], instances(path)
            side[start : start + count] = own[at : at + count]
            at += count
        yield design.followed(side)


def _look_at_single_networks(ends: _Ends, asked: CutQuestion, effort: str) -> None:
    """Better the lower end by that of a network that has every accelerator as an endpoint once: other links only add."""
    for wire in asked.covering():
        found = network_bisection(wire.network, effort)
        ends.raise_lower(found.lower, f"`{wire.network.name}` by itself: {found.method}")
