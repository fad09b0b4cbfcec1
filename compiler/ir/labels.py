"""Names of the quantities that a design states, for explanations: `tdp of Ascend910C`."""

from collections.abc import Iterable, Iterator

from attrs import frozen

from compiler.ir.hardware import ClusterDesign, Part, networks, walk
from compiler.quantities.graph import Quantity, order


@frozen
class Stated:
    """Name of a stated quantity: the field of a part, or the count under which a part stands."""

    name: str
    kind: str
    part: str
    is_count: bool = False


def parts(design: ClusterDesign) -> Iterator[Part]:
    """All parts that state quantities: the design, its site, all it contains, links, optics, switches of topologies."""
    yield design.root
    if design.site is not None:
        yield design.site
    for group in walk(design.root):
        yield group.part
        yield from group.part.ports
    for _, _, _, network in networks(design.root):
        for connection in network.connections:
            yield connection.link
            yield from filter(None, (connection.optic, connection.shape.switch if connection.shape else None))


def stated(design: ClusterDesign) -> dict[int, Stated]:
    """Names of all fields and counts of a design, by `id` of the quantity."""
    found: dict[int, Stated] = {}
    for part in parts(design):
        for path, value in part.fields.items():
            if isinstance(value, Quantity):
                found.setdefault(id(value), Stated(path, part.kind, part.name))
    for group in walk(design.root):
        slot = group.slots[-1]
        found.setdefault(id(slot.count), Stated(slot.name, group.part.kind, group.part.name, is_count=True))
    return found


def names_of(parts: Iterable[Part]) -> dict[int, str]:
    """Names of the literals below the fields of parts, by `id`; a literal that parts share is named after the first."""
    found: dict[int, str] = {}
    for part in parts:
        for path, value in part.fields.items():
            for leaf in order([value]) if isinstance(value, Quantity) else ():
                if leaf.spread is not None:
                    found.setdefault(id(leaf), f"{path} of {part.name}")
    return found


def input_names(design: ClusterDesign) -> dict[int, str]:
    """Names of the literals of a design, by `id`."""
    return names_of(parts(design))
