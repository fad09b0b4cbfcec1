"""The same links written differently: whatever the whole is, it must stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from tests.judge.instances import Expansion
from tests.judge.model import (
    CONTAINERS,
    EXTERNAL,
    Connect,
    Decl,
    Design,
    Key,
    Link,
    Network,
    Slot,
    Unbuildable,
    without_connect,
)

Rewriting = Callable[[Design, Random], Design | None]
"""A design written otherwise, or None where this one cannot be."""


def variants(design: Design, rng: Random) -> Iterator[tuple[str, Design]]:
    """Every rewriting that a design allows, by name. Ports and instances fit; the links are the same."""
    for name, rewriting in REWRITINGS.items():
        try:
            made = rewriting(design, rng)
            if made is not None and made != design:
                Expansion(made)
                yield name, made
        except Unbuildable:
            continue


def _renamed(design: Design, rng: Random) -> Design:
    """Other names for declarations, slots, networks and links."""

    def name(old: str) -> str:
        return {"external": old}.get(old, f"{old}_x")

    def path(old: tuple[str, ...], tiers: set[str]) -> tuple[str, ...]:
        return tuple(each if each in tiers else name(each) for each in old)

    keys = {"rail", "plane", *CONTAINERS}

    def connect(old: Connect) -> Connect:
        shape = old.shape and replace(old.shape, switch=name(old.shape.switch) if old.shape.switch else "")
        on = tuple(each if each in keys else name(each) for each in old.on)
        left, right = path(old.left, TIERS), path(old.right, TIERS)
        return replace(old, left=left, right=right, on=on, link=name(old.link), shape=shape)

    def decl(old: Decl) -> Decl:
        slots = tuple(replace(slot, name=name(slot.name), target=name(slot.target)) for slot in old.slots)
        networks = tuple(Network(name(n.name), tuple(map(connect, n.connects)), n.role) for n in old.networks)
        return replace(old, name=name(old.name), slots=slots, networks=networks)

    links = tuple(Link(name(link.name), link.low, link.high) for link in design.links)
    return Design(tuple(map(decl, design.decls)), links, design.notes)


TIERS = {
    "leaf",
    "spine",
    "agg",
    "core",
    "switch",
    "router",
    *(f"{kind}{n}" for kind in ("tier", "level") for n in range(6)),
}


def _reordered(design: Design, rng: Random) -> Design:
    """Slots, networks, connects and links in another order."""

    def shuffled(old: tuple[object, ...]) -> tuple:
        return tuple(rng.sample(old, len(old)))

    for decl in design.decls:
        networks = tuple(
            replace(n, connects=n.connects if _makes_switches(n) else shuffled(n.connects))
            for n in shuffled(decl.networks)
        )
        design = design.with_decl(replace(decl, slots=shuffled(decl.slots), networks=networks))
    return replace(design, links=shuffled(design.links))


def _makes_switches(network: Network) -> bool:
    return any(connect.shape and connect.shape.switch for connect in network.connects)


def _divided_network(design: Design, rng: Random) -> Design | None:
    """A network of several connects as two networks of the same role."""
    found = [(d, n) for d in design.decls for n in d.networks if len(n.connects) > 1 and not _makes_switches(n)]
    if not found:
        return None
    decl, network = rng.choice(found)
    at = rng.randint(1, len(network.connects) - 1)
    first = replace(network, connects=network.connects[:at])
    second = Network(f"{network.name}b", network.connects[at:], network.role)
    networks = tuple(one for n in decl.networks for one in ([first, second] if n is network else [n]))
    return design.with_decl(replace(decl, networks=networks))


def _divided_links(design: Design, rng: Random) -> Design | None:
    """`with 3 of L` as `with 1 of L` and `with 2 of L`."""
    found = [
        (d, n, c)
        for d in design.decls
        for n in d.networks
        for c in n.connects
        if c.links > 1 and not c.shape and c.bundle == 1
    ]
    if not found:
        return None
    decl, network, connect = rng.choice(found)
    both = (replace(connect, links=1), replace(connect, links=connect.links - 1))
    return _with_connects(design, decl, network, connect, both)


def _with_connects(design: Design, decl: Decl, network: Network, old: Connect, new: tuple[Connect, ...]) -> Design:
    connects = tuple(one for each in network.connects for one in (new if each is old else (each,)))
    networks = tuple(replace(n, connects=connects) if n is network else n for n in decl.networks)
    return design.with_decl(replace(decl, networks=networks))


def _divided_slot(design: Design, rng: Random) -> Design | None:
    """`4 of C` as `2 of C` and `2 of C` under two names, every connect by way of it once for each."""
    found = [(d, s) for d in design.decls for s in d.slots if isinstance(s.count, int) and s.count > 1]
    rng.shuffle(found)
    for decl, slot in found:
        if _reads_place_of(design, slot.target) or not _free_of_shapes(design, decl, slot.name):
            continue
        one = rng.randint(1, int(slot.count) - 1)
        moved = tuple((name, _shifted(key, one)) for name, key in slot.keys)
        if any(key is None for _, key in moved):
            continue
        first = replace(slot, count=one)
        second = replace(slot, name=f"{slot.name}q", count=int(slot.count) - one, keys=moved)
        made = replace(decl, slots=tuple(x for s in decl.slots for x in ([first, second] if s is slot else [s])))
        result = _reached_twice(design.with_decl(made), made, slot.name, second.name)
        if result is not None:
            return result
    return None


def _shifted(key: Key, by: int) -> Key | None:
    """A key whose index begins at `by`; None where that cannot be written."""
    if key.turn == "none":
        return key
    if key.turn == "index":
        return replace(key, offset=key.offset + by)
    if key.turn == "div" and by % key.by == 0:
        return replace(key, offset=key.offset + by // key.by)
    return key if key.turn == "mod" and by % key.by == 0 else None


def _reads_place_of(design: Design, target: str) -> bool:
    """Whether anything inside a declaration asks for the place of the parts around it."""
    decl = design.decl(target)
    return any(key.parent_factor for slot in decl.slots for _, key in slot.keys) or any(
        _reads_place_of(design, slot.target) for slot in decl.slots
    )


def _paths(design: Design, decl: Decl, slot: str) -> Iterator[tuple[Decl, Network, Connect, str, int]]:
    """Connects that go by way of a slot: where they stand, which side, and how far along the slot's name is."""
    for owner in design.decls:
        for network in owner.networks:
            for connect in network.connects:
                for side in ("left", "right"):
                    at = owner
                    for place, name in enumerate(getattr(connect, side)):
                        if at.name == decl.name and name == slot:
                            yield owner, network, connect, side, place
                        inner = next((s for s in at.slots if s.name == name), None)
                        if inner is None:
                            break
                        at = design.decl(inner.target)


