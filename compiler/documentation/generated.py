"""Generation of pages and schemas from definitions in code: `python -m compiler.documentation.generated [--check]`."""

import sys
from collections.abc import Iterator
from pathlib import Path

from compiler.emitters.ir_schema import schema
from compiler.emitters.json import written
from compiler.ir.kinds import KINDS, FieldSpec, Kind
from compiler.networks.topologies.catalogue import families
from compiler.quantities import units
from compiler.workspace.codes import AREAS, ROOT, codes, page


def pages() -> dict[str, str]:
    """Texts of all generated files, by path from the root of the repository."""
    found = {f"docs/errors/{code.id}.md": page(code) for code in codes()}
    found["docs/errors/README.md"] = index()
    found["docs/kinds.md"] = kinds()
    found["docs/topologies.md"] = topologies()
    found["compiler/emitters/schemas/ir.json"] = written(schema())
    return found


# ---- mistakes --------------------------------------------------------------------------------


def index() -> str:
    """Page that lists all codes by area."""
    lines = ["# What the compiler says", ""]
    lines += ["`clusterc explain CODE` prints the same pages. A code is never used again for another mistake.", ""]
    for area, title in AREAS.items():
        rows = [
            f"| [{code.id}]({code.id}.md) | {code.title} | {code.severity} |" for code in codes() if code.id[:3] == area
        ]
        lines += [f"## {title}", "", "| Code | Mistake | Severity |", "| --- | --- | --- |", *rows, ""]
    return "\n".join(lines[:-1]) + "\n"


# ---- topologies ------------------------------------------------------------------------------


def topologies() -> str:
    """Page of the families of topologies with their parameters; descriptions are the docstrings of their functions."""
    lines = [
        "# Topologies",
        "",
        "What may stand after `by` in a `connect`, and what `clusterc topology` describes. In a `.cluster` file sizes that",
        "are not written follow from the endpoints and from the ports of the switch, and bandwidths from the links; by",
        "itself a topology has links of bandwidth 1 in each direction unless a `bw` says otherwise.",
    ]
    for family in families().values():
        lines += ["", f"## {family.name}", "", family.title, "", "| parameter | default |", "| --- | --- |"]
        for name, parameter in family.parameters.items():
            needed = parameter.default is parameter.empty
            lines.append(f"| `{name}` | {'needed, unless it follows' if needed else f'`{parameter.default}`'} |")
    return "\n".join(lines) + "\n"


# ---- kinds -----------------------------------------------------------------------------------


def kinds() -> str:
    """Page of the kinds of declarations with their fields."""
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
    """Paths of generated files that are not up to date, and of pages of codes that no longer exist."""
    wanted = pages()
    found = [path for path, text in wanted.items() if not _is(ROOT / path, text)]
    stale = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs" / "errors").glob("*.md")} - wanted.keys()
    return sorted((*found, *stale))


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str]) -> int:
    """Write the outdated files and print their names; with `--check` only print them, and return 1 if there are any."""
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
