"""Place at which the table has no action: tokens around it, what is expected, and trials of edits."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from dsl.diagnostic import Diagnostic
from dsl.driver import Driver
from dsl.language import STATEMENT_WORDS, TABLE
from dsl.precedence import BINDING
from dsl.source import Span
from dsl.tokens import CLOSING, DATE, END, ENDS, MEASURE, NAME, NEWLINE, NUMBER, OPENING, STRING
from dsl.trial import Trial

MOST_WORDS = 6
"""A statement is completed with at most so many words."""
WINDOW = 1_000
"""Tokens looked through for the end of a bracket."""

WRONG, LOST = "WRONG", "LOST"  # tokens that are never written: what cannot be read, the second with a block behind it


def _parts(root: str, wall: str) -> Iterator[str]:
    """Names of `root` and of all rules reachable from it without passing through the rule `wall`."""
    waiting, seen = [f"@{root}"], {f"@{root}", f"@{wall}"}
    for symbol in waiting:
        yield symbol[1:]
        for rule in TABLE.rules:
            if rule.name == symbol[1:]:
                waiting += [part for part in dict.fromkeys(rule.symbols) if part[0] == "@" and part not in seen]
                seen.update(rule.symbols)


BETWEEN = frozenset(
    state for state, row in enumerate(TABLE.rows) if row.get(NEWLINE, -1) >= 0 or row.keys() >= STATEMENT_WORDS
)
"""States between whole statements."""
VALUE = frozenset(TABLE.rows[TABLE.starts["alone"]])
"""Kinds of tokens with which a value may begin."""
OPERATORS = frozenset(BINDING)
VALUES = frozenset(_parts("value", "block"))
"""Names of the rules that values are made of."""
_SPELLINGS = frozenset(TABLE.spellings)
_HEADS = frozenset(("{", "(", "like"))
_AFTER_VALUE = frozenset((",", ")", "]", "{", "from", "within"))
_DESCRIBED = {
    NEWLINE: "the line ends",
    END: "the file ends",
    STRING: "a text stands",
    NUMBER: "the number `{}` stands",
    MEASURE: "the number `{}` stands",
    DATE: "the date `{}` stands",
}
_NOT_FOR_COMPLETION = OPERATORS | ENDS | {".", ",", "to", "+-", "[", "{", "CONVERT"}


class NewToken(NamedTuple):
    """Token that a repair puts in; `start` and `end` are offsets in the text."""

    kind: str
    text: str
    start: int
    end: int


class Edit(NamedTuple):
    """Replacement of the tokens from `start` up to `stop`, excluded, by `words`."""

    start: int
    stop: int
    words: tuple[NewToken, ...] = ()


class Impasse:
    """Token for which the table has no action, with its surroundings.

    `first` is the first token of the statement, `base` how many frames lie below it, `brackets` are the tokens `(` and
    `[` of the statement that are open, `named` words of the language that have been read as names above.
    """

    def __init__(self, driver: Driver, named: set[str]) -> None:
        self.source, self.stream = driver.source, driver.stream
        self.frames, self.open, self.i = driver.frames, driver.open, driver.i
        self.named = named
        self.base = len(self.frames)
        # the frames above the last state between two statements are those of the statement that cannot be read on
        while self.frames[self.base - 1][0] not in BETWEEN and self.base > 1:
            self.base -= 1
        self.first = self.frames[self.base][2] if self.base < len(self.frames) else self.i
        self.brackets = [token for token in self.open if token >= self.first]

    # ---- words ---------------------------------------------------------------------------

    def kind(self, ahead: int = 0) -> str:
        """Kind of the token, or of one so many further on; NEWLINE before the first."""
        return self.stream.kinds[self.i + ahead] if self.i + ahead >= 0 else NEWLINE

    def text(self, ahead: int = 0) -> str:
        """Text of the token, or of one so many further on."""
        return self.stream.texts[self.i + ahead].strip() if self.i + ahead >= 0 else ""

    def word(self, count: int) -> str:
        """Text of a token of the statement, counted from 0 at its first."""
        return self.stream.texts[self.first + count]

    def span(self, ahead: int = 0) -> Span:
        """Span of the token, or of one so many further on."""
        return self.at(self.i + ahead)

    def at(self, k: int) -> Span:
        """Span of a token."""
        return Span(self.source, self.stream.starts[k], self.stream.ends[k])

    def gap(self, k: int | None = None) -> Span:
        """Empty span behind the last word before a token, by default the present one."""
        k = self.stream.before_newlines(self.i if k is None else k) - 1
        end = self.stream.ends[k] if k >= 0 else 0
        return Span(self.source, end, end)

    def token(self, k: int) -> NewToken:
        """Copy of a token of the stream for use in an edit."""
        stream = self.stream
        return NewToken(stream.kinds[k], stream.texts[k], stream.starts[k], stream.ends[k])

    def described(self) -> str:
        """Wording for the token: "`x` stands", "the line ends"."""
        kind, text = self.kind(), self.text()
        if kind in _DESCRIBED:
            return _DESCRIBED[kind].format(text)
        return f"`{text if len(text) <= 40 else text[:40] + '…'}` stands"

    # ---- edits ---------------------------------------------------------------------------

    def insertion(self, *kinds: str, at: int | None = None) -> Edit:
        """Edit that puts words before a token, by default the present one."""
        at = self.i if at is None else at
        return Edit(at, at, tuple(self.new(kind, at) for kind in kinds))

    def replacement(self, kind: str, ahead: int = 0) -> Edit:
        """Edit that changes the kind of the token, or of one so many further on."""
        k = self.i + ahead
        word = self.token(k)
        return Edit(k, k + 1, (word._replace(kind=kind, text=word.text if kind == NAME else kind),))

    def omission(self) -> Edit:
        """Edit that leaves the token out."""
        return Edit(self.i, self.i + 1)

    def new(self, kind: str, before: int) -> NewToken:
        """Token of zero width before another."""
        at = self.gap(before).end
        return NewToken(kind, "" if kind in (WRONG, LOST) else kind, at, at)

    # ---- lines and brackets --------------------------------------------------------------

    @cached_property
    def may_begin(self) -> bool:
        """True if a statement may begin here."""
        return self.expected >= STATEMENT_WORDS

    @property
    def in_block(self) -> bool:
        """True if a `{` is open."""
        return any(self.stream.kinds[token] == "{" for token in self.open)

    def line_start(self) -> int:
        """First token of the line."""
        k = self.i
        while k and self.stream.kinds[k - 1] != NEWLINE:
            k -= 1
        return k

    def line_end(self) -> int:
        """Offset behind the line of the token."""
        end = self.source.text.find("\n", self.stream.starts[self.i])
        return (end if end >= 0 else len(self.source.text)) + 1

    def reads_like_statement(self, k: int) -> bool:
        """True if a statement could begin with a token: a statement word, `path =`, `name {` or `kind name {`."""
        kinds = self.stream.kinds
        if kinds[k] != NAME:
            return kinds[k] in STATEMENT_WORDS
        after = k + 1
        while kinds[after] == "." and kinds[after + 1] == NAME:
            after += 2
        if kinds[after] == "=":
            return not self.is_argument(k, after)
        heads = _HEADS | {NEWLINE} if kinds[k - 1] == NEWLINE else _HEADS
        return after == k + 1 and (kinds[after] == "{" or (kinds[after] == NAME and kinds[after + 1] in heads))

    def is_closed(self) -> bool:
        """True if the innermost open bracket is closed further on."""
        return closing(self.stream.kinds, self.i, 1) is not None

    def is_inside(self, *names: str) -> bool:
        """True if one of these rules is under way."""
        states = [state for state, _, _ in self.frames[self.base :]]
        return any(TABLE.rules[rule].name in names for state in states for rule, _ in TABLE.items[state])

    def is_argument(self, k: int, sign: int) -> bool:
        """True if `name =` stands in a call that is closed further on."""
        kinds = self.stream.kinds
        in_call = bool(self.brackets) and kinds[self.brackets[-1]] == "("
        return in_call and sign == k + 1 and closing(kinds, k, 1) is not None

    def begins_statement(self, k: int) -> bool:
        """True if a token begins its line and the line reads like a statement, so that open brackets were not closed."""
        if k == self.first or self.stream.kinds[k - 1] != NEWLINE:
            return False
        return self.stream.kinds[k] == "}" or self.reads_like_statement(k)

    def rest(self) -> list[str]:
        """Kinds of the tokens up to the end of the value or item, contents of brackets left out."""
        found = []
        kinds = self.stream.kinds
        k = self.i
        while kinds[k] not in ENDS and kinds[k] not in _AFTER_VALUE:
            found.append(kinds[k])
            k = self.past(k)
        return found

    def value_end(self) -> int:
        """Token that ends the value which begins here."""
        k = self.i
        while self.stream.kinds[k] not in ENDS and self.stream.kinds[k] not in _AFTER_VALUE:
            k = self.past(k)
        return k

    def past(self, k: int) -> int:
        """Token after this one, or after the bracket that it opens."""
        kinds = self.stream.kinds
        return (closing(kinds, k + 1, 1) if kinds[k] in ("(", "[") else None) or k + 1

    def after_bracket(self) -> int:
        """Token after the bracket that opens here; the end of the file when it is never closed."""
        kinds = self.stream.kinds
        depth = 0
        for k in range(self.i, len(kinds)):
            depth += (kinds[k] in CLOSING) - (kinds[k] in OPENING)
            if not depth:
                return k + 1
        return len(kinds) - 3

    # ---- what the table says -------------------------------------------------------------

    @cached_property
    def expected(self) -> frozenset[str]:
        """Kinds of tokens that the table accepts here."""
        return frozenset(kind for kind in TABLE.rows[self.frames[-1][0]] if self.trial().word(kind))

    def trial(self, kept: int | None = None) -> Trial:
        """Trial that starts here, or from the first `kept` frames."""
        first = self.i if kept is None or kept >= len(self.frames) else self.frames[kept][2]
        brackets = [self.stream.kinds[token] for token in self.open_before(first)]
        return Trial([frame[0] for frame in self.frames[:kept]], brackets)

    def open_before(self, token: int) -> list[int]:
        """Brackets and braces that are open before a token of the statement, as positions."""
        if token >= self.i:
            return [*self.open]
        found = [k for k in self.open if k < self.first]
        for k in range(self.first, token):
            if self.stream.kinds[k] in CLOSING:
                found.append(k)
            elif self.stream.kinds[k] in OPENING:
                found.pop()
        return found

    def frames_before(self, token: int) -> tuple[int, int]:
        """Number of frames that end before a token, and the token at which reading resumes after them."""
        kept, resume = len(self.frames), self.i
        while True:
            while resume > token and self.stream.kinds[resume - 1] == NEWLINE:
                resume -= 1
            if resume <= token:
                return kept, resume
            kept -= 1
            resume = self.frames[kept][2]

    def goes_on(self, edit: Edit, far: int = 2) -> bool:
        """True if the table reads at least `far` tokens after an edit, or to the end of the statement."""
        kinds = self.stream.kinds
        following = []
        k = edit.stop
        while far and k < len(kinds) - 2:
            following.append(self.end_kind(k) if kinds[k] in ("}", END) else kinds[k])
            far -= kinds[k] != NEWLINE
            k += 1
        return self.reads(edit, following)

    def reads(self, edit: Edit, following: list[str]) -> bool:
        """True if the table reads the edited tokens and then these kinds."""
        kept, resume = self.frames_before(edit.start)
        before = self.stream.kinds[resume : edit.start]
        if kept < self.base or "{" in before:
            return False
        known = [*before, *(word.kind for word in edit.words)]
        return self.trial(kept).over([*known, *following], len(known))

    def end_kind(self, k: int) -> str:
        """Kind of the token that ends a statement; `;` for a newline, and for a `}` or end of file that fits no brace."""
        kind = self.stream.kinds[k]
        is_end = kind == NEWLINE or kind == (END if self.in_block else "}")
        return ";" if is_end and not self.is_alone else kind

    @cached_property
    def needed(self) -> str:
        """Word without which the statement cannot end; empty when there is none or a name is needed."""
        words = [] if self.expected & ENDS else self.completion(end=END if self.is_alone else NEWLINE) or []
        return words[0] if words and words[0] != WRONG else ""

    @property
    def is_alone(self) -> bool:
        """True if the text is one expression."""
        return self.frames[0][0] == TABLE.starts["alone"]

    def completion(self, kept: int | None = None, end: str = NEWLINE) -> list[str] | None:
        """Shortest row of kinds that completes the statement, `WRONG` for a value.

        None when that takes a name, which nobody can guess, or more than `MOST_WORDS` words."""
        waiting: list[list[str]] = [[]]
        seen: set[int] = set()
        for words in waiting:
            trial = self.trial(kept)
            if not trial.over(words, len(words) + 1) or trial.states[-1] in seen:
                continue
            seen.add(trial.states[-1])
            if Trial(trial.states, trial.brackets).word(end):
                return words
            if len(words) < MOST_WORDS:
                # breadth first, each state once: the first row of words that can end the statement is a shortest one
                row = TABLE.rows[trial.states[-1]]
                waiting += [[*words, kind] for kind in ([WRONG] if WRONG in row else row) if is_spelled(kind)]
        return None

    # ---- the end of the statement --------------------------------------------------------

    def end(self) -> int:
        """Token that ends the statement, or a `{` before it."""
        kinds = self.stream.kinds
        if self.is_alone:
            return len(kinds) - 3
        k = self.i
        if self.brackets:
            k = closing(kinds, k, len(self.brackets)) or k
        while kinds[k] not in ENDS and kinds[k] != "{":
            k = self.past(k)
        return k


def is_spelled(kind: str) -> bool:
    """True if a completion may contain a kind of token."""
    return kind == WRONG or (kind in _SPELLINGS and kind not in _NOT_FOR_COMPLETION)


def closing(kinds: list[str], i: int, depth: int) -> int | None:
    """Position after the token that closes `depth` brackets, looking from token `i`.

    None when a statement or the end of the file comes first, or after `WINDOW` tokens."""
    braces = 0
    for k in range(i, min(i + WINDOW, len(kinds))):
        kind = kinds[k]
        if kind == "{":
            braces += 1
        elif kind == "}":
            braces -= 1
            if braces < 0:
                return None
        elif kind == END or (kind in STATEMENT_WORDS and not braces):
            return None
        elif braces:
            continue
        elif kind in ("(", "["):
            depth += 1
        elif kind in (")", "]"):
            depth -= 1
            if not depth:
                return k + 1
    return None


Mended = tuple[Diagnostic | None, Edit | None]
"""Diagnostic of a mistake, None when it has been reported, and the edit that mends it, None when the statement is skipped."""

Mistake = Callable[[Impasse], Mended | None]
"""Function that recognises a mistake at a place; None when it is another."""
