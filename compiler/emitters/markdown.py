"""The report as Markdown: the same tables as the text, for pages and pull requests."""

import re
from collections.abc import Iterable, Sequence

from compiler.emitters import emitter
from compiler.emitters.text import used
from compiler.report.contents import headline, sections
from compiler.report.findings import DesignReport
from compiler.report.sections import Section

_ACTIVE = re.compile(r"([\\|*_<>\[\]#`])")


@emitter("md", "report.md")
def emit(report: DesignReport) -> str:
    """The report as a Markdown page, ended by a newline."""
    title, _, rest = headline(report).partition(": ")
    return page([f"# {_escaped(title)}", "", _escaped(rest)], sections(report))


def page(head: Sequence[str], sections: Iterable[Section]) -> str:
    """Tables below the lines of a heading, ended by a newline."""
    lines = [*head]
    for section in sections:
        lines += ["", f"## {section.title}", "", *table(section)]
    return "\n".join(lines) + "\n"


def table(section: Section) -> list[str]:
    """The lines of a section without its title."""
    lines = []
    if section.rows:
        shown = used(section)
        lines.append(_row([column.head for column, _ in shown]))
        lines.append(_row(["---:" if column.is_number else "---" for column, _ in shown]))
        lines += [
            _row([_escaped(cell) for cell in cells]) for cells in zip(*(under for _, under in shown), strict=True)
        ]
    if section.rows and section.notes:
        lines.append("")
    return lines + [f"- {_escaped(note)}" for note in section.notes]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Text on one line in which all characters stand for themselves."""
    return _ACTIVE.sub(r"\\\1", " ".join(text.split()))
