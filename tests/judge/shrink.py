"""Smaller designs that still show the same finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.judge.instances import Expansion
from tests.judge.model import CONTAINERS, Decl, Design, Key, Network, Slot, Unbuildable, used_only, without_connect

Shows = Callable[[Design], bool]


def shrunk(design: Design, shows: Shows, most: int = 400) -> Design:
    """The smallest design found by single steps that still shows it, after so many tries. It keeps its last chip."""
    tries, found = 0, True
    chips = bool(Expansion(design).chips)
    while found and tries < most:
        found = False
        for smaller in steps(design):
            tries += 1
            if tries > most:
                break
            if _builds(smaller, chips) and shows(smaller):
                design, found = smaller, True
                break
    return used_only(design)


def _builds(design: Design, chips: bool) -> bool:
    try:
        expansion = Expansion(design)
    except Unbuildable:
        return False
    return bool(expansion.chips) or not chips


def steps(design: Design) -> Iterator[Design]:
    """The designs one step smaller, the largest steps first."""
    yield from _inner_wholes(design)
    for decl in design.decls:
        for network in decl.networks:
            yield design.with_decl(replace(decl, networks=tuple(n for n in decl.networks if n is not network)))
    for decl in design.decls:
        for network in decl.networks:
            for number in range(len(network.connects)):
                yield without_connect(design, decl.name, network.name, number)
    for decl in design.decls:
        for slot in decl.slots:
            yield design.with_decl(replace(decl, slots=tuple(s for s in decl.slots if s is not slot)))
    for decl in design.decls:
        for slot in decl.slots:
            yield from (_with_slot(design, decl, slot, smaller) for smaller in _smaller_slots(slot))
    for decl in design.decls:
        yield from _plainer(design, decl)
    yield from _plainer_links(design)


def _inner_wholes(design: Design) -> Iterator[Design]:
    """Each part as the whole."""
    for place, decl in enumerate(design.decls[:-1]):
        if decl.kind in CONTAINERS:
            yield replace(design, decls=design.decls[: place + 1])


def _with_slot(design: Design, decl: Decl, old: Slot, new: Slot) -> Design:
    return design.with_decl(replace(decl, slots=tuple(new if slot is old else slot for slot in decl.slots)))


def _smaller_slots(slot: Slot) -> Iterator[Slot]:
    if isinstance(slot.count, str):
        yield replace(slot, count=2)
    elif slot.count > 1:
        yield from (replace(slot, count=count) for count in sorted({1, slot.count // 2, slot.count - 1}))
    if slot.arguments:
        yield replace(slot, arguments=())
    for number, (name, key) in enumerate(slot.keys):
        yield replace(slot, keys=slot.keys[:number] + slot.keys[number + 1 :])
        if key != Key():
            yield replace(slot, keys=(*slot.keys[:number], (name, Key()), *slot.keys[number + 1 :]))


def _plainer(design: Design, decl: Decl) -> Iterator[Design]:
    """Networks with fewer links, no bundles, roles or joins; chips and cards without ports."""
    if decl.kind in ("chip", "nic") and decl.ports:
        yield design.with_decl(replace(decl, ports=0, port_rate=0, port_role=""))
    if decl.kind == "switch" and decl.ports not in (4, 8, 999):
        yield design.with_decl(replace(decl, ports=999, port_rate=100))
    if decl.parameters and not any(slot.count == name for slot in decl.slots for name, _ in decl.parameters):
        yield design.with_decl(replace(decl, parameters=()))
    for network in decl.networks:
        if network.role:
            yield design.with_decl(_swap_network(decl, network.name, replace(network, role="")))
        for connect in network.connects:
            smaller = []
            if connect.links > 1:
                smaller.append(replace(connect, links=1))
            if connect.bundle > 1:
                smaller.append(replace(connect, bundle=1))
            smaller += [replace(connect, on=connect.on[:n] + connect.on[n + 1 :]) for n in range(len(connect.on))]
            for one in smaller:
                connects = tuple(one if each is connect else each for each in network.connects)
                yield design.with_decl(_swap_network(decl, network.name, replace(network, connects=connects)))


def _swap_network(decl: Decl, name: str, new: Network) -> Decl:
    return replace(decl, networks=tuple(new if n.name == name else n for n in decl.networks))


def _plainer_links(design: Design) -> Iterator[Design]:
    for link in design.links:
        rates = {(1.0, 1.0), (link.low, link.low)} - {(link.low, link.high)}
        for low, high in sorted(rates):
            changed = tuple(replace(link, low=low, high=high) if each is link else each for each in design.links)
            yield replace(design, links=changed)
