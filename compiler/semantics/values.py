"""Declarations, scopes, instances and values as plain data: `Value` is the union of all that `evaluate` gives.

Declarations, scopes and instances refer to one another and to values, so they stand together here. What works them out is
elsewhere: `names` declares, `instances` makes, `members` and `access` look into what was made. The frozen classes are made
as those of the tree are, not by attrs, which takes most of a millisecond for each at every start.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final, Generic, TypeAlias, TypeGuard, TypeVar

from attrs import define, field

from compiler.analysis.metric import Measurement
from compiler.ir.hardware import Connection, Group, Network, Part, Slot
from compiler.ir.kinds import Kind
from compiler.quantities import units
from compiler.quantities.graph import Publication, Quantity, number
from compiler.quantities.units import Dimension
from dsl import syntax
from dsl.record import node as plain
from dsl.source import Source, Span

T = TypeVar("T")
Node = TypeVar("Node", bound=syntax.Statement, covariant=True)


class Poison(Enum):
    """The type of `POISON`; an enumeration of one, so that `value is POISON` narrows a union."""

    POISON = "POISON"


POISON: Final = Poison.POISON
"""The value of what was already complained about; everything made of it stays silent."""

Effect: TypeAlias = tuple[Callable[..., object], object]
"""Something done to the state of a compilation beside giving a value: an action of `State` and what it was done with."""


class Once(Generic[T]):
    """A result that is worked out once, with what that did to the state of the compilation; None before `effects` is set.

    Another compilation that finds it has the same done to its own state; see `State.once`.
    """

    __slots__ = ("effects", "result")

    def __init__(self, result: T | None = None, effects: tuple[Effect, ...] | None = None) -> None:
        self.result = result
        self.effects = effects


# ---- declarations ----------------------------------------------------------------------------


@plain
class Declaration:
    """A declared thing of a kind, not yet made: its text and the module it stands in."""

    kind: Kind
    entity: syntax.Entity
    module: "Namespace"

    @property
    def name(self) -> str:
        """Its name."""
        return self.entity.name.text


@plain
class UserFunction:
    """`fn share(part, whole) = part / whole`."""

    node: syntax.Function
    module: "Namespace"


@plain
class TopLet:
    """A `let` at the top of a file."""

    node: syntax.Let
    module: "Namespace"


@plain
class ModuleName:
    """A whole module under a name: `import std.optics as optics`."""

    module: "Namespace"


class FailedImport:
    """A name whose import failed: known, so that one mistake is one message, and silent."""


Binding: TypeAlias = Declaration | UserFunction | TopLet | ModuleName | FailedImport


@define(eq=False)
class Known:
    """Results worked out of a module, by what it declares: instances, values of lets, sources, rates of currencies."""

    instances: "dict[Declaration, Once[Instance | None]]" = field(factory=dict)
    lets: "dict[TopLet, Once[Value]]" = field(factory=dict)
    sources: dict[Declaration, Once[Publication | None]] = field(factory=dict)
    rates: dict[Declaration, Once[Quantity | None]] = field(factory=dict)


@define(eq=False)
class Namespace:
    """A file with what its names mean. `path` identifies it: `std.huawei.ascend910` or the file's name.

    `seeds` are those of its uncertain literals, statement by statement, `known` is what was worked out of it; a module of
    the library keeps both from one compilation to the next.
    """

    source: Source
    tree: syntax.Module
    path: str
    is_library: bool = False
    names: dict[str, Binding] = field(factory=dict)
    places: dict[str, Span] = field(factory=dict)
    own: list[Declaration] = field(factory=list)
    seeds: dict[int, Mapping[int, str]] = field(factory=dict)
    known: Known = field(factory=Known)


@plain
class Scope:
    """The surroundings of an expression: its locals, the instance whose block it stands in, and what encloses that.

    `slot` is set in the block of a part, where `index` and `parent` mean the part's place.
    """

    module: Namespace
    instance: "Instance | None" = None
    locals: "Mapping[str, Value]" = MappingProxyType({})
    parent: "Scope | None" = None
    slot: bool = False

    def chain(self) -> Iterator["Scope"]:
        """This scope and those around it, inner first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def visible(self) -> Iterator[str]:
        """Every name that would be found here, for suggestions."""
        for scope in self.chain():
            yield from scope.locals
            if scope.instance is not None:
                yield from scope.instance.member_names()
        yield from self.module.names


