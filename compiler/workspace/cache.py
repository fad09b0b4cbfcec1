"""On-disk cache of verdicts of `check` and of designs ready to report. Safe to delete at any time.

An entry is an answer with facts, each about one file, and is valid while every fact holds. Compiler and library are
part of the name of an entry. Every `check` imports this module, so it imports next to nothing itself.
"""

import os
import sys

try:
    from _blake2 import blake2b  # `hashlib` would load OpenSSL
except ImportError:  # pragma: no cover
    from hashlib import blake2b

HERE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OURS = ("clusterc.py", "dsl", "compiler", "stdlib")
SUFFIXES = (".py", ".cluster", ".json", ".lark")
MOST_ENTRIES = 500


def folder() -> str:
    """Folder of the entries: `CLUSTERC_CACHE`, else the cache folder of the platform. Empty when there is none."""
    chosen = os.environ.get("CLUSTERC_CACHE")
    if chosen is not None:
        return chosen
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "clusterc") if os.path.isabs(base) else ""


def digest(data: bytes) -> str:
    """Hash of bytes as text, 40 hexadecimal digits."""
    return str(blake2b(data, digest_size=20).hexdigest())


_stamp = ""


def stamp() -> str:
    """Hash of this compiler and its library, by size and time of change of every file; computed once in a process."""
    global _stamp
    _stamp = _stamp or _scanned()
    return _stamp


def _scanned() -> str:
    seen = [sys.version, HERE]
    stack = [os.path.join(HERE, name) for name in OURS]
    while stack:
        path = stack.pop()
        if path.endswith(SUFFIXES):
            found = os.stat(path)
            seen.append(f"{path} {found.st_mtime_ns} {found.st_size}")
            continue
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.name.endswith(SUFFIXES):
                    found = entry.stat()
                    seen.append(f"{entry.path} {found.st_mtime_ns} {found.st_size}")
                elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                    stack.append(entry.path)
    return digest("\n".join(sorted(seen)).encode("utf-8", "surrogateescape"))


def key(*parts: str) -> str:
    """Name of an entry: hash of the question, the working directory and the compiler."""
    return digest("\0".join((stamp(), os.getcwd(), *parts)).encode("utf-8", "surrogateescape"))


# ---- facts -----------------------------------------------------------------------------------


def content(path: str) -> str:
    """Fact that a file has its present content, and that its path leads to the present file. Raises `OSError`."""
    with open(path, "rb") as file:
        return f"file {digest(file.read())} {digest(os.path.realpath(path).encode('utf-8', 'surrogateescape'))} {path}"


def presence(path: str) -> str:
    """Fact that a path exists, or that it does not."""
    return f"there {path}" if os.path.exists(path) else f"gone {path}"


def holds(fact: str) -> bool:
    """True when a fact still holds."""
    try:
        if fact.startswith("file "):
            return content(fact.split(" ", 3)[3]) == fact
        return presence(fact.split(" ", 1)[1]) == fact
    except OSError:
        return False


# ---- entries ---------------------------------------------------------------------------------


def recall(name: str) -> str | None:
    """Answer of an entry; None when there is none, when a fact no longer holds, or when the entry is damaged."""
    where = folder()
    if not where:
        return None
    try:
        with open(os.path.join(where, name), "rb") as file:
            checksum, _, data = file.read().partition(b"\n")
    except OSError:
        return None
    if digest(data).encode() != checksum:
        return None
    facts, _, answer = data.decode("utf-8", "surrogateescape").partition("\n\n")
    return answer if all(holds(fact) for fact in facts.split("\n") if fact) else None


def facts(name: str) -> list[str]:
    """Facts of an entry; none when it cannot be read."""
    try:
        with open(os.path.join(folder(), name), "rb") as file:
            text = file.read().partition(b"\n")[2].partition(b"\n\n")[0]
    except OSError:
        return []
    return text.decode("utf-8", "surrogateescape").split("\n")


def remember(name: str, facts: list[str], answer: str) -> None:
    """Write an entry in one step. A cache that cannot be written is no error."""
    where = folder()
    # a path with a line break cannot be told from two facts: such a file is never cached
    if not where or any("\n" in fact for fact in facts):
        return
    data = "\n\n".join(("\n".join(facts), answer)).encode("utf-8", "surrogateescape")
    temporary = os.path.join(where, f"{name}.{os.getpid()}")
    try:
        os.makedirs(where, exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(digest(data).encode() + b"\n" + data)
        os.replace(temporary, os.path.join(where, name))
        _thin(where)
    except OSError:
        if os.path.exists(temporary):
            os.unlink(temporary)


def _thin(where: str) -> None:
    """Delete the older half of the entries when there are more than `MOST_ENTRIES`."""
    with os.scandir(where) as entries:
        files = [entry for entry in entries if entry.is_file()]
    if len(files) <= MOST_ENTRIES:
        return
    for entry in sorted(files, key=lambda entry: entry.stat().st_mtime)[: len(files) // 2]:
        try:
            os.unlink(entry.path)
        # another process thins the same folder
        except FileNotFoundError:
            continue
