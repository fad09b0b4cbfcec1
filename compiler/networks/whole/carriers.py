"""Connections that carry the traffic of accelerators, each with the place of its network in the design."""

from collections.abc import Iterator

from attrs import frozen

from compiler.ir.hardware import Connection, Group, Network, Part, Slot, counting, walk

ASIDE = ("management", "storage")
"""Roles of networks that carry no traffic between accelerators."""

Path = tuple[Slot, ...]
"""A way through containment, from the root of a design: its slots, outermost first. Names like parts at every place."""


@frozen(eq=False)
class Wire:
    """One connection of one network, seen from the root: its owner's path, empty for the root's own networks.

    A part that is used under two names has the wires of its networks under both.
    """

    owner: Path
    network: Network
    connection: Connection

    def ends(self, side: tuple[Group, ...]) -> Iterator[Path]:
        """The paths of one side of the connection, from the root."""
        for group in side:
            yield (*self.owner, *group.slots)

    @property
    def left(self) -> tuple[Path, ...]:
        """The paths on the left, the endpoints where there is a shape."""
        return tuple(self.ends(self.connection.left))

    @property
    def right(self) -> tuple[Path, ...]:
        """The paths on the right; empty where a shape makes its own switches, or the link leaves the design."""
        return tuple(self.ends(self.connection.right))


def carries(network: Network, without: str = "") -> bool:
    """True when a network may carry traffic of accelerators; those of the role `without` are left out."""
    return network.role not in ASIDE and (not without or network.role != without)


def wires(root: Part, without: str = "") -> tuple[Wire, ...]:
    """Every connection of a design that counts and may carry traffic of accelerators, external ones among them."""
    found = [Wire((), network, connection) for network in root.networks for connection in network.connections]
    found += [
        Wire(group.slots, network, connection)
        for group in walk(root)
        for network in counting(group.part, group.slots, group.parents)
        for connection in network.connections
    ]
    return tuple(wire for wire in found if carries(wire.network, without))


def accelerator_kind(root: Part) -> str:
    """The kind whose parts are divided into halves: chips, in a design without any CPUs, then NICs, then nodes."""
    kinds = {root.kind, *(group.part.kind for group in walk(root))}
    return next((kind for kind in ("chip", "cpu", "nic", "node") if kind in kinds), "chip")


def accelerators(root: Part) -> Iterator[Path]:
    """The path of every accelerator; the root is none, it is not divided."""
    kind = accelerator_kind(root)
    for group in walk(root):
        if group.part.kind == kind:
            yield group.slots
