"""Declarations to things: arguments filled, copies changed, paths followed through containment."""

from collections.abc import Callable
from typing import Any

from attrs import define, evolve

from compiler.ir.cluster import Group, Network, Part
from compiler.networks.equijoin import explicit, same
from compiler.quantities import units
from compiler.quantities.graph import ONE, Citation, Quantity, apply, number, times
from compiler.quantities.tolerances import nearly
from compiler.semantics.connect import wired
from compiler.semantics.evaluate import NOT_CALLABLE, WRONG_ARGUMENTS, evaluate, fill
from compiler.semantics.fields import MOST_COUNT, WRONG_COUNT, missing, typed
from compiler.semantics.instances import (
    NOT_A_THING,
    UNKNOWN_FIELD,
    UNKNOWN_SOURCE,
    Entry,
    Instance,
    Template,
    entries,
    make,
    source_of,
)
from compiler.semantics.names import Declaration, ModuleName, Scope, TopLet, a, unknown_name
from compiler.semantics.operators import MOST_ITEMS, WRONG_TYPE
from compiler.semantics.state import World
from compiler.semantics.values import (
    POISON,
    Bag,
    Counted,
    FamilyName,
    Figures,
    LinkEnds,
    Many,
    Place,
    Prefix,
    Series,
    describe,
)
from compiler.semantics.words import FIGURES, WORDS, Trend, made_tier, of_trend, port_word
from dsl import syntax
from dsl.diagnostic import Code
from dsl.source import Span
from dsl.suggest import did_you_mean

OUT_OF_MANY = Code(
    "C0214",
    "an index beyond what there is",
    cause="`npus[0]` is the first; an index runs from 0 to one less than the count.",
    wrong="let x = [1, 2]\nlet y = x[5]\n",
    right="let x = [1, 2]\nlet y = x[1]\n",
)


def instance_of(declaration: Declaration, world: World) -> Instance | None:
    """The instance of a declaration with its defaults, made once; None after a complaint."""
    key = id(declaration)
    if key not in world.made:
        label, span = declaration.name, declaration.entity.name.span
        template = world.once((key, "declaration"), label, span, lambda: template_of(declaration, world))
        if (key, "declaration") in world.working:
            return None
        world.made[key] = make(template, world) if isinstance(template, Template) else None
    found = world.made[key]
    return found if isinstance(found, Instance) else None


def template_of(declaration: Declaration, world: World) -> Any:
    """What a declaration is made from, what it is `like` included."""
    entity = declaration.entity
    scope = Scope(declaration.module)
    own = tuple(entries(entity.body.statements if entity.body else (), None, change=entity.like is not None))
    base: Template | None = None
    if entity.like is not None:
        value = evaluate(entity.like, scope, world)
        copied = as_instance(value, world)
        if copied is None:
            if value is not POISON and not isinstance(value, Declaration):
                world.complain(
                    NOT_A_THING.at(
                        entity.like.span,
                        f"`like` copies a declared thing, this is {describe(value)}",
                        "name a declaration",
                    )
                )
            return POISON
        if copied.kind is not declaration.kind:
            world.complain(
                NOT_A_THING.at(
                    entity.like.span,
                    f"{a(declaration.kind.name)} cannot be like {a(copied.kind.name)}",
                    f"declare `{declaration.name}` as {a(copied.kind.name)}",
                )
            )
            return POISON
        base = copied.template
    inherited = tuple(entry for entry in base.entries if not isinstance(entry.node, syntax.Claim)) if base else ()
    module_scope = base.module if base else declaration.module
    rescoped = tuple(_written_in(e, declaration, base) for e in own)
    parameters = entity.parameters or (base.parameters if base else ())
    arguments = base.arguments if base else ()
    return Template(
        declaration.kind,
        declaration.name,
        module_scope,
        entity.name.span,
        (*inherited, *rescoped),
        parameters,
        arguments,
    )


def _written_in(entry: Entry, declaration: Declaration, base: Template | None) -> Entry:
    """A change of a copy is read in the file it stands in, where that is another than the original's."""
    if base is None or base.module is declaration.module:
        return entry
    return evolve(entry, module=declaration.module)


def as_instance(value: Any, world: World) -> Instance | None:
    """A value as one instance, when it is one or the declaration of one."""
    if isinstance(value, Declaration):
        return instance_of(value, world)
    if isinstance(value, Many) and len(value.instances) == 1:
        return value.instances[0]
    return value if isinstance(value, Instance) else None


