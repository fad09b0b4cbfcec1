"""Findings about the wiring of a design: networks, bisection, materials, cables, and the losses after failures."""

from collections.abc import Iterator

from attrs import evolve

from compiler.analysis.materials import bill
from compiler.analysis.metric import Cluster, Measurement
from compiler.ir.hardware import ClusterDesign, Network
from compiler.networks import totals as nets
from compiler.networks.bisection.bound import Bound
from compiler.networks.cabling import cabling
from compiler.networks.cuts import network_bisection, network_diameter
from compiler.networks.ends import ONLY_SWITCHES, has_endpoints
from compiler.networks.failures import Aftermath, after, parsed
from compiler.networks.oversubscription import oversubscription
from compiler.networks.owners import networks
from compiler.networks.traffic import traffic_of
from compiler.networks.whole.network_latency import latencies
from compiler.networks.whole.whole_bisection import whole_bisection
from compiler.quantities.intervals import Intervals
from compiler.quantities.units import RATE, TIME
from compiler.report.findings import WHOLE, Bisected, Carried, Delayed, DesignReport, Failed, NetworkReport, Wired
from compiler.report.measured import ends_in_words, measure, quantiles_of

MOST_PATHS = 10**300


def wired(design: ClusterDesign, effort: str = "normal") -> Wired:
    """Findings about the networks, bisection, materials and cables of a design."""
    intervals = Intervals()
    found = {
        path: _network(path, intervals.of(count).middle, network, intervals, effort)
        for path, count, _, network in Cluster(design.root, design.site).networks
    }
    return Wired(found, _whole(design, effort), bill(design.root), cabling(design.root))


def _network(path: str, count: float, network: Network, intervals: Intervals, effort: str) -> NetworkReport:
    return NetworkReport(
        path,
        count,
        network.role,
        word(network, "protocol"),
        nets.endpoints(network),
        nets.switches(network),
        nets.links(network),
        nets.cables(network),
        nets.optics(network),
        network_diameter(network),
        measure(_injection(path, network), intervals, {}),
        oversubscription(network),
        bisected(network_bisection(network, effort)),
        _carried(network, effort),
        delayed(path, network, intervals),
    )


def _injection(path: str, network: Network) -> Measurement:
    """The bandwidth with which the endpoints of a network enter it, absent where it has none."""
    title = "Injection bandwidth"
    if not has_endpoints(network):
        return Measurement(f"{path}.injection", title, None, reason=ONLY_SWITCHES, dimension=RATE)
    return Measurement(f"{path}.injection", title, nets.injection(network), dimension=RATE)


def delayed(path: str, network: Network, intervals: Intervals) -> Delayed:
    """The latencies of a network, sampled together where what they rest on is uncertain."""
    found = latencies(network)
    pairs = (("largest", "Largest latency, one way", found.largest), ("mean", "Mean latency, one way", found.mean))
    sampled = quantiles_of([latency.quantity for _, _, latency in pairs if latency.quantity is not None])
    largest, mean = (
        measure(
            Measurement(
                f"{path}.latency.{name}", title, latency.quantity, latency.missing, latency.reason, dimension=TIME
            ),
            intervals,
            sampled,
        )
        for name, title, latency in pairs
    )
    return Delayed(largest, mean)


def word(network: Network, field: str) -> str:
    """A field of words of a network; empty when it is not stated."""
    value = network.fields.get(field)
    return value if isinstance(value, str) else ""


def _carried(network: Network, effort: str) -> Carried:
    found = traffic_of(network, effort=effort)
    ways = found.diversity
    return Carried(
        bisected(found.all_to_all),
        bisected(found.permutation),
        tuple((tier.tier, tier.ratio) for tier in found.narrowings),
        *((ways.hops, ways.shortest if ways.shortest < MOST_PATHS else None, ways.disjoint) if ways else ()),
    )


def _whole(design: ClusterDesign, effort: str) -> dict[str, Bisected]:
    return {
        name: bisected(whole_bisection(design.root, without=extent.without, effort=effort))
        for name, extent in WHOLE.items()
    }


def bisected(bound: Bound) -> Bisected:
    """A bound of the bisection solver as data of the report."""
    upper = bound.lower if bound.status == "exact" else bound.upper
    cut = bound.cut.as_json() if bound.cut is not None else None
    return Bisected(
        bound.lower,
        bound.upper,
        bound.status,
        bound.method,
        bound.reason or "",
        ends_in_words(bound.lower, upper) or "absent",
        cut,
        bound.notes,
    )


def after_failures(
    report: DesignReport, design: ClusterDesign, what: str, samples: int, seed: int, effort: str = "normal"
) -> DesignReport:
    """The report with the bisections that remain after failures.

    Raises `UnknownError` for a `what` that cannot fail.
    """
    failure = parsed(what)
    found: list[Failed] = []
    for path, _, _, network in networks(design.root):
        if not all(connection.external for connection in network.connections):
            found += failed(path, str(failure), after(network, failure, samples, seed, effort))
    return evolve(report, failures=tuple(found))


def failed(path: str, failure: str, found: Aftermath) -> Iterator[Failed]:
    """An aftermath as data of the report, an item for each class of failures."""
    intact = bisected(found.intact)
    if not found.losses:
        yield Failed(path, failure, intact, reason=found.reason)
    for loss in found.losses:
        yield Failed(path, failure, intact, loss.what, loss.tried, loss.total, *loss.spread())
