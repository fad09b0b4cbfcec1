"""A design as plain data: what the generator makes, what is written as text, and what is expanded by hand.

Nothing here is the compiler's. A design is a list of declarations; the last one is the whole. Rates are in GB/s.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

EXTERNAL = ("external",)
CONTAINERS = ("node", "rack", "supernode", "supercluster")
NOT_CARRYING = frozenset({"management", "storage"})
"""Roles of networks that carry no traffic between accelerators."""


@dataclass(frozen=True)
class Key:
    """A value read from places: `parent_factor * parent.index + turn(index) + offset`.

    `turn` is `index` itself, `div` for `index // by`, `mod` for the remainder, or `none`. `up` says how far out the
    `parent` stands: 1 is the part around, 2 the one around that.
    """

    turn: str = "index"
    by: int = 1
    parent_factor: int = 0
    up: int = 1
    offset: int = 0


@dataclass(frozen=True)
class Slot:
    """Parts of a declaration: `name = count of target(arguments) { fields }`. A count may name a parameter."""

    name: str
    count: int | str
    target: str
    arguments: tuple[tuple[str, int], ...] = ()
    keys: tuple[tuple[str, Key], ...] = ()


@dataclass(frozen=True)
class Shape:
    """A named topology after `by`: its family, what is written of its parameters, the switches it makes."""

    family: str
    parameters: tuple[tuple[str, object], ...] = ()
    switch: str = ""


@dataclass(frozen=True)
class Connect:
    """One `connect`: paths of names, from the declaration that holds its network. No `right` is `connect A by …`.

    Further names of either side stand in `more_left` and `more_right`.
    """

    left: tuple[str, ...]
    right: tuple[str, ...] = ()
    link: str = ""
    links: int = 1
    on: tuple[str, ...] = ()
    shape: Shape | None = None
    bundle: int = 1
    """Links that share a cable."""
    more_left: tuple[tuple[str, ...], ...] = ()
    more_right: tuple[tuple[str, ...], ...] = ()

    @property
    def lefts(self) -> tuple[tuple[str, ...], ...]:
        """All paths of the left side, in order."""
        return (self.left, *self.more_left)

    @property
    def rights(self) -> tuple[tuple[str, ...], ...]:
        """All paths of the right side, in order; none where there is no right side."""
        return (self.right, *self.more_right) if self.right else ()

    def over(self, lefts: tuple[tuple[str, ...], ...], rights: tuple[tuple[str, ...], ...]) -> Connect:
        """The same over other paths."""
        return replace(
            self, left=lefts[0], more_left=lefts[1:], right=rights[0] if rights else (), more_right=rights[1:]
        )


@dataclass(frozen=True)
class Network:
    """A network block: its name, role ("" is none) and connects."""

    name: str
    connects: tuple[Connect, ...]
    role: str = ""


@dataclass(frozen=True)
class Decl:
    """A declaration of any kind. Leaves have ports, each of one rate in GB/s; `port_role` only chips."""

    kind: str
    name: str
    slots: tuple[Slot, ...] = ()
    networks: tuple[Network, ...] = ()
    parameters: tuple[tuple[str, int], ...] = ()
    ports: int = 0
    port_rate: float = 0
    port_role: str = ""


@dataclass(frozen=True)
class Link:
    """A kind of link: its least and its most rate in GB/s, equal where it is certain."""

    name: str
    low: float
    high: float


@dataclass(frozen=True)
class Design:
    """Declarations in order, the last one the whole; links by name; `notes` say what a reader should know of it."""

    decls: tuple[Decl, ...]
    links: tuple[Link, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def root(self) -> Decl:
        """The declaration that is the whole."""
        return self.decls[-1]

    def decl(self, name: str) -> Decl:
        """The declaration of that name. Raises `KeyError`."""
        for found in self.decls:
            if found.name == name:
                return found
        raise KeyError(name)

    def link(self, name: str) -> Link:
        """The link of that name. Raises `KeyError`."""
        for found in self.links:
            if found.name == name:
                return found
        raise KeyError(name)

    def with_decl(self, changed: Decl, was: str = "") -> Design:
        """The design with one declaration replaced: the one named `was`, or of the same name."""
        old = was or changed.name
        return replace(self, decls=tuple(changed if decl.name == old else decl for decl in self.decls))


def without_connect(design: Design, decl_name: str, network_name: str, number: int) -> Design:
    """The design without one connect, and without its network where that was its last."""
    decl = design.decl(decl_name)
    networks = []
    for network in decl.networks:
        if network.name == network_name:
            network = replace(network, connects=tuple(c for at, c in enumerate(network.connects) if at != number))
        if network.connects:
            networks.append(network)
    return design.with_decl(replace(decl, networks=tuple(networks)))


def used_only(design: Design) -> Design:
    """The design without declarations and links that its whole does not need."""
    used, waiting = set(), [design.root.name]
    while waiting:
        decl = design.decl(waiting.pop())
        used.add(decl.name)
        waiting += [slot.target for slot in decl.slots]
        waiting += [c.shape.switch for n in decl.networks for c in n.connects if c.shape and c.shape.switch]
    links = {c.link for decl in design.decls if decl.name in used for n in decl.networks for c in n.connects}
    return Design(
        tuple(decl for decl in design.decls if decl.name in used),
        tuple(link for link in design.links if link.name in links),
        design.notes,
    )


class Unbuildable(Exception):
    """What a design says cannot be built: sizes do not fit, a join finds nothing, a name leads nowhere.

    `place` is the connect that is at fault: its declaration, its network and its number there.
    """

    place: tuple[str, str, int] | None = None
