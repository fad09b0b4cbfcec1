"""From text to all figures of a supercluster, and of one with ten times the pods: time and memory must not grow.

    python benchmarks/scale.py [--runs 5]

Each run is a fresh process; wall and CPU time are those of the whole process, `work` is the CPU time from the text to
the last figure without the imports, memory is the peak. Prints medians, and the ratio of the two sizes.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "examples" / "atlas950_supercluster.cluster"
LARGER = {
    "pods: Count = 64": "pods: Count = 640",
    "switch           = Switch51T": "switch           = Switch51T with { ports = 512 }",
    "power <= 1 GW": "power <= 10 GW",
}
"""What makes the design ten times as large: the pods, switches with the ports to reach them, the substation."""
AIM = "0.5 s and 150 MB"


def child() -> None:
    """One run, its result on standard output; the text stands on standard input."""
    text = sys.stdin.read()
    from compiler.emitters.json import emit
    from compiler.report.assembled import report
    from compiler.workspace.compilation import compile_text

    start = time.process_time()
    compilation = compile_text(text, "supercluster.cluster")
    design = compilation.design()
    wrong = [found.message for found in compilation.diagnostics if found.severity == "error"]
    if design is None or wrong:
        raise SystemExit(f"the program has errors: {wrong}")
    found = report(design)
    length = len(emit(found))
    work = time.process_time() - start
    accelerators = found.figures["accelerators"].value
    print(json.dumps({"work": work, "accelerators": accelerators, "bytes": length, "peak": peak()}))


def peak() -> float | None:
    """Peak memory of this process in MB; None where the platform does not tell."""
    try:
        import resource
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF)
    return most.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def run(text: str) -> dict[str, float]:
    """One run in a process of its own."""
    start, before = time.perf_counter(), _children()
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), "--child"],
        input=text.encode(),
        stdout=subprocess.PIPE,
        check=True,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found | {"wall": time.perf_counter() - start, "cpu": _children() - before}


def _children() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system


def main() -> None:
    """Measure both sizes in turn and print what came out."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--runs", type=int, default=5, help="runs of each size")
    arguments.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.child:
        child()
        return
    small = PROGRAM.read_text(encoding="utf-8")
    large = small
    for old, new in LARGER.items():
        assert old in large, f"{PROGRAM.name} has no `{old}` any more"
        large = large.replace(old, new)
    runs = [(run(small), run(large)) for _ in range(options.runs)]
    medians = [{key: statistics.median(pair[i][key] for pair in runs) for key in runs[0][0]} for i in (0, 1)]
    print(f"{'':16}{'as written':>14}{'ten times':>14}{'ratio':>8}   aim: {AIM}")
    rows = (("accelerators", 1, ""), ("wall", 1e3, "ms"), ("cpu", 1e3, "ms"), ("work", 1e3, "ms"), ("peak", 1, "MB"))
    for key, scale, unit in (*rows, ("bytes", 1, "B")):
        one, ten = (found[key] for found in medians)
        print(f"{key + ' ' + unit:16}{one * scale:14,.0f}{ten * scale:14,.0f}{ten / one:8.2f}")


if __name__ == "__main__":
    main()
