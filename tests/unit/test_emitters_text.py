"""The report as text: aligned in a pipe, in every script, with nothing hidden."""

from attrs import evolve

from compiler.emitters.text import emit, table, width
from compiler.report.assembled import report
from compiler.report.contents import sections
from compiler.report.figure_tables import essentials
from compiler.report.findings import DesignReport
from compiler.report.sections import Section, columns
from compiler.workspace.compilation import compile_text

TOY = """
source page { title = "a page"; grade = "vendor"; date = 2026-01-01 }
chip Toy { peak.bf16 = 1 PFLOPS from page; tdp = 600 to 700 W from page }
link Wire { rate = 50 GB/s from page }
switch Hub { ports = 8; rate = 50 GB/s from page }
node Box {
  toys = 8 of Toy
  hub = 1 of Hub
  network inside { role = "scale-up"; connect toys to hub with 1 of Wire }
}
"""


def toy() -> DesignReport:
    design = compile_text(TOY).design()
    assert design is not None
    return report(design)


def test_the_first_line_says_what_it_is() -> None:
    assert emit(toy()).startswith("Box: node, from text.cluster\n\nEssentials\n")


def test_the_doubled_bisection_stands_beside_the_one_direction() -> None:
    lines = emit(toy()).splitlines()
    head = next(line for line in lines if "One direction" in line)
    row = next(line for line in lines if "of the whole design" in line)

    assert "Both directions" in head
    assert ("200 GB/s" in row, "400 GB/s" in row, "exact" in row) == (True, True, True)


def test_an_interval_has_a_column_of_its_own() -> None:
    row = next(row for row in essentials(toy()).rows if row[0].startswith("IT power"))

    assert row[1].startswith("at least") and " to " in row[2]


def test_what_is_not_counted_is_listed() -> None:
    found = {section.name: section for section in sections(toy())}

    assert any("tdp of Hub" in cell for row in found["missing"].rows for cell in row)
    assert any("PUE" in cell for row in found["absent"].rows for cell in row)


def test_chinese_names_keep_the_columns() -> None:
    section = Section("x", "X", columns("Name | >Count"), (("昇腾384超节点", "1"), ("plain", "22")))

    assert {width(line) for line in table(section)} == {2 + 13 + 2 + 5}


def test_long_words_wrap_in_their_column() -> None:
    section = Section("x", "X", columns("Name:10 | Verdict"), (("one two three four", "holds"),))

    assert [line.rstrip() for line in table(section)] == [
        "  Name        Verdict",
        "  one two     holds",
        "  three four",
    ]


def test_a_column_that_says_nothing_is_left_out() -> None:
    section = Section("x", "X", columns("Name | Because | Verdict"), (("a", "", "holds"),))

    assert table(section)[0].split() == ["Name", "Verdict"]


def test_a_figure_stands_in_the_table_that_its_metric_names() -> None:
    found = {path: figure.group for path, figure in toy().figures.items()}

    assert (found["cost.capital"], found["racks"], found["power.it.typical"]) == ("cost", "counts", "power")


def test_no_line_ends_in_blanks() -> None:
    assert all(line == line.rstrip() for line in emit(toy()).split("\n"))


def test_the_site_is_named() -> None:
    assert emit(evolve(toy(), site="Wuhu")).startswith("Box: node on Wuhu, from ")
