"""What to say of a claim that is explained or fails: both figures, the reason, and how to keep the claim honestly."""

from collections.abc import Iterable, Iterator

from compiler import display, units
from compiler.audit.verdict import EXPLAINED, FAILS, Verdict
from compiler.ir.model import Claim
from compiler.ir.quantity import Bounds, Quantity
from dsl.diagnostic import Code, Diagnostic, Label
from dsl.source import Span

EXPLAINED_CLAIM = Code(
    "C0510",
    "a claim is off by a known mistake",
    cause="The derived figure differs from the published one, and one of the ways the field gets numbers wrong, or two of "
    "them together, reconciles both: 1024 for 1000, bits for bytes, both directions for one, sparse for dense, dies for "
    "packages, another variant of a part.",
    wrong="chip A { hbm.capacity = 144 GB }\nnode N {\n  npus = 8192 of A\n\n"
    "  claim memory: sum(npus.hbm.capacity) ~= 1152 TB\n}\n",
    right="chip A { hbm.capacity = 144 GB }\nnode N {\n  npus = 8192 of A\n\n"
    "  claim memory: sum(npus.hbm.capacity) ~= 1152 * 1024 GB\n}\n",
    severity="warning",
)
FAILED_CLAIM = Code(
    "C0511",
    "a claim does not follow from the design",
    cause="The derived figure differs from the published one by more than its printed precision, and no known mistake "
    "explains the difference.",
    wrong="chip A { tdp = 700 W }\nnode N {\n  npus = 8 of A\n\n  claim power: sum(npus.tdp) ~= 9.1 kW\n}\n",
    right="chip A { tdp = 700 W }\nnode N {\n  npus = 8 of A\n\n  claim power: sum(npus.tdp) ~= 5.6 kW\n}\n",
    severity="warning",
)


def complaints(verdicts: Iterable[Verdict]) -> Iterator[Diagnostic]:
    """A warning for each claim that is explained or fails."""
    for verdict in verdicts:
        if verdict.verdict in (EXPLAINED, FAILS) and verdict.claim is not None and verdict.claim.origin is not None:
            yield _complaint(verdict, verdict.claim, verdict.claim.origin.span)


def _complaint(verdict: Verdict, claim: Claim, span: Span) -> Diagnostic:
    code = EXPLAINED_CLAIM if verdict.verdict == EXPLAINED else FAILED_CLAIM
    claimed, derived = _shown(verdict.stated, claim), _shown(verdict.derived, claim, like=claim.stated)
    off = f" ({verdict.margin:+.2%})" if verdict.margin is not None else ""
    numbers = f"claimed {claimed}, derived {derived}{off}"
    how = (verdict.hypothesis or "").replace("-", " ").replace(" + ", " and ")
    said = f"is explained by {how}" if verdict.verdict == EXPLAINED else "fails"
    stated_at = claim.stated.origin.span if claim.stated.origin else span
    labels = tuple(Label(place, text) for place, text in _sides(verdict, claim, derived))
    notes = (verdict.sentence,) if verdict.sentence else ()
    at = stated_at if stated_at.source is span.source else span
    return code.at(at, f"claim `{verdict.name}` {said}: {numbers}", _help(verdict, claim), labels=labels, notes=notes)


def _sides(verdict: Verdict, claim: Claim, derived: str) -> Iterator[tuple[Span, str]]:
    origin = claim.derived.origin
    around = claim.origin.span if claim.origin else None
    if origin and around and origin.span.source is around.source and around.start <= origin.span.start < around.end:
        yield origin.span, derived


def _help(verdict: Verdict, claim: Claim) -> str:
    if verdict.margin is None:
        return "correct the claim, or the design"
    off = abs(verdict.ratio - 1) if verdict.ratio is not None else 0.0
    text = claim.stated.origin.span.text if claim.stated.origin else ""
    within = f"`~= {text} within {_rounded_up(off)}%`"
    if verdict.verdict == EXPLAINED and off < 0.25:
        return f"keep the claim and say why: {within}"
    if verdict.verdict == EXPLAINED:
        return "keep the claim and say why in a comment, or claim the figure in the convention of the design"
    return f"correct one of the two; {within} accepts the difference" if off < 0.25 else "correct one of the two"


def _rounded_up(share: float) -> str:
    """A share as percent, up to the next half."""
    return f"{-(-share * 200 // 1) / 2:g}"


def _shown(value: float | None, claim: Claim, like: Quantity | None = None) -> str:
    """A value in the unit of the claim, with the digits it was printed in or two more than are needed to differ."""
    if value is None:
        return "nothing"
    stated = claim.stated
    if like is None and stated.origin is not None and stated.spread is not None:
        return stated.origin.span.text
    unit = stated.unit or units.base_unit(claim.derived.dimension)
    quantity = Quantity("shown", (), claim.derived.dimension, None, "" if unit == "1" else unit)
    return display.interval(Bounds(value, value, value), quantity, 6)
