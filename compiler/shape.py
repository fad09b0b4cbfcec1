"""`by clos(tiers = 2, switch = S)`: a named topology laid over parts, its missing sizes solved from ends and ports."""

from collections.abc import Mapping
from typing import Any

from compiler.evaluate import World, evaluate
from compiler.instance import Instance
from compiler.ir.model import Connection, Part, Selection, Shape, Slot
from compiler.ir.quantity import Origin, Quantity, number
from compiler.names import Declaration, Scope
from compiler.values import POISON
from compiler.wiring import size
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
    node: syntax.Expression, left: Selection | Any, right: Selection, link: Part, scope: Scope, world: World
) -> Shape | None:
    """A shape with all its sizes, or None after a complaint."""
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
    return _sized(call, call.function.name, given, left, right, switch, world)


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


def _sized(
    node: syntax.Call,
    family_name: str,
    given: Mapping[str, Any],
    left: Selection,
    right: Selection,
    switch: Part | None,
    world: World,
) -> Shape | None:
    from compiler.topologies.catalogue import family_named
    from compiler.topologies.family import Request
    from compiler.topologies.model import TopologyError

    endpoints = int(sum(size(group.count) for group in left))
    hubs = right[0].part if right else switch
    ports = hubs.quantity("ports") if hubs is not None else None
    switches = int(sum(size(group.count) for group in right)) if right else None
    try:
        family = family_named(family_name)
        answers = family.solve(Request(endpoints, int(size(ports)) if ports else None, switches, given=given))
        if len(answers.answers) > 1:
            listed = "; ".join(", ".join(f"{k} = {v}" for k, v in answer.items()) for answer in answers.answers[:6])
            world.complain(
                WRONG_TOPOLOGY.at(
                    node.span,
                    f"{len(answers.answers)} sizes of `{family_name}` fit {endpoints:,} endpoints",
                    "write one of them out",
                    notes=(listed,),
                )
            )
            return None
        if not answers.answers and answers.reason and not _is_whole(family, given):
            world.complain(
                WRONG_TOPOLOGY.at(node.span, answers.reason, f"`{family_name}` takes {', '.join(family.parameters)}")
            )
            return None
        parameters = {**given, **(answers.answers[0] if answers.answers else {})}
        topology = family(**parameters)
    except TopologyError as error:
        world.complain(WRONG_TOPOLOGY.at(node.span, str(error), *([error.help] if error.help else [])))
        return None
    if topology.endpoints != endpoints:
        world.complain(
            WRONG_TOPOLOGY.at(
                node.span,
                f"this `{family_name}` has {topology.endpoints:,} endpoints, {endpoints:,} are connected",
                "change its sizes, or the count of the parts",
            )
        )
        return None
    return Shape(family_name, topology.parameters, switch, Origin(node.span))


def _is_whole(family: Any, given: Mapping[str, Any]) -> bool:
    return all(name in given for name, parameter in family.parameters.items() if parameter.default is parameter.empty)


def made_tiers(connection: Connection, world: World) -> tuple[Slot, ...]:
    """The switches that a shape makes for itself, tier by tier, as counted parts."""
    shape = connection.shape
    if shape is None or shape.switch is None:
        return ()
    from compiler.topologies.catalogue import topology

    tiers = topology(shape.family, **shape.parameters).tiers
    slots = []
    for tier in tiers:
        if not tier.is_endpoint and tier.count:
            slot = Slot(tier.name, number(float(tier.count), label=tier.name), shape.switch, shape.origin)
            slots.append(slot)
    return tuple(slots)
