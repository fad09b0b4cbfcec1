"""Recovery of lost `{` and `}` before parsing: found by counting and by indentation, put back into the token stream."""

from collections.abc import Callable

from dsl.diagnostic import Code, Diagnostic, Fix, Label
from dsl.source import Source, Span
from dsl.tokens import END, NAME, NEWLINE, Stream

BRACE_OPEN = Code(
    "C0104",
    "a block is never closed",
    cause="Every `{` needs its `}`. The message guesses from the indentation which block it is and where its end was "
    "meant; the rest of the file is read as if it were there.",
    wrong='source a {\n  title = "A"\n\nsource b {\n  title = "B"\n}\n',
    right='source a {\n  title = "A"\n}\n\nsource b {\n  title = "B"\n}\n',
)
BRACE_ON_ITS_OWN_LINE = Code(
    "C0118",
    "the `{` stands on the next line",
    cause="A declaration ends with its line, so its block begins on the same line.",
    wrong='source a\n{\n  title = "A"\n}\n',
    right='source a {\n  title = "A"\n}\n',
)

MOST_LOST = 20  # a text that lacks more ends of blocks than this is told about the first


def mend(source: Source, stream: Stream) -> list[Diagnostic]:
    """Put lost `{` and `}` into the stream and take out newlines before a `{`; returns the complaints."""
    kinds = stream.kinds
    opened, closed = kinds.count("{"), kinds.count("}")
    found: list[Diagnostic] = []
    if opened > closed:
        found += _close(source, stream)
    elif closed > opened:
        found += _open(source, stream, closed - opened)
    return found + _join(source, stream)


def _splice(stream: Stream, edits: dict[int, tuple[int, str]]) -> None:
    """Apply edits by token: drop the `n` tokens before it, then insert the given signs there, without width."""
    kinds: list[str] = []
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    begin = 0
    for i in (*sorted(edits), len(stream.kinds)):
        dropped, signs = edits.get(i, (0, ""))
        last = i - dropped
        at = [stream.ends[last - 1]] * len(signs)
        kinds += [*stream.kinds[begin:last], *signs]
        texts += [*stream.texts[begin:last], *signs]
        starts += stream.starts[begin:last] + at
        ends += stream.ends[begin:last] + at
        begin = i
    stream.kinds, stream.texts, stream.starts, stream.ends = kinds, texts, starts, ends


# ---- a lost } --------------------------------------------------------------------------------


def _close(source: Source, stream: Stream) -> list[Diagnostic]:
    """Insert each lost `}` where the indentation shows that its block should end; returns the complaints."""
    kinds = stream.kinds
    ends: dict[int, int] = {}  # how many `}` are put in before a token
    found: list[Diagnostic] = []
    for opener, before, shown in _repairs(source, stream):
        last = before
        while last > opener + 1 and kinds[last - 1] == NEWLINE:
            last -= 1
        ends[last] = ends.get(last, 0) + 1
        if len(found) < MOST_LOST:
            found.append(_never_closed(source, stream, opener, stream.ends[last - 1], shown))
    _splice(stream, {i: (0, "}" * count) for i, count in ends.items()})
    return found


def _never_closed(source: Source, stream: Stream, opener: int, at: int, shown: int | None) -> Diagnostic:
    place = Span(source, stream.starts[opener], stream.ends[opener])
    line, column = source.line_column(place.start)
    before = source.line(line)[: column - 1].rpartition(";")[2].rpartition("{")[2]
    header = " ".join([*before.split()[-8:], "{"])
    labels: tuple[Label, ...] = ()
    below = source.line_column(at)[0] + 1
    where = f"close it on line {below}"
    if shown is not None:
        span = Span(source, stream.starts[shown], stream.ends[shown])
        level = source.line_column(span.start)[1]
        labels = (Label(span, f"starts at column {level}: the `}}` is probably missing above this line"),)
        if source.line_column(span.start)[0] <= below:
            where = f"close it above line {below}"
    return BRACE_OPEN.at(
        place,
        f"`{header}` is never closed",
        f"{where}; the rest was checked as if it were there",
        label="opened here",
        labels=labels,
        fixes=(Fix("insert `}`", Span(source, at, at), "\n}", "unsafe"),),
    )


def _repairs(source: Source, stream: Stream) -> list[tuple[int, int, int | None]]:
    """Blocks without an end: position of the `{`, of the token before which it should end, of the token that shows it.

    A line inside a block that is indented no deeper than the block's header shows that the block should have ended.
    The last position is None where nothing shows it: in a text that is not indented like this blocks end with the file.
    """
    lost = stream.kinds.count("{") - stream.kinds.count("}")
    # more blocks ended than `}` are missing: the indentation is not that of the blocks, so it is not trusted at all
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


# ---- a lost { --------------------------------------------------------------------------------


