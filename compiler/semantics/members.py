"""Members of instances: the value of each name, and the `Part` or `Network` of the IR that an instance becomes.

A finished `Part` knows no text; `State.instances` maps it to the instance it came from.
"""

from collections.abc import Iterator
from typing import TypeGuard

from attrs import evolve

from compiler.ir.hardware import Connection, Group, Network, Part, Slot
from compiler.ir.hardware import Value as Stated
from compiler.ir.kinds import FieldSpec
from compiler.networks.links import topology_of
from compiler.quantities import units
from compiler.quantities.graph import Citation, Origin, Publication, Quantity, named, number
from compiler.semantics.arguments import type_dimension, typed
from compiler.semantics.evaluate import evaluate
from compiler.semantics.fields import fits, missing
from compiler.semantics.instances import as_instance, changed, instance_of, unknown_field
from compiler.semantics.names import a
from compiler.semantics.state import State
from compiler.semantics.values import (
    POISON,
    Binding,
    Counted,
    Day,
    Declaration,
    Entry,
    FunctionName,
    Instance,
    Many,
    Once,
    Prefix,
    Scope,
    TopLet,
    Value,
)
from dsl import syntax
from dsl.diagnostic import Code, Diagnostic
from dsl.source import Span
from dsl.suggest import did_you_mean

