"""Journal of a study, which survives any end of the run, and from which the output file and its manifest are made.

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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

from compiler.errors import ClusterError, complaint
from compiler.study.columns import ColumnFacts
from compiler.study.formats import Format, write_parquet, write_text
from compiler.study.store import (
    Header,
    OutputManifest,
    PointBlock,
    Receipt,
    RunTally,
    manifest_path,
    other_study,
    read_facts,
)
from compiler.workspace.files import UNWRITTEN
from dsl.diagnostic import Code

OPENING = b'{"schema": "clusterc.study/'
LONGEST_LINE = 1 << 22
"""Bytes of a line at most: a file of something else, which may have none, is not read whole to find that out."""
SYNC_SECONDS = 1.0
"""Seconds of work that a crash of the machine may cost."""

UNFINISHED = Code(
    "C0821",
    "an unfinished study is in the way",
    cause="A run was stopped before it was done, and what it found is kept beside the output under the name `.unfinished`. "
    "Starting anew would throw it away; `--resume` goes on with it.",
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


class Journal:
    """Journal file: blocks in order, safe against every end of the process. A context manager that locks the file.

    Raises `ClusterError` when the file belongs to another study, is held by another run, or cannot be written;
    what it holds stays whole.
    """

    def __init__(self, path: Path, header: Header, *, resume: bool) -> None:
        self.path, self.header = path, header
        self.done = RunTally(removed=(0,) * len(header["requires"]))
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
        """Cut off a half-written block and close the file, which is deleted when it holds no block."""
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

    def append(self, block: PointBlock) -> None:
        """Add one block; on the disk within a second. Raises `ClusterError` when that is full."""
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
        """Wait until the disk has all of it."""
        os.fsync(self._file.fileno())
        self._synced = time.monotonic()

    def payloads(self) -> Iterator[bytes]:
        """The payload of each block, in order."""
        return (payload for _, payload, _ in self._frames())

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]

    def publish(self, path: Path, format: Format, columns: Sequence[ColumnFacts]) -> OutputManifest:
        """Write the output file and its manifest, delete the journal, and return the manifest.

        Raises `ClusterError` when they cannot be written; the journal stays then.
        """
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
        """Delete the file, if possible while it is locked, so that no other run can have taken it over."""
        if sys.platform == "win32":
            self._file.close()
        self.path.unlink(missing_ok=True)
        self._file.close()

    def _manifest(self, path: Path, size: int, digest: str) -> OutputManifest:
        return {
            **self.header,
            "blocks": self.done.blocks,
            "kept": self.done.kept,
            "removed": list(self.done.removed),
            "file": {"name": path.name, "bytes": size, "sha256": digest},
        }

    def _begun(self, resume: bool) -> int:
        """Offset of the first block, after the header line, which is written unless it is there.

        Raises `ClusterError`.
        """
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
        elif rest or not OPENING.startswith(first[: len(OPENING)]):  # half a header is of a run that was killed at once
            raise other_study(self.path, read_facts(first), self.header)
        else:
            self._file.truncate(0)
            self._write(line)
        return len(line)

    def _recover(self) -> None:
        """Count the blocks that are whole, and cut the file off after them."""
        for receipt, payload, end in self._frames():
            if hashlib.sha256(payload).hexdigest() != receipt["sha256"]:
                break
            block = PointBlock(receipt["block"], receipt["points"], receipt["kept"], tuple(receipt["removed"]))
            self.done, self.end = self.done.plus(block), end
        self._file.truncate(self.end)

    def _frames(self) -> Iterator[tuple[Receipt, bytes, int]]:
        """The line of each block, its payload and where that ends, up to the first that is not in its place."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            number = 0
            while (receipt := _receipt(file.readline(LONGEST_LINE))) and receipt["block"] == number:
                yield receipt, file.read(receipt["bytes"]), file.tell()
                number += 1

    def _full(self, path: Path, error: OSError) -> ClusterError:
        kept = f"{self.done.points:,} of {self.header['points']:,} points are safe in `{self.path.name}`"
        help = "make room, or mend the folder, and go on with `--resume`"
        return complaint(UNWRITTEN, path, f"`{path}` cannot be written: {_reason(error)}; {kept}", help)

    def _lock(self) -> None:
        """Lock the file; the lock ends with the process. Raises `ClusterError` when another run holds it."""
        try:
            if sys.platform == "win32":
                import msvcrt

                self._file.seek(1 << 62)
                msvcrt.locking(self._file.fileno(), msvcrt.LK_NBLCK, 1)
                self._file.seek(0)
            else:
                import fcntl

                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # between opening and locking, the run that held it may have ended: a lock on a file without a name guards nothing
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

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        return self._file.write(data)


def journal_path(out: Path) -> Path:
    """Path of the journal of an output."""
    return out.with_name(f"{out.name}.unfinished")


def _receipt(line: bytes) -> Receipt | None:
    """Header line of a block; None when it was cut off, or is something else."""
    found = read_facts(line)
    return cast(Receipt, found) if found.keys() == Receipt.__annotations__.keys() else None


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def _settle(folder: Path) -> None:
    """Wait until the disk has the names of files too. Windows cannot open a folder, and does so by itself."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
