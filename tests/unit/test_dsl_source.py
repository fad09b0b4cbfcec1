"""Bytes, texts and places."""

import pytest

from dsl.decoding import decode
from dsl.limits import FILE_BYTES
from dsl.source import Source, Span


def test_places_are_counted_from_one_in_code_points() -> None:
    source = Source("t", "ab\n名x\n")

    assert [source.line_column(at) for at in (0, 2, 3, 4, 6)] == [(1, 1), (1, 3), (2, 1), (2, 2), (3, 1)]
    assert (source.line(2), source.line(3), Span(source, 3, 5).text) == ("名x", "", "名x")


def test_a_mark_at_the_start_is_no_text() -> None:
    source, found = decode("t", b"\xef\xbb\xbfa = 1\r\n")

    assert (source.text, source.line(1), found) == ("a = 1\r\n", "a = 1", ())


def test_bytes_that_are_no_text_have_a_place() -> None:
    source, [found] = decode("t", 'a = "ü"\nb = "'.encode() + b'\xfc"\n')

    assert (found.code.id, source.line_column(found.span.start)) == ("C0121", (2, 6))
    assert found.message == "this file is not UTF-8: the byte FC stands here"


def test_nul_bytes_are_said_once() -> None:
    source, [found] = decode("t", b"a = 1\0\n\0\0")

    assert (found.code.id, found.message) == ("C0122", "a NUL byte stands here, the first of 3")
    assert "\0" not in source.text and len(source.text) == 9


@pytest.mark.parametrize(("data", "code"), [("a = 1".encode("utf-16"), "C0121"), (b"#" * (FILE_BYTES + 1), "C0902")])
def test_what_cannot_be_read_is_not_read(data: bytes, code: str) -> None:
    source, [found] = decode("t", data)

    assert (source.text, found.code.id) == ("", code)
