"""Evaluation of `connect` to connections of the IR: both sides, join keys, topology, link, cables and optics."""

import math
from collections.abc import Sequence
from functools import reduce

from attrs import evolve

from compiler.ir.hardware import Connection, Group, Part, Selection, Slot
from compiler.networks.equijoin import Joint, NoKey, TooManyKeys, histogram, joints, met, size
from compiler.networks.links import topology_of
from compiler.quantities.graph import ONE, Origin, Quantity, number
from compiler.semantics.evaluate import evaluate, quantity
from compiler.semantics.fields import WRONG_COUNT
from compiler.semantics.instances import changed, entries, instance_of
from compiler.semantics.members import citations, part_of
from compiler.semantics.operators import WRONG_TYPE
from compiler.semantics.state import State
from compiler.semantics.values import (
    POISON,
    Counted,
    Declaration,
    Entry,
    External,
    Instance,
    Many,
    Scope,
    Value,
    describe,
    holds,
)
from dsl import syntax
from dsl.diagnostic import Code, Diagnostic, Label
from dsl.record import node as plain
from dsl.record import replace
from dsl.source import Span

_End = Selection | External

NO_LINKS = Code(
    "C0602",
    "a connection makes no link",
    cause="`connect A to B on k` links every pair with an equal `k`; when no value occurs on both sides there is nothing to link.",
    wrong="link L { rate = 1 GB/s }\nswitch S { ports = 8; rate = 1 GB/s }\nnode N {\n  a = 2 of S { plane = index }\n  b = 2 of S { plane = 5 + index }\n  network n { connect a to b on plane with 1 of L }\n}\n",
    right="link L { rate = 1 GB/s }\nswitch S { ports = 8; rate = 1 GB/s }\nnode N {\n  a = 2 of S { plane = index }\n  b = 2 of S { plane = index }\n  network n { connect a to b on plane with 1 of L }\n}\n",
)
NO_SUCH_KEY = Code(
    "C0603",
    "a join over something one side does not have",
    cause="What stands after `on` is a field of both sides, such as `plane`, or the kind or name of a part around both, such as `node`.",
    wrong="chip C { tdp = 1 W }\nlink L { rate = 1 GB/s }\nswitch S { ports = 8; rate = 1 GB/s }\nnode N {\n  a = 2 of C\n  b = 2 of S\n  network n { connect a to b on rack with 1 of L }\n}\n",
    right="chip C { tdp = 1 W }\nlink L { rate = 1 GB/s }\nswitch S { ports = 8; rate = 1 GB/s }\nnode N {\n  a = 2 of C\n  b = 2 of S\n  network n { connect a to b with 1 of L }\n}\n",
)
NOT_ENDS = Code(
    "C0604",
    "a connection names something that cannot be linked",
    cause="Both sides of `connect` are parts of the design, reached by a path; `external` stands for the world outside.",
    wrong="chip C { tdp = 1 W }\nlink L { rate = 1 GB/s }\nnode N {\n  a = 2 of C\n  let x = 3\n  network n { connect a to x with 1 of L }\n}\n",
    right="chip C { tdp = 1 W }\nlink L { rate = 1 GB/s }\nnode N {\n  a = 2 of C\n  network n { connect a to external with 1 of L }\n}\n",
)
NAMED_TWICE = Code(
    "C0609",
    "a connection names something twice",
    cause="The names before and after `to` are lists of different parts, and those after `on` of different keys: the links of `connect a, b to c` are those of `connect a to c` and `connect b to c`.",
    wrong="chip C { tdp = 1 W }\nlink L { rate = 1 GB/s }\nswitch S { ports = 8; rate = 1 GB/s }\nnode N {\n  a = 2 of C\n  b = 2 of S\n  network n { connect a, a to b with 1 of L }\n}\n",
    right="chip C { tdp = 1 W }\nlink L { rate = 1 GB/s }\nswitch S { ports = 8; rate = 1 GB/s }\nnode N {\n  a = 2 of C\n  b = 2 of S\n  network n { connect a to b with 2 of L }\n}\n",
)
JOIN_TOO_LARGE = Code(
    "C0903",
    "a join over more instances than the budget allows",
    cause="Joins that cannot be kept as classes are counted key by key; the number of keys is limited.",
    wrong="link L { rate = 1 GB/s }\nswitch S { ports = 8; rate = 1 GB/s }\nnode N {\n  a = 10_000_000 of S { plane = index }\n  b = 2 of S { plane = index }\n  network n { connect a to b on plane with 1 of L }\n}\n",
    right="link L { rate = 1 GB/s }\nswitch S { ports = 8; rate = 1 GB/s }\nnode N {\n  a = 100 of S { plane = index }\n  b = 2 of S { plane = index }\n  network n { connect a to b on plane with 1 of L }\n}\n",
)


