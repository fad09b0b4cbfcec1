"""A study gives the same bytes however it is run, however often it is stopped, and whatever becomes of its workers."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from compiler import errors
from compiler.errors import ClusterError
from compiler.study import formats
from compiler.study import run as running
from compiler.study.journal import journal_path
from compiler.study.preparation import plan
from compiler.study.progress import Silent
from compiler.study.run import RunOptions, run, stream
from compiler.workspace.compilation import compile_text
from tests.toy_plan import Fading, Mortal, Toy, Wrong

ROOT = Path(__file__).parents[2]
FORMATS = ("csv", "json", "jsonl", "parquet")
RUN = """
import sys
from pathlib import Path
from compiler.study.progress import watch
from compiler.study.run import RunOptions, run
from tests.toy_plan import Toy

if __name__ == "__main__":
    out, format, jobs, size, seconds = sys.argv[1:]
    plan = Toy(int(size), seconds=float(seconds))
    try:
        run(plan, out=Path(out), format=format, resume=True, options=RunOptions(jobs=int(jobs), progress=watch()))
    except KeyboardInterrupt:
        sys.exit(130)
"""


class Heard(Silent):
    """What a watcher was told."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.points = 0

    def advance(self, points: int, kept: int) -> None:
        self.points += points

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("script") / "run_toy.py"
    path.write_text(RUN, "utf-8")
    return path


