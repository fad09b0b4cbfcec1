"""The three-tier fat tree of equal switches."""

from typing import Annotated

from compiler.networks.topologies.family import Request, Sizes, family
from compiler.networks.topologies.parameters import Rate, given, whole
from compiler.networks.topologies.three_tier_clos import clos3
from compiler.networks.topologies.topology import Topology, TopologyError


def radix(name: str, value: object) -> int:
    """An even number of ports: half of them down, half of them up. Raises `TopologyError` for an odd one."""
    k = whole(2)(name, value)
    if k % 2:
        raise TopologyError(
            f"a fat tree needs an even number of ports, `k` is {k}",
            parameter=name,
            help=f"take {k - 1} or {k + 1}" if k > 2 else "take 4",
        )
    return k


def solve(request: Request) -> Sizes:
    """`k` from the ports of the switch, or the k whose full tree has the endpoints; `pods` from the endpoints."""
    k = request.whole("k") or request.ports
    if k is None:
        k = round((4 * request.endpoints) ** (1 / 3))
        if k < 2 or k**3 != 4 * request.endpoints:
            return Sizes((), f"no even `k` has k^3/4 = {request.endpoints:,} endpoints; write `k`")
    if k % 2:
        return Sizes((), f"a fat tree needs an even number of ports, the switch has {k}")
    pods, rest = divmod(request.endpoints, k * k // 4)
    if rest:
        return Sizes((), f"{request.endpoints:,} endpoints do not fill pods of k^2/4 = {k * k // 4:,}; use `clos3`")
    if not 1 <= pods <= k:
        return Sizes((), f"{request.endpoints:,} endpoints are {pods:,} pods of {k * k // 4:,}, a core reaches {k:,}")
    return Sizes(({"k": k, "pods": pods},))


@family("fat_tree", solve)
def fat_tree(k: Annotated[int, radix], pods: Annotated[int | None, given(whole(1))] = None, bw: Rate = 1.0) -> Topology:
    """Switches of `k` ports in `pods` pods (k of them) of k/2 leaves and k/2 aggregation switches, and (k/2)^2 cores.

    Al-Fares, Loukissas & Vahdat, SIGCOMM 2008. Fewer pods leave core ports free. Raises
    `TopologyError` for more than a core switch has ports.
    """
    half = k // 2
    if pods is not None and pods > k:
        raise TopologyError(
            f"core switches of {k} ports reach at most {k} pods, `pods` is {pods}",
            parameter="pods",
            help=f"take k = {pods + pods % 2}",
        )
    return clos3(
        pods=pods or k,
        leaves_per_pod=half,
        eps_per_leaf=half,
        aggs_per_pod=half,
        cores_per_group=half,
        bw_ep=bw,
        bw_up=bw,
        bw_core=bw,
    )
