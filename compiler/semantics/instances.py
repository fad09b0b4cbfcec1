"""Instances of declarations, with arguments and the changes of `like`, `with` and part blocks applied.

Statements of a body are only sorted here into fields, parts, lets and so on; `members` evaluates them on demand.
"""

from collections.abc import Iterator, Mapping

from compiler.ir import kinds
from compiler.semantics.evaluate import evaluate
from compiler.semantics.names import DECLARED_TWICE, MISPLACED, a, unknown_kind
from compiler.semantics.state import State
from compiler.semantics.values import (
    POISON,
    Declaration,
    Entry,
    Instance,
    Many,
    Once,
    Scope,
    Template,
    Value,
    describe,
    holds,
)
from dsl import syntax
from dsl.diagnostic import Code, Diagnostic, Fix, Label
from dsl.record import replace
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
NOT_A_THING = Code(
    "C0213",
    "something other than a declared thing stands after `of`, `like` or `with`",
    cause="`of`, `like` and `with` work on declared things: chips, nodes, racks and so on.",
    wrong="node N { npus = 2 of 3 }\n",
    right="chip A { tdp = 1 W }\nnode N { npus = 2 of A }\n",
)


# ---- declarations ----------------------------------------------------------------------------


def instance_of(declaration: Declaration, state: State) -> Instance | None:
    """The instance of a declaration with default arguments, made once; None after a complaint."""
    cells = state.known(declaration.module).instances
    cell = cells.get(declaration) or cells.setdefault(declaration, Once())
    return state.once(cell, declaration.name, declaration.entity.name.span, lambda: _declared(declaration, state))


def _declared(declaration: Declaration, state: State) -> Instance | None:
    template = template_of(declaration, state)
    if template is None:
        return None
    made = make(template, state)
    state.add_instance(made)
    return made


def as_instance(value: Value, state: State) -> Instance | None:
    """The instance that a value is, declares, or consists of (a single group of parts); None for other values."""
    if isinstance(value, Declaration):
        return instance_of(value, state)
    if isinstance(value, Many) and len(value.instances) == 1:
        return value.instances[0]
    return value if isinstance(value, Instance) else None


def template_of(declaration: Declaration, state: State) -> Template | None:
    """The template of a declaration, with everything inherited by `like`; None after a complaint."""
    entity = declaration.entity
    own = tuple(entries(entity.body.statements if entity.body else (), None, change=entity.like is not None))
    if entity.like is None:
        return Template(
            declaration.kind, declaration.name, declaration.module, entity.name.span, own, entity.parameters
        )
    base = _original(declaration, entity.like, state)
    if base is None:
        return None
    # a claim is about the thing that was published: a changed copy does not have to reproduce its figures
    inherited = tuple(entry for entry in base.entries if not isinstance(entry.node, syntax.ClaimStatement))
    if base.module is not declaration.module:  # a change is read in the file it stands in
        own = tuple(replace(entry, module=declaration.module) for entry in own)
    return Template(
        declaration.kind,
        declaration.name,
        base.module,
        entity.name.span,
        (*inherited, *own),
        entity.parameters or base.parameters,
        base.arguments,
    )


def _original(declaration: Declaration, like: syntax.Expression, state: State) -> Template | None:
    """The template that a declaration copies by `like`; None after a complaint, such as that it is of another kind."""
    value = evaluate(like, Scope(declaration.module), state)
    copied = as_instance(value, state)
    if copied is None:
        if value is not POISON and not isinstance(value, Declaration):
            message = f"`like` copies a declared thing, this is {describe(value)}"
            state.complain(NOT_A_THING.at(like.span, message, "name a declaration"))
        return None
    if copied.kind is not declaration.kind:
        message = f"{a(declaration.kind.name)} cannot be like {a(copied.kind.name)}"
        help = f"declare `{declaration.name}` as {a(copied.kind.name)}"
        state.complain(NOT_A_THING.at(like.span, message, help))
        return None
    return copied.template


# ---- making ----------------------------------------------------------------------------------


def entries(
    statements: tuple[syntax.Statement, ...], scope: Scope | None, prefix: tuple[str, ...] = (), change: bool = False
) -> Iterator[Entry[syntax.Statement]]:
    """Statements of a body as a flat list: `hbm { capacity = … }` becomes an entry with the path (hbm, capacity)."""
    for node in statements:
        if isinstance(node, syntax.FieldGroup):
            yield from entries(node.body.statements, scope, (*prefix, node.name.text), change)
        elif isinstance(node, syntax.Field):
            yield Entry((*prefix, *(name.text for name in node.path.names)), node, scope, change)
        elif isinstance(node, syntax.Let | syntax.Entity):
            yield Entry((*prefix, node.name.text), node, scope, change)
        elif not isinstance(node, syntax.Wrong):
            yield Entry(prefix, node, scope, change)


def changed(instance: Instance, changes: tuple[Entry[syntax.Statement], ...], state: State) -> Instance:
    """A copy of an instance with more entries; a later entry of the same path replaces an earlier one."""
    return make(replace(instance.template, entries=(*instance.template.entries, *changes)), state)


