"""Diagnostics as data: message, place, reason and fixes. Depends on nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from dsl.record import record

if TYPE_CHECKING:
    from dsl.source import Span

Severity = Literal["error", "warning", "hint"]
Grade = Literal["safe", "unsafe", "show"]


@record
class Label:
    """A second place that explains the first: `dies` gets its precision here."""

    span: Span
    text: str


@record
class Fix:
    """An edit that mends it. `safe`: the meaning surely intended; `unsafe`: needs consent; `show`: never applied."""

    title: str
    span: Span
    replacement: str
    grade: Grade = "safe"


@record
class Diagnostic:
    """One complaint."""

    code: Code
    severity: Severity
    span: Span
    message: str
    label: str = ""
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()


class Code:
    """A kind of mistake, known by a number for good. Stands beside the rule that raises it.

    `cause` is the paragraph of its page; `wrong` and `right` are whole files that a test compiles:
    the first must raise this code, the second must not. `wrong` is empty where no text can show the mistake.
    """

    __slots__ = ("cause", "id", "right", "severity", "title", "wrong")

    def __init__(
        self, id: str, title: str, *, cause: str, wrong: str, right: str, severity: Severity = "error"
    ) -> None:
        self.id = id
        self.title = title
        self.cause = cause
        self.wrong = wrong
        self.right = right
        self.severity = severity

    def __repr__(self) -> str:
        return f"Code({self.id!r}, {self.title!r})"

    def at(
        self,
        span: Span,
        message: str,
        *help: str,
        label: str = "",
        labels: tuple[Label, ...] = (),
        notes: tuple[str, ...] = (),
        fixes: tuple[Fix, ...] = (),
    ) -> Diagnostic:
        """A complaint of this kind at a place."""
        return Diagnostic(self, self.severity, span, message, label, labels, notes, help, fixes)
