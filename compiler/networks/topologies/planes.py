"""Networks side by side over the same endpoints."""

from collections.abc import Sequence

from attrs import evolve

from compiler.networks.topologies.hops import search
from compiler.networks.topologies.topology import Planes, Tier, TierLinks, Topology, TopologyError
from compiler.networks.topologies.wiring import endpoints, wired


def overlay(planes: Sequence[Topology], alike: bool = True) -> Topology:
    """One network of several that share their endpoints; their switches are named `plane1.leaf` and so on.

    `alike`: endpoints lie in every plane as they do in the first, so that distances are those of the nearest plane.
    Raises `TopologyError` for planes of unlike size.
    """
    counts = {plane.endpoints for plane in planes}
    if len(counts) > 1:
        raise TopologyError(f"planes share their endpoints, these have {', '.join(f'{n:,}' for n in sorted(counts))}")
    tiers: list[Tier] = [endpoints(planes[0].endpoints, sum(plane.entry.ports for plane in planes))]
    bundles: list[TierLinks] = []
    for place, plane in enumerate(planes, start=1):
        names = {tier.name: tier.name if tier.is_endpoint else f"plane{place}.{tier.name}" for tier in plane.tiers}
        tiers += [evolve(tier, name=names[tier.name]) for tier in plane.switch_tiers]
        bundles += [evolve(row, lower=names[row.lower], upper=names[row.upper]) for row in plane.bundles]
    same = alike and all(plane.parameters == planes[0].parameters for plane in planes)
    return wired(
        tiers,
        bundles,
        structure=Planes(tuple(planes), alike),
        hops=planes[0].hops if same else search,
    )
