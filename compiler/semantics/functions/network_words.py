"""Words about networks: oversubscription, of a network and between two of its tiers; the cut function."""

from compiler.ir.hardware import Group
from compiler.networks.narrowing import between
from compiler.networks.oversubscription import tiers_of
from compiler.networks.totals import oversubscription as of_network
from compiler.quantities.graph import Origin, Quantity, Spread
from compiler.quantities.swept import plain
from compiler.quantities.units import NONE
from compiler.semantics.functions import Invocation, word
from compiler.semantics.instances import as_instance
from compiler.semantics.members import network_of, part_of
from compiler.semantics.values import POISON, Bag, Instance, Many, Value, describe


def _tier(call: Invocation, name: str) -> tuple[Group, ...] | None:
    """The parts that a named argument names; None after a complaint."""
    tier = call.named.get(name)
    if isinstance(tier, Many):
        return tier.groups
    found = "this is missing" if tier is None else f"this is {describe(tier)}"
    call.wrong(f"`{name}` names parts of the network, {found}", f"write `{name} = npus`")
    return None


def _instance(value: Value, call: Invocation) -> Instance | None:
    """The instance that a value names; of many that are all one, as `boxes.nv` is that of every box, that one."""
    if isinstance(value, Bag) and len(value.items) == 1:
        value = value.items[0][1]
    return as_instance(value, call.state)


@word(1, 1, keywords=("from_tier", "to_tier"))
def oversubscription(call: Invocation) -> Value:
    """`oversubscription(ub)`: of the worst tier, what reaches it from below over what leaves it; or between two tiers."""
    named = call.positional[0]
    instance = _instance(named, call)
    network = None if instance is None else network_of(instance, call.state)
    if network is None:
        return call.wrong(f"`oversubscription` looks at a network, this is {describe(named)}", "name a network")
    if not call.named:
        return of_network(network)
    lower, upper = _tier(call, "from_tier"), _tier(call, "to_tier")
    if lower is None or upper is None:
        return POISON
    tiers = tiers_of(network)
    if isinstance(tiers, str):
        return Quantity("missing", (), NONE, label=f"oversubscription of {network.name}: {tiers}")
    value = between(tiers, lower, upper)
    if value is None:
        return call.wrong(
            f"no links of `{network.name}` lead from `from_tier` up to `to_tier`", "name the lower tier first"
        )
    spread = Spread(value, value, value)
    return Quantity("literal", (), NONE, spread, label=f"oversubscription of {network.name}", origin=Origin(call.span))


@word(1, 2)
def cut(call: Invocation) -> Value:
    """`cut(ub, 8)`: the least bandwidth between 8 endpoints of a network and the rest; `cut(8)` of the design around it."""
    *of, many = call.positional
    subject = (
        of[0] if of else next((scope.instance for scope in call.scope.chain() if scope.instance is not None), None)
    )
    count = plain(many, call.state.intervals) if isinstance(many, Quantity) and not many.dimension else None
    if count is None or count.low != count.high or not count.middle.is_integer():
        found = describe(many) if count is None else call.node.arguments[-1].value.span.text
        return call.wrong(f"`cut` takes a whole number of endpoints, this is {found}", "write `cut(ub, 8)`")
    instance = None if subject is None else _instance(subject, call)
    if instance is None or not (instance.kind.name == "network" or instance.kind.parts):
        found = "there is none here" if subject is None else f"this is {describe(subject)}"
        return call.wrong(
            f"`cut` looks at a network or a design, {found}", "name one: `cut(ub, 8)`; of many pick one with `[0]`"
        )
    whole = network_of(instance, call.state) if instance.kind.name == "network" else part_of(instance, call.state)
    if whole is None:
        return POISON
    from compiler.semantics.interconnect import separation  # solvers, for a cut that a text asks for

    least = separation(whole, int(count.middle))
    return call.wrong(*least) if isinstance(least, tuple) else least
