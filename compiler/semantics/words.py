"""Words for looking into an instance: `all_parts`, `racks` of a design, `injection` of a network, figures, trends."""

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeAlias

from attrs import evolve

from compiler.analysis import figures as metrics
from compiler.analysis import trend
from compiler.analysis.metric import Measurement
from compiler.ir.hardware import Group, Network, Part, walk
from compiler.networks import totals as nets
from compiler.networks.owners import networks
from compiler.quantities.graph import Quantity, Spread, apply, named, number, times, total
from compiler.semantics.fields import missing
from compiler.semantics.instances import UNKNOWN_FIELD, as_instance
from compiler.semantics.members import field_at, member, network_of, part_of, site_of, slot_of
from compiler.semantics.state import State
from compiler.semantics.values import POISON, FigurePath, Instance, LinkEnds, Many, Prefix, Trend, Value
from dsl.source import Span
from dsl.suggest import did_you_mean

ON_DEMAND = ("bisection", "bisection.without_scale_up", "bandwidth.all_to_all", "bandwidth.worst_permutation")
"""Paths of the figures of `interconnect`, which is loaded for those who ask for one."""

Word: TypeAlias = Callable[[Instance, Span, State], Value]
"""Function that gives the value of a word inside an instance; the span is where it is asked for."""


def _inner_networks(instance: Instance, state: State) -> list[Network]:
    """Finished networks of the network blocks of an instance, not of its parts."""
    found = (network_of(inner, state) for inner in instance.nested.values())
    return [network for network in found if network is not None]


def _contents(instance: Instance, state: State) -> Part:
    """The parts and the networks of an instance, which may itself not be finished yet."""
    slots = tuple(slot for name in instance.parts if (slot := slot_of(instance, name, state)) is not None)
    return Part(instance.kind.name, instance.name, {}, slots, networks=tuple(_inner_networks(instance, state)))


def _groups(instance: Instance, state: State) -> tuple[Group, ...]:
    """Counted parts below an instance, with the switches that its topologies add."""
    # not by `part_of`: a network block may ask for the parts beside it while the part around both is being made
    return tuple(walk(_contents(instance, state)))


def _many(groups: tuple[Group, ...], state: State) -> Many:
    return Many(groups, tuple(state.instances[group.part] for group in groups))


def _all_parts(instance: Instance, span: Span, state: State) -> Value:
    return _many(_groups(instance, state), state)


def _of_kind(kind: str) -> Word:
    def look(instance: Instance, span: Span, state: State) -> Value:
        return _many(tuple(group for group in _groups(instance, state) if group.part.kind == kind), state)

    return look


def _links(instance: Instance, span: Span, state: State) -> Value:
    found = networks(_contents(instance, state))
    return LinkEnds(total([times(count, number(nets.links(net), label="links")) for _, count, _, net in found]))


def _network(work: Callable[[Network], Quantity]) -> Word:
    def look(instance: Instance, span: Span, state: State) -> Value:
        network = network_of(instance, state)
        return POISON if network is None else work(network)

    return look


def _latency(name: str) -> Word:
    def look(instance: Instance, span: Span, state: State) -> Value:
        from compiler.semantics.interconnect import latency_of  # arrays, for those who ask for a latency

        network = network_of(instance, state)
        return POISON if network is None else _open_above(latency_of(network, name), instance)

    return look


def _ends(work: Callable[[Network], float], label: str) -> Word:
    def look(instance: Instance, span: Span, state: State) -> Value:
        network = network_of(instance, state)
        return POISON if network is None else LinkEnds(number(work(network), label=label))

    return look


# ---- trends ----------------------------------------------------------------------------------

_TRENDS = {"growth": trend.growth, "doubling": trend.doubling, "residual": trend.residual}


def _trend(word: str) -> Word:
    return lambda instance, span, state: Trend(instance, word)


def variants(instance: Instance, span: Span, state: State) -> tuple[Instance, ...]:
    """Instances that a roadmap lists in `variants`."""
    found = member(instance, "variants", span, state) if "variants" in instance.fields else ()
    listed = found if isinstance(found, tuple) else ()
    return tuple(one for each in listed if (one := as_instance(each, state)) is not None)


def of_trend(value: Trend, name: str, span: Span, state: State) -> Value:
    """The trend of a field or figure over the variants of a roadmap, or a longer path; POISON after a complaint."""
    path = f"{value.path}.{name}" if value.path else name
    parts = [part for one in variants(value.instance, span, state) if (part := part_of(one, state)) is not None]
    known = [stated_of(part) for part in parts]
    if not any(path in each for each in known):
        if any(other.startswith(path + ".") for each in known for other in each):
            return Trend(value.instance, value.word, path)
        legal = dict.fromkeys(other for each in known for other in each)
        problem = f"no variant of `{value.instance.name}` has a figure `{path}`"
        state.complain(UNKNOWN_FIELD.at(span, problem, *did_you_mean(path, legal)))
        return POISON
    points = [
        trend.Dated(part.name, day, each[path])
        for part, each in zip(parts, known, strict=True)
        if path in each and (day := part.text("released"))
    ]
    what = f"{value.word} of {path} over {value.instance.name}"
    return _TRENDS[value.word](sorted(points, key=lambda point: point.day), what)


