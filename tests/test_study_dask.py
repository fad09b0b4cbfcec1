"""A study on a real Dask scheduler with workers in processes of their own, some of which are killed."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import define, field

from compiler.errors import ClusterError
from compiler.study import executors
from compiler.study.journal import journal_path
from compiler.study.progress import Silent
from compiler.study.run import RunOptions, run, stream
from tests.toy_plan import Mortal, Toy

Client = pytest.importorskip("distributed").Client
ROOT = Path(__file__).parents[1]
DASK = [sys.executable, "-m", "dask"]
WITHOUT = "import sys; sys.modules['compiler'] = None; from dask.__main__ import main; main()"


@define
class Site:
    """A scheduler and its workers on the loopback interface."""

    folder: Path
    port: int = 0
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start(self, workers: int) -> None:
        self.port = _free_port()
        self.scheduler = self._process("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        deadline = time.monotonic() + 30
        while not _answers(self.port):
            assert self.scheduler.poll() is None and time.monotonic() < deadline, "the scheduler does not start"
            time.sleep(0.05)
        for _ in range(workers):
            self.hire()
        self.wait_for(workers)

    def wait_for(self, workers: int) -> None:
        """Wait until so many workers have come; on a busy machine that takes longer than the patience of the tests."""
        if workers:
            with Client(self.address, timeout=60, set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=120)

    def hire(self, *, has_clusterc: bool = True) -> None:
        arguments = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
        arguments += ["--local-directory", str(self.folder), "--death-timeout", "60"]
        command = DASK if has_clusterc else [sys.executable, "-c", WITHOUT]
        self.workers.append(self._process("worker", self.address, *arguments, command=command))

    def stop(self) -> None:
        for process in [*self.workers, self.scheduler]:
            if process is not None:
                process.kill()
                process.wait(10)

    def _process(self, *arguments: str, command: list[str] = DASK) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}
        return subprocess.Popen(
            [*command, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two workers for the tests that kill nobody."""
    found = Site(tmp_path_factory.mktemp("dask"))
    try:
        found.start(2)
        yield found
    finally:
        found.stop()


@pytest.fixture
def fragile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site of one test's own, to be broken; patience is short."""
    monkeypatch.setattr(executors, "PATIENCE", 5.0)
    found = Site(tmp_path)
    try:
        yield found
    finally:
        found.stop()


class When(Silent):
    """Does something once, when so many points are done."""

    def __init__(self, points: int, action: object) -> None:
        self.left, self.action = points, action

    def advance(self, points: int, kept: int) -> None:
        before, self.left = self.left, self.left - points
        if before > 0 >= self.left:
            self.action()  # type: ignore[operator]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    out = tmp_path_factory.mktemp("whole") / "out.csv"
    run(Toy(3000), out=out, format="csv")
    return out.read_bytes()


@pytest.mark.parametrize("format", ["csv", "json", "jsonl", "parquet"])
def test_a_cluster_gives_the_bytes_of_one_process(site: Site, tmp_path: Path, format: str) -> None:
    one, many = tmp_path / "one", tmp_path / "many"
    alone = run(Toy(20_000), out=one, format=format)
    shared = run(Toy(20_000), out=many, format=format, options=RunOptions(scheduler=site.address))
    assert one.read_bytes() == many.read_bytes()
    assert (alone.kept, alone.removed) == (shared.kept, shared.removed)


def test_a_stream_comes_from_a_cluster_too(site: Site) -> None:
    assert sum(chunk.kept for chunk in stream(Toy(20_000), RunOptions(scheduler=site.address))) == sum(
        chunk.kept for chunk in stream(Toy(20_000))
    )


def test_what_a_cluster_began_one_process_ends(site: Site, tmp_path: Path, whole: bytes) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    out = tmp_path / "out.csv"
    with pytest.raises(KeyboardInterrupt, match="go on with `--resume`"):
        run(
            Toy(3000, seconds=0.0005),
            out=out,
            format="csv",
            options=RunOptions(scheduler=site.address, progress=When(1000, interrupt)),
        )
    summary = run(Toy(3000), out=out, format="csv", resume=True)
    assert summary.resumed >= 900
    assert out.read_bytes() == whole


