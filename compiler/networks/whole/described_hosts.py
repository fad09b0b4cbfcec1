"""Links inside hosts: which instances of a card reach an accelerator of their own host over them.

Whoever's network they are written in, links count that join instances within one host. Where no key of theirs reads a place
of the host or of what is around it, all hosts are alike, and the first is looked at.
"""

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.networks.topologies.connectivity import islands
from compiler.networks.whole.carriers import Path, Wire
from compiler.networks.whole.instance_counts import counts_of, instances
from compiler.networks.whole.keys import Key, key_of, shared_depth

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@frozen
class _Meeting:
    """Two paths below a host that a connection joins: instances meet that are the same in `depth` leading places, and whose
    keys are equal. Without keys all that a topology lies over meet."""

    left: Path
    right: Path
    depth: int
    keys: tuple[Sequence[Key], Sequence[Key]] = ((), ())


def reaching(card: Path, host: Path, ends: Sequence[Path], wires: Sequence[Wire]) -> Bools | None:
    """The instances of a card that links inside their host lead to an accelerator of it, shape (instances,); None where none
    are."""
    meetings = [one for wire in wires if not wire.connection.external for one in _meetings(wire, host)]
    paths = _joined_paths(card, meetings)
    inside = [path for path in ends if path in paths]
    if not inside:
        return None
    meetings = [one for one in meetings if one.left in paths]
    is_alike = all(level >= len(host) for one in meetings for side in one.keys for key in side for level in key.read)
    hosts = 1 if is_alike else instances(host)
    island = _islands(paths, meetings, hosts, len(host))
    reached = np.isin(island[card], np.concatenate([island[path] for path in inside]))
    found = np.tile(reached, instances(card) // reached.size)
    return found if found.any() else None


def _meetings(wire: Wire, host: Path) -> Iterator[_Meeting]:
    if wire.connection.shape is not None:
        if wire.owner[: len(host)] == host:
            first, *rest = (*wire.left, *wire.right)
            yield from (_Meeting(first, other, len(wire.owner)) for other in rest or [first])
        return
    for left in wire.left:
        for right in wire.right:
            if left[: len(host)] == host == right[: len(host)]:
                ones, others = ([key_of(path, name) for name in wire.connection.keys] for path in (left, right))
                depth = shared_depth(ones, others, len(wire.owner))
                if depth is not None:
                    yield _Meeting(left, right, max(depth, len(host)), (ones, others))


def _joined_paths(card: Path, meetings: Sequence[_Meeting]) -> dict[Path, None]:
    """The paths that meetings may lead to from a card."""
    found, waiting = {card: None}, [card]
    while waiting:
        here = waiting.pop()
        for one in meetings:
            if here in (one.left, one.right):
                fresh = [path for path in (one.left, one.right) if path not in found]
                found |= dict.fromkeys(fresh)
                waiting += fresh
    return found


def _islands(paths: dict[Path, None], meetings: Sequence[_Meeting], hosts: int, depth: int) -> dict[Path, Ints]:
    """The island of each instance of some paths in so many hosts, the first ones, shape (instances there,) each."""
    sizes = {path: hosts * prod(counts_of(path)[depth:]) for path in paths}
    starts = dict(zip(sizes, np.cumsum([0, *sizes.values()]).tolist(), strict=False))
    order, us, vs = sum(sizes.values()), [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for one in meetings:
        codes = [
            _codes(path, sizes[path], one.depth, keys)
            for path, keys in zip((one.left, one.right), one.keys, strict=True)
        ]
        _, which = np.unique(np.concatenate(codes), axis=0, return_inverse=True)
        mine, theirs = np.split(which.reshape(-1), [len(codes[0])])
        # whatever has one code stands at a vertex of its own, where the other side has that code too
        for path, own, other in ((one.left, mine, theirs), (one.right, theirs, mine)):
            met = np.flatnonzero(np.isin(own, other))
            us.append(starts[path] + met)
            vs.append(order + own[met])
        order += int(which.max(initial=-1)) + 1
    island = islands(order, np.concatenate(us), np.concatenate(vs))
    return {path: island[starts[path] : starts[path] + sizes[path]] for path in paths}


def _codes(path: Path, size: int, depth: int, keys: Sequence[Key]) -> NDArray[np.float64]:
    """The leading places and the fields of the first `size` instances of a path, shape (size, 1 + fields)."""
    counts, numbers = counts_of(path), np.arange(size)
    places = {level: numbers // prod(counts[level + 1 :]) % counts[level] for level in range(len(path))}
    columns = [(numbers // prod(counts[depth:])).astype(np.float64)]
    columns += [key.values(places, size) for key in keys if key.field is not None]
    return np.stack(columns, axis=1)
