"""Checks (`assert`, `expect`, `require`) and claims as data of the IR. The verdict on a claim is left to `audit`."""

from compiler.ir.hardware import Check, Claim
from compiler.ir.labels import names_of
from compiler.quantities.graph import Origin, Quantity
from compiler.quantities.units import NONE, TRUTH, base_unit, noun
from compiler.semantics.evaluate import evaluate
from compiler.semantics.fields import missing_below
from compiler.semantics.members import citations, parts_made
from compiler.semantics.operators import WRONG_TYPE, binary
from compiler.semantics.state import State
from compiler.semantics.values import POISON, Scope, describe
from dsl import syntax
from dsl.diagnostic import Code, Diagnostic, Label, Severity
from dsl.record import replace

FAILS = Code(
    "C0501",
    "an assertion does not hold",
    cause="`assert` states what must be true of the design; when it is not, the file has an error. `expect` warns instead.",
    wrong="assert 2 > 3\n",
    right="assert 3 > 2\n",
)
UNDECIDED = Code(
    "C0502",
    "an assertion is undecided",
    cause="With intervals or missing inputs a check can end neither true nor false. The message names what decides it; `--strict` makes it an error.",
    wrong="let x = 1 to 3\nassert x > 2\n",
    right="let x = 2.5 to 3\nassert x > 2\n",
    severity="warning",
)
NOT_A_CLAIM = Code(
    "C0503",
    "a claim that compares nothing",
    cause="A claim puts a derived figure beside a published one: `derived ~= stated from source`.",
    wrong="claim 3 + 4\n",
    right="claim 3 + 4 ~= 7\n",
)
COMPARISONS = ("~=", "==", "<=", ">=", "<", ">")


def check_of(node: syntax.CheckStatement, scope: Scope, state: State, *, judge: bool = False) -> Check | None:
    """The check of a line; None after a complaint. With `judge`, complain when it fails or cannot be decided."""
    value = evaluate(node.condition, scope, state)
    if value is POISON:
        return None
    if not isinstance(value, Quantity) or value.dimension != TRUTH:
        message = f"`{node.word}` takes something true or false, this is {describe(value)}"
        state.complain(WRONG_TYPE.at(node.condition.span, message, "compare two quantities"))
        return None
    check = Check(node.word, value, node.condition.span.text, node.message or "", Origin(node.span))
    if judge and node.word in ("assert", "expect"):
        _judge(node, check, state)
    return check


def _judge(node: syntax.CheckStatement, check: Check, state: State) -> None:
    """Complain about a check that does not hold, or cannot be decided."""
    span, bounds = node.condition.span, state.intervals.of(check.condition)
    lost = missing_below(check.condition)
    if bounds.low == 1.0 and not lost:
        return
    labels = _sides(node.condition, check.condition, state)
    if lost:
        message = f"undecided: `{check.text}` needs what nobody has stated"
        notes = ("not known: " + ", ".join(lost),)
        state.complain(UNDECIDED.at(span, message, "state it, or drop the check", labels=labels, notes=notes))
    elif bounds.high == 0.0:
        severity: Severity = "error" if node.word == "assert" else "warning"
        message = f"`{check.text}` does not hold{f': {check.message}' if check.message else ''}"
        failed = FAILS.at(span, message, "change the design, or the condition", labels=labels)
        state.complain(replace(failed, severity=severity))
    else:
        state.complain(_undecided(node, check, labels, state))


def _undecided(node: syntax.CheckStatement, check: Check, labels: tuple[Label, ...], state: State) -> Diagnostic:
    """The complaint about a check that inputs leave open: the share of cases in which it holds, and what to narrow."""
    from compiler.quantities.undecided import opened  # numpy, where something is left open

    found = opened(check.condition, state.intervals, names_of(parts_made(state)))
    narrow = f"narrow {found.strongest or 'the inputs'}"
    return UNDECIDED.at(
        node.condition.span,
        f"undecided: `{check.text}` holds in {found.words} of the cases the inputs allow",
        f"{narrow}, or write `expect` to accept the risk" if node.word == "assert" else narrow,
        labels=labels,
        notes=found.notes,
    )


def _sides(node: syntax.Expression, value: Quantity, state: State) -> tuple[Label, ...]:
    """Both sides of a comparison with their values."""
    from compiler.quantities.display import interval

    if not isinstance(node, syntax.Binary) or len(value.args) != 2:
        return ()
    pairs = zip((node.left, node.right), value.args, strict=True)
    return tuple(
        Label(side.span, interval(state.intervals.of(arg), arg))
        for side, arg in pairs
        if arg.dimension != TRUTH and not isinstance(side, syntax.Number | syntax.Measure)
    )


def claim_of(node: syntax.ClaimStatement, scope: Scope, state: State) -> Claim | None:
    """The claim of a line, both sides evaluated; None after a complaint."""
    condition = node.condition
    if not isinstance(condition, syntax.Binary) or condition.operator not in COMPARISONS:
        if not isinstance(condition, syntax.Wrong):
            message = "a claim compares a derived figure with a stated one"
            help = "write `claim name: derived ~= stated from source`"
            state.complain(NOT_A_CLAIM.at(condition.span, message, help))
        return None
    derived, stated = evaluate(condition.left, scope, state), evaluate(condition.right, scope, state)
    within = evaluate(node.within, scope, state) if node.within is not None else None
    cites = citations(node.cites, scope, state)
    if derived is POISON or stated is POISON or within is POISON:
        return None
    # evaluated for its complaints alone: two sides of different dimensions are told as in any comparison
    if binary(condition, derived, stated, state) is POISON:
        return None
    if not isinstance(derived, Quantity) or not isinstance(stated, Quantity):
        message = f"a claim compares quantities, these are {describe(derived)} and {describe(stated)}"
        state.complain(NOT_A_CLAIM.at(condition.span, message, "fold many values with `sum` or `count`"))
        return None
    if within is not None and not (isinstance(within, Quantity) and within.dimension in (NONE, derived.dimension)):
        found = noun(within.dimension) if isinstance(within, Quantity) else describe(within)
        message = f"`within` takes a share or a quantity in {base_unit(derived.dimension)}, this is {found}"
        state.complain(WRONG_TYPE.at(node.within.span if node.within else node.span, message, "write `within 5%`"))
        return None
    return Claim(
        node.name.text if node.name else "",
        condition.operator,
        derived,
        stated,
        within,
        cites,
        condition.span.text,
        missing_below(derived),
        Origin(node.span),
    )
