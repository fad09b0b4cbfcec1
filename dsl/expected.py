"""Messages "expected .." made from the grammar: from the rules under way at a place, with help."""

import re

from dsl.diagnostic import Code, Diagnostic
from dsl.grammar.automaton import Production
from dsl.impasse import LOST, OPERATORS, VALUE, WRONG, Impasse
from dsl.language import KEYWORDS, TABLE
from dsl.skipping import is_value
from dsl.tokens import DATE, END, ENDS, MEASURE, NAME, NEWLINE, NUMBER, STRING

SOMETHING_ELSE = Code(
    "C0101",
    "something else was expected here",
    cause="The line began as a statement of the language and then went on in a way that no statement does. The message "
    "names what could have stood there. The rest of the file was read as usual, from the next line on.",
    wrong="fn larger a, b = max([a, b])\n",
    right="fn larger(a, b) = max([a, b])\n",
)
VALUE_MISSING = Code(
    "C0103",
    "a value is missing",
    cause="A statement ends with its line, so a value begins on the line of its `=` or operator. Only inside ( ) or [ ]"
    " may an expression go on in the next line.",
    wrong="fn one() =\n",
    right="fn one() = 1\n",
)

NAMED = {
    ("edition", NUMBER): "a year",
    ("check", STRING): "a message in quotes",
    ("cites", "@cite"): "the name of a source",
    ("comprehension", NAME): "a name for each item",
    ("connect", "@linked"): "the name of what is connected",
    ("linked", "@path"): "one more name",
    ("imported", "@_module"): "the name of a module or a file in quotes",
    ("literal", "@bound"): "a number",
    ("literal", "@number"): "a number",
    ("parameters", "@parameter"): "a name for a parameter",
    ("to", "@linked"): "the name of the other side",
    ("type", "@path"): "the name of a type, such as `Count`,",
}
"""Names of parts of rules, by rule and symbol, where the kind of the first token says too little."""

AT = {("entity", 1): "`=`, `{` or a name", ("entity", 2): "`{`, `like` or `( )`"}
"""Wording by rule and number of symbols read, where the full list of what could follow would say less."""

NEEDED = {"=": "`=` and a value", "with": "`with` and a link"}
"""Wording by the word without which the statement cannot end."""

HELP = {
    "cites": 'write `from paper "table 2"`, and declare the source: `source paper { .. }`',
    "check": 'write `{0} .. else "what is wrong then"`',
    "comprehension": "write `for item in list`",
    "conditional": "a choice is written `if .. then .. else ..`",
    "connect": "write `connect a to b with 1 of Link`",
    "edition": "write `edition 2026`",
    "function": "write `fn {1}(a, b) = ..`",
    "imported": "write `import std.optics (LPO400)`",
    "let": "write `let {1} = ..`",
    "sweep": "write `sweep {1} in [..]`",
}
"""Help by rule; `{0}` and `{1}` are the first words of the statement. Other rules show their shortest form."""

CLAUSES = {
    "from": "a source follows the value of a field, `let`, `claim` or `connect`",
    "else": "a message belongs to `assert`, `expect` and `require`",
    "within": "a tolerance belongs to `claim`",
    "with": "after `with` stands a block, `with { .. }`",
    "of": "parts are a value by themselves: `npus = 8 of X`",
    "CONVERT": "`->` stands once, at the end of an expression",
    ",": "a list stands in brackets: `[a, b]`",
}
"""Help by kind of a token that stands behind a whole statement."""

_KINDS = {NAME: "a name", STRING: "a text in quotes", NUMBER: "a number", MEASURE: "a number", DATE: "a date"}
_SHOWN = {NAME: "name", STRING: '"text"', NUMBER: "1", "@path": "name", "@block": "{ .. }", "@parameters": "(..)"}
_UNSAID = ENDS | {".", "to", "+-", "CONVERT", WRONG, LOST}
_GOING_ON = _UNSAID | OPERATORS | {"(", "[", "with"}
_HELPER = re.compile(r"__(\w+?)_(?:star|plus)_\d+")


