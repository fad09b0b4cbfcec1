"""Rail-optimised clusters: accelerator r of every node on rail r, and a scale-up switch in each node."""

from typing import Annotated

import numpy as np
from attrs import frozen

from compiler.networks.topologies.family import Request, Sizes, family
from compiler.networks.topologies.leaf_spine import leaf_spine, tiers_of
from compiler.networks.topologies.parameters import Amount, Count, Rate, rate, whole
from compiler.networks.topologies.splits import splits, widest
from compiler.networks.topologies.topology import Hanging, Hops, Parameter, Planes, Tier, Topology, affordable
from compiler.networks.topologies.wiring import Along, Integers, access, bundle, endpoints, wired

RateOrNone = Annotated[float, rate(-1.0)]


def solve(request: Request) -> Sizes:
    """`nodes` from the endpoints and `rails` (or `gpus`); leaves and spines from the ports of the switch. The scale-up
    switches of the nodes are a network of their own.

    A leaf gives half of its ports to nodes, or all of them where `spines = 0` is written; every leaf meets every spine,
    non-blocking, by the fewest spines that divide its uplinks evenly.
    """
    given = request.given
    gpus = request.whole("gpus") or request.whole("rails")
    if gpus is None:
        return Sizes((), "the number of rails follows from nothing; write `rails`")
    nodes, rest = divmod(request.endpoints, gpus)
    if rest or not nodes:
        return Sizes((), f"{request.endpoints:,} endpoints are not {gpus:,} in each of some nodes")
    sizes: dict[str, Parameter] = {"nodes": nodes, "gpus": gpus, "bw_nv": request.number("bw_nv", 0.0)}
    if request.ports is None or {"spines", "leaves_per_rail"} <= given.keys():
        return Sizes((sizes,))
    down = request.ports if request.whole("spines") == 0 else widest(request.ports, 1.0)
    each_rail = request.whole("leaves_per_rail", -(-nodes // down) if down else 0)
    sizes["leaves_per_rail"] = each_rail
    if not down or -(-nodes // each_rail) > request.ports:
        return Sizes((), f"{nodes:,} nodes do not fit {each_rail:,} leaves of {request.ports:,} ports")
    if "spines" in given:
        return Sizes((sizes,))
    leaves = gpus * each_rail
    split = next(splits(leaves, -(-nodes // each_rail), request.ports, 1.0), None)
    if split is None:
        return Sizes((), f"no spine of {request.ports:,} ports reaches {leaves:,} leaves without blocking")
    return Sizes(({**sizes, "spines": split.upper, "trunk": split.trunk},))


@frozen
class Rails:
    """Rails of `leaves_per_rail` leaves, one for each of the `gpus` in each of `nodes`. A unit is what enters one leaf of
    every rail."""

    nodes: int
    gpus: int
    leaves_per_rail: int

    @property
    def units(self) -> list[int]:
        """Nodes of each unit, the leaves of a rail being numbered from 0: m with floor(m units / nodes) = unit."""
        units = self.leaves_per_rail
        begins = [-(-unit * self.nodes // units) for unit in range(units + 1)]
        return [begins[unit + 1] - begins[unit] for unit in range(units)]


@family("rail", solve, {"rails": whole(1)})
def rail(
    nodes: Count,
    gpus: Count,
    bw_nv: RateOrNone = 1.0,
    bw_nic: Rate = 1.0,
    spines: Amount = 0,
    trunk: Count = 1,
    leaves_per_rail: Count = 1,
) -> Topology:
    """`nodes` of `gpus` on a scale-up switch each, `gpus` rails of `leaves_per_rail` leaves; in a design `bw_nv` is 0, a network
    without scale-up switches, unless it is written, and with a `switch` leaves and spines follow from its ports.

    Node m enters leaf floor(m leaves_per_rail / nodes) of each rail; every leaf meets every spine by `trunk` cables.
    """
    affordable("leaves", gpus * leaves_per_rail)
    rails = Rails(nodes, gpus, leaves_per_rail)
    scale_out = _scale_out(rails, spines, trunk, bw_nic)
    if not bw_nv:
        return scale_out
    scale_up = leaf_spine(leaves=nodes, spines=0, eps_per_leaf=gpus, bw_ep=bw_nv)
    return wired(
        [endpoints(nodes * gpus, 2), Tier("nvswitch", nodes, gpus), *scale_out.tiers[1:]],
        [access("nvswitch", gpus, nodes, bw_nv), *scale_out.bundles],
        structure=Planes((scale_up, scale_out), aligned=False),
        hops=lambda _: _hops(rails, spines, gpus),
    )


def _scale_out(rails: Rails, spines: int, trunk: int, bandwidth: float) -> Topology:
    """The rails alone. Leaves are numbered by unit, then by rail."""
    nodes, gpus, units = rails.nodes, rails.gpus, rails.units
    leaves = gpus * rails.leaves_per_rail
    counts = tuple(unit for unit in units for _ in range(gpus))

    def first_leaf() -> Integers:
        return np.arange(nodes) * rails.leaves_per_rail // nodes * gpus

    return wired(
        [
            endpoints(nodes * gpus, 1),
            Tier("leaf", leaves, max(units) + spines * trunk),
            *([Tier("spine", spines, leaves * trunk)] if spines else []),
        ],
        [
            bundle("endpoint", "leaf", Along(nodes, gpus, first_leaf), Along(gpus, 1, 1), bandwidth=bandwidth),
            bundle("leaf", "spine", Along(leaves, 1, 0), Along(spines, 0, 1), bandwidth=bandwidth, cables=trunk),
        ],
        structure=tiers_of(counts, spines, trunk, bandwidth, bandwidth),
        in_order=False,
        hanging=Hanging(counts, bandwidth),
        hops=lambda _: _hops(rails, spines, 1),
    )


def _hops(rails: Rails, spines: int, inside: int) -> Hops:
    """Two hops to who shares a switch, the node's (of `inside` accelerators) or a leaf; four to all others.

    Without spines the scale-up switch changes the rail, and a unit is an island.
    """
    total, units = rails.nodes * rails.gpus, rails.units
    near = total * (inside - 1) + rails.gpus * sum(unit * (unit - 1) for unit in units)
    far = total * (total - 1) - near
    islands = sum(1 for unit in units if unit) * (1 if inside > 1 else rails.gpus)
    if not spines and islands > 1:
        return Hops(None, None)
    if total <= 1:
        return Hops(0, 0.0)
    return Hops(4 if far else 2, (2 * near + 4 * far) / (total * (total - 1)))
