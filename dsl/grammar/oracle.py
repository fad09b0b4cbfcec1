"""The grammar as Lark reads it, its trees turned into ours: slow and plain, the measure of the parser in the tests."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path as File
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from dsl import syntax
from dsl.expressions import BINDING, NEGATION, POWER, SIGN
from dsl.keywords import STATEMENT_WORDS
from dsl.source import Source, Span

GRAMMAR = File(__file__).with_name("cluster.lark")


class Newlines:
    """Drops newlines inside brackets, unless a statement begins after them."""

    always_accept = ("_NEWLINE",)
    starts = frozenset({"RBRACE", *(word.upper() for word in STATEMENT_WORDS)})

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The tokens the grammar sees."""
        depth = 0
        outer: list[int] = []
        held: Token | None = None
        for token in stream:
            kind = token.type
            if kind == "_NEWLINE" and depth:
                held = token
                continue
            if held is not None and kind in self.starts:
                depth = 0
                yield held
            held = None
            if kind in ("LPAR", "LSQB"):
                depth += 1
            elif kind in ("RPAR", "RSQB"):
                depth -= depth > 0
            elif kind == "LBRACE":
                outer.append(depth)
                depth = 0
            elif kind == "RBRACE":
                depth = outer.pop() if outer else 0
            yield token


@cache
def lark(*, positions: bool = True) -> Lark:
    """The parser that Lark builds; it refuses a grammar with a conflict when it can compare regular expressions."""
    return Lark(
        GRAMMAR.read_text(encoding="utf-8"),
        parser="lalr",
        lexer="basic",
        strict=find_spec("interegular") is not None,
        maybe_placeholders=True,
        propagate_positions=positions,
        postlex=Newlines(),
    )


def parsed(source: Source) -> syntax.Module | None:
    """The tree by the grammar, or None when the text is no program."""
    try:
        tree = lark().parse(source.text)
    except UnexpectedInput:
        return None
    return syntax.Module(Span(source, 0, len(source.text)), Trees(source).all(tree.children), ())


