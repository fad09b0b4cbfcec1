"""Sections of docs/accuracy.md, each written by a script of its own: one is put in, the others stay."""

from pathlib import Path


def put(page: Path, heading: str, text: str) -> None:
    """Put a section into a page, in the place of that of the same heading, else at the end."""
    head, *sections = page.read_text(encoding="utf-8").split("\n## ")
    fresh = f"{heading}\n\n{text.strip()}\n"
    names = [section.partition("\n")[0] for section in sections]
    if heading in names:
        sections[names.index(heading)] = fresh
    else:
        sections.append(fresh)
    page.write_text("\n## ".join([head, *sections]), encoding="utf-8")
