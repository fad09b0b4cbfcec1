"""Oversubscription of a network, and between its tiers."""

from compiler.ir.hardware import Connection, Network
from compiler.networks.equijoin import same
from compiler.networks.links import capacity, taper
from compiler.quantities.graph import Origin, Quantity, Spread
from compiler.quantities.units import NONE
from compiler.semantics.functions import Invocation, word
from compiler.semantics.members import network_of
from compiler.semantics.values import POISON, Instance, Many, Value, describe


def _touches(connection: Connection, tier: Many) -> bool:
    return any(same(group, other) for group in (*connection.left, *connection.right) for other in tier.groups)


def _carried(call: Invocation, network: Network, name: str) -> float | None:
    """Bandwidth of the explicit links that touch the tier of a named argument, B/s; None after a complaint."""
    tier = call.named.get(name)
    if not isinstance(tier, Many):
        found = "this is missing" if tier is None else f"this is {describe(tier)}"
        call.wrong(f"`{name}` names parts of the network, {found}", f"write `{name} = npus`")
        return None
    carried = sum(capacity(c) for c in network.inside if c.shape is None and _touches(c, tier))
    if not carried:
        call.wrong(f"`{name}` has no explicit links in `{network.name}`", "name parts that a `connect` names")
        return None
    return carried


@word(1, 1, keywords=("from_tier", "to_tier"))
def oversubscription(call: Invocation) -> Value:
    """`oversubscription(ub)`: injection over what the tightest tier above carries; or between two tiers."""
    instance = call.positional[0]
    network = network_of(instance, call.state) if isinstance(instance, Instance) else None
    if network is None:
        return call.wrong(f"`oversubscription` looks at a network, this is {describe(instance)}", "name a network")
    if not call.named:
        value = taper(network)
    else:
        above, below = _carried(call, network, "from_tier"), _carried(call, network, "to_tier")
        if above is None or below is None:
            return POISON
        value = above / below
    spread = Spread(value, value, value)
    return Quantity("literal", (), NONE, spread, label=f"oversubscription of {network.name}", origin=Origin(call.span))
