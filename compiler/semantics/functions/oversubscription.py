"""Words about networks: oversubscription between tiers."""

from typing import Any

from compiler.ir.cluster import Connection, Network
from compiler.networks.equijoin import same
from compiler.networks.links import capacity, taper
from compiler.quantities.graph import Origin, Quantity, Spread
from compiler.quantities.units import NONE
from compiler.semantics.functions import Call, describe, word
from compiler.semantics.instances import Instance
from compiler.semantics.values import POISON, Many


def _touches(connection: Connection, tier: Many) -> bool:
    return any(same(group, other) for group in (*connection.left, *connection.right) for other in tier.groups)


def _tier(call: Call, network: Network, name: str) -> float | None:
    tier = call.named.get(name)
    if not isinstance(tier, Many):
        call.wrong(f"`{name}` names parts of the network, this is {describe(tier)}", f"write `{name} = npus`")
        return None
    found = sum(capacity(c) for c in network.inside if c.shape is None and _touches(c, tier))
    if not found:
        call.wrong(f"`{name}` has no explicit links in `{network.name}`", "name parts that a `connect` names")
        return None
    return found


@word(1, 1, keywords=("from_tier", "to_tier"))
def oversubscription(call: Call) -> Any:
    """`oversubscription(ub)`: injection over what the tightest tier above carries; or between two tiers."""
    instance = call.positional[0]
    network = instance.network() if isinstance(instance, Instance) and instance.kind.name == "network" else None
    if network is None:
        return call.wrong(f"`oversubscription` looks at a network, this is {describe(instance)}", "name a network")
    if not call.named:
        value = taper(network)
    else:
        above, below = _tier(call, network, "from_tier"), _tier(call, network, "to_tier")
        if above is None or below is None:
            return POISON
        value = above / below
    spread = Spread(value, value, value)
    return Quantity("literal", (), NONE, spread, label=f"oversubscription of {network.name}", origin=Origin(call.span))
