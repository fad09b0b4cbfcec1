"""Tokens: what editors and the formatter see."""

import pytest

from dsl.source import Source
from dsl.tokens import tokenize


def kinds(text: str) -> list[str]:
    return [kind for kind, _, _ in tokenize(Source("t", text))]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("400 Gb/s", ["measure"]),
        ("400 Gb/s / links", ["measure", "/", "name"]),
        ("400 Gb/s/links", ["measure"]),
        ("5%", ["measure"]),
        ("752 TFLOPS@bf16/W", ["measure"]),
        ("1_000 m^2", ["measure"]),
        ("0.5 kgCO2/kWh", ["measure"]),
        ("22e9", ["number"]),
        ("2.5e-3 s", ["measure"]),
        ("8 of B200", ["number", "of", "name"]),
        ("8 B200", ["number", "name"]),
        ("8x B200", ["measure", "name"]),
        ("1..8", ["number", "..", "number"]),
        ("2026-01-10", ["date"]),
        ("a -> MW", ["name", "->"]),
        ("a -b", ["name", "-", "name"]),
        ("5 +- 1", ["number", "+-", "number"]),
        ("5 ± 1", ["number", "+-", "number"]),
        ("order not_a `to`", ["name", "name", "name"]),
        ('"a # b" # c', ["string", "comment"]),
        ("a;\n\n b", ["name", ";", "newline", "name"]),
        ('"open', ["open string"]),
        ("größe", ["foreign"]),
        ("\0", ["bad"]),
    ],
)
def test_text_has_these_tokens(text: str, wanted: list[str]) -> None:
    assert kinds(text) == wanted


def test_tokens_know_their_place() -> None:
    text = "tdp = 700 W # hot\n"

    assert [text[start:end] for _, start, end in tokenize(Source("t", text))] == ["tdp", "=", "700 W", "# hot", "\n"]
