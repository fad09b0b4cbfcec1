"""Links whose digits are those of the port they end in, in bits where that is in bytes, or the other way round."""

from collections.abc import Iterator, Sequence

from compiler.ir.hardware import Group, Part
from compiler.networks.ends import SPLITTABLE, End, ends_of
from compiler.numerics.tolerances import nearly
from compiler.quantities import units
from compiler.quantities.display import interval
from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Intervals
from compiler.rules import rule
from dsl.diagnostic import Code, Diagnostic, Label

BITS_IN_A_BYTE = 8

_PARTS = "link L {{ rate = {} }}\nswitch S {{ ports = 4; rate = 50 GB/s }}\nchip C {{ tdp = 1 W }}\nnode N {{\n  c = 4 of C\n  s = 1 of S\n  network n {{ connect c to s with 1 of L }}\n}}\n"

BITS_FOR_BYTES = Code(
    "C0607",
    "a link has the digits of its port and an eighth of its rate",
    cause="`50 Gb/s` is an eighth of `50 GB/s`. A faster port may be split among slower links, but where the digits are the same a letter is more often wrong. Who means it says so by the `breakout` of the switch or NIC.",
    wrong=_PARTS.format("50 Gb/s"),
    right=_PARTS.format("50 GB/s"),
    severity="warning",
)


@rule
def units_are_meant(part: Part, site: Part | None) -> Iterator[Diagnostic]:
    """A link whose digits are those of the port it ends in has its unit, too, unless a `breakout` is written."""
    for network in part.networks:
        by_link: dict[Part, list[End]] = {}
        for end in ends_of(network):
            by_link.setdefault(end.connection.link, []).append(end)
        for ends in by_link.values():
            if not any(end.group.part.quantity("breakout") is not None for end in ends):
                yield from _question(sorted(ends, key=lambda end: end.group.part.kind not in SPLITTABLE))


def _question(ends: Sequence[End]) -> Iterator[Diagnostic]:
    """The question about a link, at the first of its ends where a port has its digits and is faster."""
    for end in ends:
        rate, port = end.connection.link.quantity("rate"), mistaken_port(end)
        if rate is not None and port is not None and Intervals().of(rate).middle < Intervals().of(port).middle:
            yield _asked(end, rate, port)
            return


def mistaken_port(end: End) -> Quantity | None:
    """The rate of a port at the end of a link whose digits are those of the link while one is in bits and the other in
    bytes; None where there is none."""
    rate = end.connection.link.quantity("rate")
    ports = () if rate is None else _port_rates(end.group, end.network.role)
    return next((port for port in ports if rate is not None and _differ_by_b(rate, port)), None)


def _port_rates(group: Group, role: str) -> Iterator[Quantity]:
    """The rates of the ports in which a link of a network of some role may end; of a chip's port, that of one lane."""
    own = group.part.quantity("rate")
    if own is not None and group.part.kind in SPLITTABLE:
        yield own
    for port in group.part.ports:
        rate = port.quantity("rate")
        if rate is not None and port.text("role") in ("", role):
            yield rate


def _differ_by_b(one: Quantity, other: Quantity) -> bool:
    """True when two rates are written with the same digits, one in bits and the other in bytes."""
    first, second = units.unit(one.unit), units.unit(other.unit)
    if first is None or second is None:
        return False
    ratio = first.scale / second.scale
    mine, theirs = Intervals().of(one), Intervals().of(other)
    return (nearly(ratio, BITS_IN_A_BYTE) or nearly(ratio * BITS_IN_A_BYTE, 1.0)) and all(
        nearly(a, b * ratio) for a, b in ((mine.low, theirs.low), (mine.high, theirs.high))
    )


def _asked(end: End, rate: Quantity, port: Quantity) -> Diagnostic:
    assert end.connection.origin is not None
    link, other = (interval(Intervals().of(each), each) for each in (rate, port))
    message = f"a link of {link} ends in `{end.group.path}`, whose ports carry {other}: the digits are the same, the unit is not"
    label = (Label(rate.origin.span, "the rate of the link"),) if rate.origin is not None else ()
    help = f"write `{other}` for the link"
    if end.group.part.kind in SPLITTABLE:
        help += f", or state the `breakout` of `{end.group.part.name}` if its ports are split among slower links"
    return BITS_FOR_BYTES.at(end.connection.origin.span, message, help, labels=label)
