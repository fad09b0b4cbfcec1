"""The report as plain text: tables that stay aligned in a pipe, whatever the script of the names."""

from collections.abc import Iterable, Sequence
from textwrap import wrap
from unicodedata import category, east_asian_width

from compiler.emitters import emitter
from compiler.report.contents import headline, sections
from compiler.report.findings import DesignReport
from compiler.report.sections import Column, Section

PAGE = 118
"""Column at which notes wrap."""


@emitter("text", "report.txt")
def emit(report: DesignReport) -> str:
    """The report as text, ended by a newline."""
    return page(headline(report), sections(report))


def page(title: str, sections: Iterable[Section]) -> str:
    """Tables under a title, ended by a newline."""
    lines = [title]
    for section in sections:
        lines += ["", section.title, *table(section)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def table(section: Section) -> list[str]:
    """The lines of a section without its title."""
    lines = []
    if section.rows:
        shown = used(section)
        lines += [f"  {line}" for line in _grid([column for column, _ in shown], [cells for _, cells in shown])]
    for note in section.notes:
        lines += wrap(note, PAGE, initial_indent="  - ", subsequent_indent="    ")
    return lines


def used(section: Section) -> list[tuple[Column, tuple[str, ...]]]:
    """Columns of a section that are not empty, each with its cells."""
    cells = zip(*section.rows, strict=True)
    return [pair for pair in zip(section.columns, cells, strict=True) if any(pair[1])]


def _grid(columns: Sequence[Column], cells: Sequence[tuple[str, ...]]) -> list[str]:
    blocks = [
        [[column.head], *(wrap(cell, column.wrap) or [""] if column.wrap else [cell] for cell in under)]
        for column, under in zip(columns, cells, strict=True)
    ]
    widths = [max(width(line) for block in column for line in block) for column in blocks]
    lines = []
    for row in zip(*blocks, strict=True):
        for depth in range(max(len(cell) for cell in row)):
            words = [cell[depth] if depth < len(cell) else "" for cell in row]
            padded = (
                _pad(word, size, column.is_number) for word, size, column in zip(words, widths, columns, strict=True)
            )
            lines.append("  ".join(padded))
    return lines


def _pad(text: str, size: int, right: bool) -> str:
    blanks = " " * (size - width(text))
    return blanks + text if right else text + blanks


def width(text: str) -> int:
    """Width of a text in columns of a terminal: Chinese and Japanese letters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(0 if category(c) in ("Mn", "Me", "Cf") else 1 + (east_asian_width(c) in "WF") for c in text)
