"""Analyses that a study or a roadmap asks for besides rows: designs compared, sensitivity, growth over time.

study against { compare = [A, B]; per = ["MW"]; figures = ["compute.bf16"]; waterfall = ["power.it"] }
study risk    { sensitivity = A.figures.power.it }
roadmap Line  { variants = [A, B, C]; figures = ["peak.fp8"]; claimed = 2.0 }
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from attrs import frozen

from compiler.errors import UnknownError, with_nearest
from compiler.ir.hardware import ClusterDesign, Part
from compiler.ir.labels import names_of
from compiler.quantities.display import interval
from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Bounds
from compiler.quantities.sensitivity import Indices, Tornado, tornado
from compiler.report.reasons import Difference
from compiler.report.sections import Column, Section
from compiler.report.series import TimeSeries
from compiler.semantics.instances import as_instance, instance_of
from compiler.semantics.members import member, part_of, parts_made
from compiler.semantics.values import Instance, Value
from compiler.semantics.words import stated_of, variants
from compiler.study import compare as comparison
from compiler.study import roadmap
from compiler.study.sobol import indices

if TYPE_CHECKING:
    from compiler.emitters.charts import Chart
    from compiler.workspace.compilation import Compilation


@frozen(eq=False)
class LazyChart:
    """A chart on demand: its name, and the function that makes it."""

    name: str
    make: "Callable[[], Chart]"


@frozen(eq=False)
class Analysis:
    """Findings of an analysis: a headline, tables, the same as data, and charts on demand."""

    title: str
    sections: tuple[Section, ...]
    data: dict[str, object]
    drawings: tuple[LazyChart, ...] = ()


def analysed(compilation: "Compilation", name: str) -> Analysis | None:
    """The analysis of a study or roadmap of a file; None for a study that only sweeps, or a name of neither.

    Raises `UnknownError` when it asks for what is not there.
    """
    module = compilation.module
    declaration = next((d for d in module.own if d.name == name), None) if module is not None else None
    if declaration is None or declaration.kind.name not in ("study", "roadmap"):
        return None
    instance = instance_of(declaration, compilation.state)
    if instance is None:
        return None
    if declaration.kind.name == "roadmap":
        return _roadmap(instance, compilation)
    if "compare" in instance.fields:
        return _compared(instance, compilation)
    return _sensitivity(instance, compilation) if "sensitivity" in instance.fields else None


def only_name(compilation: "Compilation") -> str | None:
    """The name of the only study or roadmap of a file; None when there are several, or none."""
    own = compilation.module.own if compilation.module is not None else ()
    found = [declaration.name for declaration in own if declaration.kind.name in ("study", "roadmap")]
    return found[0] if len(found) == 1 else None


def _value(instance: Instance, path: str, compilation: "Compilation") -> Value | None:
    if path not in instance.fields:
        return None
    return member(instance, path, instance.template.span, compilation.state)


def _listed(instance: Instance, path: str, compilation: "Compilation") -> tuple[Value, ...]:
    """A field as a list; one value is a list of one."""
    value = _value(instance, path, compilation)
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _texts(instance: Instance, path: str, compilation: "Compilation") -> tuple[str, ...]:
    listed = _listed(instance, path, compilation)
    found = tuple(one for one in listed if isinstance(one, str))
    if len(found) < len(listed):
        raise UnknownError(f'`{path}` of `{instance.name}` lists texts: `{path} = ["power.it"]`')
    return found


# ---- compare ---------------------------------------------------------------------------------


def _compared(instance: Instance, compilation: "Compilation") -> Analysis:
    designs = [_design(one, instance, compilation) for one in _listed(instance, "compare", compilation)]
    if len(designs) < 2:
        raise UnknownError(f"`compare` of `{instance.name}` needs two designs: `compare = [A, B]`")
    per, wanted = _texts(instance, "per", compilation), _texts(instance, "figures", compilation)
    unknown = next((word for word in per if word not in comparison.PER), None)
    if unknown is not None:
        raise UnknownError(f"figures are not normalised per `{unknown}`; there are {', '.join(comparison.PER)}")
    found = comparison.compare(designs)
    shown = comparison.only(found, wanted)
    why = [
        comparison.why(designs[0], other, path)
        for path in _texts(instance, "waterfall", compilation)
        for other in designs[1:]
    ]
    sections = (*comparison.sections(shown, per, changed=False), *(comparison.reasons(one) for one in why))
    data = comparison.data(shown) | {"differences": [comparison.reasons_data(one) for one in why]}
    drawings = tuple(
        LazyChart(f"waterfall-{one.path}{f'-{one.designs[1]}' if len(designs) > 2 else ''}", partial(_waterfall, one))
        for one in why
    )
    return Analysis(f"{instance.name}: {' against '.join(found.designs)}", sections, data, drawings)


def _design(value: Value, instance: Instance, compilation: "Compilation") -> ClusterDesign:
    made = as_instance(value, compilation.state)
    design = compilation.designed(made) if made is not None else None
    if design is None:
        raise UnknownError(f"`compare` of `{instance.name}` takes designs: `compare = [A, B]`")
    return design


def _waterfall(found: Difference) -> "Chart":
    from compiler.emitters.charts.waterfall import waterfall

    return waterfall(found)


# ---- sensitivity -----------------------------------------------------------------------------


def _sensitivity(instance: Instance, compilation: "Compilation") -> Analysis:
    quantities = [one for one in _listed(instance, "sensitivity", compilation) if isinstance(one, Quantity)]
    if not quantities:
        raise UnknownError(f"`sensitivity` of `{instance.name}` takes a figure: `sensitivity = A.figures.power.it`")
    called = _input_names(compilation)
    sections, drawings, data = [], [], []
    for quantity in quantities:
        bars, shares = tornado(quantity, called), indices(quantity, called)
        name = quantity.label or instance.name
        sections.append(_moved(name, quantity, bars, shares))
        drawings.append(LazyChart(f"tornado-{name}", partial(_tornado, name, quantity, bars)))
        if bars.swings:
            drawings.append(LazyChart(f"uncertainty-{name}", partial(_histogram, name, quantity)))
        data.append(_moved_data(name, bars, shares))
    title = f"{instance.name}: what moves {', '.join(q.label or 'the figure' for q in quantities)}"
    result: dict[str, object] = {"schema": "clusterc.sensitivity/1", "figures": data}
    return Analysis(title, tuple(sections), result, tuple(drawings))


def _input_names(compilation: "Compilation") -> dict[int, str]:
    """Names of literals, after the parts that state them, over all that was made."""
    return names_of(parts_made(compilation.state))


def _moved(name: str, quantity: Quantity, bars: Tornado, shares: Indices) -> Section:
    by_input = {share.input.symbol: share for share in shares.shares}
    columns = (
        *(Column("Input", wrap=44), Column("Range", True), Column("Moves it to", True), Column("Alone", True)),
        *(Column("With others", True), Column("Stated in"), Column("Rests on", wrap=40)),
    )
    rows = []
    for swing in bars.swings:
        share = by_input[swing.input.symbol]
        ends = Bounds(min(swing.at_low, swing.at_high), bars.middle, max(swing.at_low, swing.at_high))
        total = "" if share.total is None else f"{share.total:.1%}"
        rows.append(
            (swing.input.label, swing.input.display, interval(ends, quantity), f"{share.first:.1%}", total, swing.input.at,
             "; ".join(swing.input.sources))
        )  # fmt: skip
    notes = (
        f"Alone and with others: shares of the variance ({shares.method}).",
        "Moves it to: the figure with this input at its ends and all others at their middle.",
    )
    return Section(
        "sensitivity", f"What moves {name}", columns, tuple(rows), notes if rows else ("No input is uncertain.",)
    )


def _moved_data(name: str, bars: Tornado, shares: Indices) -> dict[str, object]:
    by_input = {share.input.symbol: share for share in shares.shares}
    inputs = [
        {
            "input": swing.input.label,
            "at": swing.input.at,
            "low": swing.input.low,
            "high": swing.input.high,
            "figure_at_low": swing.at_low,
            "figure_at_high": swing.at_high,
            "first_order": by_input[swing.input.symbol].first,
            "total": by_input[swing.input.symbol].total,
        }
        for swing in bars.swings
    ]
    return {
        "figure": name,
        "middle": bars.middle,
        "variance": shares.variance,
        "method": shares.method,
        "inputs": inputs,
    }


def _tornado(name: str, quantity: Quantity, bars: Tornado) -> "Chart":
    from compiler.emitters.charts.tornado import Bar
    from compiler.emitters.charts.tornado import tornado as chart

    shown = [Bar(s.input.label, f"{s.input.display}   {s.input.at}", s.at_low, s.at_high) for s in bars.swings]
    return chart(name, bars.middle, shown, quantity.dimension)


def _histogram(name: str, quantity: Quantity) -> "Chart":
    from compiler.emitters.charts.uncertainty import uncertainty
    from compiler.quantities.samples import evaluate

    return uncertainty(name, evaluate([quantity])[0].ravel(), quantity.dimension)


# ---- roadmap ---------------------------------------------------------------------------------


def _roadmap(instance: Instance, compilation: "Compilation") -> Analysis:
    made = variants(instance, instance.template.span, compilation.state)
    parts = [part for one in made if (part := part_of(one, compilation.state)) is not None]
    if not parts:
        raise UnknownError(f"roadmap `{instance.name}` lists no variants: `variants = [A, B]`")
    wanted = _texts(instance, "figures", compilation) or tuple(_common(parts))
    found = [roadmap.series(parts, path) for path in wanted]
    empty = next((one for one in found if not one.points), None)
    if empty is not None:
        legal = dict.fromkeys(path for part in parts for path in stated_of(part))
        message = f"no dated variant of `{instance.name}` states `{empty.path}`"
        raise UnknownError(with_nearest(message, empty.path, legal))
    said = _value(instance, "claimed", compilation)
    claimed = compilation.state.number(said) if isinstance(said, Quantity) else None
    step = said.spread.step if isinstance(said, Quantity) and said.spread is not None else 0.0
    drawings = tuple(LazyChart(f"roadmap-{one.path}", partial(_line, instance.name, one, claimed)) for one in found)
    title = f"{instance.name}: {len(parts)} variants over time"
    sections = roadmap.sections(instance.name, found, claimed, step / 2 or roadmap.CLOSE)
    return Analysis(title, sections, roadmap.data(instance.name, found), drawings)


def _common(parts: Sequence[Part]) -> Iterator[str]:
    """The stated quantities that two variants at least share."""
    paths = dict.fromkeys(path for part in parts for path, value in part.fields.items() if isinstance(value, Quantity))
    yield from (path for path in paths if sum(part.quantity(path) is not None for part in parts) > 1)


def _line(name: str, one: TimeSeries, claimed: float | None) -> "Chart":
    from compiler.emitters.charts.roadmap import roadmap as chart

    return chart(f"{name}: {one.path}", [one], claimed or 2.0)
