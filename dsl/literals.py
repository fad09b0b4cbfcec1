"""Reads literals: numbers with their units, intervals, texts, dates and names used as values."""

import re

from dsl import syntax
from dsl.diagnostic import Code, Fix
from dsl.recovery import VALUE_MISSING, Reader
from dsl.source import Span
from dsl.syntax import Expression, Measure, Name, Number
from dsl.tokens import MEASURE, NEWLINE, NUMBER, NUMERAL

UNKNOWN_ESCAPE = Code(
    "C0117",
    "an escape the language does not have",
    cause='In a text, `\\"` is a quote, `\\\\` a backslash, `\\n` a new line and `\\t` a tab. Any other letter after a '
    "backslash is a mistake, most often a path of Windows.",
    wrong='source a {\n  title = "C:\\data"\n}\n',
    right='source a {\n  title = "C:\\\\data"\n}\n',
)

_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
NUMERALS = frozenset((NUMBER, MEASURE))


class Literals(Reader):
    """The first part of the parser: what a token or two say."""

    def number(self) -> Expression:
        """A number, an interval or a tolerance."""
        i = self.i
        self.i = i + 1
        low = self.numeral(i)
        kind = self.kinds[i + 1]
        if kind == NEWLINE and self.open:
            kind = self.over_newlines()
        if kind != "to" and kind != "+-":
            return low
        self.i += 1
        if kind == "to":
            high = self.bound()
            return syntax.Interval(self.since(self.starts[i]), low, high)
        if self.over_newlines() not in NUMERALS:
            self.expected("a number", "a spread is written `0.35 CNY/kWh +- 10%`", code=VALUE_MISSING)
        spread = self.numeral(self.i)
        self.i += 1
        return syntax.Tolerance(self.since(self.starts[i]), low, spread)

    def bound(self) -> Number | Measure:
        """The upper end of an interval, which may have a sign."""
        sign = self.over_newlines()
        start = self.starts[self.i]
        if sign == "-" or sign == "+":
            self.i += 1
        if self.over_newlines() not in NUMERALS:
            self.expected(
                "a number",
                "a range has plain numbers as its ends: `650 to 800 W`",
                code=VALUE_MISSING,
            )
        self.i += 1
        high = self.numeral(self.i - 1)
        return self.with_sign(sign, start, high) if sign in ("-", "+") else high

    def numeral(self, i: int) -> Number | Measure:
        """A number token, with or without a unit."""
        text = self.texts[i]
        place = Span(self.source, self.starts[i], self.ends[i])
        if self.kinds[i] == NUMBER:
            return Number(place, text, float(text.replace("_", "")))
        digits, unit = NUMERAL.fullmatch(text).groups()  # type: ignore[union-attr]
        where = Span(self.source, self.ends[i] - len(unit), self.ends[i])
        return Measure(place, digits, float(digits.replace("_", "")), Name(where, unit))

    def with_sign(self, sign: str, start: int, number: Number | Measure) -> Number | Measure:
        """The number with the sign before it."""
        place = Span(self.source, start, number.span.end)
        value = -number.value if sign == "-" else number.value
        if isinstance(number, Number):
            return Number(place, sign + number.digits, value)
        return Measure(place, sign + number.digits, value, number.unit)

    def reference(self, i: int) -> syntax.Reference:
        """A name used as a value."""
        text = self.texts[i]
        return syntax.Reference(Span(self.source, self.starts[i], self.ends[i]), text[1:-1] if text[0] == "`" else text)

    def string(self, i: int) -> syntax.String:
        """A text, its escapes resolved."""
        text = self.texts[i][1:-1]
        if "\\" in text:
            start = self.starts[i] + 1
            for found in re.finditer(r"\\(.)", text, re.DOTALL):
                if found[1] not in _ESCAPES:
                    place = Span(self.source, start + found.start(), start + found.end())
                    self.complain(
                        UNKNOWN_ESCAPE.at(
                            place,
                            f"`\\{found[1]}` means nothing in a text",
                            "write `\\\\` for a backslash",
                            fixes=(Fix("`\\\\`", Span(self.source, place.start, place.start + 1), "\\\\", "unsafe"),),
                        )
                    )
            text = re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), text, flags=re.DOTALL)
        return syntax.String(self.span(i), text)
