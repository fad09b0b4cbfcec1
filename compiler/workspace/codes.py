"""Codes of diagnostics, collected from all modules, and the page that explains each."""

import importlib
import re
import tempfile
from functools import cache
from pathlib import Path

from compiler.audit.complaints import complaints
from compiler.workspace.claimed import verdicts
from compiler.workspace.compilation import compile_file
from dsl.diagnostic import Code, Diagnostic
from dsl.render import one

ROOT = Path(__file__).resolve().parents[2]
AREAS = {
    "C01": "Syntax",
    "C02": "Names, kinds and fields",
    "C03": "Units",
    "C04": "Dependencies",
    "C05": "Checks, claims and limits of racks and sites",
    "C06": "Networks",
    "C07": "Sources",
    "C08": "Files",
    "C09": "Size",
}


@cache
def codes() -> tuple[Code, ...]:
    """All codes in the order of their numbers. Imports only modules that define some."""
    found: dict[Code, None] = {}
    for path in sorted(path for folder in ("dsl", "compiler") for path in (ROOT / folder).rglob("*.py")):
        if " = Code(" in path.read_text(encoding="utf-8") and path != Path(__file__).resolve():
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            members = vars(importlib.import_module(name)).values()
            found |= dict.fromkeys(value for value in members if isinstance(value, Code))
    return tuple(sorted(found, key=lambda code: code.id))


def complaints_of(name: str, text: str) -> tuple[Diagnostic, ...]:
    """Diagnostics of a text in a file of this name, claims audited."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project" / name
        path.parent.mkdir()
        path.write_bytes(text.encode())
        compilation = compile_file(path)
        found = list(compilation.diagnostics)
        if not any(diagnostic.severity == "error" for diagnostic in found):
            found += complaints(verdicts(compilation))
    return tuple(found)


def page(code: Code) -> str:
    """Page of a code: its cause, an example with the message it gives, and the example mended."""
    lines = [f"# {code.id}: {code.title}", "", f"*{code.severity.capitalize()}.* {code.cause}"]
    if code.wrong:
        said = [found for found in complaints_of(f"{code.id}-wrong.cluster", code.wrong) if found.code is code]
        lines += ["", "## What raises it", "", f"```cluster {code.severity}[{code.id}]", *_text(code.wrong), "```", ""]
        lines += ["```text", *_text(_nameless("".join(one(found) for found in said), code.id)), "```"]
    if code.right:
        title = "Mended" if code.wrong else "As it should be"
        lines += ["", f"## {title}", "", "```cluster", *_text(code.right), "```"]
    return "\n".join(lines) + "\n"


def _text(text: str) -> list[str]:
    return text.rstrip("\n").replace("\0", "\N{SYMBOL FOR NULL}").split("\n")


def _nameless(text: str, code: str) -> str:
    """The message without the temporary folder in the name of the example."""
    return re.sub(rf"[^\s`\"]*{code}-wrong\.cluster", f"{code}-wrong.cluster", text)
