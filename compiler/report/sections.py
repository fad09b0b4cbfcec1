"""Tables for people under their titles, whatever they are about: the one form that every format for people prints."""

from attrs import frozen


@frozen
class Column:
    """A column: its head, whether it holds numbers (set to the right), and the width at which its words wrap."""

    head: str
    is_number: bool = False
    wrap: int = 0


@frozen
class Section:
    """A table under a title; `notes` are whole sentences below it. Without rows only the notes speak."""

    name: str
    title: str
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()


def columns(text: str) -> tuple[Column, ...]:
    """Columns from their heads: `>` before one sets it to the right, `:40` behind one wraps it there."""
    heads = (part.strip().partition(":") for part in text.split("|"))
    return tuple(Column(head.removeprefix(">"), head.startswith(">"), int(wrap or 0)) for head, _, wrap in heads)
