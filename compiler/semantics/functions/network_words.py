"""Words about networks: oversubscription, of a network and between two of its tiers."""

from compiler.ir.hardware import Group
from compiler.networks.narrowing import between
from compiler.networks.oversubscription import tiers_of
from compiler.networks.totals import oversubscription as of_network
from compiler.quantities.graph import Origin, Quantity, Spread
from compiler.quantities.units import NONE
from compiler.semantics.functions import Invocation, word
from compiler.semantics.members import network_of
from compiler.semantics.values import POISON, Instance, Many, Value, describe


def _tier(call: Invocation, name: str) -> tuple[Group, ...] | None:
    """The parts that a named argument names; None after a complaint."""
    tier = call.named.get(name)
    if isinstance(tier, Many):
        return tier.groups
    found = "this is missing" if tier is None else f"this is {describe(tier)}"
    call.wrong(f"`{name}` names parts of the network, {found}", f"write `{name} = npus`")
    return None


@word(1, 1, keywords=("from_tier", "to_tier"))
def oversubscription(call: Invocation) -> Value:
    """`oversubscription(ub)`: of the worst tier, what reaches it from below over what leaves it; or between two tiers."""
    instance = call.positional[0]
    network = network_of(instance, call.state) if isinstance(instance, Instance) else None
    if network is None:
        return call.wrong(f"`oversubscription` looks at a network, this is {describe(instance)}", "name a network")
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