def stated_of(part: Part) -> dict[str, Quantity]:
    """Quantities of a part by path: fields, fields and bandwidth of ports, and figures that are wholly known."""
    figures = {
        path: f.quantity for path, f in metrics.by_path(part).items() if f.quantity is not None and not f.missing
    }
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
        "links": _ends(nets.links, "links"),
        "cables": _ends(nets.cables, "cables"),
        "optics": _ends(nets.optics, "optics"),
        "endpoints": _ends(nets.endpoints, "endpoints"),
        "injection": _network(nets.injection),
        "bandwidth_per_endpoint": _network(nets.per_endpoint),
        "bandwidth_per_npu": _network(nets.per_endpoint),
        "oversubscription": _network(nets.oversubscription),
        "bisection": _network(nets.bisection_quantity),
        "latency": lambda instance, span, state: Prefix(instance, "latency"),
        "latency.largest": _latency("largest"),
        "latency.mean": _latency("mean"),
    },
}


def port_word(instance: Instance, name: str, span: Span, state: State) -> Quantity | None:
    """`bandwidth` of a port, B/s in one direction: lanes times rate.

    None for another name, or when a factor is not known.
    """
    if name != "bandwidth":
        return None
    lanes, rate = field_at(instance, "lanes", span, state), field_at(instance, "rate", span, state)
    if not (isinstance(lanes, Quantity) and isinstance(rate, Quantity)):
        return None
    return named(evolve(apply("multiply", lanes, rate), unit=rate.unit), f"{instance.name}.bandwidth")


# ---- figures ---------------------------------------------------------------------------------


def figure_at(instance: Instance, path: str, span: Span, state: State) -> Value:
    """The figure of an instance at a path, or a `FigurePath` when it is a group; POISON after a complaint."""
    part = part_of(instance, state)
    if part is None:
        return POISON
    label = f"{instance.name}.figures"
    work = partial(_figures, instance, part, span, state)
    found = state.once(instance.figures, label, span, work) or {}
    if path in found:
        figure = found[path]
        return POISON if _is_spoiled(figure, instance, span, state) else _open_above(figure, instance)
    if path in ON_DEMAND:
        from compiler.semantics.interconnect import asked  # solvers, for figures that a text asks for

        figure = asked(path, part)
        return POISON if _is_spoiled(figure, instance, span, state) else _open_above(figure, instance)
    legal = (*found, *ON_DEMAND)
    if any(name.startswith(path + ".") for name in legal):
        return FigurePath(instance, path)
    state.complain(UNKNOWN_FIELD.at(span, f"`{instance.name}` has no figure `{path}`", *did_you_mean(path, legal)))
    return POISON


def figure_below(base: FigurePath, path: str, span: Span, state: State) -> Value | None:
    """The figure whose path goes on from that of another figure, `bisection.without_scale_up`; None when there is none."""
    whole = f"{base.path}.{path}" if base.path else path
    return figure_at(base.instance, whole, span, state) if whole in ON_DEMAND else None


def _figures(instance: Instance, part: Part, span: Span, state: State) -> Mapping[str, Measurement]:
    """Figures of an instance on its site, by path."""
    return metrics.by_path(part, site_of(instance, span, state))


def _is_spoiled(figure: Measurement, instance: Instance, span: Span, state: State) -> bool:
    """True when a complaint has been made about something a figure rests on, so that a further one would only repeat
    it.

    A part that is left out affects every figure; a field only those figures that lack something.
    """
    made = list(_behind(instance, span, state))
    return any(one.lacks_parts or (one.spoiled and (figure.missing or figure.quantity is None)) for one in made)


def _behind(instance: Instance, span: Span, state: State) -> Iterator[Instance]:
    """Instances a figure may rest on: the instance itself, its site, its parts, its links and optics."""
    root = part_of(instance, state)
    parts = [] if root is None else [root, *(group.part for group in walk(root))]
    site = site_of(instance, span, state)
    parts += [site] if site is not None else []
    links = [c for _, _, _, net in (networks(root) if root is not None else ()) for c in net.connections]
    parts += [part for link in links for part in (link.link, link.optic) if part is not None]
    return (state.instances[part] for part in parts if part in state.instances)


def _open_above(figure: Measurement, instance: Instance) -> Quantity:
    """A figure as a quantity. With parts not counted it has no upper end; an absent one is a missing quantity."""
    if figure.quantity is None:
        lost = ", ".join(figure.missing) or figure.reason
        return missing(f"{figure.path} of {instance.name}: {lost}", figure.dimension)
    if not figure.missing:
        return figure.quantity
    label = "not counted: " + ", ".join(figure.missing)
    rest = Quantity("literal", (), figure.quantity.dimension, Spread(0.0, 0.0, math.inf), label=label)
    return named(total((figure.quantity, rest)), figure.path)