@plain
class Fittings:
    """Cables and optics as the block of a link states them. `cable` is the number of links that share a cable.

    `optics` is the number of transceivers for each link; None: one at each end of each cable.
    """

    cable: Quantity = ONE
    optic: Part | None = None
    optics: Quantity | None = None


def connections(node: syntax.Connect, scope: Scope, state: State) -> Value:
    """The connections of a `connect`, one for every two names that it joins, two where a topology has other links between
    its blocks; POISON after a complaint, or while a parameter
    that it counts by is not given."""
    found = [_ends(path, scope, state) for path in (*node.left, *node.right)]
    link = _link(node.link, scope, state)
    ends = [end for end in found if end is not None]
    # what could not be read to its end has no link: that it lacks a side has been said
    if len(ends) < len(found) or link is None or not _is_sound(node, ends, state):
        return POISON
    left, right = (_parts(side) for side in (ends[: len(node.left)], ends[len(node.left) :]))
    # no complaint: it is made again for each copy that gives the parameter
    if _is_open(left) or _is_open(right):
        return POISON
    count, part, fittings = link
    cites = citations(node.cites, scope, state)
    drawn = Connection(
        left,
        right,
        tuple(key.text for key in node.keys),
        None,
        count,
        part,
        False,
        fittings.cable,
        fittings.optic,
        fittings.optics,
        Origin(node.span, cites),
    )
    if node.shape is not None:
        return _shaped(node.shape, drawn, scope, state)
    out = _outward(drawn, node) if _is_outward(ends[len(node.left) :]) else ()
    if not right:
        return out or (drawn,)
    joined = _joined(drawn, node, state)
    return POISON if joined is None else (*joined, *out)


def _shaped(node: syntax.Expression, made: Connection, scope: Scope, state: State) -> Value:
    """A connection in the shape of a topology; two of them where the links between its blocks are others."""
    from compiler.semantics.layout import Laid, resolved  # numpy, for those who name a topology

    found = resolved(node, Laid(made.left, made.right, made.links, made.link), scope, state)
    if found is None:
        return POISON
    if found.between is None:
        return (evolve(made, shape=found.shape),)
    link = _link(found.between, found.scope, state, "between")
    if link is None:
        return POISON
    inside, between = found.parts()
    count, part, fittings = link
    within = evolve(made, shape=inside)
    leaving = evolve(
        made,
        shape=evolve(between, each=float(int(state.number(count)))),
        links=count,
        link=part,
        cable=fittings.cable,
        optic=fittings.optic,
        optics=fittings.optics,
    )
    return (within, leaving) if topology_of(within).links else (leaving,)


# ---- sides -----------------------------------------------------------------------------------


def _parts(side: Sequence[_End]) -> Selection:
    """The parts of the design on a side, in the order of its names."""
    return tuple(group for end in side if isinstance(end, tuple) for group in end)


def _is_sound(node: syntax.Connect, ends: Sequence[_End], state: State) -> bool:
    """True for two sides, or a topology over parts of the design, that name nothing twice; else False after a complaint."""
    left, right = ends[: len(node.left)], ends[len(node.left) :]
    if not _is_one_thing(node, left, right, state):
        return False
    is_twice = _is_named_twice(node.left, left, state) or _is_named_twice(node.right, right, state)
    return not is_twice and not _is_key_twice(node.keys, state)


def _is_one_thing(node: syntax.Connect, left: Sequence[_End], right: Sequence[_End], state: State) -> bool:
    """True for a join of two sides, or a topology over parts of the design; complains about what is neither."""
    help = "write `connect a to b with …` or `connect a by clos(…) with …`"
    message = ""
    if _is_outward(left) or (not right and node.shape is None):
        message = "a connection needs two sides, or a shape after `by`"
    elif _is_outward(right) and node.shape is not None:
        message = "a topology is laid over parts of the design, and `external` is none"
        help = "connect its switches to `external` in a `connect` of their own"
    elif node.keys and node.shape is not None:
        message = "a topology joins all of its endpoints, `on` would choose among them"
        help = "leave `on` out, or lay one topology in each part around, in a network of that part"
    if message:
        state.complain(NOT_ENDS.at(node.span, message, help))
    return not message


