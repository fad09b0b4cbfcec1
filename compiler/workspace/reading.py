"""Reading of `.cluster` files: those of the user and of the library. Nothing else reads them."""

from collections.abc import Iterator
from pathlib import Path

from attrs import define, field

from compiler.semantics.loader import File, Unreadable
from dsl.limits import FILE_BYTES

LIBRARY = Path(__file__).resolve().parents[2] / "stdlib"
MARKERS = (".git", "clusterc.toml")
"""Markers of the project folder: the nearest folder above a file that holds one of these."""


@define(eq=False)
class Disk:
    """Reader of one compilation.

    `read` holds the bytes of each file of the user by its path, for fixes and manifests.
    """

    root: Path | None = None
    read: dict[Path, bytes] = field(factory=dict)

    @property
    def project(self) -> str:
        """The name of the folder that imports may not leave."""
        return self._folder.name

    @property
    def _folder(self) -> Path:
        return self.root or Path().resolve()

    def main(self, path: Path) -> File:
        """The file that the user names. Sets the project folder for all that it imports."""
        self.root = project_root(path)
        return File(str(path.resolve()), path.as_posix(), path)

    def beside(self, target: str, importer: File | None) -> File | None:
        """The file that an import names, as seen from the file it stands in; None when it is outside the project."""
        here = Path(importer.path).parent / target if importer is not None else Path(target)
        # resolved, since a link inside the project may lead out of it
        real = here.resolve()
        if Path(target).is_absolute() or not real.is_relative_to(self._folder):
            return None
        return File(str(real), real.relative_to(self._folder).as_posix(), here)

    def data(self, file: File) -> bytes:
        """The content of a file, or one byte more than the parser accepts. Raises `Unreadable`."""
        path = Path(file.path)
        try:
            with path.open("rb") as opened:
                data = opened.read(FILE_BYTES + 1)
        except OSError as error:
            reason = "is a folder" if path.is_dir() else (error.strerror or "cannot be read").lower()
            raise Unreadable(reason) from error
        self.read[path.resolve()] = data
        return data

    def library(self, dotted: str) -> bytes | None:
        """The content of a module of the library by its name without `std.`; None when there is none."""
        path = library_path(dotted)
        return path.read_bytes() if path.is_file() else None

    def library_names(self) -> Iterator[str]:
        """The dotted names of all modules of the library, with `std.`, in order."""
        for path in sorted(LIBRARY.rglob("*.cluster")):
            yield "std." + ".".join(path.relative_to(LIBRARY).with_suffix("").parts)


def library_path(dotted: str) -> Path:
    """Path of a module of the library, whether it exists or not: `huawei.ascend910` is `huawei/ascend910.cluster`."""
    return LIBRARY.joinpath(*dotted.split(".")).with_suffix(".cluster")


def project_root(path: Path) -> Path:
    """The folder that imports of a file may not leave."""
    start = path.resolve().parent
    for folder in (start, *start.parents):
        if any((folder / marker).exists() for marker in MARKERS):
            return folder
    return start
