"""Links of a design's connections: the topology that a shape stands for, and rates."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

from compiler.ir.hardware import Connection, Network, Part
from compiler.quantities.swept import plain

if TYPE_CHECKING:
    from compiler.networks.topologies.topology import Topology

End = Literal["low", "middle", "high"]
"""End to take of a rate that is known as an interval."""

_topologies: "WeakKeyDictionary[Connection, Topology]" = WeakKeyDictionary()


def topology_of(connection: Connection) -> "Topology":
    """The topology of a connection with a shape, links of unit bandwidth; made once for each connection.

    Raises `TopologyError` for sizes that its family does not have.
    """
    known = _topologies.get(connection)
    if known is None:
        assert connection.shape is not None
        known = _topologies[connection] = _named(connection.shape.family, connection.shape.parameters)
    return known


def _named(family: str, parameters: Mapping[str, object]) -> "Topology":
    from compiler.networks.topologies.catalogue import topology

    return topology(family, **parameters)


def one_topology(network: Network, end: End = "middle") -> tuple["Topology", float] | None:
    """The topology that all links inside a network make together, and the bandwidth of its unit, B/s, one direction; None
    where they are no single one. Links within blocks and between them may be two connections."""
    inside = network.inside
    if not inside or any(connection.shape is None for connection in inside):
        return None
    if len(inside) == 1:
        return topology_of(inside[0]), unit_of(inside[0], end)
    return _of_both(inside[0], inside[1], end) if len(inside) == 2 else None


def _of_both(first: Connection, second: Connection, end: End) -> tuple["Topology", float] | None:
    """A topology of which one connection is what lies inside its blocks and another what leaves them; None where they are
    something else."""
    assert first.shape is not None and second.shape is not None
    given, others = dict(first.shape.parameters), dict(second.shape.parameters)
    which = given.pop("links", None), others.pop("links", None)
    same = first.shape.family == second.shape.family and given == others
    over = [[group.slots for group in connection.left] for connection in (first, second)]
    if which != ("inside", "between") or not same or over[0] != over[1] or not unit_of(first, end):
        return None
    if not unit_of(second, end):
        return None
    between = given.pop("bw_between", given["bw"])
    rates = {"bw": _times(given["bw"], unit_of(first, end)), "bw_between": _times(between, unit_of(second, end))}
    return _named(first.shape.family, {**given, **rates}), 1.0


def _times(rates: object, unit: float) -> object:
    """One bandwidth or one for each axis, times a unit."""
    return [rate * unit for rate in rates] if isinstance(rates, tuple) else float(rates) * unit  # type: ignore[arg-type]


def rate_of(connection: Connection, end: End = "middle") -> float:
    """Bandwidth of one link of a connection, B/s, one direction: its `low`, `middle` or `high` end."""
    return rate_of_link(connection.link, end)


def rate_of_link(link: Part, end: End = "middle") -> float:
    """Bandwidth of a link, B/s, one direction, at an end of it; 0 where it states none."""
    rate = link.quantity("rate")
    return float(getattr(plain(rate), end)) if rate is not None else 0.0


def is_rate_certain(network: Network) -> bool:
    """True when every link of a network has one known rate."""
    return all(rate_of(connection, "low") == rate_of(connection, "high") for connection in network.connections)


def rate_ends(network: Network) -> tuple[End, ...]:
    """The ends at which a figure of a network is worked out: the middle of known rates, else the least and the most."""
    return ("middle",) if is_rate_certain(network) else ("low", "high")


def unit_of(connection: Connection, end: End = "middle") -> float:
    """Bandwidth that one unit of the topology of a shaped connection stands for, B/s, one direction."""
    assert connection.shape is not None
    return connection.shape.each * rate_of(connection, end)
