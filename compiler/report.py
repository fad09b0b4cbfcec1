"""What was found of a design, without a format: figures, networks, bisection, claims and checks as plain data."""

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from compiler import fabric, provenance, units
from compiler.display import interval, number
from compiler.ir.model import Check, Design, Network, networks
from compiler.ir.quantity import Bounds, Intervals, Quantity, order
from compiler.passes import figures as passes
from compiler.passes import network as nets
from compiler.passes.metric import Cluster, Figure
from dsl.diagnostic import Diagnostic

if TYPE_CHECKING:
    from compiler.audit.verdict import Verdict
    from compiler.failures import Aftermath
    from compiler.materials import Cabling, Item

QUANTILES = (0.05, 0.5, 0.95)
MOST_PATHS = 10**300


@frozen(eq=False)
class Measured:
    """A figure as people and programs read it. `value`, `low`, `high` are in `unit`; None: absent, with the reason.

    `quantiles` (5, 50, 95 %) are there when an input is uncertain. `missing` makes it a lower bound.
    """

    path: str
    title: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    display: str
    grade: str | None = None
    sources: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str = ""
    quantiles: tuple[float, float, float] | None = None
    quantity: Quantity | None = field(default=None, repr=False)


@frozen(eq=False)
class Bisected:
    """Bisection bandwidth, B/s, one direction: certified ends, what proves them, and the cut that shows the upper one."""

    lower: float | None
    upper: float | None
    status: str
    method: str
    reason: str
    display: str
    cut: Mapping[str, object] | None = None


@frozen(eq=False)
class Carried:
    """What a network carries, per endpoint, B/s, one direction: all-to-all among all of them at once, and the worst
    permutation. `tiers` are tiers of switches with their oversubscription; between two endpoints farthest apart lie
    `hops`, with so many `shortest` paths, and so many `disjoint` ones that share no cable (None: not known)."""

    all_to_all: Bisected
    permutation: Bisected
    tiers: tuple[tuple[str, float], ...] = ()
    hops: int | None = None
    shortest: int | None = None
    disjoint: int | None = None


@frozen(eq=False)
class Step:
    """A step of the bandwidth taper from chip to cluster: B/s per accelerator, and its share of the step before."""

    name: str
    title: str
    value: float
    ratio: float | None
    display: str


@frozen(eq=False)
class NetworkReport:
    """One network of the design, or `count` equal ones."""

    path: str
    count: float
    role: str
    protocol: str
    endpoints: float
    switches: float
    links: float
    cables: float
    optics: float
    diameter: int | None
    injection: Measured
    oversubscription: float
    bisection: Bisected
    traffic: Carried


@frozen(eq=False)
class Failed:
    """What failures of one class leave of a network's bisection, B/s, one direction: certified (lower, upper) of the
    least, the median and the most over the members `tried`; of none when size forbids it, and then all three are what
    holds for each of the `total`. `reason` stands alone where nothing can be said."""

    network: str
    failure: str
    intact: Bisected
    what: str = ""
    tried: int = 0
    total: int = 0
    least: tuple[float, float] | None = None
    median: tuple[float, float] | None = None
    most: tuple[float, float] | None = None
    reason: str = ""


@frozen(eq=False)
class Checked:
    """An `assert` or `expect` with its verdict; `margin` is how far the sides are apart, as a share of the right one.

    `probability` is the share of the sampled cases in which it holds: 1 or 0 where every case says the same, None where
    an input is not known.
    """

    name: str
    word: str
    verdict: str
    margin: float | None
    probability: float | None = None


@frozen(eq=False)
class Wired:
    """What follows from how a design is wired: dear to find, and the same whatever its figures are."""

    networks: Mapping[str, NetworkReport]
    bisection: Mapping[str, Bisected]
    materials: "tuple[Item, ...]"
    cabling: "tuple[Cabling, ...]"


