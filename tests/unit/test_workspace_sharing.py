"""The library is read and worked out once in a process: nothing of one compilation shows in another."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from compiler.emitters import ir
from compiler.ir.hardware import ClusterDesign
from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Intervals
from compiler.semantics.loader import Kept, Loader
from compiler.semantics.members import top_let
from compiler.semantics.values import TopLet
from compiler.study.preparation import plan
from compiler.workspace.build import inputs
from compiler.workspace.compilation import Compilation, compile_text, kept_library
from compiler.workspace.design import opened
from compiler.workspace.reading import Disk
from dsl.diagnostic import Diagnostic
from dsl.render import to_json

ROOT = Path(__file__).parent.parent.parent
PRICED = """
import std.huawei.cloudmatrix384 (CloudMatrix384)
import std.huawei.ascend910 (Ascend910C)
import std.sites.china (Ulanqab)
supercluster Mine {
  at   = Ulanqab
  pods = 2 of CloudMatrix384
  let cost = 3 kCNY * count(pods.all_parts)
  let tdp  = sum(pods.chips.tdp)
  expect tdp <= 400 kW
  claim memory: sum(pods.chips.hbm.capacity) ~= 90 TB
}
study s {
  sweep pods in 1 .. 3
  sweep chip in [Ascend910C, Ascend910C with { tdp = 600 W to 700 W }]
  let pod = CloudMatrix384 with { title = "swept" }
  show {
    links = pods * count(CloudMatrix384.links)
    power = pods * Mine.figures.power.it
    tdp   = pods * chip.tdp
    cost  = 3 kCNY * pods
  }
}
"""
OWN_RATE = """
source ours { title = "ours"; date = 2026-01-01; grade = "estimate" }
currency CNY { rate = 2 USD from ours }
import std.sites.china (Ulanqab)
let tariff = Ulanqab.price
let money = 5 CNY
"""
OTHERS = (
    OWN_RATE,
    "import std.huawei.cloudmatrix384 (CloudMatrix384)\nlet n = count(CloudMatrix384.links)\nlet wrong = CloudMatrix384.no_such\n",
    "import std.huawei.ascend910 (Ascend910C)\nchip A like Ascend910C { tdp = 1 GB }\nlet x = y + 1\n",
    "import std.nvidia.blackwell (B200)\nimport std.nowhere (X)\nnode N { npus = 8 of B200 }\n",
)
PROGRAMS = {
    "atlas": (ROOT / "examples" / "atlas950_supercluster.cluster").read_text(encoding="utf-8"),
    "cloudmatrix": (ROOT / "examples" / "cloudmatrix384.cluster").read_text(encoding="utf-8"),
    "roadmap": (ROOT / "examples" / "roadmap.cluster").read_text(encoding="utf-8"),
    "priced": PRICED,
}


def others() -> tuple[str, ...]:
    """Twenty texts that use much of the library, some of them wrong."""
    files = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("stdlib/**/*.cluster"))]
    systems = [text for text in files if "supernode " in text or "supercluster " in text]
    return (*OTHERS, *systems[: 20 - len(OTHERS)])


def found(text: str) -> dict[str, object]:
    """All that is found of a text: complaints, the files it rests on, its design and its report."""
    compilation = compile_text(text)
    design = compilation.design()
    report = opened(compilation, effort="low").report().to_dict() if design is not None else None
    study = plan(compilation, "s", 64) if text is PRICED else None
    return {
        "said": to_json(tuple(compilation.diagnostics)),
        "inputs": sorted(inputs(compilation)),
        "modules": list(compilation.loader.modules),
        "design": ir.emit(design) if isinstance(design, ClusterDesign) else "",
        "report": report,
        "fingerprint": study.fingerprint if study is not None else "",
        "rows": {name: column.tolist() for name, column in study.evaluate(0, study.size).items()} if study else {},
    }


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_text_after_twenty_others_is_as_in_a_process_of_its_own(name: str) -> None:
    code = f"import sys, json; sys.path.insert(0, {str(Path(__file__).parent)!r})\n" + (
        f"import test_workspace_sharing as t; print(json.dumps(t.found(t.PROGRAMS[{name!r}])))"
    )
    alone = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    for text in others():
        compile_text(text)

    again = json.loads(json.dumps(found(PROGRAMS[name])))
    assert name != "priced" or len(again["rows"]["power"]) == 6

    assert again == json.loads(alone.stdout)


def test_a_module_of_the_library_is_one_object_for_all_compilations() -> None:
    text = "import std.huawei.ascend910 (Ascend910C)\nlet x = Ascend910C.tdp\n"

    first, second = compile_text(text), compile_text(text + "\n")

    assert first.loader.modules["std.huawei.ascend910"] is second.loader.modules["std.huawei.ascend910"]


def test_what_is_kept_grows_no_larger_than_the_library() -> None:
    for number in range(30):
        compile_text(f"import std.huawei.ascend910 (Ascend910C)\nlet x = {number} * Ascend910C.tdp\n")

    kept = kept_library()
    known = kept["std.huawei.ascend910"].module.known

    assert set(kept) <= {*Disk().library_names()}
    assert len(known.instances) <= len(kept["std.huawei.ascend910"].module.own)


def middle(compilation: Compilation, name: str) -> float:
    assert compilation.module is not None
    binding = compilation.module.names[name]
    assert isinstance(binding, TopLet)
    value = top_let(binding, binding.node.name.span, compilation.state)
    assert isinstance(value, Quantity)
    return Intervals().of(value).middle


def test_a_rate_of_the_text_changes_no_other_text() -> None:
    plain = OWN_RATE.replace("currency CNY { rate = 2 USD from ours }", "")

    before, own, after = (compile_text(text) for text in (plain, OWN_RATE, plain))

    assert middle(own, "money") == 10.0
    assert middle(before, "tariff") == middle(after, "tariff") != middle(own, "tariff")


def test_texts_are_compiled_in_threads() -> None:
    kept_library().clear()
    texts = [PRICED.replace("Mine", f"Mine{number}") for number in range(8)]
    alone = [to_json(tuple(compile_text(text).diagnostics)) for text in texts]
    kept_library().clear()

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(compile_text, texts))

    assert [to_json(tuple(compilation.diagnostics)) for compilation in together] == alone
    assert all(compilation.design() is not None for compilation in together)


# ---- what is kept of a module ----------------------------------------------------------------


class Shelf(Disk):
    """A reader whose library is a few texts."""

    def __init__(self, **texts: str) -> None:
        super().__init__()
        self.texts = texts

    def library(self, dotted: str) -> bytes | None:
        """The text of that name."""
        return self.texts[dotted].encode() if dotted in self.texts else None


def loaded(shelf: Shelf, kept: dict[str, Kept], name: str) -> tuple[Loader, list[Diagnostic]]:
    said: list[Diagnostic] = []
    loader = Loader(said.append, shelf, kept)
    loader.library(name)
    return loader, said


def test_a_changed_module_is_read_anew_and_so_is_what_imports_it() -> None:
    kept: dict[str, Kept] = {}
    texts = {"a": "import std.b (B)\nlet a = B.tdp\n", "b": "chip B { tdp = 1 W }\n", "c": "let c = 1\n"}
    loaded(Shelf(**texts), kept, "c")
    first, _ = loaded(Shelf(**texts), kept, "a")

    same, _ = loaded(Shelf(**texts), kept, "a")
    other, _ = loaded(Shelf(**texts | {"b": "chip B { tdp = 2 W }\n"}), kept, "a")

    assert list(same.modules) == list(first.modules) == ["std.a", "std.b"]
    assert same.modules["std.a"] is first.modules["std.a"]
    assert other.modules["std.a"] is not first.modules["std.a"]
    assert other.modules["std.b"].source.text == "chip B { tdp = 2 W }\n"
    assert set(kept) == {"std.a", "std.b", "std.c"}


def test_a_module_that_is_complained_about_is_not_kept() -> None:
    kept: dict[str, Kept] = {}
    shelf = Shelf(a="import std.b (Other)\n", b="chip B { tdp = 1 W }\n")

    _, first = loaded(shelf, kept, "a")
    _, again = loaded(shelf, kept, "a")

    assert [found.code.id for found in first] == [found.code.id for found in again] == ["C0803"]
    assert set(kept) == {"std.b"}


def test_what_is_wrong_with_a_thing_of_the_library_is_said_to_every_text_that_uses_it() -> None:
    kept: dict[str, Kept] = {}
    shelf = Shelf(a="chip A { tdp = 1 GB }\nlet x = A.tdp\n")

    said = []
    for _ in range(2):
        compilation = Compilation(disk=shelf)
        compilation.loader.kept = kept
        compilation.take(compilation.loader.text("t.cluster", "import std.a (A)\nnode N { a = 2 of A }\n"))
        compilation.check()
        said.append([found.message for found in compilation.diagnostics])

    assert said == [["`tdp` is a power, but `1 GB` is an amount of data"]] * 2


def test_what_one_text_knew_before_is_told_to_a_text_that_knows_nothing() -> None:
    kept: dict[str, Kept] = {}
    texts = {"a": "chip A { tdp = 1 W }\n", "b": "import std.a (A)\nnode B { chips = 2 of A }\n"}
    first = "import std.a (A)\nimport std.b (B)\nnode N { mine = 3 of A }\nlet a = sum(N.mine.tdp)\n"
    ways = (
        first + "rack R { nodes = 2 of B }\nlet b = sum(R.all_parts.tdp)\n",
        "import std.b (B)\nlet b = sum(B.chips.tdp)\n",
    )

    for way in ways:
        compilation = Compilation(disk=Shelf(**texts))
        compilation.loader.kept = kept
        compilation.take(compilation.loader.text("t.cluster", way))
        compilation.check()

        assert compilation.diagnostics == []
