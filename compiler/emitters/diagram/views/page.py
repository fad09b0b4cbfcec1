"""The frame of every page: the design's name, one line of essentials, a legend, margins."""

from collections.abc import Sequence

from compiler.emitters.diagram.lettering import fitted, one_line, width
from compiler.emitters.diagram.picture import Box, Item, Piece, Sheet, Text, moved
from compiler.report.brief import Stat
from compiler.report.portrait import Portrait

MARGIN = 24.0
HEAD = 58.0
LEAST = 640.0
SWATCH = 18.0
FLATTEST = 2.8
"""Largest ratio of width to height of a page; a flatter one gets white space below."""
STAT_GAP = 18.0

Swatch = tuple[str, str]
"""Item of the legend: a look and its meaning."""


def page(
    portrait: Portrait, view: str, body: Piece, legend: Sequence[Swatch], remark: str = "", essentials: str = ""
) -> Sheet:
    """Sheet with a body, heading above, legend and remark below."""
    inner = max(body.width, LEAST)
    foot = _legend(legend, remark, inner)
    items = (
        *_head(portrait, view, inner, essentials),
        *moved(body.items, MARGIN + (inner - body.width) / 2, MARGIN + HEAD),
        *moved(foot.items, MARGIN, MARGIN + HEAD + body.height + 14),
    )
    wide = inner + 2 * MARGIN
    height = max(MARGIN + HEAD + body.height + 14 + foot.height + MARGIN * 0.6, wide / FLATTEST)
    return Sheet(f"{portrait.name} {view}", wide, height, items)


def _head(portrait: Portrait, view: str, room: float, essentials: str) -> tuple[Item, ...]:
    title = one_line(portrait.title) or portrait.name
    right = f"{view} view"
    free = room - width(right, 10) - 20
    if not essentials:
        essentials = portrait.kind
        for number, each in enumerate(portrait.stats):
            longer = f"{essentials}{', ' if number else ': '}{_said(each)}"
            essentials = longer if width(longer, 11) <= room * 0.92 else essentials
    name = Text(
        fitted(title, free, 20, True), MARGIN, MARGIN + 11, 20, bold=True, plain=fitted(portrait.name, free, 20, True)
    )
    line = Text(fitted(essentials, room, 11), MARGIN, MARGIN + 34, 11, ink="soft")
    kind = Text(right, MARGIN + room, MARGIN + 11, 10, "end", ink="soft")
    return (
        Box(
            "heading",
            0,
            0,
            0,
            0,
            "none",
            f"{title} ({portrait.kind} {portrait.name})\n{essentials}",
            (name, line, kind),
        ),
    )


def _said(stat: Stat) -> str:
    """Figure in a sentence: a count before its word, others after a short one."""
    if stat.label in ("accelerators", "racks"):
        return f"{stat.value} {stat.label.removesuffix('s') if stat.value == '1' else stat.label}"
    return f"{stat.label.removeprefix('compute ')} {stat.value}"


def _legend(legend: Sequence[Swatch], remark: str, room: float) -> Piece:
    items: list[Item] = []
    left, top = 0.0, 0.0
    for number, (look, meaning) in enumerate(legend):
        wide = SWATCH + 6 + width(meaning, 9) + 18
        if left and left + wide > room:
            left, top = 0.0, top + 16
        text = Text(meaning, left + SWATCH + 6, top + 6, 9, ink="soft")
        items.append(Box(f"legend.{number}", left, top, SWATCH, 12, look, meaning, (text,)))
        left += wide
    if remark:
        if left and left + width(remark, 9) > room:
            left, top = 0.0, top + 16
        items.append(
            Box("remark", 0, 0, 0, 0, "none", remark, (Text(fitted(remark, room, 9), left, top + 6, 9, ink="soft"),))
        )
    return Piece(room, top + 14, tuple(items))


def column(stat: Stat) -> float:
    """Width of a figure under its label, in points."""
    return max(width(stat.label, 9), width(stat.value, 12, True))


def stat_rows(shown: Sequence[Stat], start: float, end: float, top: float) -> tuple[tuple[Text, ...], int]:
    """Texts of figures side by side, label over value, and the number of lines of 32 points that they take."""
    texts: list[Text] = []
    left, line = start, 0
    for stat in shown:
        needed = column(stat)
        if left > start and left + needed > end:
            left, line = start, line + 1
        texts.append(Text(stat.label, left, top + 6 + 32 * line, 9, ink="soft"))
        texts.append(Text(stat.value, left, top + 19 + 32 * line, 12, bold=True))
        left += needed + STAT_GAP
    return tuple(texts), line + 1 if shown else 0
