"""Executors of blocks, called lanes: this process, processes of this machine, or a Dask cluster."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from compiler import __version__
from compiler.errors import ClusterError, complaint, required
from dsl.diagnostic import Code

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Result = TypeVar("Result")
DaskClient = Any
"""A client of `distributed`, which comes without types."""

PATIENCE = 10.0
"""Seconds to wait for a scheduler, or for a first worker, before the user is told."""
POLL = 0.5
"""Seconds between two looks at a cluster that is slow to answer."""
AHEAD = 2
"""Tasks under way for each that runs, so that no worker waits for the next one."""

NO_SCHEDULER = Code(
    "C0824",
    "a scheduler does not answer, or has no workers",
    cause="`--scheduler` names a Dask scheduler, which hands the points to its workers. What was found before it went "
    "away is kept.",
    wrong="",
    right="chip Toy { tdp = 1 W }\n",
)
OTHER_WORKERS = Code(
    "C0825",
    "workers have another version",
    cause="Workers evaluate the points, so they need clusterc and the libraries that it computes with, in the versions of "
    "this machine: else the same study would give other bytes.",
    wrong="",
    right="chip Toy { tdp = 1 W }\n",
)
WORKERS_LOST = Code(
    "C0826",
    "workers die again and again",
    cause="A worker that is lost is replaced and its points are evaluated again. When that happens several times without "
    "any progress, something ends them: most often a limit of memory.",
    wrong="",
    right="chip Toy { tdp = 1 W }\n",
)


class WorkerLost(Exception):
    """Error of a worker that ended with its task; the task may be given to another."""


class Lane(Protocol):
    """Protocol of executors: `width` tasks run at once, `window` may be submitted and not yet done."""

    @property
    def width(self) -> int: ...
    @property
    def window(self) -> int: ...

    def submit(self, function: Callable[..., Result], *arguments: object) -> Future[Result]:
        """Submit a task."""

    def result(self, future: Future[Result]) -> Result:
        """The result of a task. Raises `WorkerLost` when it may be tried again, `ClusterError` when that is no use."""

    def renew(self) -> None:
        """Replace lost workers; the caller submits every task under way again."""

    def close(self) -> None:
        """Stop the workers at once, whatever they are doing."""


class Inline:
    """Executor in this process; a task runs when it is submitted."""

    width = window = 1

    def submit(self, function: Callable[..., Result], *arguments: object) -> Future[Result]:
        future: Future[Result] = Future()
        future.set_result(function(*arguments))
        return future

    def result(self, future: Future[Result]) -> Result:
        return future.result()

    def renew(self) -> None: ...
    def close(self) -> None: ...


class Processes:
    """Executor with processes of this machine, spawned: a fork would copy locks that other threads hold."""

    def __init__(self, jobs: int) -> None:
        self.width, self.window = jobs, AHEAD * jobs
        self._open()

    def _open(self) -> None:
        context = multiprocessing.get_context("spawn")
        reader, self._leash = context.Pipe(duplex=False)
        self._reader = reader
        self._pool = ProcessPoolExecutor(self.width, context, initializer=_leashed, initargs=(reader,))

    def submit(self, function: Callable[..., Result], *arguments: object) -> Future[Result]:
        try:
            return self._pool.submit(function, *arguments)
        except BrokenProcessPool as error:
            failed: Future[Result] = Future()
            failed.set_exception(error)
            return failed

    def result(self, future: Future[Result]) -> Result:
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise WorkerLost("a worker process ended, perhaps for want of memory; fewer `--jobs` need less") from error

    def renew(self) -> None:
        self.close()
        self._open()

    def close(self) -> None:
        self._leash.close()
        self._reader.close()
        self._pool.shutdown(wait=True, cancel_futures=True)


class DaskCluster:
    """Executor on a Dask scheduler.

    Raises `ClusterError` when it does not answer, has no workers, or theirs is another version.
    """

    def __init__(self, address: str) -> None:
        required("distributed", "dask", "`--scheduler`")
        distributed = import_module("distributed")
        for name in ("distributed", "tornado"):  # what they log, the user is told in words of ours
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.address = address
        try:
            self._client: DaskClient = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            help = f"start one with `dask scheduler`, or leave `--scheduler` out; the address was `{address}`"
            raise complaint(NO_SCHEDULER, address, f"no Dask scheduler answers at `{address}`", help) from error
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
            self._alike()
            self._threads = self._asked_threads()
            # pure, a task that is submitted again would be given the result that was lost
            self._executor = self._client.get_executor(pure=False)
        except TimeoutError as error:
            self._client.close(timeout=1)
            raise self._no_workers() from error
        except BaseException:
            self._client.close(timeout=1)
            raise
        self._seen = self._asked = time.monotonic()

    @property
    def width(self) -> int:
        return max(1, self._threads)

    @property
    def window(self) -> int:
        return AHEAD * self.width

    def submit(self, function: Callable[..., Result], *arguments: object) -> Future[Result]:
        future: Future[Result] = self._executor.submit(function, *arguments)
        return future

    def result(self, future: Future[Result]) -> Result:
        from distributed.scheduler import KilledWorker

        if time.monotonic() - self._asked > POLL:  # workers that join or leave change the width
            self._check(PATIENCE)
        while not wait([future], timeout=POLL).done:
            self._check(PATIENCE)
        try:
            return future.result()
        except KilledWorker as error:
            raise WorkerLost("workers of the cluster end while they evaluate, perhaps for want of memory") from error
        except (CancelledError, OSError) as error:
            self._check(patience=0.0 if self._client.status != "running" else PATIENCE)
            raise WorkerLost("the cluster dropped a task") from error

    def renew(self) -> None: ...

    def close(self) -> None:
        self._client.close(timeout=2)

    def _check(self, patience: float) -> None:
        """Raise when the scheduler, or its last worker, has been gone for so many seconds."""
        self._threads = self._asked_threads()
        now = self._asked = time.monotonic()
        if self._threads:
            self._seen = now
        elif now - self._seen > patience:
            raise self._no_workers() if self._client.status == "running" else self._gone()

    def _asked_threads(self) -> int:
        if self._client.status != "running":
            return 0
        try:
            return sum(self._client.nthreads().values())
        except OSError:
            return 0

    def _gone(self) -> ClusterError:
        help = "start it again, or leave `--scheduler` out, and go on with `--resume`"
        return complaint(NO_SCHEDULER, self.address, f"the Dask scheduler at `{self.address}` no longer answers", help)

    def _no_workers(self) -> ClusterError:
        help = f"start some with `dask worker {self.address}`, then go on with `--resume`"
        return complaint(NO_SCHEDULER, self.address, f"the Dask scheduler at `{self.address}` has no workers", help)

    def _alike(self) -> None:
        """Compare the versions of the workers with ours. Raises `ClusterError` when they differ."""
        help = 'give the workers the same environment: `pip install "clusterc[studies,dask]"`'
        ours = versions()
        try:
            found = cast(dict[str, dict[str, str]], self._client.run(versions))
        except Exception as error:  # what a worker cannot even unpickle comes back as a bare `Exception`
            raise complaint(OTHER_WORKERS, self.address, f"the workers cannot load clusterc: {error}", help) from error
        for worker, theirs in found.items():
            for name, wanted in ours.items():
                if theirs[name] != wanted:
                    said = f"worker `{worker}` has {name} {theirs[name]}, this machine has {wanted}"
                    raise complaint(OTHER_WORKERS, self.address, said, help)


@contextmanager
def lane(jobs: int, scheduler: str | None) -> Iterator[Lane]:
    """Executor for some jobs, or on a scheduler (its address), closed when the block ends."""
    found: Lane
    match scheduler, jobs:
        case None, 1:
            found = Inline()
        case None, _:
            found = Processes(jobs)
        case _:
            found = DaskCluster(scheduler)
    try:
        yield found
    finally:
        found.close()


def versions() -> dict[str, str]:
    """Versions of the libraries that the bytes of a result depend on, by name."""
    return {"clusterc": __version__, **{name: _version(name) for name in ("numpy", "pyarrow")}}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _leashed(reader: Connection) -> None:
    """Make a worker end with its parent, however that ends, and leave Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_ended, args=(reader,), daemon=True).start()


def _ended(reader: Connection) -> None:
    try:
        reader.recv()
    except (EOFError, OSError):
        os._exit(1)
