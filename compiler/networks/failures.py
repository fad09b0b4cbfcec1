"""The bisection of a network after something failed: any one switch, a plane, a rack, or so many random links.

Certified whatever the size. Removing a switch takes from no balanced cut more than half of its links can carry, as it may
be placed on either side; removing links takes no more than they carry. Networks that are small enough are cut again.
"""

import math
import re
from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.errors import UnknownError
from compiler.ir.hardware import Connection, Group, Network, Slot
from compiler.networks.bisection.bound import Bound
from compiler.networks.bisection.portfolio import bisection
from compiler.networks.bisection.scaling import scaled_bound
from compiler.networks.cuts import network_bisection
from compiler.networks.equijoin import size
from compiler.networks.links import is_rate_certain
from compiler.networks.topologies.planes import overlay
from compiler.networks.topologies.topology import Graph, Planes, Topology, TopologyError
from compiler.networks.unrolled import Vertices, graph_of, key_array, numbered, one_topology

KINDS = ("switch", "plane", "rack", "links")
SMALL = 6_000
"""Vertices up to which a network is cut again after each failure; a larger one keeps the certified interval."""

Floats = NDArray[np.float64]


NOT_CERTIFIED = "the intact network has no certified bisection"


@frozen
class Failure:
    """Parts that fail together: one `switch`, one `plane`, one `rack`, or `links` links at random."""

    kind: str
    links: int = 0

    def __str__(self) -> str:
        if self.kind == "links":
            return f"{self.links:,} random link{'s' if self.links > 1 else ''}"
        return f"any one {self.kind}"


@frozen(eq=False)
class Loss:
    """The bisection after failures of one class: `what` in words, how many of the class were `tried` of `total`, and the
    certified ends of each, shape (tried,), in the unit of the intact one. With none tried, the ends of shape (1,) hold
    for any of the class."""

    what: str
    tried: int
    total: int
    lower: Floats
    upper: Floats

    def spread(self) -> tuple[tuple[float, float], tuple[float, float], tuple[float, float]]:
        """(lower, upper) of the least, of the median and of the most that is left."""
        return (
            (float(self.lower.min()), float(self.upper.min())),
            (float(np.median(self.lower)), float(np.median(self.upper))),
            (float(self.lower.max()), float(self.upper.max())),
        )


@frozen(eq=False)
class Aftermath:
    """The bisection of a network intact and after failures, class by class; `reason` when nothing can be said."""

    intact: Bound
    losses: tuple[Loss, ...] = ()
    reason: str = ""


@frozen
class Draws:
    """Failures drawn at random: how often, and the seed that makes every run draw the same."""

    samples: int = 20
    seed: int = 1


def parsed(text: str) -> Failure:
    """The failure that a text names: `switch`, `plane`, `rack` or `links=K`. Raises `UnknownError` for anything else."""
    found = re.fullmatch(r"(switch|plane|rack)|links\s*=\s*([\d_,]+)", text.strip())
    if found is None:
        raise UnknownError(f"`{text}` cannot fail: say switch, plane, rack, or links=K")
    if found[1]:
        return Failure(found[1])
    links = int(re.sub(r"[_,]", "", found[2]) or 0)
    if not links:
        raise UnknownError("`links=` needs a number of links, e.g. links=4")
    return Failure("links", links)


def after(network: Network, failure: Failure, samples: int = 20, seed: int = 1, effort: str = "normal") -> Aftermath:
    """The bisection that failures leave of a network of a design, B/s, one direction. Seeded, so always the same."""
    intact, draws = network_bisection(network, effort), Draws(samples, seed)
    if intact.lower is None or intact.upper is None:
        return Aftermath(intact, reason=intact.reason or NOT_CERTIFIED)
    try:
        named = one_topology(network)
        if named is None:
            if not is_rate_certain(network):
                return Aftermath(intact, reason="its link rates are intervals")
            return _cut_again(graph_of(network), _design_classes(network, failure), intact, failure, draws)
        topology, unit = named
        if failure.kind == "rack":
            return _scaled(_racks_of(network.inside[0], topology, failure, draws, effort), unit)
        return _scaled(of_topology(topology, failure, samples, seed, effort), unit)
    except (TopologyError, UnknownError) as error:
        return Aftermath(intact, reason=str(error))


def of_topology(
    topology: Topology, failure: Failure, samples: int = 20, seed: int = 1, effort: str = "normal"
) -> Aftermath:
    """The bisection that failures leave of a topology by itself. Raises `UnknownError` for what it does not have."""
    intact = bisection(topology, effort=effort)
    if intact.lower is None or intact.upper is None:
        return Aftermath(intact, reason=intact.reason or NOT_CERTIFIED)
    if failure.kind == "rack":
        raise UnknownError("a topology by itself stands in no racks")
    if failure.kind == "plane":
        return Aftermath(intact, tuple(_planes(topology, effort)))
    if failure.kind == "switch" and not topology.switches:
        raise UnknownError("its endpoints are joined directly: there is no switch to fail")
    if topology.vertices <= SMALL:
        return _cut_again(topology.unroll(), _tier_classes(topology), intact, failure, Draws(samples, seed))
    losses = _switch_losses(topology, intact) if failure.kind == "switch" else _link_losses(topology, intact, failure)
    return Aftermath(intact, tuple(losses))


