"""Look-up of names: `name` in a scope, `value.name` inside a value, and `value[n]`, one of many."""

import math
from collections.abc import Callable, Mapping, Sequence

from attrs import evolve

from compiler.ir.hardware import Group
from compiler.networks.equijoin import explicit, same
from compiler.quantities import units
from compiler.quantities.graph import Quantity, apply, number, times
from compiler.semantics.arguments import NOT_CALLABLE
from compiler.semantics.evaluate import evaluate, quantity, several
from compiler.semantics.instances import UNKNOWN_FIELD, instance_of
from compiler.semantics.members import field_at, member, network_of, top_let
from compiler.semantics.names import DECLARED_TWICE, unknown_name
from compiler.semantics.state import State
from compiler.semantics.values import (
    POISON,
    Bag,
    Binding,
    Declaration,
    External,
    FailedImport,
    FamilyName,
    FigurePath,
    FunctionName,
    Instance,
    LinkEnds,
    Many,
    ModuleName,
    Place,
    Prefix,
    Scope,
    TopLet,
    Trend,
    Value,
    describe,
)
from compiler.semantics.words import WORDS, figure_at, figure_below, of_trend, port_word
from dsl import syntax
from dsl.diagnostic import Code
from dsl.record import replace
from dsl.source import Span
from dsl.suggest import did_you_mean

OUT_OF_MANY = Code(
    "C0214",
    "an index beyond what there is",
    cause="`npus[0]` is the first; an index runs from 0 to one less than the count.",
    wrong="let x = [1, 2]\nlet y = x[5]\n",
    right="let x = [1, 2]\nlet y = x[1]\n",
)
ASIDE = ("view", "study")
"""Kinds whose declarations do not hide a word of the language: a study named `racks` leaves `racks` as it is."""
PLACES = ("index", "parent")
"""Words that stand for the position of a part, in the block of that part."""


# ---- names in a scope ------------------------------------------------------------------------


def reference(node: syntax.Reference, scope: Scope, state: State) -> Value:
    """The value of a name; POISON after a complaint.

    Looked up in this order: locals and members of the enclosing instances, names of the file, words that look into an
    instance, functions of the language, `external`, families of topologies.
    """
    name, span = node.name, node.span
    found = _enclosing(name, span, scope, state)
    if found is not None:
        return found
    binding = scope.module.names.get(name)
    if binding is not None and not (isinstance(binding, Declaration) and binding.kind.name in ASIDE):
        return _bound(binding, span, state)
    for around in scope.chain():
        if around.instance is not None and _is_word(around.instance, name):
            return attribute(around.instance, name, span, state)
    if isinstance(binding, Declaration):
        return binding
    if name in state.functions:
        return FunctionName(name)
    if name == "external":
        return External()
    if _is_family(name):
        return FamilyName(node, scope)
    tiers = [around.instance.name for around in scope.chain() if around.instance and _makes(around.instance, name)]
    said = unknown_name(name, span, (*scope.visible(), *state.functions))
    state.complain(replace(said, help=(f"write `{tiers[0]}.{name}`",), fixes=()) if tiers else said)
    return POISON


def _makes(network: Instance, name: str) -> bool:
    """True for a network whose topologies have made switches of a name."""
    return any(slot.name == name for slot in network.tiers)


def _enclosing(name: str, span: Span, scope: Scope, state: State) -> Value | None:
    """The value of a name among locals and members of enclosing instances, innermost first; None when in none."""
    for around in scope.chain():
        if name in around.locals:
            return around.locals[name]
        if around.slot and name in PLACES:
            return _place(name, span, around, state)
        if around.instance is not None and around.instance.has(name):
            return member(around.instance, name, span, state)
    return None


def _place(name: str, span: Span, slot: Scope, state: State) -> Value:
    """The value of `index` or `parent` in the block of a part; POISON when something outside has that name as well."""
    # refused, not decided: an inner `index` that silently hid the user's own would give a wrong design
    outside = [around for around in slot.chain() if around is not slot]
    is_named = any(name in around.locals or (around.instance and around.instance.has(name)) for around in outside)
    if is_named or name in slot.module.names:
        message = f"`{name}` is the place of a part in its block, and something else outside"
        state.complain(DECLARED_TWICE.at(span, message, "give the other another name"))
        return POISON
    return index_at(0) if name == "index" else Place(1)


def _bound(binding: Binding, span: Span, state: State) -> Value:
    if isinstance(binding, FailedImport):
        return POISON
    return top_let(binding, span, state) if isinstance(binding, TopLet) else binding


def _is_word(instance: Instance, name: str) -> bool:
    """True when a name is a word for looking into an instance of this kind: `all_parts`, `racks`, `figures`."""
    return name in WORDS.get(instance.kind.name, ()) or (name == "figures" and bool(instance.kind.parts))


