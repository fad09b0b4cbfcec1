"""Mistakes in the words that begin a statement, in its head, and at its end."""

from dsl.diagnostic import Code, Diagnostic, Fix
from dsl.expected import SOMETHING_ELSE
from dsl.impasse import OPERATORS, WRONG, Edit, Impasse, Mended, NewToken
from dsl.language import KEYWORDS, STATEMENT_WORDS
from dsl.skipping import unreadable
from dsl.source import Span
from dsl.suggest import nearest
from dsl.tokens import ENDS, NAME, NEWLINE, OPENING, STRING

KEYWORD_AS_NAME = Code(
    "C0102",
    "a word of the language used as a name",
    cause="Some words, such as `to`, `from` and `of`, have a meaning of their own wherever they stand. A name that is "
    "one of them is written in backquotes.",
    wrong="fn share(part, of) = part\n",
    right="fn share(part, `of`) = part / `of`\n",
)
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

_AFTER_NAME = frozenset(("=", "{", "(", ")", ".", ":", ",", ";", "like", "in", NEWLINE))
_HEADS = frozenset(("{", "(", "like"))
_ELSEWHERE = {
    **dict.fromkeys(("var", "val", "const", "set", "define"), "let"),
    **dict.fromkeys(("def", "function", "func"), "fn"),
    **dict.fromkeys(("include", "use", "using"), "import"),
    "check": "assert",
    "link": "connect",
}
"""Words of other languages for what begins a statement in ours."""
_CLAUSES_OF_CONNECT = frozenset(("to", "on", "by", "with"))
_AFTER_COPY = frozenset(("{", "(", ".", NEWLINE))
_COPIES = frozenset(("with", ":", "extends", "from", "is", "as", "of"))


# ---- words of the language -------------------------------------------------------------------


def keyword_as_name(place: Impasse) -> Mended | None:
    """`to = 5`, `fn c(by) = 1`: a word of the language where a name is meant."""
    if place.kind() in place.named and NAME in place.expected:
        return None, place.replacement(NAME)
    if place.kind() in KEYWORDS and place.kind(1) in _AFTER_NAME and is_name_meant(place):
        edit = place.replacement(NAME)
        if place.goes_on(edit):
            return called(place.span(), place.kind()), edit
    if place.kind(-1) in KEYWORDS and place.kind() in ("=", "{", ":") and not place.goes_on(place.omission(), 1):
        return called(place.span(-1), place.kind(-1)), place.replacement(NAME, -1)
    return None


def is_name_meant(place: Impasse) -> bool:
    """True if a name is expected here and no value, except for the name of an argument."""
    is_argument = place.kind(1) == "=" and bool(place.brackets)
    return NAME in place.expected and (WRONG not in place.expected or place.may_begin or is_argument)


def called(span: Span, word: str) -> Diagnostic:
    """Diagnostic for a word of the language in the place of a name."""
    return KEYWORD_AS_NAME.at(
        span,
        f"`{word}` is a word of the language, so it cannot be a name by itself",
        f"choose another name, or write `` `{word}` `` in backquotes",
        fixes=(Fix(f"`` `{word}` ``", span, f"`{word}`", "unsafe"),),
    )


def word_misspelt(place: Impasse) -> Mended | None:
    """`lett x = 3`, `var x = 3`: the statement is one when it begins with another word."""
    if place.i == place.first or place.stream.kinds[place.first] != NAME:
        return None
    written, span = place.word(0), place.at(place.first)
    near = nearest(written, STATEMENT_WORDS, 1)
    for meant in (*near, *([_ELSEWHERE[written]] if written in _ELSEWHERE else [])):
        edit = Edit(place.first, place.first + 1, (NewToken(meant, meant, span.start, span.end),))
        if place.goes_on(edit, place.i - place.first):
            said = SOMETHING_ELSE.at(
                span,
                f"no statement begins with `{written}`; did you mean `{meant}`?",
                f"write `{meant}`",
                fixes=(Fix(f"`{meant}`", span, meant, "safe" if near else "unsafe"),),
            )
            return said, edit
    return None


# ---- heads -----------------------------------------------------------------------------------


def name_in_quotes(place: Impasse) -> Mended | None:
    """`chip "B200" {`."""
    name = place.text()[1:-1]
    if (
        place.kind() != STRING
        or place.first != place.i - 1
        or NAME not in place.expected
        or place.kind(1) not in _HEADS
    ):
        return None
    if not name.isidentifier():
        return None
    said = SOMETHING_ELSE.at(
        place.span(),
        "a declared name stands without quotes",
        f"write `{place.text(-1)} {name} {{ .. }}`, and the text as its `title`",
        fixes=(Fix(f"`{name}`", place.span(), name, "safe"),),
    )
    word = place.token(place.i)
    return said, Edit(place.i, place.i + 1, (word._replace(kind=NAME, text=name),))


