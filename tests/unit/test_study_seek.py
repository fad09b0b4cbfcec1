"""A seek finds the least or greatest value that will do, exactly; or says what stands in the way."""

import pytest

from compiler.study.plan import Plan
from compiler.study.preparation import plan
from compiler.study.seek import Answer, as_rows, found, headline, sections
from compiler.workspace.compilation import compile_text

PARTS = "chip B { tdp = 700 W; peak.fp8 = 2 PFLOPS }\nnode Box { chips = 8 of B }\n"


def planned(study: str) -> Plan:
    compilation = compile_text(f"{PARTS}study s {{\n{study}\n}}\n")
    assert [d.message for d in compilation.diagnostics if d.severity == "error"] == []
    made = plan(compilation, "s")
    assert made is not None, compilation.diagnostics
    return made


def sought(study: str) -> tuple[Answer, ...]:
    return found(planned(study))


def test_the_least_value_that_will_do() -> None:
    (answer,) = sought("sweep n in 1 .. 1000\nseek { parameter = n; such_that = n * B.peak.fp8 >= 1 EFLOPS@fp8 }")
    assert (answer.value, answer.method) == (500, "all 1,000 values")
    assert answer.fails_again is None


def test_the_greatest_value_that_will_do() -> None:
    (answer,) = sought(
        'sweep n in 1 .. 1000\nseek { parameter = n; such_that = n * B.tdp <= 100 kW; take = "greatest" }'
    )
    assert answer.value == 142


def test_a_long_axis_is_halved_and_stays_exact() -> None:
    (answer,) = sought(
        "sweep n in 1 .. 1_000_000_000\nseek { parameter = n; such_that = n * B.peak.fp8 >= 1 ZFLOPS@fp8 }"
    )
    assert answer.value == 500_000 and "halved" in answer.method


@pytest.mark.parametrize("goal", [1, 2, 77, 12_345_678, 99_999_999, 100_000_000])
def test_halving_finds_any_place(goal: int) -> None:
    (least,) = sought(f"sweep n in 1 .. 100_000_000\nseek {{ parameter = n; such_that = n >= {goal} }}")
    (most,) = sought(
        f'sweep n in 1 .. 100_000_000\nseek {{ parameter = n; such_that = n <= {goal}; take = "greatest" }}'
    )
    assert (least.value, most.value) == (goal, goal)


def test_a_real_number_is_refined_between_two_values() -> None:
    (answer,) = sought("sweep x in linear(1, 2, 11)\nseek { parameter = x; such_that = x * x >= 2 }")
    assert answer.value == pytest.approx(2**0.5, rel=1e-9)
    assert answer.columns["x"] == answer.value


def test_conditions_are_sought_together() -> None:
    (answer,) = sought("sweep n in 1 .. 100\nrequire n > 20\nseek { parameter = n; such_that = n >= 7 }")
    assert answer.value == 21


def test_each_case_of_the_other_axes_has_an_answer() -> None:
    answers = sought(
        "sweep k in [1, 2, 4]\nsweep n in 1 .. 100\nsweep m in [1, 10]\nseek { parameter = n; such_that = n * k * m >= 40 }"
    )
    assert [answer.value for answer in answers] == [40, 4, 20, 2, 10, 1]
    assert [(answer.case["k"], answer.case["m"]) for answer in answers][:3] == [(1, 1), (1, 10), (2, 1)]


def test_a_size_that_gives_shape_is_sought() -> None:
    (answer,) = sought(
        "sweep n in 1 .. 64\nlet d = Box with { chips = n of B }\nseek { parameter = n; such_that = sum(d.chips.tdp) >= 10 kW }"
    )
    assert answer.value == 15


def test_what_nothing_reaches_names_the_condition_and_how_near_it_comes() -> None:
    (answer,) = sought("sweep n in 1 .. 9\nseek { parameter = n; such_that = n * B.tdp >= 1 MW }")
    assert answer.index is None
    assert answer.reason == "`n * B.tdp >= 1 MW` holds for no value of `n`; nearest at n = 9: 6,300 W against 1 MW"


def test_conditions_that_never_meet_say_where_each_holds() -> None:
    (answer,) = sought("sweep n in 1 .. 9\nrequire n <= 3\nseek { parameter = n; such_that = n >= 6 }")
    assert answer.reason == "the conditions never hold together: `n >= 6` holds from 6 to 9; `n <= 3` holds from 1 to 3"


def test_a_condition_that_fails_again_is_told() -> None:
    made = planned("sweep n in 1 .. 9\nseek { parameter = n; such_that = (n - 5) * (n - 5) >= 4 }")
    (answer,) = answers = found(made)
    assert (answer.value, answer.fails_again) == (1, 4)
    (section,) = sections(made, answers)
    assert section.notes[0] == "not monotone: it fails again at n = 4"


def test_probes_of_a_long_axis_say_what_they_did_not_look_at() -> None:
    made = planned(
        "sweep n in 1 .. 1_000_001\nseek { parameter = n; such_that = (n - 500_000) * (n - 500_000) >= 40_000_000_000 }"
    )
    (answer,) = answers = found(made)
    assert answer.value == 1 and answer.fails_again is not None
    assert "values between the probes were not looked at" in sections(made, answers)[0].notes[0]


@pytest.mark.parametrize(("cap", "value"), [("1 MW", None), ("10 MW", 5000), ("3.5 MW", 5000), ("3.4993 MW", None)])
def test_conditions_that_meet_between_two_probes_are_met(cap: str, value: int | None) -> None:
    (answer,) = sought(
        f"sweep n in 1 .. 100_000_000\nrequire n * B.tdp <= {cap}\n"
        "seek { parameter = n; such_that = n * B.peak.fp8 >= 10 EFLOPS@fp8 }"
    )
    assert (answer.value if answer.index is not None else None) == value


def test_an_answer_is_a_row() -> None:
    made = planned(
        "sweep k in [1, 2]\nsweep n in 1 .. 9\nlet x = n * k\nshow { x = x }\nseek { parameter = n; such_that = x >= 12 }"
    )
    answers = found(made)
    assert headline(made, answers).endswith("reached in 1 of 2 cases")
    lines = as_rows(made, answers, "csv").decode().splitlines()
    assert lines[0].startswith("k,n,x,reason") and lines[2].startswith("2.0,6.0,12.0,")
    assert b'"schema": "clusterc.seek/1"' in as_rows(made, answers, "json")
