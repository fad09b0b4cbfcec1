"""Facts for the cache: those on which the result of a compilation rests."""

import os
from collections.abc import Iterable

from compiler.workspace import cache
from compiler.workspace.compilation import Compilation
from compiler.workspace.reading import MARKERS


def facts(compilation: Compilation) -> Iterable[str]:
    """Facts of a compilation: contents of the files that were read, and the markers that decide the project folder."""
    for path in compilation.disk.read:
        yield cache.content(str(path))
    for path in list(compilation.disk.read)[:1]:
        start = path.resolve().parent
        # a `.git` that appears or goes away further up moves the border that imports may not cross
        for above in (start, *start.parents):
            found = [cache.presence(os.path.join(above, marker)) for marker in MARKERS]
            yield from found
            if any(fact.startswith("there") for fact in found):
                break