def test_a_worker_killed_in_mid_run_costs_nothing_but_time(fragile: Site, tmp_path: Path, whole: bytes) -> None:
    fragile.start(2)
    out = tmp_path / "out.csv"
    watcher = When(800, lambda: fragile.workers[0].kill())
    run(
        Toy(3000, seconds=0.001), out=out, format="csv", options=RunOptions(scheduler=fragile.address, progress=watcher)
    )
    assert fragile.workers[0].wait(10) == -9
    assert out.read_bytes() == whole


def test_the_last_worker_may_be_replaced(
    fragile: Site, tmp_path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace() -> None:
        fragile.workers[0].kill()
        threading.Timer(0.5, fragile.hire).start()

    monkeypatch.setattr(executors, "PATIENCE", 120.0)
    fragile.start(1)
    out = tmp_path / "out.csv"
    run(
        Toy(3000, seconds=0.001),
        out=out,
        format="csv",
        options=RunOptions(scheduler=fragile.address, progress=When(800, replace)),
    )
    assert out.read_bytes() == whole


def test_a_cluster_that_loses_all_workers_is_named_and_its_results_stay(
    fragile: Site, tmp_path: Path, whole: bytes
) -> None:
    fragile.start(1)
    out = tmp_path / "out.csv"
    watcher = When(800, lambda: fragile.workers[0].kill())
    with pytest.raises(ClusterError, match="has no workers") as caught:
        run(
            Toy(3000, seconds=0.001),
            out=out,
            format="csv",
            options=RunOptions(scheduler=fragile.address, progress=watcher),
        )
    assert "dask worker tcp://127.0.0.1:" in caught.value.diagnostics[0].help[0]
    assert run(Toy(3000), out=out, format="csv", resume=True).resumed >= 800
    assert out.read_bytes() == whole


def test_a_scheduler_that_dies_is_named_and_its_results_stay(fragile: Site, tmp_path: Path, whole: bytes) -> None:
    fragile.start(1)
    out = tmp_path / "out.csv"
    assert fragile.scheduler is not None
    watcher = When(800, fragile.scheduler.kill)
    begun = time.monotonic()
    with pytest.raises(ClusterError, match="no longer answers") as caught:
        run(
            Toy(3000, seconds=0.001),
            out=out,
            format="csv",
            options=RunOptions(scheduler=fragile.address, progress=watcher),
        )
    assert time.monotonic() - begun < 120
    assert "--resume" in caught.value.diagnostics[0].help[0]
    assert run(Toy(3000), out=out, format="csv", resume=True).resumed >= 800
    assert out.read_bytes() == whole


def test_points_that_kill_every_worker_end_the_run(fragile: Site, tmp_path: Path) -> None:
    fragile.start(4)
    out = tmp_path / "out.csv"
    with pytest.raises(ClusterError, match=r"workers of the cluster end|has no workers"):
        run(Mortal(3000), out=out, format="csv", options=RunOptions(scheduler=fragile.address))
    assert journal_path(out).exists()


def test_a_scheduler_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "PATIENCE", 1.0)
    for address in (f"tcp://127.0.0.1:{_free_port()}", "no such address"):
        with pytest.raises(ClusterError, match="no Dask scheduler answers at") as caught:
            run(Toy(3000), out=tmp_path / "out.csv", format="csv", options=RunOptions(scheduler=address))
        assert "dask scheduler" in caught.value.diagnostics[0].help[0]
    assert not list(tmp_path.iterdir())


def test_a_scheduler_without_workers_is_named(fragile: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "PATIENCE", 2.0)
    fragile.start(0)
    with pytest.raises(ClusterError, match="has no workers"):
        run(Toy(3000), out=tmp_path / "out.csv", format="csv", options=RunOptions(scheduler=fragile.address))


def test_workers_of_another_version_are_refused(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_version", lambda name: "1.0")
    with pytest.raises(ClusterError, match=r"worker `tcp.*` has numpy .*, this machine has 1\.0"):
        run(Toy(3000), out=tmp_path / "out.csv", format="csv", options=RunOptions(scheduler=site.address))


def test_workers_without_clusterc_are_refused(fragile: Site, tmp_path: Path) -> None:
    fragile.start(0)
    fragile.hire(has_clusterc=False)
    fragile.wait_for(1)
    with pytest.raises(ClusterError, match="the workers cannot load clusterc") as caught:
        run(Toy(3000), out=tmp_path / "out.csv", format="csv", options=RunOptions(scheduler=fragile.address))
    assert "pip install" in caught.value.diagnostics[0].help[0]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
