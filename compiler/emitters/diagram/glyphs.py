"""Words of a PNG that the bundled font cannot draw: painted with a font of this machine, or replaced."""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import frozen

from compiler.emitters.diagram.lettering import is_drawable
from compiler.emitters.diagram.looks import INKS
from compiler.emitters.diagram.picture import Box, Sheet, Text

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FONTS = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC-Regular.ttf",
    "NotoSansSC[wght].ttf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSans.ttc",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "STHeiti Light.ttc",
    "Arial Unicode.ttf",
    "msyh.ttc",
    "YuGothR.ttc",
    "meiryo.ttc",
    "msgothic.ttc",
    "simsun.ttc",
    "malgun.ttf",
    "NotoSansCJKjp-Regular.otf",
    "NotoSansJP-Regular.otf",
    "ipaexg.ttf",
    "ipag.ttf",
    "TakaoGothic.ttf",
)
"""Font files with East Asian letters on Linux, macOS and Windows, the best first."""

_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}
_BASELINE = 0.3
"""Distance of the baseline below the middle of a line as the engine puts it, in parts of the size."""


@frozen
class Lettering:
    """Division of the words of a sheet: those that the engine draws, and texts to paint over it, with a font."""

    said: Callable[[Text], str]
    over: tuple[tuple[Text, str], ...]


def lettering(sheet: Sheet) -> Lettering:
    """The lettering of a sheet on this machine."""
    strange = [
        text for item in sheet.items if isinstance(item, Box) for text in item.texts if not is_drawable(text.text)
    ]
    over = {text: font for text in strange if (font := font_for(text.text)) is not None}
    return Lettering(lambda text: "" if text in over else plainly(text), tuple(over.items()))


def plainly(text: Text) -> str:
    """A text in letters that every engine draws: itself, its stand-in, or itself without the other letters."""
    if is_drawable(text.text):
        return text.text
    if text.plain and is_drawable(text.plain):
        return text.plain
    return "".join(char if is_drawable(char) else "?" for char in text.text)


def font_for(text: str) -> str | None:
    """A font file of this machine with all characters of a text; None without one, or without Pillow to paint with."""
    try:
        from PIL import ImageFont
    except ImportError:
        return None
    for name in FONTS:
        try:
            font = ImageFont.truetype(name, 24)
        except OSError:
            continue
        if _has(font, text):
            return name
    return None


def _has(font: "FreeTypeFont", text: str) -> bool:
    """True when a font has all characters of a text."""
    missing = bytes(font.getmask("\U0010fffe"))
    return all(char == " " or bytes(font.getmask(char)) != missing for char in text)


def lettered(png: bytes, words: Lettering, scale: float) -> bytes:
    """The picture with the remaining words painted over it. `scale` is in pixels per point."""
    if not words.over:
        return png
    from PIL import Image, ImageDraw, ImageFont

    image = Image.open(io.BytesIO(png)).convert("RGB")
    brush = ImageDraw.Draw(image)
    for text, name in words.over:
        font = ImageFont.truetype(name, text.size * scale)
        place = (text.x * scale, (text.y + _BASELINE * text.size) * scale)
        brush.text(place, text.text, INKS[text.ink], font, _ANCHORS[text.anchor], stroke_width=scale * 0.3 * text.bold)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
