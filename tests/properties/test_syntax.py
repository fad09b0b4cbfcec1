"""Properties of the parser: it never fails, the table reads what the grammar does, fixes mend, all is said in words."""

import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lark import Lark
from lark.common import ParserConf
from lark.parsers.lalr_analysis import LALR_Analyzer, Shift

from dsl import lexical, syntax
from dsl.grammar import disk
from dsl.grammar.making import STARTS
from dsl.impasse import LOST, WRONG
from dsl.language import KEYWORDS, SIGNS, TABLE
from dsl.parser import parse, parse_expression
from dsl.precedence import BINDING, CHAINED
from dsl.source import Source
from dsl.tokens import END, NEWLINE, PIECE, tokenize
from dsl.trial import Trial
from dsl.walk import dump, nodes

ROOT = Path(__file__).parents[2]
TEXTS = [
    path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("examples/*.cluster"), *ROOT.glob("tests/spec/syntax/*.cluster")])
]
CHUNKS = [chunk for text in TEXTS for chunk in text.split("\n\n") if chunk.strip()]
SPELLINGS = sorted({piece for text in TEXTS for piece in PIECE.findall(text)} | {"±", "`x`", "(", "]", "{", "\n", ";"})

OURS_ALONE = {"C0107", "C0108", "C0109", "C0110", "C0117"}
"""Codes of what the grammar lets pass and the builder does not: chains, a sign before a power, `not` as an operand, depth, escapes."""


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """A piece of a program with a few tokens lost, doubled, exchanged or put in."""
    text = draw(st.sampled_from(CHUNKS))
    for _ in range(draw(st.integers(0, 4))):
        tokens = tokenize(Source("t", text))
        if not tokens:
            break
        _, start, end = tokens[draw(st.integers(0, len(tokens) - 1))]
        new = draw(st.sampled_from(SPELLINGS))
        kept = draw(st.sampled_from((text[start:end], new)))
        text = text[:start] + draw(st.sampled_from(("", kept + " ", text[start:end] + " " + kept))) + text[end:]
    return text


@cache
def automaton() -> tuple[Any, dict[str, str]]:
    """The table as Lark makes it, with all its rules, and the kinds of tokens by the names of terminals."""
    grammar = Path(disk.SOURCES[0]).read_text(encoding="utf-8")
    lark = Lark(grammar, parser=None, lexer="basic", start=[*STARTS], maybe_placeholders=True)
    analysis = LALR_Analyzer(ParserConf(lark.rules, {}, [*STARTS]))
    analysis.compute_lalr()
    kinds = {terminal.pattern.value: terminal.name for terminal in lark.terminals}
    return analysis.parse_table, kinds


def is_program(text: str) -> bool:
    """True if Lark's own table reads the tokens of a text."""
    whole, names = automaton()
    stream, complaints = lexical.read(Source("t", text))
    states = [whole.start_states["start"]]
    brackets: list[str] = []
    kinds = stream.kinds[:-2]
    for kind, after in zip(kinds, [*kinds[1:], END], strict=True):
        if kind == NEWLINE and brackets and brackets[-1] != "{" and after not in {*TABLE.statement_words, "}"}:
            continue
        brackets += [kind] if kind in ("(", "[", "{") else []
        if kind in (")", "]", "}") and brackets:
            brackets.pop()
        name = {NEWLINE: "_NEWLINE", END: "$END"}.get(kind, names.get(kind, kind))
        while True:
            action, target = whole.states[states[-1]].get(name, (None, None))
            if action is None or action is Shift:
                break
            del states[len(states) - len(target.expansion) :]
            states.append(whole.states[states[-1]][target.origin.name][1])
            if states[-1] == whole.end_states["start"]:
                return kind == END and not complaints
        if action is None:
            return False
        states.append(target)
    return False


@settings(max_examples=400, deadline=None)
@given(mutants())
def test_a_changed_program_is_read_as_the_grammar_reads_it(text: str) -> None:
    begin = time.process_time()

    _, diagnostics = parse(Source("t", text))

    assert time.process_time() - begin < 1
    codes = {found.code.id for found in diagnostics}
    assume(not codes or not codes <= OURS_ALONE)
    assert is_program(text) == (not diagnostics)


@settings(max_examples=300, deadline=None)
@given(st.text() | st.text(alphabet="ab1 ={}()[]\n;,.\"'`#:^-+*/<>~%@\\\0\r\té≤"))
def test_any_text_has_a_tree(text: str) -> None:
    source = Source("t", text)

    module, diagnostics = parse(source)
    parse_expression(source)

    assert "".join(PIECE.findall(text)) == text
    assert all(0 <= node.span.start <= node.span.end <= len(text) for node in nodes(module))
    assert all(found.message for found in diagnostics)


