"""On-disk cache of verdicts of `check` and of designs ready to report. Safe to delete at any time.

An entry holds facts, each about one file, and an answer; the answer stands while every fact does. The compiler and the
library are one more fact, part of the entry's name. This file is on the road of every `check`: it imports next to nothing.
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
    """The folder of the entries: `CLUSTERC_CACHE`, else the user's cache folder as the platform has it. Empty: nowhere."""
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
    """A name for bytes that no other bytes have."""
    return str(blake2b(data, digest_size=20).hexdigest())


_stamp = ""


def stamp() -> str:
    """A name for this compiler and its library: every file of theirs by size and time of change; looked at once."""
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
    """The name of an entry: what was asked, where, of which compiler."""
    return digest("\0".join((stamp(), os.getcwd(), *parts)).encode("utf-8", "surrogateescape"))


# ---- facts -----------------------------------------------------------------------------------


def content(path: str) -> str:
    """The fact that a file has the content it has now."""
    with open(path, "rb") as file:
        return f"file {digest(file.read())} {digest(os.path.realpath(path).encode('utf-8', 'surrogateescape'))} {path}"


def presence(path: str) -> str:
    """The fact that a path exists, or that it does not."""
    return f"there {path}" if os.path.exists(path) else f"gone {path}"


def holds(fact: str) -> bool:
    """True when a fact is still so."""
    try:
        if fact.startswith("file "):
            return content(fact.split(" ", 3)[3]) == fact
        return presence(fact.split(" ", 1)[1]) == fact
    except OSError:
        return False


# ---- entries ---------------------------------------------------------------------------------


def recall(name: str) -> str | None:
    """The answer under a name, None when there is none, when a fact no longer holds, or when the entry is damaged."""
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
    """The facts on which the entry of a name stands."""
    try:
        with open(os.path.join(folder(), name), "rb") as file:
            text = file.read().partition(b"\n")[2].partition(b"\n\n")[0]
    except OSError:
        return []
    return text.decode("utf-8", "surrogateescape").split("\n")


def remember(name: str, facts: list[str], answer: str) -> None:
    """Keep an answer under a name, in one step; a cache that cannot be written is no error."""
    where = folder()
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
    """Drop the older half when there are many entries; what another process drops at the same time is dropped."""
    with os.scandir(where) as entries:
        files = [entry for entry in entries if entry.is_file()]
    if len(files) <= MOST_ENTRIES:
        return
    for entry in sorted(files, key=lambda entry: entry.stat().st_mtime)[: len(files) // 2]:
        try:
            os.unlink(entry.path)
        except FileNotFoundError:
            continue
