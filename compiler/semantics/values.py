"""Declarations, scopes, instances and values as plain data; `Value` is the union of the results of `evaluate`.

They refer to one another, so they stand together here. The functions over them are elsewhere: `names` enters
declarations, `instances` makes instances, `members` and `access` evaluate their members. The frozen classes are made
with `dsl.record`, not with attrs, which takes most of a millisecond for each class at every start.
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
    """Type of `POISON`: an enumeration of one member, so that `value is POISON` narrows a union."""

    POISON = "POISON"


POISON: Final = Poison.POISON
"""Value of an expression with a mistake that has been reported.

Whatever is computed from it is POISON too, silently.
"""

Effect: TypeAlias = tuple[Callable[..., object], object]
"""Side effect of a computation on the state of a compilation: an action of `State` and its argument."""


class Once(Generic[T]):
    """Cell for a result that is computed once, with its side effects; empty as long as `effects` is None.

    A compilation that finds it full repeats the effects on its own state; see `State.once`.
    """

    __slots__ = ("effects", "result")

    def __init__(self, result: T | None = None, effects: tuple[Effect, ...] | None = None) -> None:
        self.result = result
        self.effects = effects


# ---- declarations ----------------------------------------------------------------------------


@plain
class Declaration:
    """A declaration such as `chip A { … }`: its text and the module it stands in. An `Instance` is made of it."""

    kind: Kind
    entity: syntax.Entity
    module: "Namespace"

    @property
    def name(self) -> str:
        """The name of the declaration."""
        return self.entity.name.text


@plain
class UserFunction:
    """A function of the user: `fn share(part, whole) = part / whole`."""

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
    """A name whose import failed. It is known and silent, so that one mistake gives one message."""


Binding: TypeAlias = Declaration | UserFunction | TopLet | ModuleName | FailedImport


@define(eq=False)
class Known:
    """Results computed from the declarations of a module: instances, values of lets, sources, rates of currencies."""

    instances: "dict[Declaration, Once[Instance | None]]" = field(factory=dict)
    lets: "dict[TopLet, Once[Value]]" = field(factory=dict)
    sources: dict[Declaration, Once[Publication | None]] = field(factory=dict)
    rates: dict[Declaration, Once[Quantity | None]] = field(factory=dict)


@define(eq=False)
class Namespace:
    """A file with its declarations by name. `path` identifies it: `std.huawei.ascend910` or the name of the file.

    `places` are the spans of its names, `own` its declarations, `seeds` those of its uncertain literals by statement,
    `known` the results computed from it. A module of the library keeps `seeds` and `known` for later compilations.
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
    """Scope of an expression: its locals, the instance in whose block it stands, and the scope around that (`parent`).

    `slot` is set in the block of a part, where `index` and `parent` mean the position of the part.
    """

    module: Namespace
    instance: "Instance | None" = None
    locals: "Mapping[str, Value]" = MappingProxyType({})
    parent: "Scope | None" = None
    slot: bool = False

    def chain(self) -> Iterator["Scope"]:
        """Scopes from this one outwards."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def visible(self) -> Iterator[str]:
        """Names that can be used here, for suggestions."""
        for scope in self.chain():
            yield from scope.locals
            if scope.instance is not None:
                yield from scope.instance.member_names()
        yield from self.module.names


# ---- instances -------------------------------------------------------------------------------


@plain
class Entry(Generic[Node]):
    """One statement of a body, with the path that it sets. `scope` is where it is read, None for that of its instance.

    `is_change` is set for statements of `with`, `like` and part blocks; `module` is that of a `like` in another file.
    """

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
    """True when the statement of an entry is of one of some classes; narrows the type of the entry."""
    return isinstance(entry.node, kinds)


@plain
class Template:
    """Everything an instance is made of: kind, name, entries in order, parameters and arguments."""

    kind: Kind
    name: str
    module: Namespace
    span: Span
    entries: tuple[Entry[syntax.Statement], ...]
    parameters: tuple[syntax.Parameter, ...] = ()
    arguments: "tuple[tuple[str, Value], ...]" = ()
    enclosing: Scope | None = None

    def parameter(self, name: str) -> syntax.Parameter | None:
        """The parameter of a name; None when there is none."""
        return next((parameter for parameter in self.parameters if parameter.name.text == name), None)


@define(eq=False)
class Instance:
    """An instance of a declaration: its entries by name, and the results computed from them on demand.

    The keys of every dictionary here are names of the user and nothing else. `changes` are entries for the parts below,
    `spoiled` are names left out of its part because of a complaint, `tiers` the switches that its topologies added so
    far.
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
        """The kind of the instance."""
        return self.template.kind

    @property
    def name(self) -> str:
        """The name of its declaration."""
        return self.template.name

    def scope(self) -> Scope:
        """The scope of expressions in its own block."""
        return Scope(self.template.module, self, {}, self.template.enclosing)

    def scope_of(self, entry: Entry[syntax.Statement]) -> Scope:
        """The scope of an entry: the one it brings along, else this instance, seen from the file it was written in."""
        return entry.scope or Scope(entry.module or self.template.module, self, {}, self.template.enclosing)

    def member_names(self) -> Iterator[str]:
        """Names that have a meaning inside it."""
        yield from self.arguments
        yield from (parameter.name.text for parameter in self.template.parameters)
        yield from self.lets
        yield from self.parts
        yield from self.nested
        yield from (path.partition(".")[0] for path in self.fields)

    def states(self, name: str) -> bool:
        """True when its text defines exactly this name: a let, a part, a port or network, a field, a parameter."""
        is_entry = name in self.lets or name in self.parts or name in self.nested or name in self.fields
        return is_entry or self.template.parameter(name) is not None

    def has_group(self, name: str) -> bool:
        """True when its text states fields under a common path: `hbm` when there is `hbm.capacity`."""
        return any(path.startswith(name + ".") for path in self.fields)

    def has(self, name: str) -> bool:
        """True when its text defines a name, or fields below it."""
        return self.states(name) or self.has_group(name)

    @property
    def lacks_parts(self) -> bool:
        """True when a part, port or network of it was left out because of a complaint."""
        return any(name in self.parts or name in self.nested for name in self.spoiled)


