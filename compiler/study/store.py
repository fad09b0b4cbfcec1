"""Stored results of a study: blocks of points, manifests of outputs, and the check that an output belongs to a study.

The header facts (columns, format, block size and others) must agree before two results may be put together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypedDict, cast

from attrs import field, frozen

from compiler import __version__
from compiler.errors import ClusterError, complaint
from compiler.study.columns import ColumnFacts, Columns
from compiler.study.formats import Format
from dsl.diagnostic import Code

SCHEMA = "clusterc.study/1"
MOST_BLOCKS = 256
"""Blocks that a study is parted into, or half as many: enough to be shared out, few enough to be counted."""
BLOCK_BYTES = 1 << 23
"""Numbers in a block, in bytes, at most: what a worker holds in its memory at once."""

OTHER_STUDY = Code(
    "C0822",
    "what is to be resumed is another study",
    cause="`--resume` goes on only with results of the same study of the same design by the same version, in the same "
    "format, so that no file mixes two.",
    wrong="",
    right="chip Toy { tdp = 1 W }\n",
)


class Runnable(Protocol):
    """A study as a run sees it: points by index. Frozen and picklable, evaluated in whatever process and order."""

    @property
    def size(self) -> int: ...
    @property
    def columns(self) -> Sequence[ColumnFacts]: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def requires(self) -> Sequence[str]: ...
    def evaluate(self, start: int, stop: int) -> Columns: ...


class ColumnData(TypedDict):
    """A column of an output, as plain data."""

    name: str
    unit: str
    kind: str


class Header(TypedDict):
    """Facts of a study and of the way it is written that must agree before results may be put together."""

    schema: str
    clusterc: str
    study: str
    seed: int
    points: int
    block: int
    format: str
    keep_removed: bool
    columns: list[ColumnData]
    requires: list[str]


class FileData(TypedDict):
    """An output as its manifest knows it."""

    name: str
    bytes: int
    sha256: str


class OutputManifest(Header):
    """The header of a finished output with what became of its points, and the file itself."""

    blocks: int
    kept: int
    removed: list[int]
    file: FileData


class Receipt(TypedDict):
    """The line before the payload of a block in a journal."""

    block: int
    points: int
    kept: int
    removed: list[int]
    bytes: int
    sha256: str


@frozen
class Grid:
    """Borders of blocks. They depend on the plan alone, so that every way to run it sees the same arrays."""

    points: int
    block: int

    @property
    def count(self) -> int:
        """The number of blocks, at least one: a study without points still has columns."""
        return max(1, -(-self.points // self.block))

    def span(self, number: int) -> tuple[int, int]:
        """The first point of a block, and the first after it."""
        return number * self.block, min(self.points, (number + 1) * self.block)


def grid(plan: Runnable) -> Grid:
    """Blocks of a power of two points: 128 to 256 blocks, or more where one would hold over 8 MiB of numbers."""
    widest = BLOCK_BYTES // (8 * (len(plan.columns) + 2))
    wanted = max(1, min(2 * plan.size // MOST_BLOCKS, widest))
    return Grid(plan.size, 1 << (wanted.bit_length() - 1))


@frozen
class PointBlock:
    """One block evaluated: counts, and its rows as bytes, or as arrays when they stay in memory. `weight` is in bytes."""

    number: int
    points: int
    kept: int
    removed: tuple[int, ...]
    payload: bytes = b""
    digest: str = ""
    columns: Columns = field(factory=dict)
    weight: int = 0

    @property
    def receipt(self) -> bytes:
        """The line before the payload."""
        facts: Receipt = {
            "block": self.number,
            "points": self.points,
            "kept": self.kept,
            "removed": list(self.removed),
            "bytes": len(self.payload),
            "sha256": self.digest,
        }
        return json.dumps(facts).encode() + b"\n"


@frozen
class RunTally:
    """Progress of a study: blocks and points done, kept, removed by each `require`."""

    blocks: int = 0
    points: int = 0
    kept: int = 0
    removed: tuple[int, ...] = ()

    def plus(self, block: PointBlock) -> RunTally:
        """The tally with one more block."""
        removed = tuple(map(sum, zip(self.removed, block.removed, strict=True))) if self.blocks else block.removed
        return RunTally(self.blocks + 1, self.points + block.points, self.kept + block.kept, removed)


def header(plan: Runnable, format: Format, keep_removed: bool) -> Header:
    """The facts of an output of a study in a format, with the removed points or without."""
    return {
        "schema": SCHEMA,
        "clusterc": __version__,
        "study": plan.fingerprint,
        "seed": plan.seed,
        "points": plan.size,
        "block": grid(plan).block,
        "format": format.name,
        "keep_removed": keep_removed,
        "columns": [{"name": column.name, "unit": column.unit, "kind": column.kind} for column in plan.columns],
        "requires": list(plan.requires),
    }


def manifest_path(out: Path) -> Path:
    """The file beside an output that says what it is."""
    return out.with_name(f"{out.name}.manifest.json")


def finished(out: Path, header: Header) -> OutputManifest | None:
    """The manifest of an output that this study has made before, None when there is none.

    Raises `ClusterError` when what is there is another study's, or was changed.
    """
    try:
        found = read_facts(manifest_path(out).read_bytes())
        data = out.open("rb")
    except FileNotFoundError:
        return None
    with data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    if any(found.get(name) != value for name, value in header.items()):
        raise other_study(out, found, header)
    manifest = cast(OutputManifest, found)
    if manifest["file"]["sha256"] != digest:
        help = "delete it and run the study again, without `--resume`"
        raise complaint(OTHER_STUDY, out, f"`{out}` is not as its study left it", help)
    return manifest


def other_study(path: Path, found: Mapping[str, object], wanted: Mapping[str, object]) -> ClusterError:
    """The complaint about results that are not this study's, with what differs first."""
    help = "choose another place with `-o`, or delete it and start anew"
    if found.get("schema") != SCHEMA:
        said = f"schema `{found['schema']}`, this is `{SCHEMA}`" if "schema" in found else "no study wrote it"
        return complaint(OTHER_STUDY, path, f"`{path}` cannot be resumed: {said}", help)
    words = {"study": "it belongs to another study, or the design has changed since", "columns": "its columns differ"}
    name = next((name for name in wanted if found.get(name) != wanted[name]), "study")
    said = words.get(name, f"its `{name}` is {json.dumps(found.get(name))}, here it is {json.dumps(wanted[name])}")
    return complaint(OTHER_STUDY, path, f"`{path}` cannot be resumed: {said}", help)


def read_facts(line: bytes) -> Mapping[str, object]:
    """An object of JSON as it was written; nothing when it is cut off or something else."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
