"""Racks as a picture needs them: each different one once, with what is in it, its power and its feed. Plain data."""

from math import fsum

from attrs import frozen

from compiler.analysis.figures import by_path
from compiler.emitters.diagram import stats
from compiler.emitters.diagram.stats import Stat
from compiler.ir.cluster import Design, Part, walk
from compiler.quantities.intervals import Intervals

U = 0.04445
"""Metres in a rack unit, EIA-310."""


@frozen
class Content:
    """So many of a part under each other in a rack. `height` is of one, in rack units, where it is stated."""

    id: str
    name: str
    title: str
    kind: str
    count: float
    height: float | None
    inside: tuple[tuple[str, str, float], ...]
    """What each holds: kind, name, count."""


@frozen
class Cabinet:
    """A rack and how many of it the design has. `power` and `feed` in W; `load` is the most of its power over its feed."""

    id: str
    name: str
    title: str
    total: float
    units: float | None
    contents: tuple[Content, ...]
    stats: tuple[Stat, ...]
    power: str
    feed: str
    load: float | None


@frozen
class Loose:
    """Parts of the design that stand in no rack."""

    name: str
    title: str
    kind: str
    count: float


def cabinets(design: Design) -> tuple[Cabinet, ...]:
    """Every different rack of a design, in the order of its text."""
    if design.root.kind == "rack":
        return (_cabinet("root", design.root, 1.0),)
    found: dict[int, tuple[str, Part, float]] = {}
    for group in walk(design.root):
        if group.part.kind == "rack":
            path, part, before = found.get(id(group.part), (group.path, group.part, 0.0))
            found[id(group.part)] = (path, part, before + stats.size(group.count))
    return tuple(_cabinet(*each) for each in found.values())


def loose(design: Design) -> tuple[Loose, ...]:
    """The outermost parts that are in no rack and hold none."""
    if design.root.kind == "rack":
        return ()
    found: list[Loose] = []
    for group in walk(design.root):
        above = [slot.part.kind for slot in group.slots[:-1]]
        holds = any(inner.part.kind == "rack" for inner in walk(group.part))
        if group.part.kind in ("supernode", "supercluster", "rack") or holds or {"rack", "node"} & set(above):
            continue
        part = group.part
        found.append(Loose(group.path, part.text("title") or part.name, part.kind, stats.size(group.count)))
    return tuple(found)


def _cabinet(id: str, part: Part, total: float) -> Cabinet:
    units = part.quantity("units")
    figures = by_path(part)
    power = figures["power.it"]
    feed = part.quantity("feed")
    shown = [each for each in stats.stats_of(part) if each.label not in ("racks", "capital cost", "facility power")]
    compute = [each for each in shown if each.label.startswith("compute ")]
    main = min(compute, key=lambda each: stats.MAIN.index(each.label.removeprefix("compute ")), default=None)
    shown = [each for each in shown if each not in compute or each is main]
    load = None
    if feed is not None and power.quantity is not None and Intervals().of(feed).low > 0:
        load = Intervals().of(power.quantity).high / Intervals().of(feed).low
    said = stats.stat("IT power", power)
    return Cabinet(
        id,
        part.name,
        part.text("title") or part.name,
        total,
        Intervals().of(units).middle / U if units is not None else None,
        tuple(_content(f"{id}.{slot.name}", slot.part, stats.size(slot.count)) for slot in part.slots),
        tuple(shown),
        said.value if said else "",
        stats.brief(feed) if feed is not None else "",
        load,
    )


def _content(id: str, part: Part, count: float) -> Content:
    height = part.quantity("height")
    inside = tuple((slot.part.kind, slot.part.name, stats.size(slot.count)) for slot in part.slots)
    tall = Intervals().of(height).middle / U if height is not None else None
    return Content(id, part.name, part.text("title") or part.name, part.kind, count, tall, inside)


def has_heights(cabinet: Cabinet) -> bool:
    """Whether the rack and all in it state their heights, and all of it fits."""
    if cabinet.units is None or not cabinet.contents:
        return False
    tall = [content.height * content.count for content in cabinet.contents if content.height is not None]
    return len(tall) == len(cabinet.contents) and fsum(tall) <= cabinet.units * 1.0001
