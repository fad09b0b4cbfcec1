"""The report as tables for a spreadsheet."""

import csv
import io

from attrs import evolve

from compiler.emitters.csv import emit, emit_claims, emit_materials, emit_networks, emit_taper
from compiler.report.assembled import report
from compiler.report.findings import DesignReport
from compiler.workspace.compilation import compile_text

TOY = """
source page { title = "a page, with a comma"; grade = "vendor"; date = 2026-01-01 }
chip Toy { peak.bf16 = 1 PFLOPS from page; tdp = 700 W }
link Wire { rate = 50 GB/s from page }
switch Hub { ports = 8; rate = 50 GB/s from page }
node Box {
  toys = 8 of Toy
  hub = 1 of Hub
  network inside { role = "scale-up"; connect toys to hub with 1 of Wire }
  claim compute: sum(toys.peak.bf16) ~= 8 PFLOPS@bf16 from page
}
"""


def toy() -> DesignReport:
    design = compile_text(TOY).design()
    assert design is not None
    return report(design)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_each_figure_is_a_row() -> None:
    found = {row["figure"]: row for row in rows(emit(toy()))}

    compute = found["compute.bf16"]
    assert [compute[key] for key in ("design", "group", "value", "unit", "grade", "sources")] == [
        *("Box", "compute", "8000000000000000", "FLOPS", "vendor", "a page, with a comma")
    ]
    assert found["bisection.whole"]["value"] == "200000000000"


def test_what_is_unknown_is_an_empty_cell_with_a_reason() -> None:
    facility = next(row for row in rows(emit(toy())) if row["figure"] == "power.facility")

    assert facility["value"] == "" and "PUE" in facility["reason"]


def test_each_network_and_each_claim_is_a_row() -> None:
    network, claim = rows(emit_networks(toy()))[0], rows(emit_claims(toy()))[0]

    assert [network[key] for key in ("network", "links", "bisection_lower", "status")] == [
        *("inside", "8", "200000000000", "exact")
    ]
    assert [claim[key] for key in ("claim", "stated", "verdict")] == ["compute", "8000000000000000", "holds"]


def test_all_rows_of_a_table_are_as_long_as_its_head() -> None:
    for write in (emit, emit_networks, emit_taper, emit_materials, emit_claims):
        lengths = {len(row) for row in csv.reader(io.StringIO(write(toy())))}
        assert len(lengths) == 1


def test_a_text_is_no_formula() -> None:
    found = toy()

    text = emit_claims(evolve(found, claims=(evolve(found.claims[0], name="=1+1"),)))

    assert "Box,'=1+1," in text
