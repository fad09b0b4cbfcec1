"""Words that look into things: `all_parts` and `racks` of a design, `optics` and `injection` of a network."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import evolve, frozen

from compiler.analysis import figures as passes
from compiler.analysis import trend
from compiler.analysis.metric import Figure
from compiler.ir.cluster import Group, Network, Part, networks, walk
from compiler.networks import totals as nets
from compiler.quantities.graph import Quantity, Spread, apply, named, number, total
from compiler.semantics.instances import UNKNOWN_FIELD, Instance
from compiler.semantics.names import Declaration
from compiler.semantics.state import World
from compiler.semantics.values import POISON, Figures, LinkEnds, Many
from dsl.source import Span
from dsl.suggest import did_you_mean

Word = Callable[[Instance, Span, World], Any]


def _groups(instance: Instance, world: World) -> tuple[Group, ...]:
    """Every counted part below an instance."""
    slots = tuple(slot for name in instance.parts if (slot := instance.slot(name)) is not None)
    made = tuple(
        s
        for inner in instance.nested.values()
        if inner.kind.name == "network" and (net := inner.network())
        for s in net.made
    )
    return tuple(walk(Part(instance.kind.name, instance.name, {}, (*slots, *made))))


def _many(groups: tuple[Group, ...], world: World) -> Many:
    return Many(groups, tuple(world.made[id(group.part)] for group in groups))


def _all_parts(instance: Instance, span: Span, world: World) -> Any:
    return _many(_groups(instance, world), world)


def _of_kind(kind: str) -> Word:
    def look(instance: Instance, span: Span, world: World) -> Any:
        return _many(tuple(group for group in _groups(instance, world) if group.part.kind == kind), world)

    return look


def _links(instance: Instance, span: Span, world: World) -> Any:
    found = [net for inner in instance.nested.values() if inner.kind.name == "network" and (net := inner.network())]
    return LinkEnds(number(sum(nets.links(net) for net in found), label="links"))


def _network(work: Callable[[Network], Any]) -> Word:
    def look(instance: Instance, span: Span, world: World) -> Any:
        network = instance.network()
        return POISON if network is None else work(network)

    return look


@frozen(eq=False)
class Trend:
    """A trend of a roadmap on the way to its figure: `Ascend.growth.peak`, before `.fp8`."""

    instance: Instance
    word: str
    path: str = ""


_TRENDS = {"growth": trend.growth, "doubling": trend.doubling, "residual": trend.residual}


def _trend(word: str) -> Word:
    return lambda instance, span, world: Trend(instance, word)


def variants(instance: Instance, span: Span, world: World) -> tuple[Instance, ...]:
    """The variants that a roadmap lists."""
    found = instance.member("variants", span) if "variants" in instance.fields else ()
    made = (world.workshop.instance(one, world) if isinstance(one, Declaration) else one for one in found or ())
    return tuple(one for one in made if isinstance(one, Instance))


def of_trend(value: Trend, name: str, span: Span, world: World) -> Any:
    """How the variants of a roadmap develop in a field they state, or else in a figure of theirs."""
    path = f"{value.path}.{name}" if value.path else name
    parts = [part for one in variants(value.instance, span, world) if (part := one.part()) is not None]
    known = [stated_of(part) for part in parts]
    if not any(path in each for each in known):
        if any(other.startswith(path + ".") for each in known for other in each):
            return Trend(value.instance, value.word, path)
        legal = dict.fromkeys(other for each in known for other in each)
        problem = f"no variant of `{value.instance.name}` has a figure `{path}`"
        world.complain(UNKNOWN_FIELD.at(span, problem, *did_you_mean(path, legal)))
        return POISON
    points = [
        trend.Dated(part.name, day, each[path])
        for part, each in zip(parts, known, strict=True)
        if path in each and (day := part.text("released"))
    ]
    what = f"{value.word} of {path} over {value.instance.name}"
    return _TRENDS[value.word](sorted(points, key=lambda point: point.day), what)


def stated_of(part: Part) -> dict[str, Quantity]:
    """What a part states by path: its fields, its ports with their bandwidth, and its figures that are wholly known."""
    figures = {path: f.quantity for path, f in passes.by_path(part).items() if f.quantity is not None and not f.missing}
    found = figures | {path: value for path, value in part.fields.items() if isinstance(value, Quantity)}
    for port in part.ports:
        found |= {f"{port.name}.{path}": value for path, value in port.fields.items() if isinstance(value, Quantity)}
        lanes, rate = port.quantity("lanes"), port.quantity("rate")
        if lanes is not None and rate is not None:
            found[f"{port.name}.bandwidth"] = evolve(apply("multiply", lanes, rate), unit=rate.unit)
    return found


_DESIGN: Mapping[str, Word] = {
    "all_parts": _all_parts,
    "racks": _of_kind("rack"),
    "chips": _of_kind("chip"),
    "switches": _of_kind("switch"),
    "links": _links,
}
WORDS: Mapping[str, Mapping[str, Word]] = {
    "node": _DESIGN,
    "rack": _DESIGN,
    "supernode": _DESIGN,
    "supercluster": _DESIGN,
    "roadmap": {word: _trend(word) for word in _TRENDS},
    "network": {
        "links": _network(lambda net: LinkEnds(number(nets.links(net), label="links"))),
        "cables": _network(lambda net: LinkEnds(number(nets.cables(net), label="cables"))),
        "optics": _network(lambda net: LinkEnds(number(nets.optics(net), label="optics"))),
        "endpoints": _network(lambda net: LinkEnds(number(nets.endpoints(net), label="endpoints"))),
        "injection": _network(nets.injection),
        "bandwidth_per_endpoint": _network(nets.per_endpoint),
        "bandwidth_per_npu": _network(nets.per_endpoint),
        "oversubscription": _network(nets.oversubscription),
        "bisection": _network(nets.bisection_quantity),
    },
}


def made_tier(instance: Instance, name: str, world: World) -> Many | None:
    """A tier of switches that a network made: `out.leaf`."""
    for slot in instance.site_values.get("made", ()):
        if slot.name == name:
            return Many((Group((slot,)),), (world.workshop.of_part(slot.part, world),))
    return None


def port_word(instance: Instance, name: str, span: Span) -> Quantity | None:
    """What follows from lanes and rate: `bandwidth`, one direction."""
    if name != "bandwidth":
        return None
    lanes, rate = instance.member("lanes", span), instance.member("rate", span)
    if not (isinstance(lanes, Quantity) and isinstance(rate, Quantity)):
        return None
    return named(evolve(apply("multiply", lanes, rate), unit=rate.unit), f"{instance.name}.bandwidth")


class _Figures:
    """Figures of an instance by their path."""

    def look(self, instance: Instance, path: str, span: Span, world: World) -> Any:
        """The figure of that path, or the group of figures on the way to it."""
        found = self._known(instance, span, world)
        if found is None:
            return POISON
        if path in found:
            figure = found[path]
            return POISON if _is_spoiled(figure, instance, span, world) else _open_above(figure, instance)
        if any(name.startswith(path + ".") for name in found):
            return Figures(instance, path)
        world.complain(UNKNOWN_FIELD.at(span, f"`{instance.name}` has no figure `{path}`", *did_you_mean(path, found)))
        return POISON

    def _known(self, instance: Instance, span: Span, world: World) -> Mapping[str, Figure] | None:
        """Every figure of an instance on its site, worked out once."""
        if "figures" not in instance.site_values:
            part = instance.part()
            instance.site_values["figures"] = (
                None if part is None else passes.by_path(part, _site(instance, span, world))
            )
        found: Mapping[str, Figure] | None = instance.site_values["figures"]
        return found


def _is_spoiled(figure: Figure, instance: Instance, span: Span, world: World) -> bool:
    """Whether a complaint stands behind a figure: it would only follow on from it.

    What a part was to be made of is wanting in every figure; a field in those that lack something.
    """
    made = list(_behind(instance, span, world))
    return any(one.lacks_parts or (one.spoiled and (figure.missing or figure.quantity is None)) for one in made)


def _behind(instance: Instance, span: Span, world: World) -> Iterator[Instance]:
    """An instance, its site, and every one that it contains or is wired with."""
    root = instance.part()
    parts = [] if root is None else [root, *(group.part for group in walk(root))]
    site = _site(instance, span, world)
    parts += [site] if site is not None else []
    links = [c for _, _, _, net in (networks(root) if root is not None else ()) for c in net.connections]
    parts += [part for link in links for part in (link.link, link.optic) if part is not None]
    for part in parts:
        found = world.made.get(id(part))
        if isinstance(found, Instance):
            yield found


def _site(instance: Instance, span: Span, world: World) -> Part | None:
    value = instance.member("at", span) if "at" in instance.fields else None
    made = world.workshop.instance(value, world) if isinstance(value, Declaration) else value
    return made.part() if isinstance(made, Instance) and made.kind.name == "site" else None


def _open_above(figure: Figure, instance: Instance) -> Quantity:
    """A figure as a quantity: what was not counted leaves it open above; one that is absent is missing."""
    if figure.quantity is None:
        lost = ", ".join(figure.missing) or figure.reason
        return Quantity("missing", (), figure.dimension, label=f"{figure.path} of {instance.name}: {lost}")
    if not figure.missing:
        return figure.quantity
    label = "not counted: " + ", ".join(figure.missing)
    rest = Quantity("literal", (), figure.quantity.dimension, Spread(0.0, 0.0, math.inf), label=label)
    return named(total((figure.quantity, rest)), figure.path)


FIGURES = _Figures()
