"""Complaints as people and machines see them."""

import json

import jsonschema
import pytest

from dsl.diagnostic import Code, Diagnostic, Fix, Label
from dsl.parser import parse
from dsl.record import replace
from dsl.render import render, summary, to_github, to_json, to_sarif
from dsl.source import Source, Span

CODE = Code("C0201", "unknown field", cause="Because.", wrong="", right="")


def complaint(source: Source, text: str, message: str = "this is wrong", **more: object) -> Diagnostic:
    at = source.text.index(text)
    return CODE.at(Span(source, at, at + len(text)), message, **more)  # type: ignore[arg-type]


def test_a_value_left_out() -> None:
    source = Source("cm384.cluster", "\n" * 21 + "  hbm {\n    capacity  =\n  }\n")

    _, found = parse(source)

    assert render(found) == (
        "error[C0103]: expected a value after `=`\n"
        "  --> cm384.cluster:23:15\n"
        "23 |     capacity  =\n"
        "   |               ^ nothing follows on this line\n"
        "   = help: give a value, e.g. `128 GB`; only inside ( ) or [ ] may it start on the next line\n"
        "1 error in 1 file\n"
    )


def test_a_lost_brace() -> None:
    lines = [""] * 18 + ["chip Ascend910C {"] + ["  x = 1"] * 13 + ["", "", "cpu Kunpeng920 {", "}", ""]

    _, found = parse(Source("cm384.cluster", "\n".join(lines)))

    assert render(found) == (
        "error[C0104]: `chip Ascend910C {` is never closed\n"
        "  --> cm384.cluster:19:17\n"
        "19 | chip Ascend910C {\n"
        "   |                 ^ opened here\n"
        ".. |\n"
        "35 | cpu Kunpeng920 {\n"
        "   | --- starts at column 1: the `}` is probably missing above this line\n"
        "   = help: close it on line 33; the rest was checked as if it were there  [fix: insert `}`, unsafe]\n"
        "1 error in 1 file\n"
    )


def test_parts_counted_as_on_a_spec_sheet() -> None:
    _, found = parse(Source("cm384.cluster", "\n" * 51 + "  npus = 8x Ascend910C\n"))

    assert render(found) == (
        "error[C0106]: parts are counted with `of`, not `x`\n"
        "  --> cm384.cluster:52:10\n"
        "52 |   npus = 8x Ascend910C\n"
        "   |          ^^ read as 8 of the unit `x`\n"
        "   = help: write `8 of Ascend910C`                               [fix: `8 of`, safe]\n"
        "1 error in 1 file; 1 can be fixed with --fix\n"
    )


def test_labels_notes_and_other_files() -> None:
    source = Source("a.cluster", "one\ntwo\nthree\nfour\n")
    other = Source("std/b.cluster", "\nper chip\n")
    found = complaint(
        source,
        "four",
        label="here",
        labels=(
            Label(Span(source, 0, 3), "and here"),
            Label(Span(source, 14, 16), "inside"),
            Label(Span(other, 1, 4), "there"),
        ),
        notes=("a fact",),
        fixes=(Fix("mend", Span(source, 0, 1), "x"),),
    )

    assert render([found]) == (
        "error[C0201]: this is wrong\n"
        "  --> a.cluster:4:1\n"
        " 1 | one\n"
        "   | --- and here\n"
        ".. |\n"
        " 4 | four\n"
        "   | ^^^^ here\n"
        "   | -- inside\n"
        "  ::: std/b.cluster:2:1\n"
        " 2 | per chip\n"
        "   | --- there\n"
        "   = note: a fact\n"
        "   = help: [fix: mend, safe]\n"
        "1 error in 1 file; 1 can be fixed with --fix\n"
    )


@pytest.mark.parametrize(
    ("line", "marked", "shown", "mark"),
    [
        ('名 = "華為" here', "here", '名 = "華為" here', "            ^^^^"),
        ("\tx = here", "here", "    x = here", "        ^^^^"),
        ("e\u0301 here", "here", "e\u0301 here", "  ^^^^"),
        ("x 華為", "華為", "x 華為", "  ^^^^"),
    ],
)
def test_marks_stand_below_what_they_mark(line: str, marked: str, shown: str, mark: str) -> None:
    source = Source("a", line)

    assert render([complaint(source, marked)]).splitlines()[2:4] == [f" 1 | {shown}", f"   | {mark}"]


def test_a_long_line_is_shown_around_its_place() -> None:
    source = Source("a", "x" * 500 + "HERE" + "y" * 500)

    _, _, text, mark, _ = render([complaint(source, "HERE")], width=100).splitlines()

    assert len(text) < 110 and text[mark.index("^") :].startswith("HERE")


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in render([complaint(Source("a", "x\x1b[2Jhere"), "here")])


def test_a_file_has_at_most_fifty_complaints() -> None:
    source = Source("a", "x\n" * 80)
    found = [CODE.at(Span(source, 2 * i, 2 * i + 1), "this is wrong") for i in range(80)]

    shown = render(found)

    assert shown.count("error[") == 50 and "and 30 more in a\n80 errors in 1 file\n" in shown


def test_colour_is_only_added() -> None:
    found = [complaint(Source("a", "one two"), "two")]

    plain, coloured = render(found), render(found, color=True)

    assert "\x1b[" in coloured and "\x1b[" not in plain
    assert render([]) == "" and summary([]) == "no complaint in 0 files"


def test_the_count_names_each_severity() -> None:
    a, b = Source("a", "x"), Source("b", "x")
    found = [complaint(a, "x"), complaint(b, "x"), replace(complaint(b, "x"), severity="warning")]

    assert summary(found) == "2 errors, 1 warning in 2 files"


def test_json_has_places_and_fixes() -> None:
    source = Source("a", "one\ntwo\n")

    [entry] = to_json([complaint(source, "two", fixes=(Fix("f", Span(source, 0, 3), "1", "show"),))])["diagnostics"]  # type: ignore[misc]

    assert (entry["code"], entry["line"], entry["column"], entry["end_line"], entry["end_column"]) == (
        "C0201",
        2,
        1,
        2,
        4,
    )
    assert entry["fixes"][0]["replacement"] == "1" and json.dumps(entry)


def test_other_machines_are_served() -> None:
    source = Source("a,b", "one\n")
    sarif = to_sarif([complaint(source, "one", notes=("100 %",))], "1.0")

    jsonschema.validate(
        sarif,
        {
            "required": ["version", "runs"],
            "properties": {"version": {"const": "2.1.0"}, "runs": {"items": {"required": ["tool", "results"]}}},
        },
    )
    assert (
        json.loads(json.dumps(sarif))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"][
            "endColumn"
        ]
        == 4
    )
    assert to_github([complaint(source, "one", message="50 %\nmore")]) == (
        "::error file=a%2Cb,line=1,col=1,endLine=1,endColumn=4,title=C0201::50 %25%0Amore\n"
    )
