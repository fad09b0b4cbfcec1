"""The bisection of a whole design: its networks as one graph over all accelerators, halved by named accelerators."""

from collections.abc import Iterator

from attrs import evolve

from compiler.ir.hardware import Network, Part
from compiler.networks.bisection.bound import Bound, absent
from compiler.networks.cuts import network_bisection
from compiler.networks.whole.carriers import accelerators, leaving, wires
from compiler.networks.whole.cells import Irregular
from compiler.networks.whole.certified_ends import certified_ends, proof_below
from compiler.networks.whole.counted_design import counted_design
from compiler.networks.whole.cut_question import CutQuestion
from compiler.networks.whole.hosts import hosts, touched
from compiler.networks.whole.reach import is_joined, linked
from compiler.networks.whole.unrolled_design import unrolled_design

BEYOND = "all that leaves the design joined outside"
HOST = "the inside of a host whose cards are not linked to its accelerators is taken as no limit"
ONE_HOST = "it is one host, and the links inside it are not described"
MORE_OUTSIDE = "links that leave the design may add to it outside"
TO_THE_MOST = "links leave the design: from what is described to the most that could pass outside"


def whole_bisection(root: Part, without: str = "", effort: str = "normal", total: int | None = None) -> Bound:
    """The certified bisection of a design, B/s one direction, networks of the role `without` left out.

    With `total`, the least cut that leaves so many accelerators on side A.
    """
    used = wires(root, without)
    inside = tuple(wire for wire in used if not wire.connection.external)
    out = leaving(root, used)
    whole = hosts(root, wires(root), used)
    asked = CutQuestion(tuple(accelerators(root)), inside, touched(whole, inside), total=total)
    if not linked(asked.ends, inside + out, whole):
        besides = f" besides {without}" if without else ""
        return absent(f"no network{besides} is described that links accelerators")
    if any(not host.path for host in whole):
        return absent(ONE_HOST)
    if not out and (alone := _one_topology(asked)) is not None:
        return network_bisection(alone, effort)
    described = certified_ends(asked, effort)
    notes = tuple(_notes(evolve(asked, out=out, hosts=whole)))
    if not out:
        return evolve(described, notes=notes)
    if _joins_all(asked):
        return evolve(described, notes=(*notes, MORE_OUTSIDE))
    beyond = certified_ends(evolve(asked, out=out, hosts=touched(whole, inside + out)), effort)
    return evolve(_from_to(described, beyond), notes=(*notes, TO_THE_MOST))


def _from_to(described: Bound, beyond: Bound) -> Bound:
    """The bound from what is described to the most that could pass outside."""
    method = f"lower: {proof_below(described)}; upper: {BEYOND}"
    return evolve(beyond, lower=described.lower, status="bounds", method=method)


def _one_topology(asked: CutQuestion) -> Network | None:
    """The network that is the whole design: one topology by its name, with every accelerator as an endpoint once."""
    found = asked.covering() if len(asked.wires) == 1 else []
    return found[0].network if found else None


def _notes(asked: CutQuestion) -> Iterator[str]:
    """The assumptions of an answer, and the accelerators that it says nothing of."""
    if asked.hosts:
        yield HOST
    reached = linked(asked.ends, asked.wires + asked.out, asked.hosts)
    unlinked = [path for path in asked.ends if path not in reached]
    if unlinked:
        yield "no link ends at " + ", ".join(f"`{'.'.join(slot.name for slot in path)}`" for path in unlinked)


def _joins_all(asked: CutQuestion) -> bool:
    """True when what is described joins all accelerators."""
    try:
        return is_joined(counted_design(asked.ends, asked.wires, asked.hosts).graph)
    except Irregular:
        return unrolled_design(asked.ends, asked.wires, asked.hosts).is_joined()
