"""`clusterc check`: the output about files, with fixes applied, and the facts by which it may be cached."""

import sys
from os import PathLike
from pathlib import Path

from compiler import __version__
from compiler.semantics.loader import NO_FILE
from compiler.workspace.compilation import Compilation, compile, compile_file, compile_text
from compiler.workspace.facts import facts
from dsl.decoding import decode
from dsl.diagnostic import Diagnostic
from dsl.record import replace
from dsl.render import render, to_github, to_json, to_sarif

MOST_ROUNDS = 5
MORE = "`clusterc audit` tries other parts and their variants, too"


def verdict(
    files: list[str], format: str, strict: bool, color: bool, grades: tuple[str, ...]
) -> tuple[str, list[str] | None]:
    """Exit status and output of a check, separated by a line break, and the facts it rests on; None: do not cache it.

    Fixes of these `grades` (`safe`, `unsafe`) are applied to the files first.
    """
    compilations = [_compiled(file, grades) for file in files]
    found = [diagnostic for compilation in compilations for diagnostic in heard(compilation)]
    if strict:
        found = [_stricter(diagnostic) for diagnostic in found]
    status = int(any(diagnostic.severity == "error" for diagnostic in found))
    known = None
    if not any(diagnostic.code is NO_FILE for diagnostic in found):
        known = sorted({fact for compilation in compilations for fact in facts(compilation)})
    return f"{status}\n{_words(found, len(files), format, color)}", known


def heard(compilation: Compilation) -> tuple[Diagnostic, ...]:
    """Diagnostics of a compilation; when none is an error, also those of claims that do not hold."""
    found = tuple(compilation.diagnostics)
    # the audit is imported for files with claims only: start-up counts
    if compilation.module is None or "claim" not in compilation.module.source.text:
        return found
    if any(diagnostic.severity == "error" for diagnostic in found):
        return found
    from compiler.audit.complaints import FAILED_CLAIM, complaints
    from compiler.workspace.claimed import verdicts

    off = complaints(verdicts(compilation, thorough=False))
    return (*found, *(replace(d, notes=(*d.notes, MORE)) if d.code is FAILED_CLAIM else d for d in off))


def check(source: str | PathLike[str], *, name: str = "text.cluster") -> "Checked":
    """Check a file, or a text (a string with a line break or a brace): its mistakes, and its claims that do not hold.

    Raises nothing over bad input.
    """
    return Checked(heard(compile(source, name=name)))


class Checked:
    """Result of a check. `diagnostics` are in the order met."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics

    @property
    def ok(self) -> bool:
        """True when there is no error; warnings and hints may be there."""
        return not any(diagnostic.severity == "error" for diagnostic in self.diagnostics)

    def render(self, *, color: bool = False) -> str:
        """Diagnostics as text with the lines they are about; empty when there are none."""
        return render(self.diagnostics, color=color)

    def to_dict(self) -> dict[str, object]:
        """Diagnostics as data, `clusterc.diagnostics/1`."""
        return to_json(self.diagnostics)

    def __str__(self) -> str:
        return self.render() or "no complaint"

    def __repr__(self) -> str:
        return f"<Checked ok={self.ok} diagnostics={len(self.diagnostics)}>"


def _compiled(file: str, grades: tuple[str, ...]) -> Compilation:
    if file == "-":
        source, problems = decode("-", sys.stdin.buffer.read())
        compilation = compile_text(source.text, "-")
        compilation.diagnostics[:0] = problems
        return compilation
    compilation = compile_file(Path(file))
    # a fix may bring another mistake to light, so the file is compiled again after each round
    for _ in range(MOST_ROUNDS if grades else 0):
        if not _mended(compilation, grades):
            break
        compilation = compile_file(Path(file))
    return compilation


def _stricter(diagnostic: Diagnostic) -> Diagnostic:
    return replace(diagnostic, severity="error") if diagnostic.severity == "warning" else diagnostic


def _words(found: list[Diagnostic], files: int, format: str, color: bool) -> str:
    if format in ("json", "sarif"):
        return _data(found, format)
    if format == "github":
        return to_github(found)
    return render(found, color=color) or f"no complaint in {files} file{'s' * (files != 1)}\n"


def _data(found: list[Diagnostic], format: str) -> str:
    import json

    if format == "json":
        return json.dumps(to_json(found), ensure_ascii=False, indent=2) + "\n"
    return json.dumps(to_sarif(found, __version__), ensure_ascii=False, indent=2) + "\n"


# ---- fixes -----------------------------------------------------------------------------------


def _mended(compilation: Compilation, grades: tuple[str, ...]) -> bool:
    """Apply one fix of each diagnostic to the files of the user. True when a file was changed."""
    from compiler.workspace.files import write

    changed = False
    for path, data in compilation.disk.read.items():
        module = compilation.loader.modules.get(str(path.resolve()))
        if module is None or module.is_library:
            continue
        text = _fixed(
            module.source.text, [d for d in compilation.diagnostics if d.span.source is module.source], grades
        )
        # C0121: the file is no UTF-8, and writing it back would lose the bytes that could not be decoded
        if text != module.source.text and not any(d.code.id == "C0121" for d in compilation.diagnostics):
            mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
            write(path, mark + text.encode())
            changed = True
    return changed


def _fixed(text: str, diagnostics: list[Diagnostic], grades: tuple[str, ...]) -> str:
    """The text with the first fitting fix of each diagnostic applied; of two that overlap only the one further down."""
    edits = []
    for diagnostic in diagnostics:
        fitting = [f for f in diagnostic.fixes if f.grade in grades and f.span.source is diagnostic.span.source]
        edits += [(f.span.start, f.span.end, f.replacement) for f in fitting[:1]]
    reached = len(text) + 1
    # from the end on, so that the offsets of the fixes above stay right
    for start, end, replacement in sorted(set(edits), reverse=True):
        if end <= reached:
            text = text[:start] + replacement + text[end:]
            reached = start
    return text