def _free_of_shapes(design: Design, decl: Decl, slot: str) -> bool:
    """Whether no topology is laid over parts by way of a slot, and no join names it."""
    return all(not connect.shape and slot not in connect.on for _, _, connect, _, _ in _paths(design, decl, slot))


def _reached_twice(design: Design, decl: Decl, slot: str, other: str) -> Design | None:
    """The design with each connect by way of a slot written for another slot as well."""
    for owner in design.decls:
        networks = []
        for network in owner.networks:
            connects: list[Connect] = []
            for connect in network.connects:
                places = {
                    side: place
                    for d, n, c, side, place in _paths(design, decl, slot)
                    if d.name == owner.name and n == network and c is connect
                }
                connects += _copies(connect, places, other)
            networks.append(replace(network, connects=tuple(connects)))
        design = design.with_decl(replace(owner, networks=tuple(networks)))
    return _without_empty(design)


def _copies(connect: Connect, places: dict[str, int], other: str) -> list[Connect]:
    """A connect once for each way through one slot or the other on either side."""

    def ways(side: str) -> list[tuple[str, ...]]:
        path = getattr(connect, side)
        if side not in places:
            return [path]
        at = places[side]
        return [path, (*path[:at], other, *path[at + 1 :])]

    lefts, rights = ways("left"), ways("right")
    pairs = [(left, right) for left in lefts for right in rights]
    if connect.left == connect.right:
        pairs = [(lefts[0], rights[0]), (lefts[0], rights[1]), (lefts[1], rights[1])] if len(lefts) == 2 else pairs
    return [replace(connect, left=left, right=right) for left, right in pairs]


