"""What an expression can be while the text is being worked out, besides a quantity or a word."""

from typing import TYPE_CHECKING, Any

from attrs import frozen

from compiler.ir.model import Group, Slot
from compiler.ir.quantity import Quantity

if TYPE_CHECKING:
    from compiler.instance import Instance


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


Value = (
    "Quantity | str | Day | tuple[Any, ...] | Many | Bag | Counted | Prefix | Figures | External | Place | LinkEnds"
    " | Instance | Declaration | Poison"
)


def describe(value: Any) -> str:
    """What a value is, in words, for messages."""
    from compiler import units

    if isinstance(value, Quantity):
        return units.noun(value.dimension)
    names = {str: "a text", Day: "a date", tuple: "a list", Many: "a set of parts", Bag: "many values"}
    names |= {Counted: "counted parts", Prefix: "a group of fields", External: "the outside world", LinkEnds: "links"}
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
    "Figures",
    "Group",
    "LinkEnds",
    "Many",
    "Place",
    "Poison",
    "Prefix",
    "Slot",
    "describe",
]
