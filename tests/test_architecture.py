"""Imports run one way: who stands below whom, held against every import statement of the tree."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = (
    "dsl",
    "compiler.units compiler.registry compiler.suggest compiler.failure",
    "compiler.kinds compiler.ir",
    "compiler.topologies",
    "compiler.bisection",
    "compiler.wiring compiler.unrolled compiler.whole compiler.fabric",
    "compiler.shapes",
    "compiler.engine compiler.display compiler.provenance",
    "compiler.study.formats compiler.study.places compiler.study.sensitivity",
    "compiler.movers compiler.undecided",
    "compiler.passes",
    "compiler.rules",
    "compiler.materials compiler.traffic compiler.cutwords compiler.failures",
    "compiler.values compiler.names compiler.recursion compiler.places compiler.literal compiler.world compiler.operators compiler.evaluate compiler.fields compiler.instance",
    "compiler.shape compiler.connect compiler.words compiler.claims compiler.elaborate compiler.functions",
    "compiler.loader",
    "compiler.study.axes compiler.study.elaborate",
    "compiler.driver",
    "compiler.audit",
    "compiler.report",
    "compiler.sections",
    "compiler.emitters",
)
"""From low to high; a module imports its own line and those above it here. What is not named is the outside: `designs`,
`study`, `cli`, `clusterc` and their like, who may know everybody and whom nobody here knows."""

NEVER = (
    ("dsl", "compiler numpy scipy attrs"),
    ("compiler.topologies", "dsl compiler.ir compiler.units"),
    ("compiler.bisection", "dsl compiler.ir compiler.units"),
    ("compiler.ir", "dsl.syntax dsl.parser numpy"),
    ("compiler.passes", "dsl.syntax dsl.parser"),
    ("compiler.rules", "dsl.syntax dsl.parser"),
    ("compiler.emitters", "dsl.syntax dsl.parser compiler.evaluate compiler.elaborate compiler.driver"),
    ("compiler", "networkx pytest hypothesis"),
)
"""What a folder must do without, whatever its height: `dsl` knows no hardware, networks of theory no language."""

AT_THE_DOOR = ("compiler.cli", "compiler.server")
"""Whom nobody imports but themselves and `ADMITTED`: the public face, and the page made from the commands' help."""

ADMITTED = ("clusterc", "compiler.reference")


def modules() -> list[Path]:
    return sorted([*ROOT.glob("dsl/**/*.py"), *ROOT.glob("compiler/**/*.py"), ROOT / "clusterc.py"])


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports(path: Path) -> tuple[tuple[str, int], ...]:
    """What a module imports while it runs, with the line; imports for the type checker alone are left out."""
    return tuple(_imported(ast.parse(path.read_text(encoding="utf-8"))))


def _imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level and node.module, "imports are absolute"
            is_folder = (ROOT / node.module.replace(".", "/")).is_dir()
            for alias in node.names:
                yield (f"{node.module}.{alias.name}" if is_folder else node.module), node.lineno
        else:
            yield from _imported(node)


def belongs(name: str, to: str) -> bool:
    return name == to or name.startswith(to + ".")


def height(name: str) -> int:
    """The layer of a module; the outside stands above all."""
    for level, layer in enumerate(LAYERS):
        if any(belongs(name, member) for member in layer.split()):
            return level
    return len(LAYERS)


def is_ours(name: str) -> bool:
    return any(belongs(name, own) for own in ("dsl", "compiler", "clusterc")) and name != "compiler"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_imports_nothing_above_it(path: Path) -> None:
    name = name_of(path)

    above = [
        f"line {line}: {other}" for other, line in imports(path) if is_ours(other) and height(other) > height(name)
    ]

    assert above == []


@pytest.mark.parametrize(("folder", "others"), NEVER, ids=[folder for folder, _ in NEVER])
def test_a_folder_does_without(folder: str, others: str) -> None:
    found = [
        f"{name_of(path)}:{line} imports {other}"
        for path in modules()
        if belongs(name_of(path), folder)
        for other, line in imports(path)
        if any(belongs(other, banned) for banned in others.split())
    ]

    assert found == []


def test_nobody_imports_the_door() -> None:
    found = [
        f"{name_of(path)}:{line} imports {other}"
        for path in modules()
        for other, line in imports(path)
        for door in AT_THE_DOOR
        if belongs(other, door) and not belongs(name_of(path), door) and name_of(path) not in ADMITTED
    ]

    assert found == []


def test_every_line_of_the_table_is_there() -> None:
    names = {name_of(path) for path in modules()}

    assert [member for layer in LAYERS for member in layer.split() if member not in names] == []


def test_tests_hide_no_package() -> None:
    inside = list((ROOT / "tests").rglob("*"))

    assert not [path for path in inside if path.is_dir() and path.name in ("dsl", "compiler", "stdlib")]
    assert not [path for path in inside if path.name == "__init__.py"]
