"""The cut function: the least capacity, one direction, that separates so many endpoints from the rest, of a whole design
or of one network by itself. The bisection is its value at one half.
"""

from collections.abc import Iterator
from math import prod
from weakref import WeakKeyDictionary

from compiler.ir.hardware import Network, Part
from compiler.networks.bisection.bound import Bound, absent
from compiler.networks.cuts import network_bisection, open_above, unsettled
from compiler.networks.ends import groups_of
from compiler.networks.unrolled import is_weighty
from compiler.networks.whole.carriers import Path, Wire, accelerators
from compiler.networks.whole.certified_ends import certified_ends
from compiler.networks.whole.cut_question import CutQuestion
from compiler.networks.whole.instance_counts import counts_of, instances
from compiler.networks.whole.whole_bisection import joins_all, whole_bisection

MOST_SIZES = 32
"""Sizes of divisions that are looked at to find a narrow one."""

_bounds: WeakKeyDictionary[Network, dict[tuple[int, str], Bound]] = WeakKeyDictionary()


def accelerators_of(root: Part) -> int:
    """The number of accelerators of a design."""
    return sum(map(instances, accelerators(root)))


def separated(root: Part, total: int, effort: str = "normal") -> Bound:
    """The least capacity between `total` accelerators of a design and the rest over all networks, B/s."""
    everything = accelerators_of(root)
    if not 0 < total < everything:
        return absent(_out_of_range(everything))
    half = whole_bisection(root, effort=effort)
    if half.cut is not None and total in half.cut.endpoints:
        return half
    return whole_bisection(root, effort=effort, total=total)


def sizes(root: Part) -> tuple[int, ...]:
    """Numbers of accelerators whose division from the rest is likely to be narrow, at most half of them each: all in a
    small design, else so many whole parts of each level, from the outermost."""
    everything = accelerators_of(root)
    half = everything // 2
    if half <= MOST_SIZES:
        return tuple(range(1, half + 1))
    found: dict[int, None] = {}
    counts = [counts_of(path) for path in accelerators(root)]
    for depth in range(1, max(map(len, counts)) + 1):
        for along in counts:
            one, many = prod(along[depth:]), prod(along[:depth])
            found.update(dict.fromkeys(one * some for some in (1, *_shares(many)) if depth <= len(along)))
    return tuple(size for size in found if 0 < size <= half)[:MOST_SIZES]


def _shares(many: int) -> Iterator[int]:
    """Parts of a number by halves: a half, a quarter, down to one."""
    while many > 1:
        many //= 2
        yield many


def endpoints_of(network: Network) -> int:
    """The number of endpoints that a network by itself has."""
    return sum(map(instances, _ends(network)))


def separated_in(network: Network, total: int, effort: str = "normal") -> Bound:
    """The least capacity between `total` endpoints of a network by itself and the rest of them, B/s."""
    everything = endpoints_of(network)
    if reason := unsettled(network):
        return absent(reason)
    if not 0 < total < everything:
        return absent(_out_of_range(everything))
    if 2 * total in (everything - 1, everything, everything + 1):
        return network_bisection(network, effort)
    known = _bounds.setdefault(network, {})
    if (total, effort) not in known:
        wires = tuple(Wire((), network, connection) for connection in network.inside)
        asked = CutQuestion(tuple(_ends(network)), wires, total=total)
        may_meet = len(network.inside) < len(network.connections) and not joins_all(asked)
        found = certified_ends(asked, effort)
        known[total, effort] = open_above(found) if may_meet else found
    return known[total, effort]


def _ends(network: Network) -> Iterator[Path]:
    """The paths of the endpoints of a network, from its owner: its chips or what stands for them."""
    groups = {group.slots: group.part for group in groups_of(network)}
    kinds = {part.kind for part in groups.values()}
    yield from (path for path, part in groups.items() if is_weighty(part, kinds))


def _out_of_range(everything: int) -> str:
    return f"a cut separates from 1 to {everything - 1:,} of {everything:,} endpoints"