def two_names(place: Impasse) -> Mended | None:
    """`memory bandwidth = 3 TB/s`."""
    if place.kind() != "=" or place.first != place.i - 2 or place.kind(-1) != NAME or place.kind(-2) != NAME:
        return None
    first, second = place.text(-2), place.text(-1)
    said = SOMETHING_ELSE.at(
        place.span(-2).to(place.span(-1)),
        f"`{first} {second}` are two names, and a value has one",
        f"join the words, `{first}_{second} = ..`, or give the value of `{second}` a name with `let {second} = ..`",
    )
    span = place.span(-2)
    return said, Edit(place.first, place.first + 1, (NewToken("let", "let", span.start, span.end),))


def other_word_for_copy(place: Impasse) -> Mended | None:
    """`node B with A {`, `node B: A {`, `let b = A like { .. }`."""
    word = place.text()
    if word in _COPIES and "like" in place.expected and place.kind(1) == NAME and place.kind(2) in _AFTER_COPY:
        meant = "like"
    elif word == "like" and "with" in place.expected and place.kind(1) == "{":
        meant = "with"
    else:
        return None
    how = "`chip B like A { .. }` copies a declaration, `A with { .. }` is a changed copy as a value"
    fix = Fix(f"`{meant}`", place.span(), f" {meant}" if word == ":" else meant, "unsafe")
    said = SOMETHING_ELSE.at(place.span(), f"a copy is made with `{meant}` here, not with `{word}`", how, fixes=(fix,))
    return said, place.replacement(meant)


def parameters_without_brackets(place: Impasse) -> Mended | None:
    """`fn larger a, b = ..`, also without commas."""
    if place.kind(-2) != "fn" or place.kind() != NAME:
        return None
    stop = place.i
    while place.stream.kinds[stop] in (NAME, ",", ":", "."):
        stop += 1
    inner: list[NewToken] = []
    for word in map(place.token, range(place.i, stop)):
        lost = word.kind == NAME and bool(inner) and inner[-1].kind == NAME
        inner += [NewToken(",", ",", word.start, word.start), word] if lost else [word]
    name, span = place.text(-1), Span(place.source, place.gap().end, place.gap(stop).end)
    written = f"({', '.join(''.join(word.text for word in inner).split(','))})".replace(":", ": ")
    said = SOMETHING_ELSE.at(
        place.span(),
        f"expected `(` after `{name}`",
        f"parameters stand in brackets: `fn {name}{written} = ..`",
        label=f"{place.described()} here",
        fixes=(Fix(f"`{written}`", span, written, "safe"),),
    )
    return said, Edit(place.i, stop, (place.new("(", place.i), *inner, place.new(")", stop)))


def body_in_braces(place: Impasse) -> Mended | None:
    """`fn share(a, b) { a / b }`."""
    if place.kind() != "{" or "=" not in place.expected or place.stream.kinds[place.first] != "fn":
        return None
    stop = place.after_bracket()
    said = SOMETHING_ELSE.at(
        place.span(),
        "the value of a function stands behind `=`, without braces",
        f"write `fn {place.word(1)}(..) = ..`",
    )
    hole = NewToken(WRONG, "", place.span().start, place.at(stop - 1).end)
    return said, Edit(place.i, stop, (place.new("=", place.i), hole))


def label_without_colon(place: Impasse) -> Mended | None:
    """`claim memory sum(x) == 48 TB`."""
    if place.kind(-2) != "claim" or place.kind(-1) != NAME or place.kind() not in (NAME, "(", "["):
        return None
    name = place.text(-1)
    said = SOMETHING_ELSE.at(
        place.span(),
        f"expected `:` after `{name}`, the name of the claim",
        f"write `claim {name}: ..`",
        fixes=(Fix("insert `:`", place.gap(), ":", "safe"),),
    )
    return said, place.insertion(":")


def type_without_colon(place: Impasse) -> Mended | None:
    """`rack R(n Count)`, `let n Count = 3`."""
    if place.kind() != NAME or ":" not in place.expected or place.kind(-1) != NAME:
        return None
    after = {",", ")", "="} if place.brackets else {"="}
    if place.kind(1) not in after or not place.text()[0].isupper():
        return None
    said = SOMETHING_ELSE.at(
        place.span(),
        f"expected `:` between `{place.text(-1)}` and its type",
        f"write `{place.text(-1)}: {place.text()}`",
        fixes=(Fix("insert `:`", place.gap(), ":", "unsafe"),),
    )
    return said, place.insertion(":")


