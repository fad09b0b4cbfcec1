"""The folded Clos network of so many tiers that switches of so many ports make: sizes follow from the endpoints."""

from typing import Annotated

from attrs import evolve, frozen

from compiler.networks.topologies.family import Family, Request, Sizes, family
from compiler.networks.topologies.leaf_spine import leaf_spine
from compiler.networks.topologies.parameters import Amount, Count, Rate, rate, whole
from compiler.networks.topologies.planes import overlay
from compiler.networks.topologies.splits import Split, splits, spread, uplinks, widest
from compiler.networks.topologies.star import star
from compiler.networks.topologies.three_tier_clos import clos3
from compiler.networks.topologies.topology import Parameter, Topology, TopologyError

Member = tuple[Family, dict[str, Parameter]]
"""A family and the sizes of one of its networks."""


@frozen
class Clos:
    """A Clos network as it is asked for: so many endpoints on switches of so many ports, 0 leaving a number open.

    `spines` are the cores where there are three tiers.
    """

    n: int
    ports: int
    tiers: int = 2
    oversubscription: float = 1.0
    leaves: int = 0
    spines: int = 0


def solve(request: Request) -> Sizes:
    """The ports of the switch and the endpoints say all; several links of an endpoint go to a plane each.

    Given switches are split into leaves and spines so that all are used; splits that spread the endpoints evenly come
    first, then those that block least.
    """
    ports = request.whole("ports") or request.ports
    if ports is None:
        return Sizes((), "the ports of the switch decide a Clos network; say which switch")
    planes = request.whole("planes", request.links)
    if request.switches is not None:
        return _over_given(request, request.switches, ports, planes)
    sizes = request.whole("tiers", 2), request.number("oversubscription", 1.0)
    try:
        member(Clos(request.endpoints, ports, *sizes, request.whole("leaves", 0), request.whole("spines", 0)))
    except TopologyError as failure:
        return Sizes((), str(failure))
    return Sizes(({"n": request.endpoints, "ports": ports, "planes": planes},))


def _over_given(request: Request, switches: int, ports: int, planes: int) -> Sizes:
    n, tiers = request.endpoints, request.whole("tiers", 2)
    if tiers != 2:
        return Sizes((), f"given switches are split into two tiers, `tiers` is {tiers}")
    if switches % planes:
        return Sizes((), f"{switches:,} switches do not divide into {planes:,} planes")
    each, most = switches // planes, request.number("oversubscription", float(ports))
    found = [
        ((bool(n % leaves), max(1.0, split.down / split.up)), leaves, split.upper)
        for leaves in range(1, min(each, ports) + 1)
        for split in splits(leaves, -(-n // leaves), ports, most)
        if leaves + split.upper == each
    ]
    best = min((rank for rank, _, _ in found), default=None)
    if best is not None:
        answers = dict.fromkeys((leaves, spines) for rank, leaves, spines in found if rank == best)
        written: dict[str, Parameter] = {"n": n, "ports": ports, "planes": planes, "tiers": 2}
        shapes = ({"leaves": leaves, "spines": spines, "oversubscription": best[1]} for leaves, spines in answers)
        return Sizes(tuple({**written, **shape} for shape in shapes))
    return Sizes(
        (),
        f"{each:,} switches of {ports:,} ports do not split into leaves and spines for {n:,} endpoints: every leaf "
        f"meets every spine, so there are at most {ports:,} leaves and as many spines as a leaf has ports left",
    )


def member(wanted: Clos) -> Member:
    """The family and the sizes of the smallest such network. Raises `TopologyError` when it does not fit."""
    n, ports = wanted.n, wanted.ports
    if wanted.tiers == 1:
        if n > ports:
            raise TopologyError(f"{n:,} endpoints do not fit the {ports:,} ports of one switch", parameter="tiers")
        return star, {"n": n}
    down = widest(ports, wanted.oversubscription)
    if not down:
        raise TopologyError(f"{ports} ports leave no port for an endpoint beside its uplink", parameter="ports")
    wanted = evolve(wanted, leaves=wanted.leaves or max(1, -(-n // down)))
    return _two(wanted) if wanted.tiers == 2 else _three(wanted)


def _two(wanted: Clos) -> Member:
    n, leaves, ports = wanted.n, wanted.leaves, wanted.ports
    found = splits(leaves, -(-n // leaves), ports, wanted.oversubscription)
    split = next((split for split in found if wanted.spines in (0, split.upper)), None)
    if split is None:
        raise _too_many(wanted, widest(ports, wanted.oversubscription) * ports)
    return leaf_spine, {
        "leaves": leaves,
        "spines": split.upper,
        "eps_per_leaf": spread(n, leaves),
        "trunk": split.trunk,
    }


def _three(wanted: Clos) -> Member:
    """Pods as full as half of an aggregation switch allows; the other half faces the cores."""
    n, leaves, ports = wanted.n, wanted.leaves, wanted.ports
    pods = -(-leaves // (ports // 2))
    each = -(-leaves // pods)
    up = uplinks(-(-n // leaves), wanted.oversubscription)
    lower = next((split for split in _pods(each, -(-n // leaves), up, ports)), None)
    above = splits(pods, each * lower.trunk, ports, 1.0) if lower else iter(())
    upper = next((split for split in above if lower and wanted.spines in (0, lower.upper * split.upper)), None)
    if lower is None or upper is None:
        raise _too_many(wanted, widest(ports, wanted.oversubscription) * (ports // 2) * ports)
    return clos3, {
        "pods": pods,
        "leaves_per_pod": spread(leaves, pods),
        "eps_per_leaf": spread(n, leaves),
        "aggs_per_pod": lower.upper,
        "cores_per_group": upper.upper,
        "trunk_up": lower.trunk,
        "trunk_core": upper.trunk,
    }


def _pods(leaves: int, down: int, up: int, ports: int) -> list[Split]:
    """Aggregation tiers of a pod: at most half of the ports of a switch face its leaves."""
    found = splits(leaves, down, ports, down / up)
    return [split for split in found if leaves * split.trunk <= ports // 2]


def _too_many(wanted: Clos, most: int) -> TopologyError:
    return TopologyError(
        f"{wanted.n:,} endpoints do not fit {wanted.tiers} tiers of switches with {wanted.ports:,} ports, which hold "
        f"{most:,} at most",
        parameter="n",
        help="take more tiers, more ports or more oversubscription",
    )


@family("clos", solve)
def clos(
    n: Count,
    ports: Annotated[int, whole(2)],
    tiers: Annotated[int, whole(1, 3)] = 2,
    oversubscription: Annotated[float, rate()] = 1.0,
    planes: Count = 1,
    leaves: Amount = 0,
    spines: Amount = 0,
    bw: Rate = 1.0,
) -> Topology:
    """The smallest folded Clos network of `tiers` for `n` endpoints on switches of `ports` ports, in each of `planes`.

    Downlinks of a leaf are at most `oversubscription` times its uplinks; `leaves` and `spines` (of three tiers
    the cores) fix how many there are, 0 takes the fewest.
    """
    found, sizes = member(Clos(n, ports, tiers, oversubscription, leaves, spines))
    network = found(**sizes, **dict.fromkeys(found.bandwidths, bw))
    return overlay([network] * planes) if planes > 1 else network
