"""Trail of a figure as plain data: steps of its derivation down to the sources, or the certificate of a bisection."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from compiler.errors import UnknownError
from compiler.ir.hardware import ClusterDesign
from compiler.ir.labels import input_names
from compiler.quantities import units
from compiler.quantities.display import number
from compiler.quantities.graph import Quantity
from compiler.report.findings import BISECTION, RATES, Certified, DesignReport, Measured, NetworkReport
from compiler.report.measured import is_uncertain
from compiler.report.steps import TrailStep, steps
from dsl.suggest import did_you_mean

if TYPE_CHECKING:
    from compiler.quantities.influence import Mover

FIRST = ("power.facility", "power.it", "cost.capital", "compute.fp8", "compute.bf16", "accelerators")
"""Figures to explain when none is named: the first of these that is known."""


@frozen(eq=False)
class FigureTrail:
    """The trail of a figure: its steps, the figure itself first, each once however often it is used.

    `notes` are sentences beside the steps: inputs that were not counted, why a figure is absent, the certificate of a
    bisection. `movers` are its uncertain inputs, the strongest first. An absent figure and a bisection have no steps.
    """

    figure: str
    title: str
    display: str
    steps: tuple[TrailStep, ...]
    notes: tuple[str, ...] = ()
    bisection: Certified | None = None
    movers: "tuple[Mover, ...]" = ()
    quantity: Quantity | None = field(default=None, repr=False)


def trail(report: DesignReport, path: str, design: ClusterDesign | None = None, effort: str = "normal") -> FigureTrail:
    """The trail of a figure, a let, a bisection, a rate or a `cut(m)` of a report. Raises `UnknownError` with the nearest path.

    `design` is the subject of the report; without it there are no cuts. `bisection` is that of the whole.
    """
    bisections = {f"bisection.{name}": found for name, found in report.bisection.items()}
    bisections |= {f"{name}.bisection": network.bisection for name, network in report.networks.items()}
    figures = {**report.shown, **report.figures}
    figures |= {figure.path: figure for network in report.networks.values() for figure in _of_network(network)}
    tapers = {f"{name}.oversubscription": network for name, network in report.networks.items()}
    path = "bisection.whole" if path == "bisection" else path.removeprefix("figures.")
    if path in tapers:
        return _of_taper(path, tapers[path])
    if path in figures:
        return _of_figure(_with_quantity(figures[path], design), design)
    certified = Certified(BISECTION, bisections[path]) if path in bisections else None
    if design is not None and (path in (*bisections, *RATES) or path.startswith("cut(")):
        from compiler.report.cut_trails import certificate  # solvers, for what has a certificate

        certified = certificate(design, path, effort)
    if certified is not None:
        return _of_certificate(path, certified)
    hint = did_you_mean(path, (*figures, *bisections, *RATES, *tapers)) or (
        f"`{report.design}` has {', '.join(figures)}, and `cut(8)`, `cut(NETWORK, 8)` for other numbers",
    )
    raise UnknownError("; ".join((f"there is no figure `{path}`", *hint)))


def _of_network(network: NetworkReport) -> tuple[Measured, ...]:
    """The figures of a network that are worked out of what is stated."""
    return network.injection, network.latency.largest, network.latency.mean


def _with_quantity(figure: Measured, design: ClusterDesign | None) -> Measured:
    """A figure with the graph that it was read from, found anew for one of a network that comes from memory."""
    if figure.quantity is not None or figure.value is None or design is None:
        return figure
    from compiler.report.network_quantities import quantity_at  # solvers, for a latency that is explained

    return evolve(figure, quantity=quantity_at(design, figure.path))


def first(report: DesignReport) -> str:
    """Path of the most telling figure of a design; its bisection when no other is known."""
    known = (path for path in FIRST if path in report.figures and report.figures[path].quantity is not None)
    return next(known, "bisection")


def _of_figure(figure: Measured, design: ClusterDesign | None) -> FigureTrail:
    notes = [f"not counted: {item}" for item in figure.missing]
    notes += [figure.reason] if figure.reason else []
    quantity = figure.quantity
    if quantity is None:
        return FigureTrail(figure.path, figure.title, figure.display, (), tuple(notes))
    moving: tuple[Mover, ...] = ()
    variances: Mapping[int, float] = {}
    if quantity.dimension != units.TRUTH and is_uncertain(quantity):
        from compiler.quantities.influence import movers, shares  # numpy, for figures that something moves

        moving = movers(quantity, input_names(design) if design else {})
        variances = shares(quantity, moving)
    found = tuple(steps(quantity, variances))
    return FigureTrail(figure.path, figure.title, figure.display, found, tuple(notes), None, moving, quantity)


def _of_taper(path: str, network: NetworkReport) -> FigureTrail:
    """An oversubscription has tiers instead of operands."""
    ratio = network.oversubscription
    display = "absent" if ratio is None else f"{ratio:.4g}:1"
    notes = tuple(f"{tier}: {found:.4g}:1 at its worst switch" for tier, found in network.traffic.tiers)
    return FigureTrail(
        path, "Oversubscription", display, (), notes or ("no tier of switches passes anything on upwards",)
    )


def _of_certificate(path: str, certified: Certified) -> FigureTrail:
    """Trail of a bisection, a cut or a rate, which has a certificate instead of operands."""
    found = certified.found
    notes = [f"status: {found.status}"]
    notes += [f"proven by {found.method}"] if found.method else []
    notes += [f"not better known because {found.reason}"] if found.reason else []
    notes += (*_sentences(certified), *found.notes)
    return FigureTrail(path, certified.title, found.display, (), tuple(notes), certified)


def _sentences(certificate: Certified) -> Iterator[str]:
    """The cut of a certificate in sentences, one each: proof, sizes, sides, what crosses, and what that comes to."""
    cut = certificate.cut
    if cut is None:
        return
    yield from (f"why it is no less: {sentence}" for sentence in cut.proof)
    yield "side A has {:,} endpoints, side B {:,}".format(*cut.endpoints)
    yield from cut.standing
    for row in cut.crossing:
        many = f"{row.count:,} links" if row.count is not None else "links"
        of = f" of {row.network}" if row.network else ""
        yield f"across: {many}{of}, {row.links}: {number(row.capacity, units.RATE)}"
    together = f"together {number(cut.capacity, units.RATE)}"
    if not certificate.shared:
        yield f"{together}, the upper end"
        return
    assert certificate.found.upper is not None
    yield together
    yield f"{certificate.shared} = {number(certificate.found.upper, units.RATE)}, the upper end"
