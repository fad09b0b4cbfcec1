"""The charts of a study that sweeps: its Pareto front, and how each column follows an axis of numbers."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.quantities import units
from compiler.study.columns import Columns, numbers, truths
from compiler.study.questions import LazyChart
from compiler.study.table import Findings, worded

if TYPE_CHECKING:
    from compiler.emitters.charts import Chart
    from compiler.emitters.charts.response import Curve, Scale
    from compiler.semantics.axes import Axis
    from compiler.study.plan import Plan
    from compiler.study.specs import ResultColumn

Indices = NDArray[np.int64]
MOST_DOTS = 20_000
MOST_X = 400
MOST_CURVES = 4


def drawings(findings: Findings) -> tuple[LazyChart, ...]:
    """The charts of a study: the front of its first two aims, and responses over its first axis of numbers."""
    plan = findings.plan
    found = []
    aims = [optimum for optimum in plan.optima if optimum.is_pareto]
    if findings.front is not None and len(aims) >= 2 and len(findings.front):
        found.append(LazyChart("pareto", partial(_pareto, findings)))
    across = next((axis for axis in plan.axes if axis.kind == "number" and axis.size > 1), None)
    if across is not None:
        shown = [column for column in plan.columns if column.role == "show" and column.kind == "number"]
        found += [LazyChart(f"response-{column.name}", partial(_response, plan, across, column)) for column in shown]
    return tuple(found)


def _scale(column: "ResultColumn") -> "tuple[Scale, float]":
    """Scale of a column, and the size of one of its numbers in base units."""
    from compiler.emitters.charts.response import Scale

    unit = units.unit(column.unit) if column.unit else None
    return Scale(column.name, unit.dimension if unit else (), column.unit), unit.scale if unit else 1.0


def _pareto(findings: Findings) -> "Chart":
    from compiler.emitters.charts.pareto import Aim, pareto

    plan, front = findings.plan, findings.front
    assert front is not None
    first, second = [optimum for optimum in plan.optima if optimum.is_pareto][:2]
    others = np.linspace(0, plan.size - 1, min(plan.size, MOST_DOTS)).astype(np.int64)
    indices = np.unique(np.concatenate([others, front]))
    values = plan.at(indices)
    kept = truths(values, "kept")
    indices, values = indices[kept], {name: column[kept] for name, column in values.items()}
    by_name = {column.name: column for column in plan.columns}
    (across, x_scale), (up, y_scale) = _scale(by_name[first.column]), _scale(by_name[second.column])
    x, y = numbers(values, first.column) * x_scale, numbers(values, second.column) * y_scale
    aims = Aim(across, x, first.sense == "minimize"), Aim(up, y, second.sense == "minimize")
    names = [_point(plan, values, i) for i in range(len(indices))]
    return pareto(f"Study {plan.name}: Pareto front", *aims, np.isin(indices, front), names)


def _point(plan: "Plan", values: Columns, i: int) -> str:
    return ", ".join(f"{axis.name} {worded(values[axis.name].item(i), axis.unit)}" for axis in plan.axes)


@frozen
class _Response:
    """A column over an axis of numbers, one curve for each place on the axis `beside` (None: one curve)."""

    plan: "Plan"
    across: "Axis"
    column: "ResultColumn"
    beside: "Axis | None"


def _response(plan: "Plan", across: "Axis", column: "ResultColumn") -> "Chart":
    from compiler.emitters.charts.response import Scale, response

    beside = next((axis for axis in plan.axes if axis is not across and 1 < axis.size <= MOST_CURVES), None)
    asked = _Response(plan, across, column, beside)
    up, scale = _scale(column)
    curves = [_curve(asked, turn, scale) for turn in range(beside.size if beside is not None else 1)]
    fixed = [axis for axis in plan.axes if axis not in (across, beside) and axis.size > 1]
    held = "".join(f"; {axis.name} = {_at(axis, 0)}" for axis in fixed)
    x = Scale(across.name, across.dimension, across.unit, across.is_geometric)
    return response(f"{column.name} over {across.name}", curves, x, up, says=f"study {plan.name}{held}")


def _indices(asked: _Response, turn: int) -> Indices:
    """The numbers of the points of one curve, spread over the axis, shape (points,)."""
    index = np.zeros(1, dtype=np.int64)
    places = np.unique(np.linspace(0, asked.across.size - 1, min(asked.across.size, MOST_X)).astype(np.int64))
    for axis in asked.plan.axes:
        place = places if axis is asked.across else turn if axis is asked.beside else 0
        index = index * axis.size + place
    return index


def _curve(asked: _Response, turn: int, scale: float) -> "Curve":
    from compiler.emitters.charts.response import Curve

    across, column, beside = asked.across, asked.column, asked.beside
    values = asked.plan.at(_indices(asked, turn))
    kept = truths(values, "kept") & np.isfinite(numbers(values, column.name))

    def of(name: str, by: float) -> list[float] | None:
        return [value * by for value in numbers(values, name)[kept].tolist()] if name in values else None

    name = worded(values[beside.name].item(0), beside.unit) if beside is not None else column.name
    low, high = of(f"{column.name}.p05", scale), of(f"{column.name}.p95", scale)
    return Curve(name, of(across.name, across.scale) or [], of(column.name, scale) or [], low, high)


def _at(axis: "Axis", place: int) -> str:
    return worded(float(axis.at(place)), axis.unit) if axis.kind == "number" else str(axis.values[place])
