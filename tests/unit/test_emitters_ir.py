"""The IR as JSON: it comes back the same, keeps its schema and does not grow with the cluster."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from compiler.emitters import ir
from compiler.emitters import json as report_json
from compiler.emitters.ir_schema import schema as ir_schema
from compiler.ir.hardware import ClusterDesign
from compiler.report.assembled import report
from compiler.workspace.compilation import compile_file, compile_text

ROOT = Path(__file__).parents[2]
SYSTEMS = (
    "huawei/cloudmatrix384",
    "huawei/atlas950",
    "nvidia/blackwell",
    "amd/instinct",
    "google/tpu",
    "hpc/frontier",
)
CLUSTER = """
chip Toy { tdp = 600 to 700 W; hbm.capacity = 96 GB }
link Wire { rate = 50 GB/s }
switch Hub { ports = 64; rate = 50 GB/s }
supernode Pod {
  toys = 8192 of Toy
  network up { role = "scale-up"; connect toys by clos(tiers = 3, switch = Hub) with 1 of Wire }
}
supercluster All { pods = PODS of Pod }
"""


def designs(name: str) -> list[ClusterDesign]:
    compilation = compile_file(ROOT / "stdlib" / f"{name}.cluster")
    found = [compilation.design(design) for design in compilation.design_names()]
    return [design for design in found if design is not None]


def cluster(pods: int) -> ClusterDesign:
    design = compile_text(CLUSTER.replace("PODS", str(pods))).design()
    assert design is not None
    return design


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_design_comes_back_the_same(name: str) -> None:
    for design in designs(name):
        text = ir.emit(design)

        assert ir.emit(ir.from_json(text)) == text


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_design_that_came_back_has_the_same_report(name: str) -> None:
    design = compile_file(ROOT / "stdlib" / f"{name}.cluster").design()
    assert design is not None

    back = ir.from_json(ir.emit(design))

    assert report_json.emit(report(back)) == report_json.emit(report(design))


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_design_keeps_its_schema(name: str) -> None:
    schema = json.loads((ROOT / "compiler" / "emitters" / "schemas" / "ir.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    for design in designs(name):
        Draft202012Validator(schema).validate(json.loads(ir.emit(design)))


def test_the_schema_refuses_what_is_no_ir() -> None:
    found = json.loads(ir.emit(cluster(2)))
    found["parts"][0]["colour"] = "red"

    assert not Draft202012Validator(ir_schema()).is_valid(found)


def test_eight_and_524288_accelerators_differ_by_a_number() -> None:
    small, large = ir.emit(cluster(1)), ir.emit(cluster(64))

    assert re.sub(r"\d+", "#", small) == re.sub(r"\d+", "#", large)
    assert abs(len(large) - len(small)) < 40


def test_shared_things_stay_shared() -> None:
    back = ir.from_json(ir.emit(cluster(64)))
    pod = back.root.slots[0].part

    assert pod.networks[0].connections[0].left[0].slots[-1] is pod.slots[0]


def test_places_come_back() -> None:
    design = cluster(64)
    origin, back = design.root.slots[0].origin, ir.from_json(ir.emit(design)).root.slots[0].origin
    assert origin is not None and back is not None

    at = origin.span.source.line_column(origin.span.start)

    assert back.span.text == origin.span.text == "64 of Pod"
    assert back.span.source.line_column(back.span.start) == at


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "clusterc.ir/2"}', '{"schema": "clusterc.ir/1"}', "nul"])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ir.WrongSchema):
        ir.from_json(text)
