"""Text to tree: every statement that can be read is in it, and every mistake is said once."""

import gc
from typing import Any

from dsl import braces, lexical, syntax
from dsl.diagnostic import Diagnostic
from dsl.driver import Driver
from dsl.source import Source, Span
from dsl.syntax import Expression, Module
from dsl.tokens import NEWLINE, Stream


def parse(source: Source) -> tuple[Module, tuple[Diagnostic, ...]]:
    """The tree of a text and what is wrong with it; any text has one."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        stream, found = lexical.read(source)
        comments = tuple(syntax.Comment(Span(source, start, end)) for start, end in stream.comments)
        found += braces.mend(source, stream)
        statements, complaints = _read(source, stream, "start")
        return Module(Span(source, 0, len(source.text)), statements, comments), _sorted(found + complaints)
    finally:
        if collecting:
            gc.enable()


def parse_expression(source: Source) -> tuple[Expression, tuple[Diagnostic, ...]]:
    """One expression alone, such as `torus(dims = [7, 4])`; newlines around it and inside it mean nothing.

    It is `Wrong` when there is a complaint.
    """
    stream, found = lexical.read(source)
    stream.drop(NEWLINE)
    value, complaints = _read(source, stream, "alone")
    said = _sorted(found + complaints)
    return (syntax.Wrong(value.span) if said else value), said


def _read(source: Source, stream: Stream, start: str) -> tuple[Any, list[Diagnostic]]:
    driver = Driver(source, stream, start)
    if driver.advance():
        return driver.values[0], driver.builder.diagnostics
    from dsl.repair import Recovery  # loaded for a text with a mistake only: start-up counts

    complaints = Recovery(driver).finish()
    return driver.values[0], complaints


def _sorted(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In the order of the text, each once: what was read again is complained about again."""
    return tuple(dict.fromkeys(sorted(found, key=lambda diagnostic: diagnostic.span.start)))
