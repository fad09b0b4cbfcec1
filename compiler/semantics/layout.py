"""`by clos(tiers = 2, switch = S)`: a named topology laid over parts, its missing sizes solved from ends and ports."""

from collections.abc import Mapping
from typing import Any

from compiler.ir.cluster import Connection, Part, Selection, Shape, Slot
from compiler.networks.equijoin import size
from compiler.networks.topologies.catalogue import families, family_named, topology
from compiler.networks.topologies.family import Family, Request
from compiler.networks.topologies.topology import TopologyError
from compiler.quantities.graph import Origin, Quantity, number
from compiler.semantics.evaluate import evaluate
from compiler.semantics.instances import Instance
from compiler.semantics.names import Declaration, Scope
from compiler.semantics.state import World
from compiler.semantics.values import POISON, Layout
from dsl import syntax
from dsl.diagnostic import Code

WRONG_TOPOLOGY = Code(
    "C0601",
    "a topology that cannot be",
    cause="Each family of topologies has parameters with conditions; sizes that are not written must follow from the number of endpoints and the ports of the switch, in one way.",
    wrong="chip C { tdp = 1 W }\nlink L { rate = 1 GB/s }\nnode N {\n  c = 8 of C\n  network n { connect c by torus(dims = [3, 3]) with 1 of L }\n}\n",
    right="chip C { tdp = 1 W }\nlink L { rate = 1 GB/s }\nnode N {\n  c = 9 of C\n  network n { connect c by torus(dims = [3, 3]) with 1 of L }\n}\n",
)


def resolved(
    node: syntax.Expression, left: Selection, right: Selection, links: Quantity, scope: Scope, world: World
) -> Shape | None:
    """A shape with all its sizes, or None after a complaint."""
    held = _held(node, scope, world)
    if isinstance(held, Quantity) and held.op == "missing":
        return None
    node, scope = (held.node, held.scope) if isinstance(held, Layout) else (node, scope)
    call = node if isinstance(node, syntax.Call) else syntax.Call(node.span, node, ())
    if not isinstance(call.function, syntax.Reference):
        world.complain(
            WRONG_TOPOLOGY.at(node.span, "after `by` stands the name of a topology", "write `by clos(tiers = 2)`")
        )
        return None
    given: dict[str, Any] = {}
    switch: Part | None = None
    for argument in call.arguments:
        if argument.name is None:
            world.complain(
                WRONG_TOPOLOGY.at(argument.span, "parameters of a topology are named", "write `name = value`")
            )
            return None
        value = evaluate(argument.value, scope, world)
        if value is POISON:
            return None
        if argument.name.text == "switch":
            switch = _switch(value, argument, world)
            if switch is None:
                return None
        else:
            given[argument.name.text] = plain(value, world)
    hubs = right[0].part if right else switch
    ports = hubs.quantity("ports") if hubs is not None else None
    request = Request(
        int(sum(size(group.count) for group in left)),
        int(size(ports)) if ports else None,
        int(sum(size(group.count) for group in right)) if right else None,
        int(world.number(links)),
        given,
    )
    return _sized(call, call.function.name, request, switch, world)


def is_family(name: str) -> bool:
    """Whether a family of topologies has that name."""
    return name in families()


def _held(node: syntax.Expression, scope: Scope, world: World) -> Any:
    """What a name after `by` holds when it is a parameter or a let: a topology, or what nobody has given yet."""
    if not isinstance(node, syntax.Reference):
        return None
    is_held = node.name in scope.module.names or any(
        node.name in around.locals or (around.instance is not None and around.instance.has(node.name))
        for around in scope.chain()
    )
    return evaluate(node, scope, world) if is_held else None


def _switch(value: Any, argument: syntax.Argument, world: World) -> Part | None:
    instance = world.workshop.instance(value, world) if isinstance(value, Declaration) else value
    if isinstance(instance, Instance) and instance.kind.name == "switch":
        return instance.part()
    world.complain(WRONG_TOPOLOGY.at(argument.span, "`switch` names a declared switch", "write `switch = Name`"))
    return None


def plain(value: Any, world: World) -> Any:
    """An argument of a topology as plain data: numbers, texts, lists; whole numbers as `int`."""
    if isinstance(value, Quantity):
        found = world.number(value)
        return int(found) if found == int(found) and abs(found) < 1e18 else found
    if isinstance(value, tuple):
        return [plain(item, world) for item in value]
    return value


def _sized(node: syntax.Call, name: str, request: Request, switch: Part | None, world: World) -> Shape | None:
    """The shape of a family with the sizes that the request leaves open."""

    def wrong(message: str, *help: str, notes: tuple[str, ...] = ()) -> Shape | None:
        world.complain(WRONG_TOPOLOGY.at(node.span, message, *help, notes=notes))
        return None

    try:
        family = family_named(name)
        found = family.solve(request)
        if len(found.answers) > 1:
            listed = "; ".join(", ".join(f"{k} = {v}" for k, v in answer.items()) for answer in found.answers[:6])
            sizes = f"{len(found.answers)} sizes of `{name}` fit {request.endpoints:,} endpoints"
            return wrong(sizes, "write one of them out", notes=(listed,))
        if not found.answers and not _is_whole(family, request.given):
            return wrong(found.reason, f"`{name}` takes {', '.join(family.parameters)}")
        sizes_found = found.answers[0] if found.answers else {}
        topology = family(**{**sizes_found, **request.given})
    except TopologyError as error:
        return wrong(str(error), *([error.help] if error.help else []))
    if topology.endpoints != request.endpoints:
        ends = f"this `{name}` has {topology.endpoints:,} endpoints, {request.endpoints:,} are connected"
        return wrong(ends, "change its sizes, or the count of the parts")
    each = 1 if "planes" in sizes_found and "planes" not in request.given else request.links
    return Shape(name, topology.parameters, switch, float(each), Origin(node.span))


def _is_whole(family: Family, given: Mapping[str, Any]) -> bool:
    return all(name in given for name, parameter in family.parameters.items() if parameter.default is parameter.empty)


def made_tiers(connection: Connection, world: World) -> tuple[Slot, ...]:
    """The switches that a shape makes for itself, tier by tier, as counted parts."""
    shape = connection.shape
    if shape is None or shape.switch is None:
        return ()
    tiers = topology(shape.family, **shape.parameters).tiers
    slots = []
    for tier in tiers:
        if not tier.is_endpoint and tier.count:
            slot = Slot(tier.name, number(float(tier.count), label=tier.name), shape.switch, shape.origin)
            slots.append(slot)
    return tuple(slots)