def _begun(script: Path, out: Path, jobs: int, size: int, seconds: float, grown: int) -> subprocess.Popen[str]:
    """A run in a process of its own that has written so much."""
    command = [sys.executable, str(script), str(out), "csv", str(jobs), str(size), str(seconds)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not journal_path(out).exists() or journal_path(out).stat().st_size < grown:
        assert process.poll() is None and time.monotonic() < deadline, process.stderr and process.stderr.read()
        time.sleep(0.005)
    return process


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    out = tmp_path_factory.mktemp("whole") / "out.csv"
    run(Toy(3000), out=out, format="csv")
    return out.read_bytes()


STUDY = """
chip A { tdp = 650 to 800 W }
chip B { tdp = 700 W }
study s {
  sweep c in [A, B]
  sweep n in 1 .. 400
  sweep pue in linear(1.05, 1.5, 21)
  let power = n * c.tdp * pue
  require n // 3 * 3 != n
  show { power = power -> kW }
}
"""


def test_a_study_of_a_text_runs_everywhere(tmp_path: Path) -> None:
    compilation = compile_text(STUDY)
    found = plan(compilation)
    assert found is not None, compilation.diagnostics
    summary = run(found, out=tmp_path / "one", format="parquet")
    run(found, out=tmp_path / "two", format="parquet", options=RunOptions(jobs=2))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert (summary.points, summary.kept) == (2 * 400 * 21, 2 * 267 * 21)
    assert summary.removed[0] == ("n // 3 * 3 != n", 2 * 133 * 21)


@pytest.mark.parametrize("keep_removed", [False, True])
@pytest.mark.parametrize("format", FORMATS)
def test_one_process_and_two_give_the_same_bytes(tmp_path: Path, format: str, keep_removed: bool) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    alone = run(Toy(30_000), out=one, format=format, options=RunOptions(keep_removed=keep_removed))
    shared = run(Toy(30_000), out=two, format=format, options=RunOptions(keep_removed=keep_removed, jobs=2))
    assert one.read_bytes() == two.read_bytes()
    assert (alone.kept, alone.removed) == (shared.kept, shared.removed)
    assert alone.kept + sum(count for _, count in alone.removed) == 30_000


def test_every_format_has_the_same_rows(tmp_path: Path) -> None:
    import pyarrow.parquet

    for format in FORMATS:
        run(Toy(50), out=tmp_path / format, format=format)
    table = pyarrow.parquet.read_table(tmp_path / "parquet")
    rows = table.to_pylist()
    assert rows == json.loads((tmp_path / "json").read_text("utf-8"))["rows"]
    assert rows == [json.loads(line) for line in (tmp_path / "jsonl").read_text("utf-8").splitlines()]
    cells = list(csv.reader(io.StringIO((tmp_path / "csv").read_text("utf-8"))))
    assert cells[0] == ["n", "power [W]", "ratio", "chip"]
    assert cells[1:] == [["" if cell is None else str(cell) for cell in row.values()] for row in rows]
    assert table.schema.field("power").metadata == {b"unit": b"W", b"kind": b"show"}
    assert json.loads(table.schema.metadata[b"clusterc.study"])["schema"] == "clusterc.study/1"


def test_row_groups_do_not_tell_how_points_were_parted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet

    monkeypatch.setattr(formats, "ROW_GROUP_BYTES", 32 * 1000)
    run(Toy(30_000), out=tmp_path / "out", format="parquet")
    found = pyarrow.parquet.ParquetFile(tmp_path / "out").metadata
    sizes = [found.row_group(number).num_rows for number in range(found.num_row_groups)]
    assert set(sizes[:-1]) == {1000} and sum(sizes) == found.num_rows


@pytest.mark.parametrize("format", FORMATS)
def test_a_study_without_points_has_columns_and_no_row(tmp_path: Path, format: str) -> None:
    out = tmp_path / "out"
    summary = run(Toy(0), out=out, format=format)
    assert (summary.points, summary.kept, summary.removed) == (0, 0, (("power <= 80 W", 0), ("n % 7 != 0", 0)))
    if format == "csv":
        assert out.read_text("utf-8") == "n,power [W],ratio,chip\n"
    if format == "parquet":
        import pyarrow.parquet

        assert pyarrow.parquet.read_table(out).column_names == ["n", "power", "ratio", "chip"]


def test_removed_points_can_be_kept_with_the_reason(tmp_path: Path) -> None:
    run(Toy(20), out=tmp_path / "out", format="jsonl", options=RunOptions(keep_removed=True))
    rows = [json.loads(line) for line in (tmp_path / "out").read_text("utf-8").splitlines()]
    assert [row["n"] for row in rows] == list(range(20))
    assert {row["removed_by"] for row in rows} == {"", "power <= 80 W", "n % 7 != 0"}
    assert all(row["kept"] == (row["removed_by"] == "") for row in rows)


def test_text_that_a_spreadsheet_would_run_is_marked_as_text() -> None:
    columns = {"a": np.array(["=1+1", "-", "plain"]), "b": np.array([1.5, np.nan, np.inf])}
    assert formats.FORMATS["csv"].encode(columns) == b"'=1+1,1.5\n'-,\nplain,inf\n"
    assert formats.FORMATS["jsonl"].encode({"%s": columns["b"]}) == b'{"%s": 1.5}\n{"%s": null}\n{"%s": null}\n'


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_stream_gives_the_kept_rows_in_order(jobs: int) -> None:
    chunks = list(stream(Toy(5000), RunOptions(jobs=jobs)))
    n = np.concatenate([chunk.columns["n"] for chunk in chunks])
    assert [chunk.start for chunk in chunks] == sorted(chunk.start for chunk in chunks)
    assert chunks[-1].stop == 5000
    assert len(n) == sum(chunk.kept for chunk in chunks)
    assert (np.diff(n) > 0).all() and (n % 7 != 0).all()


def test_without_an_output_rows_go_to_the_standard_output(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], whole: bytes
) -> None:
    summary = run(Toy(3000), out=None, format="csv")
    assert capfdbinary.readouterr().out == whole
    assert summary.files == ()


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_killed_run_has_found_is_not_done_again(script: Path, tmp_path: Path, jobs: int, whole: bytes) -> None:
    out = tmp_path / "out.csv"
    process = _begun(script, out, jobs, 3000, 0.0005, 20_000)
    children = _children(process.pid)
    process.kill()
    process.wait(10)
    assert process.stderr is not None
    process.stderr.close()
    assert not out.exists()
    _wait_for_the_end_of(children)
    watcher = Heard()
    summary = run(Toy(3000), out=out, format="csv", resume=True, options=RunOptions(progress=watcher))
    assert out.read_bytes() == whole
    assert 0 < summary.resumed < 3000
    assert watcher.points == 3000 - summary.resumed


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_run_may_be_killed_at_any_moment_again_and_again(script: Path, tmp_path: Path, whole: bytes) -> None:
    out = tmp_path / "out.csv"
    for grown in (1, 13_000, 26_000, 39_000):
        process = _begun(script, out, 1, 3000, 0.0005, grown)
        process.kill()
        process.communicate(timeout=10)
        with journal_path(out).open("ab") as file:
            file.write(b'{"block": 99')
    run(Toy(3000), out=out, format="csv", resume=True)
    assert out.read_bytes() == whole


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
@pytest.mark.parametrize("jobs", [1, 2])
def test_control_c_stops_at_once_and_says_how_to_go_on(script: Path, tmp_path: Path, jobs: int, whole: bytes) -> None:
    out = tmp_path / "out.csv"
    process = _begun(script, out, jobs, 3000, 0.002, 10_000)
    children = _children(process.pid)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=20)[1]
    assert time.monotonic() - begun < 5
    assert "of 3,000 points; go on with `--resume`" in said
    assert process.returncode == 130
    _wait_for_the_end_of(children)
    run(Toy(3000), out=out, format="csv", resume=True)
    assert out.read_bytes() == whole


def test_a_worker_that_dies_costs_nothing_but_time(tmp_path: Path, whole: bytes) -> None:
    deadly = tmp_path / "deadly"
    deadly.touch()
    run(Toy(3000, deadly=str(deadly)), out=tmp_path / "out.csv", format="csv", options=RunOptions(jobs=2))
    assert not deadly.exists()
    assert (tmp_path / "out.csv").read_bytes() == whole