@define(eq=False)
class Maker:
    """The workshop of `evaluate`: instances made, changed, counted and looked into."""

    def cited(self, cite: syntax.Cite, scope: Scope, world: World) -> Citation | None:
        """The source a cite names, or None after a complaint."""
        binding = scope.module.names.get(cite.source.text)
        if isinstance(binding, Declaration) and binding.kind.name == "source":
            key = id(binding.entity)
            if key not in world.known:
                made = instance_of(binding, world)
                world.known[key] = source_of(made) if made is not None else None
            return Citation(world.known[key], cite.locator or "") if world.known[key] else None
        legal = [
            name
            for name, found in scope.module.names.items()
            if isinstance(found, Declaration) and found.kind.name == "source"
        ]
        help = did_you_mean(cite.source.text, legal) or (
            f'declare it: `source {cite.source.text} {{ title = "…"; date = 2025-01-01; grade = "paper" }}`',
        )
        world.complain(UNKNOWN_SOURCE.at(cite.source.span, f"`{cite.source.text}` is not a source", *help))
        return None

    def called(self, declaration: Declaration, node: syntax.Call, scope: Scope, world: World) -> Any:
        """A declaration with arguments."""
        base = instance_of(declaration, world)
        if base is None:
            return POISON
        arguments = fill(declaration.name, base.template.parameters, node, scope, world)
        if arguments is None:
            return POISON
        return make(evolve(base.template, arguments=(*base.template.arguments, *arguments.items())), world)

    def family(self, name: str, span: Span, scope: Scope) -> FamilyName | None:
        """The topologies of that name, when there are such."""
        from compiler.semantics.layout import is_family  # numpy, for those who name a topology

        return FamilyName(syntax.Reference(span, name), scope) if is_family(name) else None

    def overridden(self, node: syntax.Override, scope: Scope, world: World) -> Any:
        """A changed copy."""
        value = evaluate(node.of, scope, world)
        base = as_instance(value, world)
        if base is None:
            if value is not POISON and not isinstance(value, Declaration):
                world.complain(
                    NOT_A_THING.at(
                        node.of.span,
                        f"`with` changes a declared thing, this is {describe(value)}",
                        "name a declaration",
                    )
                )
            return POISON
        changes = tuple(entries(node.body.statements, scope, change=True))
        return make(evolve(base.template, entries=(*base.template.entries, *changes)), world)

    def typed(self, value: Any, parameter: syntax.Parameter | syntax.Let, span: Span, world: World) -> Any:
        """A value held against the type of what takes it."""
        return typed(value, parameter, span, world)

    def counted(self, node: syntax.Parts, scope: Scope, world: World) -> Any:
        """So many of a thing, its block's changes applied."""
        count = evaluate(node.count, scope, world)
        target = evaluate(node.target, scope, world)
        if count is POISON or target is POISON:
            return POISON
        instance = as_instance(target, world)
        if instance is None:
            if not isinstance(target, Declaration):
                world.complain(
                    NOT_A_THING.at(
                        node.target.span,
                        f"parts are made of declared things, this is {describe(target)}",
                        "name a chip, node, rack, … after `of`",
                    )
                )
            return POISON
        if not isinstance(count, Quantity) or count.dimension:
            world.complain(
                WRONG_COUNT.at(
                    node.count.span,
                    f"parts are counted with a bare number, this is {describe(count)}",
                    "write `8 of Thing`",
                )
            )
            return POISON
        if not _is_count(count, node.count.span, world) or not _has_arguments(instance, node.target.span, world):
            return POISON
        if node.body is not None:
            inside = Scope(scope.module, None, {}, scope, slot=True)
            changes = tuple(entries(node.body.statements, inside, change=True))
            instance = make(evolve(instance.template, entries=(*instance.template.entries, *changes)), world)
        return Counted(count, instance)

    # ---- looking into values -----------------------------------------------------------------

    def instance(self, declaration: Declaration, world: World) -> Instance | None:
        """The instance of a declaration with its defaults."""
        return instance_of(declaration, world)

    def of_part(self, part: Part, world: World) -> Instance:
        """The instance that a part came from."""
        found: Instance = world.made[id(part)]
        return found

    def value(self, binding: TopLet, name: str, world: World) -> Any:
        """The value of a let at the top of a file."""
        return evaluate(syntax.Reference(binding.node.name.span, name), Scope(binding.module), world)

    def is_word(self, instance: Instance, name: str) -> bool:
        """Whether a name looks into an instance of this kind."""
        return name in WORDS.get(instance.kind.name, ()) or (name == "figures" and bool(instance.kind.parts))

    def wired(self, instance: Instance, world: World) -> Network | Any:
        """The network that a network block describes."""
        network = wired(instance, world)
        world.networks.append(network)
        return network

    def attribute_of(self, value: Any, name: str, span: Span, world: World) -> Any:
        """What a name means inside a value."""
        if isinstance(value, Declaration):
            made = instance_of(value, world)
            return POISON if made is None else self.attribute_of(made, name, span, world)
        if isinstance(value, ModuleName):
            return self._of_module(value, name, span, world)
        look = _LOOKS.get(type(value))
        if look is not None:
            return look(value, name, span, world)
        if isinstance(value, Place):
            return _of_place(value, name, span, world)
        if isinstance(value, Quantity) and name == "bidirectional" and value.dimension == units.RATE:
            return evolve(apply("multiply", number(2.0, label="both directions"), value), unit=value.unit)
        world.complain(
            UNKNOWN_FIELD.at(
                span, f"{describe(value)} has no `{name}`", "only declared things and sets of parts have fields"
            )
        )
        return POISON

    def _of_module(self, value: ModuleName, name: str, span: Span, world: World) -> Any:
        binding = value.module.names.get(name)
        if binding is None:
            world.complain(unknown_name(name, span, tuple(value.module.names), f"`{value.module.path}`"))
            return POISON
        if isinstance(binding, TopLet):
            return evaluate(syntax.Reference(span, name), Scope(value.module), world)
        return binding

    def picked(self, value: Any, at: int, span: Span, world: World) -> Any:
        """One of many."""
        if isinstance(value, tuple):
            if 0 <= at < len(value):
                return value[at]
        elif isinstance(value, Many):
            left = at
            for group, instance in zip(value.groups, value.instances, strict=True):
                size = world.number(group.count)
                if 0 <= left < size:
                    return Many((group,), (instance,), single=True)
                left -= int(size)
        elif isinstance(value, Bag):
            left = at
            for count, item in value.items:
                if 0 <= left < world.number(count):
                    return item
                left -= int(world.number(count))
        else:
            world.complain(
                NOT_CALLABLE.at(span, f"{describe(value)} cannot be indexed", "index lists and sets of parts")
            )
            return POISON
        world.complain(OUT_OF_MANY.at(span, f"there is no element {at} here", "the first is 0"))
        return POISON

    def elements(self, value: Any, span: Span, world: World) -> list[tuple[Quantity, Any]] | None:
        """What a comprehension runs over."""
        if isinstance(value, Series) and value.size <= MOST_ITEMS:
            value = value.items()
        if isinstance(value, tuple):
            return [(ONE, item) for item in value]
        if isinstance(value, Many):
            pairs = zip(value.groups, value.instances, strict=True)
            return [(group.count, Many((group,), (instance,), single=True)) for group, instance in pairs]
        if isinstance(value, Bag):
            return list(value.items)
        world.complain(
            WRONG_TYPE.at(
                span,
                f"a comprehension runs over a list or a set of parts, this is {describe(value)}",
                "write `[a, b]` or name parts",
            )
        )
        return None


