"""Comparison of designs: every figure of each, its ratio to that of the first, and the same per accelerator, MW, rack
and USD.

Ratios are nodes of the quantity graph like the figures, so that an input which two designs share cancels.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

import numpy as np
from attrs import evolve, frozen

from compiler.analysis import figures as metrics
from compiler.analysis.metric import RATIOS, Cluster, Measurement
from compiler.emitters.json import figure_data, plain
from compiler.errors import ClusterError, UnknownError
from compiler.ir.hardware import ClusterDesign
from compiler.networks import totals as nets
from compiler.networks.bisection.bound import Bound
from compiler.networks.ends import has_endpoints
from compiler.networks.whole.whole_bisection import whole_bisection
from compiler.numerics.tolerances import nearly
from compiler.quantities import units
from compiler.quantities.display import digits, number
from compiler.quantities.graph import ONE, Quantity, Spread, apply, order, times, total
from compiler.quantities.graph import number as number_of
from compiler.quantities.intervals import Intervals
from compiler.quantities.samples import evaluate
from compiler.quantities.units import NONE, RATE
from compiler.report.findings import Measured
from compiler.report.measured import QUANTILES, is_uncertain, measure
from compiler.report.reasons import Difference
from compiler.report.sections import Column, Section
from compiler.study.difference import difference
from dsl.suggest import did_you_mean

SCHEMA = "clusterc.compare/1"
MEGAWATT = 1e6
PER: Mapping[str, tuple[str, str, float]] = {
    "accelerator": ("per accelerator", "accelerators", 1.0),
    "MW": ("per MW of IT power", "power.it", MEGAWATT),
    "rack": ("per rack", "racks", 1.0),
    "USD": ("per USD of capital cost", "cost.capital", 1.0),
}
"""Normalisations by name: title, path of the figure to divide by, and the size of one unit of it in base units."""
CERTAIN = 1e-3
"""Spread of samples, as a share of their median, below which a ratio is certain: shared inputs have cancelled."""


@frozen(eq=False)
class ComparedFigure:
    """One figure of all designs; `ratios` are to that of the first, None where a side is absent or a lower bound."""

    path: str
    title: str
    values: tuple[Measured, ...]
    ratios: tuple[Measured | None, ...]

    @property
    def is_same(self) -> bool:
        """True when all designs say the same, to a billionth."""
        first, *rest = self.values
        return all(_same(first, other) for other in rest)


@frozen(eq=False)
class Comparison:
    """Compared designs: rows of figures, and by each entry of `PER` rows of those that grow with a design."""

    designs: tuple[str, ...]
    files: tuple[str, ...]
    rows: tuple[ComparedFigure, ...]
    per: Mapping[str, tuple[ComparedFigure, ...]]

    def row(self, path: str, per: str = "") -> ComparedFigure | None:
        """The row of a figure, normalised by `per` unless it is empty; None when there is none."""
        rows = self.per.get(per, ()) if per else self.rows
        return next((row for row in rows if row.path == path), None)


def compare(designs: Sequence[ClusterDesign], effort: str = "normal") -> Comparison:
    """Compare all figures of designs, bandwidth by role of the network and bisection included."""
    figures = [_comparable(figures_of(design, effort), design.file) for design in designs]
    paths = dict.fromkeys(path for found in figures for path in found)
    sets = [tuple(found.get(path) or _lacking(path, figures) for found in figures) for path in paths]
    extensive = [each for each in sets if each[0].group != RATIOS]
    per = {}
    for word, (_, base, scale) in PER.items():
        bases = [_base(found, base, design) for found, design in zip(figures, designs, strict=True)]
        normal = [
            tuple(_normal(one, below, scale) for one, below in zip(each, bases, strict=True))
            for each in extensive
            if each[0].path != base
        ]
        per[word] = tuple(row for row in _rows(normal) if any(value.value is not None for value in row.values))
    names, files = tuple(design.root.name for design in designs), tuple(design.file for design in designs)
    return Comparison(names, files, _rows(sets), per)


def only(comparison: Comparison, paths: Sequence[str]) -> Comparison:
    """The comparison with only some figures, in the order asked for; all when none is named. Raises `UnknownError`."""
    if not paths:
        return comparison
    known = [row.path for row in comparison.rows]
    for path in paths:
        if path not in known:
            raise UnknownError("; ".join((f"there is no figure `{path}`", *did_you_mean(path, known))))

    def chosen(rows: tuple[ComparedFigure, ...]) -> tuple[ComparedFigure, ...]:
        return tuple(row for path in paths for row in rows if row.path == path)

    per = {word: chosen(rows) for word, rows in comparison.per.items()}
    return evolve(comparison, rows=chosen(comparison.rows), per=per)


def why(a: ClusterDesign, b: ClusterDesign, path: str, effort: str = "normal") -> Difference:
    """The reasons for the difference of a figure between two designs.

    Raises `UnknownError` for a figure that neither has, `ClusterError` for one that is not known on a side.
    """
    sides = [figures_of(design, effort) for design in (a, b)]
    for design, figures in zip((a, b), sides, strict=True):
        values = {name: Measurement(name, name, quantity) for name, quantity in design.values.items()}
        figures |= {name: figure for name, figure in values.items() if name not in figures}
    if not any(path in figures for figures in sides):
        hint = did_you_mean(path, dict.fromkeys((*sides[0], *sides[1])))
        raise UnknownError("; ".join((f"there is no figure `{path}`", *hint)))
    quantities = []
    for design, figures in zip((a, b), sides, strict=True):
        figure = figures.get(path)
        if figure is None or figure.quantity is None:
            because = (figure.reason or ", ".join(figure.missing)) if figure else "it has no such figure"
            raise ClusterError(f"`{path}` of `{design.root.name}` is not known: {because}")
        quantities.append(figure.quantity)
    if quantities[0].dimension != quantities[1].dimension:
        raise ClusterError(
            f"`{path}` is {units.noun(quantities[0].dimension)} in one and {units.noun(quantities[1].dimension)} in the other"
        )
    title = next(figures[path].title for figures in sides if path in figures)
    lost = tuple(dict.fromkeys(item for figures in sides for item in figures[path].missing))
    return difference(path, title, (a, quantities[0]), (b, quantities[1]), lost)


def _base(figures: Mapping[str, Measurement], path: str, design: ClusterDesign) -> Measurement | None:
    """Figure to divide a design by; a design that is a rack is one rack."""
    return Measurement(path, path, ONE) if path == "racks" and design.root.kind == "rack" else figures.get(path)


def _comparable(figures: Mapping[str, Measurement], file: str) -> dict[str, Measurement]:
    """Figures with the name of the file taken out of the symbols of their inputs.

    So an input in two versions of a file is one input, and cancels, as long as its range is the same.
    """
    renamed: dict[int, Quantity] = {}
    for node in order([figure.quantity for figure in figures.values() if figure.quantity is not None]):
        made = node
        if node.spread is not None and node.symbol and node.spread.shape != "point":
            # with the spread: the same line with another range is another input, and must not cancel
            made = evolve(node, symbol=f"{_without_file(node.symbol, file)} {node.spread}")
        elif any(renamed[id(arg)] is not arg for arg in node.args):
            made = evolve(node, args=tuple(renamed[id(arg)] for arg in node.args))
        renamed[id(node)] = made
    return {
        path: evolve(figure, quantity=renamed[id(figure.quantity)] if figure.quantity is not None else None)
        for path, figure in figures.items()
    }


def _without_file(symbol: str, file: str) -> str:
    place, colon, rest = symbol.rpartition(":")
    # two versions of a file lie in two folders, or under two names: an input of the file itself is known by its line
    name = PurePath(place).name
    return symbol if place.startswith("std/") or not colon else f"{'' if name == PurePath(file).name else name}:{rest}"


def _lacking(path: str, figures: Sequence[Mapping[str, Measurement]]) -> Measurement:
    known = next(found[path] for found in figures if path in found)
    return evolve(known, quantity=None, missing=(), reason="the design has no such figure")


def figures_of(design: ClusterDesign, effort: str = "normal") -> dict[str, Measurement]:
    """Figures of a design by path, with those of its networks by role and its bisection."""
    cluster = Cluster(design.root, design.site)
    found = metrics.of(cluster)
    for role in dict.fromkeys(network.role for _, _, _, network in cluster.networks if network.role):
        found |= {figure.path: figure for figure in _by_role(cluster, role)}
    bound = whole_bisection(design.root, effort=effort)
    found["bisection"] = _bisection("bisection", "Bisection bandwidth, one direction", bound)
    inside = whole_bisection(design.root, without="scale-up", effort=effort)
    found["bisection.without_scale_up"] = _bisection(
        "bisection.without_scale_up", "Bisection without scale-up links", inside
    )
    return found


def _by_role(cluster: Cluster, role: str) -> Iterator[Measurement]:
    """Bandwidth of the networks of one role, in all and per accelerator."""
    chosen = [(count, network) for _, count, _, network in cluster.networks if network.role == role]
    chosen = [(count, network) for count, network in chosen if has_endpoints(network)]
    every = total([times(count, nets.injection(network)) for count, network in chosen], RATE, "GB/s")
    name = role.replace("-", "_")
    yield Measurement(f"bandwidth.{name}", f"{role.capitalize()} bandwidth, one direction", every)
    chips = metrics.value("accelerators", cluster).quantity
    if chips is not None:
        each = apply("divide", every, chips)
        title = f"{role.capitalize()} bandwidth of an accelerator, one direction"
        yield Measurement(f"bandwidth.{name}.each", title, each, group=RATIOS)


def _bisection(path: str, title: str, bound: Bound) -> Measurement:
    lower, upper = bound.lower, bound.upper
    if lower is None or upper is None:
        return Measurement(path, title, None, (), bound.reason or "nothing certifies it")
    shape = "point" if lower == upper else "uniform"
    spread = Spread(lower, (lower + upper) / 2, upper, shape)
    return Measurement(
        path, title, Quantity("literal", (), RATE, spread, "TB/s", path, symbol="" if lower == upper else path)
    )


def _normal(figure: Measurement, base: Measurement | None, scale: float) -> Measurement:
    """A figure per `scale` base units of another; absent when one of the two is not wholly known."""
    # a ratio of two lower bounds is no bound of anything
    lost = (*figure.missing, *(base.missing if base else ()))
    if figure.quantity is None or base is None or base.quantity is None or lost or not _is_positive(base.quantity):
        return Measurement(figure.path, figure.title, None, lost, "one of both is not wholly known")
    so_many = apply("divide", base.quantity, number_of(scale), dimension=NONE)
    return Measurement(figure.path, figure.title, apply("divide", figure.quantity, so_many))


def _is_positive(quantity: Quantity) -> bool:
    return Intervals().of(quantity).low > 0


def _rows(sets: Sequence[tuple[Measurement, ...]]) -> tuple[ComparedFigure, ...]:
    """Rows with their ratios; all samples are drawn together, so that shared inputs cancel."""
    ratios = [tuple(_ratio(each[0], other) for other in each[1:]) for each in sets]
    everything = [figure for each in sets for figure in each] + [r for each in ratios for r in each if r is not None]
    sampled, intervals = _sampled(everything), Intervals()
    rows = []
    for each, beside in zip(sets, ratios, strict=True):
        values = tuple(measure(figure, intervals, sampled) for figure in each)
        measured = tuple(None if ratio is None else measure(ratio, intervals, sampled) for ratio in beside)
        rows.append(ComparedFigure(each[0].path, each[0].title, values, measured))
    return tuple(rows)


def _ratio(first: Measurement, other: Measurement) -> Measurement | None:
    if first.quantity is None or other.quantity is None or first.missing or other.missing:
        return None
    if first.quantity.dimension != other.quantity.dimension or not _is_positive(first.quantity):
        return None
    return Measurement(first.path, first.title, apply("divide", other.quantity, first.quantity, dimension=NONE))


def _sampled(figures: Sequence[Measurement]) -> dict[int, tuple[float, float, float]]:
    """Quantiles (5, 50, 95 %) of the uncertain figures by `id`; none where the uncertainty cancels."""
    uncertain = [f.quantity for f in figures if f.quantity is not None and is_uncertain(f.quantity)]
    found = {}
    for quantity, values in zip(uncertain, evaluate(uncertain) if uncertain else [], strict=True):
        low, middle, high = (float(q) for q in np.quantile(values, QUANTILES))
        if high - low > CERTAIN * abs(middle):
            found[id(quantity)] = (low, middle, high)
    return found


def _same(a: Measured, b: Measured) -> bool:
    if a.value is None or b.value is None:
        return a.value is b.value and a.missing == b.missing
    ends = ((a.value, b.value), (a.low or 0.0, b.low or 0.0), (a.high or 0.0, b.high or 0.0))
    return a.missing == b.missing and all(nearly(x, y) for x, y in ends)


# ---- for people ------------------------------------------------------------------------------


def sections(comparison: Comparison, per: Sequence[str] = (), changed: bool = True) -> tuple[Section, ...]:
    """Tables of a comparison: figures side by side, then normalised by each of `per`.

    With `changed`, only those that differ.
    """
    tables = [("figures", "Figures", comparison.rows)]
    tables += [(word, f"Figures {PER[word][0]}", comparison.per[word]) for word in per]
    found = []
    for name, title, rows in tables:
        shown = [_shown(row) for row in rows if _speaks(row) and not (changed and row.is_same)]
        if shown:
            found.append(Section(name, title, _columns(comparison), tuple(shown)))
    return tuple(found)


def _columns(comparison: Comparison) -> tuple[Column, ...]:
    first, *rest = comparison.designs
    many = len(rest) > 1
    heads = [Column("Figure", wrap=52), Column(first, True)]
    for name in rest:
        heads += [
            Column(name, True),
            Column(f"over {first}" if not many else f"{name} over {first}", True),
            Column("Change", True),
        ]
    return tuple(heads)


def _shown(row: ComparedFigure) -> tuple[str, ...]:
    cells = [row.title, row.values[0].display if row.values[0].value is not None else ""]
    for value, ratio in zip(row.values[1:], row.ratios, strict=True):
        cells.append(value.display if value.value is not None else "")
        cells += [times_as_much(ratio), f"{ratio.value - 1:+.1%}"] if ratio and ratio.value is not None else ["", ""]
    return tuple(cells)


def times_as_much(ratio: Measured) -> str:
    """A ratio as text, three digits, with its 90 % interval when it is uncertain."""
    shown = digits(ratio.value or 0.0, 3)
    return f"{shown} ({digits(ratio.quantiles[0], 3)} to {digits(ratio.quantiles[2], 3)})" if ratio.quantiles else shown


def _speaks(row: ComparedFigure) -> bool:
    """True when the figure is neither absent nor zero in every design."""
    return any(value.value for value in row.values)


def reasons(found: Difference) -> Section:
    """Table of the reasons for a difference, the whole of it on the last row."""
    whole = found.end - found.start
    columns = (
        *(Column("Because of", wrap=48), Column(found.designs[0], wrap=36), Column(found.designs[1], wrap=36)),
        *(Column("Adds", True), Column("Share of the difference", True)),
    )
    rows = [
        (
            *(share.label, share.before, share.after, _signed(share.share, found)),
            f"{share.share / whole:.1%}" if whole else "",
        )
        for share in found.shares
    ]
    ends = (number(found.start, found.dimension), number(found.end, found.dimension))
    rows.append(("together", *ends, _signed(whole, found), "100.0%" if whole else ""))
    title = f"{found.title}: what makes the difference"
    notes = ["Every input at its middle; shares of products are logarithmic (LMDI) and add up to the whole."]
    if found.missing:
        notes.append(f"Not counted: {', '.join(found.missing)}.")
    return Section("difference", title, columns, tuple(rows), tuple(notes))


def _signed(value: float, found: Difference) -> str:
    return f"{'+' if value >= 0 else '-'}{number(abs(value), found.dimension)}"


# ---- for programs ----------------------------------------------------------------------------


def data(comparison: Comparison, changed: bool = False) -> dict[str, object]:
    """The comparison as plain data, values in base units; `ratios` are to the first design."""
    rows = [row for row in comparison.rows if not (changed and row.is_same)]
    return {
        "schema": SCHEMA,
        "designs": [
            {"design": name, "file": file} for name, file in zip(comparison.designs, comparison.files, strict=True)
        ],
        "figures": {row.path: _data(row) for row in rows},
        "per": {word: {row.path: _data(row) for row in found} for word, found in comparison.per.items()},
    }


def _data(row: ComparedFigure) -> dict[str, object]:
    ratios = [None if ratio is None else plain(ratio.value) for ratio in row.ratios]
    return {"title": row.title, "values": [figure_data(value) for value in row.values], "ratios": ratios}


def reasons_data(found: Difference) -> dict[str, object]:
    """The reasons for a difference as plain data, in the base unit of the figure."""
    return {
        "figure": found.path,
        "designs": list(found.designs),
        "start": plain(found.start),
        "end": plain(found.end),
        "unit": units.base_unit(found.dimension),
        "missing": list(found.missing),
        "shares": [
            {"because": s.label, "before": s.before, "after": s.after, "share": plain(s.share)} for s in found.shares
        ],
    }
