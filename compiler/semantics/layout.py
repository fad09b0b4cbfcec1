"""Topologies of `connect … by clos(tiers = 2)`: sizes that are not written are solved from endpoints and ports."""

from collections.abc import Mapping

from attrs import evolve, frozen

from compiler.ir.hardware import Part, Selection, Shape
from compiler.networks.ends import links_that_fit
from compiler.networks.equijoin import size
from compiler.networks.links import rate_of_link
from compiler.networks.topologies.catalogue import family_named
from compiler.networks.topologies.family import Family, Request
from compiler.networks.topologies.topology import TopologyError
from compiler.quantities.graph import Origin, Quantity
from compiler.semantics.evaluate import evaluate
from compiler.semantics.instances import instance_of
from compiler.semantics.members import part_of
from compiler.semantics.state import State
from compiler.semantics.values import POISON, Declaration, FamilyName, Instance, Layout, Scope, UserFunction, Value
from dsl import syntax
from dsl.diagnostic import Code

WRONG_TOPOLOGY = Code(
    "C0601",
    "a topology that cannot be",
    cause="Each family of topologies has parameters with conditions; sizes that are not written must follow from the number of endpoints and the ports of the switch, in one way.",
    wrong="chip C { tdp = 1 W }\nlink L { rate = 1 GB/s }\nnode N {\n  c = 8 of C\n  network n { connect c by torus(dims = [3, 3]) with 1 of L }\n}\n",
    right="chip C { tdp = 1 W }\nlink L { rate = 1 GB/s }\nnode N {\n  c = 9 of C\n  network n { connect c by torus(dims = [3, 3]) with 1 of L }\n}\n",
)


@frozen
class Laid:
    """The parts that a topology is laid over, and with how many of which link."""

    left: Selection
    right: Selection
    links: Quantity
    link: Part


@frozen
class Resolved:
    """A topology with all its sizes, and the links between its blocks where those are others: `between = 1 of Fiber`."""

    shape: Shape
    between: syntax.Expression | None
    scope: Scope

    def parts(self) -> tuple[Shape, Shape]:
        """The topology within its blocks, which no circuit switch has to do with, and between them."""
        sizes = self.shape.parameters
        inside = evolve(self.shape, parameters={**sizes, "links": "inside"}, circuit=None)
        return inside, evolve(self.shape, parameters={**sizes, "links": "between"})


def resolved(node: syntax.Expression, over: Laid, scope: Scope, state: State) -> Resolved | None:
    """The topology after `by`, with all its sizes; None after a complaint, or while it is a parameter not yet given."""
    held = _held(node, scope, state)
    if held is POISON or (isinstance(held, Quantity) and held.op == "missing"):
        return None
    node, scope = (held.node, held.scope) if isinstance(held, Layout | FamilyName) else (node, scope)
    call = node if isinstance(node, syntax.Call) else syntax.Call(node.span, node, ())
    if not isinstance(call.function, syntax.Reference):
        message = "after `by` stands the name of a topology"
        state.complain(WRONG_TOPOLOGY.at(node.span, message, "write `by clos(tiers = 2)`"))
        return None
    values = _arguments(call, scope, state)
    if values is None:
        return None
    switches = {name: _switch(*values.pop(name), state) for name in ("switch", "ocs") if name in values}
    if None in switches.values():
        return None
    switch, circuit = switches.get("switch"), switches.get("ocs")
    _, between = values.pop("between", (None, None))
    hubs = over.right[0].part if over.right else switch
    given = {name: plain(value, state) for name, (value, _) in values.items()}
    if circuit is not None:
        given["ocs"] = links_that_fit(circuit, 0.0)
    if between is not None:
        if "block" not in values or "links" in values:
            help = "write `block = [...]`, without `links`"
            state.complain(WRONG_TOPOLOGY.at(between.span, "`between` names the links between blocks", help))
            return None
        given["links"] = "between"
    request = Request(
        int(sum(size(group.count) for group in over.left)),
        links_that_fit(hubs, rate_of_link(over.link)) if hubs is not None else None,
        int(sum(size(group.count) for group in over.right)) if over.right else None,
        int(state.number(over.links)),
        given,
        hubs is not None,
    )
    shape = _sized(call, call.function.name, request, switch, state)
    if shape is None:
        return None
    return Resolved(evolve(shape, circuit=circuit), between.value if between is not None else None, scope)