def _is_outward(side: Sequence[_End]) -> bool:
    return any(isinstance(end, External) for end in side)


def _outward(drawn: Connection, node: syntax.Connect) -> tuple[Connection, ...]:
    """The connections that lead out of the design, one for each name."""
    sides = [(group,) for group in drawn.left] if len(node.left) > 1 else [drawn.left]
    return tuple(evolve(drawn, left=side, right=(), external=True) for side in sides)


def _is_named_twice(paths: Sequence[syntax.Path], side: Sequence[_End], state: State) -> bool:
    """True where a side names the same parts twice, after a complaint."""
    seen: dict[tuple[Slot, ...], syntax.Path] = {}
    for path, end in zip(paths, side, strict=True):
        places = [group.slots for group in end] if isinstance(end, tuple) else [()]
        before = next((seen[slots] for slots in places if slots in seen), None)
        if before is not None:
            _complain_twice(path.span, before.span, state)
            return True
        seen |= dict.fromkeys(places, path)
    return False


def _is_key_twice(keys: Sequence[syntax.Name], state: State) -> bool:
    """True where `on` names a key twice, after a complaint."""
    seen: dict[str, syntax.Name] = {}
    for key in keys:
        if key.text in seen:
            _complain_twice(key.span, seen[key.text].span, state)
            return True
        seen[key.text] = key
    return False


def _complain_twice(again: Span, before: Span, state: State) -> None:
    labels = (Label(before, "named here already"),)
    state.complain(NAMED_TWICE.at(again, f"`{again.text}` is named twice", "name it once", labels=labels))


def _is_open(side: Selection) -> bool:
    """True when a count of a side depends on a parameter that has not been given yet."""
    return any(math.isnan(size(group.count)) for group in side)


def _ends(path: syntax.Path, scope: Scope, state: State) -> _End | None:
    """The parts that a path reaches, or the world outside; None after a complaint."""
    first, *rest = path.names
    start: syntax.Expression = syntax.Reference(first.span, first.text)
    value = evaluate(reduce(lambda of, name: syntax.Attribute(name.span, of, name), rest, start), scope, state)
    if isinstance(value, External):
        return value
    if isinstance(value, Many) and not any(group.picked for group in value.groups):
        return value.groups
    if isinstance(value, Many):
        message = f"`{path.span.text}` is in one of many parts, a `connect` links all of a path"
        state.complain(NOT_ENDS.at(path.span, message, "name the path, and join `on` a field that tells them apart"))
        return None
    if value is not POISON:
        message = f"`{path.span.text}` is {describe(value)}, parts are linked"
        state.complain(NOT_ENDS.at(path.span, message, "name parts of the design"))
    return None


# ---- links, cables and optics ----------------------------------------------------------------


def _link(
    node: syntax.Expression, scope: Scope, state: State, word: str = "with"
) -> tuple[Quantity, Part, Fittings] | None:
    """Number of links, the link as a part, and its cables and optics; None after a complaint."""
    body: tuple[syntax.Statement, ...] = ()
    if isinstance(node, syntax.Parts):
        body = node.body.statements if node.body else ()
        # the block is read here: `cable`, `optic` and `optics` belong to this connection, not to the link
        node = syntax.Parts(node.span, node.count, node.target, None)
    value = evaluate(node, scope, state)
    if value is POISON:
        return None
    if not isinstance(value, Counted) or value.instance.kind.name not in ("link", "cable"):
        found = describe(value.instance if isinstance(value, Counted) else value)
        message = f"`{word}` takes so many of a link, this is {found}"
        help = "write `with 1 of Ethernet(400 Gb/s)`" if word == "with" else "write `between = 1 of Fiber`"
        state.complain(WRONG_TYPE.at(node.span, message, help))
        return None
    fittings = Fittings()
    changes: list[Entry[syntax.Statement]] = []
    for entry in entries(body, scope, change=True):
        if holds(entry, syntax.Field) and entry.name in ("cable", "optic", "optics"):
            fittings = _fitted(fittings, entry, scope, state)
        else:
            changes.append(entry)
    instance = changed(value.instance, tuple(changes), state) if changes else value.instance
    part = part_of(instance, state)
    return None if part is None else (value.count, part, fittings)