# ---- instances -------------------------------------------------------------------------------


@plain
class Entry(Generic[Node]):
    """One statement of a body with the path it sets and the scope it is read in (None: the instance's own)."""

    path: tuple[str, ...]
    node: Node
    scope: Scope | None
    is_change: bool = False
    module: Namespace | None = None

    @property
    def name(self) -> str:
        """The path as it is written: `hbm.capacity`."""
        return ".".join(self.path)


Kept = TypeVar("Kept", bound=syntax.Statement)


def holds(entry: Entry[syntax.Statement], *kinds: type[Kept]) -> TypeGuard[Entry[Kept]]:
    """True when an entry is a statement of one of some kinds."""
    return isinstance(entry.node, kinds)


@plain
class Template:
    """The makings of an instance: a kind, a name, entries in order, parameters and arguments."""

    kind: Kind
    name: str
    module: Namespace
    span: Span
    entries: tuple[Entry[syntax.Statement], ...]
    parameters: tuple[syntax.Parameter, ...] = ()
    arguments: "tuple[tuple[str, Value], ...]" = ()
    enclosing: Scope | None = None

    def parameter(self, name: str) -> syntax.Parameter | None:
        """The parameter of that name, when there is one."""
        return next((parameter for parameter in self.parameters if parameter.name.text == name), None)


@define(eq=False)
class Instance:
    """A made thing: its entries by name, and what was worked out of them on demand.

    Every dictionary here has names of the user for keys and nothing else. `spoiled` is what was complained about and is
    left out of its part; `tiers` are the switches that the network of a network block made so far.
    """

    template: Template
    fields: dict[str, Entry[syntax.Field]] = field(factory=dict)
    parts: dict[str, Entry[syntax.Field]] = field(factory=dict)
    nested: dict[str, "Instance"] = field(factory=dict)
    lets: dict[str, Entry[syntax.Let]] = field(factory=dict)
    changes: dict[str, list[Entry[syntax.Statement]]] = field(factory=dict)
    statements: list[Entry[syntax.Statement]] = field(factory=list)
    connects: list[Entry[syntax.Connect]] = field(factory=list)
    arguments: "dict[str, Value]" = field(factory=dict)
    spoiled: set[str] = field(factory=set)
    members: "dict[str, Once[Value]]" = field(factory=dict)
    slots: dict[str, Once[Slot | None]] = field(factory=dict)
    part: Once[Part | None] = field(factory=Once)
    network: Once[Network | None] = field(factory=Once)
    figures: Once[Mapping[str, Measurement]] = field(factory=Once)
    tiers: tuple[Slot, ...] = ()

    @property
    def kind(self) -> Kind:
        """Its kind."""
        return self.template.kind

    @property
    def name(self) -> str:
        """The name of its declaration."""
        return self.template.name

    def scope(self) -> Scope:
        """The scope in which its own expressions are read."""
        return Scope(self.template.module, self, {}, self.template.enclosing)

    def scope_of(self, entry: Entry[syntax.Statement]) -> Scope:
        """The scope in which one entry is read: its own, or this instance as seen from the file it was written in."""
        return entry.scope or Scope(entry.module or self.template.module, self, {}, self.template.enclosing)

    def member_names(self) -> Iterator[str]:
        """Every name that means something inside it."""
        yield from self.arguments
        yield from (parameter.name.text for parameter in self.template.parameters)
        yield from self.lets
        yield from self.parts
        yield from self.nested
        yield from (path.partition(".")[0] for path in self.fields)

    def states(self, name: str) -> bool:
        """True when its text gives a meaning to exactly this name: a let, a part, a nested thing, a field, a parameter."""
        is_entry = name in self.lets or name in self.parts or name in self.nested or name in self.fields
        return is_entry or self.template.parameter(name) is not None

    def has_group(self, name: str) -> bool:
        """True when its text states fields under a common path: `hbm` when there is `hbm.capacity`."""
        return any(path.startswith(name + ".") for path in self.fields)

    def has(self, name: str) -> bool:
        """True when its text gives a meaning to a name, be it that of a group of fields."""
        return self.states(name) or self.has_group(name)

    @property
    def lacks_parts(self) -> bool:
        """True when a complaint left something out that it would be made of."""
        return any(name in self.parts or name in self.nested for name in self.spoiled)


