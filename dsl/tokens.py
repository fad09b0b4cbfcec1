"""Tokens of a text, found with one regular expression and no state: one stream for parser, formatter and editor."""

import re
from collections.abc import Sequence
from itertools import accumulate, compress
from typing import NamedTuple

from dsl.language import KEYWORDS, SIGNS
from dsl.source import Source

# The kind of a word or a sign of the language is its spelling: "let", "{", "<=". The others have these:
NAME, NUMBER, MEASURE, STRING, DATE = "NAME", "NUMBER", "MEASURE", "STRING", "DATE"
CONVERT, ARROW = "CONVERT", "ARROW"  # `-> MW`, and the same without a unit
NEWLINE, COMMENT, END = "NEWLINE", "COMMENT", "END"
BAD = "BAD"  # a character the language does not use
OPEN_STRING = "OPEN_STRING"  # a quote without its partner on the line
FOREIGN = "FOREIGN"  # a word with letters outside of ASCII
BLANK = ""
ODD = frozenset((BAD, OPEN_STRING, FOREIGN))

CLOSING = {"(": ")", "[": "]", "{": "}"}  # by its opening bracket
OPENING = {closing: opening for opening, closing in CLOSING.items()}  # by its closing bracket
ENDS = frozenset((NEWLINE, ";", "}", END))
"""Kinds of tokens that end a statement."""

_DIGITS = r"[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][+\-]?[0-9]+|(?![eE][+\-]?[0-9]))"
_WORD = r"[A-Za-zµμΩ°$€¥]+(?:[0-9][A-Za-z]*)?(?:@[A-Za-z0-9_]+)?(?:\^-?[0-9])?"
_UNIT = rf"(?!(?:{'|'.join(sorted(KEYWORDS))})\b)(?:{_WORD}(?:[/·]{_WORD})*(?!\w)|%)"
_LONG = sorted((sign for sign in SIGNS if len(sign) > 1), key=lambda sign: (-len(sign), sign))
_SHORT = sorted(sign for sign in SIGNS if len(sign) == 1)
_SIGN = f"{'|'.join(map(re.escape, _LONG))}|[{''.join(map(re.escape, _SHORT))}±]"

PIECE = re.compile(
    r"[ \t]+"
    r"|[A-Za-z_]\w*"
    r"|(?:\r?\n[ \t]*)+"
    rf"|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|{_DIGITS}(?:[ \t]*{_UNIT})?"
    rf"|->(?:[ \t]*{_UNIT})?"
    rf"|{_SIGN}"
    r'|"(?:[^"\\\n]|\\[^\n])*"|"(?:[^\n]*[^\s)\]}])?'
    r"|#(?:[^\r\n]|\r(?!\n))*"
    r"|`[^`\n]+`"
    r"|&&|\|\||!(?!=)|/\*|“[^”“\"\n]*[”\"]|'[^'\n]*'|[^\W\d]\w*|[\s\S]"
)
"""Matches at every place, so that the pieces put together are the text. No piece has two ways to match itself."""

NUMERAL = re.compile(rf"({_DIGITS})[ \t]*(.*)", re.DOTALL)
"""Digits and unit of a number token."""

MEANT = {
    "&&": "and",
    "||": "or",
    "!": "not",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "≈": "~=",
    "×": "*",
    "·": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "，": ",",
    "：": ":",
    "；": ";",
    "（": "(",
    "）": ")",
    "＝": "=",
    "\N{NO-BREAK SPACE}": BLANK,
    "\N{NARROW NO-BREAK SPACE}": BLANK,
    "\N{IDEOGRAPHIC SPACE}": BLANK,
}
"""Characters from other languages and from word processors, read as what they stand for."""


class Token(NamedTuple):
    """A piece of text: its kind, where it begins and ends. Blanks are the gaps."""

    kind: str
    start: int
    end: int


class _Kinds(dict[str, str]):
    """The kind of each piece; each spelling is looked at once."""

    def __init__(self) -> None:
        super().__init__(_KNOWN)
        self.odd: set[str] = set()
        self.has_comments = False

    def __missing__(self, piece: str) -> str:
        kind = self[piece] = MEANT[piece] if piece in MEANT else _kind(piece)
        if piece in MEANT or kind in ODD or piece[0] in "'“":
            self.odd.add(piece)
        elif kind == COMMENT:
            self.has_comments = True
        return kind


