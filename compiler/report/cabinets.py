"""Racks as plain data: each different one once, with its contents, its power and its feed."""

from math import fsum

from attrs import frozen

from compiler.analysis.figures import by_path
from compiler.ir.hardware import ClusterDesign, Part, walk
from compiler.networks.equijoin import size
from compiler.quantities import units
from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Intervals
from compiler.report.brief import MAIN, Stat, brief, stat, stats_of


@frozen
class Content:
    """Like parts under each other in a rack. `height` is of one of them in rack units, None where it is not stated."""

    id: str
    name: str
    title: str
    kind: str
    count: float
    height: float | None
    inside: tuple[tuple[str, str, float], ...]
    """Parts inside each: kind, name, count."""


@frozen
class Cabinet:
    """A rack, of which the design has `total`. `power` and `feed` are texts, empty when nothing states them.

    `load` is the upper end of its power over the lower end of its feed; None when one is not known.
    """

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

    @property
    def taken(self) -> float:
        """Height in rack units of the contents that state one."""
        return fsum(content.count * content.height for content in self.contents if content.height is not None)

    @property
    def has_heights(self) -> bool:
        """True when the rack and all its contents state their heights, and they fit."""
        if self.units is None or not self.contents or any(content.height is None for content in self.contents):
            return False
        return self.taken <= self.units * 1.0001


@frozen
class Loose:
    """Parts of the design that stand in no rack."""

    name: str
    title: str
    kind: str
    count: float


def cabinets(design: ClusterDesign) -> tuple[Cabinet, ...]:
    """Different racks of a design, in the order of its text."""
    if design.root.kind == "rack":
        return (_cabinet("root", design.root, 1.0),)
    found: dict[int, tuple[str, Part, float]] = {}
    for group in walk(design.root):
        if group.part.kind == "rack":
            path, part, before = found.get(id(group.part), (group.path, group.part, 0.0))
            found[id(group.part)] = (path, part, before + size(group.count))
    return tuple(_cabinet(*each) for each in found.values())


def loose(design: ClusterDesign) -> tuple[Loose, ...]:
    """Outermost parts that are in no rack and contain none."""
    if design.root.kind == "rack":
        return ()
    found: list[Loose] = []
    for group in walk(design.root):
        above = [slot.part.kind for slot in group.slots[:-1]]
        holds = any(inner.part.kind == "rack" for inner in walk(group.part))
        if group.part.kind in ("supernode", "supercluster", "rack") or holds or {"rack", "node"} & set(above):
            continue
        part = group.part
        found.append(Loose(group.path, part.text("title") or part.name, part.kind, size(group.count)))
    return tuple(found)


def _cabinet(id: str, part: Part, total: float) -> Cabinet:
    power = by_path(part)["power.it"]
    feed = part.quantity("feed")
    shown = [each for each in stats_of(part) if each.label not in ("racks", "capital cost", "facility power")]
    compute = [each for each in shown if each.label.startswith("compute ")]
    main = min(compute, key=lambda each: MAIN.index(each.label.removeprefix("compute ")), default=None)
    shown = [each for each in shown if each not in compute or each is main]
    load = None
    if feed is not None and power.quantity is not None and Intervals().of(feed).low > 0:
        load = Intervals().of(power.quantity).high / Intervals().of(feed).low
    said = stat("IT power", power)
    return Cabinet(
        id,
        part.name,
        part.text("title") or part.name,
        total,
        _rack_units(part.quantity("units")),
        tuple(_content(f"{id}.{slot.name}", slot.part, size(slot.count)) for slot in part.slots),
        tuple(shown),
        said.value if said else "",
        brief(feed) if feed is not None else "",
        load,
    )


def _content(id: str, part: Part, count: float) -> Content:
    inside = tuple((slot.part.kind, slot.part.name, size(slot.count)) for slot in part.slots)
    tall = _rack_units(part.quantity("height"))
    return Content(id, part.name, part.text("title") or part.name, part.kind, count, tall, inside)


def _rack_units(height: Quantity | None) -> float | None:
    """A height in rack units; None when it is not stated."""
    unit = units.unit("U")
    assert unit is not None
    return None if height is None else Intervals().of(height).middle / unit.scale