def test_workers_that_die_again_and_again_end_the_run_and_keep_its_results(tmp_path: Path, whole: bytes) -> None:
    with pytest.raises(ClusterError, match=r"a worker process ended.*3 times without progress") as caught:
        run(Mortal(3000), out=tmp_path / "out.csv", format="csv", options=RunOptions(jobs=2))
    assert "--resume" in caught.value.diagnostics[0].help[0]
    summary = run(Toy(3000), out=tmp_path / "out.csv", format="csv", resume=True)
    assert summary.resumed > 0
    assert (tmp_path / "out.csv").read_bytes() == whole


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_the_plan_is_not_tried_again(tmp_path: Path, jobs: int) -> None:
    with pytest.raises(ZeroDivisionError, match="point"):
        run(Wrong(3000), out=tmp_path / "out.csv", format="csv", options=RunOptions(jobs=jobs))
    assert journal_path(tmp_path / "out.csv").exists()


def test_an_output_in_the_way_leaves_what_was_found(tmp_path: Path, whole: bytes) -> None:
    out = tmp_path / "out.csv"
    out.mkdir()
    with pytest.raises(ClusterError, match=r"cannot be written.*3,000 of 3,000 points are safe"):
        run(Toy(3000), out=out, format="csv")
    out.rmdir()
    assert run(Toy(3000), out=out, format="csv", resume=True).resumed == 3000
    assert out.read_bytes() == whole


def test_a_long_study_is_foretold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "WORTH_SAYING", 0.0)
    monkeypatch.setattr(running, "SURE_AFTER", 0.2)
    watcher = Heard()
    run(Toy(3000, seconds=0.0002), out=tmp_path / "out.csv", format="csv", options=RunOptions(progress=watcher))
    assert len(watcher.notes) == 1
    assert re.fullmatch(r"3,000 points: another [\d.]+ s and [\d.]+ kB on the disk", watcher.notes[0]), watcher.notes


def test_a_study_that_the_disk_cannot_hold_is_refused_after_its_first_block(tmp_path: Path) -> None:
    with pytest.raises(
        ClusterError, match=r"1,000,000,000,000 points need .* TB on the disk, of which .* are free"
    ) as caught:
        run(Toy(10**12), out=tmp_path / "out.csv", format="csv")
    assert "filter with `require`" in caught.value.diagnostics[0].help[0]
    assert not (tmp_path / "out.csv").exists()


def test_a_study_whose_first_points_are_not_like_the_others_is_not_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running.shutil, "disk_usage", lambda folder: namedtuple("Usage", "free")(40_000))
    with pytest.raises(ClusterError, match="on the disk"):
        run(Toy(3000), out=tmp_path / "even.csv", format="csv")
    summary = run(Fading(3000), out=tmp_path / "fading.csv", format="csv")
    assert summary.kept < 100


def test_tasks_grow_to_about_a_second_and_stay_within_their_room() -> None:
    work = running._Run(Toy(10**7), "csv", RunOptions())
    Lane = namedtuple("Lane", "width window")
    quick = running.PointBlock(0, 1, 1, (), weight=10)
    for _ in range(10):
        work._learn([quick], 0.01, Lane(2, 4))
    assert work._each == 100
    work._learn([running.PointBlock(0, 1, 1, (), weight=6_000_000)], 0.01, Lane(2, 4))
    assert work._each == 4


def test_a_task_whose_results_weigh_too_much_is_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "HELD_BYTES", 60_000)
    run(Toy(30_000), out=tmp_path / "small", format="csv", options=RunOptions(jobs=2))
    monkeypatch.undo()
    run(Toy(30_000), out=tmp_path / "large", format="csv")
    assert (tmp_path / "small").read_bytes() == (tmp_path / "large").read_bytes()


@pytest.mark.parametrize(
    ("out", "named", "words"),
    [
        ("x", {"format": "xlsx"}, "`xlsx` is not a format of rows"),
        ("x", {"format": "csv", "options": RunOptions(jobs=0)}, "`--jobs` is 0"),
        (None, {"format": "parquet"}, "Parquet goes to a file"),
        (None, {"format": "csv", "resume": True}, "`--resume` goes on with a file"),
    ],
)
def test_what_cannot_be_run_is_said(tmp_path: Path, out: str | None, named: dict[str, object], words: str) -> None:
    with pytest.raises(ClusterError, match=words):
        run(Toy(10), out=tmp_path / out if out else None, **named)


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "find_spec", lambda name: None)
    with pytest.raises(ClusterError, match="Parquet needs `pyarrow`") as caught:
        run(Toy(10), out=tmp_path / "out", format="parquet")
    assert caught.value.diagnostics[0].help == ('install it with `pip install "clusterc[studies]"`',)
    run(Toy(10), out=tmp_path / "out", format="csv")


def _children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(word) for word in found.split()]


def _wait_for_the_end_of(children: list[int]) -> None:
    """Workers end with their parent, however that ended."""
    deadline = time.monotonic() + 10
    while any(_is_alive(child) for child in children):
        assert time.monotonic() < deadline, "workers outlive their parent"
        time.sleep(0.05)


def _is_alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")
