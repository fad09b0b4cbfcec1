"""The bisection of a whole design: its networks as one graph over all accelerators, halved by named accelerators.

By counted cells where copies can be told by counts, else on the graph written out. An upper end is a division that was
recounted on the design's own connections; a lower end holds for endpoints that have names. Where both meet the figure
is exact.
"""

from collections.abc import Iterator

from attrs import evolve, frozen

from compiler.ir.hardware import Network, Part
from compiler.networks.bisection.bound import Bound, Crossing, Cut, absent, bound, meets
from compiler.networks.bisection.budget import Budget, TooWide
from compiler.networks.bisection.checker import Unproven
from compiler.networks.bisection.effort import EFFORTS, Effort
from compiler.networks.cuts import network_bisection
from compiler.networks.links import End, rate_of
from compiler.networks.topologies.topology import TopologyError
from compiler.networks.whole.carriers import Path, Wire, accelerators, leaving, wires
from compiler.networks.whole.cells import Irregular
from compiler.networks.whole.counted import CountedDesign, counted_design
from compiler.networks.whole.division import Division, first_ones
from compiler.networks.whole.halves_in_words import Halves, links_of, network_path
from compiler.networks.whole.hosts import Host, hosts
from compiler.networks.whole.joint_graph import instances
from compiler.networks.whole.reach import is_joined, linked
from compiler.networks.whole.recount import held, recounted
from compiler.networks.whole.written_out import unrolled_design

COUNTED = "every division tried by counts of like parts"
RECOUNTED = "a division recounted on the design's connections"
BEYOND = "all that leaves the design joined outside"
HOST = "the inside of a host whose cards are not linked to its accelerators is taken as no limit"


@frozen(eq=False)
class Question:
    """What is asked: the least capacity between some endpoints and the rest over some wires, hosts whole.

    `total` endpoints on side A, None for halves as even as whole hosts allow; `out` are wires that lead to the world
    outside, which then counts as one switch that can carry everything.
    """

    ends: tuple[Path, ...]
    wires: tuple[Wire, ...]
    hosts: tuple[Host, ...] = ()
    out: tuple[Wire, ...] = ()
    total: int | None = None


def whole_bisection(root: Part, without: str = "", effort: str = "normal", total: int | None = None) -> Bound:
    """The certified bisection of a design, B/s one direction, networks of the role `without` left out.

    With `total`, the least cut that leaves so many accelerators on side A.
    """
    used = wires(root, without)
    ends = tuple(accelerators(root))
    whole = hosts(root, wires(root), used)
    inside = tuple(wire for wire in used if not wire.connection.external)
    out = leaving(root, used)
    if not linked(ends, inside + out, whole):
        besides = f" besides {without}" if without else ""
        return absent(f"no network{besides} is described that links accelerators")
    if any(not host.path for host in whole):
        return absent("it is one host, and the links inside it are not described")
    asked = Question(ends, inside, whole, total=total)
    if not out and (alone := _one_topology(asked)) is not None:
        return network_bisection(alone, effort)
    described = _answered(asked, EFFORTS[effort])
    notes = [HOST] if whole else []
    unlinked = [path for path in ends if path not in linked(ends, inside + out, whole)]
    if unlinked:
        notes.append("no link ends at " + ", ".join(f"`{'.'.join(slot.name for slot in path)}`" for path in unlinked))
    if not out:
        return evolve(described, notes=tuple(notes))
    if _joins_all(asked):
        notes.append("links that leave the design may add to it outside")
        return evolve(described, notes=tuple(notes))
    beyond = _answered(evolve(asked, out=out), EFFORTS[effort])
    notes.append("links leave the design: from what is described to the most that could pass outside")
    return evolve(
        beyond,
        lower=described.lower,
        status="bounds",
        method=f"lower: {_below(described)}; upper: {BEYOND}",
        notes=tuple(notes),
    )


def _one_topology(asked: Question) -> Network | None:
    """The network that is the whole design: one topology by its name, with every accelerator as an endpoint once."""
    if len(asked.wires) != 1 or asked.hosts or asked.total is not None:
        return None
    [wire] = asked.wires
    is_whole = (
        wire.connection.shape is not None
        and not wire.owner
        and sorted(wire.left, key=_names) == sorted(asked.ends, key=_names)
    )
    return wire.network if is_whole else None


def _below(found: Bound) -> str:
    """The proof of the lower end alone."""
    return found.method.partition(";")[0].removeprefix("lower: ")


def _joins_all(asked: Question) -> bool:
    """True when what is described joins all accelerators."""
    try:
        return is_joined(counted_design(asked.ends, asked.wires, asked.hosts).graph)
    except Irregular:
        return unrolled_design(asked.ends, asked.wires, asked.hosts).is_joined()


def _answered(asked: Question, effort: Effort) -> Bound:
    """Both ends; where rates are uncertain the lower one at the least of them and the upper one at the most."""
    certain = all(
        rate_of(wire.connection, "low") == rate_of(wire.connection, "high") for wire in (*asked.wires, *asked.out)
    )
    if certain:
        return _at(asked, effort, "middle")
    low, high = (_at(asked, effort, end) for end in ("low", "high"))
    return evolve(
        high, lower=low.lower, status="bounds", method=f"{high.method}, at the least and the most of the link rates"
    )


