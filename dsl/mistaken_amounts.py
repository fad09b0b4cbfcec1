"""Mistakes in values: their signs, counting, sources, separators, units, and values that are missing."""

import re

from dsl.diagnostic import Code, Fix, Grade
from dsl.expected import SOMETHING_ELSE, VALUE_MISSING
from dsl.impasse import OPERATORS, VALUE, WRONG, Edit, Impasse, Mended
from dsl.language import KEYWORDS
from dsl.precedence import BINDING, BRACKETS_NEEDED, COMPARISON
from dsl.skipping import is_value as in_value
from dsl.source import Span
from dsl.tokens import ARROW, CONVERT, DATE, END, ENDS, MEASURE, NAME, NEWLINE, NUMBER, NUMERAL, STRING

COUNTED_WITHOUT_OF = Code(
    "C0106",
    "parts are counted with `of`",
    cause="A number and the word after it are one number with its unit, so `8x Ascend910C` is 8 of the unit `x` with a "
    "name behind it. Parts are counted with the word `of`.",
    wrong="node Toy {\n  npus = 8x Ascend910C\n}\nchip Ascend910C { }\n",
    right="fn one(x) = x\n",
)
EQUALS_SIGN = Code(
    "C0113",
    "a value is given with `=`",
    cause="Fields, parameters and `let` take their value with `=`; `:` stands before a type, and `==` compares. A block "
    "is no value: `hbm { .. }` has no `=`.",
    wrong='source a {\n  title: "A"\n}\n',
    right='source a {\n  title = "A"\n}\n',
)
COMMA_MISSING = Code(
    "C0120",
    "a comma is missing",
    cause="Items of a list and arguments of a call are separated by commas, also where each stands on its own line.",
    wrong="let sizes = [\n  1\n  2\n]\n",
    right="let sizes = [\n  1,\n  2,\n]\n",
)
FROM_MISSING = Code(
    "C0123",
    "a source without `from`",
    cause="Where a figure comes from is said behind it, with the word `from`, the name of a source and the place in it.",
    wrong='source paper { title = "A" }\nlet hbm = 128 GB paper "table 2"\n',
    right='source paper { title = "A" }\nlet hbm = 128 GB from paper "table 2"\n',
)

_TIMES = frozenset(("x", "X", "times", "pcs", "units"))
_NUMERALS = frozenset((NUMBER, MEASURE))
_BARE = _NUMERALS | {STRING, DATE, "["}
_COMPARISONS = frozenset(sign for sign, strength in BINDING.items() if strength == COMPARISON)


# ---- signs -----------------------------------------------------------------------------------


def equals_sign(place: Impasse) -> Mended | None:
    """`tdp: 5 W`, `tdp == 5 W`, `tdp 5 W`."""
    kind, name = place.kind(), place.text(-3 if place.kind(-2) == ":" else -1)
    if "=" not in place.expected or place.kind(-1) != NAME:
        return None
    if kind in (":", "==", "~="):
        grade: Grade = "unsafe" if may_be_check(place) else "safe"
        fix = Fix("`=`", place.span(), " =" if kind == ":" else "=", grade)
        said = f"`{name}` gets its value with `=`, not `{kind}`"
        return EQUALS_SIGN.at(place.span(), said, f"write `{name} = ..`", fixes=(fix,)), place.replacement("=")
    is_value = kind in (VALUE if place.stream.kinds[place.first] == "let" else _BARE)
    if not is_value or not {"=", ":"}.isdisjoint(place.rest()):
        return None
    fix = Fix("insert `=`", place.gap(), " =", "safe")
    said = f"expected `=` between `{name}` and its value"
    return EQUALS_SIGN.at(place.span(), said, f"write `{name} = ..`", fixes=(fix,)), place.insertion("=")


def may_be_check(place: Impasse) -> bool:
    """True if the line may be a check or a claim without its word: it compares, and begins with a name."""
    return place.stream.kinds[place.first] == NAME and not place.brackets and not _COMPARISONS.isdisjoint(place.rest())


