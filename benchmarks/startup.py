"""What a command costs from the shell: CPU time of whole processes in multiples of `python -c pass`, interleaved, medians.

python benchmarks/startup.py [RUNS]
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parent.parent
FILE = str(ROOT / "examples" / "cloudmatrix384.cluster")
STARTER = str(ROOT / "examples" / "minimal.cluster")
PYTHON = [sys.executable]
US = [sys.executable, "-m", "clusterc"]
Case = tuple[str, list[str], Callable[[Path], None], float | None]


def cpu(command: list[str], cache: Path) -> float:
    """User and system seconds of one process and its children."""
    before = _spent()
    environment = {**os.environ, "CLUSTERC_CACHE": str(cache), "PYTHONPATH": str(ROOT)}
    environment["PYTHONPYCACHEPREFIX"] = str(cache.parent / "bytecode")  # as an installed package has its bytecode
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return _spent() - before


def _spent() -> float:
    """CPU seconds of all children so far, to the microsecond where the system tells them so."""
    if resource is not None:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
    times = os.times()
    return times.children_user + times.children_system


def keep(_: Path) -> None:
    """Leave the cache as the last run left it."""


def drop(cache: Path) -> None:
    """Delete the cache."""
    shutil.rmtree(cache, ignore_errors=True)


CASES: tuple[Case, ...] = (
    ("python -c pass", [*PYTHON, "-c", "pass"], keep, None),
    ("clusterc --version", [*US, "--version"], keep, None),
    ("clusterc check, unchanged", [*US, "check", FILE], keep, 3),
    ("clusterc check, cache deleted", [*US, "check", FILE], drop, 15),
    ("clusterc report, design in memory", [*US, "report", FILE], keep, 28),
    ("clusterc report, cache deleted", [*US, "report", FILE], drop, 55),
    ("clusterc report of a starter, cache deleted", [*US, "report", STARTER], drop, 55),
    ("import clusterc", [*PYTHON, "-c", "import clusterc"], keep, None),
    ("import attrs", [*PYTHON, "-c", "import attrs"], keep, None),
    ("import numpy", [*PYTHON, "-c", "import numpy"], keep, None),
)


def main(runs: int) -> None:
    """Measure and print the table."""
    times: dict[str, list[float]] = {name: [] for name, *_ in CASES}
    with tempfile.TemporaryDirectory() as folder:
        caches = {name: Path(folder) / str(place) for place, (name, *_) in enumerate(CASES)}
        for name, command, _, _ in CASES:
            cpu(command, caches[name])
        for _ in range(runs):
            for name, command, prepare, _ in CASES:
                prepare(caches[name])
                times[name].append(cpu(command, caches[name]))
    base = statistics.median(times[CASES[0][0]])
    print(f"CPU time, medians of {runs} interleaved runs, CPython {sys.version.split()[0]}, {os.cpu_count()} cores")
    for name, _, _, goal in CASES:
        middle = statistics.median(times[name])
        wanted = f"   at most {goal:g}" if goal else ""
        print(f"  {name:<44}{middle * 1000:7.1f} ms  {middle / base:5.1f} x{wanted}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 11)
