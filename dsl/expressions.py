"""Reads expressions: precedence climbing over the stream, one level of Python per level of brackets."""

from typing import Literal, NoReturn

from dsl import syntax
from dsl.diagnostic import Code, Fix
from dsl.keywords import KEYWORDS
from dsl.limits import SYNTAX_ERRORS
from dsl.literals import NUMERALS, Literals
from dsl.recovery import VALUE_MISSING, Unreadable
from dsl.source import Span
from dsl.syntax import Expression, Measure, Name, Number
from dsl.tokens import CONVERT, DATE, END, MEASURE, NAME, NEWLINE, NUMBER, OPEN_STRING, STRING

COUNTED_WITHOUT_OF = Code(
    "C0106",
    "parts are counted with `of`",
    cause="A number and the word after it are one number with its unit, so `8x Ascend910C` is 8 of the unit `x` with a "
    "name behind it. Parts are counted with the word `of`.",
    wrong="node Toy {\n  npus = 8x Ascend910C\n}\nchip Ascend910C { }\n",
    right="fn one(x) = x\n",
)
CHAINED = Code(
    "C0107",
    "comparisons in a chain",
    cause="A comparison is true or false, and nothing compares with that. What is meant by `a < b < c` is written "
    "`a < b and b < c`.",
    wrong="let ok = 1 < 2 < 3\n",
    right="let ok = 1 < 2 and 2 < 3\n",
)
SIGN_BEFORE_POWER = Code(
    "C0108",
    "a sign before a power",
    cause="`-2^2` is -4 in mathematics and 4 in a spreadsheet. Brackets say which is meant.",
    wrong="let a = -2^2\n",
    right="let a = -(2^2)\n",
)
BRACKETS_NEEDED = Code(
    "C0109",
    "brackets are needed around this part",
    cause="`if` and `not` reach as far to the right as they can. As the operand of another operator they stand in "
    "brackets, so that nobody has to know how far that is.",
    wrong="let a = 1 + if true then 2 else 3\n",
    right="let a = 1 + (if true then 2 else 3)\n",
)
COMMA_MISSING = Code(
    "C0120",
    "a comma is missing",
    cause="Items of a list and arguments of a call are separated by commas, also where each stands on its own line.",
    wrong="let sizes = [\n  1\n  2\n]\n",
    right="let sizes = [\n  1,\n  2,\n]\n",
)
NEGATION, COMPARISON, RANGE, SIGN, POWER = 3, 4, 5, 8, 9
BINDING = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("==", "!=", "~=", "<", ">", "<=", ">="), COMPARISON),
    "..": RANGE,
    "+": 6,
    "-": 6,
    "*": 7,
    "/": 7,
    "//": 7,
    "^": POWER,
}
"""How tightly an operator binds; `not` stands between `and` and comparisons, a sign between `*` and `^`."""

_ALONE = frozenset((NEWLINE, ";", ",", ")", "]", "}", "from", END))
_POSTFIX = frozenset((".", "(", "[", "with"))
_BEGINS = frozenset((NAME, NUMBER, MEASURE, STRING, DATE, "true", "false", "not"))
_CHAINLESS = frozenset((COMPARISON, RANGE))
_TIMES = frozenset(("x", "X", "times", "pcs", "units"))


