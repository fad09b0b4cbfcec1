"""The compiler as its users meet it, in a process of its own that may take so much time and memory.

What it says of a text comes back as plain data. A refusal is an answer; a traceback, an end of time and an end of
memory are answers of other kinds.
"""

from __future__ import annotations

import io
import multiprocessing as mp
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.judge.text import ASKED

GB = 10**9
SECONDS = 60.0
BYTES = 3 * 1024**3


@dataclass(frozen=True)
class Said:
    """A bisection as reported, GB/s. None is an end that is not there."""

    status: str
    lower: float | None
    upper: float | None
    reason: str = ""
    method: str = ""


@dataclass(frozen=True)
class SaidOfNetwork:
    """What a report has of a network, GB/s."""

    count: int
    endpoints: int
    switches: int
    links: int
    cables: int
    injection: tuple[float, float] | None
    oversubscription: float | None
    bisection: Said
    all_to_all: Said | None
    permutation: Said | None


@dataclass(frozen=True)
class Answer:
    """What came back: `fine`, `refused`, `crashed`, `slow` or `full`, and in the first case all the figures."""

    kind: str
    seconds: float = 0
    why: str = ""
    whole: Said | None = None
    without_scale_up: Said | None = None
    networks: Mapping[str, SaidOfNetwork] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)
    complaints: tuple[str, ...] = ()


def answer(text: str) -> Answer:
    """What the compiler says of a text, in this process."""
    import clusterc

    start = time.perf_counter()
    try:
        design = clusterc.load("design.cluster", text=text)
        found = Answer(
            "fine",
            whole=_said(design.bisection.get("whole")),
            without_scale_up=_said(design.bisection.get("without_scale_up")),
            networks={path: _of_network(network) for path, network in design.networks.items()},
            figures=_figures(design),
            complaints=tuple(
                f"{each.code.id if hasattr(each.code, 'id') else each.code}" for each in design.diagnostics
            ),
        )
    except clusterc.ClusterError as error:
        found = Answer("refused", why=_complaint(error))
    except MemoryError:
        found = Answer("full", why="no more memory")
    except Exception:
        found = Answer("crashed", why=_fault())
    return Answer(**{**found.__dict__, "seconds": time.perf_counter() - start})


def _fault() -> str:
    """Where an exception came from: the function and the line, and what it said."""
    kind, error, trace = sys.exc_info()
    last = traceback.extract_tb(trace)[-1]
    return f"{kind.__name__ if kind else ''}: {error} in {last.name}, {Path(last.filename).name}:{last.lineno}"


def _complaint(error: Exception) -> str:
    found = getattr(error, "diagnostics", ())
    return "; ".join(f"{_code(each)}: {each.message}" for each in found if each.severity == "error") or str(error)


def _code(diagnostic: Any) -> str:
    code = diagnostic.code
    return str(getattr(code, "number", None) or getattr(code, "id", None) or code)


def _said(found: Any) -> Said | None:
    if found is None:
        return None
    lower, upper = (None if end is None else end / GB for end in (found.lower, found.upper))
    return Said(found.status, lower, upper, found.reason or "", found.method or "")


def _of_network(found: Any) -> SaidOfNetwork:
    injection = found.injection
    ends = None if injection is None or injection.value is None else (injection.low / GB, injection.high / GB)
    traffic = found.traffic
    return SaidOfNetwork(
        count=int(found.count),
        endpoints=int(found.endpoints),
        switches=int(found.switches),
        links=int(found.links),
        cables=int(found.cables),
        injection=ends,
        oversubscription=found.oversubscription,
        bisection=_said(found.bisection) or Said("absent", None, None),
        all_to_all=_said(traffic.all_to_all) if traffic else None,
        permutation=_said(traffic.permutation) if traffic else None,
    )


COUNTED = ("accelerators", "switches", "cpus", "nics", "links", "cables")


def _figures(design: Any) -> dict[str, float]:
    found = {}
    for path in COUNTED:
        if path in design.figures and design.figures[path].value is not None:
            found[path] = float(design.figures[path].value)
    for name, path in ASKED.items():
        figure = design.data.shown.get(name)
        if figure is not None and figure.high is not None:
            found[f"{path}.low"], found[f"{path}.high"] = figure.low / GB, figure.high / GB
    return found


def queried(text: str, expression: str) -> float | str:
    """The value of an expression inside the design, base unit, or what was said instead."""
    import clusterc

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "design.cluster")
        file.write_text(text, encoding="utf-8")
        out, err = io.StringIO(), io.StringIO()
        argv, sys.argv = sys.argv, ["clusterc", "query", str(file), expression, "--raw"]
        try:
            with redirect_stdout(out), redirect_stderr(err):
                status = clusterc.main(sys.argv[1:])
        except SystemExit as stop:
            status = stop.code
        finally:
            sys.argv = argv
    if status:
        return (err.getvalue() or out.getvalue()).strip()
    try:
        return float(out.getvalue().strip())
    except ValueError:
        return out.getvalue().strip()


# ---- another process ----------------------------------------------------------------------------------------


def _serve(pipe: Connection) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    os.environ["CLUSTERC_CACHE"] = ""
    while True:
        asked = pipe.recv()
        if asked is None:
            return
        kind, *arguments = asked
        pipe.send(answer(*arguments) if kind == "answer" else queried(*arguments))


class Asked:
    """A compiler in another process, begun again when it was ended for time or memory."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._process: Any = None
        self._pipe: Any = None

    def _begin(self) -> None:
        context = mp.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe.send(("answer", "edition 2026\nchip C { tdp = 1 W }\nnode N { c = 2 of C }\n"))
        self._pipe.recv()

    def answer(self, text: str) -> Answer:
        """What the compiler says of a text."""
        found = self._ask("answer", text)
        return found if isinstance(found, Answer) else Answer(*found)

    def query(self, text: str, expression: str) -> float | str:
        """The value of an expression, or what was said instead."""
        found = self._ask("query", text, expression)
        return found[0] if isinstance(found, tuple) else found

    def _ask(self, *asked: str) -> Any:
        if self._process is None or not self._process.is_alive():
            self._begin()
        start = time.perf_counter()
        try:
            self._pipe.send(asked)
            if self._pipe.poll(self.seconds):
                return self._pipe.recv()
            kind, why = "slow", f"no answer in {self.seconds:g} s"
        except (EOFError, OSError):
            kind, why = "full", "the process ended, for memory most likely"
        self.close()
        return kind, time.perf_counter() - start, why

    def close(self) -> None:
        """End the other process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()
        self._process = None
