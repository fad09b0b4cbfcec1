"""Pages and schemas that are generated from where things are defined: `python -m compiler.pages [--check]`."""

import importlib
import re
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from compiler import units
from compiler.audit.complaints import complaints
from compiler.driver import compile_file
from compiler.emitters import ir
from compiler.emitters.json import written
from compiler.judge import verdicts
from compiler.kinds import KINDS, FieldSpec, Kind
from dsl.diagnostic import Code, Diagnostic
from dsl.render import one

ROOT = Path(__file__).resolve().parent.parent
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


def pages() -> dict[str, str]:
    """Every generated file by its path from the root of the repository."""
    found = {f"docs/errors/{code.id}.md": page(code) for code in codes()}
    found["docs/errors/README.md"] = index()
    found["docs/kinds.md"] = kinds()
    found["compiler/schemas/ir.json"] = written(ir.schema())
    return found


# ---- mistakes --------------------------------------------------------------------------------


@cache
def codes() -> tuple[Code, ...]:
    """Every code that some module of ours defines, in the order of their numbers. Imports only the modules that do."""
    found: dict[int, Code] = {}
    for path in sorted(path for folder in ("dsl", "compiler") for path in (ROOT / folder).rglob("*.py")):
        if " = Code(" in path.read_text(encoding="utf-8") and path != Path(__file__).resolve():
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            members = vars(importlib.import_module(name)).values()
            found |= {id(value): value for value in members if isinstance(value, Code)}
    return tuple(sorted(found.values(), key=lambda code: code.id))


def complaints_of(name: str, text: str) -> tuple[Diagnostic, ...]:
    """What is said of a file of this name, its claims audited."""
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
    """The page of a code: cause, an example, what is said of it, and the same mended."""
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
    """The complaint with the name of the example, without the folder that it stood in."""
    return re.sub(rf"[^\s`\"]*{code}-wrong\.cluster", f"{code}-wrong.cluster", text)


def index() -> str:
    """The list of all codes by area."""
    lines = ["# What the compiler says", ""]
    lines += ["`clusterc explain CODE` prints the same pages. A code is never used again for another mistake.", ""]
    for area, title in AREAS.items():
        rows = [
            f"| [{code.id}]({code.id}.md) | {code.title} | {code.severity} |" for code in codes() if code.id[:3] == area
        ]
        lines += [f"## {title}", "", "| Code | Mistake | Severity |", "| --- | --- | --- |", *rows, ""]
    return "\n".join(lines[:-1]) + "\n"


# ---- kinds -----------------------------------------------------------------------------------


def kinds() -> str:
    """What each kind of declaration may say."""
    lines = [
        "# Kinds",
        "",
        "What a declaration of each kind may say. Quantities are per package, per port or per link,",
    ]
    lines += ["bandwidths one direction, unless the field says otherwise.", ""]
    for kind in KINDS:
        lines += [*_kind(kind), ""]
    return "\n".join(lines[:-1]) + "\n"


def _kind(kind: Kind) -> Iterator[str]:
    yield f"## {kind.name}"
    yield ""
    article = kind.doc[0].upper() + kind.doc[1:]
    yield f"{article}."
    if kind.parts:
        yield f"May contain: {', '.join(f'`{name}`' for name in kind.parts)}."
    if kind.open:
        yield "Takes fields of any name."
    if kind.fields:
        yield from ("", "| Field | What it means | Takes | Example |", "| --- | --- | --- | --- |")
        yield from (
            f"| `{spec.path}`{' (required)' * spec.required} | {spec.doc} | {_takes(spec)} | `{spec.example}` |"
            for spec in kind.fields
        )


def _takes(spec: FieldSpec) -> str:
    if spec.choices:
        return ", ".join(f'`"{choice}"`' for choice in spec.choices)
    if spec.type != "quantity":
        return {"text": "a text", "date": "a date", "reference": "a name", "flag": "true or false"}.get(
            spec.type, "anything"
        )
    return "a whole number" if spec.whole else units.noun(spec.dimension)


# ---- writing ---------------------------------------------------------------------------------


def outdated() -> list[str]:
    """The generated files that differ from what would be generated, and pages of codes that are gone."""
    wanted = pages()
    found = [path for path, text in wanted.items() if not _is(ROOT / path, text)]
    stale = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs" / "errors").glob("*.md")} - wanted.keys()
    return sorted((*found, *stale))


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str]) -> int:
    """Write what is outdated, or with `--check` only say so."""
    changed, wanted = outdated(), pages()
    for name in changed:
        print(name)
        if "--check" not in arguments:
            path = ROOT / name
            if name in wanted:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(wanted[name], encoding="utf-8", newline="\n")
            else:
                path.unlink()
    return 1 if changed and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