def make(template: Template, state: State) -> Instance:
    """The instance of a template: entries sorted into fields, parts, lets and so on; complains about unknown names."""
    instance = Instance(template)
    instance.arguments.update(template.arguments)
    rest: list[Entry[syntax.Field]] = []
    for entry in template.entries:
        if holds(entry, syntax.Field):
            _sort_field(instance, entry, rest, state)
        elif holds(entry, syntax.Let):
            _once(instance, entry, instance.lets, state)
            instance.lets[entry.path[0]] = entry
        elif holds(entry, syntax.Entity):
            _sort_entity(instance, entry, state)
        elif holds(entry, syntax.Connect):
            instance.connects.append(entry)
        else:
            instance.statements.append(entry)
    # changes reach into parts and ports, so they wait until all of those are known
    for entry in rest:
        _sort_change(instance, entry, state)
    _require(instance, state)
    return instance


def _sort_field(instance: Instance, entry: Entry[syntax.Field], rest: list[Entry[syntax.Field]], state: State) -> None:
    kind, path = instance.kind, entry.name
    is_counted = isinstance(entry.node.value, syntax.Parts)
    if path in kind.by_path or (kind.open and not is_counted):
        _once(instance, entry, instance.fields, state)
        instance.fields[path] = entry
    elif len(entry.path) == 1 and is_counted and (kind.parts or kind.open):
        _once(instance, entry, instance.parts, state)
        instance.parts[path] = entry
    else:
        rest.append(entry)


def _once(
    instance: Instance, entry: Entry[syntax.Statement], among: Mapping[str, Entry[syntax.Statement]], state: State
) -> None:
    """Complain about a name that one body gives twice. A copy may give again what its original gave."""
    name = entry.name
    others: tuple[Mapping[str, Entry[syntax.Statement]], ...] = (among, instance.lets, instance.parts)
    old = next((found[name] for found in others if name in found), None)
    if old is not None and not entry.is_change and entry.module is None:
        labels = (Label(old.node.span, "first here"),)
        message = f"`{name}` is given twice"
        state.complain(DECLARED_TWICE.at(entry.node.span, message, "leave one of them out", labels=labels))


def _sort_entity(instance: Instance, entry: Entry[syntax.Entity], state: State) -> None:
    node = entry.node
    kind = kinds.BY_NAME.get(node.kind.text)
    if kind is None:
        state.complain(unknown_kind(node.kind))
        return
    if kind.name not in ("port", "network"):
        message = f"{a(kind.name)} is declared at the top of a file, not inside {a(instance.kind.name)}"
        state.complain(MISPLACED.at(node.span, message, "move it out and refer to it by name"))
        return
    body = tuple(entries(node.body.statements if node.body else (), None))
    old = instance.nested.get(node.name.text)
    if old is not None and kind.name == "port":
        body = (*old.template.entries, *body)
    module = instance.template.module
    scope = Scope(module, instance, {}, instance.template.enclosing)
    template = Template(kind, node.name.text, module, node.name.span, body, enclosing=scope)
    instance.nested[node.name.text] = make(template, state)


def _sort_change(instance: Instance, entry: Entry[syntax.Field], state: State) -> None:
    first = entry.path[0]
    change = replace(entry, path=entry.path[1:], scope=instance.scope_of(entry), is_change=True)
    if change.path and first in instance.parts:
        instance.changes.setdefault(first, []).append(change)
    elif change.path and first in instance.nested:
        instance.nested[first] = changed(instance.nested[first], (change,), state)
    elif not change.path and entry.is_change and instance.template.parameter(first) is not None:
        instance.arguments[first] = evaluate(entry.node.value, instance.scope_of(entry), state)
    else:
        instance.spoiled.add(entry.name)
        state.complain(unknown_field(instance, entry.name, entry))


def _require(instance: Instance, state: State) -> None:
    """Complain about required fields that are missing, unless a misspelt one has been complained about."""
    for spec in instance.kind.fields:
        if not spec.required or spec.path in instance.fields:
            continue
        instance.spoiled.add(spec.path)
        fields = (entry for entry in instance.template.entries if isinstance(entry.node, syntax.Field))
        if not any(nearest(entry.name, (spec.path,)) for entry in fields):
            message = f"{instance.kind.name} `{instance.name}` needs `{spec.path}`: {spec.doc}"
            state.complain(MISSING_FIELD.at(instance.template.span, message, f"add `{spec.path} = {spec.example}`"))


def unknown_field(instance: Instance, path: str, entry: Entry[syntax.Statement]) -> Diagnostic:
    """The complaint about a field that the kind does not have, with the nearest name that it has."""
    legal = [*instance.kind.by_path, *instance.parts, *instance.nested]
    found = nearest(path, legal)
    span = entry.node.path.span if isinstance(entry.node, syntax.Field) else entry.node.span
    fixes = (Fix(f"write `{found[0]}`", span, found[0], "safe" if len(found) == 1 else "unsafe"),) if found else ()
    labels: tuple[Label, ...] = ()
    spec = instance.kind.by_path.get(found[0]) if found else None
    if spec is not None and spec.required:
        labels = (Label(instance.template.span, f"`{spec.path}` is required here and missing"),)
    counted = ("contained parts are counted: `npus = 8 of Thing`",) if instance.kind.parts else ()
    own = f"for a value of your own write `let {path.replace('.', '_')} = …`"
    help = did_you_mean(path, legal) or (own, *counted)
    return UNKNOWN_FIELD.at(span, f"{a(instance.kind.name)} has no field `{path}`", *help, labels=labels, fixes=fixes)
