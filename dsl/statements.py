"""Reads statements that begin with a word of the language, and the clauses that all of them share."""

from collections.abc import Callable

from dsl import syntax
from dsl.diagnostic import Code, Fix
from dsl.expressions import Expressions
from dsl.recovery import Unreadable
from dsl.source import Span
from dsl.syntax import Expression, Name, Path
from dsl.tokens import DATE, MEASURE, NAME, NUMBER, STRING

EQUALS_SIGN = Code(
    "C0113",
    "a value is given with `=`",
    cause="Fields, parameters and `let` take their value with `=`; `:` stands before a type, and `==` compares.",
    wrong='source a {\n  title: "A"\n}\n',
    right='source a {\n  title = "A"\n}\n',
)
FROM_MISSING = Code(
    "C0123",
    "a source without `from`",
    cause="Where a figure comes from is said behind it, with the word `from`, the name of a source and the place in it.",
    wrong='source paper { title = "A" }\nlet hbm = 128 GB paper "table 2"\n',
    right='source paper { title = "A" }\nlet hbm = 128 GB from paper "table 2"\n',
)

_NAMES = frozenset((NAME,))
BARE = frozenset((NUMBER, MEASURE, STRING, DATE, "["))


class Statements(Expressions):
    """The middle of the parser: clauses, and the statements with a word of their own."""

    # ---- clauses -------------------------------------------------------------------------

    def equals(self, name: str) -> None:
        """Passes `=`, or what was written for it."""
        i = self.i
        kind = self.kinds[i]
        if kind == "=":
            self.i = i + 1
            return
        if kind in (":", "==", "~="):
            self.i = i + 1
            fix = Fix("`=`", self.span(i), " =" if kind == ":" else "=", "safe")
            self.complain(
                EQUALS_SIGN.at(
                    self.span(i),
                    f"`{name}` gets its value with `=`, not `{kind}`",
                    f"write `{name} = ..`",
                    fixes=(fix,),
                )
            )
        elif kind in BARE:
            end = self.ends[i - 1]
            fix = Fix("insert `=`", Span(self.source, end, end), " =", "safe")
            self.complain(
                EQUALS_SIGN.at(
                    self.span(i), f"expected `=` between `{name}` and its value", f"write `{name} = ..`", fixes=(fix,)
                )
            )
        else:
            self.expected("`=` and a value")

    def copied(self) -> Expression:
        """What is copied or called by name: a name with what follows it, no operators."""
        kind = self.kinds[self.i]
        if kind not in (NAME, "(", "["):
            self.expected("a name")
        return self.operand(100)

    def parameters(self) -> tuple[syntax.Parameter, ...]:
        """`(n: Count = 4, m)`."""
        self.bracket()
        found: list[syntax.Parameter] = []
        while self.over_newlines() != ")":
            start = self.starts[self.i]
            name = self.name("a name for a parameter")
            type = self.type() if self.over_newlines() == ":" else None
            default = None
            if self.over_newlines() == "=" or self.kinds[self.i] in BARE:
                self.equals(name.text)
                default = self.expression()
            found.append(syntax.Parameter(self.since(start), name, type, default))
            if not self.comma(_NAMES):
                break
        self.unbracket(")", "`,` or `)`")
        return tuple(found)

    def type(self) -> Path:
        """`: Count`."""
        self.i += 1
        self.over_newlines()
        return self.path("the name of a type, such as `Count`,")

    def cites(self) -> tuple[syntax.Cite, ...]:
        """`from cm_paper "per package", est`."""
        found: list[syntax.Cite] = []
        while True:
            self.i += 1
            start = self.starts[self.i]
            name = self.name("the name of a source")
            locator = None
            if self.kinds[self.i] == STRING:
                self.i += 1
                locator = self.string(self.i - 1).value
            found.append(syntax.Cite(self.since(start), name, locator))
            if self.kinds[self.i] != ",":
                return tuple(found)

    def provenance(self) -> tuple[syntax.Cite, ...]:
        """The sources, when there are some."""
        i = self.i
        if self.kinds[i] == NAME and (self.kinds[i + 1] == STRING or self.kinds[i - 1] == MEASURE):
            end = self.ends[i - 1]
            self.complain(
                FROM_MISSING.at(
                    self.span(i),
                    f"a source stands behind the value without `from`: `{self.texts[i]}`",
                    f"write `from {self.texts[i]}`",
                    fixes=(Fix("insert `from`", Span(self.source, end, end), " from", "unsafe"),),
                )
            )
            self.i = i - 1
        elif self.kinds[i] != "from":
            return ()
        try:
            return self.cites()
        except Unreadable:
            self.recover(self.level, 0)
            return ()

    # ---- statements that begin with a word of the language --------------------------------

    def edition(self) -> syntax.Edition:
        """`edition 2026`."""
        start = self.starts[self.i]
        self.i += 1
        if self.kinds[self.i] != NUMBER:
            self.expected("a year", "write `edition 2026`")
        year = self.numeral(self.i)
        self.i += 1
        assert isinstance(year, syntax.Number)
        return syntax.Edition(self.since(start), year)

    def imported(self) -> syntax.Import:
        """`import std.optics (LPO400)` or `import "limits.cluster" as limits`."""
        start = self.starts[self.i]
        self.i += 1
        target: Path | syntax.String
        if self.kinds[self.i] == STRING:
            target = self.string(self.i)
            self.i += 1
        else:
            target = self.path("the name of a module or a file in quotes")
        alias, names = None, None
        if self.kinds[self.i] == "as":
            self.i += 1
            alias = self.name()
        elif self.kinds[self.i] == "(":
            self.bracket()
            names = self.names(")")
            self.unbracket(")", "`,` or `)`")
        return syntax.Import(self.since(start), target, alias, names)

    def names(self, closer: str | None) -> tuple[Name, ...]:
        """Names with commas between; the last may have one, too."""
        found = [self.name()]
        while self.over_newlines() == ",":
            self.i += 1
            if self.over_newlines() != NAME and (closer is None or self.kinds[self.i] == closer):
                break
            found.append(self.name())
        return tuple(found)

    def let(self) -> syntax.Let:
        """`let npus: Count = count(compute.npus)`."""
        start = self.starts[self.i]
        self.i += 1
        name = self.name()
        type: Path | None = None
        try:
            type = self.type() if self.kinds[self.i] == ":" else None
        except Unreadable:
            self.recover(self.level, 0)
            return syntax.Let(self.since(start), name, None, syntax.Wrong(self.since(start)), ())
        value = self.guarded(lambda: self.given(name.text, self.value))
        cites = self.provenance()
        return syntax.Let(self.since(start), name, type, value, cites)

    def given(self, name: str, read: Callable[[], Expression]) -> Expression:
        """`=` and what follows."""
        self.equals(name)
        return read()

    def function(self) -> syntax.Function:
        """`fn share(part, whole) = part / whole`."""
        start = self.starts[self.i]
        self.i += 1
        name = self.name()
        if self.kinds[self.i] != "(":
            self.expected("`(`", f"parameters stand in brackets: `fn {name.text}(a, b) = ..`")
        parameters = self.parameters()
        body = self.guarded(lambda: self.given(name.text, self.expression))
        return syntax.Function(self.since(start), name, parameters, body)

    def check(self) -> syntax.Check:
        """`assert power <= cap else "message"`."""
        start, word = self.starts[self.i], self.kinds[self.i]
        self.i += 1
        condition = self.expression()
        if self.kinds[self.i] == "=":
            self.compared()
        message = None
        if self.kinds[self.i] == "else":
            self.i += 1
            if self.kinds[self.i] != STRING:
                self.expected("a message in quotes", f'write `{word} .. else "what is wrong then"`')
            message = self.string(self.i).value
            self.i += 1
        return syntax.Check(self.since(start), word, condition, message)

    def compared(self) -> None:
        """`=` where a comparison is meant."""
        place = self.span(self.i)
        self.fail(
            EQUALS_SIGN.at(
                place, "`=` gives a value, `==` compares", "write `==`", fixes=(Fix("`==`", place, "==", "safe"),)
            )
        )

    def claim(self) -> syntax.Claim:
        """`claim hbm: sum(npus.hbm.capacity) ~= 48 TB within 2% from press`."""
        start = self.starts[self.i]
        self.i += 1
        name = None
        if self.kinds[self.i] == NAME and self.kinds[self.i + 1] == ":":
            name = self.name()
            self.i += 1
        condition = self.expression()
        if self.kinds[self.i] == "=":
            self.compared()
        within = None
        if self.kinds[self.i] == "within":
            self.i += 1
            within = self.expression()
        cites = self.provenance()
        return syntax.Claim(self.since(start), name, condition, within, cites)

    def connect(self) -> syntax.Connect:
        """`connect l1 to comm.l2 on plane by clos(tiers = 2) with 1 of UBLink { cable = 2 links }`."""
        start = self.starts[self.i]
        self.i += 1
        left = self.path("the name of what is connected")
        right, shape = None, None
        keys: tuple[Name, ...] = ()
        if self.kinds[self.i] == "to":
            self.i += 1
            right = self.path("the name of the other side")
        if self.kinds[self.i] == "on":
            self.i += 1
            keys = self.names(None)
        if self.kinds[self.i] == "by":
            self.i += 1
            shape = self.copied()
        if self.kinds[self.i] != "with":
            self.expected("`with` and a link", "write `connect a to b with 1 of Link`")
        self.i += 1
        link = self.guarded(self.value)
        cites = self.provenance()
        return syntax.Connect(self.since(start), left, right, keys, shape, link, cites)

    def sweep(self) -> syntax.Sweep:
        """`sweep pue in [1.10, 1.25]`."""
        start = self.starts[self.i]
        self.i += 1
        name = self.name()
        values = self.guarded(lambda: self.swept(name.text))
        return syntax.Sweep(self.since(start), name, values)

    def swept(self, name: str) -> Expression:
        """`in [1.10, 1.25]`."""
        if self.kinds[self.i] != "in":
            self.expected("`in`", f"write `sweep {name} in [..]`")
        self.i += 1
        return self.expression()
