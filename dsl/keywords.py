"""The words with a meaning of their own, in one place; a name that is one of them stands in backquotes."""

STATEMENT_WORDS = frozenset(
    ("assert", "claim", "connect", "edition", "expect", "fn", "import", "let", "require", "sweep")
)
"""They begin a statement and occur nowhere else, so a line that begins with one ends all open `(` and `[`."""

EXPRESSION_WORDS = frozenset(("and", "else", "false", "for", "if", "in", "not", "of", "or", "then", "to", "true"))

CLAUSE_WORDS = frozenset(("as", "by", "from", "like", "on", "with", "within"))

KEYWORDS = STATEMENT_WORDS | EXPRESSION_WORDS | CLAUSE_WORDS
