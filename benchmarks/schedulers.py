"""What it costs to run a study in processes or on Dask, and how much memory many points take.

    python benchmarks/schedulers.py [--rounds 3] [--seconds 20] [--points 10000000]

The same study, `seconds` of work for two workers in tasks of about a second, runs in turns in a process pool and on a
local Dask scheduler with two workers: wall time, whole and from the first block on (a pool starts its processes first,
workers of Dask are there), medians, ratios, and whether the files differ.
Then `points` points of fifty columns go to no file, to Parquet and to CSV (one in ten): the largest resident set of the
process and of a worker.
"""

import argparse
import hashlib
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from attrs import field, frozen

from compiler.study.progress import Silent
from compiler.study.run import RunOptions, run, stream

HERE = Path(__file__).parent
WORKERS = 2


@frozen
class Column:
    """A column of the study."""

    name: str
    unit: str = "W"
    kind: str = "show"


@frozen
class Figures:
    """Points of some columns, one in `keep` of them kept; each takes so many seconds more than its arithmetic."""

    size: int
    keep: int
    seconds: float = 0.0
    columns: tuple[Column, ...] = field(factory=lambda: tuple(Column(f"figure{number}") for number in range(50)))
    requires: tuple[str, ...] = ("one in so many",)
    fingerprint: str = "benchmark"

    def evaluate(self, start: int, stop: int) -> dict[str, np.ndarray]:
        """Products and sums like those of a report."""
        time.sleep(self.seconds * (stop - start))
        n = np.arange(start, stop, dtype=float)
        base = np.sqrt(n * 1.0001) * 750 + n / 3
        found = {column.name: base * (1 + number) + n for number, column in enumerate(self.columns)}
        kept = np.arange(start, stop) % self.keep == 0
        return {**found, "kept": kept, "removed_by": np.where(kept, -1, 0)}


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The address of a Dask scheduler with two workers of one thread."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    usual = ["--host", "127.0.0.1", "--no-dashboard"]
    one = ["worker", address, *usual, "--nthreads", "1", "--no-nanny", "--local-directory", str(folder)]
    commands = [["scheduler", *usual, "--port", str(port)], *[one] * WORKERS]
    started = []
    try:
        for command in commands:
            line = [sys.executable, "-m", "dask", *command]
            environment = {"PYTHONPATH": f"{HERE.parent}:{HERE}", "PATH": ""}
            started.append(subprocess.Popen(line, env=environment, stderr=subprocess.DEVNULL))
            time.sleep(2)
        yield address
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


class FirstBlock(Silent):
    """When the first block came."""

    def __init__(self) -> None:
        self.time = 0.0

    def advance(self, points: int, kept: int) -> None:
        """Remember the first time."""
        self.time = self.time or time.perf_counter()


def overhead(rounds: int, seconds: float) -> None:
    """Process pool and Dask in turns. Points wait rather than compute, so that a busy machine does not decide."""
    from schedulers import Figures as Shared  # under a name that workers can import

    plan = Shared(1 << 20, 64, seconds * WORKERS / (1 << 20))
    times: dict[str, list[tuple[float, float]]] = {"process pool": [], "dask": []}
    digests = set()
    with tempfile.TemporaryDirectory() as name, cluster(Path(name)) as address:
        ways = {"process pool": {"jobs": WORKERS}, "dask": {"scheduler": address}}
        for number in range(rounds):
            for way, named in ways.items():
                out, watcher = Path(name) / f"{way}{number}.parquet", FirstBlock()
                summary = run(plan, out=out, format="parquet", options=RunOptions(progress=watcher, **named))
                times[way].append((summary.seconds, time.perf_counter() - watcher.time))
                digests.add(hashlib.sha256(out.read_bytes()).hexdigest())
    for index, what in enumerate(("whole", "from the first block on")):
        medians = {way: statistics.median(each[index] for each in found) for way, found in times.items()}
        for way, found in times.items():
            print(f"{way:<14}{medians[way]:8.2f} s   {' '.join(f'{each[index]:.2f}' for each in found)}")
        print(f"dask / process pool, {what}: {medians['dask'] / medians['process pool']:.3f}")
    print(f"different files: {len(digests) - 1}")


def memory(points: int) -> None:
    """The largest resident set while so many points are run, in a process of its own each time."""
    for way, jobs in (("stream", 1), ("parquet", 2), ("csv", 2)):
        line = [sys.executable, str(HERE / "schedulers.py"), "--alone", way, "--jobs", str(jobs)]
        print(
            subprocess.run([*line, "--points", str(points)], capture_output=True, text=True, check=True).stdout, end=""
        )


def alone(way: str, jobs: int, points: int) -> None:
    """One run, and what it took; CSV keeps one point in ten, the others all."""
    from schedulers import Figures as Shared

    plan, begun = Shared(points, 10 if way == "csv" else 1), time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        if way == "stream":
            size = sum(chunk.kept for chunk in stream(plan, RunOptions(jobs=jobs))) * 0
        else:
            out = Path(name) / "out"
            run(plan, out=out, format=way, options=RunOptions(jobs=jobs))
            size = out.stat().st_size
    seconds = time.perf_counter() - begun
    largest = [resource.getrusage(who).ru_maxrss / 1000 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(
        f"{way:<8} {jobs} jobs {points:,} points {seconds:7.1f} s {1e9 * seconds / points:7.0f} ns a point"
        f" {size / 1e6:7.0f} MB; largest {largest[0]:.0f} MB, of a worker {largest[1]:.0f} MB"
    )


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--points", type=int, default=10_000_000)
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    parser.add_argument("--jobs", type=int, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        alone(options.alone, options.jobs, options.points)
        return
    overhead(options.rounds, options.seconds)
    memory(options.points)


if __name__ == "__main__":
    main()