def _has_arguments(instance: Instance, span: Span, world: World) -> bool:
    """Whether every parameter without a default was given."""
    for parameter in instance.template.parameters:
        name = parameter.name.text
        if parameter.default is None and name not in instance.arguments:
            world.complain(
                WRONG_ARGUMENTS.at(span, f"`{instance.name}` needs `{name}`", f"write `{instance.name}({name} = …)`")
            )
            return False
    return True


def _is_count(count: Quantity, span: Span, world: World) -> bool:
    bounds = world.intervals.of(count)
    if 1 <= bounds.low <= bounds.high <= MOST_COUNT and (
        bounds.low != bounds.high or nearly(bounds.middle, round(bounds.middle))
    ):
        return True
    if count.op == "missing":
        return True
    if bounds.low != bounds.high:
        return bounds.low >= 0
    reason = "0 of a thing contains nothing" if bounds.middle == 0 else f"{bounds.middle:g} is not a number of things"
    limit = f"; the limit is {MOST_COUNT:.0e}" if bounds.middle > MOST_COUNT else ""
    help = "leave the line out" if bounds.middle == 0 else "write a whole number from 1 on"
    world.complain(WRONG_COUNT.at(span, reason + limit, help))
    return False


def _of_instance(value: Instance, name: str, span: Span, world: World) -> Any:
    """A member, a field that was not stated, a group of fields, or a word about the instance."""
    if name in value.lets or name in value.parts or name in value.nested or name in value.fields:
        return value.member(name, span)
    if any(p.name.text == name for p in value.template.parameters):
        return value.member(name, span)
    if name == "figures" and value.kind.parts:
        return Figures(value, "")
    tier = made_tier(value, name, world)
    if tier is not None:
        return tier
    word = WORDS.get(value.kind.name, {}).get(name)
    if word is not None:
        return word(value, span, world)
    if value.kind.name == "port" and (derived := port_word(value, name, span)) is not None:
        return derived
    return _field_path(value, name, span, world)


