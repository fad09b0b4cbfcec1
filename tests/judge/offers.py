"""What in a declaration can be linked, and over what two paths can be joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.judge.model import CONTAINERS, Decl


@dataclass(frozen=True)
class Offer:
    """A path inside a declaration to parts that can be linked: what they are, their keys, what stands around them."""

    path: tuple[str, ...]
    kind: str
    keys: frozenset[str]
    around: tuple[tuple[str, str], ...]
    """Slot and kind of the parts between, the outermost first."""
    count: int | None
    """How many there are in one instance; None where an argument decides."""


def offers(decls: Sequence[Decl], decl: Decl) -> list[Offer]:
    """Everything in a declaration that can be linked, parts of parts included."""
    return list(_offers({each.name: each for each in decls}, decl, (), (), 1))


def _offers(
    by_name: dict[str, Decl], decl: Decl, path: tuple[str, ...], around: tuple[tuple[str, str], ...], count: int | None
) -> Iterator[Offer]:
    for slot in decl.slots:
        target = by_name[slot.target]
        here = None if count is None or isinstance(slot.count, str) else count * slot.count
        way = (*path, slot.name)
        keys = frozenset(name for name, _ in slot.keys)
        yield Offer(way, "part" if target.kind in CONTAINERS else target.kind, keys, around, here)
        yield from _offers(by_name, target, way, (*around, (slot.name, target.kind)), here)


def joints(left: Offer, right: Offer) -> list[str]:
    """Fields of both, and names and kinds of the parts around both; no kind that stands twice around either."""
    shared: list[str] = []
    for place, (one, other) in enumerate(zip(left.around, right.around, strict=False)):
        if one != other or left.path[place] != right.path[place]:
            break
        shared += one
    kinds = [kind for offer in (left, right) for _, kind in offer.around]
    clear = [name for name in dict.fromkeys(shared) if name not in CONTAINERS or kinds.count(name) == 2]
    return sorted(left.keys & right.keys) + clear
