"""Mistakes of brackets: those never closed, and those that close nothing."""

from dsl.diagnostic import Code, Diagnostic, Fix, Label
from dsl.impasse import OPERATORS, VALUE, WRONG, Edit, Impasse, Mended
from dsl.language import KEYWORDS
from dsl.skipping import skipped
from dsl.tokens import CLOSING, ENDS, OPENING

BRACKET_OPEN = Code(
    "C0105",
    "a bracket is never closed",
    cause="Inside ( ) and [ ] a line may end anywhere, so a lost bracket would swallow what follows. A line that can "
    "only be a statement ends all brackets that are open above it.",
    wrong="let a = (1 + 2\nlet b = 3\n",
    right="let a = (1 + 2)\nlet b = 3\n",
)
NOTHING_OPEN = Code(
    "C0114",
    "a bracket closes nothing",
    cause="A closing bracket without an opening one before it. Often a block ended one line too early.",
    wrong="let a = 1 + 2)\n",
    right="let a = (1 + 2)\n",
)

_OUTSIDE = (KEYWORDS - OPERATORS - VALUE) | {"{"}
"""Kinds that may begin a part of a statement behind a value."""


def closes_nothing(place: Impasse) -> tuple[Diagnostic, Edit] | None:
    """Closing bracket or brace without an opening one. The edit drops it and needs no proof that the table reads on."""
    return bracket_not_opened(place) or brace_not_opened(place)


def bracket_not_opened(place: Impasse) -> tuple[Diagnostic, Edit] | None:
    """`let a = 1 + 2)`."""
    kind = place.kind()
    if kind not in (")", "]") or place.brackets or place.may_begin:
        return None
    said = NOTHING_OPEN.at(
        place.span(),
        f"`{kind}` closes nothing",
        f"remove it, or open it with `{OPENING[kind]}`",
        fixes=(Fix(f"remove `{kind}`", place.span(), "", "unsafe"),),
    )
    return said, place.omission()


def brace_not_opened(place: Impasse) -> tuple[Diagnostic, Edit] | None:
    """A `}` without a block around it, told once for a row of them; it ends its statement."""
    if place.kind() != "}" or place.in_block:
        return None
    stop = place.i
    while place.stream.kinds[stop] == "}":
        stop += 1
    help = "remove it, or look for a block that ends too early above"
    return NOTHING_OPEN.at(place.span(), "`}` closes nothing", help), Edit(place.i, stop, (place.new(";", place.i),))


def bracket_not_closed(place: Impasse) -> Mended | None:
    """The statement ends, or another begins, while a bracket is open; all that are open are closed there."""
    if not place.brackets:
        return None
    line = place.line_start() if place.kind() == "=" else place.i
    is_statement = line > place.brackets[-1] and place.begins_statement(line)
    if (place.kind() not in ENDS and not is_statement) or (place.kind() == ";" and place.is_closed()):
        return None
    shown = place.i if place.kind() in ENDS else line
    at = place.stream.before_newlines(shown)
    fillings = (place.insertion(*words, at=at) for words in (closers(place), [WRONG, *closers(place)]))
    edit = next(filter(place.goes_on, fillings), None) or skipped(place, at)
    return never_closed(place, at, Label(place.at(shown), "a statement begins here") if is_statement else None), edit


def bracket_ends_too_late(place: Impasse) -> Mended | None:
    """`let a = (1 + 2 from est`: here, or with the word before, something begins that stands outside of the brackets."""
    if not place.brackets:
        return None
    for at in (place.i, place.i - 1):
        edit = place.insertion(*closers(place), at=at)
        if place.stream.kinds[at] in _OUTSIDE and place.goes_on(edit, 3):
            return never_closed(place, at, Label(place.at(at), "this stands outside")), edit
    return None


def closers(place: Impasse) -> list[str]:
    """Closing brackets for all that are open, the innermost first."""
    return [CLOSING[place.stream.kinds[token]] for token in reversed(place.brackets)]


def never_closed(place: Impasse, at: int, shown: Label | None) -> Diagnostic:
    """The innermost bracket that is open lacks its end before a token; a label says what shows it."""
    opener = place.brackets[-1]
    kind, closing = place.stream.kinds[opener], "".join(closers(place))
    return BRACKET_OPEN.at(
        place.at(opener),
        f"`{kind}` is never closed",
        f"close it with `{CLOSING[kind]}`",
        label="opened here",
        labels=(shown,) if shown else (),
        fixes=(Fix(f"insert `{closing}`", place.gap(at), closing, "unsafe"),),
    )
