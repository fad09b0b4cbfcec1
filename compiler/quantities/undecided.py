"""Checks left open by uncertain inputs: the share of samples in which they hold, and the inputs that decide.

Loads numpy.
"""

import math
from collections.abc import Iterator, Sequence

from attrs import frozen

from compiler.numerics.tolerances import CLOSE
from compiler.quantities.display import digits, percent, scaled
from compiler.quantities.graph import COMPARISONS, Quantity, apply, order
from compiler.quantities.influence import Mover, movers
from compiler.quantities.inputs import Input, Names
from compiler.quantities.intervals import Bounds, Intervals, fold
from compiler.quantities.samples import evaluate
from compiler.quantities.units import TRUTH

MOST_NAMED = 4
LEAST_SHARE = 0.01
"""Share of the spread below which an input is not named, unless none explains more."""
HALVINGS = 50


@frozen(eq=False)
class Open:
    """An undecided check: the share of samples in which it holds, its main inputs, and the range in which it always
    holds.

    `strongest` is the input that explains most, as it is called; `notes` are sentences.
    """

    share: float
    strongest: str
    notes: tuple[str, ...]

    @property
    def words(self) -> str:
        """The share as text; never all or none, since the check is undecided."""
        if 0.005 <= self.share <= 0.995:
            return percent(self.share)
        return "nearly none" if self.share < 0.5 else "nearly all"


def opened(condition: Quantity, intervals: Intervals, names: Names) -> Open:
    """Facts about a condition that is neither always true nor always false."""
    share = float(evaluate([condition])[0].mean())
    found = movers(_spread(condition), names)
    if not found:
        return Open(share, "", ())
    named = [mover for mover in found if mover.share >= LEAST_SHARE][:MOST_NAMED] or found[:1]
    first = named[0].input
    notes = ["driven by " + ", ".join(_driven(mover, _part(mover, found)) for mover in named)]
    limit = _limit(condition, first, intervals)
    if limit:
        that = f"that {quoted(first).partition(' of ')[0]}" if first.label else "it"
        notes.append(f"always holds if {that} is {limit}")
    return Open(share, quoted(first).partition(" of ")[0], tuple(notes))


def _spread(condition: Quantity) -> Quantity:
    """The quantity whose spread is explained: the difference of both sides of a comparison, else the truth itself."""
    if condition.op in COMPARISONS and condition.args[0].dimension != TRUTH:
        return apply("subtract", *condition.args)
    return condition


def _part(mover: Mover, found: Sequence[Mover]) -> str:
    """The share of the spread, in words; of an only input, or where none does anything by itself, nothing."""
    if len(found) == 1 or mover.share < LEAST_SHARE:
        return ""
    return f"{percent(mover.share)}{' of the spread' if mover is found[0] else ''}; "


def _driven(mover: Mover, part: str) -> str:
    """Text about an input: `tdp` of Toy (95 % of the spread; 700 to 1100 W from est, box.cluster:3)."""
    one = mover.input
    sources = f" from {', '.join(one.sources)}" if one.sources else ""
    return f"{quoted(one)} ({part}{one.display}{sources}{f', {one.at}' if one.at else ''})"


def quoted(one: Input) -> str:
    """An input by name: `tdp` of Toy."""
    field, of, part = one.label.partition(" of ")
    return f"`{field}`{of}{part}"


# ---- from where it always holds --------------------------------------------------------------


def _limit(condition: Quantity, one: Input, intervals: Intervals) -> str:
    """The widest range of an input, from either end, in which a condition always holds: `at most 929 W`.

    All other inputs are anywhere within their bounds. Interval arithmetic over a part of a range lies within that over
    the whole, so that halving finds the border, and the figure that is printed has been tried. Empty when there is none.
    """
    reading = _Reading(condition, one.symbol, intervals)
    for down, far in ((True, one.low), (False, one.high)):
        if reading.holds(far, far):
            inside, outside = far, one.high + one.low - far
            for _ in range(HALVINGS):
                middle = (inside + outside) / 2
                if reading.holds(*sorted((far, middle))):
                    inside = middle
                else:
                    outside = middle
            return next(_printed(down, far, inside, one, reading), "")
    return ""


def _printed(down: bool, far: float, border: float, one: Input, reading: "_Reading") -> Iterator[str]:
    """A border with few digits, rounded inwards, wherever that is still within the range and still holds."""
    node = reading.leaf
    shown, unit = scaled(border, node.dimension, node.unit)
    each = border / shown if shown else 1.0
    gap = "" if unit in ("", "%") else " "
    for figures in (3, 4, 5, 6):
        value, is_border = _inwards(shown, figures, down)
        words = f"{digits(value, figures)}{gap}{unit}"
        if one.low < value * each < one.high:
            if reading.holds(*sorted((far, value * each))):
                yield f"{'at most' if down else 'at least'} {words}"
            elif is_border:
                yield f"{'less' if down else 'more'} than {words}"


def _inwards(value: float, figures: int, down: bool) -> tuple[float, bool]:
    """A number to so many digits, downwards or upwards, and whether that is the number itself."""
    step = 10.0 ** (math.floor(math.log10(abs(value))) + 1 - figures) if value else 1.0
    near = round(value / step) * step
    if abs(near - value) <= 4 * CLOSE * abs(value):
        return near, True
    return (value // step + (not down)) * step, False


class _Reading:
    """Interval arithmetic of a condition while one input is held to a part of its range."""

    def __init__(self, condition: Quantity, symbol: str, intervals: Intervals) -> None:
        self.condition, self.intervals = condition, intervals
        self.leaves: list[Quantity] = []
        self.chain: list[Quantity] = []
        moved: set[int] = set()
        for node in order([condition]):
            bounds = intervals.of(node)
            if bounds.low == bounds.high:
                continue
            if node.spread is not None and node.symbol == symbol:
                self.leaves.append(node)
            elif any(id(arg) in moved for arg in node.args):
                self.chain.append(node)
            else:
                continue
            moved.add(id(node))

    @property
    def leaf(self) -> Quantity:
        """The input."""
        return self.leaves[0]

    def holds(self, low: float, high: float) -> bool:
        """True when the condition is true for every value of the input from `low` to `high`."""
        if not self.leaves:
            return False
        known = {id(leaf): Bounds(low, low, high) for leaf in self.leaves}
        for node in self.chain:
            known[id(node)] = fold(node.op, tuple(self._of(arg, known) for arg in node.args))
        return self._of(self.condition, known).low == 1.0

    def _of(self, node: Quantity, known: dict[int, Bounds]) -> Bounds:
        return known[id(node)] if id(node) in known else self.intervals.of(node)
