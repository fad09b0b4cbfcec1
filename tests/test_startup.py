"""What commands load before they work: start-up is paid at every keystroke."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {
    "attr",
    "attrs",
    "lark",
    "numpy",
    "scipy",
    "rich",
    "click",
    "graphviz",
    "networkx",
    "matplotlib",
    "dask",
    "pyarrow",
}
CODE = """
import sys
import clusterc
status = clusterc.main(sys.argv[1:])
sys.stderr.write("\\n".join(sorted(sys.modules)))
sys.exit(status)
"""


def loaded(cache: Path, *arguments: str) -> set[str]:
    """The modules that a command has loaded when it ends."""
    ran = subprocess.run(
        [sys.executable, "-c", CODE, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "CLUSTERC_CACHE": str(cache)},
        check=True,
    )
    return set(ran.stderr.splitlines())


def ours(modules: set[str]) -> set[str]:
    """Those among them that are ours."""
    return {name for name in modules if name.partition(".")[0] in ("clusterc", "dsl", "compiler")}


def test_a_check_from_memory_loads_six_files_of_ours(tmp_path: Path) -> None:
    file = str(ROOT / "stdlib" / "huawei" / "cloudmatrix384.cluster")
    loaded(tmp_path, "check", file)
    again = loaded(tmp_path, "check", file)
    expected = {
        "clusterc",
        "compiler",
        "compiler.cli",
        "compiler.cli.check",
        "compiler.workspace",
        "compiler.workspace.cache",
        "compiler.workspace.terminal",
    }
    assert ours(again) == expected
    assert not again & HEAVY
    assert not again & {"typing", "pathlib", "json", "hashlib", "dataclasses", "inspect", "tempfile"}


@pytest.mark.parametrize("file", ["stdlib/huawei/cloudmatrix384.cluster", "examples/cloudmatrix384.cluster"])
def test_a_first_check_loads_no_array_and_no_grammar_library(file: str, tmp_path: Path) -> None:
    first = loaded(tmp_path, "check", str(ROOT / file))
    assert first & HEAVY == {"attr", "attrs"}
    assert not {
        name for name in ours(first) if name.startswith(("compiler.networks.topologies", "compiler.networks.bisection"))
    }
    assert not {name for name in ours(first) if name.startswith(("compiler.emitters", "compiler.report.findings"))}


def test_a_report_from_memory_reads_no_text_and_loads_no_scipy(tmp_path: Path) -> None:
    file = str(ROOT / "stdlib" / "huawei" / "cloudmatrix384.cluster")
    loaded(tmp_path, "report", file)
    again = loaded(tmp_path, "report", file)
    assert not again & {"scipy", "rich", "lark", "graphviz"}
    assert not {
        name
        for name in ours(again)
        if name.startswith(("dsl.parser", "compiler.workspace.compilation", "compiler.semantics.evaluate"))
    }


def test_the_public_face_loads_nothing(tmp_path: Path) -> None:
    assert ours(loaded(tmp_path, "--version")) == {"clusterc", "compiler", "compiler.cli"}
