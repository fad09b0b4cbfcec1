"""A design as `.cluster` text."""

from __future__ import annotations

from collections.abc import Iterator

from tests.judge.model import CONTAINERS, Connect, Decl, Design, Key, Link, Network, Shape, Slot

ENDLESS = {"chip": "tdp = 1 W", "cpu": "tdp = 1 W", "nic": "tdp = 1 W"}
"""What a leaf says where its ports are left open."""


ASKED = {
    "asked_all_to_all": "bandwidth.all_to_all",
    "asked_worst_permutation": "bandwidth.worst_permutation",
}
"""Names under which a text asks for figures that a report has only where a text asks for them."""


def written(design: Design, asks: bool = False) -> str:
    """The text of a design, its last declaration the last of the text. It may ask for the figures of `ASKED`."""
    lines = ["edition 2026"]
    lines += [_link(link) for link in design.links]
    for decl in design.decls:
        lines += _decl(decl)
    if asks:
        lines[-1:] = [*(f"  let {name} = figures.{path}" for name, path in ASKED.items()), "}"]
    return "\n".join(lines) + "\n"


def _link(link: Link) -> str:
    rate = _number(link.low) if link.low == link.high else f"{_number(link.low)} to {_number(link.high)}"
    return f"link {link.name} {{ rate = {rate} GB/s }}"


def _decl(decl: Decl) -> Iterator[str]:
    if decl.kind not in CONTAINERS:
        yield f"{decl.kind} {decl.name} {{ {_leaf(decl)} }}"
        return
    parameters = ", ".join(f"{name}: Count = {default}" for name, default in decl.parameters)
    yield f"{decl.kind} {decl.name}{f'({parameters})' if parameters else ''} {{"
    for slot in decl.slots:
        yield f"  {_slot(slot)}"
    for network in decl.networks:
        yield from (f"  {line}" for line in _network(network))
    yield "}"


def _leaf(decl: Decl) -> str:
    if not decl.ports:
        return ENDLESS[decl.kind]
    rate = f"{_number(decl.port_rate)} GB/s"
    if decl.kind in ("switch", "nic"):
        return f"ports = {decl.ports}; rate = {rate}"
    role = f'; role = "{decl.port_role}"' if decl.port_role else ""
    return f"port p {{ lanes = {decl.ports}; rate = {rate}{role} }}"


def _slot(slot: Slot) -> str:
    arguments = ", ".join(f"{name} = {value}" for name, value in slot.arguments)
    keys = "; ".join(f"{name} = {key_text(key)}" for name, key in slot.keys)
    return (
        f"{slot.name} = {slot.count} of {slot.target}"
        f"{f'({arguments})' if arguments else ''}{f' {{ {keys} }}' if keys else ''}"
    )


def key_text(key: Key) -> str:
    """The expression of a key."""
    terms = []
    if key.parent_factor:
        factor = "" if key.parent_factor == 1 else f"{key.parent_factor} * "
        terms.append(f"{factor}{'parent.' * key.up}index")
    if key.turn != "none":
        turns = {"index": "index", "div": f"index // {key.by}", "mod": f"index - (index // {key.by}) * {key.by}"}
        terms.append(turns[key.turn])
    if key.offset or not terms:
        terms.insert(0, str(key.offset))
    return " + ".join(terms)


def _network(network: Network) -> Iterator[str]:
    yield f"network {network.name} {{"
    if network.role:
        yield f'  role = "{network.role}"'
    for connect in network.connects:
        yield f"  {connect_text(connect)}"
    yield "}"


def connect_text(connect: Connect) -> str:
    """The line of a connect."""
    left, right = (", ".join(map(".".join, side)) for side in (connect.lefts, connect.rights))
    to = f" to {right}" if right else ""
    on = f" on {', '.join(connect.on)}" if connect.on else ""
    by = f" by {shape_text(connect.shape)}" if connect.shape else ""
    cable = f" {{ cable = {connect.bundle} links }}" if connect.bundle > 1 else ""
    return f"connect {left}{to}{on}{by} with {connect.links} of {connect.link}{cable}"


def shape_text(shape: Shape) -> str:
    """The call of a named topology."""
    written = [f"{name} = {_value(value)}" for name, value in shape.parameters]
    return f"{shape.family}({', '.join(written + ([f'switch = {shape.switch}'] if shape.switch else []))})"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
