"""A cluster as data: counted parts, networks, claims and checks. Frozen, syntax-free, never expanded.

524,288 accelerators are a few dozen of these objects: multiplicity stands on the slot, not in copies.
"""

from collections.abc import Iterator, Mapping

from attrs import field, frozen

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

    Of the first `picked` slots one instance is meant, as of `boxes` in `boxes[0].toys`.
    """

    slots: tuple[Slot, ...]
    parents: tuple[Part, ...] = ()  # what each slot stands in, where that is known
    picked: int = 0

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


def counting(part: Part, path: tuple[Slot, ...] = (), parents: tuple[Part, ...] = ()) -> Iterator[Network]:
    """Networks of a part that count, seen from a root: `path` leads to the part, `parents` are what each slot of it stands
    in.

    One that only leads out of its part does not where a network of the same role of a part around links the same ends:
    that takes its links up.
    """
    for network in part.networks:
        if network.inside or not _is_taken_up(network, path, parents):
            yield network


def _is_taken_up(network: Network, path: tuple[Slot, ...], parents: tuple[Part, ...]) -> bool:
    ends = {group.slots for connection in network.connections for group in connection.left}
    for depth, around in enumerate(parents):
        paths = {(*path[depth:], *slots) for slots in ends}
        for other in around.networks:
            linked = (group.slots for c in other.connections for group in (*c.left, *c.right))
            if other.role == network.role and not paths.isdisjoint(linked):
                return True
    return False


def _all_slots(part: Part) -> tuple[Slot, ...]:
    return (*part.slots, *(slot for network in part.networks for slot in network.added))


def networks(root: Part) -> Iterator[tuple[str, Quantity, Part, Network]]:
    """All networks of a design that count, as (path, number of them, part it belongs to, network)."""
    for network in root.networks:
        yield network.name, ONE, root, network
    for group in walk(root):
        for network in counting(group.part, group.slots, group.parents):
            yield f"{group.path}.{network.name}", group.count, group.part, network