def _without_empty(design: Design) -> Design | None:
    """The design without connects that make no link."""
    while True:
        try:
            Expansion(design)
            return design
        except Unbuildable as error:
            if error.place is None or "makes no link" not in str(error):
                return None
            design = without_connect(design, *error.place)


def _moved_up(design: Design, rng: Random) -> Design | None:
    """A network of a part written in the parts around it, joined on the part."""
    found = [(d, n) for d in design.decls[:-1] for n in d.networks if not any(c.shape for c in n.connects)]
    rng.shuffle(found)
    for decl, network in found:
        if any(network.name in path for c in _connects_of(design) for path in (c.left, c.right)):
            continue
        around = [(d, s) for d in design.decls for s in d.slots if s.target == decl.name]
        kept = replace(decl, networks=tuple(n for n in decl.networks if n is not network))
        made = design.with_decl(kept)
        for number, (outer, slot) in enumerate(around):
            made = _written_above(made, outer, slot, network, number)
        return made
    return None


def _connects_of(design: Design) -> Iterator[Connect]:
    yield from (connect for decl in design.decls for network in decl.networks for connect in network.connects)


def _written_above(design: Design, outer: Decl, slot: Slot, network: Network, number: int) -> Design:
    def lifted(connect: Connect) -> Connect:
        left = (slot.name, *connect.left)
        if connect.right == EXTERNAL:
            return replace(connect, left=left)
        return replace(connect, left=left, right=(slot.name, *connect.right), on=(slot.name, *connect.on))

    fresh = Network(f"{network.name}u{number}", tuple(map(lifted, network.connects)), network.role)
    now = design.decl(outer.name)
    return design.with_decl(replace(now, networks=(*now.networks, fresh)))


def _wrapped(design: Design, rng: Random) -> Design | None:
    """The whole as the only part of one around it."""
    if design.root.kind not in ("rack", "supernode", "supercluster", "node"):
        return None
    slot = Slot("only", 1, design.root.name)
    return replace(design, decls=(*design.decls, Decl("supercluster", "Around", (slot,))))


def _meshed(design: Design, rng: Random) -> Design | None:
    """A full mesh as a join of a path with itself."""
    for decl in design.decls:
        for network in decl.networks:
            for connect in network.connects:
                if connect.shape and connect.shape.family == "full_mesh":
                    joined = replace(connect, right=connect.left, shape=None)
                    return _with_connects(design, decl, network, connect, (joined,))
    return None


def _starred(design: Design, rng: Random) -> Design | None:
    """A star over switches it makes as a join with switches that stand there."""
    for decl in design.decls:
        for network in decl.networks:
            for connect in network.connects:
                if (
                    connect.shape
                    and connect.shape.family == "star"
                    and connect.shape.switch
                    and len(network.connects) == 1
                ):
                    return _with_hubs(design, decl, network, connect)
    return None


def _with_hubs(design: Design, decl: Decl, network: Network, connect: Connect) -> Design | None:
    assert connect.shape
    if any(network.name in path for c in _connects_of(design) for path in (c.left, c.right)):
        return None
    given = dict(connect.shape.parameters)
    trunk, switches = (int(str(given.get(name, 1))) for name in ("trunk", "switches"))
    joined = replace(connect, right=("hubs",), shape=None, links=connect.links * trunk)
    made = replace(decl, slots=(*decl.slots, Slot("hubs", switches, connect.shape.switch)))
    return _with_connects(design.with_decl(made), made, network, connect, (joined,))


REWRITINGS: dict[str, Rewriting] = {
    "renamed": _renamed,
    "reordered": _reordered,
    "network divided": _divided_network,
    "links divided": _divided_links,
    "slot divided": _divided_slot,
    "network moved up": _moved_up,
    "wrapped": _wrapped,
    "mesh joined": _meshed,
    "star joined": _starred,
}
