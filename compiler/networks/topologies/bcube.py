"""BCube: servers that relay, on as many switches as it has levels."""

from typing import Annotated

from compiler.networks.topologies.family import Request, Sizes, family
from compiler.networks.topologies.parameters import Count, Rate, whole
from compiler.networks.topologies.topology import Hops, Hubs, Parameter, Tier, Topology
from compiler.networks.topologies.wiring import Along, bundle, endpoints, wired


def solve(request: Request) -> Sizes:
    """Every n and k with n^(k+1) endpoints, `n` within the ports of the switch."""
    answers: list[dict[str, Parameter]] = []
    levels = request.whole("k")
    for k in range(max(request.endpoints, 1).bit_length()) if levels is None else [levels]:
        n = round(request.endpoints ** (1 / (k + 1)))
        wanted = n ** (k + 1) == request.endpoints and n == request.whole("n", n)
        if wanted and (n > 1 or k == 0) and (request.ports is None or n <= request.ports):
            answers.append({"n": n, "k": k})
    return Sizes(tuple(answers), "" if answers else f"{request.endpoints:,} endpoints are no n^(k+1) that fits")


@family("bcube", solve)
def bcube(n: Count, k: Annotated[int, whole(0, 49)], bw: Rate = 1.0) -> Topology:
    """n^(k+1) servers; at each of k + 1 levels a switch joins the n whose numbers differ in that digit alone.

    Guo et al., SIGCOMM 2009. Servers forward, so two of them are two hops apart for every digit that differs.
    """
    servers, switches = n ** (k + 1), n**k
    return wired(
        [endpoints(servers, k + 1), *(Tier(f"level{level}", switches, n) for level in range(k + 1))],
        [bundle("endpoint", f"level{level}", *_level(n, n**level, servers), bandwidth=bw) for level in range(k + 1)],
        structure=Hubs(n, k + 1, bw),
        hops=lambda _: _hops(n, k + 1),
    )


def _level(n: int, stride: int, servers: int) -> list[Along]:
    return [Along(servers // (n * stride), n * stride, stride), Along(n, stride, 0), Along(stride, 1, 1)]


def _hops(n: int, digits: int) -> Hops:
    servers = n**digits
    return Hops(2 * digits, 2 * digits * (n - 1) / n * servers / (servers - 1)) if servers > 1 else Hops(0, 0.0)
