"""Dragonfly: groups of fully linked routers, and links between all groups."""

from typing import Annotated

from compiler.networks.topologies.family import Request, Sizes, family
from compiler.networks.topologies.groups import between_groups, global_ports, links_per_pair
from compiler.networks.topologies.hops import search, search_from
from compiler.networks.topologies.parameters import Count, Rate, given, one_of, whole
from compiler.networks.topologies.topology import Dragonfly, Hanging, Parameter, Tier, Topology
from compiler.networks.topologies.wiring import Along, access, bundle, endpoints, pairs, wired

Optional = Annotated[int | None, given(whole(1))]
Arrangement = Annotated[str, one_of("relative", "absolute")]


def solve(request: Request) -> Sizes:
    """Every balanced dragonfly (a = 2p = 2h, what is written excepted) that the ports allow; `g` from the endpoints."""
    answers: list[dict[str, Parameter]] = []
    written = request.whole("h")
    for h in range(1, (request.ports or 0) // 3 + 1) if written is None else [written]:
        p, a = request.whole("p", h), request.whole("a", 2 * h)
        g, rest = divmod(request.endpoints, a * p)
        fits = request.ports is None or a - 1 + p + h <= request.ports
        if fits and not rest and 1 <= g <= a * h + 1 and request.whole("g", g) == g:
            answers.append({"a": a, "p": p, "h": h, "g": g})
    if answers:
        return Sizes(tuple(answers))
    ports = "" if request.ports is None else f" on routers of {request.ports:,} ports"
    return Sizes((), f"{request.endpoints:,} endpoints fill no balanced dragonfly{ports}; write `a`, `p` and `h`")


@family("dragonfly", solve)
def dragonfly(
    a: Count,
    p: Count,
    h: Count,
    g: Optional = None,
    K: Optional = None,  # noqa: N803 -- the letter of the literature
    arrangement: Arrangement = "relative",
    bw_l: Rate = 1.0,
    bw_g: Rate = 1.0,
    bw_ep: Rate = 1.0,
) -> Topology:
    """`g` groups of `a` routers with `p` endpoints and `h` global ports each, `K` links between every two groups.

    Kim, Dally, Scott & Abts, ISCA 2008; arrangements after Hastings et al. 2015. Without `g` the largest, a h + 1
    groups; without `K` as many links as the ports allow.
    """
    g = a * h + 1 if g is None else g
    links = links_per_pair(g, a * h, K)
    shape = Dragonfly(a, g, h, links, arrangement, bw_l, bw_g, p, bw_ep)
    return wired(
        [endpoints(a * g * p, 1), Tier("router", a * g, a - 1 + p + min(h, global_ports(g, links)))],
        [
            access("router", p, a * g, bw_ep),
            bundle("router", "router", Along(g, a, a), pairs(a), bandwidth=bw_l),
            between_groups("router", shape),
        ],
        structure=shape,
        hanging=Hanging(p, bw_ep),
        # Relative: turning all groups by one changes nothing, so the first group stands for each.
        hops=search_from(range(a)) if arrangement == "relative" else search,
    )