def _arguments(call: syntax.Call, scope: Scope, state: State) -> dict[str, tuple[Value, syntax.Argument]] | None:
    """Arguments of a topology by name, each with its node; None after a complaint."""
    found: dict[str, tuple[Value, syntax.Argument]] = {}
    for argument in call.arguments:
        if argument.name is None:
            message = "parameters of a topology are named"
            state.complain(WRONG_TOPOLOGY.at(argument.span, message, "write `name = value`"))
            return None
        # the link of `between` is read with its block, where the connection is made
        value = "" if argument.name.text == "between" else evaluate(argument.value, scope, state)
        if value is POISON:
            return None
        found[argument.name.text] = value, argument
    return found


def _held(node: syntax.Expression, scope: Scope, state: State) -> Value | None:
    """The value after `by` when that is a parameter, let or function of the user; None for a topology itself."""
    if isinstance(node, syntax.Call) and isinstance(node.function, syntax.Reference):
        is_own = isinstance(scope.module.names.get(node.function.name), UserFunction)
        return evaluate(node, scope, state) if is_own else None
    if not isinstance(node, syntax.Reference):
        return None
    is_held = node.name in scope.module.names or any(
        node.name in around.locals or (around.instance is not None and around.instance.has(node.name))
        for around in scope.chain()
    )
    return evaluate(node, scope, state) if is_held else None


def _switch(value: Value, argument: syntax.Argument, state: State) -> Part | None:
    instance = instance_of(value, state) if isinstance(value, Declaration) else value
    name = argument.name.text if argument.name is not None else "switch"
    if isinstance(instance, Instance) and instance.kind.name == "switch":
        part = part_of(instance, state)
        if name == "ocs" and part is not None and part.quantity("ports") is None:
            message = f"`{part.name}` states no `ports`, and links between blocks pass two each"
            state.complain(WRONG_TOPOLOGY.at(argument.span, message, "state its `ports`"))
            return None
        return part
    state.complain(WRONG_TOPOLOGY.at(argument.span, f"`{name}` names a declared switch", f"write `{name} = Name`"))
    return None


def plain(value: Value, state: State) -> object:
    """An argument of a topology as plain data: int, float, str or list; other values unchanged."""
    if isinstance(value, Quantity):
        found = state.number(value)
        return int(found) if found.is_integer() and abs(found) < MOST_WHOLE else found
    if isinstance(value, tuple):
        return [plain(item, state) for item in value]
    return value


MOST_WHOLE = 1e18
"""Numbers beyond this stay floats."""


def _sized(node: syntax.Call, name: str, request: Request, switch: Part | None, state: State) -> Shape | None:
    """The shape of a family with all its sizes, those the request leaves open solved for; None after a complaint."""

    def wrong(message: str, *help: str, notes: tuple[str, ...] = ()) -> Shape | None:
        state.complain(WRONG_TOPOLOGY.at(node.span, message, *help, notes=notes))
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
        written = {name: value for name, value in request.given.items() if name in family.parameters}
        topology = family(**{**sizes_found, **written})
    except TopologyError as error:
        return wrong(str(error), *([error.help] if error.help else []))
    if topology.endpoints != request.endpoints:
        ends = f"this `{name}` has {topology.endpoints:,} endpoints, {request.endpoints:,} are connected"
        return wrong(ends, "change its sizes, or the count of the parts")
    if switch is not None and not topology.switches:
        return wrong(f"this `{name}` has no switches, `switch` names `{switch.name}`", "leave `switch` out")
    if "links" in request.given and not topology.links:
        which = "inside a block" if request.given["links"] == "inside" else "between two blocks"
        return wrong(f"this `{name}` has no link {which}", "change `block`")
    # planes that are solved for take one link of each endpoint; else every link of the topology stands for all
    each = 1 if "planes" in sizes_found and "planes" not in request.given else request.links
    return Shape(name, topology.parameters, switch, float(each), origin=Origin(node.span))


def _is_whole(family: Family, given: Mapping[str, object]) -> bool:
    return all(name in given for name, parameter in family.parameters.items() if parameter.default is parameter.empty)
