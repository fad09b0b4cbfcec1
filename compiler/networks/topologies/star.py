"""Endpoints on one switch, or on several side by side."""

from compiler.networks.topologies.family import Request, Sizes, family
from compiler.networks.topologies.hops import nested_hops
from compiler.networks.topologies.parameters import Amount, Count, Rate
from compiler.networks.topologies.topology import Hanging, Level, Tier, Topology, Tree
from compiler.networks.topologies.wiring import Along, bundle, endpoints, wired


def solve(request: Request) -> Sizes:
    """One switch, or as many as are given; every link that was written goes to each of them."""
    switches = request.whole("switches", request.switches or 1)
    trunk = request.whole("trunk", 1)
    links = request.endpoints * trunk
    if request.ports is not None and links > request.ports:
        wanted, there = links * request.links, request.ports * request.links
        return Sizes((), f"{wanted:,} links need as many ports, the switch has {there:,}")
    return Sizes(({"n": request.endpoints, "switches": switches, "trunk": trunk},))


@family("star", solve)
def star(n: Amount, switches: Count = 1, trunk: Count = 1, bw: Rate = 1.0) -> Topology:
    """`n` endpoints, each on every one of `switches` by `trunk` cables of `bw`."""
    return wired(
        [endpoints(n, switches * trunk), Tier("switch", switches, n * trunk)],
        [bundle("endpoint", "switch", Along(n, 1, 0), Along(switches, 0, 1), bandwidth=bw, cables=trunk)],
        structure=Tree((Level(n, switches, bw, trunk),)) if n else None,
        hanging=Hanging(n, bw * trunk) if switches == 1 else None,
        hops=lambda _: nested_hops([n]),
    )
