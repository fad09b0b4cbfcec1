"""Operator precedence: tree of the flat row of operands and operators that the grammar reads."""

from dsl import syntax
from dsl.diagnostic import Code, Diagnostic, Fix
from dsl.language import TABLE
from dsl.source import Span
from dsl.syntax import Expression
from dsl.tokens import MEASURE, NEWLINE, NUMBER, Stream

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

LEVELS = ("_either", "_both", "_negation", "_comparison", "_range", "_sum", "_product", "_sign", "_power")
"""Rules of the grammar that list operators, from the loosest to the tightest."""

NEGATION, COMPARISON, RANGE, SIGN, POWER = map(LEVELS.index, ("_negation", "_comparison", "_range", "_sign", "_power"))
BINDING = {
    rule.symbols[0]: LEVELS.index(rule.name)
    for rule in TABLE.rules
    if rule.name in LEVELS and rule.name not in ("_negation", "_sign")
}
"""Strength of operators between two operands; the higher binds tighter."""

Chain = tuple[syntax.Binary, ...]


class Operation:
    """Stacks of operands and operators (shunting-yard, without recursion).

    `operands` are trees with the offset at which they begin, their brackets included; `operators` are tokens by their
    place, with how tightly they bind, and whether they are prefixes.
    """

    def __init__(self, stream: Stream, span: Span, diagnostics: list[Diagnostic]) -> None:
        self.stream = stream
        self.kinds = stream.kinds
        self.source, self.start, self.last = span
        self.end = self.start
        self.diagnostics = diagnostics
        self.operands: list[tuple[Expression, int]] = []
        self.operators: list[tuple[int, int, bool]] = []
        self.chains: dict[int, Chain] = {}

    def tree(self, items: tuple[int | Expression, ...]) -> Expression:
        """Tree of a row of operands and positions of operator tokens."""
        is_operand_next = True
        for item in items:
            if not isinstance(item, int):
                self.operands.append((item, self.start))
                is_operand_next = False
            elif is_operand_next:
                self.prefix(item)
            else:
                self.infix(item)
                is_operand_next = True
        self.end = self.last
        self.close(0)
        for chain in self.chains.values():
            if not any(isinstance(operand, syntax.Wrong) for part in chain for operand in (part.left, part.right)):
                self.say_chained(chain)
        return self.operands[0][0]

    # ---- places --------------------------------------------------------------------------

    def place(self, token: int) -> Span:
        """Span of a token."""
        return Span(self.source, self.stream.starts[token], self.stream.ends[token])

    def neighbour(self, token: int, step: int) -> int:
        """The next token, or with -1 the one before; newlines inside brackets mean nothing."""
        token += step
        while self.kinds[token] == NEWLINE:
            token += step
        return token

    # ---- operators -----------------------------------------------------------------------

    def prefix(self, token: int) -> None:
        """Push a sign or `not`; complain about a `not` that is the operand of a tighter operator."""
        strength = NEGATION if self.kinds[token] == "not" else SIGN
        if strength == NEGATION and self.operators and self.operators[-1][0] > NEGATION:
            place = self.place(token)
            self.diagnostics.append(BRACKETS_NEEDED.at(place, "`not` stands in brackets here", "write `(not ..)`"))
        self.operators.append((strength, token, True))
        # a stand-in for the left operand, so that `close` takes two operands for every operator
        self.operands.append((syntax.Wrong(self.place(token)), self.start))
        self.start = self.stream.starts[self.neighbour(token, 1)]

    def infix(self, token: int) -> None:
        """Push an operator between two operands; `^` groups from right to left, the others from left to right."""
        strength = BINDING[self.kinds[token]]
        self.end = self.stream.ends[self.neighbour(token, -1)]
        # one more for `^`, so that an equal one on the stack stays open: that makes it group from the right
        self.close(strength + (strength == POWER))
        self.operators.append((strength, token, False))
        self.start = self.stream.starts[self.neighbour(token, 1)]

    def close(self, strength: int) -> None:
        """Make nodes of the operators on the stack that bind at least as tightly as `strength`."""
        while self.operators and self.operators[-1][0] >= strength:
            _, token, is_prefix = self.operators.pop()
            right, _ = self.operands.pop()
            left, start = self.operands.pop()
            place = Span(self.source, start, self.end)
            made = self.unary(token, place, right) if is_prefix else self.binary(token, place, left, right)
            self.operands.append((made, start))

    def unary(self, token: int, place: Span, operand: Expression) -> Expression:
        """Node of `-x` or `not x`; a sign directly before a range belongs to its lower bound: `-5 to 10 degC`."""
        sign = self.kinds[token]
        first = self.kinds[self.neighbour(token, 1)]
        if sign != "not" and first in (NUMBER, MEASURE):
            if isinstance(operand, syntax.Interval):
                low = with_sign(sign, Span(self.source, place.start, operand.low.span.end), operand.low)
                return syntax.Interval(place, low, operand.high)
            if isinstance(operand, syntax.Tolerance):
                middle = with_sign(sign, Span(self.source, place.start, operand.middle.span.end), operand.middle)
                return syntax.Tolerance(place, middle, operand.spread)
        if sign != "not" and first != "(" and isinstance(operand, syntax.Binary):
            self.say_two_ways(sign, place, operand)
        return syntax.Unary(place, sign, operand)

    def binary(self, token: int, place: Span, left: Expression, right: Expression) -> Expression:
        """Node of `a + b`; `a < b < c` becomes `a < b and b < c`, `1 .. 2 .. 3` becomes `Wrong`."""
        operator, at = self.kinds[token], self.place(token)
        node = syntax.Binary(place, operator, at, left, right)
        is_bracketed = left.span.start != place.start
        if BINDING[operator] not in (COMPARISON, RANGE) or not isinstance(left, syntax.Binary) or is_bracketed:
            return node
        if operator == left.operator == "..":
            said = f"expected the end of the range after `{left.right.span.text}`"
            self.diagnostics.append(CHAINED.at(at, said, "a range has two ends: `1 .. 8`", label="`..` stands here"))
            return syntax.Wrong(place)
        if BINDING[left.operator] == COMPARISON or id(left) in self.chains:
            return self.chain(node, left)
        return node

    def chain(self, node: syntax.Binary, left: syntax.Binary) -> Expression:
        """Comparisons of a chain, each by itself, joined with `and`; remembered, to be reported as a whole."""
        parts = self.chains.pop(id(left), (left,))
        middle = parts[-1].right
        part = syntax.Binary(Span(self.source, middle.span.start, self.end), node.operator, node.at, middle, node.right)
        whole = syntax.Binary(node.span, "and", node.at, left, part)
        self.chains[id(whole)] = (*parts, part)
        return whole

    # ---- complaints ----------------------------------------------------------------------

    def say_chained(self, chain: Chain) -> None:
        """Report a chain of comparisons, with the expression that was probably meant when it is short."""
        place = Span(self.source, chain[0].span.start, chain[-1].span.end)
        begins = [place.start, *(part.at.end for part in chain)]
        ends = [*(part.at.start for part in chain), place.end]
        operands = [self.source.text[begin:end].strip() for begin, end in zip(begins, ends, strict=True)]
        written = " and ".join(
            f"{left} {part.operator} {right}"
            for left, part, right in zip(operands[:-1], chain, operands[1:], strict=True)
        )
        short = len(written) <= 80
        self.diagnostics.append(
            CHAINED.at(
                chain[1].at,
                "comparisons do not chain",
                f"write `{written}`" if short else "write the comparisons one by one, with `and` between them",
                label="the second comparison",
                fixes=(Fix(f"`{written}`", place, written, "safe"),) if short and "\n" not in written else (),
            )
        )

    def say_two_ways(self, sign: str, place: Span, operand: syntax.Binary) -> None:
        """Report a sign before a power, with both ways to read it."""
        text = self.source.text
        base = text[place.start : operand.at.start].removeprefix(sign).strip()
        power = text[operand.at.end : place.end].strip()
        self.diagnostics.append(
            SIGN_BEFORE_POWER.at(
                place,
                f"`{sign}{base}^{power}` can be read in two ways",
                f"write `{sign}({base}^{power})` or `({sign}{base})^{power}`",
                label="the power of the negative, or the negative of the power",
                fixes=(Fix(f"`{sign}({base}^{power})`", place, f"{sign}({base}^{power})", "show"),),
            )
        )


def with_sign(sign: str, place: Span, number: syntax.Number | syntax.Measure) -> syntax.Number | syntax.Measure:
    """Number or measure with a sign before it."""
    value = -number.value if sign == "-" else number.value
    if isinstance(number, syntax.Number):
        return syntax.Number(place, sign + number.digits, value)
    return syntax.Measure(place, sign + number.digits, value, number.unit)
