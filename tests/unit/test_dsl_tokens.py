"""Tokens: what editors and the formatter see."""

import pytest

from dsl.source import Source
from dsl.tokens import tokenize


def kinds(text: str) -> list[str]:
    return [kind for kind, _, _ in tokenize(Source("t", text))]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("400 Gb/s", ["MEASURE"]),
        ("400 Gb/s / links", ["MEASURE", "/", "NAME"]),
        ("400 Gb/s/links", ["MEASURE"]),
        ("5%", ["MEASURE"]),
        ("752 TFLOPS@bf16/W", ["MEASURE"]),
        ("1_000 m^2", ["MEASURE"]),
        ("0.5 kgCO2/kWh", ["MEASURE"]),
        ("22e9", ["NUMBER"]),
        ("2.5e-3 s", ["MEASURE"]),
        ("8 of B200", ["NUMBER", "of", "NAME"]),
        ("8 B200", ["NUMBER", "NAME"]),
        ("8x B200", ["MEASURE", "NAME"]),
        ("1..8", ["NUMBER", "..", "NUMBER"]),
        ("2026-01-10", ["DATE"]),
        ("a -> MW", ["NAME", "CONVERT"]),
        ("a -b", ["NAME", "-", "NAME"]),
        ("5 +- 1", ["NUMBER", "+-", "NUMBER"]),
        ("5 ± 1", ["NUMBER", "+-", "NUMBER"]),
        ("order not_a `to`", ["NAME", "NAME", "NAME"]),
        ('"a # b" # c', ["STRING", "COMMENT"]),
        ("a;\n\n b", ["NAME", ";", "NEWLINE", "NAME"]),
        ('"open', ["OPEN_STRING"]),
        ("größe", ["FOREIGN"]),
        ("\0", ["BAD"]),
    ],
)
def test_text_has_these_tokens(text: str, wanted: list[str]) -> None:
    assert kinds(text) == wanted


def test_tokens_know_their_place() -> None:
    text = "tdp = 700 W # hot\n"

    assert [text[start:end] for _, start, end in tokenize(Source("t", text))] == ["tdp", "=", "700 W", "# hot", "\n"]
