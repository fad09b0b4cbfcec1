"""The bisection of a whole design: its networks as one graph over all accelerators, halved by named accelerators."""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from attrs import evolve

from compiler.ir.hardware import Network, Part
from compiler.networks.bisection.bound import Bound, absent
from compiler.networks.cuts import network_bisection
from compiler.networks.topologies.topology import TopologyError
from compiler.networks.unrolled import one_topology
from compiler.networks.whole.carriers import accelerators, wires
from compiler.networks.whole.cells import Irregular
from compiler.networks.whole.certified_ends import certified_ends, proof_below
from compiler.networks.whole.counted_design import counted_design
from compiler.networks.whole.cut_question import CutQuestion
from compiler.networks.whole.hosts import touched
from compiler.networks.whole.reach import is_joined, linked
from compiler.networks.whole.undescribed import hosts
from compiler.networks.whole.unrolled_design import unrolled_design

BEYOND = "all that leaves the design joined outside"
HOST = "the inside of a host whose cards are not linked to its accelerators is taken as no limit"
ONE_HOST = "it is one host, and the links inside it are not described"
MORE_OUTSIDE = "links that leave the design may add to it outside"
TO_THE_MOST = "links leave the design: from what is described to the most that could pass outside"


_bounds: "WeakKeyDictionary[Part, dict[tuple[str, str, int | None], Bound]]" = WeakKeyDictionary()


def whole_bisection(root: Part, without: str = "", effort: str = "normal", total: int | None = None) -> Bound:
    """The certified bisection of a design, B/s one direction, networks of the role `without` left out.

    With `total`, the least cut that leaves so many accelerators on side A. Kept as long as the design lives.
    """
    known = _bounds.setdefault(root, {})
    key = (without, effort, total)
    if key not in known:
        known[key] = _bisection(root, without, effort, total)
    return known[key]


def _bisection(root: Part, without: str, effort: str, total: int | None) -> Bound:
    asked = question(root, without, total)
    if isinstance(asked, str):
        return absent(asked)
    described = described_of(asked)
    if not asked.out and (alone := sole_network(described)) is not None:
        return network_bisection(alone, effort)
    found = certified_ends(described, effort)
    notes = (*_notes(asked), *_sizes(asked, found))
    if not asked.out:
        return evolve(found, notes=notes)
    beyond = beyond_of(asked)
    if not beyond.out:
        return evolve(found, notes=(*notes, MORE_OUTSIDE))
    both = _from_to(found, certified_ends(beyond, effort))
    return evolve(both, notes=notes if both.status == "absent" else (*notes, TO_THE_MOST))


def question(root: Part, without: str = "", total: int | None = None) -> CutQuestion | str:
    """All accelerators of a design over all that carries their traffic, networks of a role left out; the reason where
    nothing can be asked."""
    used = wires(root, without)
    inside = tuple(wire for wire in used if not wire.connection.external)
    out = tuple(wire for wire in used if wire.connection.external)
    whole = hosts(root, wires(root), used)
    ends = tuple(accelerators(root))
    if not linked(ends, inside + out, whole):
        besides = f" besides {without}" if without else ""
        return f"no network{besides} is described that links accelerators"
    if any(not host.path for host in whole):
        return ONE_HOST
    return CutQuestion(ends, inside, whole, out, total)


def described_of(asked: CutQuestion) -> CutQuestion:
    """The question over what is described, the outside left out."""
    return evolve(asked, out=(), hosts=touched(asked.hosts, asked.wires))


def beyond_of(asked: CutQuestion) -> CutQuestion:
    """The question with all that leaves joined outside; that over what is described where that joins all accelerators."""
    if not asked.out or joins_all(described_of(asked)):
        return described_of(asked)
    return evolve(asked, hosts=touched(asked.hosts, asked.wires + asked.out))


def _from_to(described: Bound, beyond: Bound) -> Bound:
    """The bound from what is described to the most that could pass outside; absent where either has no such end."""
    if described.lower is None or beyond.upper is None:
        reason = described.reason or beyond.reason
        return evolve(described, upper=None, status="absent", cut=None, reason=reason)
    method = f"lower: {proof_below(described)}; upper: {BEYOND}"
    return evolve(beyond, lower=described.lower, status="bounds", method=method)


def sole_network(asked: CutQuestion) -> Network | None:
    """The network that is the whole design: one topology by its name, with every accelerator as an endpoint once."""
    used = {wire.network for wire in asked.wires}
    if len(used) > 1 or len(asked.covering()) < len(asked.wires):
        return None
    network = next(iter(used), None)
    return network if network is not None and one_topology(network) is not None else None


def _notes(asked: CutQuestion) -> Iterator[str]:
    """The assumptions of an answer, and the accelerators that it says nothing of."""
    if asked.hosts:
        yield HOST
    reached = linked(asked.ends, asked.wires + asked.out, asked.hosts)
    unlinked = [path for path in asked.ends if path not in reached]
    if unlinked:
        yield "no link ends at " + ", ".join(f"`{'.'.join(slot.name for slot in path)}`" for path in unlinked)


def _sizes(asked: CutQuestion, found: Bound) -> Iterator[str]:
    """The sizes of halves that whole hosts make unlike."""
    sides = sorted(found.cut.endpoints) if found.cut is not None else [0, 0]
    if asked.hosts and asked.total is None and sides[1] - sides[0] > 1:
        yield f"whole hosts divide it into {sides[1]:,} and {sides[0]:,} accelerators, as evenly as they can"


def joins_all(asked: CutQuestion) -> bool:
    """True when what is described surely joins all endpoints; what is too large to write out may not."""
    try:
        return is_joined(counted_design(asked.ends, asked.wires, asked.hosts).graph)
    except Irregular:
        pass
    try:
        return unrolled_design(asked.ends, asked.wires, asked.hosts).is_joined()
    except TopologyError:
        return False
