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
        lefts, rights = (tuple(path(one, TIERS) for one in side) for side in (old.lefts, old.rights))
        return replace(old.over(lefts, rights), on=on, link=name(old.link), shape=shape)

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
    for decl, slot, second, made in _divided(design, rng):
        if _free_of_shapes(design, decl, slot.name) and not _has_lists(design):
            result = _reached_twice(design.with_decl(made), made, slot.name, second)
            if result is not None:
                return result
    return None


def _listed_slot(design: Design, rng: Random) -> Design | None:
    """`4 of C` as `2 of C` and `2 of C` under two names, every connect by way of it once with both in a list."""
    for decl, slot, second, made in _divided(design, rng):
        through = list(_paths(design, decl, slot.name))
        if not any(slot.name in c.on for _, _, c, _, _ in through) and all(
            not c.shape or _is_outermost(design, owner, c, side, place) for owner, _, c, side, place in through
        ):
            return _listed(design.with_decl(made), made, slot.name, second)
    return None


def _divided(design: Design, rng: Random) -> Iterator[tuple[Decl, Slot, str, Decl]]:
    """Slots that can stand as two: the declaration, the slot, the name of the second, and the declaration with both."""
    found = [(d, s) for d in design.decls for s in d.slots if isinstance(s.count, int) and s.count > 1]
    rng.shuffle(found)
    for decl, slot in found:
        if _reads_place_of(design, slot.target):
            continue
        one = rng.randint(1, int(slot.count) - 1)
        moved = [(name, key) for name, old in slot.keys if (key := _shifted(old, one)) is not None]
        if len(moved) == len(slot.keys):
            second = replace(slot, name=f"{slot.name}q", count=int(slot.count) - one, keys=tuple(moved))
            both = (replace(slot, count=one), second)
            slots = tuple(x for s in decl.slots for x in (both if s is slot else (s,)))
            yield decl, slot, second.name, replace(decl, slots=slots)


def _is_outermost(design: Design, owner: Decl, connect: Connect, side: str, place: int) -> bool:
    """Whether the parts by way of a place stand in one order however it is divided: none around it has a like."""
    for path in connect.lefts if side == "left" else connect.rights:
        at = owner
        for name in path[:place]:
            slot = next((slot for slot in at.slots if slot.name == name), None)
            if slot is None or slot.count != 1:
                return False
            at = design.decl(slot.target)
    return True


def _listed(design: Design, decl: Decl, slot: str, other: str) -> Design:
    """The design with each path by way of a slot followed by the same by way of another."""

    def both(owner: Decl, paths: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        found: list[tuple[str, ...]] = []
        for path in paths:
            place = _place(design, owner, path, decl, slot)
            found += [path] if place is None else [path, (*path[:place], other, *path[place + 1 :])]
        return tuple(found)

    for owner in design.decls:
        networks = tuple(
            replace(n, connects=tuple(c.over(both(owner, c.lefts), both(owner, c.rights)) for c in n.connects))
            for n in owner.networks
        )
        design = design.with_decl(replace(owner, networks=networks))
    return design


def _has_lists(design: Design) -> bool:
    return any(connect.more_left or connect.more_right for connect in _connects_of(design))


def _one_by_one(design: Design, rng: Random) -> Design | None:
    """A connect of several names as one for every two of them."""
    for decl in design.decls:
        for network in decl.networks:
            for connect in network.connects:
                if not connect.shape and (connect.more_left or connect.more_right):
                    pairs = dict.fromkeys(frozenset((a, b)) for a in connect.lefts for b in connect.rights)
                    alone = tuple(_alone(connect, tuple(pair)) for pair in pairs)
                    made = _without_empty(_with_connects(design, decl, network, connect, alone))
                    if made is not None:
                        return made
    return None


def _alone(connect: Connect, pair: tuple[tuple[str, ...], ...]) -> Connect:
    left, right = sorted((pair[0], pair[-1]), key=lambda path: path == EXTERNAL)
    on = () if right == EXTERNAL else connect.on
    return replace(connect.over((left,), (right,)), on=on)


def _in_one(design: Design, rng: Random) -> Design | None:
    """Two connects of the same link to the same parts as one."""
    for decl in design.decls:
        for network in decl.networks:
            for connect in network.connects:
                for other in network.connects:
                    if (
                        connect is not other
                        and not connect.shape
                        and other == connect.over(other.lefts, connect.rights)
                    ):
                        lefts = tuple(dict.fromkeys(connect.lefts + other.lefts))
                        if len(lefts) < len(connect.lefts + other.lefts) or set(lefts) & set(connect.rights):
                            continue
                        kept = replace(network, connects=tuple(c for c in network.connects if c is not other))
                        networks = tuple(kept if n is network else n for n in decl.networks)
                        made = design.with_decl(replace(decl, networks=networks))
                        both = connect.over(lefts, connect.rights)
                        return _with_connects(made, made.decl(decl.name), kept, connect, (both,))
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
                for side, paths in (("left", connect.lefts), ("right", connect.rights)):
                    for path in paths:
                        place = _place(design, owner, path, decl, slot)
                        if place is not None:
                            yield owner, network, connect, side, place


def _place(design: Design, owner: Decl, path: tuple[str, ...], decl: Decl, slot: str) -> int | None:
    """How far along a path, from its owner, the name of a slot of a declaration is; None where it is not on it."""
    at = owner
    for place, name in enumerate(path):
        if at.name == decl.name and name == slot:
            return place
        inner = next((s for s in at.slots if s.name == name), None)
        if inner is None:
            return None
        at = design.decl(inner.target)
    return None


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
        if any(network.name in path for c in _connects_of(design) for path in (*c.lefts, *c.rights)):
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
        lefts = tuple((slot.name, *path) for path in connect.lefts)
        if connect.right == EXTERNAL:
            return connect.over(lefts, connect.rights)
        rights = tuple((slot.name, *path) for path in connect.rights)
        return replace(connect.over(lefts, rights), on=(slot.name, *connect.on))

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
                    joined = replace(connect.over(connect.lefts, connect.lefts), shape=None)
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
    if any(network.name in path for c in _connects_of(design) for path in (*c.lefts, *c.rights)):
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
    "slot divided, names in one list": _listed_slot,
    "names one by one": _one_by_one,
    "connects in one": _in_one,
    "network moved up": _moved_up,
    "wrapped": _wrapped,
    "mesh joined": _meshed,
    "star joined": _starred,
}