class Trees:
    """Turns Lark's trees into ours."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def span(self, item: Any, last: Any = None) -> Span:
        """The place of a tree or a token, or from one to another."""
        last = item if last is None else last
        if isinstance(item, Tree) and item.meta.empty:
            return Span(self.source, 0, 0)
        start: Any = item.start_pos if isinstance(item, Token) else item.meta.start_pos
        end: Any = last.end_pos if isinstance(last, Token) else last.meta.end_pos
        return Span(self.source, start, end)

    def all(self, items: list[Any]) -> Any:
        """Each turned."""
        return tuple(self.one(item) for item in items if item is not None)

    def one(self, item: Any) -> Any:
        """A node for a tree or a name; nothing for nothing."""
        if item is None:
            return None
        if isinstance(item, Token):
            return syntax.Name(self.span(item), item[1:-1] if item[0] == "`" else str(item))
        return getattr(self, item.data.rstrip("_"))(self.span(item), *item.children)

    def text(self, token: Token) -> str:
        """A text without quotes and escapes."""
        return (
            token[1:-1]
            .replace("\\\\", "\0")
            .replace('\\"', '"')
            .replace("\\n", "\n")
            .replace("\\t", "\t")
            .replace("\0", "\\")
        )

    # ---- statements

    def edition(self, span: Span, year: Token) -> Any:
        return syntax.Edition(span, self.bare(self.span(year), year))

    def __getattr__(self, rule: str) -> Any:
        return {"import": self.imported, "as": self.second, "type": self.second, "to": self.second}[rule]

    def second(self, span: Span, item: Any) -> Any:
        return self.one(item)

    within = by = like = label = second

    def imported(self, span: Span, target: Any, rest: Any) -> Any:
        aimed = self.string(self.span(target), target) if isinstance(target, Token) else self.one(target)
        many = rest is not None and rest.data == "names"
        return syntax.Import(span, aimed, None if many else self.one(rest), self.one(rest) if many else None)

    def field(self, span: Span, path: Any, value: Any, cites: Any) -> Any:
        return syntax.Field(span, self.one(path), self.one(value), self.one(cites) or ())

    def parts(self, span: Span, count: Any, target: Any, body: Any) -> Any:
        return syntax.Parts(span, self.one(count), self.one(target), self.one(body))

    def group(self, span: Span, name: Any, body: Any) -> Any:
        *outer, last = self.one(name).names
        group = syntax.Group(Span(self.source, last.span.start, span.end), last, self.one(body))
        for word in reversed(outer):
            whole = Span(self.source, word.span.start, span.end)
            group = syntax.Group(whole, word, syntax.Block(group.span, (group,)))
        return group

    def entity(self, span: Span, kind: Any, name: Any, parameters: Any, like: Any, body: Any) -> Any:
        return syntax.Entity(
            span, self.one(kind), self.one(name), self.one(parameters) or (), self.one(like), self.one(body)
        )

    def let(self, span: Span, name: Any, type: Any, value: Any, cites: Any) -> Any:
        return syntax.Let(span, self.one(name), self.one(type), self.one(value), self.one(cites) or ())

    def function(self, span: Span, name: Any, parameters: Any, body: Any) -> Any:
        return syntax.Function(span, self.one(name), self.one(parameters), self.one(body))

    def parameter(self, span: Span, name: Any, type: Any, default: Any) -> Any:
        return syntax.Parameter(span, self.one(name), self.one(type), self.one(default))

    def block(self, span: Span, *items: Any) -> Any:
        return syntax.Block(span, self.all(list(items)))

    def path(self, span: Span, *items: Any) -> Any:
        return syntax.Path(span, self.all(list(items)))

    def names(self, span: Span, *items: Any) -> Any:
        return self.all(list(items))

    parameters = cites = on = names

    def cite(self, span: Span, name: Any, locator: Any) -> Any:
        return syntax.Cite(span, self.one(name), None if locator is None else self.text(locator))

    def check(self, span: Span, word: Any, condition: Any, message: Any) -> Any:
        return syntax.Check(span, str(word), self.one(condition), None if message is None else self.text(message))

    def claim(self, span: Span, name: Any, condition: Any, within: Any, cites: Any) -> Any:
        return syntax.Claim(span, self.one(name), self.one(condition), self.one(within), self.one(cites) or ())

    def connect(self, span: Span, left: Any, right: Any, keys: Any, shape: Any, link: Any, cites: Any) -> Any:
        return syntax.Connect(
            span,
            self.one(left),
            self.one(right),
            self.one(keys) or (),
            self.one(shape),
            self.one(link),
            self.one(cites) or (),
        )

    def sweep(self, span: Span, name: Any, values: Any) -> Any:
        return syntax.Sweep(span, self.one(name), self.one(values))

    # ---- expressions

    def conversion(self, span: Span, *items: Any) -> Any:
        convert: Any = items[-1]
        unit = convert[2:].strip()
        place = Span(self.source, convert.end_pos - len(unit), convert.end_pos)
        return syntax.Conversion(span, self.flat(span, *items[:-1]), syntax.Name(place, unit))

    def flat(self, span: Span, *items: Any) -> Any:
        opened: list[Any] = []
        for item in items:
            while isinstance(item, Tree) and item.data == "prefix":
                opened.append(("prefix", item.children[0], item))
                item = item.children[1]
            opened.append(item)
        return self.split(opened)

    def split(self, items: list[Any]) -> Any:
        """Cuts at the operator that binds least, the last of them, or the first `^`."""
        strengths = [(BINDING[item], i) for i, item in enumerate(items) if isinstance(item, Token) and item in BINDING]
        prefix = items[0][1] if isinstance(items[0], tuple) else None
        limit = NEGATION if prefix == "not" else SIGN if prefix is not None else POWER + 1
        loosest = min((strength for strength, _ in strengths), default=limit)
        if loosest < limit:
            at = [i for strength, i in strengths if strength == loosest][0 if loosest == POWER else -1]
            first, last = self.edge(items[0]), self.edge(items[-1])
            return syntax.Binary(
                self.span(first, last),
                str(items[at]),
                self.span(items[at]),
                self.split(items[:at]),
                self.split(items[at + 1 :]),
            )
        if prefix is None:
            return self.one(items[0])
        whole = self.span(prefix, self.edge(items[-1]))
        ranged = items[1].data if isinstance(items[1], Tree) and len(items) == 2 else ""
        below = self.split(items[1:])
        if prefix != "not" and ranged == "interval":
            return syntax.Interval(whole, self.with_sign(prefix, below.low), below.high)
        if prefix != "not" and ranged == "tolerance":
            return syntax.Tolerance(whole, self.with_sign(prefix, below.middle), below.spread)
        return syntax.Unary(whole, str(prefix), below)

    def edge(self, item: Any) -> Any:
        return item[1] if isinstance(item, tuple) else item

    def conditional(self, span: Span, condition: Any, then: Any, otherwise: Any) -> Any:
        return syntax.If(span, self.one(condition), self.one(then), self.one(otherwise))

    def reference(self, span: Span, name: Any) -> Any:
        return syntax.Reference(span, self.one(name).text)

    def bracket(self, span: Span, inner: Any) -> Any:
        return self.one(inner)

    def attribute(self, span: Span, of: Any, name: Any) -> Any:
        return syntax.Attribute(span, self.one(of), self.one(name))

    def call(self, span: Span, function: Any, arguments: Any) -> Any:
        return syntax.Call(span, self.one(function), self.one(arguments))

    def index(self, span: Span, of: Any, index: Any) -> Any:
        return syntax.Index(span, self.one(of), self.one(index))

    def override(self, span: Span, of: Any, body: Any) -> Any:
        return syntax.Override(span, self.one(of), self.one(body))

    def list(self, span: Span, *items: Any) -> Any:
        return syntax.List(span, self.all([*items]))

    def list_comprehension(self, span: Span, inner: Any) -> Any:
        found = self.one(inner)
        return syntax.Comprehension(span, found.element, found.name, found.iterable, found.condition, True)

    def arguments(self, span: Span, *items: Any) -> Any:
        if len(items) == 1 and items[0] is not None and items[0].data == "comprehension":
            only = self.one(items[0])
            return (syntax.Argument(only.span, None, only),)
        return self.all([*items])

    def argument(self, span: Span, *items: Any) -> Any:
        return syntax.Argument(span, self.one(items[0]) if len(items) == 2 else None, self.one(items[-1]))

    def comprehension(self, span: Span, element: Any, name: Any, iterable: Any, condition: Any) -> Any:
        return syntax.Comprehension(
            span, self.one(element), self.one(name), self.one(iterable), self.one(condition), False
        )

    def interval(self, span: Span, low: Any, high: Any) -> Any:
        return syntax.Interval(span, self.one(low), self.one(high))

    def tolerance(self, span: Span, middle: Any, _sign: Any, spread: Any) -> Any:
        return syntax.Tolerance(span, self.one(middle), self.one(spread))

    def signed(self, span: Span, sign: Any, number: Any) -> Any:
        return self.with_sign(sign, self.one(number))

    def with_sign(self, sign: Any, number: Any) -> Any:
        place = Span(self.source, sign.start_pos, number.span.end)
        value = -number.value if sign == "-" else number.value
        unit = (number.unit,) if isinstance(number, syntax.Measure) else ()
        return type(number)(place, sign + number.digits, value, *unit)

    def bare(self, span: Span, token: Any) -> Any:
        return syntax.Number(span, str(token), float(token.replace("_", "")))

    def measure(self, span: Span, token: Any) -> Any:
        size = re.match(r"[0-9][0-9_]*(\.[0-9]+)?([eE][+-]?[0-9]+)?", token).end()  # type: ignore[union-attr]
        unit = token[size:].strip()
        name = syntax.Name(Span(self.source, span.end - len(unit), span.end), unit)
        return syntax.Measure(span, str(token[:size]), float(token[:size].replace("_", "")), name)

    def string(self, span: Span, token: Any) -> Any:
        return syntax.String(span, self.text(token))

    def date(self, span: Span, token: Any) -> Any:
        return syntax.Date(span, str(token))

    def true(self, span: Span, _word: Any) -> Any:
        return syntax.Boolean(span, True)

    def false(self, span: Span, _word: Any) -> Any:
        return syntax.Boolean(span, False)
