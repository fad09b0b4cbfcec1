"""Parser: text to syntax tree and diagnostics."""

import gc
from typing import Any

from dsl import braces, lexical, syntax
from dsl.diagnostic import Diagnostic
from dsl.driver import Driver
from dsl.source import Source, Span
from dsl.syntax import Expression, Module
from dsl.tokens import NEWLINE, Stream


def parse(source: Source) -> tuple[Module, tuple[Diagnostic, ...]]:
    """Tree of a text, and its diagnostics in the order of the text. Any text has a tree."""
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
    """Tree of one expression, such as `torus(dims = [7, 4])`, and its diagnostics; newlines mean nothing.

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
    """Diagnostics in the order of the text, without duplicates, which come from tokens that were read twice."""
    return tuple(dict.fromkeys(sorted(found, key=lambda diagnostic: diagnostic.span.start)))
