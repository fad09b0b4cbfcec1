"""Writing of files and folders, whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from compiler.errors import ClusterError
from dsl.diagnostic import Code
from dsl.source import Source, Span

UNWRITTEN = Code(
    "C0806",
    "an output cannot be written",
    cause="The folder does not exist or may not be written, the disk is full, or something that no build wrote is in the way. "
    "What was there before is untouched, and nothing half-written is left behind.",
    wrong="",
    right="chip Toy { tdp = 1 W }\n",
)


def unwritten(path: Path, reason: str, help: str) -> ClusterError:
    """The error of an output that cannot be written, to be raised."""
    shown = path.as_posix()
    message = f"`{shown}` cannot be written: {reason}"
    return ClusterError(message, (UNWRITTEN.at(Span(Source(shown, ""), 0, 0), message, help),))


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def write(path: Path, data: bytes) -> None:
    """Write a file, replacing an old one in one step. Raises `ClusterError`, and leaves nothing behind then."""
    temporary = ""
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "is a folder")
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        _usual_rights(temporary, path)
        os.replace(temporary, path)
    except OSError as error:
        _forget(temporary)
        raise unwritten(path, _reason(error), "choose another place with `-o`") from error
    except BaseException:
        _forget(temporary)
        raise


def _forget(temporary: str) -> None:
    if temporary and os.path.exists(temporary):
        os.unlink(temporary)


def _usual_rights(temporary: str, path: Path) -> None:
    """Give a temporary file, which only its owner may read, the rights of the file it replaces or of any new file."""
    if path.exists():
        shutil.copymode(path, temporary)
        return
    # the mask can only be read by setting it
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(temporary, 0o666 & ~mask)


@contextmanager
def folder(path: Path, ours: str) -> Iterator[Path]:
    """Temporary folder to fill, which gets its name when the block ends well, so that it never appears half-filled.

    A folder of that name is replaced when it is empty or holds a file called `ours`, which marks it as ours.
    Raises `ClusterError` when it is not, or when the disk refuses.
    """
    if path.exists() and not path.is_dir():
        raise unwritten(path, "a file of that name is in the way", "choose another folder with `-o`")
    if path.is_dir() and any(path.iterdir()) and not (path / ours).is_file():
        raise unwritten(path, "the folder holds files that no build wrote", "choose another folder with `-o`")
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        yield temporary
        os.chmod(temporary, 0o755)
        _swap(temporary, path)
    except OSError as error:
        raise unwritten(path, _reason(error), "choose another folder with `-o`") from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _swap(new: Path, path: Path) -> None:
    """Put a folder in the place of another. Raises `OSError`, after the old one has been put back."""
    if not path.exists():
        os.rename(new, path)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    os.rename(path, old / "old")
    try:
        os.rename(new, path)
    except OSError:
        os.rename(old / "old", path)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