def _kind(piece: str) -> str:
    first = piece[0]
    if first in " \t":
        return BLANK
    if first.isdigit() and first.isascii():
        unit = NUMERAL.fullmatch(piece)[2]  # type: ignore[index]
        return DATE if unit[:1] == "-" else MEASURE if unit else NUMBER
    if first.isalpha() or first == "_":
        return NAME if piece.isascii() else FOREIGN
    if first in "\r\n":
        return BAD if piece == "\r" else NEWLINE
    if first == "#":
        return COMMENT
    if first == '"':
        return STRING if len(piece) > 1 and re.fullmatch(r'"(?:[^"\\\n]|\\[^\n])*"', piece) else OPEN_STRING
    if first in "'“" and len(piece) > 1:
        return STRING
    if first == "`" and len(piece) > 1:
        return NAME
    if piece.startswith("->"):
        return CONVERT if len(piece) > 2 else ARROW
    return BAD


_KNOWN = {spelling: spelling for spelling in KEYWORDS | SIGNS} | {"±": "+-"}


class Stream:
    """Tokens of a source as columns, without blanks and comments, closed by three of kind `END`.

    `odd` are the places of pieces that the language does not know, whatever they were read as.
    """

    __slots__ = ("comments", "ends", "kinds", "odd", "starts", "texts")

    def __init__(self, source: Source) -> None:
        pieces = PIECE.findall(source.text)
        known = _Kinds()
        kinds = [*map(known.__getitem__, pieces)]
        ends = [*accumulate(map(len, pieces))]
        starts = [0, *ends[:-1]] if ends else []
        self.comments: list[tuple[int, int]] = []
        self.odd: list[tuple[int, int]] = []
        if known.has_comments:
            self.comments = [(s, e) for kind, s, e in zip(kinds, starts, ends, strict=True) if kind == COMMENT]
            kinds = [BLANK if kind == COMMENT else kind for kind in kinds]
        if known.odd:
            self.odd = [(s, e) for piece, s, e in zip(pieces, starts, ends, strict=True) if piece in known.odd]
        size = len(source.text)
        # three ends, so that whoever looks two tokens ahead need not ask whether there are two
        self.texts: list[str] = [*compress(pieces, kinds), "", "", ""]
        self.starts: list[int] = [*compress(starts, kinds), size, size, size]
        self.ends: list[int] = [*compress(ends, kinds), size, size, size]
        self.kinds: list[str] = [*filter(None, kinds), END, END, END]

    def replace(self, start: int, stop: int, words: Sequence[tuple[str, str, int, int]]) -> None:
        """Put words, each with its kind, text, start and end, in the place of the tokens from `start` up to `stop`."""
        self.kinds[start:stop] = [kind for kind, _, _, _ in words]
        self.texts[start:stop] = [text for _, text, _, _ in words]
        self.starts[start:stop] = [begin for _, _, begin, _ in words]
        self.ends[start:stop] = [end for _, _, _, end in words]

    def before_newlines(self, i: int) -> int:
        """The first of the newlines that stand directly before a token, or the token."""
        while i and self.kinds[i - 1] == NEWLINE:
            i -= 1
        return i

    def drop(self, dropped: str) -> None:
        """Take out all tokens of a kind."""
        kept = [kind != dropped for kind in self.kinds]
        self.texts = [*compress(self.texts, kept)]
        self.starts = [*compress(self.starts, kept)]
        self.ends = [*compress(self.ends, kept)]
        self.kinds = [*compress(self.kinds, kept)]


def tokenize(source: Source) -> list[Token]:
    """All tokens of any text with their places, comments and newlines included."""
    known = _Kinds()
    tokens = []
    at = 0
    for piece in PIECE.findall(source.text):
        end = at + len(piece)
        if kind := known[piece]:
            tokens.append(Token(kind, at, end))
        at = end
    return tokens