CANNOT_CONTAIN = Code(
    "C0212",
    "a thing is put into something that cannot contain it",
    cause="A chip contains no racks. Containment runs from supercluster over supernode, rack and node to chips, CPUs, switches and cards.",
    wrong="rack R { feed = 40 kW }\nnode N { racks = 2 of R }\n",
    right="node N { rated_power = 1 kW }\nrack R { nodes = 2 of N }\n",
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

# ---- values under a name ---------------------------------------------------------------------


def member(instance: Instance, name: str, span: Span, state: State) -> Value:
    """The value of a name inside an instance, evaluated once; POISON after a complaint.

    `span` is where it is asked for.
    """
    cell = instance.members.get(name) or instance.members.setdefault(name, Once())
    label = name if state.working else f"{instance.name}.{name}"
    value = state.once(cell, label, span, lambda: _member(instance, name, span, state))
    return POISON if value is None else value


def _member(instance: Instance, name: str, span: Span, state: State) -> Value:
    if name in instance.lets:
        entry = instance.lets[name]
        return let_value(entry.node, instance.scope_of(entry), state)
    if name in instance.parts:
        return _parts(instance, name, state)
    if name in instance.nested:
        return instance.nested[name]
    if name in instance.fields:
        return _field(instance, name, state)
    parameter = instance.template.parameter(name)
    if parameter is not None:
        return _argument(instance, parameter, state)
    found = field_at(instance, name, span, state)
    return POISON if found is None else found


def field_at(instance: Instance, path: str, span: Span, state: State) -> Value | None:
    """The field at a path, or a `Prefix` when it is a group of fields; None when the kind has no such field.

    A quantity that is not stated is `missing`, a word that is not stated is empty.
    """
    if path in instance.fields:
        return member(instance, path, span, state)
    spec = instance.kind.by_path.get(path)
    if any(other.startswith(path + ".") for other in (*instance.kind.by_path, *instance.fields)):
        return Prefix(instance, path)
    if spec is None:
        return None
    return missing(f"{path} of {instance.name}", spec.dimension) if spec.type == "quantity" else ""


def _argument(instance: Instance, parameter: syntax.Parameter, state: State) -> Value:
    """The value of a parameter: its argument, else its default, else a missing quantity."""
    name = parameter.name.text
    value = instance.arguments.get(name)
    if value is None and parameter.default is not None:
        value = evaluate(parameter.default, Scope(instance.template.module, instance), state)
    if value is None:
        return missing(f"{instance.name}.{name}", type_dimension(parameter) or units.NONE)
    return typed(value, parameter, parameter.default.span if parameter.default else parameter.span, state)


def _parts(instance: Instance, name: str, state: State) -> Value:
    slot = slot_of(instance, name, state)
    return POISON if slot is None else Many((Group((slot,), (NO_PART,)),), (state.instances[slot.part],))


def _field(instance: Instance, path: str, state: State) -> Value:
    entry = instance.fields[path]
    scope = instance.scope_of(entry)
    value = evaluate(entry.node.value, scope, state)
    if value is POISON:
        return POISON
    cites = citations(entry.node.cites, scope, state)
    spec = instance.kind.by_path.get(path)
    if spec is None:
        return named(value, path) if isinstance(value, Quantity) else value
    complaint = fits(path, spec, value, entry.node, state)
    if complaint is not None:
        state.complain(complaint)
        return POISON
    return _sourced(value, spec, entry.node, cites) if isinstance(value, Quantity) else value


def _sourced(value: Quantity, spec: FieldSpec, node: syntax.Field, cites: tuple[Citation, ...]) -> Quantity:
    """A quantity with the dimension, the name and the sources of the field that states it."""
    # a value from elsewhere keeps its name and place, unless this field cites a source for it
    is_new = bool(cites)
    return evolve(
        value,
        dimension=spec.dimension if spec.type == "quantity" else value.dimension,
        label=spec.path if is_new or not value.label else value.label,
        origin=Origin(node.value.span, cites) if is_new or value.origin is None else value.origin,
    )


# ---- lets and sources ------------------------------------------------------------------------


def top_let(binding: TopLet, span: Span, state: State) -> Value:
    """The value of a `let` at the top of a file, evaluated once; POISON after a complaint.

    `span` is where it is asked for.
    """
    cells = state.known(binding.module).lets
    cell = cells.get(binding) or cells.setdefault(binding, Once())
    name = binding.node.name.text
    value = state.once(cell, name, span, lambda: let_value(binding.node, Scope(binding.module), state))
    return POISON if value is None else value


def let_value(node: syntax.Let, scope: Scope, state: State) -> Value:
    """The value of a `let`, labelled with its name and sources."""
    value = typed(evaluate(node.value, scope, state), node, node.value.span, state)
    if not isinstance(value, Quantity):
        return value
    value = named(value, node.name.text)
    return evolve(value, origin=Origin(node.value.span, citations(node.cites, scope, state))) if node.cites else value


def citations(cites: tuple[syntax.Cite, ...], scope: Scope, state: State) -> tuple[Citation, ...]:
    """Citations of a `from`; complains about names that are no sources and leaves them out."""
    return tuple(found for cite in cites if (found := _cited(cite, scope, state)) is not None)


def _cited(cite: syntax.Cite, scope: Scope, state: State) -> Citation | None:
    names = scope.module.names
    binding = names.get(cite.source.text)
    if _is_source(binding):
        source = _source(binding, state)
        return Citation(source, cite.locator or "") if source is not None else None
    legal = [name for name, found in names.items() if _is_source(found)]
    help = did_you_mean(cite.source.text, legal) or (
        f'declare it: `source {cite.source.text} {{ title = "…"; date = 2025-01-01; grade = "paper" }}`',
    )
    state.complain(UNKNOWN_SOURCE.at(cite.source.span, f"`{cite.source.text}` is not a source", *help))
    return None


def _is_source(binding: Binding | None) -> TypeGuard[Declaration]:
    return isinstance(binding, Declaration) and binding.kind.name == "source"


def _source(declaration: Declaration, state: State) -> Publication | None:
    """The publication of a `source` declaration, made once; None after a complaint."""
    cells = state.known(declaration.module).sources
    cell = cells.get(declaration) or cells.setdefault(declaration, Once())
    return state.once(cell, declaration.name, declaration.entity.name.span, lambda: _publication(declaration, state))


def _publication(declaration: Declaration, state: State) -> Publication | None:
    made = instance_of(declaration, state)
    if made is None:
        return None
    title, url, date, grade, note = (_word(made, path, state) for path in ("title", "url", "date", "grade", "note"))
    return Publication(made.name, title, url, date, grade or "estimate", note)


def _word(instance: Instance, path: str, state: State) -> str:
    """A field of words or a date as text; empty when it is not stated."""
    value = member(instance, path, instance.template.span, state) if path in instance.fields else ""
    return value.text if isinstance(value, Day) else value if isinstance(value, str) else ""


# ---- parts -----------------------------------------------------------------------------------


def slot_of(instance: Instance, name: str, state: State) -> Slot | None:
    """The slot of a counted part, made once; None after a complaint."""
    cell = instance.slots.get(name) or instance.slots.setdefault(name, Once())
    return state.once(cell, name, instance.parts[name].node.span, lambda: _slot(instance, name, state))


def _slot(instance: Instance, name: str, state: State) -> Slot | None:
    entry = instance.parts[name]
    scope = instance.scope_of(entry)
    value = evaluate(entry.node.value, scope, state)
    if not isinstance(value, Counted):
        if value is not POISON:
            state.complain(unknown_field(instance, name, entry))
        return None
    inner = value.instance
    if inner.kind.name not in instance.kind.parts:
        message = f"{a(instance.kind.name)} cannot contain {a(inner.kind.name)}"
        help = f"it may contain {', '.join(instance.kind.parts) or 'nothing'}"
        state.complain(CANNOT_CONTAIN.at(entry.node.value.span, message, help))
        return None
    if name in instance.changes:
        inner = changed(inner, tuple(instance.changes[name]), state)
    part = part_of(inner, state)
    if part is None:
        return None
    origin = Origin(entry.node.value.span, citations(entry.node.cites, scope, state))
    return Slot(name, named(value.count, name), part, origin)


def part_of(instance: Instance, state: State) -> Part | None:
    """The part of an instance, made once: fields, slots, ports and networks.

    None after the complaint that it contains itself.
    """
    # by its first entry: each level of `node A { inner = 1 of A }` is another instance, made from the same text
    body: object = instance.template.entries[0] if instance.template.entries else instance
    if instance.part.effects is None and body in state.working and instance.kind.parts:
        state.complain(_contained(instance, state))
        return None
    return state.once(instance.part, instance.name, instance.template.span, lambda: _part(instance, state), body)


def _contained(instance: Instance, state: State) -> Diagnostic:
    names = [name for thing, (name, _) in state.working.items() if isinstance(thing, Entry | Instance)]
    chain = " contains ".join(f"`{name}`" for name in (*names, instance.name))
    message = f"`{instance.name}` contains itself"
    return CONTAINS_ITSELF.at(instance.template.span, message, "break the circle", notes=(chain,))


def _part(instance: Instance, state: State) -> Part:
    fields = dict(_stated(instance, state))
    slots = [slot_of(instance, name, state) for name in instance.parts]
    ports = [part_of(inner, state) for inner in _nested(instance, "port")]
    networks = [network_of(inner, state) for inner in _nested(instance, "network")]
    instance.spoiled.update(name for name, slot in zip(instance.parts, slots, strict=True) if slot is None)
    instance.spoiled.update(name for name, inner in instance.nested.items() if _is_lost(inner, state))
    part = Part(
        instance.kind.name,
        instance.name,
        fields,
        tuple(slot for slot in slots if slot is not None),
        tuple(port for port in ports if port is not None),
        tuple(network for network in networks if network is not None),
        Origin(instance.template.span),
    )
    state.add_part(part, instance)
    return part


def _stated(instance: Instance, state: State) -> Iterator[tuple[str, Stated]]:
    """Stated fields by path, as data of the IR; those with a complaint are left out and noted in `spoiled`."""
    for path, entry in instance.fields.items():
        value = member(instance, path, entry.node.span, state)
        if value is POISON:
            instance.spoiled.add(path)
        elif isinstance(value, Quantity | str):
            yield path, value
        elif isinstance(value, Day):
            yield path, value.text
        elif isinstance(value, Instance | Declaration | FunctionName):
            yield path, value.name


def _nested(instance: Instance, kind: str) -> list[Instance]:
    return [inner for inner in instance.nested.values() if inner.kind.name == kind]


def _is_lost(inner: Instance, state: State) -> bool:
    """True when a port or a network could not be made because of a complaint."""
    return (network_of(inner, state) if inner.kind.name == "network" else part_of(inner, state)) is None


def parts_made(state: State) -> Iterator[Part]:
    """Parts that are finished so far, in the order of their instances.

    Makes none, so that a message cannot add a complaint.
    """
    for instance in state.made:
        if instance.part.result is not None and instance.part in state.done:
            yield instance.part.result


def site_of(instance: Instance, span: Span, state: State) -> Part | None:
    """The site that an instance names in `at`; None when it names none."""
    made = as_instance(member(instance, "at", span, state), state) if "at" in instance.fields else None
    return part_of(made, state) if made is not None and made.kind.name == "site" else None


# ---- networks --------------------------------------------------------------------------------


def network_of(instance: Instance, state: State) -> Network | None:
    """The network of a network block, made once; None for another kind of instance, or after a complaint."""
    if instance.kind.name != "network":
        return None
    return state.once(instance.network, instance.name, instance.template.span, lambda: _network(instance, state))


def _network(instance: Instance, state: State) -> Network:
    span = instance.template.span
    values = {path: member(instance, path, span, state) for path in instance.fields}
    fields = {path: value for path, value in values.items() if isinstance(value, Quantity | str)}
    connections: list[Connection] = []
    made: list[Slot] = []
    circuits: list[Slot] = []
    instance.tiers = ()
    for entry in sorted(instance.connects, key=lambda entry: _names_own(entry.node, instance)):
        found = evaluate(entry.node, instance.scope_of(entry), state)
        for connection in found if isinstance(found, tuple) else ():
            if isinstance(connection, Connection):
                connections.append(connection)
                made += _tiers(connection)
                circuits += _circuits(connection)
        # at once, not at the end: a later `connect` may name a tier that this one made
        instance.tiers = (*made, *circuits)
    network = Network(instance.name, fields, tuple(connections), tuple(made), tuple(circuits), Origin(span))
    state.add_network(network)
    return network


def _names_own(node: syntax.Connect, instance: Instance) -> bool:
    """True for a `connect` that names switches of its own network: it comes after those that may make them."""
    return any(path.names[0].text == instance.name for path in (*node.left, *node.right))


def _tiers(connection: Connection) -> Iterator[Slot]:
    """Switches that the topology of a connection adds, a slot for each tier."""
    shape = connection.shape
    if shape is None or shape.switch is None:
        return
    for tier in topology_of(connection).tiers:
        if not tier.is_endpoint and tier.count:
            yield Slot(tier.name, number(float(tier.count), label=tier.name), shape.switch, shape.origin)


def _circuits(connection: Connection) -> Iterator[Slot]:
    """The circuit switches that the topology of a connection adds, as one tier."""
    shape = connection.shape
    if shape is None or shape.circuit is None:
        return
    circuits = topology_of(connection).circuits
    if circuits is not None and circuits.count:
        yield Slot("ocs", number(float(circuits.count), label="ocs"), shape.circuit, shape.origin)
