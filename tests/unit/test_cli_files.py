"""Bad files, full disks and folders in the way: a message with a code, nothing half-written, in bounded time."""

import errno
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import clusterc
from compiler.errors import ClusterError
from compiler.workspace import cache
from compiler.workspace.files import folder, write

GOOD = b'source p { title = "P" }\nchip A { tdp = 1 W from p }\n'
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLUSTERC_CACHE", str(tmp_path / "cache"))
    return tmp_path


BAD = {
    "missing": (None, "C0801"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "C0121"),
    "Latin-1": ('source p { title = "Größe" }\n'.encode("latin-1"), "C0121"),
    "NUL": (GOOD.replace(b"P", b"\0"), "C0122"),
    "50 MB": (b"# " + b"x" * 50_000_000, "C0902"),
    "50 MB of code": (GOOD * 900_000, "C0902"),
    "10,000 brackets": (b"let x = " + b"(" * 10_000 + b"1" + b")" * 10_000 + b"\n", "C0110"),
    "10,000 lists": (b"let x = " + b"[" * 10_000 + b"\n", "C0110"),
    "10,000 blocks": (b"rack R { " + b"a { " * 10_000 + b"\n", "C0110"),
}


@pytest.mark.parametrize("command", ["check", "report", "build", "draw", "audit"])
@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_has_its_code_in_every_command(
    name: str, command: str, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    data, code = BAD[name]
    if data is not None:
        (home / "bad.cluster").write_bytes(data)
    before, start = sorted(home.iterdir()), time.process_time()
    assert clusterc.main([command, "bad.cluster"]) == 1
    assert time.process_time() - start < 20
    shown = capsys.readouterr()
    assert f"[{code}]" in shown.out + shown.err
    assert "Traceback" not in shown.err
    assert [path for path in sorted(home.iterdir()) if path.name != "cache"] == before


def test_a_folder_is_no_file(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert clusterc.main(["check", str(home)]) == 1
    assert "is a folder" in capsys.readouterr().out


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + GOOD, GOOD.replace(b"\n", b"\r\n")], ids=["BOM", "CRLF"])
def test_marks_and_line_ends_of_other_systems_are_fine(data: bytes, home: Path) -> None:
    (home / "good.cluster").write_bytes(data)
    assert clusterc.main(["check", "good.cluster"]) == 0
    assert clusterc.main(["report", "good.cluster"]) == 0


@pytest.mark.skipif(AS_ROOT or sys.platform == "win32", reason="the superuser may read and write everything")
def test_a_file_that_may_not_be_read_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = home / "good.cluster"
    path.write_bytes(GOOD)
    path.chmod(0)
    assert clusterc.main(["check", "good.cluster"]) == 1
    assert "[C0801]" in capsys.readouterr().out


@pytest.mark.skipif(AS_ROOT or sys.platform == "win32", reason="the superuser may read and write everything")
def test_a_folder_that_may_not_be_written_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "good.cluster").write_bytes(GOOD)
    (home / "locked").mkdir(mode=0o500)
    assert clusterc.main(["build", "good.cluster", "-o", "locked/out"]) == 1
    assert "[C0806]" in capsys.readouterr().err


def test_outputs_that_cannot_be_are_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "good.cluster").write_bytes(GOOD)
    for arguments in (
        ["report", "good.cluster", "-o", "nowhere/report.txt"],
        ["report", "good.cluster", "-o", str(home)],
        ["draw", "good.cluster", "-o", "good.cluster/picture.svg"],
        ["build", "good.cluster", "-o", "good.cluster"],
        ["build", "good.cluster", "-o", "."],
    ):
        assert clusterc.main(arguments) == 1, arguments
        assert "[C0806]" in capsys.readouterr().err
    assert (home / "good.cluster").read_bytes() == GOOD


