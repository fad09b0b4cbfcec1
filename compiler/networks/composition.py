"""The bisection of a whole design: the cut functions of its networks, composed along containment.

Each part with accelerators has a cut function over them in their order: its own networks over those of what it contains.
"""

from collections.abc import Sequence

from compiler.ir.hardware import Connection, Network, Part, Slot, walk
from compiler.networks.bisection.bound import Bound, absent
from compiler.networks.bisection.composed_curve import compose
from compiler.networks.bisection.curve import Beside, CutFunction, Nothing
from compiler.networks.bisection.folding import folded
from compiler.networks.bisection.hierarchy import HierarchyCut
from compiler.networks.bisection.portfolio import curve_bisection
from compiler.networks.bisection.recognised_trees import forest
from compiler.networks.bisection.reduction import reduced, simple
from compiler.networks.bisection.scaling import scaled_curve
from compiler.networks.bisection.structure import cut_function
from compiler.networks.cuts import network_bisection
from compiler.networks.equijoin import size
from compiler.networks.links import topology_of, unit_of
from compiler.networks.unrolled import graph_of


class _Unknown(Exception):
    """A network whose place among the others cannot be told; the reason is the message."""


def whole_bisection(root: Part, without: str = "", effort: str = "normal") -> Bound:
    """Certified bisection of a design over its accelerators, B/s, one direction, networks of a role left out."""
    nets = [network for network in root.networks if counts(network, without)]
    inner = any(counts(network, without) for group in walk(root) for network in group.part.networks)
    if not nets:
        if inner:
            return _composed(root, without)
        besides = f" besides {without}" if without else ""
        return absent(f"no network{besides} is described between its accelerators")
    if len(nets) == 1 and not inner:
        return network_bisection(nets[0], effort)
    return _composed(root, without)


def _composed(root: Part, without: str) -> Bound:
    try:
        curve = _curve(root, without)
    except _Unknown as unknown:
        return absent(str(unknown))
    return curve_bisection(curve)


def counts(network: Network, without: str) -> bool:
    """True when a network carries traffic between accelerators, networks of the role `without` left out."""
    return (
        bool(network.inside)
        and network.role not in ("management", "storage", "host")
        and (not without or network.role != without)
    )


def _curve(part: Part, without: str) -> CutFunction:
    """The cut function of a part over its accelerators."""
    children = [(slot, count) for slot in part.slots if (count := _accelerators(slot))]
    pieces = [(_child(slot, without), int(size(slot.count))) for slot, _ in children]
    total = sum(piece.endpoints * count for piece, count in pieces)
    own = [_own(network, part, total) for network in part.networks if counts(network, without)]
    over = own[0] if len(own) == 1 else Beside(tuple(own)) if own else None
    flat = _merged(pieces)
    if all(isinstance(piece, Nothing) for piece, _ in flat):
        return over or Nothing(total)
    return compose(flat, over)


def _merged(pieces: Sequence[tuple[CutFunction, int]]) -> list[tuple[CutFunction, int]]:
    """Parts without a network of their own are so many single endpoints."""
    found: list[tuple[CutFunction, int]] = []
    for piece, count in pieces:
        if isinstance(piece, Nothing):
            piece, count = Nothing(1), count * piece.endpoints
        if found and isinstance(piece, Nothing) and isinstance(found[-1][0], Nothing):
            found[-1] = (piece, found[-1][1] + count)
        else:
            found.append((piece, count))
    return found


def _child(slot: Slot, without: str) -> CutFunction:
    return Nothing(1) if slot.part.kind in ("chip", "cpu") else _curve(slot.part, without)


def _accelerators(slot: Slot) -> int:
    """Accelerators that one instance of a slot's part holds."""
    if slot.part.kind == "chip":
        return 1
    return int(sum(size(group.count) for group in walk(slot.part) if group.part.kind == "chip"))


def _own(network: Network, part: Part, total: int) -> CutFunction:
    """The cut function of a part's own network, over all its accelerators in their order."""
    inside = network.inside
    if len(inside) == 1 and inside[0].shape is not None:
        found = _shaped(inside[0])
    elif any(connection.shape is not None for connection in inside):
        raise _Unknown(f"`{network.name}` joins a named topology with further connections, which is not yet composed")
    else:
        found = explicit_curve(network)
    if found is None:
        raise _Unknown(f"`{network.name}` has no structure that composes with the other networks of `{part.name}`")
    if found.endpoints != total:
        raise _Unknown(f"`{network.name}` has {found.endpoints:,} endpoints, `{part.name}` has {total:,} accelerators")
    return found


def _shaped(connection: Connection) -> CutFunction | None:
    found = cut_function(topology_of(connection))
    return None if found is None else scaled_curve(found, unit_of(connection))


def explicit_curve(network: Network) -> CutFunction | None:
    """The cut function of explicit connections that are a folded Clos in disguise; None when they are not."""
    if any(len({group.part.kind for group in connection.left}) > 1 for connection in network.connections):
        return None
    tree = forest(folded(reduced(simple(graph_of(network))).graph))
    return None if tree is None else HierarchyCut(tree.whole.subtree)
