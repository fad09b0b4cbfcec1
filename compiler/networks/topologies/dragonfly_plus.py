"""Dragonfly+: groups that are leaf-spine networks, and links between all groups."""

from compiler.networks.topologies.dragonfly import Arrangement, Optional
from compiler.networks.topologies.family import Request, Sizes, family
from compiler.networks.topologies.groups import between_groups, global_ports, links_per_pair
from compiler.networks.topologies.hops import search, search_from
from compiler.networks.topologies.parameters import Count, Rate
from compiler.networks.topologies.topology import Dragonfly, Hanging, Parameter, Tier, Topology
from compiler.networks.topologies.wiring import Along, access, bundle, endpoints, wired


def solve(request: Request) -> Sizes:
    """Every balanced one (leaves = spines = p = h, what is written excepted) that the ports allow; `g` from the
    endpoints."""
    answers: list[dict[str, Parameter]] = []
    parts = "leaves", "spines", "p", "h"
    for each in [1] if request.given.keys() >= set(parts) else range(1, (request.ports or 0) // 2 + 1):
        leaves, spines, p, h = (request.whole(name, each) for name in parts)
        g, rest = divmod(request.endpoints, leaves * p)
        fits = request.ports is None or max(p + spines, leaves + h) <= request.ports
        if fits and not rest and 1 <= g <= spines * h + 1 and request.whole("g", g) == g:
            answers.append({"g": g, "leaves": leaves, "spines": spines, "p": p, "h": h})
    if answers:
        return Sizes(tuple(answers))
    ports = "" if request.ports is None else f" on switches of {request.ports:,} ports"
    reason = f"{request.endpoints:,} endpoints fill no balanced dragonfly{ports}; write `leaves`, `spines`, `p` and `h`"
    return Sizes((), reason)


@family("dragonfly_plus", solve)
def dragonfly_plus(
    g: Count,
    leaves: Count,
    spines: Count,
    p: Count,
    h: Count,
    K: Optional = None,  # noqa: N803 -- the letter of the literature
    arrangement: Arrangement = "relative",
    bw_l: Rate = 1.0,
    bw_g: Rate = 1.0,
    bw_ep: Rate = 1.0,
) -> Topology:
    """`g` groups of `leaves` with `p` endpoints each and `spines` with `h` global ports each, all leaves to all spines
    of their group, `K` links between every two groups (as many as the ports allow).

    Shpiner et al. 2017.
    """
    links = links_per_pair(g, spines * h, K)
    within = [Along(g, leaves, spines), Along(leaves, 1, 0), Along(spines, 0, 1)]
    return wired(
        [
            endpoints(g * leaves * p, 1),
            Tier("leaf", g * leaves, p + spines),
            Tier("spine", g * spines, leaves + min(h, global_ports(g, links))),
        ],
        [
            access("leaf", p, g * leaves, bw_ep),
            bundle("leaf", "spine", *within, bandwidth=bw_l),
            between_groups("spine", Dragonfly(spines, g, h, links, arrangement, bw_l, bw_g)),
        ],
        hanging=Hanging(p, bw_ep),
        hops=search_from(range(leaves)) if arrangement == "relative" else search,
    )
