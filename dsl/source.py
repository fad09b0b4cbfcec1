"""A text and places in it: from bytes to code points, lines and columns."""

from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

from dsl.diagnostic import Code, Diagnostic, Fix
from dsl.limits import FILE_BYTES, TOKENS

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


class Source:
    """A text with the name under which people know it: `examples/cm384.cluster`, `std/huawei/ascend910.cluster`."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text

    @cached_property
    def line_starts(self) -> list[int]:
        """Offsets at which lines begin; computed when the first place is printed."""
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return starts

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, columns in code points."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, from 1, without its end."""
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start)
        return (self.text[start:] if end < 0 else self.text[start:end]).rstrip("\r")

    def __repr__(self) -> str:
        return f"Source({self.name!r})"


class Span(NamedTuple):
    """A stretch of a source: offsets in code points, the end excluded."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.end]

    def to(self, other: "Span") -> "Span":
        """From the start of this one to the end of the other."""
        return Span(self.source, self.start, other.end)


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
