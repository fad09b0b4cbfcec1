"""The house rules that tools hold: lint, format, types, generated pages."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYTHON = ["clusterc.py", "dsl", "compiler", "tests", "benchmarks", "hatch_build.py"]
TOOLS = {
    "ruff check": ["ruff", "check", *PYTHON],
    "ruff format": ["ruff", "format", "--check", *PYTHON],
    "mypy": ["mypy", "clusterc.py", "dsl", "compiler"],
    "generated pages": ["compiler.documentation.generated", "--check"],
}


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_has_nothing_to_say(name: str) -> None:
    if name == "mypy" and sys.version_info[:2] != (3, 11):
        pytest.skip("types are held on Python 3.11, where numpy's stubs are the ones the code was written against")
    ran = subprocess.run([sys.executable, "-m", *TOOLS[name]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