@settings(max_examples=400, deadline=None)
@given(mutants())
def test_where_all_can_be_mended_safely_nothing_is_left_to_say(text: str) -> None:
    for _ in range(5):
        _, diagnostics = parse(Source("t", text))
        fixes = [fix for found in diagnostics for fix in found.fixes[:1] if fix.grade == "safe"]
        if len(fixes) < len(diagnostics):
            break
        last = len(text)
        for fix in sorted(fixes, key=lambda fix: fix.span.start, reverse=True):
            if fix.span.end <= last:
                text, last = text[: fix.span.start] + fix.replacement + text[fix.span.end :], fix.span.start
    else:
        assert diagnostics == ()


names = st.sampled_from(["a", "b", "c", "npus", "2", "3.5", "400 Gb/s"])
binary = st.sampled_from([operator for operator in BINDING if operator not in ("..",)])


@given(st.lists(st.tuples(binary, names), min_size=1, max_size=8), names)
def test_operators_bind_by_their_table(tail: list[tuple[str, str]], first: str) -> None:
    text = " ".join([first, *(f"{operator} {operand}" for operator, operand in tail)])
    node, diagnostics = parse_expression(Source("t", text))
    assume(CHAINED not in [found.code for found in diagnostics])

    assert diagnostics == ()
    for inner in nodes(node):
        if isinstance(inner, syntax.Binary):
            strength = BINDING[inner.operator]
            left, right = inner.left, inner.right
            assert not isinstance(left, syntax.Binary) or BINDING[left.operator] >= strength + (inner.operator == "^")
            assert not isinstance(right, syntax.Binary) or BINDING[right.operator] >= strength + (inner.operator != "^")


# ---- every state of the table ----------------------------------------------------------------

SAMPLES = {
    "NAME": "word",
    "NUMBER": "7",
    "MEASURE": "8 GB",
    "STRING": '"text"',
    "DATE": "2026-01-10",
    "CONVERT": "-> MW",
    "NEWLINE": "\n",
}
UNWRITTEN = {WRONG, LOST, END}


def ways() -> Iterator[tuple[int, list[str]]]:
    """Each state in which the table rests before a word, with kinds of tokens that lead there."""
    start = TABLE.starts["start"]
    waiting: list[tuple[list[str], Trial]] = [([], Trial([start], []))]
    tops: set[tuple[int, ...]] = set()
    states = {start}
    yield start, []
    for kinds, before in waiting:
        for kind in sorted(TABLE.rows[before.states[-1]].keys() - UNWRITTEN):
            run = Trial(before.states, before.brackets)
            if not run.word(kind) or tuple(run.states[-3:]) in tops:
                continue
            tops.add(tuple(run.states[-3:]))
            waiting.append(([*kinds, kind], run))
            if run.states[-1] not in states:
                states.add(run.states[-1])
                yield run.states[-1], [*kinds, kind]


WAYS = dict(ways())


def test_ways_lead_to_every_state_behind_a_word() -> None:
    behind = {target for row in TABLE.rows for kind, target in row.items() if target >= 0 and kind not in UNWRITTEN}

    assert {state for state in behind if TABLE.defaults[state] < 0} <= WAYS.keys()
    assert len(WAYS) > 200


@pytest.mark.parametrize("part", range(8))
def test_in_every_state_every_wrong_word_gets_a_sentence(part: int) -> None:
    for state, kinds in [*WAYS.items()][part::8]:
        begin = " ".join(SAMPLES.get(kind, kind) for kind in kinds)
        run = Trial([TABLE.starts["start"]], [])
        assert run.over(kinds, len(kinds)) and run.states[-1] == state
        for kind in sorted((SAMPLES.keys() | KEYWORDS | SIGNS) - {NEWLINE}):
            if not Trial(run.states, run.brackets).word(kind):
                check_sentence(f"{begin} {SAMPLES.get(kind, kind)} ")


def check_sentence(text: str) -> None:
    """There is a complaint about this text, in words a user knows."""
    _, diagnostics = parse(Source("t", text))
    assert diagnostics, text
    for found in diagnostics:
        said = " ".join((found.message, found.label, *found.help))
        assert not any(word in said for word in (*SAMPLES, *UNWRITTEN, "token", "unexpected", "invalid", "@")), said
        assert "expected after" not in said and "expected  " not in said and "  " not in found.message, said
        assert found.message[0] != found.message[0].upper() or not found.message[0].isalpha()


def test_trees_do_not_depend_on_blanks() -> None:
    for chunk in CHUNKS:
        assert dump(parse(Source("t", chunk))[0]) == dump(parse(Source("t", chunk.replace("\n", "  \n")))[0])