def _fitted(fittings: Fittings, entry: Entry[syntax.Field], scope: Scope, state: State) -> Fittings:
    """The fittings with one more line of the block taken in; unchanged after a complaint."""
    node = entry.node.value
    if entry.name == "cable":
        bundled = quantity(node, scope, state)
        if bundled is None or (not bundled.dimension and state.number(bundled) >= 1):
            return fittings if bundled is None else replace(fittings, cable=bundled)
        state.complain(WRONG_COUNT.at(node.span, "`cable` says how many links share one", "write `cable = 2 links`"))
        return fittings
    value = evaluate(node, scope, state)
    thing: Value | None = value.instance if isinstance(value, Counted) else value
    thing = instance_of(thing, state) if isinstance(thing, Declaration) else thing
    part = part_of(thing, state) if isinstance(thing, Instance) else None
    if part is None or part.kind != "optic":
        if thing is not None and thing is not POISON:
            message = f"`{entry.name}` takes an optic, this is {describe(thing)}"
            state.complain(WRONG_TYPE.at(node.span, message, "write `optic = LPO400` or `optics = 2 of LPO400`"))
        return fittings
    if isinstance(value, Counted):
        return replace(fittings, optic=part, optics=value.count)
    pair = number(2.0) if entry.name == "optics" and fittings.optics is None else fittings.optics
    return replace(fittings, optic=part, optics=pair)


# ---- joins -----------------------------------------------------------------------------------


def _joined(drawn: Connection, node: syntax.Connect, state: State) -> tuple[Connection, ...] | None:
    """A join of all parts on both sides as joins of two names each, those that make links; None after a complaint."""
    several = len(node.left) > 1 or len(node.right) > 1
    pairs = [evolve(drawn, left=(one,), right=(other,)) for one, other in met(drawn)] if several else [drawn]
    joinable = [pair for pair in pairs if _is_joinable(pair, node, state)]
    if len(joinable) < len(pairs):
        return None
    linked = [pair for pair in pairs if any(joint.links or _is_alone(joint) for joint in joints(pair))]
    ends = {group.slots for pair in linked for group in (*pair.left, *pair.right)}
    lonely = [group for group in (*drawn.left, *drawn.right) if group.slots not in ends]
    if not linked or (several and lonely):
        state.complain(_no_links(drawn, node, lonely))
        return None
    return tuple(linked)


def _is_joinable(pair: Connection, node: syntax.Connect, state: State) -> bool:
    """True for a join whose links can be counted; complains about a key that a side lacks, and about too many instances."""
    try:
        joints(pair)
        return True
    except NoKey as error:
        legal = [*error.group.part.fields, *(slot.part.kind for slot in error.group.slots[:-1])]
        around = ", ".join(f"`{name}`" for name in dict.fromkeys(legal)) or "nothing"
        message = f"`{error.group.path}` has no `{error.key}` to join on"
        state.complain(NO_SUCH_KEY.at(node.span, message, f"it has {around}"))
    except TooManyKeys as error:
        message = f"this join compares {error.size:,.0f} single instances"
        state.complain(JOIN_TOO_LARGE.at(node.span, message, "join on an enclosing part, or use a named topology"))
    return False


def _is_alone(joint: Joint) -> bool:
    """True for one part linked with its like, of which there is no other: a mesh of one has no links."""
    return joint.is_among and size(joint.left.count) == 1


def _no_links(drawn: Connection, node: syntax.Connect, lonely: Sequence[Group]) -> Diagnostic:
    """The complaint about a join that makes no link, or none that ends at some `lonely` parts."""
    key = " and ".join(f"`{name}`" for name in drawn.keys)
    labels = tuple(
        Label(paths[0].span, _values(side, drawn.keys))
        for paths, side in ((node.left, drawn.left), (node.right, drawn.right))
        if len(paths) == 1
    )
    among = all(joint.is_among for joint in joints(drawn))
    if among:
        message = f"this `connect` makes no link: no two of `{node.left[0].span.text}` have an equal {key}"
    elif len(lonely) == len(drawn.left) + len(drawn.right):
        message = f"this `connect` makes no link: no {key} is equal on both sides"
    else:
        message = f"this `connect` makes no link that ends at `{lonely[0].path}`: its {key} is equal to none on the other side"
    return NO_LINKS.at(node.span, message, "count both from 0, or drop `on` to link every pair", labels=labels)


def _values(side: Selection, keys: tuple[str, ...]) -> str:
    """Range of the first join key on one side, `plane 0 to 6`, for messages; empty where it is no number."""
    found = sorted({key[0] for group in side for key in histogram(group, keys) if isinstance(key[0], float)})
    return f"{keys[0]} {found[0]:g} to {found[-1]:g}" if found else ""
