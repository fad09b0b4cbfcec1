"""What a check says that its inputs leave open, and that one cause is one message."""

import pytest

from compiler.emitters import markdown, text
from compiler.report.assembled import report
from compiler.workspace.compilation import compile_text
from dsl.diagnostic import Diagnostic

TEXT = """edition 2026
source est { title = "our estimate"; date = 2026-01-10; grade = "estimate" }
chip Toy { tdp = 500 to 700 W from est }
switch Hub { ports = 64; rate = 100 GB/s; tdp = 900 to 1100 W from est }
site Here { pue = 1.2 to 1.25; power_cap = 90 kW }
node Box { npus = 8 of Toy; hub = 1 of Hub }
rack Row { boxes = 4 of Box }
"""


def said(*checks: str, text: str = TEXT, design: str = "at = Here; rows = 2 of Row") -> tuple[Diagnostic, ...]:
    lines = "\n".join(f"  {check}" for check in checks)
    return compile_text(f"{text}supercluster All {{ {design}\n{lines}\n}}\n", "box.cluster").diagnostics


def notes(check: str) -> tuple[str, ...]:
    (found,) = said(check)
    assert found.code.id == "C0502"
    return tuple(found.notes)


def test_an_undecided_check_names_what_drives_it_with_place_and_source() -> None:
    (found,) = said("assert figures.power.facility <= 62 kW")
    driven, limit = found.notes
    assert found.message.endswith("holds in 83 % of the cases the inputs allow")
    assert driven.startswith(
        "driven by `tdp` of Toy (96 % of the spread; 500 to 700 W from our estimate, box.cluster:3), "
    )
    assert "`pue` of Here (2 %; 1.2 to 1.25, box.cluster:5)" in driven
    # (8 * 637 + 1100) W * 8 boxes * 1.25 is 61.96 kW; 638 W would be 62.04 kW
    assert limit == "always holds if that `tdp` is at most 637 W"
    assert found.help[0] == "narrow `tdp`, or write `expect` to accept the risk"


@pytest.mark.parametrize(
    ("check", "limit"),
    [
        ("expect figures.power.facility >= 60 kW", "at least 669 W"),
        ("expect Toy.tdp < 600 W", "less than 600 W"),
        ("expect Toy.tdp <= 600 W", "at most 600 W"),
        ("expect 600 W < Toy.tdp", "more than 600 W"),
    ],
)
def test_from_where_it_always_holds_is_said_on_either_side(check: str, limit: str) -> None:
    assert notes(check)[1] == f"always holds if that `tdp` is {limit}"


@pytest.mark.parametrize("value", [636.99, 637.0])
def test_the_limit_is_one(value: float) -> None:
    narrowed = TEXT.replace("500 to 700 W", f"500 to {value} W")
    assert not said("assert figures.power.facility <= 62 kW", text=narrowed)
    assert said("assert figures.power.facility <= 62 kW", text=TEXT.replace("500 to 700 W", "500 to 638 W"))


def test_where_no_value_of_one_input_decides_nothing_is_said_of_it() -> None:
    both = "chip A { tdp = 1 to 3 W }\nchip B { tdp = 1 to 3 W }\nnode N { a = 1 of A; b = 1 of B }\n"
    (found,) = compile_text(both + "assert A.tdp >= B.tdp + 0.5 W\n", "two.cluster").diagnostics
    assert len(found.notes) == 1 and "always holds" not in found.notes[0]


def test_an_only_input_needs_no_share() -> None:
    (found,) = compile_text("let x = 1 to 3\nassert x > 2\n", "one.cluster").diagnostics
    assert found.notes == ("driven by `x` (1 to 3, one.cluster:1)", "always holds if that `x` is more than 2")


def test_reports_say_how_often_a_check_holds_and_a_claim_agrees() -> None:
    checks = "assert figures.power.facility <= 62 kW\nassert figures.accelerators == 64\n"
    claim = "claim draw: sum(rows.boxes.npus.tdp) ~= 40 kW within 5% from est\n"
    design = compile_text(f"{TEXT}supercluster All {{ at = Here; rows = 2 of Row\n{checks}{claim}}}\n").design("All")
    assert design is not None
    found = report(design)
    undecided, sure = found.checks
    assert undecided.verdict == "undecided" and undecided.probability == pytest.approx(0.83, abs=0.01)
    assert (sure.verdict, sure.probability) == ("holds", 1.0)
    written = {page.emit(found) for page in (text, markdown)}
    assert all("Holds in" in page and "83 %" in page for page in written)
    # 64 chips of 500 to 700 W draw 32 to 44.8 kW, of which 38 to 42 agree
    assert found.claims[0].overlap == pytest.approx(4 / 12.8)
    assert all("Agrees in" in page and "31 %" in page for page in written)


def test_what_nobody_has_stated_has_no_probability() -> None:
    unstated = "chip Bare { dies = 1 }\nnode N { npus = 2 of Bare\nassert figures.power.it <= 1 kW\n}\n"
    design = compile_text(unstated).design("N")
    assert design is not None
    (check,) = report(design).checks
    assert (check.verdict, check.probability) == ("undecided", None)


def test_an_undecided_check_stands_beside_an_error_elsewhere() -> None:
    lost = "chip Lost like Nowhere { }\nchip Bad { tdp = nonsense(1 W) }\n"
    found = said("assert figures.power.facility <= 62 kW", text=lost + TEXT)
    assert sorted(one.code.id for one in found) == ["C0202", "C0202", "C0502"]


def test_a_field_nobody_stated_is_still_asked_for_beside_an_error_elsewhere() -> None:
    both = "chip Bare { dies = 1 }\nchip Bad { tdp = nonsense(1 W) }\nnode N { npus = 2 of Bare\n"
    found = compile_text(both + "assert figures.power.it <= 1 kW\n}\n").diagnostics
    assert [one.code.id for one in found] == ["C0202", "C0502"]
