"""Mistakes of letters and braces: found before parsing, mended in the stream so that nothing follows from them."""

from dsl.decoding import NUL, too_large
from dsl.diagnostic import Code, Diagnostic, Fix, Label
from dsl.limits import FILE_BYTES, SYNTAX_ERRORS, TOKENS
from dsl.source import Source, Span
from dsl.tokens import END, FOREIGN, MEANT, NAME, NEWLINE, Stream

UNKNOWN_CHARACTER = Code(
    "C0111",
    "a character the language does not use",
    cause="Word processors and other languages write some signs in another way. Where the meaning is clear the message "
    "names the sign of ours. Texts in quotes and comments may contain any character.",
    wrong="let enough = 3 ≥ 2\n",
    right="let enough = 3 >= 2\n",
)
TEXT_OPEN = Code(
    "C0115",
    "a text is never closed",
    cause="A text stands in double quotes and ends on its line.",
    wrong='source a {\n  title = "A\n}\n',
    right='source a {\n  title = "A"\n}\n',
)
FOREIGN_NAME = Code(
    "C0119",
    "a name with letters outside of ASCII",
    cause="Names are written with the letters a to z, digits and `_`, so that everybody can type them. Titles and "
    "comments may be in any language.",
    wrong='source größe {\n  title = "A"\n}\n',
    right='source size {\n  title = "Größe"\n}\n',
)

MOST_LOST = 20  # a text that lacks more ends of blocks than this is told about the first


def read(source: Source) -> tuple[Stream, list[Diagnostic]]:
    """The tokens of a text; what is odd about single ones has been said."""
    if len(source.text) > FILE_BYTES:
        return Stream(Source(source.name, "")), [too_large(source, f"{len(source.text):,} characters")]
    stream = Stream(source)
    if len(stream.kinds) > TOKENS:
        return Stream(Source(source.name, "")), [too_large(source, f"{len(stream.kinds):,} words and signs")]
    if not stream.odd:
        return stream, []
    return stream, [*_odd(source, stream)]


def _odd(source: Source, stream: Stream) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    last = -1
    for start, end in stream.odd:
        if start != last and len(found) < SYNTAX_ERRORS:
            found.append(_said(Span(source, start, end)))
        last = end
    for i, kind in enumerate(stream.kinds):
        if kind == FOREIGN:
            stream.kinds[i] = NAME
    return found


def _said(place: Span) -> Diagnostic:
    """What is odd about a piece, once for a run of them."""
    piece = place.text
    if piece in MEANT:
        meant = MEANT[piece] or " "
        said = f"`{piece}` is written `{meant}`" if MEANT[piece] else "a blank of a word processor stands here"
        help = f"write `{meant}`" if MEANT[piece] else "replace it by a plain blank"
        return UNKNOWN_CHARACTER.at(place, said, help, fixes=(Fix(help, place, meant, "safe"),))
    if piece[0] == '"':
        fix = Fix('insert `"`', Span(place.source, place.end, place.end), '"', "unsafe")
        return TEXT_OPEN.at(place, "this text is never closed", 'end it with `"`', fixes=(fix,))
    if piece[0] in "'“" and len(piece) > 1:
        mended = '"' + piece[1:-1].replace('"', '\\"') + '"'
        fix = Fix(f"`{mended}`", place, mended, "safe")
        return UNKNOWN_CHARACTER.at(place, "a text stands in double quotes", f"write `{mended}`", fixes=(fix,))
    if piece[0].isalpha() or piece[0] == "_":
        said = f"the name `{piece}` has letters outside of ASCII"
        return FOREIGN_NAME.at(place, said, "use a to z, 0 to 9 and `_`")
    if piece == "\0":
        return NUL.at(place, "a NUL byte stands here", "remove it; is this file a text?")
    shown = f"`{piece}`" if piece.isprintable() else f"the character U+{ord(piece[0]):04X}"
    help = "remove it, or put it into a text or comment"
    return UNKNOWN_CHARACTER.at(place, f"{shown} means nothing in this language", help)