# ---- lists of names --------------------------------------------------------------------------


def comma_without_name(place: Impasse) -> Mended | None:
    """`connect a, b, to c with ..`."""
    comma = Edit(place.i - 1, place.i)
    if place.kind(-1) != "," or place.kind() not in _CLAUSES_OF_CONNECT or not place.goes_on(comma):
        return None
    span = place.span(-1)
    said = SOMETHING_ELSE.at(
        span, f"no name stands between this `,` and `{place.kind()}`", fixes=(Fix("remove `,`", span, "", "safe"),)
    )
    return said, comma


def names_joined_by_and(place: Impasse) -> Mended | None:
    """`connect a and b to c with ..`."""
    if place.kind() != "and" or place.stream.kinds[place.first] != "connect" or "," not in place.expected:
        return None
    said = SOMETHING_ELSE.at(
        place.span(),
        "names stand with a `,` between them, not with `and`",
        fixes=(Fix("`,`", Span(place.source, place.gap().end, place.span().end), ",", "safe"),),
    )
    return said, place.replacement(",")


# ---- lines that state nothing ----------------------------------------------------------------


def nothing_stated(place: Impasse) -> Mended | None:
    """`tdp` or `sum(x)` on a line of its own."""
    if place.first != place.i - 1 or place.kind(-1) != NAME or place.kind() not in ENDS | {"("}:
        return None
    name, code = place.text(-1), NOT_A_STATEMENT
    if place.kind() in ENDS:
        said = f"`{name}` alone states nothing"
        help = f"give it a value, `{name} = ..`, or a block, `{name} {{ .. }}`"
    elif place.stream.kinds[place.after_bracket()] == "{":
        said, code = f"expected a name after `{name}`", SOMETHING_ELSE
        help = f"a declaration has a kind and a name: `{name} Name(..) {{`"
    else:
        said, help = f"`{name}(..)` alone states nothing", "check it with `assert`, or give it a name with `let`"
    return code.at(place.span(-1), said, help), unreadable(place)


def no_statement(place: Impasse) -> Mended | None:
    """`8760 h`, `// not a comment`: the line begins with something that begins no statement."""
    kind = place.kind()
    if not place.may_begin or kind in ENDS:
        return None
    help = "give it a name, `let .. = ..`, or check it with `assert`"
    if place.text() in ("//", "/*", "/", "*") or (kind, place.kind(1)) == ("-", "-"):
        help = "a comment begins with `#`"
    elif kind in OPENING:
        help = f"remove it, or open it with `{OPENING[kind]}`"
    elif kind == "from":
        help = "names are imported with `import std.optics (LPO400)`"
    elif kind == "for":
        help = "there are no loops: `boxes = 4 of Box { plane = index }` counts parts, `[.. for x in list]` is a value"
    elif kind == "if":
        help = "a choice is a value: `let a = if .. then .. else ..`"
    elif kind in OPERATORS and place.i:
        help = "an expression goes on in the next line only inside ( ) or [ ]"
    said = f"no statement begins with {place.described().rsplit(' ', 1)[0]}"
    return NOT_A_STATEMENT.at(place.span(), said, help), None


# ---- ends of lines ---------------------------------------------------------------------------


def line_goes_on(place: Impasse) -> Mended | None:
    """`let a = 1 let b = 2`: another statement begins on the line."""
    is_header = "like" in place.expected and place.kind() == NAME
    if ";" not in place.expected or is_header or not place.reads_like_statement(place.i):
        return None
    said = LINE_GOES_ON.at(
        place.span(),
        "a statement ends with its line, and here another begins",
        "begin a new line, or put `;` between them",
        fixes=(Fix("insert `;`", place.gap(), ";", "safe"),),
    )
    return said, place.insertion(";")


def comma_after_statement(place: Impasse) -> Mended | None:
    """`let a = 1,`."""
    if place.kind() != "," or ";" not in place.expected:
        return None
    is_last = place.kind(1) in ENDS
    is_field = place.kind(1) == NAME and place.kind(2) in (":", "==")
    if not is_last and not is_field and not place.reads_like_statement(place.i + 1):
        return None
    fix = Fix("remove `,`" if is_last else "`;`", place.span(), "" if is_last else ";")
    help = "remove it" if is_last else "write `;` between them"
    said = LINE_GOES_ON.at(place.span(), "statements have no commas between them", help, fixes=(fix,))
    return said, place.replacement(";")
