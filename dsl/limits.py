"""Limits of size and nesting, so that hostile input ends in a message, quickly."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

FILE_BYTES = 8 * 1024 * 1024
TOKENS = 2_000_000
NESTING = 200
"""Brackets, blocks and operators inside one another; a chain `a + b + c` nests once per operator."""
SYNTAX_ERRORS = 1_000
"""After so many the rest of a file is not read."""


@contextmanager
def room_for_nesting() -> Iterator[None]:
    """Raise the recursion limit, so that functions which recurse over the tree reach its deepest level."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(max(usual, 1_000) + 20 * NESTING)
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)
