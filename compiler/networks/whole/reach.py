"""Reachability of accelerators: those that some link ends at, and the test that all can reach each other."""

from collections.abc import Sequence

from compiler.networks.bisection.counted_graph import is_within
from compiler.networks.bisection.reduction import Simple
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.hosts import Host


def linked(ends: Sequence[Path], wires: Sequence[Wire], hosts: Sequence[Host]) -> tuple[Path, ...]:
    """The endpoints that some link ends at, or at a card of whose host."""
    touched = {path for wire in wires for path in (*wire.left, *wire.right)}
    by_card = [host.path for host in hosts if touched.intersection(host.cards)]
    return tuple(end for end in ends if end in touched or any(end[: len(path)] == path for path in by_card))


def is_joined(graph: Simple) -> bool:
    """True when all endpoints of a counted graph, in all copies, can reach each other.

    They do when what is drawn is joined, and in each class whatever holds endpoints also touches something around it:
    its copies then meet there.
    """
    if not _is_joined_within(graph, range(graph.order)):
        return False
    for which in range(1, len(graph.classes)):
        inside = [v for v in range(graph.order) if is_within(graph.classes, int(graph.home[v]), which)]
        leads_out = _leading_out(graph, which)
        for piece in _pieces(graph, inside):
            if any(graph.weights[v] for v in piece) and not leads_out.intersection(piece):
                return False
    return True


def _is_joined_within(graph: Simple, vertices: Sequence[int]) -> bool:
    """True when the endpoints among some vertices are joined by links among those."""
    loaded = [piece for piece in _pieces(graph, vertices) if any(graph.weights[v] for v in piece)]
    return len(loaded) <= 1


def _leading_out(graph: Simple, which: int) -> set[int]:
    """The vertices within a class that a link joins with one around it."""
    found = set()
    for u, v in zip(graph.u.tolist(), graph.v.tolist(), strict=True):
        ins = [is_within(graph.classes, int(graph.home[one]), which) for one in (u, v)]
        if ins[0] != ins[1]:
            found.add(u if ins[0] else v)
    return found


def _pieces(graph: Simple, vertices: Sequence[int]) -> list[set[int]]:
    """The parts into which some vertices fall by the links among them."""
    within = set(vertices)
    near: dict[int, list[int]] = {v: [] for v in within}
    for u, v in zip(graph.u.tolist(), graph.v.tolist(), strict=True):
        if u in within and v in within:
            near[u].append(v)
            near[v].append(u)
    pieces = []
    while within:
        piece, waiting = set(), [next(iter(within))]
        while waiting:
            one = waiting.pop()
            if one not in piece:
                piece.add(one)
                waiting += near[one]
        within -= piece
        pieces.append(piece)
    return pieces
