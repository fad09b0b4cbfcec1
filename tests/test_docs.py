"""What the pages say is true: every example compiles, every word is there."""

import re
from pathlib import Path

import pytest

from compiler.quantities.provenance import GRADES
from compiler.quantities.units import CURRENCIES, PRECISIONS
from compiler.semantics.arguments import TYPES
from compiler.semantics.words import WORDS
from compiler.workspace.compilation import compile_text, words
from dsl.diagnostic import Diagnostic
from dsl.language import KEYWORDS
from dsl.render import render

ROOT = Path(__file__).parent.parent
SNIPPET = re.compile(r"^```cluster *(?:(error|warning)\[(C\d{4})\])?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def snippets() -> list[tuple[str, int, str, str, str]]:
    """Page, line, severity, code and text of every example outside the pages of codes, which have their own test."""
    found = []
    for path in [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]:
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        for match in SNIPPET.finditer(text):
            found.append(
                (path.name, text.count("\n", 0, match.start()) + 1, *(group or "" for group in match.groups()))
            )
    return found


def complaints(text: str) -> list[Diagnostic]:
    return compile_text(text).diagnostics


@pytest.mark.parametrize(
    ("page", "line", "severity", "code", "text"), snippets(), ids=[f"{s[0]}:{s[1]}" for s in snippets()]
)
def test_an_example_is_what_its_page_says(page: str, line: int, severity: str, code: str, text: str) -> None:
    said = complaints(text)

    assert [(found.severity, found.code.id) for found in said] == ([(severity, code)] if code else []), render(said)


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(KEYWORDS, id="words of the language"),
        pytest.param(words(), id="words to call"),
        pytest.param({word for found in WORDS.values() for word in found}, id="words that look into things"),
        pytest.param(PRECISIONS, id="precisions"),
        pytest.param(GRADES, id="grades"),
        pytest.param(TYPES, id="types"),
        pytest.param(CURRENCIES, id="currencies"),
    ],
)
def test_the_language_page_names_them_all(names: "set[str]") -> None:
    page = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([^`\n]+)`", page))
    told |= {word for text in told for word in text.split()}

    assert sorted(set(names) - told) == []
