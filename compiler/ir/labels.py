"""Names of the quantities that a design states: a field of a part, or the count of a part."""

from collections.abc import Iterable, Iterator

from attrs import frozen

from compiler.ir.hardware import ClusterDesign, Part, networks, walk
from compiler.quantities.graph import Quantity, order


@frozen
class Stated:
    """A field of a part, or the count under which a part stands."""

    name: str
    kind: str
    part: str
    is_count: bool = False


def parts(design: ClusterDesign) -> Iterator[Part]:
    """Every part that states something: the design, its site, what it contains, its links, optics and made switches."""
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
    """The fields and counts that the parts of a design state, by the identity of their quantities."""
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
    """Names of the literals of parts, `tdp of Ascend910C`, by their identity; a shared one has the name of the first part."""
    found: dict[int, str] = {}
    for part in parts:
        for path, value in part.fields.items():
            for leaf in order([value]) if isinstance(value, Quantity) else ():
                if leaf.spread is not None:
                    found.setdefault(id(leaf), f"{path} of {part.name}")
    return found


def input_names(design: ClusterDesign) -> dict[int, str]:
    """Names of the literals of a design, by their identity."""
    return names_of(parts(design))
