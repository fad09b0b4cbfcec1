"""The language by example: each file of this folder says in its lines what is wrong with them."""

import re
from pathlib import Path

import pytest

from dsl.diagnostic import Diagnostic
from dsl.parser import parse
from dsl.source import Source

SPEC = Path(__file__).parent
COMPLAINT = re.compile(r"#\s*(error|warning|hint)\[(C\d{4})\](?::\s*(.*?))?(?=\s*#\s*(?:error|warning|hint)\[|\s*$)")


def expected(text: str) -> list[tuple[int, str, str, str]]:
    """Line, severity, code and sentence of each complaint that the text announces; several may stand on a line.

    A line that begins with `#^` speaks about the line above it, where no comment can stand.
    """
    found = []
    target = 0
    for number, line in enumerate(text.splitlines(), 1):
        above = line.lstrip().startswith("#^")
        target = target if above else number
        found += [(target, *(group or "" for group in match.groups())) for match in COMPLAINT.finditer(line)]
    return found


def complaints(path: Path) -> list[Diagnostic]:
    """What the compiler says about a file; for the syntax alone the parser is asked."""
    if path.is_relative_to(SPEC / "syntax"):
        return list(parse(Source(path.name, path.read_text(encoding="utf-8")))[1])
    clusterc = pytest.importorskip("clusterc")
    if not hasattr(clusterc, "check"):
        pytest.skip("the compiler has no `check` yet")
    return [found for found in clusterc.check(path).diagnostics if Path(found.span.source.name).name == path.name]


def spec_files() -> list[Path]:
    """Every example, in the order of its path."""
    return sorted(SPEC.rglob("*.cluster"))


@pytest.mark.parametrize("path", spec_files(), ids=lambda path: path.relative_to(SPEC).with_suffix("").as_posix())
def test_a_file_is_told_what_its_comments_say(path: Path) -> None:
    announced = expected(path.read_text(encoding="utf-8"))

    said = [
        (found.span.source.line_column(found.span.start)[0], found.severity, found.code.id, found.message)
        for found in complaints(path)
    ]

    missing = [wanted for wanted in announced if not any(_matches(wanted, found) for found in said)]
    surplus = [found for found in said if not any(_matches(wanted, found) for wanted in announced)]
    assert (missing, surplus, len(said)) == ([], [], len(announced))


def _matches(wanted: tuple[int, str, str, str], found: tuple[int, str, str, str]) -> bool:
    return wanted[:3] == found[:3] and wanted[3] in ("", found[3])
