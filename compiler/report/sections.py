"""Titled tables as plain data, which every format for people prints."""

from attrs import frozen


@frozen
class Column:
    """Column of a table: head, whether it holds numbers (set to the right), width at which it wraps (0: none)."""

    head: str
    is_number: bool = False
    wrap: int = 0


@frozen
class Section:
    """Table under a title; `notes` are sentences below it. Without rows only the notes are printed."""

    name: str
    title: str
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()


def columns(text: str) -> tuple[Column, ...]:
    """Columns from their heads in one text: `>` before a head sets it to the right, `:40` behind it wraps there."""
    heads = (part.strip().partition(":") for part in text.split("|"))
    return tuple(Column(head.removeprefix(">"), head.startswith(">"), int(wrap or 0)) for head, _, wrap in heads)
