"""Each kind of mistake has a number, an example that raises it, one that does not, and a page."""

from pathlib import Path

import pytest

from compiler.pages import AREAS, codes, complaints_of, outdated
from dsl.diagnostic import Code
from dsl.render import render


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


def test_a_title_names_what_was_found() -> None:
    for code in codes():
        assert code.title[0].islower() or code.title[0] == "`", code
        assert not code.title.endswith("."), code
        assert code.cause.endswith("."), code


def test_pages_are_up_to_date() -> None:
    assert outdated() == [], "run `python -m compiler.pages`"


def test_one_run_tells_every_mistake() -> None:
    path = Path(__file__).parent / "spec" / "designs" / "mistakes.cluster"

    said = complaints_of(path.name, path.read_text(encoding="utf-8"))

    assert len({found.span.start for found in said}) == len(said) >= 20
