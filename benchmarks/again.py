"""CPU time of a second text in one process that differs from the first by one number, as a share of the first.

python benchmarks/again.py [RUNS]

Each run is a fresh process: the text is compiled and its figures are worked out, then the same with another number, and
once more with a third. `cold` counts what the first text alone loads (modules of Python, of the library); in `warm`
another small design with a network was worked out before, so that only the library is new to the first text.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NUMBERS = {
    "atlas950_supercluster": ("1000 m^2", "1001 m^2", "1002 m^2"),
    "cloudmatrix384": ("239 kW", "240 kW", "241 kW"),
}
"""A number of each example, and two others to put in its place."""
OTHER = """
chip C { tdp = 1 W; hbm.capacity = 3 GB }
link L { rate = 10 GB/s }
switch S { ports = 64; rate = 10 GB/s }
node N {
  c = 8 of C
  s = 3 of S
  network n { connect c to s with 1 of L }
  network q { connect c by torus(dims = [2, 4]) with 1 of L }
  claim power: sum(c.tdp) ~= 9 W
}
"""
GOAL = 0.5


def child(name: str, is_warm: bool) -> None:
    """One run, its CPU seconds for each text on standard output."""
    sys.path.insert(0, str(ROOT))
    text = (ROOT / "examples" / f"{name}.cluster").read_text(encoding="utf-8")
    first = NUMBERS[name][0]
    assert text.count(first) == 1
    if is_warm:
        _seconds(OTHER)
    print(json.dumps([_seconds(text.replace(first, number)) for number in NUMBERS[name]]))


def _seconds(text: str) -> float:
    before = time.process_time()
    from compiler.workspace.compilation import compile_text
    from compiler.workspace.design import opened

    assert opened(compile_text(text)).figures
    return time.process_time() - before


def main(runs: int) -> None:
    """Measure in fresh processes and print medians."""
    for name in NUMBERS:
        for way in ("cold", "warm"):
            command = [sys.executable, __file__, "child", name, way]
            found = [json.loads(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(runs)]
            first, second, third = (statistics.median(times) * 1000 for times in zip(*found, strict=True))
            ratio = (second + third) / 2 / first
            goal = f"   at most {GOAL:g}" if way == "cold" else ""
            shown = f"first {first:7.1f} ms   second {second:6.1f} ms   third {third:6.1f} ms   {ratio:4.2f}{goal}"
            print(f"{name:<22} {way}   {shown}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(sys.argv[2], sys.argv[3] == "warm")
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