# ---- values ----------------------------------------------------------------------------------


@plain
class Day:
    """A date, in ISO form."""

    text: str


@plain
class Many:
    """Parts reached by a path such as `nodes.npus`, group by group, each with its instance.

    `single`: one of them was picked.
    """

    groups: tuple[Group, ...]
    instances: tuple[Instance, ...]
    single: bool = False


@plain
class Bag:
    """A multiset of values, each with how often it occurs: the value of `npus.tdp`.

    `what` is its text, for messages; `around` are the parts that the items belong to, empty where they are worked out.
    """

    items: "tuple[tuple[Quantity, Value], ...]"
    what: str
    around: tuple[Group, ...] = ()


@plain
class Counted:
    """Counted things, not yet under a name: the value of `8 of Ascend910C { … }`."""

    count: Quantity
    instance: Instance


@plain
class Prefix:
    """A group of fields, on the way to one of them: `chip.hbm` in `chip.hbm.capacity`."""

    instance: Instance
    path: str


@plain
class FigurePath:
    """A group of figures, on the way to one of them: `pod.figures.power` in `pod.figures.power.it`."""

    instance: Instance
    path: str


@plain
class Trend:
    """A trend of a roadmap, on the way to its figure: `Ascend.growth.peak` in `Ascend.growth.peak.fp8`."""

    instance: Instance
    word: str
    path: str = ""


class External:
    """The world outside the design: `connect leaf to external`."""


@plain
class Place:
    """The value of `parent`: the part `level` levels up, of which only `index` and `parent` can be asked."""

    level: int


@plain
class LinkEnds:
    """Links, as something that `count` counts: ends at an instance, or all links of a network."""

    count: Quantity


@plain
class NumberSeries:
    """Evenly spaced numbers, computed by position: `linear(1, 2, 101)`, `geometric(1, 64, 7)`.

    Ends are in base units.
    """

    start: float
    stop: float
    size: int
    is_geometric: bool
    dimension: Dimension
    unit: str

    def at(self, place: int) -> float:
        """The number at a position from 0, in base units."""
        share = place / (self.size - 1) if self.size > 1 else 0.0
        if self.is_geometric:
            return self.start * float((self.stop / self.start) ** share)
        return self.start + share * (self.stop - self.start)

    def items(self) -> tuple[Quantity, ...]:
        """All numbers as quantities: only for series that are short enough to be listed."""
        return tuple(number(self.at(place), self.dimension, self.unit) for place in range(self.size))


@plain
class Layout:
    """A topology with its sizes, for the `by` of a `connect`: `torus(dims = [4, 4])`.

    Evaluated there, where ends are known.
    """

    node: syntax.Expression
    scope: Scope

    @property
    def text(self) -> str:
        """The text as it was written."""
        return self.node.span.text


@plain
class FamilyName:
    """The name of a family of topologies, `torus`; calling it gives a `Layout`."""

    node: syntax.Expression
    scope: Scope

    @property
    def text(self) -> str:
        """The text as it was written."""
        return self.node.span.text


@plain
class FunctionName:
    """The name of a function of the language, `sum`; the function itself is in `State.functions`."""

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
"""Value of an expression or of a `connect`."""

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
    FunctionName: "a function",
    UserFunction: "a function",
    Trend: "a trend",
    FigurePath: "a group of figures",
    ModuleName: "a module",
}


def describe(value: Value) -> str:
    """A value in words for messages: its dimension, its kind, or its type."""
    if isinstance(value, Quantity):
        return units.noun(value.dimension)
    if isinstance(value, Instance | Declaration):
        return f"a {value.kind.name}"
    return _IN_WORDS.get(type(value), "no value")
