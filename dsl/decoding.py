"""Decoding of files: bytes to text, and diagnostics of bytes that are no UTF-8."""

from dsl.diagnostic import Code, Diagnostic, Fix
from dsl.limits import FILE_BYTES, TOKENS
from dsl.source import Source, Span

NOT_UTF8 = Code(
    "C0121",
    "the file is not UTF-8",
    cause="Files of the language are UTF-8. Editors on Windows sometimes write another encoding; saving the file as "
    "UTF-8 mends it. A mark (BOM) at the start is allowed. The example on this page cannot show the bytes.",
    wrong="",
    right='source a {\n  title = "Größe"\n}\n',
)
NUL = Code(
    "C0122",
    "the file contains NUL bytes",
    cause="A NUL byte never stands in a text: the file is not one, or it was damaged. It was read as a blank.",
    wrong="let a = 1\0\n",
    right='source a {\n  title = "A"\n}\n',
)
TOO_LARGE = Code(
    "C0902",
    "the file is larger than what is read",
    cause=f"At most {FILE_BYTES // 1024 // 1024} MiB and {TOKENS:,} words of one file are read. A design that large "
    "repeats itself: counted parts and parameters say the same in a few lines.",
    wrong="",
    right="chip Toy { }\n",
)


def too_large(source: Source, size: str) -> Diagnostic:
    """The complaint about the size of a file."""
    return TOO_LARGE.at(
        Span(source, 0, 0),
        f"this file has {size}, more than what is read",
        f"at most {FILE_BYTES // 1024 // 1024} MiB are read; describe repetition with `of` and parameters",
    )


def decode(name: str, data: bytes) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The text of a file, whatever its bytes are, and what is wrong with them."""
    if len(data) > FILE_BYTES:
        source = Source(name, "")
        return source, (too_large(source, f"{len(data):,} bytes"),)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        source = Source(name, "")
        return source, (NOT_UTF8.at(Span(source, 0, 0), "this file is UTF-16, not UTF-8", "save it as UTF-8"),)
    found: list[Diagnostic] = []
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        source = Source(name, data.decode())
    except UnicodeDecodeError as error:
        at = len(data[: error.start].decode())
        source = Source(name, data.decode(errors="replace"))
        shown = " ".join(f"{byte:02X}" for byte in data[error.start : error.end])
        found.append(
            NOT_UTF8.at(
                Span(source, at, at + 1), f"this file is not UTF-8: the byte {shown} stands here", "save it as UTF-8"
            )
        )
    if "\0" in source.text:
        at, count = source.text.index("\0"), source.text.count("\0")
        source = Source(name, source.text.replace("\0", " "))
        place = Span(source, at, at + 1)
        said = "a NUL byte stands here" if count == 1 else f"a NUL byte stands here, the first of {count:,}"
        fix = Fix("remove it", place, "", "unsafe")
        found.append(NUL.at(place, said, "remove it; is this file a text?", fixes=(fix,)))
    return source, tuple(found)
