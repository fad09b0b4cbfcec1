"""`connect` statements to connections of the IR: who, to whom, in which shape, with which link and optics."""

import math
from typing import Any

from attrs import evolve

from compiler.ir.cluster import Connection, Network, Part, Selection, Slot
from compiler.networks.equijoin import NoKey, TooManyKeys, histogram, joints, size
from compiler.quantities.graph import Origin, Quantity, number
from compiler.semantics.evaluate import attribute, citations, evaluate, lookup, quantity
from compiler.semantics.fields import WRONG_COUNT
from compiler.semantics.instances import Entry, Instance, entries, make
from compiler.semantics.names import Declaration, Scope
from compiler.semantics.operators import WRONG_TYPE
from compiler.semantics.state import World
from compiler.semantics.values import POISON, Counted, External, Many, describe
from dsl import syntax
from dsl.diagnostic import Code, Label

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


def wired(instance: Instance, world: World) -> Any:
    """The network that a network block describes; POISON when one of its connections was complained about."""
    fields = {
        path: value
        for path in instance.fields
        if isinstance(value := instance.member(path, instance.template.span), Quantity | str)
    }
    connections: list[Connection] = []
    made: list[Slot] = []
    for entry in instance.connects:
        instance.site_values["made"] = tuple(made)
        connection = _connection(entry, instance, world)
        if connection is None:
            continue
        if connection.shape is not None:
            from compiler.semantics.layout import made_tiers

            made.extend(made_tiers(connection, world))
        connections.append(connection)
    instance.site_values["made"] = tuple(made)
    return Network(instance.name, fields, tuple(connections), tuple(made), Origin(instance.template.span))


def _connection(entry: Entry, instance: Instance, world: World) -> Connection | None:
    node: syntax.Connect = entry.node
    scope = instance.scope_of(entry)
    left = _ends(node.left, scope, world)
    right = _ends(node.right, scope, world) if node.right is not None else ()
    link = _link(node.link, scope, world)
    if left is None or right is None or link is None:
        return None
    if isinstance(left, External) or (node.right is None and node.shape is None):
        world.complain(
            NOT_ENDS.at(
                node.span,
                "a connection needs two sides, or a shape after `by`",
                "write `connect a to b with …` or `connect a by clos(…) with …`",
            )
        )
        return None
    count, part, extras = link
    if _is_open(left) or (isinstance(right, tuple) and _is_open(right)):
        return None
    others = () if isinstance(right, External) else right
    cites = citations(node.cites, scope, world)
    shape = None
    if node.shape is not None:
        from compiler.semantics.layout import resolved  # numpy, for those who name a topology

        shape = resolved(node.shape, left, others, count, scope, world)
        if shape is None:
            return None
    keys = tuple(key.text for key in node.keys)
    origin = Origin(node.span, cites)
    made = Connection(left, others, keys, shape, count, part, isinstance(right, External), origin=origin, **extras)
    return made if _links_something(made, node, world) else None


def _is_open(side: Selection) -> bool:
    """Whether a side waits for a parameter that nobody has given yet."""
    return any(math.isnan(size(group.count)) for group in side)


def _ends(path: syntax.Path, scope: Scope, world: World) -> Selection | External | None:
    value = lookup(path.names[0].text, path.names[0].span, scope, world)
    for name in path.names[1:]:
        value = attribute(value, name.text, name.span, world)
    if isinstance(value, External):
        return value
    if isinstance(value, Many):
        return value.groups
    if value is not POISON:
        world.complain(
            NOT_ENDS.at(
                path.span, f"`{path.span.text}` is {describe(value)}, parts are linked", "name parts of the design"
            )
        )
    return None