def equals_for_comparison(place: Impasse) -> Mended | None:
    """`assert a = b`."""
    if place.kind() != "=" or "==" not in place.expected or place.brackets:
        return None
    if not place.is_inside("check", "claim", "conditional"):
        return None
    fix = Fix("`==`", place.span(), "==", "safe")
    said = EQUALS_SIGN.at(place.span(), "`=` gives a value, `==` compares", "write `==`", fixes=(fix,))
    return said, place.replacement("==")


def equals_before_block(place: Impasse) -> Mended | None:
    """`hbm = { .. }`, `hbm: { .. }`."""
    sign = place.i - 1 if place.kind() == "{" else place.i
    kinds = place.stream.kinds
    if kinds[sign] not in ("=", ":") or kinds[sign + 1] != "{" or set(kinds[place.first : sign]) - {NAME, "."}:
        return None
    name, span = place.stream.texts[sign - 1], place.at(sign)
    if sign == place.first:
        return None
    fix = Fix(f"remove `{kinds[sign]}`", Span(place.source, place.at(sign - 1).end, span.end), "", "safe")
    said = f"the block of `{name}` has no `{kinds[sign]}` before it"
    return EQUALS_SIGN.at(span, said, f"write `{name} {{ .. }}`", fixes=(fix,)), Edit(sign, sign + 1)


def comma_missing(place: Impasse) -> Mended | None:
    """`[1 2]`, or a line of a list without a comma at its end."""
    if place.kind() not in VALUE or "," not in place.expected or not place.brackets:
        return None
    is_item = in_value(place.frames[-1][0]) and place.kind() not in _NUMERALS and place.text() != place.text(-1)
    is_sure = place.kind(-1) == NEWLINE or is_item  # `n Count` may lack another sign, `24 000` none
    fix = Fix("insert `,`", place.gap(), ",", "safe" if is_sure else "unsafe")
    said = COMMA_MISSING.at(place.span(), "a comma is missing before this", "put `,` between two items", fixes=(fix,))
    return said, place.insertion(",")


def comma_before_source(place: Impasse) -> Mended | None:
    """`tdp = 300 W, from paper`."""
    if place.kind() != "," or place.kind(1) != "from" or "from" not in place.expected:
        return None
    fix = Fix("remove `,`", place.span(), "", "safe")
    said = FROM_MISSING.at(place.span(), "a source follows its value without a comma", "remove it", fixes=(fix,))
    return said, place.omission()


def digits_in_groups(place: Impasse) -> Mended | None:
    """`30,000 USD`."""
    if place.kind() != "," or place.kind(-1) != NUMBER or place.kind(1) not in _NUMERALS:
        return None
    whole, rest = place.token(place.i - 1), place.token(place.i + 1)
    group = re.match(r"\d+", rest.text)
    if group is None or len(group[0]) != 3 or (whole.end, place.span().end) != (place.span().start, rest.start):
        return None
    joined = rest._replace(text=whole.text + rest.text, start=whole.start)
    fix = Fix(f"`{joined.text.strip()}`", Span(place.source, whole.start, rest.end), joined.text, "unsafe")
    said = "digits are not grouped with commas"
    help = f"write `{joined.text.strip()}`, or `{whole.text}_{rest.text.strip()}`"
    return SOMETHING_ELSE.at(place.span(), said, help, fixes=(fix,)), Edit(place.i - 1, place.i + 2, (joined,))


# ---- words -----------------------------------------------------------------------------------


