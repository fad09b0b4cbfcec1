"""File of the table beside the grammar: read while it was made from the present sources, else made anew and written."""

import contextlib
import marshal
import os
import sys
import zlib
from typing import Any

from dsl.grammar.automaton import Production, Table

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = os.path.join(HERE, "cluster.table")
SOURCES = tuple(os.path.join(HERE, name) for name in ("cluster.lark", "making.py", "automaton.py"))
"""Files that decide what is in a table. The file holds them whole: it is fresh if they are still the same."""

Sources = tuple[bytes, ...]


def table() -> Table:
    """Table of the present grammar. Raises `lark.exceptions.LarkError` when the grammar is wrong."""
    sources = _sources()
    stored = _stored(sources)
    if stored is not None:
        return stored
    made = _made(sources)
    with contextlib.suppress(OSError):  # where nothing may be written, each process makes its own
        _store(sources, made)
    return made


def renew() -> str:
    """Make the table, write it and return its path, for the build of a wheel. Raises `LarkError` and `OSError`."""
    sources = _sources()
    _store(sources, _made(sources))
    return FILE


def _sources() -> Sources:
    return tuple(_bytes(path) for path in SOURCES)


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _made(sources: Sources) -> Table:
    from dsl.grammar.making import made  # loads Lark, which takes longer than a whole check

    return made(sources[0].decode())


def _stored(sources: Sources) -> Table | None:
    """Table in the file; None when it is absent, damaged or made from other sources."""
    try:
        data = _bytes(FILE)
    except OSError:
        return None
    body = data[4:]
    if zlib.crc32(body).to_bytes(4, "big") != data[:4]:
        return None
    origin, columns = marshal.loads(body)
    if origin != sources:
        return None
    found = Table._make(columns)
    return found._replace(rules=tuple(map(Production._make, found.rules)))


def _store(sources: Sources, made: Table) -> None:
    """Write the file in one step: another process reads the old or the new one, never a part. Raises `OSError`."""
    body = marshal.dumps(_shared((sources, tuple(made)), {}), 4)  # the format that all of our Pythons read
    unfinished = f"{FILE}.{os.getpid()}"
    try:
        with open(unfinished, "wb") as file:
            file.write(zlib.crc32(body).to_bytes(4, "big") + body)
        os.replace(unfinished, FILE)
    except OSError:
        with contextlib.suppress(OSError):
            os.remove(unfinished)
        raise


def _shared(value: Any, known: dict[Any, Any]) -> Any:
    """Copy in which equal strings and numbers are one object: shorter, and the same bytes from every run."""
    if isinstance(value, dict):
        return {_shared(key, known): _shared(item, known) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple([_shared(item, known) for item in value])
    return known.setdefault(value, sys.intern(value) if isinstance(value, str) else value)