def _link(node: syntax.Expression, scope: Scope, world: World) -> tuple[Quantity, Part, dict[str, Any]] | None:
    """How many of which link, and what the block says of cables and optics."""
    body: tuple[syntax.Statement, ...] = ()
    if isinstance(node, syntax.Parts):
        body = node.body.statements if node.body else ()
        node = syntax.Parts(node.span, node.count, node.target, None)
    value = evaluate(node, scope, world)
    if value is POISON:
        return None
    if not isinstance(value, Counted) or value.instance.kind.name not in ("link", "cable"):
        found = describe(value.instance) if isinstance(value, Counted) else describe(value)
        world.complain(
            WRONG_TYPE.at(
                node.span, f"`with` takes so many of a link, this is {found}", "write `with 1 of Ethernet(400 Gb/s)`"
            )
        )
        return None
    instance, changes = value.instance, []
    extras: dict[str, Any] = {}
    for entry in entries(body, scope, change=True):
        if isinstance(entry.node, syntax.Field) and entry.path in (("cable",), ("optic",), ("optics",)):
            _extra(entry, extras, scope, world)
        else:
            changes.append(entry)
    if changes:
        instance = make(evolve(instance.template, entries=(*instance.template.entries, *changes)), world)
    part = instance.part()
    return None if part is None else (value.count, part, extras)


def _extra(entry: Entry, extras: dict[str, Any], scope: Scope, world: World) -> None:
    name, node = entry.path[0], entry.node
    if name == "cable":
        bundled = quantity(node.value, scope, world)
        if bundled is not None and not bundled.dimension and world.number(bundled) >= 1:
            extras["cable"] = bundled
        elif bundled is not None:
            world.complain(
                WRONG_COUNT.at(node.value.span, "`cable` says how many links share one", "write `cable = 2 links`")
            )
        return
    value = evaluate(node.value, scope, world)
    if isinstance(value, Declaration):
        value = world.workshop.instance(value, world)
    if isinstance(value, Counted):
        extras["optics"] = value.count
        value = value.instance
    part = value.part() if isinstance(value, Instance) else None
    if part is not None and part.kind == "optic":
        extras["optic"] = part
        if name == "optics" and "optics" not in extras:
            extras["optics"] = number(2.0)
    elif value is not POISON and value is not None:
        world.complain(
            WRONG_TYPE.at(
                node.value.span,
                f"`{name}` takes an optic, this is {describe(value)}",
                "write `optic = LPO400` or `optics = 2 of LPO400`",
            )
        )


def _links_something(connection: Connection, node: syntax.Connect, world: World) -> bool:
    """Whether a connection makes a link; joins that do not, or cannot be counted, are complained about."""
    if connection.shape is not None:
        return True
    try:
        found = joints(connection)
        if any(joint.links for joint in found):
            return True
        key = " and ".join(f"`{k}`" for k in connection.keys)
        labels = tuple(
            Label(path.span, _values(side, connection.keys))
            for path, side in ((node.left, connection.left), (node.right, connection.right))
            if path
        )
        world.complain(
            NO_LINKS.at(
                node.span,
                f"this `connect` makes no link: no {key} is equal on both sides",
                "count both from 0, or drop `on` to link every pair",
                labels=labels,
            )
        )
    except NoKey as error:
        legal = [*error.group.part.fields, *(slot.part.kind for slot in error.group.slots[:-1])]
        around = ", ".join(f"`{name}`" for name in dict.fromkeys(legal)) or "nothing"
        world.complain(
            NO_SUCH_KEY.at(node.span, f"`{error.group.path}` has no `{error.key}` to join on", f"it has {around}")
        )
    except TooManyKeys as error:
        world.complain(
            JOIN_TOO_LARGE.at(
                node.span,
                f"this join compares {error.size:,.0f} single instances",
                "join on an enclosing part, or use a named topology",
            )
        )
    return False


def _values(side: Selection, keys: tuple[str, ...]) -> str:
    found = sorted({key[0] for group in side for key in histogram(group, keys) if isinstance(key[0], float)})
    return f"{keys[0]} {found[0]:g} to {found[-1]:g}" if found else ""
