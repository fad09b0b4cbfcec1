"""CPU time of checking many uncertain literals, in multiples of as many plain ones.

python benchmarks/literals.py [LITERALS] [RUNS]
"""

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from compiler.workspace.compilation import compile_text

GOAL = 2.0
SHAPES = {"lets of a file": "let v{n} = {literal}\n", "fields of chips": "chip C{n} {{ tdp = {literal} }}\n"}


def seconds(text: str) -> float:
    """CPU seconds of one check."""
    before = time.process_time()
    compilation = compile_text(text)
    spent = time.process_time() - before
    assert not compilation.diagnostics
    return spent


def main(literals: int, runs: int) -> None:
    """Measure each shape both ways, interleaved, and print medians."""
    seconds("let a = 1\nlet b = 1 to 2\nchip C { tdp = 1 W }\n")
    for name, line in SHAPES.items():
        plain, uncertain = (
            "".join(line.format(n=n, literal=literal) for n in range(literals)) for literal in ("650 W", "650 to 800 W")
        )
        pairs = [(seconds(plain), seconds(uncertain)) for _ in range(runs)]
        first, second = (statistics.median(side) for side in zip(*pairs, strict=True))
        shown = f"plain {first:6.2f} s   uncertain {second:6.2f} s   {second / first:4.2f} x   at most {GOAL:g}"
        print(f"{literals:,} {name:<16} {shown}")


if __name__ == "__main__":
    main(*map(int, (sys.argv[1:3] + ["16000", "5"][len(sys.argv[1:3]) :])))