def _at(asked: Question, effort: Effort, end: End) -> Bound:
    """The least cut with links at one end of their rates: by counts, then written out."""
    counted: Bound | None = None
    reason = ""
    try:
        counted = _by_counts(asked, effort, end)
        if counted.status == "exact":
            return counted
    except (Irregular, TooWide, Unproven) as error:
        reason = str(error)
    return _written_out(asked, effort, end, counted, reason)


def _by_counts(asked: Question, effort: Effort, end: End) -> Bound:
    design = counted_design(asked.ends, asked.wires, asked.hosts, end, asked.out)
    total = asked.total if asked.total is not None else most_even(design)
    if total is None:
        return absent("no two groups of whole hosts divide its accelerators")
    found = design.cut(total, Budget(steps=effort.table))
    cut = _recounted(asked, found.division, end, total)
    if not meets(min(found.upper, cut.capacity), max(found.upper, cut.capacity)):
        raise Unproven(f"links of {cut.capacity} cross where {found.upper} was claimed")
    return bound(min(found.lower, cut.capacity), cut.capacity, below=COUNTED, above=RECOUNTED, cut=cut)


def most_even(design: CountedDesign) -> int | None:
    """The number of accelerators on side A of the most even division into whole hosts; None where there is none."""
    total = design.accelerators
    if total < 2:
        return None
    if not (design.graph.weights > 1).any():
        return total // 2
    reachable = 1
    for weight, copies in design.loads():
        many = 1
        while copies:
            taken = min(many, copies)
            reachable |= reachable << (weight * taken)
            copies -= taken
            many *= 2
    return next((m for m in range(total // 2, 0, -1) if reachable >> m & 1), None)


def _recounted(asked: Question, division: Division, end: End, total: int) -> Cut:
    """A division as a cut, recounted. Raises `Unproven` when it does not put so many accelerators on one side."""
    on_a, on_b = held(asked.ends, division)
    if total not in (on_a, on_b):
        raise Unproven(f"{on_a} of {on_a + on_b} accelerators stand on one side where {total} were asked for")
    found = recounted(asked.ends, asked.wires, asked.hosts, division, end, asked.out)
    crossing = tuple(
        Crossing(f"{network_path(one.wire)}: {links_of(one)}", round(one.links), one.capacity) for one in found
    )
    halves = Halves(asked.ends, asked.wires, asked.hosts, asked.out, end, division, found)
    return Cut(float(sum(one.capacity for one in found)), (on_a, on_b), crossing, witness=halves)


def _written_out(asked: Question, effort: Effort, end: End, counted: Bound | None, reason: str) -> Bound:
    """The least cut on the graph written out, with what is known of single networks."""
    lower = counted.lower or 0.0 if counted is not None else 0.0
    below = _below(counted) if counted is not None else "capacities are not negative"
    cuts: list[tuple[Cut, str]] = [(counted.cut, RECOUNTED)] if counted is not None and counted.cut is not None else []
    try:
        design = unrolled_design(asked.ends, asked.wires, asked.hosts, end, asked.out)
    except TopologyError as error:
        return _first_ones(asked, end, lower, below, str(error))
    total = asked.total if asked.total is not None else design.most_even()
    if total is None:
        return absent("no two groups of whole hosts divide its accelerators")
    if design.graph.weights.size <= effort.vertices:
        searched = design.search(total, effort)
        if searched.lower is not None and searched.lower > lower:
            lower, below = searched.lower, _below(searched)
        if searched.cut is not None and searched.cut.side is not None:
            cuts += _certified(asked, design.division(searched.cut.side), end, total)
    for side in design.candidates(total):
        cuts += _certified(asked, design.division(side), end, total)
    own, how = _own_lower(asked, effort, end)
    if own > lower:
        lower, below = own, how
    best, above = min(cuts, key=lambda found: found[0].capacity)
    return bound(min(lower, best.capacity), best.capacity, below=below, above=above, cut=best, reason=reason or None)


def _first_ones(asked: Question, end: End, lower: float, below: str, reason: str) -> Bound:
    """What is left where nothing can be written out: the first accelerators in the order of the text against the rest."""
    total = asked.total if asked.total is not None else sum(instances(path) for path in asked.ends) // 2
    for cut, above in _certified(asked, first_ones(asked.ends, total), end, total):
        return bound(min(lower, cut.capacity), cut.capacity, below=below, above=above, cut=cut, reason=reason)
    return bound(lower, None, below=below, reason=reason)


def _certified(asked: Question, division: Division, end: End, total: int) -> Iterator[tuple[Cut, str]]:
    try:
        yield _recounted(asked, division, end, total), RECOUNTED
    except Unproven:
        return


def _own_lower(asked: Question, effort: Effort, end: End) -> tuple[float, str]:
    """The best lower end of a network that has every accelerator as an endpoint once: other links only add."""
    best, how = 0.0, ""
    if asked.total is not None or asked.hosts:
        return best, how
    level = next(name for name, known in EFFORTS.items() if known is effort)
    for wire in asked.wires:
        if (
            wire.owner
            or wire.connection.shape is None
            or sorted(wire.left, key=_names) != sorted(asked.ends, key=_names)
        ):
            continue
        found = network_bisection(wire.network, level)
        if found.lower is not None and found.lower > best:
            best, how = found.lower, f"`{wire.network.name}` by itself: {found.method}"
    return best, how


def _names(path: Path) -> tuple[str, ...]:
    return tuple(slot.name for slot in path)
