"""What a study has found, on disk: a journal that survives any end of the run, then the file and its manifest.

The journal is `<out>.unfinished`: one line that says which study it belongs to, then block after block in order, each
a line (number, counts, length, SHA-256) and its payload. A block that was cut off fails its hash and is evaluated
again; all before it stands. The file appears whole, under its name, when the last block is in the journal.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from attrs import field, frozen

from compiler import __version__
from compiler.errors import ClusterError, complaint
from compiler.study.formats import Column, Format, write_parquet, write_text
from compiler.workspace.files import UNWRITTEN
from dsl.diagnostic import Code

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCHEMA = "clusterc.study/1"
OPENING = b'{"schema": "clusterc.study/'
MOST_BLOCKS = 256
BLOCK_BYTES = 1 << 23
LONGEST_LINE = 1 << 22
SYNC_SECONDS = 1.0

UNFINISHED = Code(
    "C0821",
    "an unfinished study is in the way",
    cause="A run was stopped before it was done, and what it found is kept beside the output under the name `.unfinished`. "
    "Starting anew would throw it away; `--resume` goes on with it.",
    wrong="",
    right="chip Toy { tdp = 1 W }\n",
)
OTHER_STUDY = Code(
    "C0822",
    "what is to be resumed is another study",
    cause="`--resume` goes on only with results of the same study of the same design by the same version, in the same "
    "format, so that no file mixes two.",
    wrong="",
    right="chip Toy { tdp = 1 W }\n",
)
BUSY = Code(
    "C0823",
    "another run writes the same output",
    cause="Two runs that write one output would destroy each other's results.",
    wrong="",
    right="chip Toy { tdp = 1 W }\n",
)


class Plan(Protocol):
    """What is run: points by index. Frozen and picklable, evaluated in whatever process and order."""

    @property
    def size(self) -> int: ...
    @property
    def columns(self) -> Sequence[Column]: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def requires(self) -> Sequence[str]: ...
    def evaluate(self, start: int, stop: int) -> Mapping[str, NDArray[Any]]: ...


@frozen
class Grid:
    """Where blocks begin and end: a matter of the plan alone, so that every way to run it sees the same arrays."""

    points: int
    block: int

    @property
    def count(self) -> int:
        """At least one: a study without points still has columns."""
        return max(1, -(-self.points // self.block))

    def span(self, number: int) -> tuple[int, int]:
        """The first point of a block, and the first after it."""
        return number * self.block, min(self.points, (number + 1) * self.block)


def grid(plan: Plan) -> Grid:
    """Blocks of a power of two points: 128 to 256 blocks, or more where one would hold over 8 MiB of numbers."""
    widest = BLOCK_BYTES // (8 * (len(plan.columns) + 2))
    wanted = max(1, min(2 * plan.size // MOST_BLOCKS, widest))
    return Grid(plan.size, 1 << (wanted.bit_length() - 1))


@frozen
class Block:
    """What became of one block: counts, and its rows as bytes, or as arrays when they stay in memory."""

    number: int
    points: int
    kept: int
    removed: tuple[int, ...]
    payload: bytes = b""
    digest: str = ""
    columns: Mapping[str, NDArray[Any]] = field(factory=dict)
    weight: int = 0

    @property
    def receipt(self) -> bytes:
        """The line before the payload."""
        facts = {"block": self.number, "points": self.points, "kept": self.kept, "removed": self.removed}
        facts |= {"bytes": len(self.payload), "sha256": self.digest}
        return json.dumps(facts).encode() + b"\n"


@frozen
class Tally:
    """How far a study is: blocks and points done, kept, removed by each `require`."""

    blocks: int = 0
    points: int = 0
    kept: int = 0
    removed: tuple[int, ...] = ()

    def plus(self, block: Block) -> Tally:
        """With one more block."""
        removed = tuple(map(sum, zip(self.removed, block.removed, strict=True))) if self.blocks else block.removed
        return Tally(self.blocks + 1, self.points + block.points, self.kept + block.kept, removed)


def header(plan: Plan, format: Format, keep_removed: bool) -> dict[str, Any]:
    """What must agree before results may be put together."""
    columns = [{"name": column.name, "unit": column.unit, "kind": column.kind} for column in plan.columns]
    facts: dict[str, Any] = {"schema": SCHEMA, "clusterc": __version__, "study": plan.fingerprint}
    facts |= {name: found for name in ("ir", "seed") if (found := getattr(plan, name, None)) is not None}
    facts |= {"points": plan.size, "block": grid(plan).block, "format": format.name, "keep_removed": keep_removed}
    return facts | {"columns": columns, "requires": list(plan.requires)}


class Journal:
    """Blocks in order, safe against every end of the process. Hold it as a context: it locks its file.

    Raises `ClusterError` when the file belongs to another study, is held by another run, or cannot be written;
    what it holds stays whole.
    """

    def __init__(self, path: Path, header: Mapping[str, Any], *, resume: bool) -> None:
        self.path, self.header = path, header
        self.done = Tally(removed=(0,) * len(header["requires"]))
        self._synced = time.monotonic()
        try:
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
            # without a buffer: what a full disk refuses must not wait in one
            self._file = os.fdopen(os.open(path, flags, 0o666), "r+b", buffering=0)
        except OSError as error:
            message = f"`{path}` cannot be written: {_reason(error)}"
            raise complaint(UNWRITTEN, path, message, "choose another place with `-o`") from error
        try:
            self._lock()
            self.start = self.end = self._begun(resume)
            self._recover()
        except OSError as error:
            self._file.close()
            raise self._full(path, error) from error
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Cut off what is half-written and let go of the file; a journal without a block is of no use to anyone."""
        if self._file.closed:
            return
        try:
            self._file.truncate(self.end)
            os.fsync(self._file.fileno())
        except OSError:  # the next run cuts it off just as well
            pass
        if self.done.blocks:
            self._file.close()
        else:
            self._remove()

    def append(self, block: Block) -> None:
        """One more block; on the platter within a second."""
        try:
            self._file.seek(self.end)
            self._write(block.receipt)
            self._write(block.payload)
            self.end = self._file.tell()
            self.done = self.done.plus(block)
            if time.monotonic() - self._synced > SYNC_SECONDS:
                self.sync()
        except OSError as error:
            raise self._full(self.path, error) from error

    def sync(self) -> None:
        """Wait until the disk has it all."""
        os.fsync(self._file.fileno())
        self._synced = time.monotonic()

    def payloads(self) -> Iterator[bytes]:
        """The payload of each block, in order."""
        return (payload for _, payload, _ in self._frames())

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]

    def publish(self, path: Path, format: Format, columns: Sequence[Column]) -> dict[str, Any]:
        """Make the file and its manifest of the journal, which then goes. The manifest."""
        about = json.dumps(self.header, ensure_ascii=False)
        temporary = path.with_name(f".{path.name}.part")
        try:
            with temporary.open("wb") as file:
                hashed = _Hashed(file)
                if format.is_text:
                    write_text(format, self.payloads(), columns, about, hashed)
                else:
                    write_parquet(self.payloads(), columns, about, hashed)
                file.flush()
                os.fsync(file.fileno())
            manifest = self._manifest(path, temporary.stat().st_size, hashed.digest)
            os.replace(temporary, path)
            _replace(manifest_path(path), (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode())
            _settle(path.parent)
        except OSError as error:
            raise self._full(path, error) from error
        finally:
            temporary.unlink(missing_ok=True)
        self._remove()
        return manifest

    def _remove(self) -> None:
        """Take the file away while it is still locked, where the system can do that, so that it is no other run's."""
        if sys.platform == "win32":
            self._file.close()
        self.path.unlink(missing_ok=True)
        self._file.close()

    def _manifest(self, path: Path, size: int, digest: str) -> dict[str, Any]:
        counts = {"blocks": self.done.blocks, "kept": self.done.kept, "removed": list(self.done.removed)}
        return {**self.header, **counts, "file": {"name": path.name, "bytes": size, "sha256": digest}}

    def _begun(self, resume: bool) -> int:
        """Where the blocks begin, after the line that names the study; it is written when it is not there."""
        with self.path.open("rb") as file:
            first, rest = file.readline(LONGEST_LINE), file.read(1)
        line = json.dumps(self.header, ensure_ascii=False).encode() + b"\n"
        if first == line:
            if not resume and rest:
                raise complaint(
                    UNFINISHED,
                    self.path,
                    f"`{self.path}` holds an unfinished run of this study",
                    "go on with it: `--resume`; or delete it and start anew",
                )
        elif rest or not OPENING.startswith(first[: len(OPENING)]):
            raise _other(self.path, _facts(first), self.header)
        else:
            self._file.truncate(0)
            self._write(line)
        return len(line)

    def _recover(self) -> None:
        """Count the blocks that are whole; the first that is not ends the journal."""
        for receipt, payload, end in self._frames():
            if hashlib.sha256(payload).hexdigest() != receipt["sha256"]:
                break
            block = Block(receipt["block"], receipt["points"], receipt["kept"], tuple(receipt["removed"]))
            self.done, self.end = self.done.plus(block), end
        self._file.truncate(self.end)

    def _frames(self) -> Iterator[tuple[dict[str, Any], bytes, int]]:
        """The line of each block, its payload and where that ends, up to the first that is not in its place."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            number = 0
            while (receipt := _facts(file.readline(LONGEST_LINE))) and receipt.get("block") == number:
                yield receipt, file.read(receipt["bytes"]), file.tell()
                number += 1

    def _full(self, path: Path, error: OSError) -> ClusterError:
        kept = f"{self.done.points:,} of {self.header['points']:,} points are safe in `{self.path.name}`"
        help = "make room, or mend the folder, and go on with `--resume`"
        return complaint(UNWRITTEN, path, f"`{path}` cannot be written: {_reason(error)}; {kept}", help)

    def _lock(self) -> None:
        """One run at a time; the lock goes with the process, however that ends."""
        try:
            if sys.platform == "win32":
                import msvcrt

                self._file.seek(1 << 62)
                msvcrt.locking(self._file.fileno(), msvcrt.LK_NBLCK, 1)
                self._file.seek(0)
            else:
                import fcntl

                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.path.samestat(os.fstat(self._file.fileno()), self.path.stat()):
                raise OSError("the run that held it has just ended and took it away")
        except OSError as error:
            help = "wait for it, or choose another place with `-o`"
            raise complaint(BUSY, self.path, f"another run is writing `{self.path}`", help) from error


class _Hashed:
    """A file that is only appended to, with the SHA-256 of what went through."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._hash = file, hashlib.sha256()

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        return self._file.write(data)


def journal_path(out: Path) -> Path:
    """Where an output grows."""
    return out.with_name(f"{out.name}.unfinished")


def manifest_path(out: Path) -> Path:
    """Where it is written what an output is."""
    return out.with_name(f"{out.name}.manifest.json")


def finished(out: Path, header: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The manifest of an output that this study has made before, None when there is none.

    Raises `ClusterError` when what is there is another study's, or was changed.
    """
    try:
        manifest = _facts(manifest_path(out).read_bytes())
        data = out.open("rb")
    except FileNotFoundError:
        return None
    with data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    if any(manifest.get(name) != value for name, value in header.items()):
        raise _other(out, manifest, header)
    if manifest["file"]["sha256"] != digest:
        help = "delete it and run the study again, without `--resume`"
        raise complaint(OTHER_STUDY, out, f"`{out}` is not as its study left it", help)
    return manifest


def _other(path: Path, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> ClusterError:
    """The complaint about results that are not this study's, with what differs first."""
    help = "choose another place with `-o`, or delete it and start anew"
    if found.get("schema") != SCHEMA:
        said = f"schema `{found['schema']}`, this is `{SCHEMA}`" if "schema" in found else "no study wrote it"
        return complaint(OTHER_STUDY, path, f"`{path}` cannot be resumed: {said}", help)
    words = {"study": "it belongs to another study, or the design has changed since", "columns": "its columns differ"}
    name = next((name for name in wanted if found.get(name) != wanted[name]), "study")
    said = words.get(name, f"its `{name}` is {json.dumps(found.get(name))}, here it is {json.dumps(wanted[name])}")
    return complaint(OTHER_STUDY, path, f"`{path}` cannot be resumed: {said}", help)


def _facts(line: bytes) -> dict[str, Any]:
    """A line of JSON as it was meant; nothing when it is cut off or something else."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def _settle(folder: Path) -> None:
    """Wait until the disk has the names, too; systems that cannot open a folder do that by themselves."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
