"""What the parser does when it meets something else: the sentence, its place, and where reading goes on."""

from collections.abc import Callable
from typing import NoReturn

from dsl.diagnostic import Code, Diagnostic, Fix, Label
from dsl.keywords import KEYWORDS, STATEMENT_WORDS
from dsl.limits import NESTING
from dsl.source import Source, Span
from dsl.syntax import Expression, Name, Path, Wrong
from dsl.tokens import DATE, END, MEASURE, NAME, NEWLINE, NUMBER, ODD, STRING, Stream

SOMETHING_ELSE = Code(
    "C0101",
    "something else was expected here",
    cause="The line began as a statement of the language and then went on in a way that no statement does. The message "
    "names what could have stood there. The rest of the file was read as usual, from the next line on.",
    wrong="fn larger a, b = max([a, b])\n",
    right="fn larger(a, b) = max([a, b])\n",
)
KEYWORD_AS_NAME = Code(
    "C0102",
    "a word of the language used as a name",
    cause="Some words, such as `to`, `from` and `of`, have a meaning of their own wherever they stand. A name that is "
    "one of them is written in backquotes.",
    wrong="fn share(part, of) = part\n",
    right="fn share(part, `of`) = part / `of`\n",
)
VALUE_MISSING = Code(
    "C0103",
    "a value is missing",
    cause="A statement ends with its line, so a value begins on the line of its `=` or operator. Only inside ( ) or [ ]"
    " may an expression go on in the next line.",
    wrong="fn one() =\n",
    right="fn one() = 1\n",
)
BRACE_OPEN = Code(
    "C0104",
    "a block is never closed",
    cause="Every `{` needs its `}`. The message guesses from the indentation which block it is and where its end was "
    "meant; the rest of the file is read as if it were there.",
    wrong='source a {\n  title = "A"\n\nsource b {\n  title = "B"\n}\n',
    right='source a {\n  title = "A"\n}\n\nsource b {\n  title = "B"\n}\n',
)
BRACKET_OPEN = Code(
    "C0105",
    "a bracket is never closed",
    cause="Inside ( ) and [ ] a line may end anywhere, so a lost bracket would swallow what follows. A line that can "
    "only be a statement ends all brackets that are open above it.",
    wrong="let a = (1 + 2\nlet b = 3\n",
    right="let a = (1 + 2)\nlet b = 3\n",
)
NESTED_TOO_DEEPLY = Code(
    "C0110",
    "nested too deeply",
    cause=f"Brackets, blocks and operators may stand at most {NESTING} deep inside one another, so that every tool can "
    "follow. A long chain of operators counts once for each.",
    wrong="let a = " + "(" * (NESTING + 1) + "1" + ")" * (NESTING + 1) + "\n",
    right="let a = sum([1, 2, 3])\n",
)
NOTHING_OPEN = Code(
    "C0114",
    "a bracket closes nothing",
    cause="A closing bracket without an opening one before it. Often a block ended one line too early.",
    wrong="let a = 1 + 2)\n",
    right="let a = (1 + 2)\n",
)

OPENERS = {")": "(", "]": "[", "}": "{"}
CLOSERS = {"(": ")", "[": "]", "{": "}"}
_AFTER_NAME = frozenset(("=", "{", "(", ")", ".", ":", ",", ";", "like", "in", NEWLINE))
_WINDOW = 2_000  # tokens looked through for the end of a bracket


class Unreadable(Exception):
    """The statement cannot be read on; its complaint has been made."""


