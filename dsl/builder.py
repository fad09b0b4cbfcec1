"""Builder of the syntax tree: one method for each rule of the grammar that makes a node.

Each method is given the span of the rule and its children in the order of the grammar: nodes that other methods
returned, tokens as positions in the stream (`Position`), and None for an optional part `[..]` that is absent.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from typing import get_args

from dsl import syntax
from dsl.diagnostic import Code, Diagnostic, Fix
from dsl.limits import NESTING
from dsl.precedence import Operation, with_sign
from dsl.record import replace
from dsl.source import Source, Span
from dsl.syntax import Argument, Block, Cite, Expression, Name, Parameter, Path, Statement
from dsl.tokens import NUMERAL, Stream
from dsl.walk import depth

NESTED_TOO_DEEPLY = Code(
    "C0110",
    "nested too deeply",
    cause=f"Brackets, blocks and operators may stand at most {NESTING} deep inside one another, so that every tool can "
    "follow. A long chain of operators counts once for each.",
    wrong="let a = " + "(" * (NESTING + 1) + "1" + ")" * (NESTING + 1) + "\n",
    right="let a = sum([1, 2, 3])\n",
)
UNKNOWN_ESCAPE = Code(
    "C0117",
    "an escape the language does not have",
    cause='In a text, `\\"` is a quote, `\\\\` a backslash, `\\n` a new line and `\\t` a tab. Any other letter after a '
    "backslash is a mistake, most often a path of Windows.",
    wrong='source a {\n  title = "C:\\data"\n}\n',
    right='source a {\n  title = "C:\\\\data"\n}\n',
)

Position = int
span_of: Callable[[type[Span], tuple[Source, int, int]], Span] = tuple.__new__
"""Constructor of `Span` from a tuple, faster than `Span(..)`: a span is made for every word."""

Numeral = syntax.Number | syntax.Measure

EXPRESSIONS: tuple[type, ...] = get_args(Expression)
_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Builder:
    """Builder for one text; `diagnostics` collects mistakes that the grammar cannot see, such as unknown escapes."""

    def __init__(self, source: Source, stream: Stream) -> None:
        self.source = source
        self.stream = stream
        self.kinds, self.texts, self.starts, self.ends = stream.kinds, stream.texts, stream.starts, stream.ends
        self.diagnostics: list[Diagnostic] = []
        self.numerals: dict[str, tuple[str, float, str]] = {}

    # ---- tokens --------------------------------------------------------------------------

    def place(self, word: Position) -> Span:
        """Span of a token."""
        return Span(self.source, self.starts[word], self.ends[word])

    def name(self, word: Position) -> Name:
        """Name node of a token."""
        text = self.texts[word]
        place = span_of(Span, (self.source, self.starts[word], self.ends[word]))
        return Name(place, text[1:-1] if text[:1] == "`" else text)

    def text(self, word: Position) -> str:
        """Value of a string token: without quotes, escapes resolved."""
        text = self.texts[word][1:]
        text = text[:-1] if text[-1:] in ('"', "'", "”") else text  # the last quote may be lost
        if "\\" not in text:
            return text
        for found in _ESCAPE.finditer(text):
            if found[1] not in _ESCAPES:
                self.unknown_escape(self.starts[word] + 1 + found.start(), found[1])
        return _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[0]), text)

    def unknown_escape(self, start: int, letter: str) -> None:
        """Report an escape that the language does not have."""
        self.diagnostics.append(
            UNKNOWN_ESCAPE.at(
                Span(self.source, start, start + 2),
                f"`\\{letter}` means nothing in a text",
                "write `\\\\` for a backslash",
                fixes=(Fix("`\\\\`", Span(self.source, start, start + 1), "\\\\", "unsafe"),),
            )
        )

    # ---- statements ----------------------------------------------------------------------

    def start(self, span: Span, *statements: Statement) -> tuple[Statement, ...]:
        return self.shallow(statements)

    def alone(self, span: Span, value: Expression) -> Expression:
        return value

    def block(self, span: Span, *statements: Statement) -> Block:
        return Block(span, self.shallow(statements))

    def shallow(self, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        """Statements with values nested deeper than `NESTING` replaced by `Wrong`."""
        if all(statement.span.end - statement.span.start <= NESTING for statement in statements):
            return statements
        return tuple(map(self.limited, statements))

    def limited(self, statement: Statement) -> Statement:
        """Statement with its value replaced by `Wrong`, and a complaint, when it is nested too deeply for recursive readers."""
        start, end = statement.span.start, statement.span.end
        # each level of nesting takes a token at least: short statements need no walk
        words = bisect_left(self.starts, end) - bisect_left(self.starts, start)
        if words <= NESTING or isinstance(statement, syntax.Entity | syntax.FieldGroup):
            return statement
        found = depth(statement, EXPRESSIONS)
        if found <= NESTING + 1:
            return statement
        value = getattr(statement, "value", statement)
        self.diagnostics.append(
            NESTED_TOO_DEEPLY.at(
                value.span,
                f"{found:,} operators stand inside one another here, at most {NESTING} are read",
                "`sum([..])`, `all([..])` and `let` say the same without a chain",
            )
        )
        wrong = syntax.Wrong(Span(self.source, value.span.start, end))
        return replace(statement, value=wrong) if value is not statement else wrong

    def unreadable(self, span: Span, word: Position, *blocks: Block) -> syntax.Wrong:
        return syntax.Wrong(span)

    def edition(self, span: Span, year: Position) -> syntax.Edition:
        number = self.bare(self.place(year), year)
        return syntax.Edition(span, number)

    def imported(self, span: Span, target: Path | syntax.String, alias: Position | None) -> syntax.Import:
        return syntax.Import(span, target, None if alias is None else self.name(alias), None)

    def imported_names(self, span: Span, target: Path | syntax.String, names: tuple[Name, ...]) -> syntax.Import:
        return syntax.Import(span, target, None, names)

    def field(self, span: Span, path: Path, value: Expression, cites: tuple[Cite, ...] | None) -> syntax.Field:
        return syntax.Field(span, path, value, cites or ())

    def parts(self, span: Span, count: Expression, target: Expression, body: Block | None) -> syntax.Parts:
        return syntax.Parts(span, count, target, body)

    def group(self, span: Span, path: Path, body: Block) -> syntax.FieldGroup:
        """Node of `a.b { .. }`, as a group `b` inside a group `a`."""
        *outer, last = path.names
        group = syntax.FieldGroup(Span(self.source, last.span.start, span.end), last, body)
        for name in reversed(outer):
            whole = Span(self.source, name.span.start, span.end)
            group = syntax.FieldGroup(whole, name, Block(group.span, (group,)))
        return group

    def entity(
        self,
        span: Span,
        kind: Position,
        name: Position,
        parameters: tuple[Parameter, ...] | None,
        like: Expression | None,
        body: Block | None,
    ) -> syntax.Entity:
        return syntax.Entity(span, self.name(kind), self.name(name), parameters or (), like, body)

    def let(
        self, span: Span, name: Position, type: Path | None, value: Expression, cites: tuple[Cite, ...] | None
    ) -> syntax.Let:
        return syntax.Let(span, self.name(name), type, value, cites or ())

    def function(
        self, span: Span, name: Position, parameters: tuple[Parameter, ...], body: Expression
    ) -> syntax.Function:
        return syntax.Function(span, self.name(name), parameters, body)

    def parameters(self, span: Span, *parameters: Parameter) -> tuple[Parameter, ...]:
        return parameters

    def parameter(self, span: Span, name: Position, type: Path | None, default: Expression | None) -> Parameter:
        return Parameter(span, self.name(name), type, default)

    def path(self, span: Span, *names: Position) -> Path:
        return Path(span, tuple(map(self.name, names)))

    def names(self, span: Span, *names: Position) -> tuple[Name, ...]:
        return tuple(map(self.name, names))

    def cites(self, span: Span, *cites: Cite) -> tuple[Cite, ...]:
        return cites

    def cite(self, span: Span, source: Position, locator: Position | None) -> Cite:
        return Cite(span, self.name(source), None if locator is None else self.text(locator))

    def check(
        self, span: Span, word: Position, condition: Expression, message: Position | None
    ) -> syntax.CheckStatement:
        said = None if message is None else self.text(message)
        return syntax.CheckStatement(span, self.texts[word], condition, said)

    def claim(
        self,
        span: Span,
        name: Name | None,
        condition: Expression,
        within: Expression | None,
        cites: tuple[Cite, ...] | None,
    ) -> syntax.ClaimStatement:
        return syntax.ClaimStatement(span, name, condition, within, cites or ())

    def label(self, span: Span, name: Position) -> Name:
        return self.name(name)

    def connect(
        self,
        span: Span,
        left: tuple[Path, ...],
        right: tuple[Path, ...] | None,
        keys: tuple[Name, ...] | None,
        shape: Expression | None,
        link: Expression,
        cites: tuple[Cite, ...] | None,
    ) -> syntax.Connect:
        return syntax.Connect(span, left, right or (), keys or (), shape, link, cites or ())

    def linked(self, span: Span, *paths: Path) -> tuple[Path, ...]:
        return paths

    on = names

    def sweep(self, span: Span, name: Position, values: Expression) -> syntax.Sweep:
        return syntax.Sweep(span, self.name(name), values)

    # ---- expressions ---------------------------------------------------------------------

    def conversion(self, span: Span, value: Expression, arrow: Position) -> syntax.Conversion:
        unit = self.texts[arrow][2:].strip()
        return syntax.Conversion(span, value, self.unit(span.end, unit))

    def operation(self, span: Span, *items: Position | Expression) -> Expression:
        match items:
            case (left, int(operator), right) if not isinstance(left, int):  # as most are
                assert not isinstance(right, int)
                return syntax.Binary(span, self.kinds[operator], self.place(operator), left, right)
        return Operation(self.stream, span, self.diagnostics).tree(items)

    def conditional(self, span: Span, condition: Expression, then: Expression, otherwise: Expression) -> syntax.If:
        return syntax.If(span, condition, then, otherwise)

    def reference(self, span: Span, name: Position) -> syntax.Reference:
        text = self.texts[name]
        return syntax.Reference(span, text[1:-1] if text[:1] == "`" else text)

    def attribute(self, span: Span, of: Expression, name: Position) -> syntax.Attribute:
        return syntax.Attribute(span, of, self.name(name))

    def call(self, span: Span, function: Expression, arguments: tuple[Argument, ...]) -> syntax.Call:
        return syntax.Call(span, function, arguments)

    def arguments(self, span: Span, *items: Argument | syntax.Comprehension) -> tuple[Argument, ...]:
        return tuple(
            [Argument(item.span, None, item) if isinstance(item, syntax.Comprehension) else item for item in items]
        )

    def argument(self, span: Span, value: Expression) -> Argument:
        return Argument(span, None, value)

    def named(self, span: Span, name: Position, value: Expression) -> Argument:
        return Argument(span, self.name(name), value)

    def index(self, span: Span, of: Expression, index: Expression) -> syntax.Index:
        return syntax.Index(span, of, index)

    def override(self, span: Span, of: Expression, body: Block) -> syntax.Override:
        return syntax.Override(span, of, body)

    def listed(self, span: Span, *items: Expression) -> syntax.List:
        return syntax.List(span, items)

    def list_comprehension(self, span: Span, inner: syntax.Comprehension) -> syntax.Comprehension:
        return replace(inner, span=span, in_list=True)

    def comprehension(
        self, span: Span, element: Expression, name: Position, iterable: Expression, condition: Expression | None
    ) -> syntax.Comprehension:
        return syntax.Comprehension(span, element, self.name(name), iterable, condition, False)

    def wrong(self, span: Span, word: Position, *blocks: Block) -> syntax.Wrong:
        return syntax.Wrong(span)

    # ---- literals ------------------------------------------------------------------------

    def interval(self, span: Span, low: Numeral, high: Numeral) -> syntax.Interval:
        return syntax.Interval(span, low, high)

    def tolerance(self, span: Span, middle: Numeral, spread: Numeral) -> syntax.Tolerance:
        return syntax.Tolerance(span, middle, spread)

    def signed(self, span: Span, sign: Position, number: Numeral) -> Numeral:
        return with_sign(self.kinds[sign], span, number)

    def bare(self, span: Span, word: Position) -> syntax.Number:
        digits = self.texts[word]
        return syntax.Number(span, digits, float(digits.replace("_", "")))

    def measure(self, span: Span, word: Position) -> syntax.Measure:
        text = self.texts[word]
        if text not in self.numerals:
            # remembered by text: long files write the same few figures again and again
            digits, unit = NUMERAL.fullmatch(text).groups()  # type: ignore[union-attr]
            self.numerals[text] = digits, float(digits.replace("_", "")), unit
        digits, value, unit = self.numerals[text]
        return syntax.Measure(span, digits, value, self.unit(span.end, unit))

    def unit(self, end: int, text: str) -> Name:
        """Name of the unit that ends at an offset."""
        return Name(span_of(Span, (self.source, end - len(text), end)), text)

    def string(self, span: Span, word: Position) -> syntax.String:
        return syntax.String(span, self.text(word))

    def date(self, span: Span, word: Position) -> syntax.Date:
        return syntax.Date(span, self.texts[word])

    def boolean(self, span: Span, word: Position) -> syntax.Boolean:
        return syntax.Boolean(span, self.kinds[word] == "true")
