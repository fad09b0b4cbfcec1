"""Three tiers: pods of leaves and aggregation switches, under groups of core switches."""

import math
from collections.abc import Sequence
from itertools import accumulate, groupby

from compiler.networks.topologies.family import Request, Sizes, family
from compiler.networks.topologies.hops import grouped_hops, nested_hops
from compiler.networks.topologies.parameters import Amounts, Count, Rate, exactly
from compiler.networks.topologies.topology import (
    Hanging,
    Hops,
    Level,
    Pods,
    Tier,
    TierLinks,
    Topology,
    TopologyError,
    Tree,
    affordable,
)
from compiler.networks.topologies.wiring import Along, access, bundle, endpoints, wired


def solve(request: Request) -> Sizes:
    """The one of `pods`, `leaves_per_pod` and `eps_per_leaf` that is not written."""
    n, written = request.endpoints, {name: request.counts(name) for name in ("pods", "leaves_per_pod", "eps_per_leaf")}
    missing = [name for name, count in written.items() if count is None]
    if not missing:
        return Sizes(({},))
    if len(missing) > 1 or any(isinstance(count, tuple) for count in written.values()):
        return Sizes((), f"`{'` and `'.join(missing)}` do not follow from {n:,} endpoints; write them, or use `clos`")
    known = math.prod(count for count in written.values() if isinstance(count, int))
    if not known or n % known:
        return Sizes((), f"{n:,} endpoints are no multiple of {known:,}, so no whole `{missing[0]}` follows")
    return Sizes(({missing[0]: n // known},))


@family("clos3", solve)
def clos3(
    pods: Count,
    leaves_per_pod: Amounts,
    eps_per_leaf: Amounts,
    aggs_per_pod: Count,
    cores_per_group: Count,
    bw_ep: Rate = 1.0,
    bw_up: Rate = 1.0,
    bw_core: Rate = 1.0,
    trunk_ep: Count = 1,
    trunk_up: Count = 1,
    trunk_core: Count = 1,
) -> Topology:
    """Leaves to every aggregation switch of their pod; aggregation switch j to every core switch of group j.

    `leaves_per_pod` is one number or one for each pod; `eps_per_leaf` one number, or one for each pod or leaf.
    """
    leaves = _each_pod(leaves_per_pod, pods)
    counts = eps_per_leaf if isinstance(eps_per_leaf, int) else _each_leaf(eps_per_leaf, leaves)
    groups, cores = sum(leaves), aggs_per_pod * cores_per_group
    affordable("leaves", groups)
    total = counts * groups if isinstance(counts, int) else sum(counts)
    most = counts if isinstance(counts, int) else max(counts)
    tiers = [
        endpoints(total, trunk_ep),
        Tier("leaf", groups, most * trunk_ep + aggs_per_pod * trunk_up),
        Tier("agg", pods * aggs_per_pod, max(leaves) * trunk_up + cores_per_group * trunk_core),
        Tier("core", cores, pods * trunk_core),
    ]
    core = [Along(pods, aggs_per_pod, 0), Along(aggs_per_pod, 1, cores_per_group), Along(cores_per_group, 0, 1)]
    cables = (bw_ep, trunk_ep), (bw_up, trunk_up), (bw_core, trunk_core)
    return wired(
        tiers,
        [
            access("leaf", counts, groups, bw_ep, trunk_ep),
            *_within_pods(leaves, aggs_per_pod, bw_up, trunk_up),
            bundle("agg", "core", *core, bandwidth=bw_core, cables=trunk_core),
        ],
        structure=_structure(leaves, counts, aggs_per_pod, cores_per_group, cables) if total else None,
        hanging=Hanging(counts, bw_ep * trunk_ep),
        hops=lambda _: _hops(leaves, counts),
    )


def _structure(
    leaves: Sequence[int], counts: int | Sequence[int], aggs: int, cores: int, cables: Sequence[tuple[float, int]]
) -> Tree | Pods:
    if isinstance(counts, int) and len(set(leaves)) == 1:
        shape = (counts, 1), (leaves[0], aggs), (len(leaves), cores)
        return Tree(tuple(Level(*tier, *cable) for tier, cable in zip(shape, cables, strict=True)))
    return Pods(_by_pod(leaves, counts), aggs, cores, *(bandwidth * trunk for bandwidth, trunk in cables))


def _each_pod(leaves_per_pod: int | tuple[int, ...], pods: int) -> tuple[int, ...]:
    affordable("leaves", pods)
    if isinstance(leaves_per_pod, int):
        leaves_per_pod = (leaves_per_pod,) * pods
    exactly("leaves_per_pod", leaves_per_pod, pods)
    if not all(leaves_per_pod):
        raise TopologyError("`leaves_per_pod` is at least 1 in every pod", parameter="leaves_per_pod")
    return leaves_per_pod


def _each_leaf(eps_per_leaf: tuple[int, ...], leaves: tuple[int, ...]) -> tuple[int, ...]:
    if len(eps_per_leaf) == len(leaves):
        return tuple(count for count, many in zip(eps_per_leaf, leaves, strict=True) for _ in range(many))
    if len(eps_per_leaf) != sum(leaves):
        raise TopologyError(
            f"`eps_per_leaf` has {len(eps_per_leaf)} items, there are {len(leaves)} pods and {sum(leaves)} leaves",
            parameter="eps_per_leaf",
        )
    return eps_per_leaf


def _within_pods(leaves: Sequence[int], aggs: int, bandwidth: float, cables: int) -> list[TierLinks]:
    """Leaves to aggregation switches: one lattice for every run of equal pods."""
    found, leaf, pod = [], 0, 0
    for size, run in groupby(leaves):
        alike = len(list(run))
        axes = [Along(alike, size, aggs), Along(size, 1, 0), Along(aggs, 0, 1)]
        found.append(bundle("leaf", "agg", *axes, u=leaf, v=pod * aggs, bandwidth=bandwidth, cables=cables))
        leaf, pod = leaf + alike * size, pod + alike
    return found


def _by_pod(leaves: Sequence[int], counts: int | Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Endpoints of every leaf, pod by pod."""
    if isinstance(counts, int):
        return tuple((counts,) * size for size in leaves)
    ends = list(accumulate(leaves))
    return tuple(tuple(counts[end - size : end]) for end, size in zip(ends, leaves, strict=True))


def _hops(leaves: Sequence[int], counts: int | Sequence[int]) -> Hops:
    if isinstance(counts, int) and len(set(leaves)) == 1:
        return nested_hops([counts, counts * leaves[0], counts * sum(leaves)])
    pods = _by_pod(leaves, counts)
    each = [sum(pod) for pod in pods]
    return grouped_hops([(1, [leaf for pod in pods for leaf in pod]), (2, each), (3, [sum(each)])], sum(each))
