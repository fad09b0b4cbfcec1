"""Width of words in points, cutting and wrapping them to fit, and which of them the bundled font can draw."""

import unicodedata
from math import fsum

ELLIPSIS = "…"

# Adobe Core 14 AFM: Helvetica, characters 32 to 126, thousandths of the size.
_ASCII = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
)
_WIDTHS = dict(zip(map(chr, range(32, 127)), (int(w) / 1000 for w in _ASCII.split()), strict=True))
_BOLD = 1.08
_SYMBOLS = frozenset("–—‘’“”†‡•…→←↑↓≥≤≈≠−√∞×÷")


def width(text: str, size: float, bold: bool = False) -> float:
    """Width of words in points: Helvetica's metrics, a full square for East Asian characters, nothing for marks above."""
    ems = fsum(_ems(char) for char in text)
    return ems * size * (_BOLD if bold else 1.0)


def _ems(char: str) -> float:
    known = _WIDTHS.get(char)
    if known is not None:
        return known
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn", "Me"):
        return 0.0
    if unicodedata.east_asian_width(char) in ("W", "F"):
        return 1.0
    return 1.0 if char in "—…→←" or unicodedata.category(char) in ("So", "Co") else 0.667


def fitted(text: str, room: float, size: float, bold: bool = False) -> str:
    """Words, cut with an ellipsis when they are wider than `room`, in points."""
    if width(text, size, bold) <= room:
        return text
    left = room - width(ELLIPSIS, size, bold)
    for end, char in enumerate(text):
        left -= _ems(char) * size * (_BOLD if bold else 1.0)
        if left < 0:
            return text[:end].rstrip() + ELLIPSIS
    return text


def wrapped(text: str, room: float, size: float) -> list[str]:
    """Words in lines of at most `room` points; a single word that is wider is cut."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width(joined, size) <= room:
            lines[-1] = joined
        else:
            lines.append(fitted(word, room, size))
    return lines


def one_line(text: str) -> str:
    """Text on one line: runs of control characters, line ends and surrogates become one blank."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def is_drawable(text: str) -> bool:
    """True when the font of the bundled engine has all characters: Latin, Greek, Cyrillic and a few signs."""
    return all(_is_drawable(char) for char in text)


def _is_drawable(char: str) -> bool:
    return (" " <= char < "\u0530" and not 0x300 <= ord(char) < 0x370) or char in _SYMBOLS
