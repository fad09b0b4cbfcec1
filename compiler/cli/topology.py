"""Describe one topology by itself: counts, distances, certified bisection."""

import argparse
import json
from typing import TYPE_CHECKING

from compiler.cli.report import failing
from compiler.workspace.single_topology import TopologyReport, topology
from compiler.workspace.terminal import give, say, waiting
from compiler.workspace.topology_text import call_text

if TYPE_CHECKING:
    from compiler.networks.traffic import Traffic
    from compiler.report.findings import Failed

EXAMPLES = (
    ('clusterc topology "torus(dims = [7, 4])"', "counts, diameter, bisection"),
    ('clusterc topology "slimfly(q = 5, p = 2)" --format json', "clusterc.topology/1"),
    ('clusterc topology "torus(dims = [7, 4])" --traffic', "what every endpoint can send, and the ways across"),
    ('clusterc topology "fat_tree(k = 8)" --fail links=8', "bisection after losing links at random"),
    ("clusterc topology --list", "every family with its parameters"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "topology", nargs="?", metavar="TOPOLOGY", help="as after `by` in a connect; 1 is a link's bandwidth"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text or JSON")
    parser.add_argument("--effort", choices=("low", "normal", "high"), default="normal", help="work for the bisection")
    parser.add_argument("--traffic", action="store_true", help="add throughput, oversubscription and ways across")
    failing(parser)
    parser.add_argument("--list", action="store_true", help="list the families")


def run(options: argparse.Namespace) -> int:
    """Print counts, distances and bisection of a topology. Raises `ClusterError` naming the condition that fails."""
    if options.list or not options.topology:
        say(_families())
        return 0
    with waiting(f"working out {options.topology}"):
        found = topology(options.topology if "(" in options.topology else f"{options.topology}()")
        data = found.to_dict(options.effort)
        carried = of_network(found, options.effort) if options.traffic else None
        lost = _failures(found, options) if options.fail else ()
    if options.format == "json":
        if carried is not None:
            data["traffic"] = _traffic_data(carried)
        if lost:
            data["failures"] = [_failed_data(each) for each in lost]
        give((json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())
        return 0
    say(_page(found, options.effort) + (_traffic(carried) if carried is not None else "") + _lost(lost))
    return 0


def of_network(found: TopologyReport, effort: str) -> "Traffic":
    """Throughput of a topology."""
    from compiler.networks.traffic import of_topology

    return of_topology(found.network, effort=effort, half=found.bisected(effort))


def _failures(found: TopologyReport, options: argparse.Namespace) -> "tuple[Failed, ...]":
    from compiler.networks.failures import of_topology, parsed
    from compiler.report.wired import failed

    failure = parsed(options.fail)
    after = of_topology(found.network, failure, options.samples, options.seed, options.effort)
    return tuple(failed(found.family, str(failure), after))


def _traffic(carried: "Traffic") -> str:
    """Text about throughput and paths, to stand below the figures of the topology."""
    from compiler.quantities.display import digits

    def ends(low: float | None, high: float | None) -> str:
        return " to ".join(dict.fromkeys(digits(end, 6) for end in (low, high) if end is not None)) or "absent"

    rows = []
    for name, bound in (("all to all", carried.all_to_all), ("the worst permutation", carried.permutation)):
        rows.append((f"What one endpoint can send, {name}", f"{ends(bound.lower, bound.upper)} ({bound.status})"))
        rows += [("  proven by", bound.method)] if bound.method else []
    rows += [(f"Oversubscription at the {tier.tier} tier", f"{digits(tier.ratio, 4)}:1") for tier in carried.narrowings]
    if (ways := carried.diversity) is not None:
        rows.append(("Shortest paths between endpoints farthest apart", f"{ways.shortest:,} of {ways.hops} hops"))
        rows.append(("Paths between them that share no cable", f"{ways.disjoint:,}"))
    width = max(len(name) for name, _ in rows)
    return "".join(f"  {name:<{width}}  {value}\n" for name, value in rows)


def _lost(lost: "tuple[Failed, ...]") -> str:
    from compiler.quantities.display import digits

    def ends(pair: tuple[float, float] | None) -> str:
        return " to ".join(dict.fromkeys(digits(end, 6) for end in pair or ()))

    lines = []
    for each in lost:
        if each.least is None:
            lines.append(f"  After losing {each.failure}: {each.reason}")
            continue
        tried = f"{each.tried:,} of {each.total:,} tried" if each.tried else f"for any of {each.total:,}"
        tried = f"{each.tried:,} draws" if each.what == "links" and each.tried else tried
        spread = f"least {ends(each.least)}"
        spread += f", median {ends(each.median)}, most {ends(each.most)}" if each.tried else ""
        lines.append(f"  After losing {each.failure} ({each.what}; {tried}): {spread}")
    return "".join(f"{line}\n" for line in lines)


def _traffic_data(carried: "Traffic") -> dict[str, object]:
    ways = carried.diversity
    return {
        "all_to_all": carried.all_to_all.as_json(),
        "worst_permutation": carried.permutation.as_json(),
        "oversubscription": {tier.tier: tier.ratio for tier in carried.narrowings},
        "paths": {"hops": ways.hops, "shortest": ways.shortest, "disjoint": ways.disjoint} if ways else None,
    }


def _failed_data(each: "Failed") -> dict[str, object]:
    spread = {"least": each.least, "median": each.median, "most": each.most}
    return {"failure": each.failure, "lost": each.what, "tried": each.tried, "total": each.total, **spread}


def _families() -> str:
    from inspect import Parameter

    from compiler.networks.topologies.catalogue import families

    lines = []
    for name, family in families().items():
        shown = [
            key if value.default is Parameter.empty else f"{key} = {value.default}"
            for key, value in family.parameters.items()
        ]
        lines += [f"{name}({', '.join(shown)})", f"    {family.title}"]
    return "\n".join(lines) + "\n"


def _page(found: TopologyReport, effort: str) -> str:
    from compiler.quantities.display import digits

    bound = found.bisected(effort)
    ends = [end for end in (bound.lower, bound.upper) if end is not None]
    shown = " to ".join(dict.fromkeys(digits(end, 6) for end in ends)) or "absent"
    from compiler.networks.topologies.size_limits import LIMITS

    never = "not connected" if found.network.vertices <= LIMITS["vertices"] else "too large to walk"
    hops = never if found.average_hops is None else digits(found.average_hops, 6)
    rows = [
        ("Endpoints", f"{found.endpoints:,}"),
        ("Switches", f"{found.switches:,}"),
        ("Links", f"{found.links:,}"),
        ("Links between switches, or between endpoints of a direct network", f"{found.links_fabric:,}"),
        *_circuits(found),
        ("Diameter, hops", never if found.diameter is None else str(found.diameter)),
        ("Average distance, hops", hops),
        ("Bisection, one direction, links of bandwidth 1", f"{shown} ({bound.status})"),
    ]
    rows += [("  proven by", bound.method)] if bound.method else []
    rows += [("  not better known because", bound.reason)] if bound.reason else []
    if bound.cut is not None:
        rows += [("  endpoints on either side of the cut", " and ".join(f"{n:,}" for n in bound.cut.endpoints))]
        rows += [("  the cut", part) for part in bound.cut.parts]
        rows += [("  across it", f"{c.count:,}, {c.links}: {digits(c.capacity, 6)}") for c in bound.cut.crossing]
    width = max(len(name) for name, _ in rows)
    return (
        "\n".join([call_text(found.family, found.parameters), *(f"  {name:<{width}}  {value}" for name, value in rows)])
        + "\n"
    )


def _circuits(found: TopologyReport) -> list[tuple[str, str]]:
    """The circuit switches that links pass; no row where there are none."""
    circuits = found.network.circuits
    if circuits is None:
        return []
    return [
        ("Circuit switches", f"{circuits.count:,}, {circuits.links:,} links pass them, {circuits.ports:,} ports each")
    ]
