"""Describe one topology by itself: counts, distances, certified bisection."""

import argparse
import json

import clusterc
from compiler.terminal import give, say, waiting

EXAMPLES = (
    ('clusterc topology "torus(dims = [7, 4])"', "counts, diameter, bisection"),
    ('clusterc topology "slimfly(q = 5, p = 2)" --format json', "clusterc.topology/1"),
    ("clusterc topology --list", "every family with its parameters"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument(
        "topology", nargs="?", metavar="TOPOLOGY", help="as after `by` in a connect; 1 is a link's bandwidth"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text or JSON")
    parser.add_argument("--effort", choices=("low", "normal", "high"), default="normal", help="work for the bisection")
    parser.add_argument("--list", action="store_true", help="list the families")


def run(options: argparse.Namespace) -> int:
    """Describe."""
    if options.list or not options.topology:
        say(_families())
        return 0
    with waiting(f"working out {options.topology}"):
        found = clusterc.topology(options.topology if "(" in options.topology else f"{options.topology}()")
        data = found.to_dict(options.effort)
    if options.format == "json":
        give((json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())
        return 0
    say(_page(found, options.effort))
    return 0


def _families() -> str:
    from inspect import Parameter

    from compiler.topologies.catalogue import families

    lines = []
    for name, family in families().items():
        shown = [
            key if value.default is Parameter.empty else f"{key} = {value.default}"
            for key, value in family.parameters.items()
        ]
        lines += [f"{name}({', '.join(shown)})", f"    {family.title}"]
    return "\n".join(lines) + "\n"


def _page(found: clusterc.Topology, effort: str) -> str:
    from compiler.display import digits

    bound = found.bisected(effort)
    ends = [end for end in (bound.lower, bound.upper) if end is not None]
    shown = " to ".join(dict.fromkeys(digits(end, 6) for end in ends)) or "absent"
    hops = "not connected" if found.average_hops is None else digits(found.average_hops, 6)
    rows = [
        ("Endpoints", f"{found.endpoints:,}"),
        ("Switches", f"{found.switches:,}"),
        ("Links", f"{found.links:,}"),
        ("Links between switches, or between endpoints of a direct network", f"{found.links_fabric:,}"),
        ("Diameter, hops", "not connected" if found.diameter is None else str(found.diameter)),
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
    inside = ", ".join(f"{name} = {_written(value)}" for name, value in found.parameters.items())
    return "\n".join([f"{found.family}({inside})", *(f"  {name:<{width}}  {value}" for name, value in rows)]) + "\n"


def _written(value: object) -> str:
    return f"[{', '.join(_written(item) for item in value)}]" if isinstance(value, tuple | list) else str(value)
