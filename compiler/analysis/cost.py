"""Cost of the cluster, as far as prices are known."""

from compiler.analysis.metric import Cluster, Tally, metric, summed
from compiler.analysis.terms import over_optics
from compiler.ir.hardware import Part, Slot, counting
from compiler.quantities.graph import times
from compiler.quantities.units import MONEY

PRICED = ("chip", "cpu", "memory", "nic", "switch", "optic")
"""Kinds that cost money by themselves: one without a price is listed as not counted."""


def _price(part: Part, path: tuple[Slot, ...] = (), parents: tuple[Part, ...] = ()) -> Tally:
    """The price of a part on a path: its own where stated, else the sum of what it contains."""
    own = part.quantity("price")
    if own is not None:
        return Tally(own)
    tallies = [Tally(None, (f"price of {part.name}",))] if part.kind in PRICED else []
    nets = tuple(counting(part, path, parents))
    for slot in (*part.slots, *(slot for network in nets for slot in network.added)):
        inner = _price(slot.part, (*path, slot), (*parents, part))
        tallies.append(Tally(times(slot.count, inner.quantity) if inner.quantity else None, inner.missing))
    tallies.extend(over_optics(network, path, "price", MONEY, "USD") for network in nets)
    return summed(tallies, MONEY, "USD")


@metric("cost.capital", MONEY, group="cost", essential=80)
def capital_cost(cluster: Cluster) -> Tally:
    """Capital cost.

    Of what has a price; the rest is listed.
    """
    return _price(cluster.root)
