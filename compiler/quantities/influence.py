"""Influence of uncertain inputs on a quantity, the strongest first. Loads numpy."""

from collections.abc import Iterable, Mapping

from attrs import frozen

from compiler.quantities.graph import Quantity, order
from compiler.quantities.inputs import NO_NAMES, Input, Names, inputs
from compiler.quantities.sensitivity import first_order, tornado


@frozen(eq=False)
class Mover:
    """An input, its share of the variance by itself, and the quantity with it at either end, all others in the middle.

    Shares are first-order ones from the samples of a report: they add up to 1 or less, the rest being interactions.
    """

    input: Input
    share: float
    at_low: float
    at_high: float


def movers(quantity: Quantity, names: Names = NO_NAMES) -> tuple[Mover, ...]:
    """Uncertain inputs below a quantity, the strongest first."""
    swings = {swing.input.symbol: swing for swing in tornado(quantity, names).swings}
    spread = first_order(quantity, names)
    only = len(spread.shares) == 1 and spread.variance > 0
    found = ((one, 1.0 if only else min(1.0, one.first), swings[one.input.symbol]) for one in spread.shares)
    return tuple(Mover(one.input, share, swing.at_low, swing.at_high) for one, share, swing in found)


def shares(quantity: Quantity, found: Iterable[Mover]) -> Mapping[int, float]:
    """The share of the variance of each uncertain literal below a quantity, by the identity of its node."""
    known = {mover.input.symbol: mover.share for mover in found}
    leaves = [node for node in order([quantity]) if node.spread is not None and node.spread.shape != "point"]
    first: dict[object, Quantity] = {}
    for leaf in leaves:
        first.setdefault(leaf.symbol or id(leaf), leaf)
    met = dict(zip(first, (one.symbol for one in inputs(quantity)), strict=True))
    return {id(leaf): known[met[leaf.symbol or id(leaf)]] for leaf in leaves}
