"""Verdicts on claims by comparison alone: holds, rounds, truncates, fails, undecided."""

import math

from attrs import frozen

from compiler.audit.precision import Printed, as_printed, stated
from compiler.ir.hardware import Claim
from compiler.numerics.tolerances import nearly
from compiler.quantities import units
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import Bounds, Intervals

HOLDS, ROUNDS, TRUNCATES = "holds", "rounds", "truncates"
EXPLAINED, FAILS, UNDECIDED = "explained", "fails", "undecided"
AGREES = (HOLDS, ROUNDS, TRUNCATES)


@frozen(eq=False)
class Verdict:
    """Verdict on a claim. Values are in `unit`, a base unit without precision; None where they are not known.

    `derived` is the middle of `low` to `high`. `ratio` is derived / stated, `margin` is stated / derived - 1. `overlap`
    is the share of the derived interval that the claim accepts: 1 certain, 0 impossible. `hypothesis` names the mistake
    that explains the claim (two joined by ` + `), `sentence` says it in words, `remedy` how to claim it so. `missing`
    are inputs without which it cannot be decided.
    """

    name: str
    text: str
    operator: str
    stated: float | None
    derived: float | None
    low: float | None
    high: float | None
    unit: str
    verdict: str
    hypothesis: str | None = None
    sentence: str | None = None
    ratio: float | None = None
    margin: float | None = None
    source: str = ""
    overlap: float | None = None
    missing: tuple[str, ...] = ()
    claim: Claim | None = None
    remedy: str = ""

    @property
    def agrees(self) -> bool:
        """True when the published figure is right as printed."""
        return self.verdict in AGREES


def plain(claim: Claim, intervals: Intervals) -> Verdict:
    """The verdict on a claim by comparison; no hypothesis is tried."""
    unit = units.base_unit(claim.derived.dimension, tagged=False)
    source = "; ".join(dict.fromkeys(c.source.title or c.source.name for c in claim.citations))
    name = claim.name or claim.text
    lost = _unknown(claim, intervals)
    if lost:
        value = intervals.of(claim.stated).middle
        return Verdict(
            name, claim.text, claim.operator, value if math.isfinite(value) else None, None, None, None, unit,
            UNDECIDED, source=source, missing=lost, claim=claim,
        )  # fmt: skip
    bounds, figure = intervals.of(claim.derived), printed(claim)
    verdict = _comparison(claim, bounds, figure, intervals)
    ratio = bounds.middle / figure.value if figure.value else None
    margin = figure.value / bounds.middle - 1 if bounds.middle else None
    low, high = (end if math.isfinite(end) else None for end in (bounds.low, bounds.high))
    overlap = _overlap(claim, bounds, window(claim, intervals))
    lost = _not_counted(claim.derived) if high is None and verdict == UNDECIDED else ()
    return Verdict(
        name, claim.text, claim.operator, figure.value, bounds.middle, low, high, unit, verdict,
        None, None, ratio, margin, source, overlap, lost, claim,
    )  # fmt: skip


def _not_counted(derived: Quantity) -> tuple[str, ...]:
    """Labels of the parts of a figure that nobody has stated and that leave it without an upper end."""
    open_above = (node for node in order([derived]) if node.spread is not None and math.isinf(node.spread.high))
    return tuple(dict.fromkeys(node.label for node in open_above))


def _unknown(claim: Claim, intervals: Intervals) -> tuple[str, ...]:
    """Labels of the missing inputs without which a side has no value, else texts of the sides without one (0/0)."""
    sides = (claim.derived, claim.stated) if claim.within is None else (claim.derived, claim.stated, claim.within)
    lost = [node.label for node in order(sides) if node.op == "missing"]
    texts = [side.origin.span.text if side.origin else claim.text for side in sides if _is_lost(side, intervals)]
    return tuple(dict.fromkeys((*claim.missing, *lost))) or tuple(f"a value of `{text}`" for text in texts)


def _is_lost(quantity: Quantity, intervals: Intervals) -> bool:
    return not math.isfinite(intervals.of(quantity).middle)


def printed(claim: Claim) -> Printed:
    """The stated side of a claim with its printed precision."""
    return stated(claim.stated, claim.origin.span if claim.origin else None)


def window(claim: Claim, intervals: Intervals) -> Printed:
    """Window that a claim accepts, base units: its `within`, else half a unit of the last digit; none for `==`."""
    figure = printed(claim)
    if claim.operator == "==":
        return Printed(figure.value, figure.value, figure.value)
    if claim.within is None:
        return figure
    allowed = intervals.of(claim.within).middle
    if claim.within.unit == "%" or claim.within.dimension != claim.derived.dimension:
        allowed *= abs(figure.value)
    return Printed(figure.value, figure.value - allowed, figure.value + allowed)


def _comparison(claim: Claim, bounds: Bounds, figure: Printed, intervals: Intervals) -> str:
    if claim.operator in ("<=", "<", ">=", ">"):
        return _ordered(claim.operator, bounds, intervals.of(claim.stated))
    accepted = window(claim, intervals)
    if accepted.covers(bounds) or accepted.contains(bounds.middle):
        return HOLDS
    if claim.within is None and (cut := _cut(claim, bounds, figure)):
        return cut
    return UNDECIDED if accepted.overlaps(bounds) else FAILS


def _cut(claim: Claim, bounds: Bounds, figure: Printed) -> str:
    """Agreement at the printed digits of the claim or of its inputs: `rounds`, `truncates`, or empty."""
    if claim.operator == "==":
        return ROUNDS if figure.contains(bounds.middle) else ""
    if bounds.low == bounds.high and figure.step and figure.overlaps(as_printed(claim.derived)):
        return figure.cut(bounds.middle) or ROUNDS
    return figure.cut(bounds.middle)


def _ordered(operator: str, derived: Bounds, limit: Bounds) -> str:
    """Verdict on `<=`, `<`, `>=` or `>` over intervals: holds for all values, fails for all, else undecided."""
    # mirrored at zero, so that only `<` has to be decided
    if operator[0] == ">":
        derived, limit = Bounds(-derived.high, 0.0, -derived.low), Bounds(-limit.high, 0.0, -limit.low)
    alike = len(operator) == 2
    if derived.high < limit.low or (nearly(derived.high, limit.low) and alike):
        return HOLDS
    if derived.low > limit.high or (nearly(derived.low, limit.high) and not alike):
        return FAILS
    return UNDECIDED


def _overlap(claim: Claim, bounds: Bounds, accepted: Printed) -> float:
    """Share of the derived interval that a claim accepts, every value counted as equally likely."""
    low, high = accepted.low, accepted.high
    if claim.operator[0] in "<>":
        low, high = (-math.inf, accepted.value) if claim.operator[0] == "<" else (accepted.value, math.inf)
    if bounds.high <= bounds.low or not math.isfinite(bounds.high - bounds.low):
        return float(low <= bounds.middle <= high or nearly(bounds.middle, low) or nearly(bounds.middle, high))
    return max(0.0, min(high, bounds.high) - max(low, bounds.low)) / (bounds.high - bounds.low)
