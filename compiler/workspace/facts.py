"""The facts on which what was compiled rests: the files that were read, and which folder is the project's."""

import os
from collections.abc import Iterable

from compiler.workspace import cache
from compiler.workspace.compilation import Compilation
from compiler.workspace.reading import MARKERS


def facts(compilation: Compilation) -> Iterable[str]:
    """The files that were read, and which folder above them is the project's."""
    for path in compilation.disk.read:
        yield cache.content(str(path))
    for path in list(compilation.disk.read)[:1]:
        start = path.resolve().parent
        for above in (start, *start.parents):
            found = [cache.presence(os.path.join(above, marker)) for marker in MARKERS]
            yield from found
            if any(fact.startswith("there") for fact in found):
                break
