"""The language as its grammar defines it: the table that parses, and the words with a meaning of their own."""

from dsl.grammar.disk import table

TABLE = table()

KEYWORDS = frozenset(spelling for spelling in TABLE.spellings if spelling[0].isalpha())
"""A name that is one of them stands in backquotes."""

SIGNS = frozenset(TABLE.spellings) - KEYWORDS

STATEMENT_WORDS = frozenset(TABLE.statement_words)
"""They begin a statement and stand nowhere else, so a line that begins with one ends all open `(` and `[`."""

ENDS_BRACKETS = STATEMENT_WORDS | {"}"}
"""A newline inside brackets means something when one of these follows: the brackets have not been closed."""
