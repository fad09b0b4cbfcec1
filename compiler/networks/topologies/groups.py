"""Links between every two groups of switches, as dragonflies have them."""

import numpy as np

from compiler.networks.topologies.topology import Dragonfly, TierLinks, TopologyError
from compiler.networks.topologies.wiring import Integers, listed


def links_per_pair(groups: int, ports: int, wanted: int | None) -> int:
    """Links between every two of `groups` with `ports` global ports each: as wanted, or as many as fit evenly.

    Raises `TopologyError` when they do not fit.
    """
    others = groups - 1
    if not others:
        return 0
    if others > ports:
        raise TopologyError(
            f"{groups:,} groups need {others:,} global ports in each, a group has {ports:,}",
            parameter="g",
            help=f"take g = {ports + 1:,} or less, or more global ports",
        )
    if wanted is not None and wanted * others > ports:
        raise TopologyError(
            f"{wanted:,} links to each of {others:,} groups need {wanted * others:,} global ports, there are {ports:,}",
            parameter="K",
            help=f"take K = {ports // others:,} or less",
        )
    return wanted or ports // others


def global_ports(groups: int, links: int) -> int:
    """Global ports in use in a group."""
    return links * (groups - 1)


def between_groups(tier: str, shape: Dragonfly) -> TierLinks:
    """The global links of a dragonfly whose groups meet at the switches of a tier.

    Copy c of the link from group i to j leaves port c (groups - 1) + d of i, on switch port // ports: d is
    (j - i - 1) mod groups when relative, and the rank of j among the other groups when absolute.
    """
    groups, links = shape.groups, shape.links

    def ends() -> tuple[Integers, Integers]:
        first, second = np.triu_indices(groups, 1)
        copies = np.arange(links)[:, None] * (groups - 1)
        here = (copies + _towards(first, second, groups, shape.arrangement)) // shape.ports
        there = (copies + _towards(second, first, groups, shape.arrangement)) // shape.ports
        return (first * shape.size + here).ravel(), (second * shape.size + there).ravel()

    return listed(tier, tier, links * groups * (groups - 1) // 2, ends, shape.global_bandwidth)


def _towards(here: Integers, there: Integers, groups: int, arrangement: str) -> Integers:
    if arrangement == "relative":
        return (there - here - 1) % groups
    return there - (there > here)
