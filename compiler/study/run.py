"""Execution of a study: blocks of points are handed to workers, come back in order, and are written or passed on."""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
import sys
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path

from attrs import define, field, frozen

from compiler.errors import ClusterError, complaint
from compiler.study.columns import ColumnFacts, Columns, places, truths
from compiler.study.executors import WORKERS_LOST, Lane, WorkerLost, lane
from compiler.study.formats import FORMATS, Format, format_named, kept_rows
from compiler.study.journal import Journal, journal_path
from compiler.study.progress import Progress, Silent, duration, size
from compiler.study.store import Grid, PointBlock, Runnable, RunTally, finished, grid, header, manifest_path
from compiler.workspace.files import UNWRITTEN

TASK_SECONDS = 1.0
GROWTH = 4
"""Factor by which a task may be longer than the one before: the first blocks may be quick by chance."""
HELD_BYTES = 96_000_000
"""Limit of the bytes of all results that are held at a time."""
ATTEMPTS = 3
"""Number of workers that may be lost over one task: points that need too much memory kill every one."""
WORTH_SAYING, SURE_AFTER = 60.0, 3.0
PROBES, PROBE_SECONDS, GOLDEN = 256, 1.0, 0.6180339887498949
"""Probes of the share of points that is kept: at most so many, for so many seconds. Multiples of the golden ratio are
spread evenly over a study, however many of them there is time for."""
ARRAYS = "arrays"


@frozen
class RunOptions:
    """Options of a run: number of processes, or the address of a Dask scheduler; whether removed points stay among the
    rows; and the display of progress. Only `keep_removed` changes the rows.
    """

    jobs: int = 1
    scheduler: str | None = None
    keep_removed: bool = False
    progress: Progress = field(factory=Silent)


DEFAULT = RunOptions()


@frozen
class Chunk:
    """The rows of points `start` to `stop`: those that were kept, or all of them with `kept` and `removed_by`."""

    start: int
    stop: int
    kept: int
    removed: tuple[int, ...]
    columns: Columns


@frozen
class RunSummary:
    """Result of a run. `seconds` and `rate` (points a second) are those of this run, counts those of the study."""

    points: int
    kept: int
    removed: tuple[tuple[str, int], ...]
    seconds: float
    rate: float
    resumed: int = 0
    files: tuple[Path, ...] = ()


class Stopped(KeyboardInterrupt):
    """Interruption of a run by Ctrl-C; the blocks done until then are kept."""


def run(
    plan: Runnable, *, out: Path | None, format: str, resume: bool = False, options: RunOptions = DEFAULT
) -> RunSummary:
    """Evaluate a study into a file with its manifest, or, without `out`, into the standard output.

    The bytes depend on the plan and the format, not on jobs or scheduler. `resume` goes on with what an earlier run
    left. Raises `ClusterError` for whatever stops it, and `Stopped` after Ctrl-C; what was found until then is kept.
    """
    form, begun = format_named(format), time.monotonic()
    work = _Run(plan, form.name, options)
    if out is None:
        return _to_stdout(work, form, resume, begun)
    facts = header(plan, form, options.keep_removed)
    journal = journal_path(out)
    if resume and not journal.exists() and (manifest := finished(out, facts)) is not None:
        done = RunTally(manifest["blocks"], plan.size, manifest["kept"], tuple(manifest["removed"]))
        options.progress.note(f"`{out}` was finished before; nothing is left to do")
        return _summary(plan, done, plan.size, begun, out)
    with Journal(journal, facts, resume=resume) as kept:
        resumed = kept.done.points
        try:
            _fill(kept, work, out)
            kept.publish(out, form, _columns(plan, options.keep_removed))
        except KeyboardInterrupt:
            raise _stopped(options.progress, kept.done.points, plan.size, "; go on with `--resume`") from None
        return _summary(plan, kept.done, resumed, begun, out)


def stream(plan: Runnable, options: RunOptions = DEFAULT) -> Iterator[Chunk]:
    """Rows of a study as arrays, in the order of the points; nothing is written."""
    work = _Run(plan, ARRAYS, options)
    for block in work.blocks(0, None):
        start, stop = work.grid.span(block.number)
        yield Chunk(start, stop, block.kept, block.removed, block.columns)


# ---- where blocks go -------------------------------------------------------------------------


def _fill(journal: Journal, work: _Run, out: Path) -> None:
    """Evaluate the blocks that the journal lacks, and add them."""
    for block in work.blocks(journal.done.points, out, first=journal.done.blocks):
        journal.append(block)
    journal.sync()


def _to_stdout(work: _Run, form: Format, resume: bool, begun: float) -> RunSummary:
    if resume:
        raise ClusterError("`--resume` goes on with a file: name it with `-o`")
    if not form.is_text:
        raise ClusterError("Parquet goes to a file: name it with `-o`")
    done, out = RunTally(removed=(0,) * len(work.plan.requires)), sys.stdout.buffer
    sys.stdout.flush()
    out.write(form.head(_columns(work.plan, work.options.keep_removed), _about(work, form)))
    between = b""
    try:
        for block in work.blocks(0, None):
            if block.payload:
                out.write(between + block.payload)
                between = form.joint
            done = done.plus(block)
    except KeyboardInterrupt:
        raise _stopped(work.options.progress, done.points, work.plan.size, "") from None
    out.write(form.tail)
    out.flush()
    return _summary(work.plan, done, 0, begun, None)


