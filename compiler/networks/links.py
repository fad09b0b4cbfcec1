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
        known = _topologies[connection] = named_topology(connection.shape.family, connection.shape.parameters)
    return known


def named_topology(family: str, parameters: Mapping[str, object]) -> "Topology":
    """The topology of a family, links of unit bandwidth. Raises `TopologyError` for sizes that it does not have."""
    from compiler.networks.topologies.catalogue import topology

    return topology(family, **parameters)


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
