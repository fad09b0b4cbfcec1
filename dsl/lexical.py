"""Lexical mistakes: characters and strings that are no tokens of the language, reported and replaced before parsing."""

from dsl.decoding import NUL, too_large
from dsl.diagnostic import Code, Diagnostic, Fix
from dsl.limits import FILE_BYTES, SYNTAX_ERRORS, TOKENS
from dsl.source import Source, Span
from dsl.tokens import FOREIGN, MEANT, NAME, OPEN_STRING, STRING, Stream

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

_READ_AS = {FOREIGN: NAME, OPEN_STRING: STRING}


def read(source: Source) -> tuple[Stream, list[Diagnostic]]:
    """Tokens of a text, and complaints about single ones."""
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
    stream.kinds = [_READ_AS.get(kind, kind) for kind in stream.kinds]
    return found


def _said(place: Span) -> Diagnostic:
    """Diagnostic for an odd piece, once for a run of them."""
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
