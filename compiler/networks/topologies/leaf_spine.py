"""Two tiers: every leaf to every spine."""

from collections.abc import Iterable

from compiler.networks.topologies.family import Request, Sizes, family
from compiler.networks.topologies.hops import grouped_hops
from compiler.networks.topologies.parameters import Amount, Amounts, Count, Rate, exactly, rate
from compiler.networks.topologies.splits import Split, splits, spread, widest
from compiler.networks.topologies.topology import (
    Hanging,
    Hops,
    LeafSpine,
    Parameter,
    Tier,
    Topology,
    affordable,
)
from compiler.networks.topologies.wiring import Along, access, bundle, endpoints, wired


def solve(request: Request) -> Sizes:
    """Leaves and spines from the ports: see `splits` for the rule. Over given switches, every split that uses all.

    What is written holds: `leaves`, `eps_per_leaf`, `spines` (then `trunk` is 1 unless written, whatever it blocks).
    """
    n = request.endpoints
    if request.ports is None:
        return _written(request)
    answers: list[dict[str, Parameter]] = []
    for leaves in _leaf_counts(request):
        down = -(-n // leaves)
        if (spines := request.whole("spines")) is not None:
            trunk = request.whole("trunk", 1)
            fits = down + spines * trunk <= request.ports and leaves * trunk <= request.ports
            found = [Split(down, spines * trunk, spines, trunk)] if fits else []
        else:
            found = list(splits(leaves, down, request.ports, request.number("oversubscription", 1.0)))
        if request.switches is not None:
            found = [split for split in found if leaves + split.upper == request.switches]
        each = request.counts("eps_per_leaf")
        each = spread(n, leaves) if each is None else each
        answers += [
            {"leaves": leaves, "eps_per_leaf": each, "spines": split.upper, "trunk": split.trunk} for split in found[:1]
        ]
    if answers:
        return Sizes(tuple(answers))
    over = "" if request.switches is None else f"{request.switches:,} "
    return Sizes((), f"{n:,} endpoints fit no two tiers of {over}switches with {request.ports:,} ports as written")


def _written(request: Request) -> Sizes:
    """Without ports, the one of `leaves` and `eps_per_leaf` that is not written."""
    n, written, each = request.endpoints, request.whole("leaves"), request.counts("eps_per_leaf")
    has_spines = "spines" in request.given
    if has_spines and written is not None:
        return Sizes(({"leaves": written, "eps_per_leaf": spread(n, written) if each is None else each},))
    if not has_spines or each is None:
        return Sizes((), "write `leaves` and `spines`, or say which switch and so how many ports")
    leaves, rest = (len(each), n - sum(each)) if isinstance(each, tuple) else divmod(n, max(each, 1))
    return Sizes((), f"{n:,} endpoints are not `eps_per_leaf` on each leaf") if rest else Sizes(({"leaves": leaves},))


def _leaf_counts(request: Request) -> Iterable[int]:
    """Numbers of leaves to try."""
    n, ports = request.endpoints, request.ports or 0
    if (leaves := request.whole("leaves")) is not None:
        return [leaves]
    each = request.counts("eps_per_leaf")
    if isinstance(each, tuple):
        return [len(each)] if sum(each) == n else []
    if each is not None:
        return [n // each] if each and n % each == 0 else []
    if request.switches is not None:
        return range(1, min(request.switches, ports) + 1)
    spines = request.whole("spines")
    down = 0 if spines is None else ports - spines * request.whole("trunk", 1)
    down = max(down, 0) or widest(ports, request.number("oversubscription", 1.0))
    return [max(1, -(-n // down))] if down else []


@family("leaf_spine", solve, {"oversubscription": rate()})
def leaf_spine(
    leaves: Count,
    spines: Amount,
    eps_per_leaf: Amounts,
    bw_ep: Rate = 1.0,
    bw_up: Rate = 1.0,
    trunk: Count = 1,
) -> Topology:
    """Endpoints on leaves, every leaf to every spine by `trunk` cables.

    `eps_per_leaf` is one number for all leaves or one for each. Without spines the leaves are islands.
    """
    affordable("leaves", leaves)
    uniform = isinstance(eps_per_leaf, int)
    counts = (eps_per_leaf,) * leaves if isinstance(eps_per_leaf, int) else eps_per_leaf
    exactly("eps_per_leaf", counts, leaves)
    total = sum(counts)
    heights = [(1, counts), (2, [total])] if spines else [(1, counts)]

    def hops(_: Topology) -> Hops:
        return grouped_hops(heights, total)

    return wired(
        [
            endpoints(total, 1),
            Tier("leaf", leaves, max(counts) + spines * trunk),
            *([Tier("spine", spines, leaves * trunk)] if spines else []),
        ],
        [
            access("leaf", eps_per_leaf if uniform else counts, leaves, bw_ep),
            bundle("leaf", "spine", Along(leaves, 1, 0), Along(spines, 0, 1), bandwidth=bw_up, cables=trunk),
        ],
        structure=tiers_of(counts, spines, trunk, bw_ep, bw_up),
        hanging=Hanging(eps_per_leaf if uniform else counts, bw_ep),
        hops=hops,
    )


def tiers_of(
    counts: tuple[int, ...], spines: int, trunk: int, endpoint_bandwidth: float, uplink_bandwidth: float
) -> LeafSpine | None:
    """The structure, if it says all: an empty leaf still ties spines together, so that only the graph tells its cuts.
    Without spines it is no part of any cut."""
    if spines and not all(counts):
        return None
    return LeafSpine(tuple(filter(None, counts)), spines, trunk, endpoint_bandwidth, uplink_bandwidth)
