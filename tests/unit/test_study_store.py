"""What a study keeps on disk survives a torn write, and is never mixed with another's."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from compiler.errors import ClusterError
from compiler.study.formats import format_named
from compiler.study.journal import Journal, journal_path
from compiler.study.run import Order, evaluated, run
from compiler.study.store import BLOCK_BYTES, grid, header, manifest_path
from tests.toy_plan import Column, Toy

ROOT = Path(__file__).parents[2]
TOY = Toy(1000)
CSV = format_named("csv")


def _blocks(count: int):
    import pickle

    return evaluated(Order(pickle.dumps(TOY), "csv", False), 0, count, 1 << 30)[0]


def _journal(folder: Path, count: int) -> Path:
    """A journal in which so many blocks are whole."""
    path = journal_path(folder / "out.csv")
    with Journal(path, header(TOY, CSV, False), resume=False) as journal:
        for block in _blocks(count):
            journal.append(block)
    return path


@pytest.mark.parametrize("size", [0, 1, 127, 128, 4096, 10**7, 10**12])
def test_blocks_cover_every_point_once_and_fit_their_room(size: int) -> None:
    found = grid(Toy(size))
    assert found.block & (found.block - 1) == 0
    assert found.block * 8 * 6 <= BLOCK_BYTES
    spans = [found.span(number) for number in {0, found.count // 2, found.count - 1}]
    assert min(spans)[0] == 0 and max(spans)[1] == size
    assert all(stop - start <= found.block for start, stop in spans)


def test_a_plan_of_many_columns_has_smaller_blocks() -> None:
    wide = Toy(10**7, columns=tuple(Column(f"c{number}", "", "show") for number in range(500)))
    assert grid(wide).block * 8 * 502 <= BLOCK_BYTES


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_a_torn_block_is_dropped_and_all_before_it_stand(tmp_path: Path, cut: int) -> None:
    path = _journal(tmp_path, 9)
    path.write_bytes(path.read_bytes()[:-cut])
    with Journal(path, header(TOY, CSV, False), resume=True) as journal:
        assert journal.done.blocks == 8 if cut < 100 else journal.done.blocks in (7, 8)
        assert b"".join(journal.payloads()) == b"".join(block.payload for block in _blocks(journal.done.blocks))


def test_a_changed_byte_is_found_by_its_hash(tmp_path: Path) -> None:
    path = _journal(tmp_path, 9)
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    with Journal(path, header(TOY, CSV, False), resume=True) as journal:
        assert journal.done.blocks == 8


def test_a_torn_first_line_begins_anew(tmp_path: Path) -> None:
    path = _journal(tmp_path, 1)
    path.write_bytes(path.read_bytes()[:50])
    with Journal(path, header(TOY, CSV, False), resume=True) as journal:
        assert journal.done.blocks == 0


def test_a_journal_without_a_block_leaves_nothing_behind(tmp_path: Path) -> None:
    assert not _journal(tmp_path, 0).exists()


def test_an_unfinished_run_is_not_thrown_away(tmp_path: Path) -> None:
    path = _journal(tmp_path, 3)
    before = path.read_bytes()
    with pytest.raises(ClusterError, match="unfinished run") as caught:
        run(TOY, out=tmp_path / "out.csv", format="csv")
    assert "--resume" in caught.value.diagnostics[0].help[0]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("plan", "format", "words"),
    [
        (Toy(1000, seed=8), "csv", "another study"),
        (Toy(1000), "jsonl", '`format` is "csv", here it is "jsonl"'),
    ],
)
def test_another_study_is_not_resumed(tmp_path: Path, plan: Toy, format: str, words: str) -> None:
    path = _journal(tmp_path, 3)
    before = path.read_bytes()
    with pytest.raises(ClusterError, match=words):
        run(plan, out=tmp_path / "out.csv", format=format, resume=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("schema", "clusterc.study/2", "schema `clusterc.study/2`"), ("clusterc", "99.0", '`clusterc` is "99.0"')],
)
def test_another_version_is_not_resumed(tmp_path: Path, field: str, value: str, words: str) -> None:
    path = _journal(tmp_path, 3)
    first, _, rest = path.read_bytes().partition(b"\n")
    path.write_bytes(json.dumps(json.loads(first) | {field: value}).encode() + b"\n" + rest)
    with pytest.raises(ClusterError, match=words):
        run(TOY, out=tmp_path / "out.csv", format="csv", resume=True)


@pytest.mark.parametrize("content", [b"precious", b"precious\n", b'{"some": "json"}\n', b"\x00" * 10_000_000])
def test_a_file_that_no_study_wrote_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = journal_path(tmp_path / "out.csv")
    path.write_bytes(content)
    for resume in (True, False):
        with pytest.raises(ClusterError, match="no study wrote it"):
            run(TOY, out=tmp_path / "out.csv", format="csv", resume=resume)
    assert path.read_bytes() == content


def test_a_finished_study_is_not_run_again(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    first = run(TOY, out=out, format="csv")
    stamp = out.stat().st_mtime_ns
    again = run(TOY, out=out, format="csv", resume=True)
    assert (again.points, again.kept, again.removed) == (first.points, first.kept, first.removed)
    assert out.stat().st_mtime_ns == stamp


def test_a_finished_file_of_another_study_or_changed_by_hand_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run(TOY, out=out, format="csv")
    with pytest.raises(ClusterError, match="another study"):
        run(Toy(1000, seed=8), out=out, format="csv", resume=True)
    out.write_bytes(out.read_bytes() + b"more\n")
    with pytest.raises(ClusterError, match="not as its study left it"):
        run(TOY, out=out, format="csv", resume=True)


def test_the_manifest_says_what_the_file_is(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    summary = run(TOY, out=out, format="csv")
    manifest = json.loads(manifest_path(out).read_text("utf-8"))
    assert manifest["schema"] == "clusterc.study/1"
    assert manifest["study"] == TOY.fingerprint
    assert manifest["kept"] == summary.kept and sum(manifest["removed"]) + summary.kept == 1000
    assert manifest["columns"][1] == {"name": "power", "unit": "W", "kind": "show"}
    assert manifest["file"]["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "out.csv.manifest.json"]


@pytest.mark.parametrize("got", ["part", "file", "manifest"])
def test_a_run_killed_while_it_publishes_publishes_again(tmp_path: Path, got: str) -> None:
    out = tmp_path / "out.csv"
    run(TOY, out=out, format="csv")
    whole, manifest = out.read_bytes(), manifest_path(out).read_bytes()
    _journal(tmp_path, grid(TOY).count)
    if got == "part":
        out.rename(tmp_path / ".out.csv.part")
        (tmp_path / ".out.csv.part").write_bytes(whole[:100])
    if got != "manifest":
        manifest_path(out).unlink()
    assert run(TOY, out=out, format="csv", resume=True).resumed == 1000
    assert (out.read_bytes(), manifest_path(out).read_bytes()) == (whole, manifest)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "out.csv.manifest.json"]


def test_two_runs_do_not_write_one_output(tmp_path: Path) -> None:
    path = journal_path(tmp_path / "out.csv")
    with Journal(path, header(TOY, CSV, False), resume=False), pytest.raises(ClusterError, match="another run"):
        run(TOY, out=tmp_path / "out.csv", format="csv")


def test_an_output_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match=r"nowhere.*cannot be written"):
        run(TOY, out=tmp_path / "nowhere" / "out.csv", format="csv")


FULL = """
import resource, sys
from pathlib import Path
from compiler.errors import ClusterError
from compiler.study.run import run
from tests.toy_plan import Toy
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    run(Toy(20000), out=Path(sys.argv[1]), format=sys.argv[3])
except ClusterError as error:
    print(error, "|", error.diagnostics[0].help[0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes")
@pytest.mark.parametrize("limit", [10, 100_000, 460_000])
def test_a_full_disk_leaves_whole_blocks_and_the_run_goes_on_later(tmp_path: Path, limit: int) -> None:
    out, whole = tmp_path / "out.csv", tmp_path / "whole.csv"
    command = [sys.executable, "-c", FULL, str(out), str(limit), "csv"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "cannot be written: file too large" in said and "--resume" in said
    assert not out.exists()
    assert not manifest_path(out).exists()
    run(Toy(20000), out=out, format="csv", resume=True)
    run(Toy(20000), out=whole, format="csv")
    assert out.read_bytes() == whole.read_bytes()
