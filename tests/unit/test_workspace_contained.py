"""Checks of what a design contains: said once, with the first place and how many are equal."""

from compiler.workspace.compilation import compile_text

TEXT = """
chip Toy { tdp = 1 kW }
rack Row(n: Count = 4) { toys = n of Toy; assert count(toys) <= 8 }
supernode Pod { rows = 2 of Row(9); other = 1 of Row(10); fine = 3 of Row }
supercluster Hall { pods = 3 of Pod }
"""


def test_each_unlike_part_is_told_once_with_its_place() -> None:
    said = [(found.span.text, found.notes) for found in compile_text(TEXT).diagnostics]

    assert said == [
        ("count(toys) <= 8", ("in `Pod.rows[0]` and 1 more",)),
        ("count(toys) <= 8", ("in `Pod.other`",)),
    ]


def test_a_part_of_a_declaration_by_itself_is_told_at_its_own_place_alone() -> None:
    [said] = compile_text(TEXT.replace("<= 8", "<= 3").replace("(9)", "").replace("(10)", "")).diagnostics

    assert said.notes == ()


def test_what_only_a_larger_design_changes_is_told_there() -> None:
    [said] = compile_text(
        TEXT.replace("(9)", "").replace("(10)", "").replace("3 of Pod", "3 of Pod { rows = 2 of Row(9) }")
    ).diagnostics

    assert said.notes == ("in `Hall.pods[0].rows[0]` and 5 more",)
