"""The scale-out network of a pod of DGX nodes: rails within scalable units, under groups of spines and cores."""

from typing import Annotated

import numpy as np

from compiler.networks.topologies.family import family
from compiler.networks.topologies.hops import grouped_hops
from compiler.networks.topologies.leaf_spine import leaf_spine
from compiler.networks.topologies.parameters import Count, Rate, one_of, whole
from compiler.networks.topologies.splits import Split, splits
from compiler.networks.topologies.topology import Hanging, Level, Tier, TierLinks, Topology, TopologyError, Tree
from compiler.networks.topologies.wiring import Along, Integers, bundle, endpoints, listed, wired


@family("rail_clos")
def rail_clos(
    nodes: Count,
    gpus: Count = 8,
    su: Count = 1,
    bw_nic: Rate = 1.0,
    ports: Annotated[int, whole(2)] = 40,
    scope: Annotated[str, one_of("scale-out only")] = "scale-out only",
) -> Topology:
    """`nodes` in `su` equal units with a leaf for each of `gpus` rails, non-blocking, on switches of `ports` ports.

    One unit has spines only. Several have spines for each rail, as few as divide the uplinks of a leaf evenly, and
    cores that take their uplinks in turn. Counts as in NVIDIA RA-09950-001 (2020). Raises `TopologyError` for what does
    not fit the ports.
    """
    each, rest = divmod(nodes, su)
    if rest:
        raise TopologyError(f"{nodes:,} nodes are not {su:,} equal units", parameter="su")
    if 2 * each > ports:
        raise TopologyError(f"a leaf of {ports} ports carries {ports // 2} nodes, a unit has {each}", parameter="nodes")
    if su == 1:
        return _unit(each, gpus, ports, bw_nic)
    split = next((s for s in splits(su, each, ports, 1.0) if s.up == each and 2 * su * s.trunk <= ports), None)
    if split is None:
        raise TopologyError(f"spines of {ports} ports reach at most {ports // 2} units, `su` is {su}", parameter="su")
    up = su * split.trunk
    spines, cores = gpus * split.upper, max(up, -(-gpus * split.upper * up // ports))
    n = nodes * gpus

    def into_cores() -> tuple[Integers, Integers]:
        cable = np.arange(spines * up)
        return cable // up, cable % cores

    leaf = Along(su, gpus, 0), Along(gpus, 1, split.upper), Along(split.upper, 0, 1)
    return wired(
        [
            endpoints(n, 1),
            Tier("leaf", gpus * su, 2 * each),
            Tier("spine", spines, 2 * up),
            Tier("core", cores, -(-spines * up // cores)),
        ],
        [
            _into_leaves(su, each, gpus, bw_nic),
            bundle("leaf", "spine", *leaf, bandwidth=bw_nic, cables=split.trunk),
            listed("spine", "core", spines * up, into_cores, bw_nic),
        ],
        structure=_tree(su, gpus, split, cores, bw_nic),
        in_order=False,
        hanging=Hanging(each, bw_nic),
    )


def _tree(units: int, rails: int, split: Split, cores: int, bandwidth: float) -> Tree | None:
    """The tree with the same cuts: spines of a rail that enter the same cores see the same neighbours, so that they
    move together and count as one with thicker links."""
    up = units * split.trunk
    groups = cores // up
    if cores % up or split.upper % groups:
        return None
    alike = split.upper // groups
    return Tree(
        (
            Level(split.down, 1, bandwidth),
            Level(units, groups, bandwidth, split.trunk * alike),
            Level(rails, up, bandwidth, alike),
        )
    )


def _unit(nodes: int, gpus: int, ports: int, bandwidth: float) -> Topology:
    split = next((s for s in splits(gpus, nodes, ports, 1.0) if s.up == nodes), None)
    if split is None:
        raise TopologyError(f"no spine of {ports} ports takes {nodes} uplinks of {gpus} leaves", parameter="ports")
    network = leaf_spine(
        leaves=gpus, spines=split.upper, eps_per_leaf=nodes, trunk=split.trunk, bw_ep=bandwidth, bw_up=bandwidth
    )
    rails = _into_leaves(1, nodes, gpus, bandwidth)
    return wired(
        network.tiers,
        [rails, *network.bundles[1:]],
        structure=network.structure,
        in_order=False,
        hanging=network.hanging,
        hops=lambda _: grouped_hops([(1, [nodes] * gpus), (2, [nodes * gpus])], nodes * gpus),
    )


def _into_leaves(units: int, nodes: int, gpus: int, bandwidth: float) -> TierLinks:
    """Accelerator r of every node to leaf r of its unit."""
    axes = Along(units, nodes * gpus, gpus), Along(nodes, gpus, 0), Along(gpus, 1, 1)
    return bundle("endpoint", "leaf", *axes, bandwidth=bandwidth)
