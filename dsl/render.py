"""Diagnostics as text, JSON, SARIF and annotations of GitHub. Text: sentence, marked lines, notes, help."""

from collections.abc import Iterable
from unicodedata import category, east_asian_width

from dsl.diagnostic import Diagnostic, Fix
from dsl.source import Source, Span

PER_FILE = 50
_COLOURS = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "hint": "\x1b[1;36m",
    "mark": "\x1b[1;34m",
    "end": "\x1b[0m",
}
_PLURALS = {"error": "errors", "warning": "warnings", "hint": "hints"}


def render(diagnostics: Iterable[Diagnostic], *, color: bool = False, width: int = 120) -> str:
    """Text of diagnostics in the order of files and lines, at most 50 a file, and a line that counts them.

    Lines of the source longer than `width` columns are shown around the place they are about.
    """
    shown: list[str] = []
    everything = list(diagnostics)
    for source, group in by_source(everything):
        shown += [one(diagnostic, color=color, width=width) for diagnostic in group[:PER_FILE]]
        if len(group) > PER_FILE:
            shown.append(f"and {len(group) - PER_FILE:,} more in {source.name}\n")
    if everything:
        shown.append(summary(everything) + "\n")
    return "".join(shown)


def by_source(diagnostics: Iterable[Diagnostic]) -> list[tuple[Source, list[Diagnostic]]]:
    """The complaints of each file, files in the order in which they were met, lines in the order of the text."""
    groups: dict[str, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        groups.setdefault(diagnostic.span.source.name, []).append(diagnostic)
    for group in groups.values():
        group.sort(key=lambda diagnostic: (diagnostic.span.start, diagnostic.span.end))
    return [(group[0].span.source, group) for group in groups.values()]


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning in 3 files; 1 can be fixed with --fix`."""
    everything = list(diagnostics)
    counts = []
    for severity, plural in _PLURALS.items():
        count = sum(diagnostic.severity == severity for diagnostic in everything)
        if count:
            counts.append(f"{count:,} {severity if count == 1 else plural}")
    files = len({diagnostic.span.source.name for diagnostic in everything})
    fixable = sum(any(fix.grade == "safe" for fix in diagnostic.fixes) for diagnostic in everything)
    mended = f"; {fixable:,} can be fixed with --fix" if fixable else ""
    return f"{', '.join(counts) or 'no complaint'} in {files:,} file{'s' * (files != 1)}{mended}"


def one(diagnostic: Diagnostic, *, color: bool = False, width: int = 120) -> str:
    """One complaint, ended by a newline."""
    paint = _COLOURS if color else dict.fromkeys(_COLOURS, "")
    line, column = diagnostic.span.source.line_column(diagnostic.span.start)
    head = (
        f"{paint[diagnostic.severity]}{diagnostic.severity}[{diagnostic.code.id}]{paint['end']}: {diagnostic.message}"
    )
    if not diagnostic.span.source.text and not diagnostic.labels:
        return "\n".join([head, f"  --> {diagnostic.span.source.name}", *_afterwards(diagnostic)]) + "\n"
    lines = [head, f"  --> {diagnostic.span.source.name}:{line}:{column}"]
    marks = [(diagnostic.span, "^", diagnostic.label), *((label.span, "-", label.text) for label in diagnostic.labels)]
    home = diagnostic.span.source
    sources = list(dict.fromkeys([home.name, *(span.source.name for span, _, _ in marks)]))
    for name in sources:
        here = [mark for mark in marks if mark[0].source.name == name]
        if name != home.name:
            line, column = here[0][0].source.line_column(here[0][0].start)
            lines.append(f"  ::: {name}:{line}:{column}")
        lines += _excerpt(here, width, paint)
    return "\n".join([*lines, *_afterwards(diagnostic)]) + "\n"


def _afterwards(diagnostic: Diagnostic) -> list[str]:
    """Facts and ways out, below the excerpt."""
    notes = [f"   = note: {note}" for note in diagnostic.notes]
    return [*notes, *(f"   = help: {text}" for text in _helps(diagnostic))]


def _helps(diagnostic: Diagnostic) -> list[str]:
    """Lines of help; the fix for each stands behind it, in a column of its own."""
    helps = list(diagnostic.help)
    for place, fix in enumerate(diagnostic.fixes):
        told = f"[fix: {fix.title}, {fix.grade}]"
        if place < len(helps):
            helps[place] = f"{helps[place] + '  ':<54}{told}"
        else:
            helps.append(told)
    return helps


def _excerpt(marks: list[tuple[Span, str, str]], width: int, paint: dict[str, str]) -> list[str]:
    """The lines that are marked, the marks below them, `..` where lines are left out."""
    source = marks[0][0].source
    rows: dict[int, list[tuple[int, int, str, str]]] = {}
    for span, sign, text in marks:
        line, column = source.line_column(span.start)
        last, end = source.line_column(span.end)
        length = len(source.line(line))
        stop = end - 1 if last == line else length
        rows.setdefault(line, []).append((column - 1, max(stop, column), sign, text))
    size = max(2, len(str(max(rows))))
    lines: list[str] = []
    before: int | None = None
    for line in sorted(rows):
        if before is not None and line > before + 1:
            lines.append(f"{'..':>{size}} |")
        before = line
        text, shift = _window(source.line(line), rows[line], width)
        lines.append(f"{line:>{size}} | {_plain(text)}".rstrip())
        for start, stop, sign, label in sorted(rows[line], key=lambda row: (row[0], row[2] != "^")):
            from_, to = max(start - shift, 0), stop - shift
            indent = " " * _columns(text[:from_])
            stroke = sign * max(1, _columns(text[from_:to]))
            hue = paint["error" if sign == "^" else "mark"]
            lines.append(f"{'':>{size}} | {indent}{hue}{stroke}{paint['end']} {label}".rstrip())
    return lines


def _window(text: str, marks: list[tuple[int, int, str, str]], width: int) -> tuple[str, int]:
    """A part of a long line around its first mark, and how many characters stand before it."""
    if len(text) <= width:
        return text, 0
    first = min(start for start, *_ in marks)
    shift = max(0, min(first - width // 3, len(text) - width))
    return text[shift : shift + width], shift


def _plain(text: str) -> str:
    """Tabs as four blanks, control characters as a box."""
    return "".join("    " if c == "\t" else "\N{REPLACEMENT CHARACTER}" if category(c) == "Cc" else c for c in text)


def _columns(text: str) -> int:
    """Columns that a text takes on a terminal: two for Chinese and Japanese letters, none for combining marks."""
    if text.isascii():
        return len(text) + 3 * text.count("\t")
    return sum(
        4 if c == "\t" else 0 if category(c) in ("Mn", "Me", "Cf") else 1 + (east_asian_width(c) in "WF") for c in text
    )


# ---- for machines ----------------------------------------------------------------------------


def to_json(diagnostics: Iterable[Diagnostic]) -> dict[str, object]:
    """Diagnostics as JSON data, `clusterc.diagnostics/1`; columns in code points from 1, the end excluded."""
    return {"schema": "clusterc.diagnostics/1", "diagnostics": [_record(diagnostic) for diagnostic in diagnostics]}


def _record(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "code": diagnostic.code.id,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        **place(diagnostic.span),
        "label": diagnostic.label,
        "labels": [{**place(label.span), "text": label.text} for label in diagnostic.labels],
        "notes": list(diagnostic.notes),
        "help": list(diagnostic.help),
        "fixes": [_edit(fix) for fix in diagnostic.fixes],
    }


def _edit(fix: Fix) -> dict[str, object]:
    return {"title": fix.title, "grade": fix.grade, **place(fix.span), "replacement": fix.replacement}


def place(span: Span) -> dict[str, object]:
    """File, line and column of both ends."""
    line, column = span.source.line_column(span.start)
    end_line, end_column = span.source.line_column(span.end)
    return {"file": span.source.name, "line": line, "column": column, "end_line": end_line, "end_column": end_column}


def to_sarif(diagnostics: Iterable[Diagnostic], version: str) -> dict[str, object]:
    """SARIF 2.1.0, which code hosts show beside the lines."""
    everything = list(diagnostics)
    rules = {diagnostic.code.id: diagnostic.code for diagnostic in everything}
    levels = {"error": "error", "warning": "warning", "hint": "note"}
    results = [
        {
            "ruleId": diagnostic.code.id,
            "level": levels[diagnostic.severity],
            "message": {"text": ". ".join((diagnostic.message, *diagnostic.notes, *diagnostic.help))},
            "locations": [{"physicalLocation": _physical(diagnostic.span)}],
            "relatedLocations": [
                {"physicalLocation": _physical(label.span), "message": {"text": label.text}}
                for label in diagnostic.labels
            ],
        }
        for diagnostic in everything
    ]
    driver = {
        "name": "clusterc",
        "version": version,
        "rules": [
            {"id": code.id, "shortDescription": {"text": code.title}, "fullDescription": {"text": code.cause}}
            for _, code in sorted(rules.items())
        ],
    }
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _physical(span: Span) -> dict[str, object]:
    at = place(span)
    region = {
        "startLine": at["line"],
        "startColumn": at["column"],
        "endLine": at["end_line"],
        "endColumn": at["end_column"],
    }
    return {"artifactLocation": {"uri": span.source.name}, "region": region}


def to_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Workflow commands that become annotations of a pull request, one a line."""
    commands = {"error": "error", "warning": "warning", "hint": "notice"}
    lines = []
    for diagnostic in diagnostics:
        at = place(diagnostic.span)
        text = ". ".join((diagnostic.message, *diagnostic.help))
        escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        file = str(at["file"]).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
        where = (
            f"file={file},line={at['line']},col={at['column']},endLine={at['end_line']},endColumn={at['end_column']}"
        )
        lines.append(f"::{commands[diagnostic.severity]} {where},title={diagnostic.code.id}::{escaped}\n")
    return "".join(lines)