def _racks_of(connection: Connection, topology: Topology, failure: Failure, draws: Draws, effort: str) -> Aftermath:
    """Racks of a network of one topology: its endpoints stand in them, its switches where nobody said."""
    starts = np.cumsum([0, *(int(size(group.count)) for group in connection.left)]).tolist()
    classes = _rack_classes(list(zip(connection.left, starts, strict=False)))
    if topology.vertices > SMALL:
        raise UnknownError(f"{topology.vertices:,} vertices are more than the {SMALL:,} that are cut again")
    return _cut_again(topology.unroll(), classes, bisection(topology, effort=effort), failure, draws)


def _scaled(found: Aftermath, factor: float) -> Aftermath:
    losses = tuple(Loss(o.what, o.tried, o.total, o.lower * factor, o.upper * factor) for o in found.losses)
    return Aftermath(scaled_bound(found.intact, factor), losses, found.reason)


# ---- from structure --------------------------------------------------------------------------


def _planes(topology: Topology, effort: str) -> Iterator[Loss]:
    """Each plane left out in turn; equal planes are worked out once."""
    structure = topology.structure
    if not isinstance(structure, Planes) or len(structure.planes) < 2:
        raise UnknownError("it has no planes")
    known: dict[object, Bound] = {}
    ends = []
    for gone in range(len(structure.planes)):
        rest = tuple(plane for place, plane in enumerate(structure.planes) if place != gone)
        key = tuple(plane.structure for plane in rest) if structure.aligned else gone
        if key not in known:
            known[key] = bisection(overlay(rest, structure.aligned), effort=effort)
        ends.append((known[key].lower or 0.0, known[key].upper or 0.0))
    low, high = np.array(ends).T
    yield Loss("plane", len(ends), len(ends), low, high)


def _switch_losses(topology: Topology, intact: Bound) -> Iterator[Loss]:
    """Tier by tier: no cut loses more than half of the links of one switch can carry."""
    for tier in topology.switch_tiers:
        if not tier.count:
            continue
        assert intact.lower is not None and intact.upper is not None
        rates = [row.bandwidth for row in topology.link_classes if tier.name in (row.lower, row.upper)]
        # of a switch that is gone the links to one side or the other were cut: it may be thought on the better one
        low = max(0.0, intact.lower - tier.ports * max(rates, default=0.0) / 2)
        yield Loss(tier.name, 0, tier.count, np.array([low]), np.array([intact.upper]))


def _link_losses(topology: Topology, intact: Bound, failure: Failure) -> Iterator[Loss]:
    """No cut loses more than the links that failed carry."""
    _enough(failure.links, topology.links)
    assert intact.lower is not None and intact.upper is not None
    most = failure.links * max(row.bandwidth for row in topology.link_classes)
    yield Loss("links", 0, topology.links, np.array([max(0.0, intact.lower - most)]), np.array([intact.upper]))


def _enough(links: int, there: int) -> None:
    if links > there:
        raise UnknownError(f"{links:,} links cannot fail, there are {there:,}")


# ---- from the graph --------------------------------------------------------------------------

Class = tuple[str, list[NDArray[np.int64]], bool]
"""A class of what can fail: its name, the vertices that go with each member, and whether their endpoints count no more."""


def _tier_classes(topology: Topology) -> list[Class]:
    found: list[Class] = []
    here = topology.endpoints
    for tier in topology.switch_tiers:
        found.append((tier.name, [np.array([v]) for v in range(here, here + tier.count)], False))
        here += tier.count
    return found


def _design_classes(network: Network, failure: Failure) -> list[Class]:
    """The switches of a design's network one by one, or those of a plane, or all parts of a rack, together."""
    vertices = numbered(network)
    switches = [group for group in vertices.groups if group.part.kind == "switch"]
    if failure.kind == "links":
        return []
    if failure.kind == "switch":
        if not switches:
            raise UnknownError("its endpoints are joined directly: there is no switch to fail")
        return [(group.path, [np.array([v]) for v in vertices.of(group)], False) for group in switches]
    if failure.kind == "plane":
        return _plane_classes(network, vertices, switches)
    return _rack_classes([(group, vertices.start(group)) for group in vertices.groups])


