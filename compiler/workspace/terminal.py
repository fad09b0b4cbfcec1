"""Output to the terminal: encoding, colour, tables, and the line shown while something takes long."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

TYPE_CHECKING = False  # `typing` itself is not free
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from compiler.report.sections import Section


def say(text: str) -> None:
    """Write text to standard output; letters that its encoding lacks are replaced."""
    _encoded(sys.stdout, text)


def tell(text: str) -> None:
    """Write text that is not the result to standard error."""
    _encoded(sys.stderr, text)


def _encoded(stream: "TextIO", text: str) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding))


def give(data: bytes) -> None:
    """Write bytes to standard output as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def is_terminal(stream: "TextIO") -> bool:
    """True when a stream is a terminal that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def has_color(stream: "TextIO") -> bool:
    """True when colours may be written to a stream: a terminal, without `NO_COLOR` (https://no-color.org)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show a line on standard error while the block runs, when that is a terminal, and wipe it away afterwards."""
    shown = is_terminal(sys.stderr)
    if shown:
        _encoded(sys.stderr, f"{text} …")
        sys.stderr.flush()
    try:
        yield
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def show(title: str, sections: "Iterable[Section]") -> None:
    """Write tables to standard output: drawn on a terminal, aligned text in a pipe."""
    if is_terminal(sys.stdout):
        _drawn(title, sections)
        return
    from compiler.emitters.text import page

    say(page(title, sections))


def _drawn(title: str, sections: "Iterable[Section]") -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from compiler.emitters.text import used

    console = Console(highlight=False, legacy_windows=False)
    console.print(Text(title, style="bold"))
    for section in sections:
        grid = Table(title=section.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
        shown = used(section) if section.rows else []
        for column, _ in shown:
            grid.add_column(column.head, justify="right" if column.is_number else "left", max_width=column.wrap or None)
        for cells in zip(*(cells for _, cells in shown), strict=True):
            grid.add_row(*(Text(cell) for cell in cells))
        if shown:
            console.print(grid)
        for note in section.notes:
            console.print(Text(f"  - {note}"), soft_wrap=False)
