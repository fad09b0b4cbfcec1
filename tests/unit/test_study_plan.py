"""A plan makes points from their index and says of each what it comes to, whether it is kept and why not."""

import pickle

import numpy as np
import pytest

from compiler.study.plan import Plan
from compiler.study.preparation import EAGER, plan
from compiler.workspace.compilation import compile_text

PARTS = """
chip A { tdp = 650 to 800 W; peak.bf16 = 1 PFLOPS }
chip B { tdp = 700 W; peak.bf16 = 2 PFLOPS }
node Box { chips = 4 of A }
node Big { chips = 8 of B }
"""


def planned(study: str, samples: int | None = None, seed: int = 0) -> Plan:
    compilation = compile_text(f"{PARTS}study s {{\n{study}\n}}\n")
    assert [d.message for d in compilation.diagnostics if d.severity == "error"] == []
    found = plan(compilation, "s", samples, seed)
    assert found is not None, compilation.diagnostics
    return found


def test_the_last_axis_is_the_fastest() -> None:
    found = planned("sweep a in [1, 2]\nsweep b in [10, 20, 30]\nshow { sum = a + b }")
    columns = found.evaluate(0, found.size)
    assert columns["sum"].tolist() == [11, 21, 31, 12, 22, 32]
    assert columns["a"].tolist() == [1, 1, 1, 2, 2, 2]


def test_points_are_the_same_however_they_are_parted() -> None:
    found = planned("sweep c in [A, B]\nsweep n in 1 .. 50\nshow { power = n * c.tdp; chip = c }", 64)
    whole = found.evaluate(0, found.size)
    for start in range(0, found.size, 7):
        part = found.evaluate(start, min(found.size, start + 7))
        for name, column in part.items():
            assert column.tolist() == whole[name][start : start + 7].tolist(), name
    some = np.array([99, 3, 50, 3])
    assert found.at(some)["power"].tolist() == whole["power"][some].tolist()


def test_the_first_condition_that_fails_is_the_reason() -> None:
    found = planned("sweep n in 1 .. 6\nrequire n > 2\nrequire n < 5\nrequire n > 1\nshow { n2 = n * n }")
    columns = found.evaluate(0, 6)
    assert columns["kept"].tolist() == [False, False, True, True, False, False]
    assert columns["removed_by"].tolist() == [0, 0, -1, -1, 1, 1]
    assert found.requires == ("n > 2", "n < 5", "n > 1")


def test_a_condition_that_is_not_a_number_does_not_hold() -> None:
    found = planned("sweep n in [0, 1]\nrequire 0 / n < 1\nshow { n2 = n }")
    assert found.evaluate(0, 2)["kept"].tolist() == [False, True]


def test_parts_and_designs_are_axes() -> None:
    found = planned("sweep d in [Box, Big]\nshow { name = d; chips = count(d.chips); power = sum(d.chips.tdp) -> kW }")
    columns = found.evaluate(0, 2)
    assert columns["name"].tolist() == ["Box", "Big"]
    assert columns["chips"].tolist() == [4, 8]
    assert columns["power"] == pytest.approx([2.9, 5.6], rel=1e-4)
    assert columns["power.p05"][0] < columns["power"][0] < columns["power.p95"][0]
    assert columns["power.p05"][1] == columns["power.p95"][1]


def test_a_swept_size_gives_the_design_another_shape() -> None:
    found = planned("sweep n in 1 .. 5\nlet d = Box with { chips = n of B }\nshow { power = sum(d.chips.tdp) -> W }")
    assert found.evaluate(0, 5)["power"].tolist() == [700, 1400, 2100, 2800, 3500]


def test_more_shapes_than_are_formed_at_once_are_formed_when_met() -> None:
    found = planned(
        f"sweep n in 1 .. {EAGER + 30}\nlet d = Box with {{ chips = n of B }}\nshow {{ c = count(d.chips) }}"
    )
    again = pickle.loads(pickle.dumps(found))
    assert again.evaluate(0, found.size)["c"].tolist() == list(range(1, EAGER + 31))


def test_texts_truths_and_numbers_are_columns() -> None:
    found = planned(
        'sweep n in 1 .. 3\nshow { word = if n > 2 then "big" else if n > 1 then "fair" else "small"; even = n == 2 }'
    )
    columns = found.evaluate(0, 3)
    assert columns["word"].tolist() == ["small", "fair", "big"]
    assert columns["even"].tolist() == [False, True, False]
    assert [column.kind for column in found.columns] == ["number", "text", "truth"]


def test_a_list_is_a_column_for_each_element() -> None:
    found = planned("sweep n in 1 .. 3\nshow { powers = [n * c.tdp for c in [A, B]] }")
    assert [c.name for c in found.columns if c.role == "show"] == ["powers[0]", "powers[1]"]


def test_an_uncertain_condition_keeps_what_holds_more_often_than_not() -> None:
    found = planned("sweep limit in linear(600 W, 900 W, 7)\nrequire A.tdp <= limit\nshow { limit2 = limit }")
    columns = found.evaluate(0, 7)
    assert columns["kept"].tolist() == [False, False, False, True, True, True, True]
    assert columns["certainty"] == pytest.approx([0, 0, 100 / 3, 200 / 3, 100, 100, 100], abs=0.1)


def test_a_single_sample_leaves_inputs_at_their_middle() -> None:
    found = planned("sweep n in 1 .. 3\nshow { power = n * A.tdp -> W }", samples=1)
    assert found.evaluate(0, 3)["power"].tolist() == [725, 1450, 2175]
    assert [column.name for column in found.columns] == ["n", "power"]


def test_seed_and_samples_are_part_of_the_fingerprint() -> None:
    study = "sweep n in 1 .. 3\nshow { power = n * A.tdp }"
    prints = {planned(study).fingerprint, planned(study, 64).fingerprint, planned(study, None, 1).fingerprint}
    assert len(prints) == 3 and planned(study).fingerprint in prints


def test_huge_studies_are_a_matter_of_indices() -> None:
    axes = "\n".join(f"sweep {name} in 1 .. 1_000_000" for name in "abc")
    found = planned(f"{axes}\nshow {{ all = a + b + c }}")
    assert found.size == 10**18
    assert found.evaluate(found.size - 2, found.size)["all"].tolist() == [2_999_999, 3_000_000]