def _is_family(name: str) -> bool:
    from compiler.networks.topologies.catalogue import families  # numpy, for those who name a topology

    return name in families()


def index_at(level: int) -> Quantity:
    """A quantity that stands for the position of an instance in its slot, from 0.

    Level 0 is its own slot, 1 its parent's.
    """
    return Quantity("index", (), units.NONE, None, symbol=str(level), label="index")


# ---- names inside a value --------------------------------------------------------------------


def attribute_node(node: syntax.Attribute, scope: Scope, state: State) -> Value:
    """The value of `value.name`; POISON after a complaint."""
    below = _below_figure(node, scope, state)
    if below is not None:
        return below
    value = evaluate(node.of, scope, state)
    return POISON if value is POISON else attribute(value, node.name.text, node.name.span, state)


def _below_figure(node: syntax.Attribute, scope: Scope, state: State) -> Value | None:
    """The figure `figures.a.b` where `figures.a` is a figure, too; None for all else."""
    inner = node.of
    if not isinstance(inner, syntax.Attribute) or not isinstance(inner.of, syntax.Attribute | syntax.Reference):
        return None
    word = inner.of.name if isinstance(inner.of, syntax.Reference) else inner.of.name.text
    base = evaluate(inner.of, scope, state) if word == "figures" else None
    if not isinstance(base, FigurePath):
        return None
    return figure_below(base, f"{inner.name.text}.{node.name.text}", node.name.span, state)


def attribute(value: Value, name: str, span: Span, state: State) -> Value:
    """The value of a name inside a value; POISON after a complaint."""
    look = _LOOKS.get(type(value))
    if look is not None:
        return look(value, name, span, state)
    if isinstance(value, Quantity) and name == "bidirectional" and value.dimension == units.RATE:
        return evolve(apply("multiply", number(2.0, label="both directions"), value), unit=value.unit)
    message = f"{describe(value)} has no `{name}`"
    state.complain(UNKNOWN_FIELD.at(span, message, "only declared things and sets of parts have fields"))
    return POISON


def _of_declaration(value: Declaration, name: str, span: Span, state: State) -> Value:
    made = instance_of(value, state)
    return POISON if made is None else _of_instance(made, name, span, state)


def _of_module(value: ModuleName, name: str, span: Span, state: State) -> Value:
    binding = value.module.names.get(name)
    if binding is None:
        state.complain(unknown_name(name, span, value.module.names, f"`{value.module.path}`"))
        return POISON
    return _bound(binding, span, state)


def _of_instance(value: Instance, name: str, span: Span, state: State) -> Value:
    """A member, a word about the instance, or a field that was not stated."""
    if value.has(name):
        return member(value, name, span, state)
    if name == "figures" and value.kind.parts:
        return FigurePath(value, "")
    tier = _tier(value, name, state)
    if tier is not None:
        return tier
    word = WORDS.get(value.kind.name, {}).get(name)
    if word is not None:
        return word(value, span, state)
    derived = port_word(value, name, span, state) if value.kind.name == "port" else None
    return _field_path(value, name, span, state) if derived is None else derived


def _tier(value: Instance, name: str, state: State) -> Many | None:
    """A tier of switches that a network made, by whichever of its topologies: `out.leaf`; None when it makes none of that
    name, or has not yet."""
    # a `connect` may name tiers of its own network: it sees those that exist so far
    if value.connects and value.network not in state.working and name not in value.kind.by_path:
        network_of(value, state)
    slots = [slot for slot in value.tiers if slot.name == name]
    made = tuple(Group((slot,)) for slot in slots)
    return Many(made, tuple(state.instances[slot.part] for slot in slots)) if made else None


def _field_path(value: Instance, path: str, span: Span, state: State) -> Value:
    found = field_at(value, path, span, state)
    if found is not None:
        return found
    fields = (p.partition(".")[0] for p in value.kind.by_path)
    legal = [*value.member_names(), *fields, *WORDS.get(value.kind.name, ())]
    message = f"{value.kind.name} `{value.name}` has no `{path}`"
    state.complain(UNKNOWN_FIELD.at(span, message, *did_you_mean(path.rpartition(".")[2], legal)))
    return POISON


def _of_prefix(value: Prefix, name: str, span: Span, state: State) -> Value:
    path = f"{value.path}.{name}"
    word = WORDS.get(value.instance.kind.name, {}).get(path)
    return _field_path(value.instance, path, span, state) if word is None else word(value.instance, span, state)


def _of_figures(value: FigurePath, name: str, span: Span, state: State) -> Value:
    return figure_at(value.instance, f"{value.path}.{name}" if value.path else name, span, state)


