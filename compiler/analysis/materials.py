"""The bill of materials: parts of a design by number, and ports used of those present."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from attrs import frozen

from compiler.ir.hardware import Part, Slot, walk
from compiler.networks.ends import ends_below
from compiler.networks.equijoin import size
from compiler.networks.owners import networks
from compiler.networks.totals import optic_ends
from compiler.numerics.tolerances import WHOLE
from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Intervals


@frozen(eq=False)
class Item:
    """Line of the bill: a number of like parts.

    `power` and `price` are of all together, None where no source states one.
    """

    part: str
    kind: str
    count: float
    ports: int | None = None
    ports_used: int | None = None
    power: float | None = None
    price: float | None = None


def bill(root: Part) -> tuple[Item, ...]:
    """Lines for all parts of a design, transceivers included; by kind, the most used first."""
    counts: dict[Part, float] = defaultdict(float)
    for group in walk(root):
        counts[group.part] += size(group.count)
    for _, count, _, network in networks(root):
        for number, optic in optic_ends(network):
            counts[optic] += number * size(count)
    used = _ports_used(root)
    return tuple(_item(part, count, used) for part, count in _merged(counts))


def _merged(counts: Mapping[Part, float]) -> Iterator[tuple[Part, float]]:
    """Parts of one name and kind together, in the order met."""
    by_name: dict[tuple[str, str], tuple[Part, float]] = {}
    for part, count in counts.items():
        key = (part.kind, part.name)
        by_name[key] = (part, by_name.get(key, (part, 0.0))[1] + count)
    yield from by_name.values()


def _ports_used(root: Part) -> dict[str, float]:
    """The most ports that links take at one switch of each name."""
    totals: dict[tuple[Slot, ...], float] = defaultdict(float)
    for path, end in ends_below(root):
        if end.group.part.kind == "switch":
            totals[path] += end.ports
    found: dict[str, float] = {}
    for path, ports in totals.items():
        name = path[-1].part.name
        found[name] = max(found.get(name, 0.0), ports)
    return found


def _item(part: Part, count: float, used: Mapping[str, float]) -> Item:
    ports = part.quantity("ports") if part.kind == "switch" else None
    power = part.quantity("tdp") or part.quantity("rated_power")
    return Item(
        part.name,
        part.kind,
        count,
        int(size(ports)) if ports else None,
        math.ceil(used[part.name] * (1 - WHOLE)) if ports and part.name in used else None,
        _all(power, count),
        _all(part.quantity("price"), count),
    )


def _all(each: Quantity | None, count: float) -> float | None:
    return None if each is None else Intervals().of(each).middle * count
