"""Tables of networks: bisection, counts, throughput, losses after failures, and the taper from chip to cluster."""

from compiler.quantities import units
from compiler.quantities.display import number
from compiler.report.findings import WHOLE, Bisected, Carried, DesignReport, Failed, NetworkReport
from compiler.report.measured import ends_in_words
from compiler.report.sections import Section, columns

_BISECTION = columns("Bisection:24 | >One direction | >Both directions | Status | Proven by:48")
_NETWORK = columns(
    "Network | >Times | Role | >Ends | >Switches | >Links | >Cables | >Optics | >Hops | >Taper | >Injection"
    " | >Bisection | Status"
)
_TRAFFIC = columns(
    "Network | >All to all | >Worst permutation | Oversubscribed:36 | >Shortest paths | >Disjoint | Proven by:48"
)
_LATENCY = columns("Network | >Largest | >Mean | Rests on")
_FAILURES = columns("Network | Lost | Tried | >Intact | >Least left | >Median left | >Most left | >Least over intact")
_TAPER = columns("Step | >Per accelerator | >Of the step before")

TRAFFIC = (
    "All to all: every endpoint sends to all others at once. Worst permutation: each sends to one partner, and the "
    "partners are those that suit the network least. Paths are counted between two endpoints farthest apart; disjoint "
    "ones share no cable."
)
DELAYS = (
    "The least over all ways of the links and switches passed, between the two endpoints farthest apart and on average "
    "over all pairs; what endpoints, cards and queues add is not counted."
)
FAILING = (
    "Endpoints that a failed switch or link cuts off still count; those of a failed rack do not. A range has certified "
    "ends; what was not tried member by member is bounded for every member."
)


def bisection(report: DesignReport) -> Section:
    """Table of the bisection of the whole design, in one direction and doubled."""
    rows = [
        (WHOLE[name].words, found.display, doubled(found), found.status, proof(found))
        for name, found in report.bisection.items()
    ]
    notes = [f"{WHOLE[name].words}: {note}" for name, found in report.bisection.items() for note in found.notes]
    return Section("bisection", "Bisection bandwidth", _BISECTION, tuple(rows), tuple(notes))


def doubled(found: Bisected) -> str:
    """Bisection of both directions together, as is often quoted, as text; empty when it is not known."""
    ends = (None if end is None else 2 * end for end in (found.lower, found.upper))
    return ends_in_words(*ends)


def proof(found: Bisected) -> str:
    """Proof of a bisection as text, with the reason why the bounds are no closer."""
    return "; ".join(text for text in (found.method, found.reason) if text)


def networks(report: DesignReport) -> Section:
    """Table of networks, equal ones on one row."""
    rows = tuple(_network(network) for network in report.networks.values())
    reasons = tuple(
        f"{path}: {network.bisection.reason}"
        for path, network in report.networks.items()
        if network.bisection.status != "exact" and network.bisection.reason
    )
    return Section("networks", "Networks", _NETWORK, rows, reasons)


def _network(network: NetworkReport) -> tuple[str, ...]:
    counts = (network.endpoints, network.switches, network.links, network.cables, network.optics)
    ends, switches, links, cables, optics = (number(count, units.NONE) for count in counts)
    hops = "" if network.diameter is None else str(network.diameter)
    taper = "" if network.oversubscription is None else f"{network.oversubscription:.3g}:1"
    found = network.bisection
    shown = "" if found.status == "absent" and found.lower is None else found.display
    return (
        *(
            network.path,
            number(network.count, units.NONE),
            network.role,
            ends,
            switches,
            links,
            cables,
            optics,
            hops,
            taper,
        ),
        *(network.injection.display, shown, found.status),
    )


def traffic(report: DesignReport) -> Section:
    """Table of the throughput of networks: all-to-all, and the worst permutation."""
    rows = tuple(_carried(path, network.traffic) for path, network in report.networks.items() if _carries(network))
    notes = (TRAFFIC,) if rows else ()
    return Section("traffic", "What one endpoint can send, one direction", _TRAFFIC, rows, notes)


def _carries(network: NetworkReport) -> bool:
    found = network.traffic
    return bool(found.tiers) or any(b.upper is not None for b in (found.all_to_all, found.permutation))


def _carried(path: str, found: Carried) -> tuple[str, ...]:
    uniform, worst = found.all_to_all, found.permutation
    tiers = ", ".join(f"{tier} {ratio:.3g}:1" for tier, ratio in found.tiers)
    counts = ("" if count is None else _ways(count) for count in (found.shortest, found.disjoint))
    proven = "; ".join(dict.fromkeys(filter(None, (proof(uniform), proof(worst)))))
    return path, uniform.display, worst.display, tiers, *counts, proven


def _ways(count: int) -> str:
    return f"{count:,}" if count < 10**7 else f"{count:.2e}"


def latency(report: DesignReport) -> Section:
    """Table of the latency of networks without load, of those where something states one."""
    known = {path: net.latency for path, net in report.networks.items() if net.latency.largest.value is not None}
    rows = tuple(
        (path, found.largest.display, found.mean.display, found.largest.grade or "") for path, found in known.items()
    )
    lost = tuple(
        f"{path}: not counted: {', '.join(found.largest.missing)}"
        for path, found in known.items()
        if found.largest.missing
    )
    return Section("latency", "Latency without load, one way", _LATENCY, rows, (*lost, DELAYS) if rows else ())


def failures(report: DesignReport) -> Section:
    """Table of the bisection of networks after failures, beside the intact one."""
    rows = tuple(_failed(found) for found in report.failures if found.least is not None)
    notes = tuple(f"{found.network}: {found.reason}" for found in report.failures if found.least is None)
    what = next((found.failure for found in report.failures), "")
    return Section("failures", f"Bisection after losing {what}", _FAILURES, rows, (*notes, FAILING) if rows else notes)


def _failed(found: Failed) -> tuple[str, ...]:
    def shown(ends: tuple[float, float] | None) -> str:
        return "" if ends is None else " to ".join(dict.fromkeys(number(end, units.RATE) for end in ends))

    left = "" if found.least is None or not found.intact.upper else f"{found.least[0] / found.intact.upper:.1%}"
    tried = f"{found.tried:,} of {found.total:,}" if found.tried else f"any of {found.total:,}"
    if found.what == "links":
        tried = f"{found.tried:,} draws" if found.tried else "any draw"
    ends = (shown(found.least), shown(found.median), shown(found.most)) if found.tried else (shown(found.least), "", "")
    return found.network, found.what, tried, found.intact.display, *ends, left


def taper(report: DesignReport) -> Section:
    """Table of the bandwidth per accelerator, step by step from its memory to the bisection of the cluster."""
    rows = tuple((step.title, step.display, "" if step.ratio is None else f"{step.ratio:.1%}") for step in report.taper)
    title = "Bandwidth per accelerator, from chip to cluster, one direction"
    return Section("taper", title, _TAPER, rows if len(rows) > 1 else ())
