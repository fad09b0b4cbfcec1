"""A cluster as data: counted parts, networks, claims and checks. Frozen, syntax-free, never expanded.

524,288 accelerators are a few dozen of these objects: multiplicity stands on the slot, not in copies.
"""

from collections.abc import Iterator, Mapping
from weakref import WeakKeyDictionary

from attrs import evolve, field, frozen

from compiler.quantities.graph import ONE, Citation, Origin, Publication, Quantity, times

Value = Quantity | str | bool | None


@frozen(eq=False)
class Part:
    """A thing of a kind with what it states and what it contains. Equal instances are one object, held by slots.

    `fields` maps paths (`hbm.capacity`) to quantities and words. `ports` are the port groups of a chip, CPU or NIC.
    """

    kind: str
    name: str
    fields: Mapping[str, Value] = field(factory=dict)
    slots: tuple["Slot", ...] = ()
    ports: tuple["Part", ...] = ()
    networks: tuple["Network", ...] = ()
    origin: Origin | None = field(default=None, repr=False)

    def quantity(self, path: str) -> Quantity | None:
        """The field at a path; None when it is not stated or is no quantity."""
        value = self.fields.get(path)
        return value if isinstance(value, Quantity) else None

    def text(self, path: str) -> str:
        """The field at a path as text; empty when it is not stated or is no text."""
        value = self.fields.get(path)
        return value if isinstance(value, str) else ""


@frozen(eq=False)
class Slot:
    """A part under a name, counted: `npus = 8 of Ascend910C`."""

    name: str
    count: Quantity
    part: Part
    origin: Origin | None = field(default=None, repr=False)


@frozen(eq=False)
class Group:
    """Like instances found along a path of slots from a root: their number is the product of the counts.

    Of the first `picked` slots one instance is meant, as of `boxes` in `boxes[0].toys`. In a network `outer` are the places
    of its owner and of what is around that, by how far out they stand, 0 the owner; the first where none is given.
    """

    slots: tuple[Slot, ...]
    parents: tuple[Part, ...] = ()  # what each slot stands in, where that is known
    picked: int = 0
    outer: Mapping[int, int] = field(factory=dict)

    @property
    def part(self) -> Part:
        """The part that every instance of the group is."""
        return self.slots[-1].part

    @property
    def path(self) -> str:
        """Names of its slots from the root: `compute.nodes.npus`."""
        return ".".join(slot.name for slot in self.slots)

    @property
    def count(self) -> Quantity:
        """The number of instances."""
        result = ONE
        for slot in self.slots[self.picked :]:
            result = times(result, slot.count)
        return result

    def beyond(self, level: int) -> int:
        """The place, from 0, at a level before its first slot, which is -1 for the owner of a network."""
        return self.outer.get(-1 - level, 0)


Selection = tuple[Group, ...]
"""Multiset of parts: the groups that a path such as `compute.nodes.npus` reaches."""


@frozen(eq=False)
class Shape:
    """A named topology with its sizes. Each of its links stands for `each` links of the connection. What leaves a block of
    it passes `circuit` switches."""

    family: str
    parameters: Mapping[str, object]
    switch: Part | None = None
    each: float = 1.0
    circuit: Part | None = None
    origin: Origin | None = field(default=None, repr=False)


@frozen(eq=False)
class Connection:
    """One `connect`: who, to whom, joined on which keys, in which shape, with how many of which link.

    `right` is empty when a shape makes its own switches; `external` when the links leave the design. `cable` is how
    many links share a cable; `optic` sits at each end of each cable, `optics` are stated per link instead.
    """

    left: Selection
    right: Selection
    keys: tuple[str, ...]
    shape: Shape | None
    links: Quantity
    link: Part
    external: bool = False
    cable: Quantity = ONE
    optic: Part | None = None
    optics: Quantity | None = None
    origin: Origin | None = field(default=None, repr=False)


@frozen(eq=False)
class Network:
    """A network of a part: its connections, the switch tiers that a shape made for it, and the circuit switches that its
    links pass, which no packet notices."""

    name: str
    fields: Mapping[str, Value]
    connections: tuple[Connection, ...]
    made: tuple[Slot, ...] = ()
    circuits: tuple[Slot, ...] = ()
    origin: Origin | None = field(default=None, repr=False)

    @property
    def added(self) -> tuple[Slot, ...]:
        """All switches that its shapes added to the design."""
        return self.made + self.circuits

    @property
    def role(self) -> str:
        """Its role: `scale-up`, `scale-out`, …; empty when not stated."""
        value = self.fields.get("role")
        return value if isinstance(value, str) else ""

    @property
    def inside(self) -> tuple[Connection, ...]:
        """Connections that stay in the design."""
        return tuple(connection for connection in self.connections if not connection.external)


