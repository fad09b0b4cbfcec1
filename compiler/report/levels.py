"""Containment of a design as plain data: levels with counts and figures; repetition is a number, not copies."""

from collections.abc import Iterator

from attrs import frozen

from compiler.ir.hardware import ClusterDesign, Part, Slot
from compiler.networks.equijoin import size
from compiler.report.brief import Stat, stats_of

MOST_PARTS = 12
MOST_LEVELS = 400
"""Limit of the levels that are listed; each part shares its allotment out among the parts in it."""


@frozen
class PartLevel:
    """A part under the one that contains it: `count` in each of those, `total` in the whole design.

    `left_out` counts the kinds of part in it that have no card of their own.
    """

    id: str
    name: str
    title: str
    kind: str
    slot: str
    count: float
    total: float
    stats: tuple[Stat, ...] = ()
    parts: tuple["PartLevel", ...] = ()
    left_out: int = 0


def level(design: ClusterDesign) -> PartLevel:
    """Outermost level, which is the whole design."""
    return _level(design.root, design, "root", "", (1.0, 1.0), MOST_LEVELS)


def _level(part: Part, design: ClusterDesign, id: str, slot: str, counts: tuple[float, float], room: int) -> PartLevel:
    """Level of a part. `counts` are those per container and in all, `room` limits the levels for it and its parts."""
    site = design.site if part is design.root else None
    inner = [*((f"{id}.{s.name}", s) for s in part.slots)]
    inner += [(f"{id}.{network.name}.{s.name}", s) for network in part.networks for s in network.added]
    shown = inner[: min(MOST_PARTS, room - 1)]
    share = (room - 1) // max(1, len(shown))
    return PartLevel(
        id,
        part.name,
        part.text("title") or part.name,
        part.kind,
        slot,
        *counts,
        stats_of(part, site),
        tuple(_slot(each, design, name, counts[1], share) for name, each in shown),
        len(inner) - len(shown),
    )


def _slot(slot: Slot, design: ClusterDesign, id: str, above: float, room: int) -> PartLevel:
    count = size(slot.count)
    return _level(slot.part, design, id, slot.name, (count, above * count), room)


def chains(one: PartLevel, above: tuple[PartLevel, ...] = ()) -> Iterator[tuple[PartLevel, ...]]:
    """Chains of levels down from one, itself first."""
    yield (*above, one)
    for part in one.parts:
        yield from chains(part, (*above, one))


def chip_chain(root: PartLevel) -> tuple[PartLevel, ...]:
    """Chain of levels down to the accelerators, the largest group of them; empty when there are none."""
    found = [chain for chain in chains(root) if chain[-1].kind == "chip"]
    return max(found, key=lambda chain: chain[-1].total, default=())
