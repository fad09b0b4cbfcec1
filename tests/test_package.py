"""The wheel holds all that the program needs, and nothing else has to be at hand."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, unpacked into a folder of its own."""
    pytest.importorskip("hatchling", reason="building a wheel needs hatchling, which the dev extra brings")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def test_the_wheel_has_every_file_of_the_program(unpacked: Path) -> None:
    for folder in ("dsl", "compiler", "stdlib"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and not path.name.endswith(".pyc"):
                assert (unpacked / path.relative_to(ROOT)).is_file(), path
    assert (unpacked / "clusterc.py").is_file()
    assert {path.name for path in unpacked.iterdir() if ".dist-info" not in path.name} == {
        "clusterc.py",
        "dsl",
        "compiler",
        "stdlib",
    }
    assert (unpacked / "compiler" / "py.typed").is_file()
    assert (unpacked / "dsl" / "grammar" / "cluster.table").is_file(), "or each start would wait for Lark"


def test_the_wheel_works_from_another_folder(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.cluster").write_text(
        "import std.huawei.ascend910 (Ascend910C)\nnode N { npus = 8 of Ascend910C }\n", encoding="utf-8"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "clusterc", "build", "mine.cluster"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked), "CLUSTERC_CACHE": ""},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "mine-report" / "hierarchy.svg").is_file()
    code = "import clusterc; print(clusterc.__file__)"
    where = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(unpacked) in where.stdout
