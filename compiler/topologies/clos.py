"""The folded Clos network of so many tiers that switches of so many ports make: sizes follow from the endpoints."""

from collections.abc import Mapping
from typing import Annotated, Any

from compiler.topologies.clos3 import clos3
from compiler.topologies.family import Family, Request, Sizes, family
from compiler.topologies.leaf_spine import leaf_spine
from compiler.topologies.model import Topology, TopologyError
from compiler.topologies.parameters import Count, Rate, rate, whole
from compiler.topologies.planes import overlay
from compiler.topologies.splits import Split, splits, spread, uplinks, widest
from compiler.topologies.star import star

Plan = tuple[Family, dict[str, Any]]


def solve(request: Request) -> Sizes:
    """The ports of the switch and the endpoints say all; several links of an endpoint go to a plane each.

    Over given switches, every split into leaves and spines that uses all of them.
    """
    given = request.given
    ports = given.get("ports", request.ports)
    if ports is None:
        return Sizes((), "the ports of the switch decide a Clos network; say which switch")
    tiers, taper = given.get("tiers", 2), given.get("oversubscription", 1.0)
    written = {"n": request.endpoints, "ports": ports, "tiers": tiers, "planes": given.get("planes", request.links)}
    if request.switches is not None:
        return _over_given(request.switches, written, taper)
    try:
        plan(request.endpoints, ports, tiers, taper)
    except TopologyError as failure:
        return Sizes((), str(failure))
    return Sizes(({**written, "oversubscription": taper},))


def _over_given(switches: int, written: Mapping[str, Any], taper: float) -> Sizes:
    n, ports, planes = written["n"], written["ports"], written["planes"]
    if written["tiers"] != 2:
        return Sizes((), f"given switches are split into two tiers, `tiers` is {written['tiers']}")
    if switches % planes:
        return Sizes((), f"{switches:,} switches do not divide into {planes:,} planes")
    each = switches // planes
    answers = [
        {**written, "oversubscription": taper, "leaves": leaves}
        for leaves in range(1, min(each, ports) + 1)
        for split in splits(leaves, -(-n // leaves), ports, taper)
        if leaves + split.upper == each
    ]
    if answers:
        return Sizes(tuple(answers))
    down = widest(ports, taper)
    leaves = -(-n // down) if down else 0
    return Sizes(
        (),
        f"{each:,} switches of {ports:,} ports do not split into leaves and spines for {n:,} endpoints at {taper:g}:1: "
        f"a leaf holds at most {down:,}, so there are at least {leaves:,} leaves, "
        f"and spines of {ports:,} ports reach at most {ports:,} leaves",
    )


def plan(n: int, ports: int, tiers: int, taper: float, leaves: int | None = None) -> Plan:
    """The family and the sizes of the smallest such network. Raises `TopologyError` when it does not fit."""
    if tiers == 1:
        if n > ports:
            raise TopologyError(f"{n:,} endpoints do not fit the {ports:,} ports of one switch", parameter="tiers")
        return star, {"n": n}
    down = widest(ports, taper)
    if not down:
        raise TopologyError(f"{ports} ports leave no port for an endpoint beside its uplink", parameter="ports")
    leaves = leaves or max(1, -(-n // down))
    return _two(n, ports, taper, leaves) if tiers == 2 else _three(n, ports, taper, leaves)


def _two(n: int, ports: int, taper: float, leaves: int) -> Plan:
    split = next(splits(leaves, -(-n // leaves), ports, taper), None)
    if split is None:
        raise _too_many(n, ports, 2, widest(ports, taper) * ports)
    return leaf_spine, {
        "leaves": leaves,
        "spines": split.upper,
        "eps_per_leaf": spread(n, leaves),
        "trunk": split.trunk,
    }


def _three(n: int, ports: int, taper: float, leaves: int) -> Plan:
    """Pods as full as half of an aggregation switch allows; the other half faces the cores."""
    pods = -(-leaves // (ports // 2))
    each = -(-leaves // pods)
    up = uplinks(-(-n // leaves), taper)
    lower = next((split for split in _pods(each, -(-n // leaves), up, ports)), None)
    upper = next(splits(pods, each * lower.trunk, ports, 1.0), None) if lower else None
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
    leaves: Annotated[int, whole(0)] = 0,
    bw: Rate = 1.0,
) -> Topology:
    """The smallest folded Clos network of `tiers` for `n` endpoints on switches of `ports` ports, in each of `planes`.

    Downlinks of a leaf are at most `oversubscription` times its uplinks; `leaves` fixes their number (0: the fewest).
    """
    member, sizes = plan(n, ports, tiers, oversubscription, leaves or None)
    rates = {"bw": bw} if member is star else {"bw_ep": bw, "bw_up": bw}
    network = member(**sizes, **rates, **({"bw_core": bw} if member is clos3 else {}))
    return overlay([network] * planes) if planes > 1 else network
