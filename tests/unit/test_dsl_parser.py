"""Trees, recovery and limits of the parser."""

import gc
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dsl import braces, builder, decoding, expected, lexical, precedence, syntax
from dsl import mistaken_amounts as amounts
from dsl import mistaken_brackets as brackets
from dsl import mistaken_statements as statements
from dsl.diagnostic import Code
from dsl.limits import FILE_BYTES, NESTING
from dsl.parser import parse, parse_expression
from dsl.source import Source, Span
from dsl.walk import dump, nodes

ROOT = Path(__file__).parents[2]
CODES = {
    code.id: code
    for module in (braces, builder, decoding, expected, lexical, precedence, amounts, brackets, statements)
    for code in vars(module).values()
    if isinstance(code, Code)
}


def tree(text: str) -> syntax.Module:
    module, diagnostics = parse(Source("t.cluster", text))
    assert diagnostics == ()
    return module


def value(text: str) -> str:
    node, diagnostics = parse_expression(Source("t.cluster", text))
    assert diagnostics == ()
    return written(node)


def written(node: object) -> str:
    """An expression with every bracket."""
    match node:
        case syntax.Binary(_, operator, _, left, right):
            return f"({written(left)} {operator} {written(right)})"
        case syntax.Unary(_, operator, operand):
            return f"({operator} {written(operand)})"
        case syntax.Conversion(_, of, unit):
            return f"({written(of)} -> {unit.text})"
        case syntax.If(_, condition, then, otherwise):
            return f"(if {written(condition)} then {written(then)} else {written(otherwise)})"
        case syntax.Interval(_, low, high):
            return f"[{low.value:g}, {high.value:g}]"
        case _:
            return node.span.text  # type: ignore[attr-defined]


def codes(text: str) -> list[str]:
    return [found.code.id for found in parse(Source("t.cluster", text))[1]]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a + b * c - d", "((a + (b * c)) - d)"),
        ("a // b / c", "((a // b) / c)"),
        ("2 ^ 3 ^ 4", "(2 ^ (3 ^ 4))"),
        ("-a * b", "((- a) * b)"),
        ("2 ^ -1", "(2 ^ (- 1))"),
        ("not a == b and c or d", "(((not (a == b)) and c) or d)"),
        ("a + b .. c * 2 < d", "(((a + b) .. (c * 2)) < d)"),
        ("a / b -> %", "((a / b) -> %)"),
        ("if a then b else c + 1 -> MW", "((if a then b else (c + 1)) -> MW)"),
        ("- -5 to 10 degC", "(- [-5, 10])"),
        ("x - 5 to 10", "(x - [5, 10])"),
        ("400 Gb/s / links", "(400 Gb/s / links)"),
        ("(a\n + b)\n", "(a + b)"),
    ],
)
def test_operators_bind_as_in_mathematics(text: str, meaning: str) -> None:
    assert value(text) == meaning


def test_a_number_keeps_its_digits_and_its_unit() -> None:
    [field] = tree("floor = 1_000 m^2 from plan").statements

    assert isinstance(field, syntax.Field) and isinstance(field.value, syntax.Measure)
    assert (field.value.digits, field.value.value, field.value.unit.text) == ("1_000", 1000.0, "m^2")
    assert (field.value.unit.span.text, field.value.span.text, field.span.text) == (
        "m^2",
        "1_000 m^2",
        "floor = 1_000 m^2 from plan",
    )


def test_brackets_belong_to_what_is_around_them() -> None:
    node, _ = parse_expression(Source("t", "(a + b) * c"))

    assert isinstance(node, syntax.Binary)
    assert (node.span.text, node.left.span.text, node.at.text) == ("(a + b) * c", "a + b", "*")


def test_comments_are_kept() -> None:
    module = tree("a = 1 # one\n## two\r\n")

    assert [comment.span.text for comment in module.comments] == ["# one", "## two"]


def test_every_line_end_is_one() -> None:
    assert dump(tree("a = 1\r\nhbm {\r\n  b = 2\r\n}\r\n")) == dump(tree("a = 1; hbm {\n  b = 2\n}"))


def test_the_name_of_a_broken_value_is_declared() -> None:
    module, _ = parse(Source("t", "chip X {\n  tdp = \n  hbm = 3 +\n}\nlet a = (1\nfn f(x) = \nsweep n [1]\n"))

    assert [type(node).__name__ for node in module.statements] == ["Entity", "Let", "Function", "Sweep"]
    assert [node.path.span.text for node in nodes(module) if isinstance(node, syntax.Field)] == ["tdp", "hbm"]


def test_a_broken_header_does_not_hide_the_block() -> None:
    module, diagnostics = parse(Source("t", "rack R(n: ) like {\n  a = \n}\nb = 2\n"))

    assert [found.code.id for found in diagnostics] == ["C0101", "C0103"]
    assert [type(node).__name__ for node in module.statements] == ["Entity", "Field"]


def test_a_block_behind_something_unreadable_is_read_for_the_mistakes_inside() -> None:
    module, diagnostics = parse(Source("t", "let a = b 3 4 {\n  tdp = \n}\nlet e = 1\n"))

    assert [found.span.source.line_column(found.span.start)[0] for found in diagnostics] == [1, 2]
    assert [type(node).__name__ for node in module.statements] == ["Let", "Let"]