def _plane_classes(network: Network, vertices: Vertices, switches: Sequence[Group]) -> list[Class]:
    """Switches by the key on which they are joined: all of one value are a plane."""
    keys = dict.fromkeys(key for connection in network.connections for key in connection.keys)
    for key in keys:
        carriers = [group for group in switches if group.part.quantity(key) is not None]
        if len(carriers) == len(switches) and switches:
            values = [key_array(group, key) for group in carriers]
            every = np.unique(np.concatenate(values)).tolist()
            members = [
                np.concatenate([vertices.of(g)[v == value] for g, v in zip(carriers, values, strict=True)])
                for value in every
            ]
            return [(key, members, False)]
    raise UnknownError("it has no planes: no field such as `plane` or `rail` tells its switches apart")


def _rack_classes(standing: Sequence[tuple[Group, int]]) -> list[Class]:
    """Racks by where they are in the design: all of their parts go, and their endpoints count no more."""
    found: dict[tuple[Slot, ...], tuple[str, dict[int, list[NDArray[np.int64]]]]] = {}
    for group, start in standing:
        depth = next((d for d, slot in enumerate(group.slots, 1) if slot.part.kind == "rack"), 0)
        if not depth:
            continue
        counts = [int(size(slot.count)) for slot in group.slots]
        slots = group.slots[:depth]
        path = ".".join(slot.name for slot in slots)
        members = found.setdefault(slots, (path, {}))[1]
        own = np.arange(start, start + math.prod(counts))
        for number, part in enumerate(np.split(own, math.prod(counts[:depth]))):
            members.setdefault(number, []).append(part)
    if not found:
        raise UnknownError("none of its parts stands in a rack")
    return [(name, [np.concatenate(own) for own in members.values()], True) for name, members in found.values()]


def _cut_again(graph: Graph, classes: Sequence[Class], intact: Bound, failure: Failure, draws: Draws) -> Aftermath:
    """The graph without each of some members of each class, cut once more with little effort."""
    rng = np.random.default_rng(draws.seed)
    if failure.kind == "links":
        return Aftermath(intact, (_random_links(graph, intact, failure.links, draws.samples, rng),))
    each = max(1, draws.samples // max(1, len(classes)))
    losses = []
    for name, members, ends in classes:
        chosen = members
        if len(members) > each:
            places = np.sort(rng.choice(len(members), each, replace=False))
            chosen = [members[place] for place in places.tolist()]
        found = [_without(graph, own, intact, ends) for own in chosen]
        low, high = np.array(found).T
        losses.append(Loss(name, len(chosen), len(members), low, high))
    return Aftermath(intact, tuple(losses))


def _without(graph: Graph, gone: NDArray[np.int64], intact: Bound, ends: bool) -> tuple[float, float]:
    dead = np.zeros(graph.weights.size, dtype=bool)
    dead[gone] = True
    hit = dead[graph.u] | dead[graph.v]
    weights = np.where(dead, 0, graph.weights) if ends else graph.weights
    left = Graph(weights, graph.u, graph.v, np.where(hit, 0.0, graph.bandwidth), graph.cables)
    if ends:
        return _ends(bisection(left, effort="low"), 0.0, np.inf)
    assert intact.lower is not None and intact.upper is not None
    carried = float(graph.bandwidth[hit].sum())
    inner = float(graph.bandwidth[dead[graph.u] & dead[graph.v]].sum())
    floor = intact.lower - (carried - inner) / 2  # all that is gone would stand on one side
    return _ends(bisection(left, effort="low"), floor, intact.upper)


def _random_links(graph: Graph, intact: Bound, links: int, samples: int, rng: "np.random.Generator") -> Loss:
    """So many links between switches lost at random, sample by sample; of a direct network any links."""
    inner = (graph.weights[graph.u] == 0) & (graph.weights[graph.v] == 0)
    rows = np.flatnonzero(inner if inner.any() else np.ones(graph.u.size, dtype=bool))
    cables = np.repeat(rows, graph.cables[rows])
    _enough(links, int(cables.size))
    assert intact.lower is not None and intact.upper is not None
    found = []
    for _ in range(samples):
        lost = np.bincount(rng.choice(cables, links, replace=False), minlength=graph.u.size)
        bandwidth = graph.bandwidth * (1.0 - lost / np.maximum(graph.cables, 1))
        left = Graph(graph.weights, graph.u, graph.v, bandwidth, graph.cables)
        floor = intact.lower - float((graph.bandwidth - bandwidth).sum())
        found.append(_ends(bisection(left, effort="low"), floor, intact.upper))
    low, high = np.array(found).T
    return Loss("links", samples, int(cables.size), low, high)


def _ends(found: Bound, floor: float, ceiling: float) -> tuple[float, float]:
    upper = min(ceiling, np.inf if found.upper is None else found.upper)
    return min(max(floor, found.lower or 0.0, 0.0), upper), upper
