"""Terms of figures: a count times a stated field, or the label of a field that is not stated."""

from compiler.analysis.metric import Tally, summed
from compiler.ir.hardware import Network, Part, Slot
from compiler.networks.owners import alike
from compiler.networks.totals import optic_ends
from compiler.quantities.graph import Quantity, number, times
from compiler.quantities.units import Dimension


def stated(count: Quantity, part: Part, path: str) -> Tally:
    """A count times the field of a part; missing, by its name, where the part does not state it."""
    each = part.quantity(path)
    return Tally(times(count, each)) if each is not None else Tally(None, (f"{path} of {part.name}",))


def over_optics(network: Network, owner: tuple[Slot, ...], path: str, dimension: Dimension, unit: str) -> Tally:
    """The sum of a field over the transceivers of a network, the mean of what its owners have who are at a path."""
    ends = [
        stated(number(count * owners.share, label="transceivers"), optic, path)
        for owners in alike(network, owner)
        for count, optic in optic_ends(owners.network)
    ]
    return summed(ends, dimension, unit)
