"""Seeds of uncertain literals: the place of each, found once for a file."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from compiler.semantics import seeds
from compiler.semantics.seeds import SEEDED, symbol
from compiler.semantics.values import Namespace
from dsl import syntax
from dsl.parser import parse
from dsl.source import Source
from dsl.walk import nodes

ROOT = Path(__file__).parent.parent.parent
FILES = sorted([*ROOT.glob("stdlib/**/*.cluster"), *ROOT.glob("examples/**/*.cluster")])
Node = syntax.Interval | syntax.Tolerance | syntax.Call
TEXT = """
chip A(x = 1 to 2) { tdp = normal(1 W, 1 W) + (2 W to 3 W); hbm { capacity = 4 GB +- 5% } }
let both = [1 to 2, 3 to 4]
"""


def module_of(text: str, name: str = "a.cluster") -> Namespace:
    source = Source(name, text)
    return Namespace(source, parse(source)[0], name)


def uncertain(module: Namespace) -> list[Node]:
    return [node for node in nodes(module.tree) if isinstance(node, SEEDED)]


def searched(tree: syntax.Module, node: Node) -> str:
    """The place of a node, looked for from the top of its file."""
    path: list[str] = []
    statements: Sequence[syntax.Statement] = tree.statements
    while True:
        around = next(s for s in statements if s.span.start <= node.span.start < s.span.end)
        path.append(seeds._name(around))
        body = around.body if isinstance(around, syntax.Entity | syntax.FieldGroup) else None
        if body is None or not body.span.start <= node.span.start < body.span.end:
            found = [item.span.start for item in nodes(around) if isinstance(item, SEEDED)]
            return f"{'.'.join(path)}#{found.index(node.span.start)}"
        statements = body.statements


def test_a_seed_is_the_place_of_a_literal() -> None:
    module = module_of(TEXT)

    assert [symbol(node, module) for node in uncertain(module)] == [
        "a.cluster:A#0",
        "a.cluster:A.tdp#0",
        "a.cluster:A.tdp#1",
        "a.cluster:A.hbm.capacity#0",
        "a.cluster:both#0",
        "a.cluster:both#1",
    ]


def test_lines_elsewhere_change_no_seed() -> None:
    alone, among = module_of(TEXT), module_of(f"let before = 7 to 8\n{TEXT}let after = 7 to 8\n")

    assert [symbol(node, alone) for node in uncertain(alone)] == [
        symbol(node, among) for node in uncertain(among)[1:-1]
    ]


def test_a_literal_of_another_text_is_known_by_its_words() -> None:
    module, other = module_of(TEXT), module_of("let x = 1 to 2\n", "query")

    assert symbol(uncertain(other)[0], module) == "query:1 to 2"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_seeds_are_those_of_a_search_from_the_top(path: Path) -> None:
    module = module_of(path.read_text(encoding="utf-8"), path.name)

    assert [symbol(node, module) for node in uncertain(module)] == [
        f"{path.name}:{searched(module.tree, node)}" for node in uncertain(module)
    ]


def test_a_file_is_walked_once_for_all_its_literals(monkeypatch: pytest.MonkeyPatch) -> None:
    module = module_of("".join(f"let v{n} = {n} to {n + 1}\n" for n in range(200)))
    walked: list[object] = []
    monkeypatch.setattr(seeds, "nodes", lambda root: walked.append(root) or nodes(root))

    for node in uncertain(module):
        symbol(node, module)

    assert len(walked) == 200
