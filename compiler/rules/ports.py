"""Ports used against ports present, and link rates against what the ports at both ends can do."""

from collections.abc import Iterator

from compiler.ir.hardware import Group, Part, Slot
from compiler.networks.ends import SPLITTABLE, End, ends_below, ends_of, fullest
from compiler.networks.equijoin import size
from compiler.networks.links import rate_of
from compiler.numerics.tolerances import PRINTED, is_over
from compiler.quantities.display import interval
from compiler.quantities.graph import Origin
from compiler.quantities.intervals import Intervals
from compiler.rules import rule
from compiler.rules.bits_for_bytes import mistaken_port
from dsl.diagnostic import Code, Diagnostic, Label

_PARTS = 'link L { rate = 10 GB/s }\nswitch S { ports = 4; rate = 10 GB/s }\nchip C {\n  port p { lanes = 1; rate = 10 GB/s; role = "scale-up" }\n}\n'

PORTS_EXCEEDED = Code(
    "C0605",
    "more links than ports",
    cause="Every link ends in a port. The links that end at one switch or NIC, over all networks that use it, are at most its ports; a port that is faster than its links may be split among them, into `breakout` at most (8 unless the part says so, 1 forbids it); at a chip they carry at most what the port of that role carries.",
    wrong=_PARTS
    + 'node N {\n  c = 8 of C\n  s = 1 of S\n  network n {\n    role = "scale-up"\n    connect c to s with 1 of L\n  }\n}\n',
    right=_PARTS
    + 'node N {\n  c = 4 of C\n  s = 1 of S\n  network n {\n    role = "scale-up"\n    connect c to s with 1 of L\n  }\n}\n',
)
LINK_TOO_FAST = Code(
    "C0606",
    "a link is faster than a port it ends in",
    cause="A link runs at most at the rate of the slower of the ports at its ends.",
    wrong="link L { rate = 20 GB/s }\nswitch S { ports = 4; rate = 10 GB/s }\nchip C { tdp = 1 W }\nnode N {\n  c = 4 of C\n  s = 1 of S\n  network n { connect c to s with 1 of L }\n}\n",
    right="link L { rate = 10 GB/s }\nswitch S { ports = 4; rate = 10 GB/s }\nchip C { tdp = 1 W }\nnode N {\n  c = 4 of C\n  s = 1 of S\n  network n { connect c to s with 1 of L }\n}\n",
)


@rule
def ports_suffice(part: Part, site: Part | None) -> Iterator[Diagnostic]:
    """The links that end at a switch or card are at most its ports; those at a chip or card carry at most what its ports
    carry."""
    by_path: dict[tuple[Slot, ...], list[End]] = {}
    for path, end in ends_below(part) if part.networks else ():
        by_path.setdefault(path, []).append(end)
    for network in part.networks:
        for end in ends_of(network):
            ends = by_path.pop(end.group.slots, None)
            if ends is None:
                continue
            found = _ports(end.group, ends) or _chip(end.group, ends)
            if found is not None:
                yield found


def _ports(group: Group, ends: list[End]) -> Diagnostic | None:
    """The complaint about a switch or card with more links than ports; None when there is none."""
    if group.part.kind not in SPLITTABLE:
        return None
    ports = group.part.quantity("ports")
    used = sum(end.ports for end in ends)
    if ports is None or not is_over(used, size(ports)):
        return None
    ends = fullest(ends, lambda end: end.ports)
    used = sum(end.ports for end in ends)
    if not is_over(used, size(ports)):
        return None
    span = _origin(ends[0]).span
    most = sorted(ends, key=lambda end: -end.ports)[:3]
    notes = tuple(f"{end.links:g} by `{end.network.name}`" for end in most)
    labels = tuple(Label(_origin(end).span, f"{end.links:g} at each") for end in most[1:] if end.connection.origin)
    links = sum(end.links for end in ends)
    taken = "" if links == used else f" and take {used:g} of them"
    message = f"`{group.path}` has {size(ports):g} port{'s' * (size(ports) != 1)}, {links:g} links end at each{taken}"
    return PORTS_EXCEEDED.at(span, message, f"use fewer links, {_more(group.part)}", notes=notes, labels=labels)


def _more(part: Part) -> str:
    return "more switches, or a switch with more ports" if part.kind == "switch" else "or a card with more ports"


def _chip(group: Group, ends: list[End]) -> Diagnostic | None:
    """The complaint about a role in which links to a chip carry more than its ports; None when there is none."""
    for port in group.part.ports:
        wanted = port.text("role")
        mine = [end for end in ends if wanted and end.network.role == wanted]
        lanes, rate = port.quantity("lanes"), port.quantity("rate")
        if not mine or lanes is None or rate is None:
            continue
        others = [p for p in group.part.ports if p.text("role") == wanted]
        carries = sum(_carries(p) for p in others)
        if not is_over(sum(end.carried for end in mine), carries, PRINTED):
            continue
        used = sum(end.carried for end in fullest(mine, lambda end: end.carried))
        if is_over(used, carries, PRINTED):
            message = f"`{group.path}` is linked with {used / 1e9:,.4g} GB/s {wanted}, its port `{port.name}` carries {carries / 1e9:,.4g} GB/s"
            return PORTS_EXCEEDED.at(
                _origin(mine[0]).span,
                message,
                f"use fewer or slower links, or a {group.part.kind} with more lanes",
                notes=_notes(mine[0]),
            )
    return None


def _carries(port: Part) -> float:
    lanes, rate = port.quantity("lanes"), port.quantity("rate")
    return Intervals().of(lanes).high * Intervals().of(rate).high if lanes and rate else 0.0


@rule
def links_fit_ports(part: Part, site: Part | None) -> Iterator[Diagnostic]:
    """A link is at most as fast as the ports of the switch or card it ends in."""
    for network in part.networks:
        for end in ends_of(network):
            rate = end.group.part.quantity("rate") if end.group.part.kind in SPLITTABLE else None
            link = end.connection.link.quantity("rate")
            if rate is None or link is None:
                continue
            # a topology may run some of its links at a multiple of the rate
            times = end.rate / rate_of(end.connection) if rate_of(end.connection) else 1.0
            port, wanted = Intervals().of(rate).high, Intervals().of(link).low * times
            if is_over(wanted, port, PRINTED) and end.rate:
                message = f"a link of {wanted / 1e9:,.4g} GB/s ends in `{end.group.path}`, whose ports carry {port / 1e9:,.4g} GB/s"
                help = f"choose a slower link or a faster {end.group.part.kind}"
                yield LINK_TOO_FAST.at(_origin(end).span, message, help, notes=_notes(end))


def _notes(end: End) -> tuple[str, ...]:
    """The likely cause of too fast a link: the letter that tells bits from bytes; empty where the digits differ."""
    rate, port = end.connection.link.quantity("rate"), mistaken_port(end)
    if rate is None or port is None:
        return ()
    link, other = (interval(Intervals().of(each), each) for each in (rate, port))
    return (f"the link is written as `{link}`, the port as `{other}`: 8 bits (b) are one byte (B)",)


def _origin(end: End) -> Origin:
    origin = end.connection.origin
    assert origin is not None
    return origin
