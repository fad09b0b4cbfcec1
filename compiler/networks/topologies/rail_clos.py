"""The scale-out network of a pod of DGX nodes: rails within scalable units, under groups of spines and cores."""

from typing import Annotated

import numpy as np
from attrs import frozen

from compiler.networks.topologies.family import Request, Sizes, family
from compiler.networks.topologies.hops import grouped_hops
from compiler.networks.topologies.leaf_spine import leaf_spine
from compiler.networks.topologies.parameters import Count, Rate, one_of, whole
from compiler.networks.topologies.splits import Split, splits
from compiler.networks.topologies.topology import (
    Hanging,
    Level,
    Pods,
    Tier,
    TierLinks,
    Topology,
    TopologyError,
    Tree,
    affordable,
)
from compiler.networks.topologies.wiring import Along, Integers, bundle, endpoints, listed, wired

PORTS = 40
GPUS = 8


def solve(request: Request) -> Sizes:
    """`nodes` from the endpoints and `gpus`; `su` as the fewest units whose leaves give half of their ports to nodes."""
    gpus = request.whole("gpus", GPUS)
    nodes, rest = divmod(request.endpoints, gpus)
    if rest or not nodes:
        return Sizes((), f"{request.endpoints:,} endpoints are not {gpus:,} in each of some nodes")
    most = request.whole("ports", PORTS) // 2
    return Sizes(({"nodes": nodes, "su": request.whole("su", -(-nodes // most))},))


@frozen
class Units:
    """Nodes in `count` units of `each`, of which the last may be short."""

    nodes: int
    count: int

    @property
    def each(self) -> int:
        """Nodes of a full unit."""
        return -(-self.nodes // self.count)

    @property
    def last(self) -> int:
        """Nodes of the last unit; below 1 where so many full units leave none for it."""
        return self.nodes - self.each * (self.count - 1)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Nodes of every unit."""
        return (self.each,) * (self.count - 1) + (self.last,)


@family("rail_clos", solve)
def rail_clos(
    nodes: Count,
    gpus: Count = GPUS,
    su: Count = 1,
    bw_nic: Rate = 1.0,
    ports: Annotated[int, whole(2)] = PORTS,
    scope: Annotated[str, one_of("scale-out only")] = "scale-out only",
) -> Topology:
    """`nodes` in `su` units with a leaf for each of `gpus` rails, non-blocking, on switches of `ports` ports.

    Units are equal but for the last, which may be short; its leaves have the uplinks of the others. One unit has spines
    only. Several have spines for each rail, as few as divide the uplinks of a leaf evenly, and cores that take their
    uplinks in turn. Counts as in NVIDIA RA-09950-001 (2020). Raises `TopologyError` for what does not fit the ports.
    """
    units = _units(nodes, su, ports)
    each = units.each
    if su == 1:
        return _unit(each, gpus, ports, bw_nic)
    split = next((s for s in splits(su, each, ports, 1.0) if s.up == each and 2 * su * s.trunk <= ports), None)
    if split is None:
        raise TopologyError(f"spines of {ports} ports reach at most {ports // 2} units, `su` is {su}", parameter="su")
    up = su * split.trunk
    spines, cores = gpus * split.upper, max(up, -(-gpus * split.upper * up // ports))

    def into_cores() -> tuple[Integers, Integers]:
        cable = np.arange(spines * up)
        return cable // up, cable % cores

    leaf = Along(su, gpus, 0), Along(gpus, 1, split.upper), Along(split.upper, 0, 1)
    hanging = each if units.last == each else tuple(size for size in units.sizes for _ in range(gpus))
    return wired(
        [
            endpoints(nodes * gpus, 1),
            Tier("leaf", gpus * su, 2 * each),
            Tier("spine", spines, 2 * up),
            Tier("core", cores, -(-spines * up // cores)),
        ],
        [
            _into_leaves(nodes, each, gpus, bw_nic),
            bundle("leaf", "spine", *leaf, bandwidth=bw_nic, cables=split.trunk),
            listed("spine", "core", spines * up, into_cores, bw_nic),
        ],
        structure=_structure(units, gpus, split, cores, bw_nic),
        in_order=False,
        hanging=Hanging(hanging, bw_nic),
    )


def _units(nodes: int, count: int, ports: int) -> Units:
    """So many units of nodes. Raises `TopologyError` where one is empty, or a leaf has too few ports."""
    units = Units(nodes, affordable("leaves", count))
    if units.last < 1:
        raise TopologyError(
            f"{nodes:,} nodes in units of {units.each:,} fill {-(-nodes // units.each):,} of them, `su` is {count:,}",
            parameter="su",
            help=f"take su = {-(-nodes // units.each)}",
        )
    if 2 * units.each > ports:
        raise TopologyError(
            f"a leaf of {ports} ports carries {ports // 2} nodes, a unit has {units.each}", parameter="nodes"
        )
    return units


def _structure(units: Units, rails: int, split: Split, cores: int, bandwidth: float) -> Tree | Pods | None:
    """The tree with the same cuts: spines of a rail that enter the same cores see the same neighbours, so that they
    move together and count as one with thicker links. A rail is a pod where its last leaf is short."""
    up = units.count * split.trunk
    groups = cores // up
    if cores % up or split.upper % groups:
        return None
    alike = split.upper // groups
    if units.last < units.each:
        rail = units.sizes
        return Pods((rail,) * rails, groups, up, bandwidth, bandwidth * split.trunk * alike, bandwidth * alike)
    return Tree(
        (
            Level(split.down, 1, bandwidth),
            Level(units.count, groups, bandwidth, split.trunk * alike),
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
    rails = _into_leaves(nodes, nodes, gpus, bandwidth)
    return wired(
        network.tiers,
        [rails, *network.bundles[1:]],
        structure=network.structure,
        in_order=False,
        hanging=network.hanging,
        hops=lambda _: grouped_hops([(1, [nodes] * gpus), (2, [nodes * gpus])], nodes * gpus),
    )


def _into_leaves(nodes: int, each: int, gpus: int, bandwidth: float) -> TierLinks:
    """Accelerator r of every node to leaf r of its unit, of `each` nodes."""

    def first_leaf() -> Integers:
        return np.arange(nodes) // each * gpus

    axes = Along(nodes, gpus, first_leaf), Along(gpus, 1, 1)
    return bundle("endpoint", "leaf", *axes, bandwidth=bandwidth)