def _field_path(value: Instance, path: str, span: Span, world: World) -> Any:
    if path in value.fields:
        return value.member(path, span)
    if any(p.startswith(path + ".") for p in (*value.kind.by_path, *value.fields)):
        return Prefix(value, path)
    spec = value.kind.by_path.get(path)
    if spec is not None and spec.type == "quantity":
        return missing(f"{path} of {value.name}", spec.dimension)
    if spec is not None:
        return ""
    legal = [*value.member_names(), *(p.partition(".")[0] for p in value.kind.by_path), *WORDS.get(value.kind.name, ())]
    last = path.rpartition(".")[2]
    world.complain(
        UNKNOWN_FIELD.at(span, f"{value.kind.name} `{value.name}` has no `{path}`", *did_you_mean(last, legal))
    )
    return POISON


def _of_prefix(value: Prefix, name: str, span: Span, world: World) -> Any:
    return _field_path(value.instance, f"{value.path}.{name}", span, world)


def _of_many(value: Many, name: str, span: Span, world: World) -> Any:
    """The member of each: more parts, or a multiset of values. Parts of kinds without the field are passed over."""
    if value.single:
        group, instance = value.groups[0], value.instances[0]
        if name == "links":
            return LinkEnds(_link_ends(group, world))
        return _beyond(group, _of_instance(instance, name, span, world))
    mixed = len({instance.kind.name for instance in value.instances}) > 1
    found: list[Any] = []
    for group, instance in zip(value.groups, value.instances, strict=True):
        if mixed and not (name in instance.kind.by_path or instance.has(name)):
            continue
        item = _beyond(group, _of_instance(instance, name, span, world))
        if item is POISON:
            return POISON
        found.append((group, item))
    if found and all(isinstance(item, Many) for _, item in found):
        return Many(tuple(g for _, m in found for g in m.groups), tuple(i for _, m in found for i in m.instances))
    return Bag(tuple((group.count, item) for group, item in found), name)


def _beyond(group: Group, item: Any) -> Any:
    """Parts of a part, seen from where the group was seen."""
    if isinstance(item, Many):
        groups = tuple(
            Group((*group.slots, *inner.slots), (*group.parents, group.part, *inner.parents[1:]))
            for inner in item.groups
        )
        return Many(groups, item.instances, item.single)
    return item


def _link_ends(group: Group, world: World) -> Quantity:
    """Link ends at one instance of a group, over the networks made so far that reach it."""
    ends = 0.0
    for network in world.networks:
        for _, joint in explicit(network):
            ends += joint.per_left if same(joint.left, group) else 0.0
            ends += joint.per_right if joint.right is not None and same(joint.right, group) else 0.0
    return number(ends, label="links")


def _of_bag(value: Bag, name: str, span: Span, world: World) -> Any:
    items: list[tuple[Quantity, Any]] = []
    for count, item in value.items:
        inner = world.workshop.attribute_of(item, name, span, world)
        if inner is POISON:
            return POISON
        if isinstance(inner, Bag):
            items.extend((times(count, c), i) for c, i in inner.items)
        else:
            items.append((count, inner))
    return Bag(tuple(items), f"{value.what}.{name}")


def _of_figures(value: Figures, name: str, span: Span, world: World) -> Any:
    path = f"{value.path}.{name}" if value.path else name
    return FIGURES.look(value.instance, path, span, world)


def _of_place(value: Place, name: str, span: Span, world: World) -> Any:
    if name == "index":
        return Quantity("index", (), units.NONE, None, symbol=str(value.level), label="index")
    if name == "parent":
        return Place(value.level + 1)
    world.complain(
        UNKNOWN_FIELD.at(span, f"of the part around it only `index` can be asked, not `{name}`", "write `parent.index`")
    )
    return POISON


_LOOKS: dict[type, Callable[[Any, str, Span, World], Any]] = {
    Instance: _of_instance,
    Prefix: _of_prefix,
    Many: _of_many,
    Bag: _of_bag,
    Figures: _of_figures,
    Trend: of_trend,
}
