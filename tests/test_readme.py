"""The README and the pages of the outside face say what is so."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "docs/index.md", "docs/python.md", "docs/cli.md", "ARCHITECTURE.md", "CONTRIBUTING.md")


def test_ci_runs_the_two_commands_of_the_readme() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", (ROOT / "README.md").read_text(encoding="utf-8"))
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    quiet = script.replace(" --quiet --disable-pip-version-check", "")
    assert len(commands) == 2
    for step in (step.strip() for command in commands for step in command.split("&&")):
        assert f"\n{step}\n" in quiet, step


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_outputs_shown_are_those_printed(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in (
        ["build", "examples/atlas950_supercluster.cluster", "-o", str(tmp_path / "out")],
        ["audit", "examples/cloudmatrix384.cluster"],
        ["explain", "examples/cloudmatrix384.cluster", "memory.capacity"],
    ):
        ran = subprocess.run(
            [sys.executable, "-m", "clusterc", *command], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
        )
        printed = {" ".join(line.split()) for line in ran.stdout.splitlines()}
        blocks = [block for block in re.findall(r"```text\n(.*?)```", text, re.DOTALL) if "error[" not in block]
        shown = [block for block in blocks if _key(command) in block]
        assert shown, command
        for line in shown[0].splitlines():
            found = " ".join(line.split())
            assert any(known.startswith(found) for known in printed), (command, line)


def _key(command: list[str]) -> str:
    return {"build": "Essentials", "audit": "Verdict", "explain": "(memory.capacity)"}[command[0]]


def test_the_python_of_the_page_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    code = code.replace('"examples/', f'"{(ROOT / "examples").as_posix()}/')
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "network.svg").is_file()