class Expressions(Literals):
    """The expression half of the parser."""

    def block(self) -> syntax.Block:
        """What stands between braces; statements are the other half's."""
        raise NotImplementedError

    # ---- values --------------------------------------------------------------------------

    def value(self) -> Expression:
        """An expression or counted parts: what may stand after the `=` of a field and after `with` of a connect."""
        kinds = self.kinds
        first = self.i
        start = self.starts[first]
        value = self.expression()
        if kinds[self.i] == "of":
            self.i += 1
        elif self.i == first + 1 and kinds[self.i] == NAME and self.is_counted(value):
            value = self.counted_without_of(value)
        else:
            return value
        target = self.expression()
        body = self.block() if kinds[self.i] == "{" else None
        return syntax.Parts(self.since(start), value, target, body)

    def is_counted(self, value: Expression) -> bool:
        """Whether a number and the name behind it are parts; a number with a real unit lacks something else."""
        if isinstance(value, Measure) and value.unit.text not in _TIMES:
            return False
        return isinstance(value, Number | Measure) and self.kinds[self.i + 1] not in ("=", STRING)

    def counted_without_of(self, count: Expression) -> Expression:
        """`8x Ascend910C` is read as `8 of Ascend910C`, after a word about it."""
        numeral = self.i - 1
        target = self.texts[self.i]
        digits = count.digits if isinstance(count, Number | Measure) else "8"
        unit = count.unit.text if isinstance(count, Measure) else ""
        place = self.span(numeral)
        grade: Literal["safe", "unsafe"] = "safe" if unit in _TIMES or not unit else "unsafe"
        self.complain(
            COUNTED_WITHOUT_OF.at(
                place,
                f"parts are counted with `of`, not `{unit}`" if unit in _TIMES else "parts are counted with `of`",
                f"write `{digits} of {target}`",
                label=f"read as {digits} of the unit `{unit}`" if unit else "a number, and then a name",
                fixes=(Fix(f"`{digits} of`", place, f"{digits} of", grade),),
            )
        )
        return Number(Span(self.source, place.start, place.start + len(digits)), digits, float(digits.replace("_", "")))

    def expression(self) -> Expression:
        """Anything with a value; `-> MW` may end it."""
        i = self.i
        kinds = self.kinds
        kind = kinds[i]
        after = kinds[i + 1]
        if after in _ALONE and (after != NEWLINE or not self.open):
            if kind in NUMERALS:
                self.i = i + 1
                return self.numeral(i)
            if kind == NAME:
                self.i = i + 1
                return self.reference(i)
        if kind == NEWLINE:
            kind = self.over_newlines()
        start = self.starts[self.i]
        value = self.conditional() if kind == "if" else self.binary(0)
        if kinds[self.i] != CONVERT:
            return value
        i = self.i
        unit = self.texts[i][2:].strip()
        self.i = i + 1
        if not unit:
            self.expected("a unit, such as `MW` or `%`,")
        place = Span(self.source, self.ends[i] - len(unit), self.ends[i])
        value = syntax.Conversion(self.since(start), value, Name(place, unit))
        if self.over_newlines() in BINDING:
            self.expected("the end of the expression", "`->` comes last; put what it belongs to into ( )")
        return value

    def conditional(self) -> Expression:
        """`if a then b else c`."""
        start = self.starts[self.i]
        self.i += 1
        condition = self.expression()
        if self.kinds[self.i] != "then":
            self.expected("`then`", "a choice is written `if .. then .. else ..`")
        self.i += 1
        then = self.expression()
        if self.kinds[self.i] != "else":
            self.expected("`else`", "a choice always has both sides: `if .. then .. else ..`")
        self.i += 1
        self.enter()
        otherwise = self.conditional() if self.over_newlines() == "if" else self.binary(0)
        self.level -= 1
        return syntax.If(self.since(start), condition, then, otherwise)

    # ---- operators -----------------------------------------------------------------------

    def binary(self, minimum: int) -> Expression:
        """Operators that bind at least as tightly as `minimum`, and what they stand between."""
        kinds = self.kinds
        if kinds[self.i] == NEWLINE:
            self.over_newlines()
        start = self.starts[self.i]
        left = self.operand(minimum)
        while True:
            kind = kinds[self.i]
            if kind == NEWLINE and self.open:
                kind = self.over_newlines()
            strength = BINDING.get(kind)
            if strength is None or strength < minimum:
                return left
            at = self.span(self.i)
            self.i += 1
            if strength == POWER:
                self.enter()
                right = self.binary(POWER)
                self.level -= 1
            else:
                right = self.binary(strength + 1)
            left = syntax.Binary(self.since(start), kind, at, left, right)
            if strength in _CHAINLESS and BINDING.get(kinds[self.i]) == strength:
                left = self.chain(start, left)

    def chain(self, start: int, first: syntax.Binary) -> Expression:
        """`a < b < c`, read as `a < b and b < c` after a word about it; `1 .. 2 .. 3` cannot be read."""
        kind = self.kinds[self.i]
        if kind == "..":
            self.expected("the end of the range", "a range has two ends: `1 .. 8`", code=CHAINED)
        parts: list[syntax.Binary] = [first]
        while BINDING.get(self.over_newlines()) == COMPARISON:
            operator, at = self.kinds[self.i], self.span(self.i)
            self.i += 1
            middle = parts[-1].right
            right = self.binary(COMPARISON + 1)
            parts.append(syntax.Binary(self.since(middle.span.start), operator, at, middle, right))
        place = self.since(start)
        text = self.source.text
        pieces = [
            " ".join(
                (
                    text[part.span.start : part.at.start].strip(),
                    part.operator,
                    text[part.at.end : part.span.end].strip(),
                )
            )
            for part in parts
        ]
        written = " and ".join(pieces)
        short = len(written) <= 80
        self.complain(
            CHAINED.at(
                parts[1].at,
                "comparisons do not chain",
                f"write `{written}`" if short else "write the comparisons one by one, with `and` between them",
                label="the second comparison",
                fixes=(Fix(f"`{written}`", place, written, "safe"),) if short and "\n" not in written else (),
            )
        )
        whole: Expression = parts[0]
        for part in parts[1:]:
            whole = syntax.Binary(place, "and", part.at, whole, part)
        return whole

    def operand(self, minimum: int) -> Expression:
        """What operators stand between: a value with what follows it directly."""
        i = self.i
        kind = self.kinds[i]
        if kind == NAME:
            self.i = i + 1
            node: Expression = self.reference(i)
            if self.kinds[i + 1] not in _POSTFIX and not self.open:
                return node
            return self.postfix(self.starts[i], node)
        if kind in NUMERALS:
            return self.number()
        if kind == "(":
            self.bracket()
            node = self.expression()
            self.unbracket(")", "`)` or an operator")
            return self.postfix(self.starts[i], node)
        if kind == "[":
            return self.postfix(self.starts[i], self.listed())
        if kind == "-" or kind == "+":
            return self.signed()
        if kind == "not":
            return self.negation(minimum)
        return self.word(kind)

    def word(self, kind: str) -> Expression:
        """Values of one token, and the complaint when there is no value."""
        i = self.i
        self.i = i + 1
        if kind == STRING:
            return self.string(i)
        if kind == DATE:
            return syntax.Date(self.span(i), self.texts[i])
        if kind == "true" or kind == "false":
            return syntax.Boolean(self.span(i), kind == "true")
        if kind == OPEN_STRING:
            return syntax.Wrong(self.span(i))
        if kind == "if":
            self.complain(
                BRACKETS_NEEDED.at(self.span(i), "`if` stands in brackets here", "write `(if .. then .. else ..)`")
            )
            self.i = i
            return self.conditional()
        self.i = i
        self.no_value()

    def no_value(self) -> NoReturn:
        """Nothing that has a value stands here."""
        i = self.i
        kind = self.kinds[i]
        before = self.texts[i - 1].strip() if i else ""
        if i and kind in (NEWLINE, END, ";", "}", "from") and before and not self.open:
            ends = kind in (NEWLINE, END)
            self.fail(
                VALUE_MISSING.at(
                    self.span(i - 1),
                    f"expected a value after `{before}`",
                    "give a value, e.g. `128 GB`; only inside ( ) or [ ] may it start on the next line",
                    label="nothing follows on this line" if ends else f"{self.described(i)} where it should be",
                )
            )
        help = "give a value, e.g. `128 GB`"
        if kind in KEYWORDS:
            help += f"; a name that is spelled like this stands in backquotes, `` `{kind}` ``"
        self.expected("a value", help, code=VALUE_MISSING)

    def negation(self, minimum: int) -> Expression:
        """`not a == b`: everything up to the next `and` or `or`."""
        i = self.i
        if minimum > NEGATION:
            self.complain(BRACKETS_NEEDED.at(self.span(i), "`not` stands in brackets here", "write `(not ..)`"))
        self.i = i + 1
        self.enter()
        operand = self.binary(NEGATION)
        self.level -= 1
        return syntax.Unary(self.since(self.starts[i]), "not", operand)

    def signed(self) -> Expression:
        """`-x`; a sign directly before a range belongs to its lower bound: `-5 to 10 degC`."""
        i = self.i
        sign = self.kinds[i]
        start = self.starts[i]
        self.i = i + 1
        self.over_newlines()
        first = self.i
        self.enter()
        operand = self.binary(POWER)
        self.level -= 1
        written = self.kinds[first] in NUMERALS
        if written and isinstance(operand, syntax.Interval):
            low = self.with_sign(sign, start, operand.low)
            return syntax.Interval(self.since(start), low, operand.high)
        if written and isinstance(operand, syntax.Tolerance):
            middle = self.with_sign(sign, start, operand.middle)
            return syntax.Tolerance(self.since(start), middle, operand.spread)
        place = self.since(start)
        if isinstance(operand, syntax.Binary) and self.kinds[first] != "(":
            text = self.source.text
            base, power = text[self.starts[first] : operand.at.start].strip(), text[operand.at.end : place.end].strip()
            self.complain(
                SIGN_BEFORE_POWER.at(
                    place,
                    f"`{sign}{base}^{power}` can be read in two ways",
                    f"write `{sign}({base}^{power})` or `({sign}{base})^{power}`",
                    label="the power of the negative, or the negative of the power",
                    fixes=(Fix(f"`{sign}({base}^{power})`", place, f"{sign}({base}^{power})", "show"),),
                )
            )
        return syntax.Unary(place, sign, operand)

    # ---- brackets ------------------------------------------------------------------------

    def bracket(self) -> None:
        """Passes `(` or `[`."""
        self.enter()
        self.open.append(self.i)
        self.i += 1

    def unbracket(self, closer: str, expected: str) -> None:
        """Passes the closing bracket."""
        if self.kinds[self.i] != closer and self.over_newlines() != closer:
            self.expected(expected)
        self.i += 1
        self.open.pop()
        self.level -= 1

    def postfix(self, start: int, node: Expression) -> Expression:
        """`.name`, `(..)`, `[..]` and `with { .. }`, as often as they come."""
        kinds = self.kinds
        while True:
            kind = kinds[self.i]
            if kind == NEWLINE and self.open:
                kind = self.over_newlines()
            if kind == ".":
                self.i += 1
                name = self.name("a name")
                node = syntax.Attribute(self.since(start), node, name)
            elif kind == "(":
                self.bracket()
                arguments = self.arguments()
                self.unbracket(")", "`,` or `)`")
                node = syntax.Call(self.since(start), node, arguments)
            elif kind == "[":
                self.bracket()
                index = self.expression()
                self.unbracket("]", "`]` or an operator")
                node = syntax.Index(self.since(start), node, index)
            elif kind == "with" and self.is_before_block():
                self.i += 1
                self.over_newlines()
                body = self.block()
                node = syntax.Override(self.since(start), node, body)
            else:
                return node

    def is_before_block(self) -> bool:
        """Whether `{` follows the `with`; in a `connect`, a link may follow."""
        k = self.i + 1
        while self.open and self.kinds[k] == NEWLINE:
            k += 1
        return self.kinds[k] == "{"

    def arguments(self) -> tuple[syntax.Argument, ...]:
        """What stands between the brackets of a call."""
        found: list[syntax.Argument] = []
        while self.over_newlines() != ")":
            start = self.starts[self.i]
            name = self.argument_name()
            value = self.expression()
            if self.over_newlines() == "for" and not found and name is None:
                value = self.comprehension(start, value, in_list=False)
                return (syntax.Argument(value.span, None, value),)
            found.append(syntax.Argument(self.since(start), name, value))
            if not self.comma():
                break
        return tuple(found)

    def argument_name(self) -> Name | None:
        """`tiers =` before an argument."""
        i = self.i
        if self.kinds[i] != NAME and (self.kinds[i] not in KEYWORDS or self.kinds[i + 1] != "="):
            return None
        k = i + 1
        while self.kinds[k] == NEWLINE:
            k += 1
        if self.kinds[k] != "=":
            return None
        name = self.name()
        self.i = k + 1
        return name

    def listed(self) -> Expression:
        """`[64, 128]` or `[s.hbm for s in steps]`."""
        begin = self.starts[self.i]
        self.bracket()
        items: list[Expression] = []
        while self.over_newlines() != "]":
            start = self.starts[self.i]
            item = self.expression()
            if self.over_newlines() == "for" and not items:
                comprehension = self.comprehension(start, item, in_list=True)
                self.unbracket("]", "`]`, `if` or an operator")
                place = self.since(begin)
                return syntax.Comprehension(
                    place,
                    comprehension.element,
                    comprehension.name,
                    comprehension.iterable,
                    comprehension.condition,
                    True,
                )
            items.append(item)
            if not self.comma():
                break
        self.unbracket("]", "`,` or `]`")
        return syntax.List(self.since(begin), tuple(items))

    def comma(self, begins: frozenset[str] = _BEGINS) -> bool:
        """Whether another item follows: after a comma, or on a line of its own where the comma was forgotten."""
        kind = self.over_newlines()
        if kind == ",":
            self.i += 1
            return True
        i = self.i
        if kind not in begins or self.begins_statement(i):
            return False
        if len(self.diagnostics) >= SYNTAX_ERRORS:
            raise Unreadable
        last = self.since(0).end
        self.complain(
            COMMA_MISSING.at(
                self.span(i),
                "a comma is missing before this",
                "put `,` between two items",
                fixes=(Fix("insert `,`", Span(self.source, last, last), ",", "safe"),),
            )
        )
        return True

    def comprehension(self, start: int, element: Expression, in_list: bool) -> syntax.Comprehension:
        """`for s in steps if s.ok` after its element."""
        self.i += 1
        name = self.name("a name for each item")
        if self.over_newlines() != "in":
            self.expected("`in`", "write `for item in list`")
        self.i += 1
        iterable = self.expression()
        condition = None
        if self.over_newlines() == "if":
            self.i += 1
            condition = self.expression()
        return syntax.Comprehension(self.since(start), element, name, iterable, condition, in_list)
