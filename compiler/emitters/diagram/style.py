"""Fonts of an SVG: one list of families on its root, so that every script finds a face."""

FAMILIES = (
    "Helvetica, Arial, Arimo, 'Liberation Sans', 'Noto Sans', 'Noto Sans CJK SC', 'Noto Sans CJK JP', "
    "'Source Han Sans SC', 'PingFang SC', 'Hiragino Sans', 'Microsoft YaHei', 'Yu Gothic', sans-serif"
)


def with_families(svg: bytes) -> bytes:
    """The same SVG, whose words inherit one list of font families instead of each naming one."""
    bare = svg.replace(b' font-family="Helvetica,sans-Serif"', b"")
    return bare.replace(b"<svg ", f'<svg font-family="{FAMILIES}" '.encode(), 1)
