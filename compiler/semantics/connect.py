"""Evaluation of `connect` to a `Connection` of the IR: both sides, join keys, topology, link, cables and optics."""

import math
from functools import reduce

from attrs import evolve

from compiler.ir.hardware import Connection, Part, Selection
from compiler.networks.equijoin import Joint, NoKey, TooManyKeys, histogram, joints, size
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


def connection(node: syntax.Connect, scope: Scope, state: State) -> Value:
    """The connection of a `connect`, or two of them where a topology has other links between its blocks; POISON after a complaint, or while a parameter that it counts by is not given."""
    left = _ends(node.left, scope, state)
    right = _ends(node.right, scope, state) if node.right is not None else ()
    link = _link(node.link, scope, state)
    if left is None or right is None or link is None:
        return POISON
    if isinstance(left, External) or (node.right is None and node.shape is None):
        help = "write `connect a to b with …` or `connect a by clos(…) with …`"
        state.complain(NOT_ENDS.at(node.span, "a connection needs two sides, or a shape after `by`", help))
        return POISON
    count, part, fittings = link
    others = () if isinstance(right, External) else right
    # no complaint: it is made again for each copy that gives the parameter
    if _is_open(left) or _is_open(others):
        return POISON
    cites = citations(node.cites, scope, state)
    made = Connection(
        left,
        others,
        tuple(key.text for key in node.keys),
        None,
        count,
        part,
        isinstance(right, External),
        fittings.cable,
        fittings.optic,
        fittings.optics,
        Origin(node.span, cites),
    )
    if node.shape is not None:
        return _shaped(node.shape, made, scope, state)
    return made if _links_something(made, node, state) else POISON


def _shaped(node: syntax.Expression, made: Connection, scope: Scope, state: State) -> Value:
    """A connection in the shape of a topology; two of them where the links between its blocks are others."""
    from compiler.semantics.layout import Laid, resolved  # numpy, for those who name a topology

    found = resolved(node, Laid(made.left, made.right, made.links, made.link), scope, state)
    if found is None:
        return POISON
    if found.between is None:
        return evolve(made, shape=found.shape)
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
    return (within, leaving) if topology_of(within).links else leaving


def _is_open(side: Selection) -> bool:
    """True when a count of a side depends on a parameter that has not been given yet."""
    return any(math.isnan(size(group.count)) for group in side)


def _ends(path: syntax.Path, scope: Scope, state: State) -> Selection | External | None:
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


def _links_something(connection: Connection, node: syntax.Connect, state: State) -> bool:
    """True when a connection makes at least one link; complains about joins that make none or cannot be counted."""
    try:
        if any(joint.links or _is_alone(joint) for joint in joints(connection)):
            return True
        state.complain(_no_links(connection, node))
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


def _no_links(connection: Connection, node: syntax.Connect) -> Diagnostic:
    key = " and ".join(f"`{name}`" for name in connection.keys)
    labels = tuple(
        Label(path.span, _values(side, connection.keys))
        for path, side in ((node.left, connection.left), (node.right, connection.right))
        if path
    )
    message = f"this `connect` makes no link: no {key} is equal on both sides"
    if all(joint.is_among for joint in joints(connection)):
        message = f"this `connect` makes no link: no two of `{node.left.span.text}` have an equal {key}"
    return NO_LINKS.at(node.span, message, "count both from 0, or drop `on` to link every pair", labels=labels)


def _values(side: Selection, keys: tuple[str, ...]) -> str:
    """Range of the first join key on one side, `plane 0 to 6`, for messages; empty where it is no number."""
    found = sorted({key[0] for group in side for key in histogram(group, keys) if isinstance(key[0], float)})
    return f"{keys[0]} {found[0]:g} to {found[-1]:g}" if found else ""
