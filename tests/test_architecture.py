"""Imports run one way: rooms from bottom to top, held against every import of the tree, wherever it stands."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = (
    "compiler.registry",
    "compiler.numerics",
    "dsl",
    "compiler.errors",
    "compiler.quantities",
    "compiler.ir",
    "compiler.networks.topologies",
    "compiler.networks.bisection",
    "compiler.networks",
    "compiler.networks.latency",
    "compiler.networks.whole",
    "compiler.analysis",
    "compiler.semantics",
    "compiler.semantics.functions",
    "compiler.rules",
    "compiler.audit",
    "compiler.report",
    "compiler.emitters",
    "compiler.emitters.charts",
    "compiler.emitters.diagram",
    "compiler.emitters.diagram.views",
    "compiler.workspace",
    "compiler.study",
    "compiler.cli",
    "compiler.documentation",
    "clusterc",
)
"""From bottom to top: a room imports itself and rooms above it here. `compiler` itself holds the version alone."""

MOST_FLOORS = 13
MOST_FOLDERS = 16
FLAT = {"__init__", "errors", "registry"}

NEVER = (
    ("dsl", "compiler numpy scipy attrs"),
    ("compiler.networks.topologies", "dsl compiler.ir compiler.quantities"),
    ("compiler.networks.bisection", "dsl compiler.ir compiler.quantities"),
    ("compiler.quantities", "dsl.syntax dsl.parser"),
    ("compiler.ir", "dsl.syntax dsl.parser numpy"),
    ("compiler.networks", "dsl.syntax dsl.parser"),
    ("compiler.analysis", "dsl.syntax dsl.parser"),
    ("compiler.rules", "dsl.syntax dsl.parser"),
    ("compiler.report", "dsl.syntax dsl.parser compiler.semantics"),
    (
        "compiler.emitters",
        "dsl.syntax dsl.parser compiler.networks compiler.analysis compiler.semantics compiler.rules compiler.audit "
        "compiler.study compiler.quantities.samples compiler.quantities.sensitivity compiler.quantities.influence",
    ),
    ("compiler", "networkx pytest hypothesis"),
)
"""What a room must do without, whatever its height: `dsl` knows no hardware, networks of theory no language."""

LATE = (
    ("clusterc", "importlib", "the public face loads nothing until a name of it is asked for"),
    ("dsl", "dsl.repair", "the recovery, for a text with a mistake"),
    ("dsl.grammar", "dsl.grammar.making", "Lark, to make the table where the grammar is newer"),
    ("compiler.cli", "*", "a command imports what it needs when it runs"),
    ("compiler", "numpy", "arrays, which a check never needs; they cost more than all else that it loads"),
    ("compiler", "scipy", "solvers, where one runs"),
    ("compiler", "rich", "a terminal with colours"),
    ("compiler", "graphviz", "diagrams"),
    ("compiler", "PIL", "diagrams"),
    ("compiler", "pyarrow", "an extra: Parquet"),
    ("compiler", "distributed", "an extra: workers of a Dask cluster"),
    ("compiler", "fcntl", "there is none on Windows"),
    ("compiler", "msvcrt", "there is none but on Windows"),
    ("compiler.workspace", "html", "pages of a notebook"),
    ("compiler.workspace", "json", "an answer from memory is written as it was kept"),
    ("compiler.networks.bisection", "compiler.networks.bisection.search", "scipy, for networks that are no trees"),
    ("compiler.networks.bisection", "compiler.networks.bisection.flow", "scipy, for rates that no structure tells"),
    ("compiler.networks.bisection", "compiler.networks.bisection.flow_program", "scipy, for routing that is asked for"),
    ("compiler.networks.bisection", "compiler.networks.bisection.spectral", "scipy, where a flow leaves a gap"),
    ("compiler.networks.bisection", "compiler.networks.bisection.hose", "scipy, where a flow leaves a gap"),
    ("compiler.networks", "compiler.networks.topologies", "numpy, for those who name a topology"),
    ("compiler.networks", "compiler.networks.cuts", "numpy, for those who ask for a bisection"),
    ("compiler.networks", "compiler.networks.topology_tiers", "numpy, for an oversubscription of topologies by name"),
    ("compiler.networks", "compiler.networks.unrolled", "numpy, where a topology lies over parts that send and others"),
    ("compiler.networks", "compiler.networks.written_tiers", "numpy, where instances of a part have unlike links"),
    ("compiler.semantics", "compiler.semantics.layout", "numpy, for those who name a topology"),
    ("compiler.semantics", "compiler.networks.topologies.catalogue", "numpy, for those who name a topology"),
    ("compiler.semantics", "compiler.quantities.undecided", "numpy, for checks that are open"),
    ("compiler.semantics", "compiler.quantities.display", "words of a complaint, where there is one"),
    ("compiler.semantics", "compiler.quantities.units", "words of a complaint, where there is one"),
    ("compiler.audit", "compiler.audit.hypotheses", "the front of the compiler, for claims that fail"),
    ("compiler", "compiler.quantities.influence", "numpy, for figures that something moves"),
    ("compiler", "compiler.quantities.samples", "numpy, for figures and checks that are uncertain"),
    ("compiler", "compiler.emitters", "a format is loaded by who writes it"),
    ("compiler.semantics", "compiler.semantics.interconnect", "solvers, for figures that a text asks for"),
    ("compiler.report.portrait", "compiler.report", "figures and networks of a picture, for pictures alone"),
    ("compiler.report", "compiler.audit", "the audit, for designs that claim something"),
    ("compiler.report", "compiler.report.cut_trails", "solvers, for a cut that is explained"),
    ("compiler.report", "compiler.report.network_quantities", "solvers, for a latency that is explained"),
    ("compiler", "compiler.report.wired", "solvers of networks, where nothing is remembered"),
    ("compiler.workspace", "compiler.semantics.study_text", "axes and goals, for texts with a study"),
    ("compiler.workspace", "compiler.audit", "the audit, for designs that claim something"),
    ("compiler.workspace", "compiler.networks.bisection", "solvers, for a bisection that is asked for"),
    ("compiler.workspace", "compiler.report", "an answer from memory is no report"),
    ("compiler.workspace", "compiler.semantics", "the front of the compiler, where something has changed"),
    ("compiler.workspace", "compiler.workspace", "the front of the compiler, where something has changed"),
)
"""Imports that stand in a function: who, what, and why. Start-up is paid at every keystroke; a circle is no reason."""


@cache
def modules() -> Mapping[str, Path]:
    """Every module of ours by its name."""
    paths = [*ROOT.glob("dsl/**/*.py"), *ROOT.glob("compiler/**/*.py"), ROOT / "clusterc.py"]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


@cache
def imports(name: str) -> tuple[tuple[str, int], ...]:
    """Everything that a module imports, with the line: at its top, inside functions and for the type checker."""
    return tuple(_imported(ast.parse(modules()[name].read_text(encoding="utf-8"))))


def _imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level and node.module, "imports are absolute"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield (inner if inner in modules() else node.module), node.lineno


@cache
def late_imports(name: str) -> tuple[tuple[str, int], ...]:
    """Everything that the functions of a module import, with the line."""
    tree = ast.parse(modules()[name].read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return tuple(dict.fromkeys(found for function in functions for found in _imported(function)))


def belongs(name: str, to: str) -> bool:
    return name == to or name.startswith(to + ".")


def room_of(name: str) -> str:
    """The room of a module: the longest of the table that it belongs to."""
    return max((room for room in ROOMS if belongs(name, room)), key=len, default=name)


def arrows() -> Iterator[tuple[str, str]]:
    """Every import of a module of ours by another, the version left out."""
    for name in modules():
        for other, _ in imports(name):
            if other in modules() and other != name and other != "compiler":
                yield name, other


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """A way that leads back to where it began; empty when there is none."""
    done: set[str] = set()

    def walk(node: str, way: list[str]) -> list[str]:
        if node in way:
            return [*way[way.index(node) :], node]
        if node in done:
            return []
        for other in sorted(graph.get(node, ())):
            found = walk(other, [*way, node])
            if found:
                return found
        done.add(node)
        return []

    return next((found for node in sorted(graph) if (found := walk(node, []))), [])


def test_every_module_stands_in_a_room() -> None:
    assert [name for name in modules() if room_of(name) not in ROOMS and name != "compiler"] == []
    assert [room for room in ROOMS if room not in modules()] == []


def test_no_module_lies_in_the_corridor() -> None:
    folders = [path for path in (ROOT / "compiler").iterdir() if (path / "__init__.py").is_file()]

    assert {path.stem for path in (ROOT / "compiler").glob("*.py")} == FLAT
    assert len(folders) <= MOST_FOLDERS


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_nothing_above_it(room: str) -> None:
    above = [
        f"{name} -> {other}"
        for name, other in arrows()
        if room_of(name) == room and ROOMS.index(room_of(other)) > ROOMS.index(room)
    ]

    assert sorted(set(above)) == []


def test_files_make_no_circle() -> None:
    graph: dict[str, set[str]] = {}
    for name, other in arrows():
        graph.setdefault(name, set()).add(other)

    assert circle(graph) == []


def test_the_house_is_not_too_high() -> None:
    floors: dict[str, int] = {}
    for room in ROOMS:
        below = [room_of(other) for name, other in arrows() if room_of(name) == room]
        floors[room] = 1 + max((floors[other] for other in below if other in floors and other != room), default=0)

    assert max(floors.values()) <= MOST_FLOORS, floors


@pytest.mark.parametrize(("room", "others"), NEVER, ids=[room for room, _ in NEVER])
def test_a_room_does_without(room: str, others: str) -> None:
    found = [
        f"{name}:{line} imports {other}"
        for name in modules()
        if belongs(name, room)
        for other, line in imports(name)
        if any(belongs(other, banned) for banned in others.split())
    ]

    assert found == []


CHECKER = "compiler.networks.whole.recount"
SOLVERS = (
    "joint_graph",
    "cell",
    "like_instances",
    "counted",
    "unrolled_design",
    "instance_counts",
    "keys",
    "subtrees",
    "linked_instances",
)
"""Files that work a cut of a whole design out, by the beginnings of their names."""


def test_a_recount_shares_nothing_with_what_it_checks() -> None:
    todo, found = [CHECKER], {CHECKER}
    while todo:
        fresh = {other for other, _ in imports(todo.pop()) if other in modules()} - found
        found |= fresh
        todo += fresh
    searches = {"elimination", "side_tables", "min_plus", "counted_sides", "least_dealing"}

    solvers = [name for name in found if name.startswith("compiler.networks.whole.")]
    assert [name for name in solvers if name.rsplit(".", 1)[-1].startswith(SOLVERS)] == []
    assert {name.rsplit(".", 1)[-1] for name in found} & searches == set()
    assert "compiler.networks.whole.division" in found


def test_an_import_in_a_function_has_its_reason() -> None:
    found = [
        f"{name}:{line} imports {other}"
        for name in modules()
        for other, line in late_imports(name)
        if not any(belongs(name, who) and (what == "*" or belongs(other, what)) for who, what, _ in LATE)
    ]

    assert found == []


def test_tests_hide_no_package() -> None:
    inside = list((ROOT / "tests").rglob("*"))

    assert not [path for path in inside if path.is_dir() and path.name in ("dsl", "compiler", "stdlib")]
    assert not [path for path in inside if path.name == "__init__.py"]


# ---- names -----------------------------------------------------------------------------------


def stems() -> list[tuple[str, str]]:
    """Names of modules and rooms with where they stand, but of those that are named after what they show."""
    shown = ("compiler.cli", "compiler.emitters")
    names = [name for name in modules() if not any(name.startswith(room + ".") for room in shown)]
    return sorted((name.rsplit(".", 1)[-1], name) for name in names)


def is_near(one: str, other: str) -> bool:
    """True if a letter put in, left out or replaced makes one name of the other."""
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) <= 1
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def test_no_two_modules_are_mistaken_for_each_other() -> None:
    found = stems()
    pairs = [(name, other) for i, (a, name) in enumerate(found) for b, other in found[i + 1 :] if is_near(a, b)]

    assert pairs == []


def test_a_public_class_name_is_used_once() -> None:
    homes: dict[str, list[str]] = {}
    for name, path in modules().items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(name)

    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


# ---- signatures ------------------------------------------------------------------------------

MOST_PARAMETERS = 7
MOST_ANY = 150
TYPED = ("compiler.semantics", "compiler.ir", "compiler.quantities", "compiler.networks")


def signatures(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(modules()[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_language(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """True for a function whose parameters are words of the language."""
    return any("family" in ast.unparse(decorator) for decorator in node.decorator_list)


def test_what_belongs_together_is_handed_on_together() -> None:
    found = [
        f"{name}:{node.lineno} {node.name}"
        for name in modules()
        for node in signatures(name)
        if len([*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]) > MOST_PARAMETERS
        if name != "dsl.builder" and not is_language(node)
    ]

    assert found == []


def test_values_have_types() -> None:
    used = {name: re.findall(r"\bAny\b", path.read_text(encoding="utf-8")) for name, path in modules().items()}
    places = [f"{name}:{node.lineno}" for name in modules() if name.startswith(TYPED) for node in signatures(name)]
    untyped = [
        f"{name}:{node.lineno}"
        for name in modules()
        if name.startswith(TYPED)
        for node in signatures(name)
        if re.search(r"\bAny\b", ast.unparse(node.args) + ast.unparse(node.returns or ast.Constant(None)))
    ]

    assert places and untyped == []
    assert sum(len(found) for name, found in used.items() if name.startswith("compiler")) <= MOST_ANY
