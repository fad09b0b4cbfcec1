"""Text to tree: every statement that can be read is in it, and every mistake is said once."""

import gc
from collections.abc import Callable
from typing import ClassVar, get_args

from dsl import lexical, syntax
from dsl.diagnostic import Code, Diagnostic, Fix, Label
from dsl.keywords import KEYWORDS, STATEMENT_WORDS
from dsl.limits import NESTING, SYNTAX_ERRORS, room_for_nesting
from dsl.record import replace
from dsl.recovery import BRACE_OPEN, NESTED_TOO_DEEPLY, NOTHING_OPEN, OPENERS, Unreadable
from dsl.source import Source, Span
from dsl.statements import BARE, Statements
from dsl.syntax import Expression, Module, Path, Statement
from dsl.tokens import END, NAME, NEWLINE, Stream
from dsl.walk import depth

NOT_A_STATEMENT = Code(
    "C0112",
    "this line states nothing",
    cause="A statement gives a value (`tdp = 700 W`), opens a block (`hbm { .. }`), declares a thing (`chip X { .. }`) "
    "or begins with one of the words of the language, such as `let` or `assert`. A name or a value alone does nothing.",
    wrong="edition 2026\n8760 h\n",
    right="edition 2026\nlet year = 8760 h\n",
)
LINE_GOES_ON = Code(
    "C0116",
    "two statements on one line",
    cause="A statement ends with its line. Two on one line are separated by `;`.",
    wrong="let a = 1 let b = 2\n",
    right="let a = 1; let b = 2\n",
)
BRACE_ON_ITS_OWN_LINE = Code(
    "C0118",
    "the `{` stands on the next line",
    cause="A declaration ends with its line, so its block begins on the same line.",
    wrong='source a\n{\n  title = "A"\n}\n',
    right='source a {\n  title = "A"\n}\n',
)

EXPRESSIONS: tuple[type, ...] = get_args(Expression)
_ENDS = frozenset((NEWLINE, ";", "}", END))
_CLAUSES = {
    "from": "a source follows the value of a field, `let`, `claim` or `connect`",
    "else": "a message belongs to `assert`, `expect` and `require`",
    "within": "a tolerance belongs to `claim`",
    "with": "after `with` stands a block, `with { .. }`",
    "of": "parts are a value by themselves: `npus = 8 of X`",
    "->": "`->` stands once, at the end of an expression",
}


