"""The folded Clos network of so many tiers that switches of so many ports make: sizes follow from the endpoints."""

from collections.abc import Mapping
from typing import Annotated, Any

from compiler.networks.topologies.family import Family, Request, Sizes, family
from compiler.networks.topologies.leaf_spine import leaf_spine
from compiler.networks.topologies.parameters import Amount, Count, Rate, rate, whole
from compiler.networks.topologies.planes import overlay
from compiler.networks.topologies.splits import Split, splits, spread, uplinks, widest
from compiler.networks.topologies.star import star
from compiler.networks.topologies.three_tier_clos import clos3
from compiler.networks.topologies.topology import Topology, TopologyError

Plan = tuple[Family, dict[str, Any]]


def solve(request: Request) -> Sizes:
    """The ports of the switch and the endpoints say all; several links of an endpoint go to a plane each.

    Given switches are split into leaves and spines so that all are used; splits that spread the endpoints evenly come
    first, then those that block least.
    """
    given = request.given
    ports = given.get("ports", request.ports)
    if ports is None:
        return Sizes((), "the ports of the switch decide a Clos network; say which switch")
    written = {"n": request.endpoints, "ports": ports, "planes": given.get("planes", request.links)}
    if request.switches is not None:
        return _over_given(request.switches, written, given)
    try:
        sizes = {name: given[name] for name in ("tiers", "oversubscription", "leaves", "spines") if name in given}
        plan(request.endpoints, ports, **sizes)
    except TopologyError as failure:
        return Sizes((), str(failure))
    return Sizes((written,))


def _over_given(switches: int, written: Mapping[str, Any], given: Mapping[str, Any]) -> Sizes:
    n, ports, planes = written["n"], written["ports"], written["planes"]
    if given.get("tiers", 2) != 2:
        return Sizes((), f"given switches are split into two tiers, `tiers` is {given['tiers']}")
    if switches % planes:
        return Sizes((), f"{switches:,} switches do not divide into {planes:,} planes")
    each, most = switches // planes, given.get("oversubscription", float(ports))
    found = [
        ((bool(n % leaves), max(1.0, split.down / split.up)), leaves, split.upper)
        for leaves in range(1, min(each, ports) + 1)
        for split in splits(leaves, -(-n // leaves), ports, most)
        if leaves + split.upper == each
    ]
    best = min((rank for rank, _, _ in found), default=None)
    if best is not None:
        answers = dict.fromkeys((leaves, spines) for rank, leaves, spines in found if rank == best)
        shapes = ({"leaves": leaves, "spines": spines, "oversubscription": best[1]} for leaves, spines in answers)
        return Sizes(tuple({**written, "tiers": 2, **shape} for shape in shapes))
    return Sizes(
        (),
        f"{each:,} switches of {ports:,} ports do not split into leaves and spines for {n:,} endpoints: every leaf "
        f"meets every spine, so there are at most {ports:,} leaves and as many spines as a leaf has ports left",
    )


def plan(n: int, ports: int, tiers: int = 2, oversubscription: float = 1.0, leaves: int = 0, spines: int = 0) -> Plan:
    """The family and the sizes of the smallest such network. Raises `TopologyError` when it does not fit."""
    if tiers == 1:
        if n > ports:
            raise TopologyError(f"{n:,} endpoints do not fit the {ports:,} ports of one switch", parameter="tiers")
        return star, {"n": n}
    down = widest(ports, oversubscription)
    if not down:
        raise TopologyError(f"{ports} ports leave no port for an endpoint beside its uplink", parameter="ports")
    leaves = leaves or max(1, -(-n // down))
    return (_two if tiers == 2 else _three)(n, ports, oversubscription, leaves, spines)


def _two(n: int, ports: int, taper: float, leaves: int, spines: int) -> Plan:
    found = splits(leaves, -(-n // leaves), ports, taper)
    split = next((split for split in found if spines in (0, split.upper)), None)
    if split is None:
        raise _too_many(n, ports, 2, widest(ports, taper) * ports)
    return leaf_spine, {
        "leaves": leaves,
        "spines": split.upper,
        "eps_per_leaf": spread(n, leaves),
        "trunk": split.trunk,
    }


def _three(n: int, ports: int, taper: float, leaves: int, cores: int) -> Plan:
    """Pods as full as half of an aggregation switch allows; the other half faces the cores."""
    pods = -(-leaves // (ports // 2))
    each = -(-leaves // pods)
    up = uplinks(-(-n // leaves), taper)
    lower = next((split for split in _pods(each, -(-n // leaves), up, ports)), None)
    above = splits(pods, each * lower.trunk, ports, 1.0) if lower else iter(())
    upper = next((split for split in above if lower and cores in (0, lower.upper * split.upper)), None)
    if lower is None or upper is None:
        raise _too_many(n, ports, 3, widest(ports, taper) * (ports // 2) * ports)
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


def _too_many(n: int, ports: int, tiers: int, most: int) -> TopologyError:
    return TopologyError(
        f"{n:,} endpoints do not fit {tiers} tiers of switches with {ports:,} ports, which hold {most:,} at most",
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
    member, sizes = plan(n, ports, tiers, oversubscription, leaves, spines)
    rates = {"bw": bw} if member is star else {"bw_ep": bw, "bw_up": bw}
    network = member(**sizes, **rates, **({"bw_core": bw} if member is clos3 else {}))
    return overlay([network] * planes) if planes > 1 else network
