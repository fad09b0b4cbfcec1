"""Where blocks are evaluated, and what is said while they are."""

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from compiler import errors
from compiler.errors import ClusterError
from compiler.study import progress
from compiler.study.executors import Inline, Processes, WorkerLost, lane
from compiler.study.progress import Notes, ProgressBar, ProgressLine, duration, said, size, watch


def test_one_job_runs_here_and_more_in_processes() -> None:
    with lane(1, None) as here:
        assert isinstance(here, Inline)
        assert here.result(here.submit(os.getpid)) == os.getpid()
    with lane(2, None) as there:
        assert isinstance(there, Processes) and (there.width, there.window) == (2, 4)
        assert there.result(there.submit(os.getpid)) != os.getpid()


def test_a_lost_process_is_told_from_a_wrong_task_and_replaced() -> None:
    with lane(2, None) as workers:
        with pytest.raises(ZeroDivisionError):
            workers.result(workers.submit(divmod, 1, 0))
        with pytest.raises(WorkerLost, match="memory"):
            workers.result(workers.submit(os._exit, 9))
        with pytest.raises(WorkerLost):
            workers.result(workers.submit(pow, 2, 3))
        workers.renew()
        assert workers.result(workers.submit(pow, 2, 3)) == 8


def test_processes_are_let_go_whatever_they_are_doing() -> None:
    begun = time.monotonic()
    with lane(2, None) as workers:
        workers.result(workers.submit(pow, 2, 3))
        workers.submit(time.sleep, 60)
        time.sleep(0.2)
    assert time.monotonic() - begun < 10


def test_a_scheduler_without_dask_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "find_spec", lambda name: None)
    with pytest.raises(ClusterError, match="`--scheduler` needs `distributed`") as caught, lane(1, "tcp://nowhere:1"):
        pass
    assert caught.value.diagnostics[0].help == ('install it with `pip install "clusterc[dask]"`',)


def test_a_run_loads_no_library_before_it_needs_it() -> None:
    heavy = "{'rich', 'pyarrow', 'distributed', 'numpy'}"
    code = f"import sys, compiler.study.run; print(sorted({heavy} & set(sys.modules)))"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True).stdout == "[]\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_only_a_terminal_sees_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(watch(io.StringIO())) is Notes
    assert type(watch(Terminal())) is ProgressBar
    monkeypatch.setattr(progress, "find_spec", lambda name: None)
    assert type(watch(Terminal())) is ProgressLine
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert type(watch()) is Notes


@pytest.mark.parametrize("kind", [ProgressLine, ProgressBar])
def test_a_terminal_sees_how_far_and_how_long_still(kind: type[ProgressLine] | type[ProgressBar]) -> None:
    stream = Terminal()
    watcher = kind(stream)
    watcher.start(1000, 100)
    time.sleep(0.02)
    watcher.advance(400, 300)
    watcher.note("a sentence that stays")
    watcher.stop()
    text = stream.getvalue()
    assert "a sentence that stays\n" in text
    if kind is ProgressLine:
        assert "50% of 1,000 points, " in text and " left" in text


def test_rate_and_time_left_are_those_of_this_run() -> None:
    assert said(600, 1000, 100, 2.0) == "60% of 1,000 points, 50/s, 8 s left"
    assert said(0, 1000, 0, 2.0) == "0% of 1,000 points"
    assert said(0, 0, 0, 0.0) == "100% of 0 points"
    assert said(10**7, 10**9, 10**7, 0.5) == "1% of 1,000,000,000 points, 20 M/s, 50 s left"


def test_times_and_sizes_read_as_people_say_them() -> None:
    assert [duration(seconds) for seconds in (0.5, 90, 7200, 864_000, 1e10)] == [
        "0.5 s",
        "1.5 min",
        "2 h",
        "10 d",
        "317 years",
    ]
    assert [size(count) for count in (12, 2.5e6, 4e14)] == ["12 B", "2.5 MB", "400 TB"]