def test_what_follows_from_a_mistake_stays_silent() -> None:
    assert codes("let a = 1 +* 2 < 3 < 4") == ["C0103"]
    assert codes("fn f(to) = to + to") == ["C0102"]
    assert codes("let a = if x { 1 } else { 2 ] }") == ["C0101"]
    assert codes("source a {\n  title = 'A\n  url = @ 3 4\n}") == ["C0111", "C0111"]


def test_independent_mistakes_are_each_said_once() -> None:
    lines = [
        "tdp = ",
        " hbm = 128 GB from ",
        " dies 2 ",
        " vendor = 'x' ",
        " let a = (1 + 2 ",
        " let b = 1 < 2 < 3 ",
        " let c = -2^2",
        " npus = 8x A ",
        " to = 3 ",
        " role: 5 ",
        " assert a = b ",
        " claim x: a ~= 3 within ",
        " fn g(a) a ",
        " sweep in [1]",
        " let l = [1 2] ",
        " let m = sum(x for x y) ",
        " let n = if a then b ",
        " let o = a ≤ b ",
        " 12 W ",
        " let p = a b ",
        " )",
        " connect npus on node ",
        " import a as ",
        " let q = x.3 ",
        " assert a else b",
    ]
    text = "\n".join(f"let ok_{i} = {i}\n{line.strip()}" for i, line in enumerate(lines)) + "\nlet last = 1\n"

    module, diagnostics = parse(Source("t", text))

    places = [found.span.source.line_column(found.span.start)[0] for found in diagnostics]
    assert places == [2 * (i + 1) for i in range(len(lines))]
    assert sum(isinstance(node, syntax.Let) and node.name.text.startswith("ok_") for node in module.statements) == 25


@pytest.mark.parametrize(
    "text",
    [
        "let a = " + "(" * 10_000 + "1" + ")" * 10_000,
        "let a = " + "(" * 10_000,
        "let a = " + "[\n" * 10_000,
        "a {\n" * 10_000 + "}\n" * 10_000,
        "a {\n" * 10_000,
        "let a = " + "f(" * 10_000 + ")" * 10_000,
        "let a = " + "-" * 10_000 + "1",
        "let a = " + "not " * 10_000 + "b",
        "let a = 2" + "^2" * 10_000,
        "let a = 2" + " + 2" * 10_000,
        "let a = b" + ".c" * 10_000,
        "let a = " + "if b then c else " * 10_000 + "d",
        "a = b with { " * 10_000 + "}" * 10_000,
    ],
    ids=lambda text: text[:14].replace("\n", " "),
)
def test_deep_nesting_is_said_once_and_quickly(text: str) -> None:
    begin = time.process_time()

    module, diagnostics = parse(Source("t", f"let before = 1\n{text}\n"))

    assert "C0110" in [found.code.id for found in diagnostics] and len(diagnostics) <= 25
    assert isinstance(module.statements[0], syntax.Let)
    assert time.process_time() - begin < 2
    assert sum(1 for _ in nodes(module)) < 60_000


def test_what_is_allowed_to_be_deep_is_read() -> None:
    deep = NESTING - 2

    assert codes("let a = " + "(" * deep + "1" + ")" * deep) == []
    assert codes("let a = 1" + " + 1" * (NESTING - 1)) == []
    assert codes("let a = [" + "1 + 1, " * 5_000 + "]") == []
    assert codes("a {\n" * deep + "}\n" * deep) == []
    assert codes("a = b with { " * (deep // 2) + "}" * (deep // 2)) == []


@pytest.mark.parametrize(
    "text",
    [
        "#" * 40_000,
        '"' * 40_000,
        "9" * 40_000,
        "}" * 40_000,
        "`" * 40_000,
        "1 to " * 9_000,
        "a = (\n" * 9_000,
        "a { b = [ \n" * 9_000,
    ],
)
def test_hostile_text_ends_in_messages(text: str) -> None:
    begin = time.process_time()

    _, diagnostics = parse(Source("t", text))

    assert len(diagnostics) <= 1_100
    assert time.process_time() - begin < 5


def test_a_large_file_is_refused() -> None:
    module, [found] = parse(Source("t", "# a\n" * (FILE_BYTES // 4 + 1)))

    assert found.code.id == "C0902" and module.statements == ()


def test_settings_of_the_interpreter_are_put_back() -> None:
    parse(Source("t", "a = ("))

    assert gc.isenabled()


def test_one_expression_alone() -> None:
    node, diagnostics = parse_expression(Source("argument", "torus(dims = [7, 4])"))
    wrong, complaints = parse_expression(Source("argument", "torus(dims = [7, 4]) b"))

    assert isinstance(node, syntax.Call) and diagnostics == ()
    assert (
        isinstance(wrong, syntax.Wrong)
        and complaints[0].message == "expected an operator or the end of the expression after `)`"
    )
    assert parse_expression(Source("argument", ""))[1][0].code.id == "C0103"


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_each_code_is_raised_by_its_wrong_example_and_not_by_its_right_one(code: Code) -> None:
    assert code.id not in codes(code.right)
    assert not code.wrong or code.id in codes(code.wrong)


def test_spans_point_into_their_source() -> None:
    source = Source("t", 'chip X { tdp = 3 to 4 W from a, b "c" }')

    assert all(
        isinstance(node.span, Span) and 0 <= node.span.start <= node.span.end for node in nodes(parse(source)[0])
    )


def test_reading_loads_no_library() -> None:
    program = "import sys, dsl.parser, dsl.render; print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()

    assert not {"lark", "attrs", "attr", "numpy", "rich", "dataclasses", "inspect"} & set(loaded)
