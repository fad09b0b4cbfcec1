"""Speed of parsing: ours, Lark's own parser of the same grammar, and python-hcl2 on the same design.

    python benchmarks/parse.py [--lines 10000] [--rounds 7]

The parsers take turns in one process; CPU time, medians. python-hcl2 is measured when it is installed
(`pip install python-hcl2`); its text has as many lines, the same blocks, and numbers in place of units.
"""

import argparse
import gc
import importlib
import re
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lark import Lark, Token

from dsl.grammar.disk import SOURCES
from dsl.language import KEYWORDS, STATEMENT_WORDS
from dsl.parser import parse
from dsl.source import Source

UNIT = """rack Rack{n}(count: Count = 4) {{
  nodes = count of Node{n} {{
    slot = index // 2
    port ub {{
      lanes = 7
      rate = 28 GB/s from paper "196 GB/s per die"
      cable {{
        length = 2 to 3 m
        kind = "copper"
      }}
    }}
    tdp = 650 to 800 W from est
    hbm.capacity = 128 GB from paper "per package"
  }}
  let power = sum(nodes.tdp) * 1.05 -> kW
  assert power <= 60 kW else "too hot"
}}
"""
HCL = """rack "Rack{n}" {{
  count = 4
  nodes "Node{n}" {{
    slot = index / 2
    port "ub" {{
      lanes = 7
      rate = [28, "paper", "196 GB/s per die"]
      cable {{
        length = [2, 3]
        kind = "copper"
      }}
    }}
    tdp = [650, 800, "est"]
    capacity = [128, "paper", "per package"]
  }}
  power = sum(nodes.tdp) * 1.05
}}
"""


TERMINALS = r"""
CONVERT.4 : "->" BLANKS? UNIT
DATE.5    : /[0-9]{4}-[0-9]{2}-[0-9]{2}/
MEASURE.3 : DIGITS BLANKS? UNIT
NUMBER.2  : DIGITS
STRING    : /"(?:[^"\\\n]|\\[^\n])*"/
NAME      : /[A-Za-z_][A-Za-z0-9_]*|`[^`\n]+`/
_NEWLINE  : /\r?\n/
WRONG     : "WRONG"
LOST      : "LOST"
DIGITS    : /[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][+\-]?[0-9]+|(?![eE][+\-]?[0-9]))/
UNIT      : /(?!(?:KEYWORDS)\b)/ (WORD (/[\/·]/ WORD)* /(?!\w)/ | "%")
WORD      : /[A-Za-zµμΩ°$€¥]+(?:[0-9][A-Za-z]*)?(?:@[A-Za-z0-9_]+)?(?:\^-?[0-9])?/
BLANKS    : /[ \t]+/
COMMENT   : /#[^\n]*/
%ignore BLANKS
%ignore COMMENT
"""
"""The tokens of `dsl/tokens.py` as Lark can make them, for its own lexer; the measure alone needs them."""


class Newlines:
    """Drops newlines inside brackets, unless a statement begins after them."""

    always_accept = ("_NEWLINE",)
    starts = frozenset({"RBRACE", *(word.upper() for word in STATEMENT_WORDS)})

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The tokens that the grammar sees."""
        depth = 0
        outer: list[int] = []
        held: Token | None = None
        for token in stream:
            kind = token.type
            if kind == "_NEWLINE" and depth:
                held = token
                continue
            if held is not None and kind in self.starts:
                depth = 0
                yield held
            held = None
            if kind in ("LPAR", "LSQB"):
                depth += 1
            elif kind in ("RPAR", "RSQB"):
                depth -= depth > 0
            elif kind == "LBRACE":
                outer.append(depth)
                depth = 0
            elif kind == "RBRACE":
                depth = outer.pop() if outer else 0
            yield token


def lark(*, positions: bool) -> Lark:
    """Lark's parser of our grammar, with a lexer of its own."""
    grammar = Path(SOURCES[0]).read_text(encoding="utf-8")
    terminals = TERMINALS.replace("KEYWORDS", "|".join(sorted(KEYWORDS)))
    return Lark(
        re.sub(r"%declare.*", "", grammar) + terminals,
        parser="lalr",
        lexer="basic",
        maybe_placeholders=True,
        propagate_positions=positions,
        postlex=Newlines(),
    )


def text(pattern: str, lines: int) -> str:
    """So many lines of nested parts."""
    each = pattern.count("\n")
    return "".join(pattern.format(n=n) for n in range(-(-lines // each)))


def seconds(work: Callable[[], object]) -> float:
    """CPU time of one run."""
    gc.collect()
    begin = time.process_time()
    work()
    return time.process_time() - begin


def runners(lines: int) -> dict[str, tuple[int, Callable[[], object]]]:
    """Parsers by name: the number of lines of its text, and the run."""
    ours, hcl = text(UNIT, lines), text(HCL, lines)
    source = Source("parts.cluster", ours)
    module, diagnostics = parse(source)
    assert not diagnostics and len(module.statements) == ours.count("rack ")
    plain, placed = lark(positions=False), lark(positions=True)
    found: dict[str, tuple[int, Callable[[], object]]] = {
        "clusterc, all spans": (ours.count("\n"), lambda: parse(Source("parts.cluster", ours))),
        "Lark, plain tree": (ours.count("\n"), lambda: plain.parse(ours)),
        "Lark, tree with positions": (ours.count("\n"), lambda: placed.parse(ours)),
    }
    try:
        hcl2 = importlib.import_module("hcl2")
    except ImportError:
        print("python-hcl2 is not installed and not measured: pip install python-hcl2")
    else:
        found["python-hcl2"] = (hcl.count("\n"), lambda: hcl2.loads(hcl))
    return found


def main() -> None:
    """Prints medians, lines per second and ratios."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--lines", type=int, default=10_000)
    arguments.add_argument("--rounds", type=int, default=7)
    options = arguments.parse_args()
    measured = runners(options.lines)
    times: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(options.rounds):
        for name, (_, work) in measured.items():
            times[name].append(seconds(work))
    rates = {name: measured[name][0] / statistics.median(times[name]) for name in measured}
    first = next(iter(rates.values()))
    print(f"{'parser':<28}{'median ms':>11}{'lines/s':>11}{'ours is faster by':>20}")
    for name, rate in rates.items():
        print(f"{name:<28}{statistics.median(times[name]) * 1000:>11.0f}{rate:>11,.0f}{first / rate:>20.1f}")


if __name__ == "__main__":
    main()
