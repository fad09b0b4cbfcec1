"""What the pages say is true: every example compiles, every word is there."""

import re
from collections.abc import Iterator
from functools import reduce
from importlib import import_module
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


# ---- pages about the source ------------------------------------------------------------------

PAGES = ("ARCHITECTURE.md", "CONTRIBUTING.md")
MANUALS = [
    path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").rglob("*.md")) if path.parent.name != "errors"
]
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
FOLDERS = ("dsl", "compiler", "stdlib", "tests", "docs", "benchmarks", ".ci")
AREAS = {"dsl", *(path.parent.name for path in ROOT.glob("compiler/*/__init__.py"))}


def quoted(page: str) -> list[str]:
    """What stands in backquotes on a page, examples left out."""
    return re.findall(r"`([^`\n]+)`", FENCE.sub("", (ROOT / page).read_text(encoding="utf-8")))


def names_of_ours(page: str) -> Iterator[str]:
    """Modules, functions and classes that a page names, without `compiler.`: `semantics.state.State.once`."""
    for text in quoted(page):
        if re.fullmatch(r"\w+(\.\w+)+", text) and text.partition(".")[0] in AREAS:
            yield text


def found(name: str) -> object:
    """The module, class or function of a name. Raises `ImportError` or `AttributeError` where there is none."""
    words = name.split(".") if name.startswith("dsl.") else ["compiler", *name.split(".")]
    for length in range(len(words), 0, -1):
        try:
            module = import_module(".".join(words[:length]))
        except ModuleNotFoundError:
            continue
        return reduce(getattr, words[length:], module)
    raise ModuleNotFoundError(name)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_what_is_there(page: str) -> None:
    gone = []
    for name in names_of_ours(page):
        try:
            found(name)
        except (ImportError, AttributeError) as error:
            gone.append(f"{name}: {error}")

    assert gone == []


def test_a_name_that_is_gone_is_noticed() -> None:
    with pytest.raises(AttributeError):
        found("analysis.power.no_such_figure")
    assert len(list(names_of_ours("ARCHITECTURE.md"))) > 50


@pytest.mark.parametrize("page", [*PAGES, "README.md", *MANUALS])
def test_a_page_names_files_that_are_there(page: str) -> None:
    paths = [text.partition("::")[0] for text in quoted(page) if text.partition("/")[0] in FOLDERS and "/" in text]

    assert [path for path in paths if not re.search(r"[A-Z]{2}| ", path) and not (ROOT / path).exists()] == []


def test_the_page_of_rooms_has_those_that_the_test_holds() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([\w.]+)` \|", text, re.MULTILINE)
    held = re.search(
        r"^ROOMS = \((.*?)^\)", (ROOT / "tests/test_architecture.py").read_text(encoding="utf-8"), re.M | re.S
    )

    assert held is not None
    rooms = re.findall(r'"([\w.]+)"', held[1])
    assert told == [room.removeprefix("compiler.") for room in rooms if room != "clusterc"]
