"""The examples of CONTRIBUTING.md, put into a copy of the source as the page says, do what it promises."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^```(python|cluster|diff) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPEC = re.compile(r"^```cluster\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COPIED = ("clusterc.py", "compiler", "dsl", "stdlib", "docs", "examples")

TOY = """\
chip Toy { tdp = 500 W; title = "" }
cpu Host { cores = 64; tdp = 200 W }
link Wire { rate = 50 GB/s }
node Box {
  toys = 8 of Toy
  hosts = 2 of Host
  weight = 100 lb
  let round = pi * 2
  network inside { role = "scale-up"; connect toys by ladder with 1 of Wire }
}
"""

VIEW = '''\
"""The hierarchy under another name."""

from compiler.emitters.diagram.picture import Sheet
from compiler.emitters.diagram.views.hierarchy import hierarchy
from compiler.emitters.diagram.views.view import View
from compiler.report.portrait import Portrait


def _copied(portrait: Portrait) -> Sheet:
    return hierarchy.function(portrait)


copied = View("copied", _copied)
'''


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source with every example of the page in its place."""
    folder = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    for language, name, text in EXAMPLE.findall(PAGE):
        path = folder / name
        if language == "diff":
            path.write_text(patched(path.read_text(encoding="utf-8"), text), encoding="utf-8")
        else:
            path.write_text(text, encoding="utf-8")
    (folder / "toy.cluster").write_text(TOY, encoding="utf-8")
    return folder


def patched(text: str, diff: str) -> str:
    """A text with a difference applied, each part of which fits in one place; parts that are there already are left."""
    for part in diff.split("@@\n"):
        lines = [(line[:1], f"{line[1:]}\n") for line in part.splitlines()]
        old, new = ("".join(line for sign, line in lines if sign != left_out) for left_out in "+-")
        if new not in text:
            assert text.count(old) == 1, f"this is there {text.count(old)} times:\n{old}"
            text = text.replace(old, new)
    return text


def ran(copy: Path, *arguments: str, module: str = "clusterc") -> str:
    """The output of a command of the copy, whatever its status."""
    found = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "CLUSTERC_CACHE": ""},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert found.returncode in (0, 1), found.stderr
    return found.stdout


@pytest.mark.parametrize(
    ("command", "said"),
    [
        pytest.param(("check", "stdlib/others/moore.cluster"), "no complaint", id="a part is sound"),
        pytest.param(("library", "MTTS4000"), "768 GB/s", id="a part is in the library"),
        pytest.param(("query", "toy.cluster", "Box.weight"), "100 lb", id="a unit"),
        pytest.param(("report", "toy.cluster"), "CPU cores", id="a figure is in the report"),
        pytest.param(("query", "toy.cluster", "Box.figures.cores"), "128", id="a figure is in the language"),
        pytest.param(("explain", "toy.cluster", "cores"), "[toy.cluster:2]", id="a figure has its trail"),
        pytest.param(("check", "toy.cluster"), "warning[C0215]: `title` is empty", id="a code"),
        pytest.param(("query", "toy.cluster", "Box.inside.bisection"), "0.1 TB/s", id="a topology in a network"),
        pytest.param(("topology", "ladder(n = 6)"), "2 (exact)", id="a topology by itself"),
        pytest.param(("networks", "toy.cluster"), "inside: 10 links, bisection 100 GB/s", id="a command"),
        pytest.param(("--help",), "List the networks of a design", id="a command is listed"),
        pytest.param(("report", "toy.cluster", "--format", "tsv"), "power.it\t4400\tW", id="a format"),
        pytest.param(("query", "toy.cluster", "Box.round"), "6.28319", id="a word of the language"),
    ],
)
def test_an_addition_is_one_file(copy: Path, command: tuple[str, ...], said: str) -> None:
    assert said in ran(copy, *command)


def test_a_rule_complains(copy: Path) -> None:
    text = "chip A { tdp = 500 W; typical_power = 600 W }\n"
    (copy / "odd.cluster").write_text(text, encoding="utf-8")

    assert "error[C0514]: `A` typically draws 600 W, its `tdp` is 500 W" in ran(copy, "check", "odd.cluster")


def test_a_build_writes_the_new_format(copy: Path) -> None:
    ran(copy, "build", "toy.cluster", "-o", "out")

    assert (copy / "out" / "figures.tsv").is_file()


def test_a_picture_is_one_file(copy: Path) -> None:
    (copy / "compiler" / "emitters" / "diagram" / "views" / "copied.py").write_text(VIEW, encoding="utf-8")

    ran(copy, "draw", "toy.cluster", "--view", "copied", "-o", "copied.svg")

    assert (copy / "copied.svg").is_file()


def test_the_pages_are_made_of_what_was_added(copy: Path) -> None:
    ran(copy, module="compiler.documentation.generated")

    assert "## ladder\n" in (copy / "docs" / "topologies.md").read_text(encoding="utf-8")
    for code in ("C0215", "C0514"):
        assert f"({code}.md)" in (copy / "docs" / "errors" / "README.md").read_text(encoding="utf-8")
        assert (copy / "docs" / "errors" / f"{code}.md").is_file()


def test_the_examples_pass_our_own_tools(copy: Path) -> None:
    added = [name for language, name, _ in EXAMPLE.findall(PAGE) if name.endswith(".py")]
    for tool in (("check", "--config"), ("format", "--check", "--config")):
        ran(copy, *tool, str(ROOT / "pyproject.toml"), *added, module="ruff")
