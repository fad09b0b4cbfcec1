"""What an expression can be while the text is being worked out, besides a quantity or a word."""

from typing import TYPE_CHECKING, Any

from attrs import frozen

from compiler.ir.cluster import Group, Slot
from compiler.quantities.graph import Quantity, number
from compiler.quantities.units import Dimension

if TYPE_CHECKING:
    from compiler.semantics.instances import Instance
    from compiler.semantics.names import Scope
    from dsl import syntax


class Poison:
    """The value of what was already complained about; everything made of it stays silent."""

    def __repr__(self) -> str:
        return "POISON"


POISON = Poison()


@frozen(eq=False)
class Day:
    """A date, in ISO form."""

    text: str


@frozen(eq=False)
class Many:
    """Counted instances: what a path through containment reaches. `index` is set when one of them was picked."""

    groups: tuple[Group, ...]
    instances: "tuple[Instance, ...]"
    single: bool = False


@frozen(eq=False)
class Bag:
    """A multiset of values, each with how often it occurs: `npus.tdp`."""

    items: tuple[tuple[Quantity, Any], ...]
    what: str


@frozen(eq=False)
class Counted:
    """So many of a thing, not yet under a name: the value of `8 of Ascend910C { … }`."""

    count: Quantity
    instance: "Instance"


@frozen(eq=False)
class Prefix:
    """A group of fields of an instance: `chip.hbm`, on the way to `chip.hbm.capacity`."""

    instance: "Instance"
    path: str


@frozen(eq=False)
class Figures:
    """The figures of an instance by their path: `pod.figures.power`, on the way to `pod.figures.power.it`."""

    instance: "Instance"
    path: str


@frozen(eq=False)
class External:
    """The world outside the design."""


@frozen(eq=False)
class Place:
    """Where an instance stands among its equals; only `index` can be asked of it."""

    level: int


@frozen(eq=False)
class LinkEnds:
    """The link ends at an instance, or all links of a network, as something to count."""

    count: Quantity


@frozen(eq=False)
class Series:
    """Evenly spaced numbers in base units, worked out by place: `linear(1, 2, 101)`, `geometric(1, 64, 7)`."""

    start: float
    stop: float
    size: int
    is_geometric: bool
    dimension: Dimension
    unit: str

    def at(self, place: int) -> float:
        """The number at a place, from 0."""
        share = place / (self.size - 1) if self.size > 1 else 0.0
        if self.is_geometric:
            return self.start * float((self.stop / self.start) ** share)
        return self.start + share * (self.stop - self.start)

    def items(self) -> "tuple[Quantity, ...]":
        """All of them."""
        return tuple(number(self.at(place), self.dimension, self.unit) for place in range(self.size))


@frozen(eq=False)
class Layout:
    """A topology with its sizes, to be laid over parts by a `connect`: `torus(dims = [4, 4])`."""

    node: "syntax.Expression"
    scope: "Scope"

    @property
    def text(self) -> str:
        """As it was written."""
        return self.node.span.text


@frozen(eq=False)
class FamilyName(Layout):
    """A family of topologies by its name; called, it is the topology with these sizes."""

    def call(self, node: "syntax.Call", scope: "Scope", world: Any) -> Layout:
        """`torus(dims = [4, 4])`, not yet laid over anything."""
        return Layout(node, scope)


Value = (
    "Quantity | str | Day | tuple[Any, ...] | Many | Bag | Counted | Prefix | Figures | External | Place | LinkEnds"
    " | Instance | Declaration | Poison"
)


def describe(value: Any) -> str:
    """What a value is, in words, for messages."""
    from compiler.quantities import units

    if isinstance(value, Quantity):
        return units.noun(value.dimension)
    names = {str: "a text", Day: "a date", tuple: "a list", Many: "a set of parts", Bag: "many values"}
    names |= {Counted: "counted parts", Prefix: "a group of fields", External: "the outside world", LinkEnds: "links"}
    names |= {Series: "a series", Layout: "a topology"}
    for kind, name in names.items():
        if isinstance(value, kind):
            return name
    kind_name = getattr(getattr(value, "kind", None), "name", "")
    return f"a {kind_name}" if kind_name else "a function"


__all__ = [
    "POISON",
    "Bag",
    "Counted",
    "Day",
    "External",
    "FamilyName",
    "Figures",
    "Group",
    "Layout",
    "LinkEnds",
    "Many",
    "Place",
    "Poison",
    "Prefix",
    "Series",
    "Slot",
    "describe",
]