def _open(source: Source, stream: Stream, spare: int) -> list[Diagnostic]:
    """Insert a lost `{` after headers with deeper lines below or a field behind them, at most `spare` times."""
    found: list[Diagnostic] = []
    edits: dict[int, tuple[int, str]] = {}
    for first, end in _headers(stream):
        if len(found) == spare:
            break
        if _is_opened_by_indentation(source, stream, first, end) or _is_before_field(stream, end):
            edits[end] = (0, "{")
            found.append(_not_opened(source, stream, first, end))
    _splice(stream, edits)
    return found


def _headers(stream: Stream) -> list[tuple[int, int]]:
    """Statements that may be headers of blocks: position of the first token, and of the one after the header."""
    kinds = stream.kinds
    found = []
    depth = 0
    for i, kind in enumerate(kinds):
        depth += (kind in ("(", "[")) - (kind in (")", "]") and depth > 0)
        if kind in ("{", "}", ";", END) or (kind == NEWLINE and not depth):
            depth = 0
        if kind == NAME and not depth and (not i or kinds[i - 1] in (NEWLINE, "{", "}", ";")):
            found.append((i, _header_end(stream, i)))
    return found


def _header_end(stream: Stream, i: int) -> int:
    """Position of the token after `kind name (..) like path (..)`, or after the path of a group."""
    kinds = stream.kinds
    if kinds[i + 1] != NAME:
        return _path_end(stream, i)
    i = _brackets_end(stream, i + 2)
    return _brackets_end(stream, _path_end(stream, i + 1)) if kinds[i] == "like" else i


def _path_end(stream: Stream, i: int) -> int:
    while stream.kinds[i + 1] == "." and stream.kinds[i + 2] == NAME:
        i += 2
    return i + 1


def _brackets_end(stream: Stream, i: int) -> int:
    kinds = stream.kinds
    if kinds[i] != "(":
        return i
    depth = 0
    for k in range(i, len(kinds)):
        depth += (kinds[k] in ("(", "[")) - (kinds[k] in (")", "]"))
        if not depth:
            return k + 1
        if kinds[k] in ("{", "}", ";", END):
            break
    return i


def _is_opened_by_indentation(source: Source, stream: Stream, first: int, end: int) -> bool:
    if stream.kinds[end] != NEWLINE or stream.kinds[end + 1] != NAME:
        return False
    here = source.line(source.line_column(stream.starts[first])[0])
    return source.line_column(stream.starts[end + 1])[1] - 1 > len(here) - len(here.lstrip())


def _is_before_field(stream: Stream, end: int) -> bool:
    return stream.kinds[end] == NAME and stream.kinds[end + 1] == "="


def _not_opened(source: Source, stream: Stream, first: int, end: int) -> Diagnostic:
    header = " ".join(stream.texts[first : first + 1 + (stream.kinds[first + 1] == NAME)])
    last = Span(source, stream.starts[end - 1], stream.ends[end - 1])
    return BRACE_OPEN.at(
        last,
        f"expected `{{` after `{header}`",
        f"write `{header} {{`",
        label="a block follows, and nothing opens it",
        fixes=(Fix("insert `{`", Span(source, last.end, last.end), " {", "safe"),),
    )


# ---- a { on a line of its own ----------------------------------------------------------------


def _join(source: Source, stream: Stream) -> list[Diagnostic]:
    """Take out the newlines between a header and its `{`."""
    kinds = stream.kinds
    if not any(kinds[i - 1] == NEWLINE for i in _places(kinds, "{")):
        return []
    found: list[Diagnostic] = []
    edits: dict[int, tuple[int, str]] = {}
    for first, end in _headers(stream):
        brace = end
        while kinds[brace] == NEWLINE:
            brace += 1
        if brace > end and kinds[brace] == "{":
            edits[brace] = (brace - end, "")
            found.append(_on_next_line(source, stream, first, end, brace))
    _splice(stream, edits)
    return found


def _places(kinds: list[str], kind: str) -> list[int]:
    """Positions of the tokens of a kind."""
    found = []
    at = 0
    index: Callable[[str, int], int] = kinds.index
    for _ in range(kinds.count(kind)):
        at = index(kind, at) + 1
        found.append(at - 1)
    return found


def _on_next_line(source: Source, stream: Stream, first: int, end: int, brace: int) -> Diagnostic:
    names = stream.texts[first : first + 1 + (stream.kinds[first + 1] == NAME)]
    header = Span(source, stream.starts[first], stream.ends[end - 1])
    return BRACE_ON_ITS_OWN_LINE.at(
        Span(source, stream.starts[brace], stream.ends[brace]),
        f"the block of `{names[-1]}` begins on the line of its name",
        f"write `{' '.join(names)} {{`",
        labels=(Label(header, "declared here, and ended with its line"),),
        fixes=(Fix("join the lines", Span(source, header.end, stream.ends[brace]), " {", "unsafe"),),
    )