def _of_place(value: Place, name: str, span: Span, state: State) -> Value:
    if name == "index":
        return index_at(value.level)
    if name == "parent":
        return Place(value.level + 1)
    message = f"of the part around it only `index` can be asked, not `{name}`"
    state.complain(UNKNOWN_FIELD.at(span, message, "write `parent.index`"))
    return POISON


# ---- names inside many -----------------------------------------------------------------------


def _of_many(value: Many, name: str, span: Span, state: State) -> Value:
    """The member of each part of a group: more parts, or a multiset of values; POISON after a complaint.

    Where kinds are mixed, parts without such a member are passed over.
    """
    if value.single:
        if name == "links":
            return LinkEnds(_link_ends(value.groups[0], state))
        return _beyond(value.groups[0], _of_instance(value.instances[0], name, span, state))
    # with one kind a missing field is a mistake; with several (`all_parts.tdp`) it is what one expects of some
    mixed = len({instance.kind.name for instance in value.instances}) > 1
    found: list[tuple[Group, Value]] = []
    for group, instance in zip(value.groups, value.instances, strict=True):
        if mixed and not (name in instance.kind.by_path or instance.has(name)):
            continue
        item = _beyond(group, _of_instance(instance, name, span, state))
        if item is POISON:
            return POISON
        found.append((group, item))
    inner = [item for _, item in found if isinstance(item, Many)]
    if inner and len(inner) == len(found):
        return _together(inner)
    return Bag(tuple((group.count, item) for group, item in found), name, tuple(group for group, _ in found))


def _beyond(group: Group, item: Value) -> Value:
    """Parts reached from a group, with the slots of the group before their own; other values unchanged."""
    return _within(group, item) if isinstance(item, Many) else item


def _within(group: Group, parts: Many) -> Many:
    groups = tuple(
        Group((*group.slots, *inner.slots), (*group.parents, group.part, *inner.parents[1:]), group.picked)
        for inner in parts.groups
    )
    return Many(groups, parts.instances, parts.single)


def _together(parts: Sequence[Many]) -> Many:
    return Many(tuple(g for one in parts for g in one.groups), tuple(i for one in parts for i in one.instances))


def _link_ends(group: Group, state: State) -> Quantity:
    """Number of link ends at one instance of a group, over the networks made so far that reach it."""
    ends = 0.0
    for network in state.networks:
        for _, joint in explicit(network):
            ends += sum(links for side, links in joint.sides if same(side, group))
    return number(ends, label="links")


def _of_bag(value: Bag, name: str, span: Span, state: State) -> Value:
    """The member of each item: a multiset again; of networks of many parts also their switches, as parts in those."""
    tiers: list[Many] = []
    items: list[tuple[Quantity, Value]] = []
    for place, (count, item) in enumerate(value.items):
        inner = attribute(item, name, span, state)
        if inner is POISON:
            return POISON
        if isinstance(inner, Many) and value.around:
            tiers.append(_within(value.around[place], inner))
        if isinstance(inner, Bag):
            items.extend((times(count, c), i) for c, i in inner.items)
        else:
            items.append((count, inner))
    return _together(tiers) if tiers and len(tiers) == len(items) else Bag(tuple(items), f"{value.what}.{name}")


_LOOKS: Mapping[type, Callable[..., Value]] = {
    Declaration: _of_declaration,
    ModuleName: _of_module,
    Instance: _of_instance,
    Prefix: _of_prefix,
    Many: _of_many,
    Bag: _of_bag,
    FigurePath: _of_figures,
    Trend: of_trend,
    Place: _of_place,
}


# ---- one of many -----------------------------------------------------------------------------


def index(node: syntax.Index, scope: Scope, state: State) -> Value:
    """The value of `npus[0]`, of which 0 is the first; POISON after a complaint."""
    value = evaluate(node.of, scope, state)
    at = quantity(node.index, scope, state)
    if value is POISON or at is None:
        return POISON
    if not isinstance(value, tuple | Many | Bag):
        message = f"{describe(value)} cannot be indexed"
        state.complain(NOT_CALLABLE.at(node.span, message, "index lists and sets of parts"))
        return POISON
    place = state.number(at)
    found = _picked(value, int(place), state) if math.isfinite(place) else None
    if found is None:
        shown = f"{int(place)}" if math.isfinite(place) else f"{place:g}"
        state.complain(OUT_OF_MANY.at(node.span, f"there is no element {shown} here", "the first is 0"))
        return POISON
    return found


def _picked(value: tuple[Value, ...] | Many | Bag, place: int, state: State) -> Value | None:
    """The element at a place, from 0; None when there are not so many."""
    if isinstance(value, tuple):
        return value[place] if 0 <= place < len(value) else None
    for count, item in several(value) if isinstance(value, Many) else value.items:
        size = state.number(count)
        if 0 <= place < size:
            return item
        place -= int(size)
    return None