def counted_without_of(place: Impasse) -> Mended | None:
    """`npus = 8x Ascend910C`, `8 Ascend910C`."""
    numeral = place.token(place.i - 1)
    if place.kind() != NAME or "of" not in place.expected or numeral.kind not in _NUMERALS:
        return None
    digits, unit = NUMERAL.fullmatch(numeral.text).groups()  # type: ignore[union-attr]
    if (unit and unit not in _TIMES) or place.kind(1) in ("=", STRING):
        return None
    target = place.text()
    said = COUNTED_WITHOUT_OF.at(
        place.span(-1),
        f"parts are counted with `of`, not `{unit}`" if unit else "parts are counted with `of`",
        f"write `{digits} of {target}`",
        label=f"read as {digits} of the unit `{unit}`" if unit else "a number, and then a name",
        fixes=(Fix(f"`{digits} of`", place.span(-1), f"{digits} of", "safe"),),
    )
    number = numeral._replace(kind=NUMBER, text=digits, end=numeral.start + len(digits))
    return said, Edit(place.i - 1, place.i, (number, place.new("of", place.i)))


def from_missing(place: Impasse) -> Mended | None:
    """`tdp = 300 W paper "table 2"`."""
    is_source = place.kind(1) == STRING or (place.kind(-1) == MEASURE and place.kind(1) in ENDS | {","})
    if place.kind() != NAME or "from" not in place.expected or not is_source:
        return None
    source = place.text()
    said = FROM_MISSING.at(
        place.span(),
        f"a source stands behind the value without `from`: `{source}`",
        f"write `from {source}`",
        fixes=(Fix("insert `from`", place.gap(), " from", "unsafe"),),
    )
    return said, place.insertion("from")


def choice_without_brackets(place: Impasse) -> Mended | None:
    """`1 + if a then b else c`."""
    if place.kind() != "if" or WRONG not in place.expected:
        return None
    stop = place.value_end()
    words = (place.new("(", place.i), *map(place.token, range(place.i, stop)), place.new(")", stop))
    said = BRACKETS_NEEDED.at(place.span(), "`if` stands in brackets here", "write `(if .. then .. else ..)`")
    return said, Edit(place.i, stop, words)


# ---- units -----------------------------------------------------------------------------------


def unit_missing(place: Impasse) -> Mended | None:
    """`power ->`."""
    if place.kind() != ARROW or CONVERT not in place.expected:
        return None
    said = "expected a unit, such as `MW` or `%`, after `->`"
    return SOMETHING_ELSE.at(place.span(), said, label="no unit follows"), place.omission()


def more_after_unit(place: Impasse) -> Mended | None:
    """`a -> MW + 1`."""
    if place.kind() not in OPERATORS or place.kind(-1) != CONVERT:
        return None
    said = f"expected the end of the expression after `{place.text(-1)}`"
    help = "`->` comes last; put what it belongs to into ( )"
    return SOMETHING_ELSE.at(place.span(), said, help, label=f"{place.described()} here"), None


# ---- nothing ---------------------------------------------------------------------------------


def value_missing(place: Impasse) -> Mended | None:
    """`tdp =`, `[1, , 2]`, `a + * b`."""
    kind = place.kind()
    if WRONG not in place.expected or place.may_begin:
        return None
    hole = place.insertion(WRONG)
    if kind == NEWLINE and place.kind(1) in VALUE and not place.reads_like_statement(place.i + 1):
        hole = place.omission()  # the value stands on the next line
    before = place.text(-1)
    if place.i and kind in ENDS | {"from"} and before and not place.brackets:
        is_end = kind in (NEWLINE, END)
        said = VALUE_MISSING.at(
            place.span(-1),
            f"expected a value after `{before}`",
            "give a value, e.g. `128 GB`; only inside ( ) or [ ] may it start on the next line",
            label="nothing follows on this line" if is_end else f"{place.described()} where it should be",
        )
        return said, hole
    help = "give a value, e.g. `128 GB`"
    if kind in KEYWORDS:
        help += f"; a name that is spelled like this stands in backquotes, `` `{kind}` ``"
    after = f" after `{before}`" if before and place.kind(-1) not in (NEWLINE, STRING) else ""
    said = VALUE_MISSING.at(place.span(), f"expected a value{after}", help, label=f"{place.described()} here")
    return said, next(filter(place.goes_on, (hole, place.replacement(WRONG))), None)
