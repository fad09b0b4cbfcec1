"""Two tiers: every leaf to every spine."""

from compiler.topologies.family import family
from compiler.topologies.hops import grouped_hops
from compiler.topologies.model import Hanging, Hops, LeafSpine, Tier, Topology, affordable
from compiler.topologies.parameters import Amount, Amounts, Count, Rate, exactly
from compiler.topologies.wiring import Along, access, bundle, endpoints, wired


@family("leaf_spine")
def leaf_spine(
    leaves: Count,
    spines: Amount,
    eps_per_leaf: Amounts,
    bw_ep: Rate = 1.0,
    bw_up: Rate = 1.0,
    trunk: Count = 1,
) -> Topology:
    """Endpoints on leaves, every leaf to every spine by `trunk` cables.

    `eps_per_leaf` is one number for all leaves or one for each. Without spines the leaves are islands.
    """
    affordable("leaves", leaves)
    uniform = isinstance(eps_per_leaf, int)
    counts = (eps_per_leaf,) * leaves if isinstance(eps_per_leaf, int) else eps_per_leaf
    exactly("eps_per_leaf", counts, leaves)
    total = sum(counts)
    heights = [(1, counts), (2, [total])] if spines else [(1, counts)]

    def hops(_: Topology) -> Hops:
        return grouped_hops(heights, total)

    return wired(
        [
            endpoints(total, 1),
            Tier("leaf", leaves, max(counts) + spines * trunk),
            *([Tier("spine", spines, leaves * trunk)] if spines else []),
        ],
        [
            access("leaf", eps_per_leaf if uniform else counts, leaves, bw_ep),
            bundle("leaf", "spine", Along(leaves, 1, 0), Along(spines, 0, 1), bandwidth=bw_up, cables=trunk),
        ],
        structure=LeafSpine(counts, spines, trunk, bw_ep, bw_up),
        hanging=Hanging(eps_per_leaf if uniform else counts, bw_ep),
        hops=hops,
    )
