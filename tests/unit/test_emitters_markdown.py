"""The report as Markdown."""

from compiler.emitters.markdown import emit, table
from compiler.report.assembled import report
from compiler.report.sections import Section, columns
from compiler.workspace.compilation import compile_text


def test_a_page_has_its_tables() -> None:
    design = compile_text("chip Toy { tdp = 700 W }\nnode Box_1 { toys = 8 of Toy }\n").design()
    assert design is not None

    page = emit(report(design))

    assert page.startswith("# Box\\_1\n\nnode, from text.cluster\n\n## Essentials\n\n| Figure | Value |")
    assert "\n| Accelerators | 8 |" in page


def test_numbers_stand_to_the_right_and_bars_are_kept() -> None:
    section = Section("x", "X", columns("Name | >Count"), (("a|b", "1"),), ("a *note*",))

    assert table(section) == ["| Name | Count |", "| --- | ---: |", "| a\\|b | 1 |", "", "- a \\*note\\*"]
