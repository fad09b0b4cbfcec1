"""`clusterc build`: a folder with a design in every format, and a manifest of the files read and written."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from compiler.emitters import csv, formats, ir
from compiler.errors import ClusterError
from compiler.workspace.compilation import Compilation
from compiler.workspace.drawing import pictures
from compiler.workspace.files import folder
from compiler.workspace.reading import library_path

if TYPE_CHECKING:
    from compiler.workspace.design import Design

MANIFEST = "manifest.json"
SCHEMA = "clusterc.manifest/1"


class ReadFile(TypedDict):
    """Manifest entry of a file that was read."""

    path: str
    sha256: str


class WrittenFile(TypedDict):
    """Manifest entry of a file that was written; `bytes` is its size."""

    path: str
    sha256: str
    bytes: int


class SkippedFile(TypedDict):
    """Manifest entry of a file that could not be made, such as a picture without an engine."""

    path: str
    reason: str


class Manifest(TypedDict):
    """Manifest of a folder, `clusterc.manifest/1`."""

    schema: str
    clusterc: str
    design: str
    inputs: list[ReadFile]
    outputs: list[WrittenFile]
    skipped: list[SkippedFile]


def bundled(design: "Design", compilation: Compilation, version: str, path: Path) -> Manifest:
    """Write the folder, whole or not at all, and return its manifest.

    Raises `ClusterError` when it cannot be written.
    """
    with folder(path, MANIFEST) as inside:
        made, skipped = _outputs(design)
        for name, data in made.items():
            (inside / name).write_bytes(data)
        manifest: Manifest = {
            "schema": SCHEMA,
            "clusterc": version,
            "design": design.name,
            "inputs": [{"path": name, "sha256": _hash(data)} for name, data in sorted(inputs(compilation).items())],
            "outputs": [
                {"path": name, "sha256": _hash(data), "bytes": len(data)} for name, data in sorted(made.items())
            ],
            "skipped": [{"path": name, "reason": reason} for name, reason in sorted(skipped.items())],
        }
        (inside / MANIFEST).write_bytes((json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode())
    return manifest


def _outputs(design: "Design") -> tuple[dict[str, bytes], dict[str, str]]:
    texts = {format.file: format(design.data) for format in formats().values()}
    texts |= {
        "networks.csv": csv.emit_networks(design.data),
        "claims.csv": csv.emit_claims(design.data),
        "materials.csv": csv.emit_materials(design.data),
        "ir.json": ir.emit(design.ir),
    }
    made = {name: text.encode() for name, text in texts.items()}
    skipped: dict[str, str] = {}
    for view in pictures():
        for format in ("svg", "png"):
            try:
                made[f"{view}.{format}"] = bytes(design.draw(view, format))
            except ClusterError as error:
                skipped[f"{view}.{format}"] = str(error)
    return made, skipped


def inputs(compilation: Compilation) -> dict[str, bytes]:
    """Contents of the files that were read, by their path in the project or in the library."""
    root = compilation.disk.root or Path().resolve()
    found = {path.resolve().relative_to(root).as_posix(): data for path, data in compilation.disk.read.items()}
    for key, module in compilation.loader.modules.items():
        if module.is_library:
            found[module.source.name] = library_path(key.removeprefix("std.")).read_bytes()
    return found


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
