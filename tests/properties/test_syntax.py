"""What always holds of the parser: it never fails, it agrees with the grammar, and operators bind by their table."""

import time
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lark.parsers.lalr_analysis import Shift

from dsl import syntax
from dsl.expressions import BINDING, CHAINED
from dsl.grammar.oracle import lark, parsed
from dsl.parser import parse, parse_expression
from dsl.source import Source
from dsl.tokens import PIECE, tokenize
from dsl.walk import dump, nodes

ROOT = Path(__file__).parents[2]
TEXTS = [
    path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("examples/*.cluster"), *ROOT.glob("tests/spec/syntax/*.cluster")])
]
CHUNKS = [chunk for text in TEXTS for chunk in text.split("\n\n") if chunk.strip()]
TOUR = (ROOT / "tests/spec/syntax/tour.cluster").read_text(encoding="utf-8")
SPELLINGS = sorted({piece for text in TEXTS for piece in PIECE.findall(text)} | {"±", "`x`", "(", "]", "{", "\n", ";"})

OURS_ALONE = {"C0107", "C0108", "C0109", "C0110", "C0117"}
"""What the grammar lets pass and we do not: chains, a sign before a power, `not` as an operand, depth, escapes."""


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


@settings(max_examples=400, deadline=None)
@given(mutants())
def test_a_changed_program_is_read_as_the_grammar_reads_it(text: str) -> None:
    source = Source("t", text)
    begin = time.perf_counter()

    module, diagnostics = parse(source)

    assert time.perf_counter() - begin < 1
    codes = {found.code.id for found in diagnostics}
    assume(not codes or not codes <= OURS_ALONE)
    wanted = parsed(source)
    assert (wanted is not None) == (not diagnostics)
    if wanted is not None:
        assert dump(syntax.Module(module.span, module.statements, ()), spans=True) == dump(wanted, spans=True)


@settings(max_examples=300, deadline=None)
@given(st.text() | st.text(alphabet="ab1 ={}()[]\n;,.\"'`#:^-+*/<>~%@\\\0\r\té≤"))
def test_any_text_has_a_tree(text: str) -> None:
    source = Source("t", text)

    module, diagnostics = parse(source)
    parse_expression(source)

    assert "".join(PIECE.findall(text)) == text
    assert all(0 <= node.span.start <= node.span.end <= len(text) for node in nodes(module))
    assert all(found.message for found in diagnostics)


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


SAMPLES = {
    "NAME": "word",
    "NUMBER": "7",
    "MEASURE": "8 GB",
    "STRING": '"text"',
    "DATE": "2026-01-10",
    "CONVERT": "-> MW",
    "OPERATOR": "*",
    "SIGN": "+",
    "SPREAD": "+-",
    "_NEWLINE": "\n",
}


def test_in_every_state_every_wrong_word_gets_a_sentence() -> None:
    interactive = lark().parse_interactive("")
    spelled = {terminal.name: terminal.pattern.value for terminal in lark().terminals}
    seen: set[int] = set()
    asked = 0
    stream = list(lark().lex(TOUR))
    for place, token in enumerate([*stream, None]):
        state = interactive.parser_state.position
        if state not in seen:
            seen.add(state)
            start = token.start_pos if token is not None else len(TOUR)
            accepted = set(interactive.accepts()) | {"BLANKS", "COMMENT"}
            for name in sorted(set(spelled) - accepted - {"DIGITS", "UNIT", "WORD", "NO_KEYWORD"}):
                asked += 1
                text = f"{TOUR[:start]} {SAMPLES.get(name, spelled[name])} "
                check_sentence(text, start)
        if token is not None:
            interactive.feed_token(token)
            assert place < len(stream)
    resting = {
        target
        for actions in lark().parser.parser._parse_table.states.values()
        for terminal, (action, target) in actions.items()
        if action is Shift and terminal.isupper()
    }
    assert resting <= seen and asked > 3_000


def check_sentence(text: str, start: int) -> None:
    """There is a complaint about the end of this text, in words a user knows."""
    _, diagnostics = parse(Source("t", text))
    assert diagnostics, text[start - 40 :]
    for found in diagnostics:
        said = " ".join((found.message, found.label, *found.help))
        assert not any(word in said for word in (*SAMPLES, "RBRACE", "LPAR", "token", "unexpected", "invalid")), said
        assert found.message[0] != found.message[0].upper() or not found.message[0].isalpha()