# ---- handing blocks out ----------------------------------------------------------------------


@define
class _Task:
    """Blocks `first` up to `last`, submitted to a worker."""

    first: int
    last: int
    future: Future[tuple[list[PointBlock], float]]


class _Run:
    """State of one run: its plan, its options, and the number of blocks that a task may have."""

    def __init__(self, plan: Runnable, form: str, options: RunOptions) -> None:
        if options.jobs < 1:
            raise ClusterError(f"`--jobs` is {options.jobs}: at least one process must work")
        self.plan, self.form, self.options = plan, form, options
        self.grid = grid(plan)
        self._order = Order(pickle.dumps(plan, protocol=5), form, options.keep_removed)
        self._each = 1  # blocks in a task, about a second of work

    def blocks(self, done: int, out: Path | None, *, first: int = 0) -> Iterator[PointBlock]:
        """Every block from `first` on, in order; `done` points were done before."""
        if first == self.grid.count:
            return
        self.options.progress.start(self.plan.size, done)
        try:
            with lane(min(self.options.jobs, self.grid.count - first), self.options.scheduler) as workers:
                ahead = _Ahead(self, out)
                for found, seconds in self._tasks(workers, first):
                    self._learn(found, seconds, workers)
                    ahead.tell(found)
                    for block in found:
                        yield block
                        self.options.progress.advance(block.points, block.kept)
        finally:
            self.options.progress.stop()

    def _tasks(self, workers: Lane, first: int) -> Iterator[tuple[list[PointBlock], float]]:
        """Results of the tasks, in order, with the seconds that each took.

        Tasks of lost workers are submitted again.
        """
        under_way: deque[_Task] = deque()
        failures, following = 0, first
        while following < self.grid.count or under_way:
            while following < self.grid.count and len(under_way) < workers.window:
                last = min(self.grid.count, following + self._share(workers, following))
                under_way.append(self._task(workers, following, last))
                following = last
            task = under_way[0]
            try:
                found, seconds = workers.result(task.future)
            except WorkerLost as error:
                failures += 1
                if failures >= ATTEMPTS:
                    raise self._lost(task, error) from error
                workers.renew()
                for each in under_way:
                    each.future = self._task(workers, each.first, each.last).future
                continue
            failures = 0  # progress: workers may die often over a long study, if only each time over another task
            under_way.popleft()
            # the worker stopped early because its results grew too large: the rest of the task goes in front
            if (rest := task.first + len(found)) < task.last:
                under_way.appendleft(self._task(workers, rest, task.last))
            yield found, seconds

    def _task(self, workers: Lane, first: int, last: int) -> _Task:
        room = HELD_BYTES // workers.window
        return _Task(first, last, workers.submit(evaluated, self._order, first, last, room))

    def _share(self, workers: Lane, following: int) -> int:
        """Number of blocks for the next task: about a second of work, less near the end, lest others be idle."""
        return max(1, min(self._each, (self.grid.count - following) // (2 * workers.width)))

    def _learn(self, found: list[PointBlock], seconds: float, workers: Lane) -> None:
        """Set the length of further tasks: about a second of work, less when the results would not fit into memory."""
        in_time = TASK_SECONDS * len(found) / max(seconds, 1e-9)
        in_room = HELD_BYTES / workers.window * len(found) / max(1, sum(block.weight for block in found))
        self._each = max(1, int(min(self._each * GROWTH, in_time, in_room)))

    def _lost(self, task: _Task, error: WorkerLost) -> ClusterError:
        start, stop = self.grid.span(task.first)[0], self.grid.span(task.last - 1)[1]
        message = f"{error} ({ATTEMPTS} times without progress, from point {start:,} to {stop:,})"
        return complaint(WORKERS_LOST, "study", message, "mend that and go on with `--resume`")


class _Ahead:
    """Forecast of time and disk space from the first blocks.

    The very first is left out: its workers have just started.
    """

    def __init__(self, work: _Run, out: Path | None) -> None:
        self._work, self._out = work, out
        self._begun = 0.0
        self._first = self._blocks = self._bytes = self._rows = 0
        self._is_told = False

    def tell(self, found: list[PointBlock]) -> None:
        """Take in blocks: refuse at once what the disk cannot hold, and after a few seconds note how long it will take.

        Raises `ClusterError` when the disk is too small.
        """
        if self._is_told:
            return
        self._blocks += len(found)
        self._bytes += sum(len(block.payload) for block in found)
        self._rows += sum(block.points if self._work.options.keep_removed else block.kept for block in found)
        rest = self._work.grid.count - found[-1].number - 1
        if not self._first:
            self._first, self._begun = self._blocks, time.monotonic()
            self._hold(rest)
        elif (seconds := time.monotonic() - self._begun) > SURE_AFTER:
            self._is_told = True
            left = seconds / (self._blocks - self._first) * rest
            if left > WORTH_SAYING:
                room = f" and {size(self._large(rest))} on the disk" if self._out is not None else ""
                self._work.options.progress.note(f"{self._work.plan.size:,} points: another {duration(left)}{room}")

    def _hold(self, rest: int) -> None:
        if self._out is None:
            return
        free = shutil.disk_usage(self._out.absolute().parent).free
        if 2 * self._bytes / self._blocks * rest > free and (large := self._large(rest)) > free:
            told = f"{self._work.plan.size:,} points need {size(large)} on the disk, of which {size(free)} are free"
            help = "filter with `require`, sweep fewer values, or choose a larger disk with `-o`"
            raise complaint(UNWRITTEN, self._out, told, help)

    def _large(self, rest: int) -> float:
        """Estimated bytes of journal and file together: size of a row times the rows that are likely to be kept."""
        points = rest * self._work.grid.block
        return 2 * self._bytes / max(1, self._rows) * points * self._share_kept()

    def _share_kept(self) -> float:
        """Share of points kept, estimated all over the study: a sweep often begins where all or none are."""
        if self._work.options.keep_removed:
            return 1.0
        plan, begun, kept, tried = self._work.plan, time.monotonic(), 0, 0
        while tried < PROBES and (not tried or time.monotonic() - begun < PROBE_SECONDS):
            point = int(plan.size * (tried * GOLDEN % 1.0))
            kept += int(truths(plan.evaluate(point, point + 1), "kept").sum())
            tried += 1
        return kept / tried


# ---- in the worker ---------------------------------------------------------------------------


@frozen
class Order:
    """Order for a worker: the pickled plan, the format of its rows, and whether removed points are kept."""

    plan: bytes
    form: str
    keep_removed: bool


def evaluated(order: Order, first: int, last: int, room: int) -> tuple[list[PointBlock], float]:
    """Evaluate blocks `first` up to `last`, fewer when they exceed `room` bytes; returns them and the seconds taken."""
    plan, begun = _plan(order.plan), time.perf_counter()
    spans = grid(plan)
    found: list[PointBlock] = []
    weight = 0
    for number in range(first, last):
        found.append(_block(plan, spans, number, order.form, order.keep_removed))
        weight += found[-1].weight
        if weight >= room:
            break
    return found, time.perf_counter() - begun


@lru_cache(maxsize=2)
def _plan(pickled: bytes) -> Runnable:
    """The plan of an order, unpacked once in each worker. It travels with every task: workers may join at any time."""
    plan: Runnable = pickle.loads(pickled)
    return plan


def _block(plan: Runnable, spans: Grid, number: int, form: str, keep_removed: bool) -> PointBlock:
    import numpy

    start, stop = spans.span(number)
    found = plan.evaluate(start, stop)
    kept, removed_by = truths(found, "kept"), places(found, "removed_by")
    counts = numpy.bincount(removed_by[~kept], minlength=len(plan.requires))
    removed = tuple(int(count) for count in counts)
    rows = {column.name: found[column.name] for column in plan.columns}
    if keep_removed:
        names = numpy.array([*plan.requires, ""], dtype=object)
        rows |= {"kept": kept, "removed_by": removed_by if form == ARRAYS else names[numpy.where(kept, -1, removed_by)]}
    elif not kept.all():
        rows = kept_rows(rows, kept)
    held = int(kept.sum())
    if form == ARRAYS:
        weight = sum(values.nbytes for values in rows.values())
        return PointBlock(number, stop - start, held, removed, columns=rows, weight=weight)
    payload = FORMATS[form].encode(rows) if keep_removed or held or not FORMATS[form].is_text else b""
    digest = hashlib.sha256(payload).hexdigest()
    return PointBlock(number, stop - start, held, removed, payload, digest, weight=len(payload))


# ---- what is said at the end -----------------------------------------------------------------


@frozen
class _Extra:
    """Facts of a column that no study declares."""

    name: str
    kind: str
    unit: str = ""


def _columns(plan: Runnable, keep_removed: bool) -> list[ColumnFacts]:
    extra = [_Extra("kept", "bool"), _Extra("removed_by", "text")] if keep_removed else []
    return [*plan.columns, *extra]


def _about(work: _Run, form: Format) -> str:
    return json.dumps(header(work.plan, form, work.options.keep_removed), ensure_ascii=False)


def _summary(plan: Runnable, done: RunTally, resumed: int, begun: float, out: Path | None) -> RunSummary:
    seconds = time.monotonic() - begun
    rate = (done.points - resumed) / seconds if seconds > 0 else 0.0
    removed = tuple(zip(plan.requires, done.removed, strict=True))
    files = (out, manifest_path(out)) if out is not None else ()
    return RunSummary(done.points, done.kept, removed, seconds, rate, resumed, files)


def _stopped(watcher: Progress, done: int, total: int, help: str) -> Stopped:
    message = f"stopped after {done:,} of {total:,} points{help}"
    watcher.note(message)
    return Stopped(message)
