"""Instances: a declaration made, with its arguments and the changes of `like`, `with` and part blocks applied.

An instance works its members out when they are asked for. Equal instances are one object; what comes out of it is an
`ir.Part`, which no longer knows any text.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import define, evolve, field, frozen

from compiler.ir import kinds
from compiler.ir.cluster import Group, Network, Part, Slot
from compiler.ir.cluster import Value as FieldValue
from compiler.ir.kinds import FieldSpec, Kind
from compiler.quantities import units
from compiler.quantities.graph import Citation, Origin, Quantity, Source, named
from compiler.semantics.evaluate import citations, evaluate, let_value
from compiler.semantics.fields import fits, missing, type_dimension, typed
from compiler.semantics.names import DECLARED_TWICE, MISPLACED, Module, Scope, a, unknown_kind
from compiler.semantics.state import World
from compiler.semantics.values import POISON, Counted, Day, Many
from dsl import syntax
from dsl.diagnostic import Code, Diagnostic, Fix, Label
from dsl.source import Span
from dsl.suggest import did_you_mean, nearest

UNKNOWN_FIELD = Code(
    "C0201",
    "unknown field",
    cause="Each kind of thing has a fixed set of fields. A value of your own is a `let`; a contained part is `name = n of Thing`.",
    wrong="chip A { tpd = 700 W }\n",
    right="chip A { tdp = 700 W }\n",
)
MISSING_FIELD = Code(
    "C0204",
    "a required field is missing",
    cause="Some fields make a thing what it is: a switch without ports cannot be wired, a link without a rate carries nothing.",
    wrong="switch S { ports = 64 }\n",
    right="switch S { ports = 64; rate = 400 Gb/s }\n",
)
CANNOT_CONTAIN = Code(
    "C0212",
    "a thing is put into something that cannot contain it",
    cause="A chip contains no racks. Containment runs from supercluster over supernode, rack and node to chips, CPUs, switches and cards.",
    wrong="rack R { feed = 40 kW }\nnode N { racks = 2 of R }\n",
    right="node N { rated_power = 1 kW }\nrack R { nodes = 2 of N }\n",
)
NOT_A_THING = Code(
    "C0213",
    "something other than a declared thing stands after `of`, `like` or `with`",
    cause="`of`, `like` and `with` work on declared things: chips, nodes, racks and so on.",
    wrong="node N { npus = 2 of 3 }\n",
    right="chip A { tdp = 1 W }\nnode N { npus = 2 of A }\n",
)
UNKNOWN_SOURCE = Code(
    "C0701",
    "a source that is not declared",
    cause="What stands after `from` is the name of a `source` declaration of this file or imported from another.",
    wrong="chip A { tdp = 1 W from nowhere }\n",
    right='source paper { title = "A paper"; date = 2025-01-01; grade = "paper" }\nchip A { tdp = 1 W from paper }\n',
)
CONTAINS_ITSELF = Code(
    "C0403",
    "a thing contains itself",
    cause="Containment is a tree: a rack cannot hold itself, directly or through what it holds.",
    wrong="node A { inner = 1 of B }\nnode B { inner = 1 of A }\n",
    right="chip C { tdp = 1 W }\nnode A { inner = 1 of C }\n",
)

NO_PART = Part("", "")


@frozen(eq=False)
class Entry:
    """One statement of a body with the path it sets and the scope it is read in (None: the instance's own)."""

    path: tuple[str, ...]
    node: Any
    scope: Scope | None
    is_change: bool = False
    module: Module | None = None


@frozen(eq=False)
class Template:
    """What an instance is made from: a kind, a name, entries in order, parameters and arguments."""

    kind: Kind
    name: str
    module: Module
    span: Span
    entries: tuple[Entry, ...]
    parameters: tuple[syntax.Parameter, ...] = ()
    arguments: tuple[tuple[str, Any], ...] = ()
    enclosing: Scope | None = None


def entries(
    statements: tuple[syntax.Statement, ...], scope: Scope | None, prefix: tuple[str, ...] = (), change: bool = False
) -> Iterator[Entry]:
    """A body as a flat list: groups dissolve into paths."""
    for node in statements:
        if isinstance(node, syntax.Group):
            yield from entries(node.body.statements, scope, (*prefix, node.name.text), change)
        elif isinstance(node, syntax.Field):
            yield Entry((*prefix, *(name.text for name in node.path.names)), node, scope, change)
        elif isinstance(node, syntax.Let | syntax.Entity):
            yield Entry((*prefix, node.name.text), node, scope, change)
        elif not isinstance(node, syntax.Wrong):
            yield Entry(prefix, node, scope, change)


@define(eq=False)
class Instance:
    """A made thing. `fields`, `parts`, `nested`, `lets` hold entries by name; values are worked out once, on demand."""

    template: Template
    world: World
    fields: dict[str, Entry] = field(factory=dict)
    parts: dict[str, Entry] = field(factory=dict)
    nested: dict[str, "Instance"] = field(factory=dict)
    lets: dict[str, Entry] = field(factory=dict)
    changes: dict[str, list[Entry]] = field(factory=dict)
    statements: list[Entry] = field(factory=list)
    connects: list[Entry] = field(factory=list)
    arguments: dict[str, Any] = field(factory=dict)
    values: dict[str, Any] = field(factory=dict)
    site_values: dict[str, Any] = field(factory=dict)
    spoiled: set[str] = field(factory=set)
    """What was complained about and is left out of its part: fields, parts, networks."""

    @property
    def kind(self) -> Kind:
        """Its kind."""
        return self.template.kind

    @property
    def name(self) -> str:
        """The name of its declaration."""
        return self.template.name

    def scope(self) -> Scope:
        """Where its own expressions are read."""
        return Scope(self.template.module, self, {}, self.template.enclosing)

    def scope_of(self, entry: Entry) -> Scope:
        """Where one entry is read: its own scope, or this instance as seen from the file it was written in."""
        return entry.scope or Scope(entry.module or self.template.module, self, {}, self.template.enclosing)

    # ---- members -----------------------------------------------------------------------------

    def member_names(self) -> Iterator[str]:
        """Every name that means something inside it."""
        yield from self.arguments
        yield from (parameter.name.text for parameter in self.template.parameters)
        yield from self.lets
        yield from self.parts
        yield from self.nested
        yield from (path.partition(".")[0] for path in self.fields)

    def has(self, name: str) -> bool:
        """Whether a name was given a meaning in its text."""
        from_text = name in self.lets or name in self.parts or name in self.nested or name in self.fields
        parameter = any(p.name.text == name for p in self.template.parameters)
        return from_text or parameter or any(path.startswith(name + ".") for path in self.fields)

    def member(self, name: str, span: Span) -> Any:
        """The value of a member, worked out once."""
        if name not in self.values:
            value = self.world.once((id(self), name), self._label(name), span, lambda: self._make(name, span))
            if (id(self), name) in self.world.working:
                return value
            self.values[name] = value
        return self.values[name]

    def _label(self, name: str) -> str:
        return f"{self.name}.{name}" if not self.world.working else name

    def _make(self, name: str, span: Span) -> Any:
        if name in self.lets:
            entry = self.lets[name]
            return let_value(entry.node, self.scope_of(entry), self.world)
        if name in self.parts:
            return self._many(name)
        if name in self.nested:
            return self.nested[name]
        if name in self.fields:
            return self._field(name)
        if any(parameter.name.text == name for parameter in self.template.parameters):
            return self._parameter(name, span)
        return self.world.workshop.attribute_of(self, name, span, self.world)

    def _parameter(self, name: str, span: Span) -> Any:
        parameter = next(p for p in self.template.parameters if p.name.text == name)
        given = name in self.arguments
        value = self.arguments[name] if given else None
        if not given and parameter.default is not None:
            value = evaluate(parameter.default, Scope(self.template.module, self, {}, None), self.world)
        if value is None:
            return missing(f"{self.name}.{name}", type_dimension(parameter) or units.NONE)
        span = parameter.default.span if parameter.default else parameter.span
        return typed(value, parameter, span, self.world)

    def _many(self, name: str) -> Any:
        slot = self.slot(name)
        if slot is None:
            return POISON
        return Many((Group((slot,), (NO_PART,)),), (self.world.made[id(slot.part)],))

    def _field(self, path: str) -> Any:
        entry = self.fields[path]
        spec = self.kind.by_path.get(path)
        scope = self.scope_of(entry)
        value = evaluate(entry.node.value, scope, self.world)
        if value is POISON:
            return POISON
        cites = citations(entry.node.cites, scope, self.world)
        if spec is None:
            return named(value, path) if isinstance(value, Quantity) else value
        return self._checked(path, spec, value, entry.node, cites)

    def _checked(self, path: str, spec: FieldSpec, value: Any, node: syntax.Field, cites: tuple[Citation, ...]) -> Any:
        """A field's value held against what its kind says of it."""
        complaint = fits(path, spec, value, node, self.world)
        if complaint is not None:
            self.world.complain(complaint)
            return POISON
        if not isinstance(value, Quantity):
            return value
        dimension = spec.dimension if spec.type == "quantity" else value.dimension
        origin = Origin(node.value.span, cites) if cites or value.origin is None else value.origin
        return evolve(
            value, dimension=dimension, label=path if cites or not value.label else value.label, origin=origin
        )

    # ---- what it comes to --------------------------------------------------------------------

    def slot(self, name: str) -> Slot | None:
        """The counted part under a name; None after a complaint."""
        key = f"slot {name}"
        if key not in self.values:
            self.values[key] = self.world.once(
                (id(self), key), name, self.parts[name].node.span, lambda: self._make_slot(name)
            )
        value = self.values[key]
        return value if isinstance(value, Slot) else None

    def _make_slot(self, name: str) -> Any:
        entry = self.parts[name]
        scope = self.scope_of(entry)
        value = evaluate(entry.node.value, scope, self.world)
        if not isinstance(value, Counted):
            if value is not POISON:
                self.world.complain(unknown_field(self, name, entry))
            return POISON
        instance = value.instance
        if instance.kind.name not in self.kind.parts:
            allowed = ", ".join(self.kind.parts) or "nothing"
            self.world.complain(
                CANNOT_CONTAIN.at(
                    entry.node.value.span,
                    f"{a(self.kind.name)} cannot contain {a(instance.kind.name)}",
                    f"it may contain {allowed}",
                )
            )
            return POISON
        if name in self.changes:
            instance = make(
                evolve(instance.template, entries=(*instance.template.entries, *self.changes[name])), self.world
            )
        part = instance.part()
        if part is None:
            return POISON
        origin = Origin(entry.node.value.span, citations(entry.node.cites, scope, self.world))
        return Slot(name, named(value.count, name), part, origin)

    def part(self) -> Part | None:
        """The finished part: fields, slots, ports and networks; None when it contains itself."""
        if "part" not in self.values:
            self.values["part"] = self._once_part()
        value = self.values["part"]
        return value if isinstance(value, Part) else None

    def _once_part(self) -> Any:
        key = (id(self.template.entries[0]) if self.template.entries else id(self), "contains")
        if key in self.world.working and self.kind.parts:
            chain = [text for k, text in self.world.working.items() if k[1] == "contains"]
            names = " contains ".join(f"`{text}`" for text, _ in chain) + f" contains `{self.name}`"
            self.world.complain(
                CONTAINS_ITSELF.at(
                    self.template.span, f"`{self.name}` contains itself", "break the circle", notes=(names,)
                )
            )
            return POISON
        self.world.working[key] = (self.name, self.template.span)
        try:
            return self._make_part()
        finally:
            del self.world.working[key]

    def _make_part(self) -> Part:
        found: dict[str, FieldValue] = {}
        for path in self.fields:
            value = self.member(path, self.fields[path].node.span)
            if value is POISON:
                self.spoiled.add(path)
            elif isinstance(value, Quantity | str):
                found[path] = value
            elif isinstance(value, Day):
                found[path] = value.text
            elif getattr(value, "name", None):
                found[path] = value.name
        slots = tuple(slot for name in self.parts if (slot := self.slot(name)) is not None)
        ports = tuple(
            port for inner in self.nested.values() if inner.kind.name == "port" and (port := inner.part()) is not None
        )
        nets = tuple(
            net
            for inner in self.nested.values()
            if inner.kind.name == "network" and (net := inner.network()) is not None
        )
        self.spoiled.update(name for name in self.parts if self.slot(name) is None)
        self.spoiled.update(name for name, inner in self.nested.items() if inner.is_lost)
        part = Part(self.kind.name, self.name, found, slots, ports, nets, Origin(self.template.span))
        self.world.made[id(part)] = self
        return part

    @property
    def is_lost(self) -> bool:
        """Whether a complaint keeps it out of what it stands in: a port or a network that could not be made."""
        return (self.network() if self.kind.name == "network" else self.part()) is None

    @property
    def lacks_parts(self) -> bool:
        """Whether a complaint left something out that it would be made of."""
        return any(name in self.parts or name in self.nested for name in self.spoiled)

    def network(self) -> Network | None:
        """The finished network, for an instance of that kind."""
        if "network" not in self.values:
            self.values["network"] = self.world.once(
                (id(self), "network"),
                self.name,
                self.template.span,
                lambda: self.world.workshop.wired(self, self.world),
            )
        value = self.values["network"]
        return value if isinstance(value, Network) else None


def make(template: Template, world: World) -> Instance:
    """An instance of a template, its entries sorted into what they are; unknown names are complained about."""
    instance = Instance(template, world)
    instance.arguments.update(template.arguments)
    rest: list[Entry] = []
    for entry in template.entries:
        if isinstance(entry.node, syntax.Field):
            _sort_field(instance, entry, rest)
        elif isinstance(entry.node, syntax.Let):
            _once(instance, entry, instance.lets)
            instance.lets[entry.path[0]] = entry
        elif isinstance(entry.node, syntax.Entity):
            _sort_entity(instance, entry)
        elif isinstance(entry.node, syntax.Connect):
            instance.connects.append(entry)
        else:
            instance.statements.append(entry)
    for entry in rest:
        _sort_change(instance, entry)
    _require(instance)
    return instance


def _sort_field(instance: Instance, entry: Entry, rest: list[Entry]) -> None:
    path = ".".join(entry.path)
    if path in instance.kind.by_path or (instance.kind.open and not isinstance(entry.node.value, syntax.Parts)):
        _once(instance, entry, instance.fields)
        instance.fields[path] = entry
    elif (
        len(entry.path) == 1
        and isinstance(entry.node.value, syntax.Parts)
        and (instance.kind.parts or instance.kind.open)
    ):
        _once(instance, entry, instance.parts)
        instance.parts[path] = entry
    else:
        rest.append(entry)


def _once(instance: Instance, entry: Entry, among: Mapping[str, Entry]) -> None:
    """Complain about a name that a body gives twice; a copy may give what its original gave."""
    name = ".".join(entry.path)
    others = (among, instance.lets, instance.parts)
    old = next((found[name] for found in others if name in found), None)
    if old is not None and not entry.is_change and entry.module is None:
        instance.world.complain(
            DECLARED_TWICE.at(
                entry.node.span,
                f"`{name}` is given twice",
                "leave one of them out",
                labels=(Label(old.node.span, "first here"),),
            )
        )


def _sort_entity(instance: Instance, entry: Entry) -> None:
    node: syntax.Entity = entry.node
    kind = kinds.BY_NAME.get(node.kind.text)
    if kind is None or kind.name not in ("port", "network"):
        instance.world.complain(
            unknown_kind(node.kind)
            if kind is None
            else MISPLACED.at(
                node.span,
                f"{a(kind.name)} is declared at the top of a file, not inside {a(instance.kind.name)}",
                "move it out and refer to it by name",
            )
        )
        return
    body = tuple(entries(node.body.statements if node.body else (), None))
    old = instance.nested.get(node.name.text)
    if old is not None and kind.name == "port":
        body = (*old.template.entries, *body)
    scope = Scope(instance.template.module, instance, {}, instance.template.enclosing)
    instance.nested[node.name.text] = make(
        Template(kind, node.name.text, instance.template.module, node.name.span, body, enclosing=scope), instance.world
    )


def _sort_change(instance: Instance, entry: Entry) -> None:
    first = entry.path[0]
    if len(entry.path) > 1 and first in instance.parts:
        instance.changes.setdefault(first, []).append(
            evolve(entry, path=entry.path[1:], scope=instance.scope_of(entry), is_change=True)
        )
    elif len(entry.path) > 1 and first in instance.nested:
        inner = instance.nested[first].template
        change = evolve(entry, path=entry.path[1:], scope=instance.scope_of(entry), is_change=True)
        instance.nested[first] = make(evolve(inner, entries=(*inner.entries, change)), instance.world)
    elif len(entry.path) == 1 and any(p.name.text == first for p in instance.template.parameters) and entry.is_change:
        instance.arguments[first] = evaluate(entry.node.value, instance.scope_of(entry), instance.world)
    else:
        instance.spoiled.add(".".join(entry.path))
        instance.world.complain(unknown_field(instance, ".".join(entry.path), entry))


def _require(instance: Instance) -> None:
    for spec in instance.kind.fields:
        if spec.required and spec.path not in instance.fields:
            instance.spoiled.add(spec.path)
            typos = [
                entry
                for entry in instance.template.entries
                if isinstance(entry.node, syntax.Field) and nearest(".".join(entry.path), (spec.path,))
            ]
            if typos:
                continue
            example = f"{spec.path} = {spec.example}"
            instance.world.complain(
                MISSING_FIELD.at(
                    instance.template.span,
                    f"{instance.kind.name} `{instance.name}` needs `{spec.path}`: {spec.doc}",
                    f"add `{example}`",
                )
            )


def unknown_field(instance: Instance, path: str, entry: Entry) -> Diagnostic:
    """The complaint about a field that the kind does not have, with the nearest that it has."""
    legal = [*instance.kind.by_path, *instance.parts, *instance.nested]
    found = nearest(path, legal)
    span = entry.node.path.span if isinstance(entry.node, syntax.Field) else entry.node.span
    fixes = (Fix(f"write `{found[0]}`", span, found[0], "safe" if len(found) == 1 else "unsafe"),) if found else ()
    labels: tuple[Label, ...] = ()
    spec = instance.kind.by_path.get(found[0]) if found else None
    if spec is not None and spec.required:
        labels = (Label(instance.template.span, f"`{spec.path}` is required here and missing"),)
    help = did_you_mean(path, legal) or (
        f"for a value of your own write `let {path.replace('.', '_')} = …`",
        *_parts_help(instance),
    )
    return UNKNOWN_FIELD.at(span, f"{a(instance.kind.name)} has no field `{path}`", *help, labels=labels, fixes=fixes)


def _parts_help(instance: Instance) -> tuple[str, ...]:
    return ("contained parts are counted: `npus = 8 of Thing`",) if instance.kind.parts else ()


def parts_made(world: World) -> Iterator[Part]:
    """Every part that is finished so far; nothing is made for the asking."""
    for instance in list(world.made.values()):
        if isinstance(instance, Instance) and isinstance(part := instance.values.get("part"), Part):
            yield part


def source_of(instance: Instance) -> Source:
    """A source declaration as data."""

    def word(path: str) -> str:
        value = instance.member(path, instance.template.span) if path in instance.fields else ""
        return value.text if isinstance(value, Day) else value if isinstance(value, str) else ""

    return Source(instance.name, word("title"), word("url"), word("date"), word("grade") or "estimate", word("note"))