# ---- values ----------------------------------------------------------------------------------


@plain
class Day:
    """A date, in ISO form."""

    text: str


@plain
class Many:
    """Counted instances: what a path through containment reaches, group by group. `single`: one of them was picked."""

    groups: tuple[Group, ...]
    instances: tuple[Instance, ...]
    single: bool = False


@plain
class Bag:
    """A multiset of values, each with how often it occurs: `npus.tdp`."""

    items: "tuple[tuple[Quantity, Value], ...]"
    what: str


@plain
class Counted:
    """Counted things, not yet under a name: the value of `8 of Ascend910C { … }`."""

    count: Quantity
    instance: Instance


@plain
class Prefix:
    """A group of fields of an instance: `chip.hbm`, on the way to `chip.hbm.capacity`."""

    instance: Instance
    path: str


@plain
class FigurePath:
    """The figures of an instance by their path: `pod.figures.power`, on the way to `pod.figures.power.it`."""

    instance: Instance
    path: str


@plain
class Trend:
    """A trend of a roadmap on the way to its figure: `Ascend.growth.peak`, before `.fp8`."""

    instance: Instance
    word: str
    path: str = ""


class External:
    """The world outside the design."""


@plain
class Place:
    """The place of an instance among its equals; only `index` and `parent` can be asked of it."""

    level: int


@plain
class LinkEnds:
    """The link ends at an instance, or all links of a network, as something to count."""

    count: Quantity


@plain
class NumberSeries:
    """Evenly spaced numbers in base units, worked out by place: `linear(1, 2, 101)`, `geometric(1, 64, 7)`."""

    start: float
    stop: float
    size: int
    is_geometric: bool
    dimension: Dimension
    unit: str

    def at(self, place: int) -> float:
        """The number at a place, from 0, in base units."""
        share = place / (self.size - 1) if self.size > 1 else 0.0
        if self.is_geometric:
            return self.start * float((self.stop / self.start) ** share)
        return self.start + share * (self.stop - self.start)

    def items(self) -> tuple[Quantity, ...]:
        """All of them."""
        return tuple(number(self.at(place), self.dimension, self.unit) for place in range(self.size))


@plain
class Layout:
    """A topology with its sizes, to be laid over parts by a `connect`: `torus(dims = [4, 4])`."""

    node: syntax.Expression
    scope: Scope

    @property
    def text(self) -> str:
        """As it was written."""
        return self.node.span.text


@plain
class FamilyName:
    """A family of topologies by its name; called, it is the topology with these sizes."""

    node: syntax.Expression
    scope: Scope

    @property
    def text(self) -> str:
        """As it was written."""
        return self.node.span.text


@plain
class FunctionName:
    """A word of the language that can be called: `sum`. `State.functions` has what it does."""

    name: str


Value: TypeAlias = (
    Quantity
    | str
    | Day
    | tuple["Value", ...]
    | NumberSeries
    | Many
    | Bag
    | Counted
    | Prefix
    | FigurePath
    | Trend
    | LinkEnds
    | External
    | Place
    | Layout
    | FamilyName
    | Connection
    | Instance
    | Declaration
    | UserFunction
    | FunctionName
    | ModuleName
    | Poison
)
"""What an expression, or a `connect`, comes to."""

_IN_WORDS: Mapping[type, str] = {
    str: "a text",
    Day: "a date",
    tuple: "a list",
    Many: "a set of parts",
    Bag: "many values",
    Counted: "counted parts",
    Prefix: "a group of fields",
    External: "the outside world",
    LinkEnds: "links",
    NumberSeries: "a series",
    Layout: "a topology",
    FamilyName: "a topology",
}


def describe(value: Value) -> str:
    """A value in words, for messages: its dimension, its kind, or its type."""
    if isinstance(value, Quantity):
        return units.noun(value.dimension)
    if isinstance(value, Instance | Declaration):
        return f"a {value.kind.name}"
    return _IN_WORDS.get(type(value), "a function")
