"""Parse table of the language, and the words and signs that its grammar defines."""

from dsl.grammar.disk import table

TABLE = table()

KEYWORDS = frozenset(spelling for spelling in TABLE.spellings if spelling[0].isalpha())
"""Words of the language; a name that is one of them stands in backquotes."""

SIGNS = frozenset(TABLE.spellings) - KEYWORDS

STATEMENT_WORDS = frozenset(TABLE.statement_words)
"""Words that begin a statement and occur nowhere else; a line that begins with one ends all open `(` and `[`."""

ENDS_BRACKETS = STATEMENT_WORDS | {"}"}
"""Kinds of tokens before which a newline inside brackets counts: they show that the brackets were never closed."""
