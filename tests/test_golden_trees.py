"""Trees and places as they were accepted: whole for small programs that use every rule, as digests for all others.

They were accepted when the table and a parser written by hand agreed on each of them.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from dsl import driver
from dsl.builder import Builder
from dsl.language import TABLE
from dsl.parser import parse
from dsl.source import Source
from dsl.walk import dump

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden" / "trees"
PROGRAMS = (
    "edition 2026",
    "import std.optics",
    "import std.huawei.ascend910 (Ascend910C, Ascend910B,)",
    'import "site/limits.cluster" as limits',
    'import "a.cluster" (\n  A,\n  B\n)',
    "tdp = 700 W",
    'hbm.capacity = 128 GB from paper "per package", est',
    'title = "our \\"own\\" \\\\ title"; released = 2025-09-18',
    "`to` = `from`",
    "npus = 8 of B200",
    'npus = 2 * n of B200(hbm = 192 GB) { bin = "A"; plane = index } from est',
    "hbm { capacity = 1 GB }",
    "a.b.c {\n  d = 1\n\n  # empty lines and comments\n\n}",
    "chip Ghost",
    "chip Empty { }",
    "rack Row(n: Count = 4, kind, size: a.B, m = 2,) like Base(3).x { nodes = n of Box }",
    "rack Bare() { }",
    "let power: Power = sum(npus.tdp) from est",
    "let x = a + b * c - d // e / -f + (-g) ^ 2 ^ -h",
    "let x = (a + (b)) * (c)\nlet y = ((a))",
    "let x = not a == b and c or not not d",
    "let x = a .. b + 1 == c",
    "let x = - -a + +b",
    "let x = -5 to +10 degC + -(5 to 10) - -5 to -1",
    "let x = 0.35 CNY/kWh +- 10% + -3 ± 1",
    "let x = 1_000 + 2.5e3 m^2 + 3.1e-2 + 5 % + 752 TFLOPS@bf16/W",
    "let x = a / b -> %",
    "let x = if a then b else if c then d else e + 1 -> MW",
    "let x = (if a then b else c) + 1",
    "let x = true\nlet y = false",
    "let x = f()(a)[0].b with { c = 1 } with { d = 2 }",
    "let x = f(a, b = 2, 3 W,)",
    "let x = f(x for x in y if z) + f(i * 2 for i in 1 .. 3)",
    "let x = []\nlet y = [1]\nlet z = [1, [2, 3], 4,]",
    "let x = [s.hbm -> TB for s in steps if s.bf16 > 200 PFLOPS@bf16]\nlet y = [s for s in t]",
    "let x = (\n  a\n    + b  # a newline in brackets means nothing\n) from est",
    "fn share(part, whole: Power = 1 W) = part / whole -> %\nfn nothing() = []",
    'assert a <= b else "too much"\nexpect true\nrequire not false else "no point"',
    'claim hbm: sum(npus.hbm.capacity) ~= 48 TB within 2% from press "headline"\nclaim 1 == 1',
    "claim a within 1 W\nclaim a from b",
    "connect a with L\nconnect a.b to c.d with 2 of L\nconnect a on k with L\nconnect a to b on j, k with L",
    "connect a by f(x = 1) with L with { rate = 1 W }\nconnect a to b by f with 1 of L { cable = 2 links } from s",
    "connect a on k by f with L\nconnect a to b on k by f.g(1) with L from s, t",
    "connect a, b.c, d to e, f.g on k, l by h with 2 of L { cable = 2 links } from s, t",
    "study s { sweep n in [64, 128]; show { p = p -> MW } }",
    "a = 1;; b = 2;\r\n\r\n;c = 3 ## three\n",
    "",
)


def shown(text: str) -> str:
    """A program and its tree."""
    module, diagnostics = parse(Source("t", text))
    assert diagnostics == ()
    quoted = "".join(f"| {line}\n" for line in text.replace("\r", "\\r").split("\n"))
    return f"{quoted}{dump(module, spans=True)}\n"


def digests() -> str:
    """Each file of ours whose spelling is right, with a digest of its tree."""
    lines = []
    for path in sorted(
        path for folder in ("examples", "stdlib", "tests/spec") for path in (ROOT / folder).rglob("*.cluster")
    ):
        module, diagnostics = parse(Source(path.name, path.read_text(encoding="utf-8")))
        if not diagnostics:
            digest = sha256(dump(module, spans=True).encode()).hexdigest()[:16]
            lines.append(f"{digest} {path.relative_to(ROOT).as_posix()}\n")
    return "".join(lines)


def check(golden: Path, said: str, accept: bool) -> None:
    if accept:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(said, encoding="utf-8", newline="\n")
    assert said == golden.read_text(encoding="utf-8"), "read the difference, then `pytest --accept`"


def test_trees_of_small_programs_are_what_was_accepted(accept: bool) -> None:
    check(GOLDEN / "programs.txt", "".join(map(shown, PROGRAMS)), accept)


def test_trees_of_files_are_what_was_accepted(accept: bool) -> None:
    check(GOLDEN / "files.txt", digests(), accept)


def test_small_programs_use_every_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[str] = set()

    class Watched(Builder):
        def __getattribute__(self, name: str) -> Any:
            found = super().__getattribute__(name)
            return (lambda *children: (used.add(name), found(*children))[1]) if name in methods else found

    methods = {rule.method for rule in TABLE.rules if rule.method} - {"alone"}
    monkeypatch.setattr(driver, "Builder", Watched)
    for text in PROGRAMS:
        parse(Source("t", text))

    assert methods - used == {"wrong", "unreadable"}
