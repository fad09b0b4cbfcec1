"""Each kind of mistake has a number, an example that raises it, one that does not, and a page."""

from pathlib import Path

import pytest

import clusterc
from compiler.documentation.generated import outdated
from compiler.workspace.codes import AREAS, codes, complaints_of
from dsl.diagnostic import Code
from dsl.render import render

RAISED_BY = {
    "C0121": "unit/test_dsl_source.py",
    "C0524": "test_errors.py",
    "C0806": "unit/test_study_store.py",
    "C0820": "unit/test_study_run.py",
    "C0821": "unit/test_study_store.py",
    "C0822": "unit/test_study_store.py",
    "C0823": "unit/test_study_store.py",
    "C0824": "test_study_dask.py",
    "C0825": "test_study_dask.py",
    "C0826": "unit/test_study_run.py",
    "C0902": "unit/test_dsl_source.py",
    "C0910": "test_errors.py",
}
"""Codes that no text can show, with the test that raises each."""


def by_id(code: Code) -> str:
    return code.id


@pytest.mark.parametrize("code", [code for code in codes() if code.wrong], ids=by_id)
def test_the_wrong_example_raises_its_code(code: Code) -> None:
    said = complaints_of(f"{code.id}-wrong.cluster", code.wrong)

    assert code.id in {found.code.id for found in said}, render(said)
    others = {found.code.id for found in said} - {code.id}
    assert not others, f"one mistake, one message: {render(said)}"


@pytest.mark.parametrize("code", [code for code in codes() if code.right], ids=by_id)
def test_the_right_example_has_nothing_wrong(code: Code) -> None:
    said = complaints_of(f"{code.id}-right.cluster", code.right)

    assert not [found for found in said if found.severity == "error" or found.code is code], render(said)


def test_a_code_is_one_mistake() -> None:
    numbers = [code.id for code in codes()]

    assert len(numbers) == len(set(numbers))
    assert all(number[:3] in AREAS for number in numbers)


def test_a_code_without_an_example_is_raised_by_another_test() -> None:
    assert {code.id for code in codes() if not code.wrong} == set(RAISED_BY)
    assert all((Path(__file__).parent / test).is_file() for test in RAISED_BY.values())


def test_a_file_without_a_study_has_none_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert study(tmp_path, "chip Toy { tdp = 1 W }\n") == 1
    assert "C0524" in capsys.readouterr().err


def test_a_study_that_nobody_waits_for_is_not_begun(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    axes = "".join(f"  sweep {name} in 1 .. 1_000_000\n" for name in "abc")

    assert study(tmp_path, f"study long {{\n{axes}  show {{ total = a + b + c }}\n}}\n") in (1, 2)
    assert "C0910" in capsys.readouterr().err


def study(folder: Path, text: str) -> int:
    """The status of `clusterc study` on a file."""
    path = folder / "study.cluster"
    path.write_text(text, encoding="utf-8")
    return clusterc.main(["study", str(path)])


def test_a_title_names_what_was_found() -> None:
    for code in codes():
        assert code.title[0].islower() or code.title[0] == "`", code
        assert not code.title.endswith("."), code
        assert code.cause.endswith("."), code


def test_pages_are_up_to_date() -> None:
    assert outdated() == [], "run `python -m compiler.documentation.generated`"


def test_one_run_tells_every_mistake() -> None:
    path = Path(__file__).parent / "spec" / "designs" / "mistakes.cluster"

    said = complaints_of(path.name, path.read_text(encoding="utf-8"))

    assert len({found.span.start for found in said}) == len(said) >= 20
