"""Time and memory of the bisection of odd networks of every family: no more than 3 s and 500 MB under 20,000 endpoints.

    python benchmarks/limits.py [--each 6] [--seed 1] [--families dragonfly,bcube] [--designs 50]

Each runs in a process of its own, forked from one that has loaded everything; seconds are those of the processor, so
that a busy machine does not count. Prints what is over the limit, and at the end the slowest and the largest.
"""

import argparse
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)
os.environ["CLUSTERC_CACHE"] = ""

from attrs import frozen  # noqa: E402

import compiler.networks.bisection.hose  # noqa: E402
import compiler.networks.bisection.search  # noqa: E402
import compiler.networks.bisection.spectral  # noqa: E402, F401 -- loaded once, before any process is forked
from compiler.networks.bisection.portfolio import bisection  # noqa: E402
from compiler.networks.topologies.catalogue import topology  # noqa: E402
from compiler.networks.whole.whole_bisection import whole_bisection  # noqa: E402
from compiler.workspace.compilation import compile_text  # noqa: E402
from tests.judge.designs import SIZES, drawn  # noqa: E402
from tests.judge.odd_shapes import odd_shapes  # noqa: E402
from tests.judge.text import written  # noqa: E402

SECONDS, MEGABYTES = 3.0, 500.0
STOPPED = 120
"""Seconds of the processor after which a run is ended."""


@frozen
class Run:
    """A run, what it took, and what came of it."""

    name: str
    seconds: float
    megabytes: float
    answer: str

    @property
    def is_over(self) -> bool:
        """True when it took too long or too much memory."""
        return self.seconds > SECONDS or self.megabytes > MEGABYTES

    def __str__(self) -> str:
        mark = "OVER" if self.is_over else "    "
        return f"{mark} {self.seconds:8.2f} s {self.megabytes:7.0f} MB  {self.answer:<42} {self.name}"


def measured(name: str, act: Callable[[], str]) -> Run:
    """One run in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (STOPPED, STOPPED))
        try:
            before = time.process_time()
            answer = act()
            os.write(writing, f"{time.process_time() - before} {answer[:200]}".encode())
            os._exit(0)
        except Exception:
            traceback.print_exc()
        os._exit(1)  # a fault is told, and counts as over every limit
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        text = said.read().decode()
    _, status, used = os.wait4(child, 0)
    if status or not text:
        return Run(name, float(STOPPED), used.ru_maxrss / 1e3, f"ended with status {status}")
    seconds, _, answer = text.partition(" ")
    return Run(name, float(seconds), used.ru_maxrss / 1e3, answer)


def described(found: Any) -> str:
    """A bound in a few words."""
    if found.lower is None or found.upper is None:
        return f"{found.status}: {found.reason}"
    ratio = found.upper / found.lower if found.lower else float("inf") if found.upper else 1.0
    return f"{found.status} {found.lower:,.6g} .. {found.upper:,.6g} ({ratio:.3f})"


def families(seed: int, each: int, least: int, most: int, wanted: list[str]) -> Iterator[Run]:
    """A run for each network by itself."""
    for family, given in odd_shapes(seed, each, least, most, wanted):
        shown = ", ".join(f"{key}={value}" for key, value in given.items() if len(str(value)) < 120)
        size = topology(family, **given).endpoints
        yield measured(f"{family}({shown}) {size:,}", lambda f=family, p=given: described(bisection(topology(f, **p))))


def designs(seed: int, count: int) -> Iterator[Run]:
    """A run for each whole design of a generator, one of each of its sizes in turn."""
    names = list(SIZES)
    for number in range(seed, seed + count):
        size = names[number % len(names)]
        text = written(drawn(number, size))

        def act(text: str = text) -> str:
            design = compile_text(text, "drawn.cluster").design()
            return "no design" if design is None else described(whole_bisection(design.root))

        yield measured(f"design {number} of size {size}", act)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=6, help="how many networks of each family")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=int, default=50, help="least endpoints")
    parser.add_argument("--most", type=int, default=20_000, help="most endpoints")
    parser.add_argument("--families", default="", help="only these, after commas")
    parser.add_argument("--designs", type=int, default=0, help="how many whole designs")
    parser.add_argument("--all", action="store_true", help="print every run")
    chosen = parser.parse_args()

    wanted = [name for name in chosen.families.split(",") if name]
    runs = []
    alone = families(chosen.seed, chosen.each, chosen.least, chosen.most, wanted)
    for run in chain(alone, designs(chosen.seed, chosen.designs)):
        runs.append(run)
        if run.is_over or chosen.all:
            print(run, flush=True)
    over = [run for run in runs if run.is_over]
    print(f"{len(runs)} networks and designs, {len(over)} over {SECONDS} s or {MEGABYTES} MB")
    print(f"slowest  {max(runs, key=lambda run: run.seconds)}")
    print(f"largest  {max(runs, key=lambda run: run.megabytes)}")
    return bool(over)


if __name__ == "__main__":
    sys.exit(main())
