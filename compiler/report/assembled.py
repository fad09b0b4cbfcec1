"""Assembly of the report of a design: figures, checks, verdicts on claims, networks."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from compiler.analysis import figures as metrics
from compiler.analysis.metric import Cluster, Measurement
from compiler.ir.hardware import ClusterDesign
from compiler.quantities import units
from compiler.quantities.display import number
from compiler.quantities.intervals import Intervals
from compiler.report.findings import Bisected, DesignReport, Measured, TaperStep, Wired
from compiler.report.measured import checked, measure, quantiles_of
from dsl.diagnostic import Diagnostic

if TYPE_CHECKING:
    from compiler.audit.verdict import Verdict


def report(
    design: ClusterDesign,
    diagnostics: tuple[Diagnostic, ...] = (),
    effort: str = "normal",
    net: Wired | None = None,
    verdicts: "tuple[Verdict, ...]" = (),
) -> DesignReport:
    """The report of a design; `net` (None) and `verdicts` (empty) are computed unless they are given."""
    intervals = Intervals()
    cluster = Cluster(design.root, design.site)
    figures = metrics.of(cluster)
    lets = {name: Measurement(name, name.replace("_", " "), quantity) for name, quantity in design.values.items()}
    sampled = quantiles_of([f.quantity for f in (*figures.values(), *lets.values()) if f.quantity is not None])
    measured = {path: measure(figure, intervals, sampled) for path, figure in figures.items()}
    if net is None:
        from compiler.report.wired import wired  # the solvers of networks, where nothing is remembered

        net = wired(design, effort)
    return DesignReport(
        design.file,
        design.root.name,
        design.root.kind,
        measured,
        net.bisection,
        net.networks,
        verdicts or _judged(design),
        checked(design.checks, intervals),
        diagnostics,
        design.site.name if design.site else "",
        net.materials,
        net.cabling,
        {name: measure(figure, intervals, sampled) for name, figure in lets.items()},
        tuple(_taper(measured, net)),
    )


def _taper(figures: Mapping[str, Measured], net: Wired) -> Iterator[TaperStep]:
    """Steps of bandwidth per accelerator, B/s in one direction, from its memory to the bisection of the whole."""
    chips, memory = figures["accelerators"].value or 0.0, figures.get("memory.bandwidth")
    if chips < 2:
        return
    found = [("memory", "Memory of the accelerator", memory.value if memory and not memory.missing else None)]
    outward: list[tuple[str, str, float]] = []
    for role in ("scale-up", "scale-out"):
        own = [network for network in net.networks.values() if network.role == role and network.injection.value]
        inward = any(network.bisection.upper is not None or network.diameter is not None for network in own)
        carried = sum(network.count * (network.injection.value or 0.0) for network in own)
        title = f"Injection, {role}" + ("" if inward else ", out of the design")
        (found if inward else outward).append((f"{role}.injection", title, carried))
    whole = net.bisection["whole"]
    if whole.status == "exact" and whole.lower is not None:
        found.append(
            ("bisection", "Bisection, for each accelerator of one half", whole.lower / _half(whole, chips) * chips)
        )
    before = None
    for name, title, value in (*found, *outward):
        if value:
            each = value / chips
            yield TaperStep(name, title, each, each / before if before else None, number(each, units.RATE))
            before = each


def _half(whole: Bisected, chips: float) -> float:
    """The accelerators of the smaller half: fewer than half of them where whole hosts cannot be halved."""
    sides = whole.cut.get("endpoints") if whole.cut is not None else None
    return float(min(sides)) if isinstance(sides, list | tuple) and min(sides) else chips // 2


def _judged(design: ClusterDesign) -> "tuple[Verdict, ...]":
    """Verdicts on the claims, found without the text around them."""
    if not design.claims:
        return ()
    from compiler.audit import audit

    return tuple(audit(claim) for claim in design.claims)
