"""What is wrong, where, why and what to do about it, as data. Depends on nothing but places."""

from typing import Literal

from attrs import field, frozen

from dsl.source import Span

Severity = Literal["error", "warning", "hint"]
Grade = Literal["safe", "unsafe", "show"]


@frozen
class Label:
    """A second place that explains the first: `dies` gets its precision here."""

    span: Span
    text: str


@frozen
class Fix:
    """An edit that mends it. `safe`: the meaning surely intended; `unsafe`: needs consent; `show`: never applied."""

    title: str
    span: Span
    replacement: str
    grade: Grade = "safe"


@frozen
class Diagnostic:
    """One complaint."""

    code: "Code"
    severity: Severity
    span: Span
    message: str
    label: str = ""
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()


@frozen(eq=False)
class Code:
    """A kind of mistake, known by a number for good. Stands beside the rule that raises it.

    `cause` is the paragraph of its page; `wrong` and `right` are whole files that a test compiles:
    the first must raise this code, the second must not.
    """

    id: str
    title: str
    cause: str = field(kw_only=True)
    wrong: str = field(kw_only=True)
    right: str = field(kw_only=True)
    severity: Severity = field(default="error", kw_only=True)

    def at(
        self,
        span: Span,
        message: str,
        *help: str,
        label: str = "",
        labels: tuple[Label, ...] = (),
        notes: tuple[str, ...] = (),
        fixes: tuple[Fix, ...] = (),
        severity: Severity | None = None,
    ) -> Diagnostic:
        """A complaint of this kind at a place."""
        return Diagnostic(self, severity or self.severity, span, message, label, labels, notes, help, fixes)