def close_blocks(source: Source, stream: Stream, code: Code) -> list[Diagnostic]:
    """Puts the lost `}` into the stream, each where the indentation shows that it belongs, and says so."""
    kinds = stream.kinds
    if kinds.count("{") <= kinds.count("}"):
        return []
    repairs = _repairs(source, stream)
    ends: dict[int, int] = {}  # how many `}` are put in before a token
    found: list[Diagnostic] = []
    for opener, before, shown in repairs:
        last = before
        while last > opener + 1 and kinds[last - 1] == NEWLINE:
            last -= 1
        ends[last] = ends.get(last, 0) + 1
        if len(found) < MOST_LOST:
            found.append(_never_closed(source, stream, code, opener, stream.ends[last - 1], shown))
    _put_in(stream, ends)
    return found


def _put_in(stream: Stream, ends: dict[int, int]) -> None:
    """Writes the columns anew with so many `}` before these tokens, each at the end of the token before it."""
    columns: tuple[list[str], list[str], list[int], list[int]] = ([], [], [], [])
    begin = 0
    for i in sorted(ends):
        at = [stream.ends[i - 1]] * ends[i]
        brace = ["}"] * ends[i]
        whole = (stream.kinds[begin:i], stream.texts[begin:i], stream.starts[begin:i], stream.ends[begin:i])
        for column, part, new in zip(columns, whole, (brace, brace, at, at), strict=True):
            column += part  # type: ignore[operator]
            column += new
        begin = i
    stream.kinds = columns[0] + stream.kinds[begin:]
    stream.texts = columns[1] + stream.texts[begin:]
    stream.starts = columns[2] + stream.starts[begin:]
    stream.ends = columns[3] + stream.ends[begin:]


def _never_closed(source: Source, stream: Stream, code: Code, opener: int, at: int, shown: int | None) -> Diagnostic:
    place = Span(source, stream.starts[opener], stream.ends[opener])
    line, column = source.line_column(place.start)
    header = (
        " ".join(source.line(line)[: column - 1].rpartition(";")[2].rpartition("{")[2].split()[-8:]) + " {"
    ).strip()
    labels: tuple[Label, ...] = ()
    below = source.line_column(at)[0] + 1
    where = f"close it on line {below}"
    if shown is not None:
        span = Span(source, stream.starts[shown], stream.ends[shown])
        level = source.line_column(span.start)[1]
        labels = (Label(span, f"starts at column {level}: the `}}` is probably missing above this line"),)
        if source.line_column(span.start)[0] <= below:
            where = f"close it above line {below}"
    return code.at(
        place,
        f"`{header}` is never closed",
        f"{where}; the rest was checked as if it were there",
        label="opened here",
        labels=labels,
        fixes=(Fix("insert `}`", Span(source, at, at), "\n}", "unsafe"),),
    )


def _repairs(source: Source, stream: Stream) -> list[tuple[int, int, int | None]]:
    """For each block without an end: its `{`, the token before which it ends, and the token that shows it.

    A line of a block that stands no deeper than the block's own first line shows that the block should have ended. A
    text whose lines are not indented that way says nothing, and its blocks end with the file.
    """
    lost = stream.kinds.count("{") - stream.kinds.count("}")
    repairs = _by_indentation(source, stream, True)
    return repairs if len(repairs) <= lost else _by_indentation(source, stream, False)


def _by_indentation(source: Source, stream: Stream, trust: bool) -> list[tuple[int, int, int | None]]:
    kinds, starts = stream.kinds, stream.starts
    repairs: list[tuple[int, int, int | None]] = []
    stack: list[tuple[int, int, bool]] = []  # the `{`, the column of its line, whether the lines inside stand deeper
    column = 1
    first = True
    for i, kind in enumerate(kinds):
        if kind == NEWLINE:
            first = True
            continue
        if kind == END:
            break
        if first:
            first = False
            column = source.line_column(starts[i])[1]
            while trust and stack and stack[-1][2] and column < stack[-1][1] + (kind != "}"):
                repairs.append((stack.pop()[0], i, i))
        if kind == "{":
            deeper = kinds[i + 1] != NEWLINE or source.line_column(starts[i + 2])[1] > column
            stack.append((i, column, deeper))
        elif kind == "}" and stack:
            stack.pop()
    return repairs + [(opener, len(kinds) - 3, None) for opener, _, _ in stack]