class Reader:
    """A place in the stream, what has been complained about, and the ways to go on after a mistake."""

    def __init__(self, source: Source, stream: Stream) -> None:
        self.source = source
        self.stream = stream
        self.kinds = stream.kinds
        self.texts = stream.texts
        self.starts = stream.starts
        self.ends = stream.ends
        self.i = 0
        self.open: list[int] = []  # tokens `(` and `[` inside which newlines mean nothing
        self.level = 0
        self.diagnostics: list[Diagnostic] = []

    # ---- places --------------------------------------------------------------------------

    def span(self, token: int, last: int | None = None) -> Span:
        """The place of a token, or from one to another."""
        return Span(self.source, self.starts[token], self.ends[token if last is None else last])

    def since(self, start: int) -> Span:
        """From an offset to the end of what was read last."""
        last = self.i - 1
        while last > 0 and self.kinds[last] == NEWLINE:
            last -= 1
        return Span(self.source, start, max(start, self.ends[last]))

    def described(self, token: int) -> str:
        """A token as a reader would call it."""
        kind, text = self.kinds[token], self.texts[token]
        if kind == NEWLINE:
            return "the line ends"
        if kind == END:
            return "the file ends"
        if kind == STRING:
            return "a text stands"
        if kind in (NUMBER, MEASURE):
            return f"the number `{text}` stands"
        if kind == DATE:
            return f"the date `{text}` stands"
        return f"`{text if len(text) <= 40 else text[:40] + '…'}` stands"

    # ---- brackets and newlines -----------------------------------------------------------

    def over_newlines(self) -> str:
        """The kind of the next token; newlines inside brackets are passed, unless a statement begins after them."""
        i = self.i
        kinds = self.kinds
        if self.open:
            while kinds[i] == NEWLINE:
                i += 1
            if kinds[i] in STATEMENT_WORDS or kinds[i] == "}" or kinds[i] == END:
                return kinds[self.i]
            self.i = i
        return kinds[i]

    def enter(self) -> None:
        """One level deeper."""
        self.level += 1
        if self.level > NESTING:
            opener = self.i
            self.i = self.after_bracket(opener)
            self.fail(
                NESTED_TOO_DEEPLY.at(
                    self.span(opener),
                    f"this is nested more than {NESTING} deep",
                    "give the inner part a name with `let`, or put long lists into `[ ]`",
                )
            )

    # ---- complaints ----------------------------------------------------------------------

    def complain(self, diagnostic: Diagnostic) -> None:
        """Notes a mistake; a piece that is itself odd has been complained about, so what comes of it stays silent."""
        self.diagnostics.append(diagnostic)

    def fail(self, diagnostic: Diagnostic) -> NoReturn:
        """Notes a mistake after which the statement cannot be read on."""
        if self.kinds[self.i] not in ODD:
            self.complain(diagnostic)
        raise Unreadable

    def expected(self, what: str, *help: str, code: Code = SOMETHING_ELSE) -> NoReturn:
        """Something else stands here than could; says what could, after what, and what does."""
        kind = self.over_newlines()
        i = self.i
        if self.open and kind == "=" and self.begins_statement(i - 1):
            self.i = i - 1
            self.unclosed()
        if self.open and (kind in (NEWLINE, END, "}", ";") or self.begins_statement(i)):
            self.unclosed()
        if kind in OPENERS and kind != "}" and not self.open:
            self.fail(
                NOTHING_OPEN.at(
                    self.span(i), f"`{kind}` closes nothing", f"remove it, or open it with `{OPENERS[kind]}`"
                )
            )
        before = f" after `{self.texts[i - 1].strip()}`" if i and self.kinds[i - 1] not in (NEWLINE, STRING) else ""
        place = self.span(i)
        label = f"{self.described(i)} here"
        if kind in (NEWLINE, END) and i and self.kinds[i - 1] != NEWLINE:
            place, label = self.span(i - 1), "nothing follows on this line"
        self.fail(code.at(place, f"expected {what}{before}", *help, label=label))

    def keyword_as_name(self) -> None:
        """A word of the language stands where a name is meant, and is read as one."""
        kind, place = self.kinds[self.i], self.span(self.i)
        self.complain(
            KEYWORD_AS_NAME.at(
                place,
                f"`{kind}` is a word of the language, so it cannot be a name by itself",
                f"choose another name, or write `` `{kind}` `` in backquotes",
                fixes=(Fix(f"`` `{kind}` ``", place, f"`{kind}`", "unsafe"),),
            )
        )
        self.kinds[self.i] = NAME

    def unclosed(self) -> NoReturn:
        """The innermost bracket lacks its end; reading goes on with the line that shows it."""
        opener = self.open[-1]
        kind = self.kinds[opener]
        i = self.i
        while self.kinds[i - 1] == NEWLINE:
            i -= 1
        end = self.ends[i - 1]
        labels: tuple[Label, ...] = ()
        if self.kinds[self.i] not in (NEWLINE, END, "}", ";"):
            labels = (Label(self.span(self.i), "a statement begins here"),)
        self.i = i
        self.open.clear()
        if self.kinds[i - 1] in ODD:
            raise Unreadable
        self.complain(
            BRACKET_OPEN.at(
                self.span(opener),
                f"`{kind}` is never closed",
                f"close it with `{CLOSERS[kind]}`",
                label="opened here",
                labels=labels,
                fixes=(Fix(f"insert `{CLOSERS[kind]}`", Span(self.source, end, end), CLOSERS[kind], "unsafe"),),
            )
        )
        raise Unreadable

    # ---- going on ------------------------------------------------------------------------

    def begins_statement(self, i: int) -> bool:
        """Whether this token begins its line and the line reads like a statement: open brackets are a mistake."""
        kinds = self.kinds
        if i == 0 or kinds[i - 1] != NEWLINE:
            return False
        if kinds[i] in STATEMENT_WORDS or kinds[i] == "}":
            return True
        if kinds[i] != NAME:
            return False
        k = i + 1
        while kinds[k] == "." and kinds[k + 1] == NAME:
            k += 2
        if kinds[k] == "=":
            inside_call = bool(self.open) and self.kinds[self.open[-1]] == "(" and k == i + 1
            return not (inside_call and self.closing(i, 1) is not None)
        return k == i + 1 and (kinds[k] == "{" or (kinds[k] == NAME and kinds[k + 1] in ("{", "(", "like", NEWLINE)))

    def closing(self, i: int, depth: int) -> int | None:
        """The token after `depth` brackets have been closed, or None when a statement or the file's end comes first."""
        kinds = self.kinds
        braces = 0
        for k in range(i, min(i + _WINDOW, len(kinds))):
            kind = kinds[k]
            if kind in ("(", "["):
                depth += not braces
            elif kind in (")", "]"):
                depth -= not braces
                if not depth:
                    return k + 1
            elif kind == "{":
                braces += 1
            elif kind == "}":
                if not braces:
                    return None
                braces -= 1
            elif kind == END or (kind in STATEMENT_WORDS and not braces):
                return None
        return None

    def after_bracket(self, i: int) -> int:
        """The token after the bracket that opens here, or the last when it never closes; here when none opens."""
        kinds = self.kinds
        if kinds[i] not in CLOSERS:
            return i
        depth = 0
        for k in range(i, len(kinds)):
            depth += (kinds[k] in CLOSERS) - (kinds[k] in OPENERS)
            if not depth:
                return k + 1
        return len(kinds) - 3

    def skip(self, opened: int) -> None:
        """To the end of the statement in which `opened` brackets are open: a newline, `;` or `}`, or the end."""
        kinds = self.kinds
        after = self.closing(self.i, opened) if opened else None
        if after is not None:
            self.i = after
        while kinds[self.i] not in (NEWLINE, ";", "}", END):
            if kinds[self.i] == "{":
                self.skip_block()
            else:
                self.i += 1

    def recover(self, level: int, opened: int) -> None:
        """Back to where a level and so many brackets were open, at the end of the statement."""
        self.level = level
        inside = len(self.open) - opened
        del self.open[opened:]
        self.skip(max(inside, 0))

    def guarded(self, read: Callable[[], Expression]) -> Expression:
        """A value, or `Wrong` in its place and the rest of the statement skipped: the name is still declared."""
        level, opened, start = self.level, len(self.open), self.starts[self.i]
        try:
            return read()
        except Unreadable:
            self.recover(level, opened)
            return Wrong(self.since(min(start, self.ends[self.i - 1])))

    def skip_block(self) -> None:
        """Passes a block that belongs to something unreadable; its own mistakes are still found."""
        raise NotImplementedError

    # ---- names ---------------------------------------------------------------------------

    def name(self, what: str = "a name") -> Name:
        """One name."""
        i = self.i
        if self.kinds[i] != NAME:
            self.over_newlines()
            i = self.i
            kind = self.kinds[i]
            if kind in KEYWORDS and self.kinds[i + 1] in _AFTER_NAME:
                self.keyword_as_name()
            elif kind != NAME:
                self.expected(what)
        self.i = i + 1
        text = self.texts[i]
        return Name(Span(self.source, self.starts[i], self.ends[i]), text[1:-1] if text[0] == "`" else text)

    def path(self, what: str = "a name") -> Path:
        """Names with dots."""
        start = self.starts[self.i]
        names = [self.name(what)]
        while self.kinds[self.i] == "." or (self.open and self.over_newlines() == "."):
            self.i += 1
            names.append(self.name("a name"))
        return Path(self.since(start), tuple(names))