class Parser(Statements):
    """The statement half of the parser."""

    def __init__(self, source: Source, stream: Stream) -> None:
        super().__init__(source, stream)
        self.to_spare = stream.kinds.count("}") - stream.kinds.count("{")

    def module(self, comments: tuple[syntax.Comment, ...]) -> Module:
        """The whole text."""
        found: list[Statement] = []
        while True:
            found += self.statements()
            if self.kinds[self.i] == END:
                return Module(Span(self.source, 0, len(self.source.text)), tuple(found), comments)
            self.complain(
                NOTHING_OPEN.at(
                    self.span(self.i), "`}` closes nothing", "remove it, or look for a block that ends too early above"
                )
            )
            while self.kinds[self.i] == "}":
                self.i += 1
            if len(self.diagnostics) >= SYNTAX_ERRORS:
                self.i = len(self.kinds) - 3

    def statements(self) -> list[Statement]:
        """Statements up to a `}` or the end."""
        found: list[Statement] = []
        kinds = self.kinds
        level = self.level
        while True:
            kind = kinds[self.i]
            while kind == NEWLINE or kind == ";":
                self.i += 1
                kind = kinds[self.i]
            if kind == "}" or kind == END:
                return found
            first = self.i
            start = self.starts[first]
            try:
                if kind == NAME:
                    found.append(self.named())
                elif kind in STATEMENT_WORDS and kinds[self.i + 1] != "=":
                    found.append(self.READ[kind](self))
                else:
                    self.other(kind, found)
            except Unreadable:
                self.recover(level, 0)
                found.append(syntax.Wrong(self.since(start)))
            if self.i - first > NESTING:
                found[-1] = self.shallow(found[-1])
            if kinds[self.i] not in _ENDS:
                self.line_goes_on(level)
            if len(self.diagnostics) >= SYNTAX_ERRORS:
                self.i = len(kinds) - 3

    def shallow(self, statement: Statement) -> Statement:
        """The statement, unless its value is so deep that those who read it would not come to the end."""
        if isinstance(statement, syntax.Entity | syntax.Group):
            return statement
        found = depth(statement, EXPRESSIONS)
        if found <= NESTING + 1:
            return statement
        place = self.span(self.i - 1)
        value = getattr(statement, "value", statement)
        self.complain(
            NESTED_TOO_DEEPLY.at(
                value.span,
                f"{found:,} operators stand inside one another here, at most {NESTING} are read",
                "`sum([..])`, `all([..])` and `let` say the same without a chain",
            )
        )
        wrong = syntax.Wrong(Span(self.source, value.span.start, place.end))
        return replace(statement, value=wrong) if value is not statement else wrong

    def skip_block(self) -> None:
        """Reads a block that belongs to something unreadable, for the mistakes inside."""
        try:
            self.block()
        except Unreadable:
            self.i = max(self.i, 1)

    def block(self) -> syntax.Block:
        """What stands between braces."""
        if self.kinds[self.i] != "{":
            self.expected("`{`")
        start = self.starts[self.i]
        self.enter()
        outer, self.open = self.open, []
        self.i += 1
        block = self.inside(start)
        self.open = outer
        return block

    def inside(self, start: int) -> syntax.Block:
        """The statements of a block and its end."""
        statements = self.statements()
        if self.kinds[self.i] == "}":
            self.i += 1
        self.level -= 1
        return syntax.Block(self.since(start), tuple(statements))

    def block_without_brace(self, header: str) -> syntax.Block | None:
        """The block whose `{` was lost: statements follow on the line, or deeper lines in a text with `}` to spare."""
        i = self.i
        if self.kinds[i] != NEWLINE and not (self.kinds[i] == NAME and self.kinds[i + 1] == "="):
            return None
        if self.kinds[i] == NEWLINE:
            here = self.source.line(self.source.line_column(self.starts[i - 1])[0])
            below = self.source.line_column(self.starts[i + 1])[1] - 1
            if self.kinds[i + 1] != NAME or below <= len(here) - len(here.lstrip()):
                return None
        self.to_spare -= 1
        end = self.ends[i - 1]
        self.complain(
            BRACE_OPEN.at(
                self.span(i - 1),
                f"expected `{{` after `{header}`",
                f"write `{header} {{`",
                label="a block follows, and nothing opens it",
                fixes=(Fix("insert `{`", Span(self.source, end, end), " {", "safe"),),
            )
        )
        self.enter()
        return self.inside(end)

    def whole(self) -> Expression:
        """An expression that is the whole text."""
        value = self.value()
        while self.kinds[self.i] == NEWLINE:
            self.i += 1
        if self.kinds[self.i] != END:
            self.expected("an operator or the end of the expression")
        return value

    # ---- mistakes at the ends of statements ----------------------------------------------

    def line_goes_on(self, level: int) -> None:
        """Something stands behind a whole statement."""
        kind, after = self.kinds[self.i], self.kinds[self.i + 1]
        if kind == ",":
            fix = Fix("remove `,`" if after == NEWLINE else "`;`", self.span(self.i), "" if after == NEWLINE else ";")
            self.complain(
                LINE_GOES_ON.at(self.span(self.i), "statements have no commas between them", fix.title, fixes=(fix,))
            )
            self.i += 1
            return
        declares = after == NAME and self.kinds[self.i + 2] in ("{", "(", "like")
        if kind in STATEMENT_WORDS or (kind == NAME and (after in ("=", "{") or declares)):
            end = self.ends[self.i - 1]
            self.complain(
                LINE_GOES_ON.at(
                    self.span(self.i),
                    "a statement ends with its line, and here another begins",
                    "begin a new line, or put `;` between them",
                    fixes=(Fix("insert `;`", Span(self.source, end, end), ";", "safe"),),
                )
            )
            return
        help = [_CLAUSES[kind]] if kind in _CLAUSES else []
        line = self.source.line_column(self.starts[self.i])[0]
        if "//" in self.source.line(line):
            help.append("a comment begins with `#`; `//` divides whole numbers")
        try:
            self.expected("the end of the line", *help)
        except Unreadable:
            self.recover(level, 0)

    def other(self, kind: str, found: list[Statement]) -> None:
        """A line that begins with none of the words that may begin one."""
        i = self.i
        after = self.kinds[i + 1]
        last = found[-1] if found else None
        if kind == "{" and isinstance(last, syntax.Entity) and last.body is None:
            before = last.span.end
            self.complain(
                BRACE_ON_ITS_OWN_LINE.at(
                    self.span(i),
                    f"the block of `{last.name.text}` begins on the line of its name",
                    f"write `{last.kind.text} {last.name.text} {{`",
                    labels=(Label(last.span, "declared here, and ended with its line"),),
                    fixes=(Fix("join the lines", Span(self.source, before, self.ends[i]), " {", "unsafe"),),
                )
            )
            found[-1] = replace(last, body=self.block())
            return
        if kind in KEYWORDS and after in ("=", "{", ".", ":"):
            self.keyword_as_name()
            found.append(self.named())
            return
        help = ["give it a name, `let .. = ..`, or check it with `assert`"]
        if self.texts[i] in ("//", "/*", "/", "*"):
            help = ["a comment begins with `#`"]
        elif kind in OPENERS:
            help = [f"remove it, or open it with `{OPENERS[kind]}`"]
        self.fail(
            NOT_A_STATEMENT.at(self.span(i), f"no statement begins with {self.described(i).rsplit(' ', 1)[0]}", *help)
        )

    # ---- statements that begin with a name -----------------------------------------------

    def named(self) -> Statement:
        """A field, a group or a declaration."""
        i = self.i
        after = self.kinds[i + 1]
        if after == "=":
            name = self.name()
            return self.field(self.starts[i], Path(name.span, (name,)))
        if after == NAME:
            return self.entity()
        if after == "." or after == "{":
            path = self.path()
            return self.group(path) if self.kinds[self.i] == "{" else self.field(self.starts[i], path)
        if after in (":", "==", "~=") or after in BARE:
            name = self.name()
            return self.field(self.starts[i], Path(name.span, (name,)))
        if after in KEYWORDS:
            if self.kinds[i + 2] in ("{", "(", "like", NEWLINE):
                return self.entity()
            self.i = i + 1
            self.expected("a name or `=`")
        name = self.name()
        lost = self.block_without_brace(name.text) if self.to_spare > 0 else None
        if lost is not None:
            return syntax.Group(self.since(self.starts[i]), name, lost)
        if after == "(":
            help = "check it with `assert`, or give it a name with `let`"
        else:
            help = f"give it a value, `{name.text} = ..`, or a block, `{name.text} {{ .. }}`"
        if after in _ENDS or after == "(":
            self.fail(
                NOT_A_STATEMENT.at(name.span, f"`{name.text}{'(..)' * (after == '(')}` alone states nothing", help)
            )
        self.expected("`=`, `{` or a name", help)

    def group(self, path: Path) -> syntax.Group:
        """`hbm { .. }`; `a.b { .. }` is a group inside a group."""
        body = self.block()
        *outer, last = path.names
        group = syntax.Group(self.since(last.span.start), last, body)
        for name in reversed(outer):
            group = syntax.Group(self.since(name.span.start), name, syntax.Block(group.span, (group,)))
        return group

    def field(self, start: int, path: Path) -> syntax.Field:
        """What follows the path."""
        self.equals(path.names[-1].text)
        value = self.guarded(self.value)
        cites = self.provenance()
        return syntax.Field(self.since(start), path, value, cites)

    def entity(self) -> syntax.Entity:
        """`chip B200(hbm = 192 GB) like B100 { .. }`."""
        i = self.i
        start = self.starts[i]
        kind, name = self.name(), self.name()
        parameters: tuple[syntax.Parameter, ...] = ()
        like: Expression | None = None
        level = self.level
        try:
            if self.kinds[self.i] == "(":
                parameters = self.parameters()
            if self.kinds[self.i] == "like":
                self.i += 1
                like = self.copied()
            lost = self.block_without_brace(f"{kind.text} {name.text}") if self.to_spare > 0 else None
            if lost is not None:
                return syntax.Entity(self.since(start), kind, name, parameters, like, lost)
            if self.kinds[self.i] not in _ENDS and self.kinds[self.i] != "{":
                if self.kinds[self.i] == "=":
                    self.expected("`{`", "a field has one name: `name = value`; words are joined with `_`")
                self.expected("`{`, `like` or `( )`")
        except Unreadable:
            self.level = level
            opened = len(self.open)
            del self.open[:]
            after = self.closing(self.i, opened) if opened else None
            self.i = after or self.i
            while self.kinds[self.i] not in _ENDS and self.kinds[self.i] != "{":
                self.i += 1
        body = self.block() if self.kinds[self.i] == "{" else None
        return syntax.Entity(self.since(start), kind, name, parameters, like, body)

    READ: ClassVar[dict[str, Callable[[Statements], Statement]]] = {
        "edition": Statements.edition,
        "import": Statements.imported,
        "let": Statements.let,
        "fn": Statements.function,
        "assert": Statements.check,
        "expect": Statements.check,
        "require": Statements.check,
        "claim": Statements.claim,
        "connect": Statements.connect,
        "sweep": Statements.sweep,
    }


def parse(source: Source) -> tuple[Module, tuple[Diagnostic, ...]]:
    """The tree of a text and what is wrong with it; any text has one."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        with room_for_nesting():
            return _parse(source)
    finally:
        if collecting:
            gc.enable()


def _parse(source: Source) -> tuple[Module, tuple[Diagnostic, ...]]:
    stream, found = lexical.read(source)
    comments = tuple(syntax.Comment(Span(source, start, end)) for start, end in stream.comments)
    found += lexical.close_blocks(source, stream, BRACE_OPEN)
    parser = Parser(source, stream)
    module = parser.module(comments)
    found += parser.diagnostics
    found.sort(key=lambda diagnostic: diagnostic.span.start)
    return module, tuple(found)


def parse_expression(source: Source) -> tuple[Expression, tuple[Diagnostic, ...]]:
    """One expression alone, such as `torus(dims = [7, 4])`; newlines around it and inside it mean nothing."""
    with room_for_nesting():
        stream, found = lexical.read(source)
        parser = Parser(source, stream)
        while parser.kinds[parser.i] == NEWLINE:
            parser.i += 1
        value = parser.guarded(parser.whole)
        return value, (*found, *parser.diagnostics)
