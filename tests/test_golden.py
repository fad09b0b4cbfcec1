"""The reports of the examples and of the main systems of the library, word for word: read, then accepted."""

from collections.abc import Iterator
from json import loads as read
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from compiler.emitters import json, text
from compiler.report.assembled import report
from compiler.workspace.compilation import compile_file

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden" / "reports"
SYSTEMS = (
    ("huawei/cloudmatrix384", "CloudMatrix384"),
    ("huawei/atlas950", "Atlas950SuperPoD"),
    ("huawei/atlas950", "Atlas950SuperCluster"),
    ("huawei/atlas960", "Atlas960SuperCluster"),
    ("nvidia/ampere", "DGXSuperPODA100"),
    ("nvidia/hopper", "DGXH100"),
    ("nvidia/blackwell", "GB200NVL72"),
    ("nvidia/rubin", "VeraRubinNVL144"),
    ("amd/instinct", "Helios"),
    ("google/tpu", "TPUv7Pod"),
    ("aws/trainium", "Trn2UltraServer"),
    ("hpc/frontier", "Frontier"),
)


def programs() -> Iterator[tuple[Path, str | None]]:
    """Every example with its default design, and the systems named above."""
    for path in sorted((ROOT / "examples").rglob("*.cluster")):
        yield path, None
    for file, name in SYSTEMS:
        yield ROOT / "stdlib" / f"{file}.cluster", name


def named(program: tuple[Path, str | None]) -> str:
    path, design = program
    place = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    return f"{place}.{design}" if design else place


@pytest.mark.parametrize("program", list(programs()), ids=named)
def test_a_report_is_what_was_accepted(
    program: tuple[Path, str | None], accept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, name = program
    monkeypatch.chdir(ROOT)
    compilation = compile_file(path.relative_to(ROOT))
    design = compilation.design(name)
    if design is None:
        pytest.skip("the file has claims and parts, no design")

    found = report(design, tuple(compilation.diagnostics))

    for suffix, said in (("txt", text.emit(found)), ("json", json.emit(found))):
        golden = GOLDEN / f"{named(program)}.{suffix}"
        if accept:
            golden.parent.mkdir(parents=True, exist_ok=True)
            golden.write_text(said, encoding="utf-8", newline="\n")
        else:
            assert golden.exists(), f"{golden.name} was never accepted: read it, then `pytest --accept`"
            assert said == golden.read_text(encoding="utf-8")


def test_no_golden_report_is_left_over() -> None:
    wanted = {named(program) for program in programs()}

    assert {path.stem for path in GOLDEN.iterdir()} <= wanted


def test_every_accepted_report_keeps_the_schema() -> None:
    schema = Draft202012Validator(
        read((ROOT / "compiler" / "emitters" / "schemas" / "report.json").read_text(encoding="utf-8"))
    )

    for path in sorted(GOLDEN.glob("*.json")):
        schema.validate(read(path.read_text(encoding="utf-8")))
