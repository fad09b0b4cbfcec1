"""The table of the grammar: fresh or made anew, whole or not at all, and enough to add a word to the language."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lark.exceptions import LarkError

from dsl.grammar import disk
from dsl.grammar.making import made
from dsl.language import KEYWORDS, STATEMENT_WORDS, TABLE

ROOT = Path(__file__).parents[2]
GRAMMAR = (ROOT / "dsl" / "grammar" / "cluster.lark").read_text(encoding="utf-8")


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sources of the table, which `disk` reads from there."""
    sources = [Path(shutil.copy(path, tmp_path)) for path in disk.SOURCES]
    monkeypatch.setattr(disk, "SOURCES", tuple(map(str, sources)))
    monkeypatch.setattr(disk, "FILE", str(tmp_path / "cluster.table"))
    return tmp_path


def package(folder: Path) -> Path:
    """A copy of the package without its table."""
    return Path(shutil.copytree(ROOT / "dsl", folder / "dsl", ignore=shutil.ignore_patterns("*.table*", "__pycache__")))


def command(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def ran(program: str, folder: Path, **environment: str) -> str:
    """Output of a program that imports the package of a folder."""
    found = subprocess.run(
        command(program),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


# ---- the file --------------------------------------------------------------------------------


def test_a_table_is_written_once_and_read_from_then_on(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = disk.table()

    monkeypatch.setattr(disk, "_made", lambda sources: pytest.fail("it was made twice"))
    assert disk.table() == first == TABLE
    assert sorted(path.name for path in copied.iterdir() if path.suffix == ".table") == ["cluster.table"]


def test_a_table_of_another_grammar_is_made_anew_whatever_the_clock_says(copied: Path) -> None:
    disk.table()
    grammar, file = copied / "cluster.lark", copied / "cluster.table"
    grammar.write_text(GRAMMAR.replace('"sweep"', '"sweeps"'), encoding="utf-8")
    os.utime(grammar, (1, 1))

    found = disk.table()

    assert "sweeps" in found.spellings and "sweep" not in found.spellings
    assert disk.table() == found and file.stat().st_size > 10_000


@pytest.mark.parametrize("left", [0, 1, 4, 5, 1_000, -1])
def test_a_table_cut_short_is_made_anew(copied: Path, left: int) -> None:
    whole = disk.table()
    file = copied / "cluster.table"
    data = file.read_bytes()

    file.write_bytes(data[:left])

    assert disk.table() == whole
    assert file.read_bytes() == data


@pytest.mark.parametrize("place", [0, 3, 4, 100, 20_000, -1])
def test_a_damaged_table_is_made_anew(copied: Path, place: int) -> None:
    whole = disk.table()
    data = bytearray((copied / "cluster.table").read_bytes())
    data[place] ^= 0x40

    (copied / "cluster.table").write_bytes(data)

    assert disk.table() == whole


def test_where_nothing_can_be_written_the_table_is_made_in_memory(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "FILE", str(copied / "nowhere" / "cluster.table"))

    assert disk.table() == TABLE
    with pytest.raises(OSError):
        disk.renew()


def test_a_wrong_grammar_is_told_by_lark(copied: Path) -> None:
    (copied / "cluster.lark").write_text(GRAMMAR.replace("sweep   :", "sweep   : sweep |"), encoding="utf-8")

    with pytest.raises(LarkError):
        disk.table()


def test_processes_that_start_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    package(tmp_path)
    program = command("from dsl.language import TABLE; print(len(TABLE.rows))")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}

    running = [subprocess.Popen(program, cwd=tmp_path, env=environment, stdout=subprocess.PIPE) for _ in range(4)]

    assert {process.communicate()[0].decode().strip() for process in running} == {str(len(TABLE.rows))}
    assert [path.name for path in (tmp_path / "dsl" / "grammar").glob("*.table*")] == ["cluster.table"]


def test_every_run_makes_the_same_bytes(tmp_path: Path) -> None:
    folder = package(tmp_path)
    seen = set()
    for seed in ("1", "2"):
        (folder / "grammar" / "cluster.table").unlink(missing_ok=True)
        ran("import dsl.language", tmp_path, PYTHONHASHSEED=seed)
        seen.add((folder / "grammar" / "cluster.table").read_bytes())

    assert len(seen) == 1


def test_a_fresh_table_needs_no_lark(tmp_path: Path) -> None:
    package(tmp_path)
    program = "import sys, dsl.parser; print('lark' in sys.modules)"

    assert [ran(program, tmp_path).strip() for _ in range(2)] == ["True", "False"]


# ---- what is in it ---------------------------------------------------------------------------


def test_words_are_read_off_the_grammar() -> None:
    assert {"let", "of", "within", "true", "or"} <= KEYWORDS
    assert set(KEYWORDS) == {word for word in GRAMMAR.split('"')[1::2] if word.isalpha()}
    assert sorted(STATEMENT_WORDS) == [
        "assert",
        "claim",
        "connect",
        "edition",
        "expect",
        "fn",
        "import",
        "let",
        "require",
        "sweep",
    ]


def test_a_conflict_is_refused() -> None:
    ambiguous = GRAMMAR.replace("operation  : operand (_operator _term)+", "operation  : operand _operator operand")
    ambiguous = ambiguous.replace("_term      : operand", "_term      : operand | operation")

    with pytest.raises(LarkError):
        made(ambiguous.replace("?operand: postfix", "?operand: operation | postfix"))


def test_every_node_of_the_grammar_has_its_method() -> None:
    from dsl.builder import Builder

    assert {rule.method for rule in TABLE.rules if rule.method} <= set(vars(Builder))


# ---- a word is added -------------------------------------------------------------------------

RULE = """
retire  : "retire" path "after" expression ["because" STRING]
"""
METHOD = """
    def retire(self, span: Span, path: Path, date: Expression, reason: Position | None) -> syntax.Retire:
        return syntax.Retire(span, path, date, None if reason is None else self.text(reason))
"""
NODE = '''
@node
class Retire:
    """`retire hbm.stacks after 2030-01-01 because "worn"`."""

    span: Span
    path: Path
    date: Expression
    reason: str | None


'''
PROGRAM = """
from dsl.language import KEYWORDS, STATEMENT_WORDS
from dsl.parser import parse
from dsl.source import Source
from dsl.walk import dump

print(sorted({"retire", "after", "because"} & KEYWORDS), "retire" in STATEMENT_WORDS)
for text in ('retire hbm.x after 2030-01-01 + 1 year because "worn"', "retire hbm.x 5 year", "let a = (1\\nretire a after 5 after", "retire = 3", "let a = 8 after b"):
    module, diagnostics = parse(Source("t", text))
    print(dump(module), [found.message for found in diagnostics], [help for found in diagnostics for help in found.help])
"""


def test_a_rule_its_method_and_its_node_are_a_new_word(tmp_path: Path) -> None:
    folder = package(tmp_path)
    grammar, builder, nodes = folder / "grammar" / "cluster.lark", folder / "builder.py", folder / "syntax.py"
    text = grammar.read_text(encoding="utf-8")
    grammar.write_text(text.replace("| sweep |", "| sweep | retire |") + RULE, encoding="utf-8")
    builder.write_text(builder.read_text(encoding="utf-8") + METHOD, encoding="utf-8")
    text = nodes.read_text(encoding="utf-8")
    nodes.write_text(text.replace("\nStatement = ", NODE + "\nStatement = Retire | "), encoding="utf-8")

    said = ran(PROGRAM, tmp_path)

    assert said.startswith("['after', 'because', 'retire'] True\n")
    assert "Retire reason='worn'" in said and "date Binary operator='+'" in said
    assert "['expected `after` after `x`'] ['write `retire name after ..`']" in said
    assert "['`(` is never closed'," in said and "'expected the end of the line after `5`'" in said
    assert "['`retire` is a word of the language, so it cannot be a name by itself']" in said
    assert "['expected the end of the line after `8`'] []" in said


def test_an_operator_is_added_where_the_grammar_lists_those_that_bind_like_it(tmp_path: Path) -> None:
    grammar = package(tmp_path) / "grammar" / "cluster.lark"
    text = grammar.read_text(encoding="utf-8")
    grammar.write_text(text.replace('"*" | "/" | "//"', '"*" | "/" | "//" | "mod"'), encoding="utf-8")
    program = "from dsl.parser import parse_expression; from dsl.source import Source; from dsl.walk import dump\n"
    program += "print(dump(parse_expression(Source('t', '1 + 7 mod 2 ^ 3'))[0]))"

    assert [line.strip().split(" at ")[0] for line in ran(program, tmp_path).splitlines() if "Binary" in line] == [
        "Binary operator='+'",
        "right Binary operator='mod'",
        "right Binary operator='^'",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"for" NAME "in" expression ["if" expression]', 'loop+ ["if" expression]\nloop: "for" NAME "in" expression'),
        ('"on" NAME ("," NAME)*', '"on" path ("," path)*'),
        ('"with" value [cites]', '"with" value ["between" expression] [cites]'),
        ("cite    : NAME [STRING]", "cite    : NAME [STRING] [DATE]"),
        ('"else" STRING]', '"else" (STRING | NAME)]'),
    ],
)
def test_the_grammar_has_room(old: str, new: str) -> None:
    assert old in GRAMMAR and made(GRAMMAR.replace(old, new)).rows