def said(place: Impasse) -> Diagnostic:
    """Diagnostic "expected .." for a place, with help."""
    code, what = expectation(place)
    helps = helpful(place)
    before = place.text(-1)
    after = f" after `{before}`" if before and place.kind(-1) not in (NEWLINE, STRING) else ""
    span, label = place.span(), f"{place.described()} here"
    if place.kind() in (NEWLINE, END) and before:
        span, label = place.span(-1), "nothing follows on this line"
    return code.at(span, f"expected {what}{after}", *helps, label=label)


def expectation(place: Impasse) -> tuple[Code, str]:
    """Code, and the wording of the tokens that could stand at a place."""
    expected = place.expected
    for name, rule, read in under_way(place.frames[-1][0]):
        if (name, read) in AT:
            return SOMETHING_ELSE, AT[name, read]
        if read < rule.length and (name, rule.symbols[read]) in NAMED:
            code = VALUE_MISSING if name == "literal" else SOMETHING_ELSE
            return code, NAMED[name, rule.symbols[read]]
    if expected >= VALUE - {WRONG, LOST}:
        return VALUE_MISSING, "a value"
    if END in expected and NEWLINE not in expected:
        return SOMETHING_ELSE, "an operator or the end of the expression"
    if expected & ENDS and expected & OPERATORS:
        return SOMETHING_ELSE, "the end of the line"
    words = [
        f"`{kind}`"
        for kind in sorted(expected - (_GOING_ON if is_value(place.frames[-1][0]) else _UNSAID) - _KINDS.keys())
    ]
    if expected & ENDS:
        words.append("the end of the line")
    elif needed := place.needed:
        words = ["`,`"] * ("," in expected and needed not in NEEDED) + [NEEDED.get(needed, f"`{needed}`")]
        words += ["an operator"] * (words == ["`)`"] and bool(expected & OPERATORS))
    words += dict.fromkeys(_KINDS[kind] for kind in _KINDS if kind in expected)
    return SOMETHING_ELSE, listed(words)


def under_way(state: int) -> list[tuple[str, Production, int]]:
    """Rules under way in a state: name in the grammar, production, number of symbols read."""
    found = [(TABLE.rules[number], read) for number, read in TABLE.items[state]]
    return [(_HELPER.sub(r"\1", rule.name), rule, read) for rule, read in found]


def helpful(place: Impasse) -> list[str]:
    """Lines of help: the form of the rule under way, or the right place of the word that is too much."""
    if is_part_of_name(place):
        return ["a name is one word of letters, digits and `_`"]
    if place.expected & OPERATORS and place.expected & ENDS:
        return after_value(place)
    outermost = len(place.frames) - 1 if place.brackets else place.base
    for state, _, _ in reversed(place.frames[outermost:]):
        for name, rule, read in under_way(state):
            begins_with_word = rule.symbols[0] in KEYWORDS
            if name in HELP and (begins_with_word or read > 1):
                named = place.word(1) if place.stream.kinds[place.first + 1] == NAME else "name"
                return [HELP[name].replace("{0}", place.word(0)).replace("{1}", named)]
            if begins_with_word and rule.method:
                return [f"write `{form(name)}`"]
    return []


def is_part_of_name(place: Impasse) -> bool:
    """True for a second part of a name, as in `chip Ascend 910C {` and `let it-power = ..`."""
    in_head = any((name, read) == ("entity", 2) for name, _, read in under_way(place.frames[-1][0]))
    if in_head:
        return place.kind() in (NAME, NUMBER, MEASURE, "-")
    return place.kind() == "-" and place.kind(-1) == NAME and "=" in place.expected


def after_value(place: Impasse) -> list[str]:
    """Lines of help about a word behind a whole statement."""
    line = place.source.line(place.source.line_column(place.span().start)[0])
    helps = [CLAUSES[place.kind()]] if place.kind() in CLAUSES else []
    return helps + ["a comment begins with `#`; `//` divides whole numbers"] * ("//" in line)


def form(name: str) -> str:
    """Shortest form of a rule as text: `sweep name in ..`."""
    rule = min((rule for rule in TABLE.rules if rule.name == name), key=lambda rule: rule.length)
    return " ".join(_SHOWN.get(symbol, ".." if symbol[0] == "@" else symbol) for symbol in rule.symbols)


def listed(words: list[str]) -> str:
    """Words joined as in "`a`, `b` or `c`"."""
    return " or ".join([", ".join(words[:-1]), *words[-1:]] if len(words) > 1 else words)
