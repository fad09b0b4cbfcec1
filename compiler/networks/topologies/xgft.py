"""Extended generalised fat trees, with parallel links (PGFT)."""

import math

from compiler.networks.topologies.family import family
from compiler.networks.topologies.hops import nested_hops
from compiler.networks.topologies.parameters import Counters, Counts, Rates, exactly, per_axis
from compiler.networks.topologies.topology import Hanging, Level, Tier, TierLinks, Topology, Tree
from compiler.networks.topologies.wiring import Along, bundle, endpoints, wired


@family("xgft")
def xgft(m: Counts, w: Counts, bw: Rates = 1.0, par: Counters = 1) -> Topology:
    """A tree of len(m) tiers of switches: in tier i a vertex has `m[i - 1]` children, each of them `w[i - 1]` parents
    by `par[i - 1]` cables each.

    Ohring, Ibel, Das & Kumar 1995; parallel links after Zahavi 2010.
    """
    height = len(m)
    exactly("w", w, height)
    rates, cables = per_axis("bw", bw, height), per_axis("par", par, height)
    counts = [math.prod(w[:level]) * math.prod(m[level:]) for level in range(height + 1)]
    names = ["endpoint", *(f"tier{level}" for level in range(1, height + 1))]
    tiers = [endpoints(counts[0], w[0] * cables[0])]
    for level in range(1, height + 1):
        up = w[level] * cables[level] if level < height else 0
        tiers.append(Tier(names[level], counts[level], m[level - 1] * cables[level - 1] + up))
    bundles: list[TierLinks] = []
    for level in range(height):
        # A vertex is (subtrees above, own subtree, place among its equals): the child index turns into the parent's.
        lattice = _between(math.prod(m[level + 1 :]), m[level], w[level], math.prod(w[:level]))
        ends = names[level], names[level + 1]
        bundles.append(bundle(*ends, *lattice, bandwidth=rates[level], cables=cables[level]))
    return wired(
        tiers,
        bundles,
        structure=Tree(tuple(Level(*level) for level in zip(m, w, rates, cables, strict=True))),
        hanging=Hanging(m[0], rates[0] * cables[0]) if w[0] == 1 else None,
        hops=lambda _: nested_hops([math.prod(m[:level]) for level in range(1, height + 1)]),
    )


def _between(above: int, down: int, up: int, equals: int) -> list[Along]:
    """Children of `above` subtrees, `down` in each, to its `up` parents; `equals` of both side by side."""
    return [
        Along(above, down * equals, up * equals),
        Along(down, equals, 0),
        Along(equals, 1, up),
        Along(up, 0, 1),
    ]
