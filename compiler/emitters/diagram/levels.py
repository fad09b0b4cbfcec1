"""What contains what, as plain data: levels with their counts and figures, repetition kept as a number."""

from attrs import frozen

from compiler.emitters.diagram import stats
from compiler.emitters.diagram.stats import Stat
from compiler.ir.cluster import Design, Part, Slot

MOST_PARTS = 12
MOST_LEVELS = 400
"""Cards on a page; each part gives its share of them on to what it contains."""


@frozen
class Level:
    """A part among what contains it: `count` in each of those, `total` in the whole design."""

    id: str
    name: str
    title: str
    kind: str
    slot: str
    count: float
    total: float
    stats: tuple[Stat, ...] = ()
    parts: tuple["Level", ...] = ()
    left_out: int = 0


def level(design: Design) -> Level:
    """The whole design as its outermost level."""
    return _level(design.root, design, "root", "", (1.0, 1.0), MOST_LEVELS)


def _level(part: Part, design: Design, id: str, slot: str, counts: tuple[float, float], room: int) -> Level:
    """A part with `counts` in each of what contains it and in all, and at most `room` cards for it and its parts."""
    site = design.site if part is design.root else None
    inner = [*((f"{id}.{s.name}", s) for s in part.slots)]
    inner += [(f"{id}.{network.name}.{s.name}", s) for network in part.networks for s in network.made]
    shown = inner[: min(MOST_PARTS, room - 1)]
    share = (room - 1) // max(1, len(shown))
    return Level(
        id,
        part.name,
        part.text("title") or part.name,
        part.kind,
        slot,
        *counts,
        stats.stats_of(part, site),
        tuple(_slot(each, design, name, counts[1], share) for name, each in shown),
        len(inner) - len(shown),
    )


def _slot(slot: Slot, design: Design, id: str, above: float, room: int) -> Level:
    count = stats.size(slot.count)
    return _level(slot.part, design, id, slot.name, (count, above * count), room)


def tooltip(level: Level) -> str:
    """Everything that is known of a level, a line each."""
    head = f"{level.title} ({level.kind} {level.name})" if level.title != level.name else f"{level.kind} {level.name}"
    counted = (
        f"{level.slot}: {stats.count(level.count)} in each, {stats.count(level.total)} in all" if level.slot else ""
    )
    return "\n".join(filter(None, (head, counted, *(each.exact for each in level.stats))))
