"""Looks of boxes, lines and words by name. Colour is never the only sign: frames, dashes and words say the same."""

from collections.abc import Mapping

INKS: Mapping[str, str] = {
    "ink": "#1c2430",
    "soft": "#5b6675",
    "faint": "#8893a1",
    "cut": "#b3261e",
    "white": "#ffffff",
}


def _box(fill: str, frame: str, style: str = "filled", pen: float = 1.0, **more: str) -> Mapping[str, str]:
    return {"style": style, "fillcolor": fill, "color": frame, "penwidth": f"{pen:g}", **more}


BOXES: dict[str, Mapping[str, str]] = {
    "page": _box("#ffffff", "#ffffff"),
    "none": {"style": "invis"},
    "even": _box("#ffffff", "#7d8896", "filled,rounded"),
    "odd": _box("#f1f4f8", "#7d8896", "filled,rounded"),
    "panel": _box("#fbfcfd", "#b4bdc9", "filled,rounded"),
    "chip": _box("#fde8c8", "#7a4a00", pen=1.8),
    "switch": _box("#d8e8fb", "#1d4f91", "filled,rounded", pen=1.2),
    "cpu": _box("#dff1dd", "#2c6e2a", "filled,dashed", pen=1.2),
    "nic": _box("#ece3f7", "#5c3a93", "filled,dotted", pen=1.4),
    "other": _box("#eef0f3", "#7d8896"),
    "outside": _box("#ffffff", "#5b6675", "filled,rounded,dashed", pen=1.2),
    "side": _box("#ffffff", "#b3261e", "filled,rounded", pen=1.0),
    "anchor": {"style": "invis"},
    "frame": _box("#ffffff", "#1c2430", pen=2.0),
    "slab": _box("#ffffff", "#7d8896", pen=0.6),
    "bar": _box("#ffffff", "#5b6675", pen=0.8),
    "load": _box("#5b6675", "#5b6675", pen=0.8),
    "over": _box("#b3261e", "#b3261e", pen=0.8),
    "empty": _box("#ffffff", "#b4bdc9", "filled,dashed", pen=0.6),
    "note": _box("#fffbe8", "#8a6d00", "filled,rounded,dashed", pen=1.0),
    "rule": _box("#b4bdc9", "#b4bdc9", pen=0.5),
}

LINES: Mapping[str, Mapping[str, str]] = {
    "link": {"color": "#8b97a6", "penwidth": "0.7"},
    "bold": {"color": "#4a5666", "penwidth": "1.3"},
    "wrap": {"color": "#8b97a6", "penwidth": "0.7", "style": "dashed"},
    "out": {"color": "#5b6675", "penwidth": "1.0", "style": "dotted"},
    "cut": {"color": "#b3261e", "penwidth": "2.2", "style": "dashed"},
}


_SMALL = {"chip": "#f5b95f", "switch": "#cfe2f8", "cpu": "#eef7ed", "nic": "#b9a3dd", "other": "#eef0f3"}


def _small(name: str, fill: str) -> Mapping[str, str]:
    """Look of a small cell: a thin frame and a shade of its own, since dashes do not show at that size."""
    look = BOXES[name]
    style = "filled,rounded" if "rounded" in look["style"] else "filled"
    return {**look, "style": style, "fillcolor": fill, "penwidth": "0.7"}


BOXES.update({f"small {name}": _small(name, fill) for name, fill in _SMALL.items()})

LETTERS: Mapping[str, str] = {"chip": "A", "switch": "S", "cpu": "C", "nic": "N"}
"""Letters on small cells by kind, which tell them apart without colour."""

KIND_LOOK: Mapping[str, str] = {"chip": "chip", "cpu": "cpu", "switch": "switch", "nic": "nic"}


def look_of(kind: str) -> str:
    """Name of the look of a part of a kind."""
    return KIND_LOOK.get(kind, "other")