@frozen(eq=False)
class Report:
    """Everything that was found of one design. `with_bounds` asks pages for the bounds of each figure by interval
    arithmetic beside what was sampled; data has both anyway."""

    file: str
    design: str
    kind: str
    figures: Mapping[str, Measured]
    bisection: Mapping[str, Bisected]
    networks: Mapping[str, NetworkReport]
    claims: "tuple[Verdict, ...]"
    checks: tuple[Checked, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    site: str = ""
    materials: "tuple[Item, ...]" = ()
    cabling: "tuple[Cabling, ...]" = ()
    shown: Mapping[str, Measured] = field(factory=dict)
    taper: tuple[Step, ...] = ()
    failures: tuple[Failed, ...] = ()
    with_bounds: bool = False


def report(
    design: Design,
    diagnostics: tuple[Diagnostic, ...] = (),
    effort: str = "normal",
    net: Wired | None = None,
    verdicts: "tuple[Verdict, ...]" = (),
) -> Report:
    """The report of a design; `net` and `verdicts` are worked out unless they are at hand."""
    intervals = Intervals()
    cluster = Cluster(design.root, design.site)
    figures = passes.of(cluster)
    lets = {name: Figure(name, name.replace("_", " "), quantity) for name, quantity in design.values.items()}
    sampled = _quantiles([f.quantity for f in (*figures.values(), *lets.values()) if f.quantity is not None])
    measured = {path: measure(figure, intervals, sampled) for path, figure in figures.items()}
    net = net or wired(design, effort)
    return Report(
        design.file,
        design.root.name,
        design.root.kind,
        measured,
        net.bisection,
        net.networks,
        verdicts or _judged(design),
        _checks(design.checks, intervals),
        diagnostics,
        design.site.name if design.site else "",
        net.materials,
        net.cabling,
        {name: measure(figure, intervals, sampled) for name, figure in lets.items()},
        tuple(_taper(measured, net)),
    )


def wired(design: Design, effort: str = "normal") -> Wired:
    """The networks of a design, its bisection, its materials and its cables."""
    from compiler.materials import bill, cabling

    intervals = Intervals()
    found = {
        path: _network(path, intervals.of(count).middle, network, intervals, effort)
        for path, count, _, network in Cluster(design.root, design.site).networks
    }
    return Wired(found, _whole(design, effort), bill(design.root), cabling(design.root))


def after_failures(
    report: Report, design: Design, what: str, samples: int, seed: int, effort: str = "normal"
) -> Report:
    """The report with what failures leave of each network. Raises `UnknownError` for a `what` that cannot fail."""
    from compiler.failures import after, parsed

    failure = parsed(what)
    found: list[Failed] = []
    for path, _, _, network in networks(design.root):
        if not all(connection.external for connection in network.connections):
            found += failed(path, str(failure), after(network, failure, samples, seed, effort))
    return evolve(report, failures=tuple(found))


def failed(path: str, failure: str, found: "Aftermath") -> Iterator[Failed]:
    """An aftermath as plain data, a row for each class."""
    intact = bisected(found.intact)
    if not found.losses:
        yield Failed(path, failure, intact, reason=found.reason)
    for loss in found.losses:
        yield Failed(path, failure, intact, loss.what, loss.tried, loss.total, *loss.spread())


def _taper(figures: Mapping[str, Measured], net: Wired) -> Iterator[Step]:
    """Bandwidth per accelerator, one direction, from its own memory to the bisection of the whole."""
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
        found.append(("bisection", "Bisection, for each accelerator of one half", whole.lower / (chips // 2) * chips))
    before = None
    for name, title, value in (*found, *outward):
        if value:
            each = value / chips
            yield Step(name, title, each, each / before if before else None, number(each, units.RATE))
            before = each


def _judged(design: Design) -> "tuple[Verdict, ...]":
    """The verdicts that follow from the claims alone."""
    if not design.claims:
        return ()
    from compiler.audit import audit

    return tuple(audit(claim) for claim in design.claims)


def is_uncertain(quantity: Quantity) -> bool:
    """Whether anything below a quantity is known only as a range."""
    return any(node.spread is not None and node.spread.shape != "point" for node in order([quantity]))


def _quantiles(quantities: list[Quantity]) -> dict[int, tuple[float, float, float]]:
    """The 5, 50 and 95 % quantiles of the uncertain ones, all drawn together."""
    uncertain = [quantity for quantity in quantities if quantity.dimension != units.TRUTH and is_uncertain(quantity)]
    if not uncertain:
        return {}
    import numpy as np

    from compiler.engine import evaluate

    found = {}
    for quantity, values in zip(uncertain, evaluate(uncertain), strict=True):
        low, middle, high = (float(q) for q in np.quantile(values, QUANTILES))
        found[id(quantity)] = (low, middle, high)
    return found


def measure(figure: Figure, intervals: Intervals, sampled: Mapping[int, tuple[float, float, float]]) -> Measured:
    """A figure with its bounds, its words and its sources."""
    quantity = figure.quantity
    if quantity is None:
        return Measured(
            figure.path, figure.title, None, None, None, "", "absent", missing=figure.missing, reason=figure.reason
        )
    bounds = intervals.of(quantity)
    quantiles = sampled.get(id(quantity))
    value = quantiles[1] if quantiles else bounds.middle
    at_least = "at least " if figure.missing else ""
    return Measured(
        figure.path,
        figure.title,
        value,
        bounds.low,
        None if figure.missing or math.isinf(bounds.high) else bounds.high,
        units.base_unit(quantity.dimension, tagged=False),
        at_least + shown(quantity, bounds, quantiles),
        provenance.grade(quantity),
        tuple(
            dict.fromkeys(citation.source.title or citation.source.name for citation in provenance.citations(quantity))
        ),
        figure.missing,
        figure.reason,
        quantiles,
        quantity,
    )


def shown(quantity: Quantity, bounds: Bounds, quantiles: tuple[float, float, float] | None) -> str:
    """A figure for people: one number, or the median with its 90 % interval in the same unit."""
    unit = figure_unit(quantity)
    if quantiles is None or bounds.low == bounds.high:
        return number(bounds.middle, quantity.dimension, unit)
    low, middle, high = quantiles
    figures = _known_digits(low, high, middle)
    ends = interval(Bounds(low, middle, high), Quantity("shown", (), quantity.dimension, None, unit), figures)
    return f"{number(middle, quantity.dimension, unit, figures)} (90 %: {ends})"


def figure_unit(quantity: Quantity) -> str:
    """Figures choose their own prefix; only shares and converted values keep the unit they were given."""
    return quantity.unit if quantity.unit in ("%", "h", "GWh") else ""


def _known_digits(low: float, high: float, middle: float) -> int:
    """As many figures as the interval leaves meaningful: at least two."""
    if high == low or not middle:
        return 4
    return max(2, min(4, 1 + math.ceil(math.log10(abs(middle / (high - low)) + 1))))


def bisected(bound: object) -> Bisected:
    """A bound of the bisection solver as plain data."""
    lower, upper = getattr(bound, "lower", None), getattr(bound, "upper", None)
    status, method, reason = (str(getattr(bound, name) or "") for name in ("status", "method", "reason"))
    cut = getattr(bound, "cut", None)
    if status == "exact" and lower is not None:
        text = number(lower, units.RATE)
    elif lower is not None and upper is not None:
        text = f"{number(lower, units.RATE)} to {number(upper, units.RATE)}"
    elif lower is not None:
        text = f"at least {number(lower, units.RATE)}"
    elif upper is not None:
        text = f"at most {number(upper, units.RATE)}"
    else:
        text = "absent"
    return Bisected(lower, upper, status, method, reason, text, cut.as_json() if cut is not None else None)


def _network(path: str, count: float, network: Network, intervals: Intervals, effort: str) -> NetworkReport:
    injection = measure(Figure(f"{path}.injection", "Injection bandwidth", nets.injection(network)), intervals, {})
    protocol = network.fields.get("protocol")
    return NetworkReport(
        path,
        count,
        network.role,
        protocol if isinstance(protocol, str) else "",
        nets.endpoints(network),
        nets.switches(network),
        nets.links(network),
        nets.cables(network),
        nets.optics(network),
        fabric.diameter(network),
        injection,
        fabric.taper(network),
        bisected(fabric.bisection(network, effort)),
        _carried(network, effort),
    )


def _carried(network: Network, effort: str) -> Carried:
    from compiler.traffic import traffic_of

    found = traffic_of(network, effort=effort)
    ways = found.diversity
    return Carried(
        bisected(found.all_to_all),
        bisected(found.permutation),
        tuple((tier.tier, tier.ratio) for tier in found.narrowings),
        *((ways.hops, ways.shortest if ways.shortest < MOST_PATHS else None, ways.disjoint) if ways else ()),
    )


def _whole(design: Design, effort: str) -> dict[str, Bisected]:
    return {
        "whole": bisected(fabric.whole(design.root, effort=effort)),
        "without_scale_up": bisected(fabric.whole(design.root, without="scale-up", effort=effort)),
    }


def _checks(checks: tuple[Check, ...], intervals: Intervals) -> tuple[Checked, ...]:
    """The checks with their verdicts; those that uncertain inputs leave open are sampled together."""
    verdicts = [_verdict(check, intervals) for check in checks]
    sampled = [c.condition for c, v in zip(checks, verdicts, strict=True) if v == "undecided" and _is_bounded(c)]
    shares: dict[int, float] = {}
    if sampled:
        from compiler.engine import evaluate  # numpy, for checks that are open

        shares = {id(c): float(found.mean()) for c, found in zip(sampled, evaluate(sampled), strict=True)}
    certain = {"holds": 1.0, "fails": 0.0}
    return tuple(
        Checked(
            check.text,
            check.word,
            verdict,
            _margin(check, intervals),
            certain.get(verdict, shares.get(id(check.condition))),
        )
        for check, verdict in zip(checks, verdicts, strict=True)
    )


def _verdict(check: Check, intervals: Intervals) -> str:
    bounds = intervals.of(check.condition)
    lost = any(node.op == "missing" for node in order([check.condition]))
    return "undecided" if lost or bounds.low != bounds.high else "holds" if bounds.low else "fails"


def _is_bounded(check: Check) -> bool:
    """Whether every input is known, if only as a range: what nobody counted is a range without end."""
    below = order([check.condition])
    return not any(node.op == "missing" or (node.spread is not None and math.isinf(node.spread.high)) for node in below)


def _margin(check: Check, intervals: Intervals) -> float | None:
    if len(check.condition.args) != 2 or check.condition.op not in ("less", "less_equal", "greater", "greater_equal"):
        return None
    left, right = (intervals.of(arg) for arg in check.condition.args)
    below = check.condition.op.startswith("less")
    gap = right.low - left.high if below else left.low - right.high
    return gap / abs(right.middle) if right.middle and math.isfinite(gap) else None