@frozen(eq=False)
class Check:
    """`assert` or `expect`: a truth with the words for when it fails."""

    word: str
    condition: Quantity
    text: str
    message: str = ""
    origin: Origin | None = field(default=None, repr=False)


@frozen(eq=False)
class Claim:
    """A published figure beside ours. `operator` is `~=`, `==`, `<=`, `>=`, `<`, `>`; `within` a fraction or a quantity."""

    name: str
    operator: str
    derived: Quantity
    stated: Quantity
    within: Quantity | None
    citations: tuple[Citation, ...]
    text: str = ""
    missing: tuple[str, ...] = ()
    origin: Origin | None = field(default=None, repr=False)


@frozen(eq=False)
class ClusterDesign:
    """A part chosen as the thing to report on, with what its text claims and checks."""

    file: str
    root: Part
    claims: tuple[Claim, ...] = ()
    checks: tuple[Check, ...] = ()
    site: Part | None = None
    values: Mapping[str, Quantity] = field(factory=dict)
    sources: tuple[Publication, ...] = ()


def walk(root: Part) -> Iterator[Group]:
    """All groups of parts below a root, the switches that topologies add included; parents come before their parts."""
    stack: list[tuple[Slot, tuple[Slot, ...], tuple[Part, ...]]] = [
        (slot, (), (root,)) for slot in reversed(_all_slots(root))
    ]
    while stack:
        slot, above, parents = stack.pop()
        path = (*above, slot)
        yield Group(path, parents)
        stack.extend((inner, path, (*parents, slot.part)) for inner in reversed(_all_slots(slot.part)))


_without: WeakKeyDictionary[Network, dict[tuple[Connection, ...], Network]] = WeakKeyDictionary()


def counting(part: Part, path: tuple[Slot, ...] = (), parents: tuple[Part, ...] = ()) -> Iterator[Network]:
    """Networks of a part as they count, seen from a root: `path` leads to the part, `parents` are what each slot of it stands
    in.

    Links that lead out of the part do not count where a network of the same role of a part around links the same ends with
    something outside of it: that takes them up. A network of such links alone does not count at all.
    """
    for network in part.networks:
        rest = tuple(
            c for c in network.connections if not (c.external and _is_taken_up(c, network.role, path, parents))
        )
        if len(rest) == len(network.connections):
            yield network
        elif rest:
            known = _without.setdefault(network, {})
            yield known.setdefault(rest, evolve(network, connections=rest))


def _is_taken_up(connection: Connection, role: str, path: tuple[Slot, ...], parents: tuple[Part, ...]) -> bool:
    ends = {group.slots for group in connection.left}
    for depth, around in enumerate(parents):
        inner = path[depth:]
        paths = {(*inner, *slots) for slots in ends}
        for other in around.networks:
            out = (c for c in other.connections if other.role == role and not _stays_within(c, inner))
            if not paths.isdisjoint(group.slots for c in out for group in (*c.left, *c.right)):
                return True
    return False


def _stays_within(connection: Connection, path: tuple[Slot, ...]) -> bool:
    """True when links of a part around join ends in the same part at a path: both sides are in it, `on` it or a part of it."""
    sides = (*connection.left, *connection.right)
    if connection.external or connection.shape is not None or any(g.slots[: len(path)] != path for g in sides):
        return False
    parts = [slot for group in sides for slot in group.slots[len(path) - 1 : -1]]
    above = {word for slot in path[:-1] for word in (slot.name, slot.part.kind)}
    return any(key in (slot.name, slot.part.kind) and key not in above for key in connection.keys for slot in parts)


def _all_slots(part: Part) -> tuple[Slot, ...]:
    return (*part.slots, *(slot for network in part.networks for slot in network.added))


def networks(root: Part) -> Iterator[tuple[str, Quantity, Part, Network]]:
    """All networks of a design that count, as (path, number of them, part it belongs to, network)."""
    for network in root.networks:
        yield network.name, ONE, root, network
    for group in walk(root):
        for network in counting(group.part, group.slots, group.parents):
            yield f"{group.path}.{network.name}", group.count, group.part, network
