"""Ratios people compare by: compute per watt, bytes per FLOP, money per compute."""

from collections.abc import Mapping

from compiler.analysis.metric import RATIOS, Tally, metric
from compiler.quantities.graph import apply
from compiler.quantities.units import MONEY, POWER, RATE, compute_rate, product


def _over(above: Mapping[str, Tally], below: Tally) -> dict[str, Tally]:
    """Upper figures over the lower one. Both must be wholly known: dividing by a lower bound bounds nothing."""
    found = {}
    for name, tally in above.items():
        # over a lower bound a ratio is no bound at all, so that nothing is said
        if tally.quantity is not None and below.quantity is not None and not (tally.missing or below.missing):
            found[name] = Tally(apply("divide", tally.quantity, below.quantity))
        else:
            lost = tuple(dict.fromkeys((*tally.missing, *below.missing)))
            found[name] = Tally(None, lost, "an input is missing: " + ", ".join(lost[:3]) if lost else below.reason)
    return found


def _under(below: Mapping[str, Tally], above: Tally) -> dict[str, Tally]:
    """One figure over each of several, as `_over` divides."""
    found = {}
    for name, tally in _over(below, above).items():
        quantity = tally.quantity
        found[name] = tally if quantity is None else Tally(apply("divide", quantity.args[1], quantity.args[0]))
    return found


@metric("efficiency", lambda precision: product(compute_rate(precision), POWER, -1), group=RATIOS)
def efficiency(compute: Mapping[str, Tally], it_power: Tally) -> Mapping[str, Tally]:
    """Compute per watt.

    Dense compute over IT power.
    """
    return _over(compute, it_power)


@metric("intensity", lambda precision: product(RATE, compute_rate(precision), -1), group=RATIOS)
def intensity(compute: Mapping[str, Tally], memory_bandwidth: Tally) -> Mapping[str, Tally]:
    """Memory bandwidth per compute."""
    return _under(compute, memory_bandwidth)


@metric("cost.per_compute", lambda precision: product(MONEY, compute_rate(precision), -1), group=RATIOS)
def cost_per_compute(compute: Mapping[str, Tally], capital_cost: Tally) -> Mapping[str, Tally]:
    """Cost per compute.

    Capital cost over dense compute.
    """
    return _under(compute, capital_cost)
