"""A topology by itself, without a design: counts, distances, certified bisection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from compiler.errors import ClusterError
from compiler.networks.bisection.bound import Bound, absent
from compiler.networks.topologies import catalogue
from compiler.networks.topologies.topology import Topology as Network
from compiler.networks.topologies.topology import TopologyError

Hops = TypeVar("Hops", int, float)


def topology(name: str, /, **parameters: Any) -> TopologyReport:
    """A topology by name and parameters, `topology("torus", dims=[7, 4])`, or as text, `topology("torus(dims = [7,
    4])")`.

    Links carry 1 per direction unless a parameter says otherwise. Raises `ClusterError` naming the condition that
    fails.
    """
    if "(" in name:
        from compiler.workspace.expressions import topology_call

        name, parameters = topology_call(name)
    try:
        return TopologyReport(catalogue.topology(name, **parameters))
    except TopologyError as error:
        raise ClusterError(str(error)) from error


class TopologyReport:
    """Counts, distances and certified bisection of a topology. Bandwidth is in the unit of its links."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.family, self.parameters = network.family, network.parameters
        self.endpoints, self.switches = network.endpoints, network.switches
        self.links, self.links_fabric = network.links, network.links_fabric
        self._bounds: dict[str, Bound] = {}

    @property
    def diameter(self) -> int | None:
        """Largest number of link hops between two endpoints; None when some are not connected or it is too large."""
        return self._walked(lambda: self.network.diameter)

    @property
    def average_hops(self) -> float | None:
        """Mean number of link hops between two distinct endpoints; None as for the diameter."""
        return self._walked(lambda: self.network.average_hops)

    @staticmethod
    def _walked(work: Callable[[], Hops | None]) -> Hops | None:
        try:
            return work()
        except TopologyError:
            return None

    @property
    def bisection(self) -> Bound:
        """Bisection bandwidth in one direction, with `normal` effort."""
        return self.bisected("normal")

    def bisected(self, effort: str) -> Bound:
        """Bisection bandwidth in one direction, with `low`, `normal` or `high` effort; computed once for each."""
        if effort not in self._bounds:
            from compiler.networks.bisection.portfolio import bisection

            try:
                self._bounds[effort] = bisection(self.network, effort=effort)
            except TopologyError as error:
                self._bounds[effort] = absent(str(error))
        return self._bounds[effort]

    def to_dict(self, effort: str = "normal") -> dict[str, object]:
        """The report as data, `clusterc.topology/1`."""
        return {
            "schema": "clusterc.topology/1",
            "topology": self.family,
            "parameters": dict(self.parameters),
            "endpoints": self.endpoints,
            "switches": self.switches,
            "links": self.links,
            "links_fabric": self.links_fabric,
            "diameter": self.diameter,
            "average_hops": self.average_hops,
            "bisection": self.bisected(effort).as_json(),
        }

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self.parameters.items())
        return f"<Topology {self.family}({inside}): {self.endpoints} endpoints, {self.switches} switches>"


Topology = (
    TopologyReport  # as others call it: beside the topologies of `networks` the name is free, in this room it is not
)