def full(*_: Any, **__: Any) -> None:
    """A disk without room."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("step", ["os.replace", "os.fdopen"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    step: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "out.txt").write_bytes(b"old")
    monkeypatch.setattr(f"compiler.workspace.files.{step}", full)
    with pytest.raises(ClusterError, match="no space left on device"):
        write(home / "out.txt", b"new")
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in home.iterdir()} == {"out.txt": b"old"}


def test_a_full_disk_leaves_the_old_folder_and_nothing_else(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "good.cluster").write_bytes(GOOD)
    assert clusterc.main(["build", "good.cluster", "-o", "out"]) == 0
    before = {path.name: path.read_bytes() for path in (home / "out").iterdir()}
    (home / "good.cluster").write_bytes(GOOD.replace(b"1 W", b"2 W"))
    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    assert clusterc.main(["build", "good.cluster", "-o", "out"]) == 1
    monkeypatch.undo()
    assert "[C0806]" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in (home / "out").iterdir()} == before
    assert {path.name for path in home.iterdir()} - {"cache"} == {"good.cluster", "out"}


def test_a_swap_that_fails_gives_the_old_folder_back(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with folder(home / "out", "mark") as inside:
        (inside / "mark").write_bytes(b"1")
    rename, calls = os.rename, []

    def second_fails(source: Any, target: Any) -> None:
        calls.append(target)
        if len(calls) == 2:
            full()
        rename(source, target)

    monkeypatch.setattr("compiler.workspace.files.os.rename", second_fails)
    with pytest.raises(ClusterError), folder(home / "out", "mark") as inside:
        (inside / "mark").write_bytes(b"2")
    assert (home / "out" / "mark").read_bytes() == b"1"
    assert [path.name for path in home.iterdir()] == ["out"]


def test_a_written_file_has_the_usual_rights(home: Path) -> None:
    write(home / "a", b"1")
    (home / "b").write_bytes(b"1")
    assert (home / "a").stat().st_mode == (home / "b").stat().st_mode


# ---- the cache -------------------------------------------------------------------------------


def test_a_verdict_is_remembered_until_a_file_changes(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "parts.cluster").write_bytes(GOOD)
    (home / "main.cluster").write_text('import "parts.cluster" (A)\nnode N { npus = 8 of A }\n', encoding="utf-8")
    assert clusterc.main(["check", "main.cluster"]) == 0
    assert clusterc.main(["check", "main.cluster"]) == 0
    (home / "parts.cluster").write_bytes(GOOD.replace(b"tdp", b"tpd"))
    assert clusterc.main(["check", "main.cluster"]) == 1
    (home / "parts.cluster").write_bytes(GOOD)
    assert clusterc.main(["check", "main.cluster"]) == 0


def test_a_project_that_grows_around_a_file_changes_its_verdict(home: Path) -> None:
    (home / "inner").mkdir()
    (home / "parts.cluster").write_bytes(GOOD)
    (home / "inner" / "main.cluster").write_text('import "../parts.cluster" (A)\n', encoding="utf-8")
    assert clusterc.main(["check", "inner/main.cluster"]) == 1
    (home / "clusterc.toml").write_bytes(b"")
    assert clusterc.main(["check", "inner/main.cluster"]) == 0


def test_a_damaged_or_missing_or_locked_cache_is_no_matter(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "good.cluster").write_bytes(GOOD)
    assert clusterc.main(["check", "good.cluster"]) == 0
    for entry in (home / "cache").iterdir():
        entry.write_bytes(entry.read_bytes()[:-3])
    assert clusterc.main(["check", "good.cluster"]) == 0
    for place in ("", str(home / "good.cluster"), "/dev/null/x"):
        monkeypatch.setenv("CLUSTERC_CACHE", place)
        assert clusterc.main(["check", "good.cluster"]) == 0
        assert clusterc.main(["report", "good.cluster"]) == 0


def test_a_cache_does_not_grow_without_end(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_ENTRIES", 10)
    for number in range(25):
        cache.remember(f"{number:02}", [], "answer")
    assert len(list((home / "cache").iterdir())) <= 10
    assert cache.recall("24") == "answer"


def test_another_compiler_or_library_is_another_memory(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache.key("check", "x")
    monkeypatch.setattr(cache, "_stamp", "")
    monkeypatch.setattr(cache, "OURS", (*cache.OURS[:-1], "tests"))
    assert cache.key("check", "x") != before
