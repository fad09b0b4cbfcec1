"""Diagnostics of claims that are explained or fail: both figures, the reason, and a way to keep the claim honestly."""

from collections.abc import Iterable, Iterator

from compiler.audit.verdict import EXPLAINED, FAILS, Verdict, printed
from compiler.ir.hardware import Claim
from compiler.numerics.tolerances import nearly
from compiler.quantities import display, units
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import Bounds, Intervals
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
    how = (verdict.hypothesis or "").replace("-", " ").replace(" + ", " and ")
    said = f"is explained by {how}" if verdict.verdict == EXPLAINED else "fails"
    message = f"claim `{verdict.name}` {said}: claimed {claimed}, derived {derived}{off}"
    at = claim.stated.origin.span if claim.stated.origin else span
    return code.at(
        at if at.source is span.source else span,
        message,
        _help(verdict, claim),
        label=_allowed(claim),
        labels=tuple(_sides(claim, span, derived)),
        notes=(verdict.sentence,) if verdict.sentence else (),
    )


def _allowed(claim: Claim) -> str:
    """Label with the window of a printed figure, `"1152" allows 1151.5 to 1152.5`; empty when it has none."""
    spread = claim.stated.spread
    if spread is None or not spread.digits or not spread.step or claim.operator != "~=" or claim.within is not None:
        return ""
    figure = printed(claim)
    unit = spread.middle / float(spread.digits.replace("_", "")) if spread.middle else 1.0
    return f'"{spread.digits}" allows {figure.low / unit:.10g} to {figure.high / unit:.10g}'


def _sides(claim: Claim, span: Span, derived: str) -> Iterator[Label]:
    """Labels of the derived figure and, when it is a multiple of a single input with a unit, of that input."""
    inputs = [node for node in order([claim.derived]) if node.spread is not None and node.dimension]
    single = inputs[0] if len(inputs) == 1 and inputs[0].origin is not None else None
    origin = claim.derived.origin
    if origin is not None and origin.span.source is span.source and span.start <= origin.span.start < span.end:
        yield Label(origin.span, derived)
    if single is not None and single.origin is not None and single.spread is not None:
        each = single.spread.middle
        times = Intervals().of(claim.derived).middle / each if each else 0.0
        count = f", taken {times:,.0f} times" if times > 1 and nearly(times, round(times)) else ""
        yield Label(single.origin.span, f"`{single.label}`{count}" if single.label else f"the input{count}")


def _help(verdict: Verdict, claim: Claim) -> str:
    off = abs(verdict.ratio - 1) if verdict.ratio is not None else 1.0
    text = claim.stated.origin.span.text if claim.stated.origin else ""
    kept = f"`~= {text} within {_rounded_up(off)}%`" if off < 0.25 and text and claim.within is None else ""
    if verdict.verdict == EXPLAINED:
        ways = ", or ".join(way for way in (f"keep it and say why: {kept}" if kept else "", verdict.remedy) if way)
        return ways or "keep the claim, and say in a comment which convention it follows"
    return f"correct one of the two; {kept} accepts the difference" if kept else "correct the claim, or the design"


def _rounded_up(share: float) -> str:
    """A share as percent, rounded up to the next half."""
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
