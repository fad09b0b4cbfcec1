"""Audit of published claims: a verdict for each, and for those that do not hold the mistake that explains them.

`precision` is about how a figure was printed, `verdict` compares, `hypotheses` lists common mistakes, `context` looks
up the parts a claim is about. Verdicts are data; `complaints` makes diagnostics of them. Claims are evaluated in
`semantics`.
"""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import evolve

from compiler.audit.precision import Printed
from compiler.audit.verdict import EXPLAINED, FAILS, Verdict, plain, printed, window
from compiler.ir.hardware import Claim
from compiler.quantities.intervals import Intervals
from compiler.quantities.units import TIME

if TYPE_CHECKING:
    from compiler.audit.context import Desk

FINE = 0.01
"""Share within which an explanation must come to a figure that states no precision of its own."""


def audit(claim: Claim, desk: "Desk | None" = None) -> Verdict:
    """The verdict on a claim. Without a desk, no mistakes are tried that need other parts or variants."""
    intervals = Intervals()
    found = plain(claim, intervals)
    if found.verdict != FAILS or claim.derived.dimension == TIME or claim.operator[0] in "<>":
        return found
    figure = printed(claim)
    accepted = window(claim, intervals)
    if not figure.step:
        wide = abs(figure.value) * FINE
        figure = Printed(figure.value, figure.value - wide, figure.value + wide)
    if claim.within is not None and math.isfinite(accepted.low):
        figure = Printed(figure.value, max(accepted.low, figure.low), min(accepted.high, figure.high))
    from compiler.audit.hypotheses import explanation  # with it comes the whole front of the compiler

    reason = explanation(claim, figure, desk)
    if reason is None:
        return found
    return evolve(found, verdict=EXPLAINED, hypothesis=reason.name, sentence=reason.sentence, remedy=reason.remedy)


def audits(claims: Iterator[Claim] | tuple[Claim, ...], desk: "Desk | None" = None) -> tuple[Verdict, ...]:
    """Verdicts on claims, in their order."""
    return tuple(audit(claim, desk) for claim in claims)
