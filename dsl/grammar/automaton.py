"""LALR(1) automaton as plain data that `marshal` can write and read."""

from typing import NamedTuple


class Production(NamedTuple):
    """Rule of the grammar, one for each way to leave out its optional parts.

    `method` is the builder's that makes the node, empty when the children go to the rule around it. `absent` are the places
    among the children at which None stands for a part that was left out. Symbols are kinds of tokens, and `@names` of rules.
    """

    length: int
    name: str
    method: str
    absent: tuple[int, ...]
    symbols: tuple[str, ...]


class Table(NamedTuple):
    """Parse table: lists indexed by the number of a state, and sets of token kinds.

    A row says by the kind of the next token to which state to shift it, or ~r: to reduce rule r first. `gotos` say by the
    name of the reduced rule where to go on, `defaults` the rule that a state reduces whatever follows, or -1. `items` are
    the rules under way in a state, as number and how many of their symbols have been read.
    """

    starts: dict[str, int]
    rows: tuple[dict[str, int], ...]
    gotos: tuple[dict[str, int], ...]
    defaults: tuple[int, ...]
    rules: tuple[Production, ...]
    items: tuple[tuple[tuple[int, int], ...], ...]
    kept: tuple[str, ...]
    """Kinds of tokens that are children of a rule."""
    spellings: tuple[str, ...]
    """Words and signs of the language; the kind of such a token is its spelling."""
    statement_words: tuple[str, ...]
    """Words that begin a statement and stand nowhere else."""
