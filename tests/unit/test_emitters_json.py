"""The report as JSON: keys, base units, gaps, and the schemas that ship."""

import json
import math
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from compiler.emitters.json import emit, emit_audit, plain
from compiler.report.assembled import report
from compiler.workspace.compilation import compile_text
from compiler.workspace.opening import audited
from dsl import render

ROOT = Path(__file__).parents[2]
TOY = """
source page { title = "a page"; grade = "vendor"; date = 2026-01-01 }
chip Toy { peak.bf16 = 1 PFLOPS from page; tdp = 600 to 700 W from page; hbm.capacity = 96 GB from page }
link Wire { rate = 50 GB/s from page }
switch Hub { ports = 8; rate = 50 GB/s from page; tdp = 100 W from page }
node Box {
  toys = 8 of Toy
  hub = 1 of Hub
  network inside { role = "scale-up"; connect toys to hub with 1 of Wire }
  let per_toy = figures.power.it / count(toys)
  assert count(toys) <= 8 else "eight fit"
  claim compute: sum(toys.peak.bf16) ~= 8 PFLOPS@bf16 from page
  claim memory: sum(toys.hbm.capacity) ~= 900 GB from page
}
"""


def schema(name: str) -> Draft202012Validator:
    loaded = json.loads((ROOT / "compiler" / "emitters" / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(loaded)
    return Draft202012Validator(loaded)


@pytest.fixture(scope="module")
def toy() -> dict[str, object]:
    compilation = compile_text(TOY)
    design = compilation.design()
    assert design is not None and not compilation.diagnostics
    return json.loads(emit(report(design)))  # type: ignore[no-any-return]


def test_the_report_says_what_it_is_about(toy: dict[str, object]) -> None:
    assert [toy[key] for key in ("schema", "design", "kind", "site")] == ["clusterc.report/1", "Box", "node", None]


def test_values_are_in_base_units(toy: dict[str, object]) -> None:
    figures = toy["figures"]

    assert isinstance(figures, dict)
    assert (figures["compute.bf16"]["value"], figures["compute.bf16"]["unit"]) == (8e15, "FLOPS")
    assert (figures["memory.capacity"]["value"], figures["memory.capacity"]["unit"]) == (768e9, "B")
    assert (figures["accelerators"]["value"], figures["accelerators"]["unit"]) == (8, "1")


def test_an_uncertain_figure_has_bounds_and_quantiles(toy: dict[str, object]) -> None:
    power = toy["figures"]["power.it"]  # type: ignore[index]

    assert (power["low"], power["high"]) == (4900, 5700)
    assert power["low"] < power["p05"] < power["p50"] == power["value"] < power["p95"] < power["high"]


def test_an_absent_figure_has_a_reason_and_no_value(toy: dict[str, object]) -> None:
    facility = toy["figures"]["power.facility"]  # type: ignore[index]

    assert (facility["value"], facility["low"], facility["high"], facility["unit"]) == (None, None, None, None)
    assert "PUE" in facility["reason"]


def test_a_figure_that_lacks_something_is_a_lower_bound(toy: dict[str, object]) -> None:
    cost = toy["figures"]["energy.year"]  # type: ignore[index]

    assert cost["missing"] and cost["high"] is None and cost["display"].startswith("at least")


def test_a_network_has_its_certified_ends(toy: dict[str, object]) -> None:
    inside = toy["networks"]["inside"]  # type: ignore[index]

    assert (inside["count"], inside["endpoints"], inside["switches"], inside["links"]) == (1, 8, 1, 8)
    assert (inside["bisection"]["lower"], inside["bisection"]["upper"]) == (200e9, 200e9)
    assert inside["bisection"]["status"] == "exact"


def test_claims_and_checks_have_verdicts(toy: dict[str, object]) -> None:
    claims, checks = toy["claims"], toy["checks"]

    assert isinstance(claims, list) and isinstance(checks, list)
    assert (claims[0]["name"], claims[0]["verdict"]) == ("compute", "holds")
    assert claims[1]["verdict"] in ("fails", "explained")
    assert [(check["word"], check["verdict"], check["margin"]) for check in checks] == [("assert", "holds", 0)]


def test_reports_keep_their_schema(toy: dict[str, object]) -> None:
    schema("report").validate(toy)


def test_the_audit_keeps_its_schema() -> None:
    schema("audit").validate(json.loads(emit_audit(audited(compile_text(TOY)))))


def test_complaints_keep_their_schema() -> None:
    found = compile_text("chip A { tdp = 3 TB/s; tpd = 3 W }\nlet x = y\nassert 1 > 2\n").diagnostics

    schema("diagnostics").validate(render.to_json(found))
    assert len(found) == 4


def test_numbers_are_plain() -> None:
    assert [plain(value) for value in (math.inf, math.nan, None)] == [None, None, None]
    assert [repr(plain(value)) for value in (3.0, 0.1 + 0.2, 5.24288e20)] == ["3", "0.3", "5.24288e+20"]
