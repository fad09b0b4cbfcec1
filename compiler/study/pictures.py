"""The charts of a study that sweeps: its Pareto front, and how each column follows an axis of numbers."""

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from compiler.quantities import units
from compiler.study.analyses import Drawing
from compiler.study.table import Findings, worded

if TYPE_CHECKING:
    from compiler.emitters.charts import Chart
    from compiler.emitters.charts.response import Curve, Scale
    from compiler.semantics.axes import Axis
    from compiler.study.plan import Column, Plan

MOST_DOTS = 20_000
MOST_X = 400
MOST_CURVES = 4


def drawings(findings: Findings) -> tuple[Drawing, ...]:
    """What can be drawn of a study: the front of its first two aims, and responses over its first axis of numbers."""
    plan = findings.plan
    found = []
    aims = [optimum for optimum in plan.optima if optimum.is_pareto]
    if findings.front is not None and len(aims) >= 2 and len(findings.front):
        found.append(Drawing("pareto", partial(_pareto, findings)))
    across = next((axis for axis in plan.axes if axis.kind == "number" and axis.size > 1), None)
    if across is not None:
        shown = [column for column in plan.columns if column.role == "show" and column.kind == "number"]
        found += [Drawing(f"response-{column.name}", partial(_response, plan, across, column)) for column in shown]
    return tuple(found)


def _scale(column: "Column") -> "tuple[Scale, float]":
    """What a column counts, and how many base units one of its numbers is."""
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
    kept = np.asarray(values["kept"], dtype=bool) if "kept" in values else np.ones(len(indices), dtype=bool)
    indices, values = indices[kept], {name: column[kept] for name, column in values.items()}
    by_name = {column.name: column for column in plan.columns}
    (across, x_scale), (up, y_scale) = _scale(by_name[first.column]), _scale(by_name[second.column])
    x, y = values[first.column].astype(np.float64) * x_scale, values[second.column].astype(np.float64) * y_scale
    aims = Aim(across, x, first.sense == "minimize"), Aim(up, y, second.sense == "minimize")
    names = [_point(plan, values, i) for i in range(len(indices))]
    return pareto(f"Study {plan.name}: Pareto front", *aims, np.isin(indices, front), names)


def _point(plan: "Plan", values: dict[str, NDArray[Any]], i: int) -> str:
    return ", ".join(f"{axis.name} {worded(values[axis.name][i], axis.unit)}" for axis in plan.axes)


def _response(plan: "Plan", across: "Axis", column: "Column") -> "Chart":
    from compiler.emitters.charts.response import Scale, response

    number = plan.axes.index(across)
    places = np.unique(np.linspace(0, across.size - 1, min(across.size, MOST_X)).astype(np.int64))
    beside = next((i for i, axis in enumerate(plan.axes) if i != number and 1 < axis.size <= MOST_CURVES), None)
    up, scale = _scale(column)
    curves = []
    for turn in range(plan.axes[beside].size if beside is not None else 1):
        at = [np.zeros(len(places), dtype=np.int64) for _ in plan.axes]
        at[number] = places
        if beside is not None:
            at[beside] = np.full(len(places), turn)
        curves.append(_curve(plan, across, column, _indices(plan, at), scale, beside))
    fixed = [axis for i, axis in enumerate(plan.axes) if i not in (number, beside) and axis.size > 1]
    held = "".join(f"; {axis.name} = {_at(axis, 0)}" for axis in fixed)
    x = Scale(across.name, across.dimension, across.unit, across.is_geometric)
    return response(f"{column.name} over {across.name}", curves, x, up, says=f"study {plan.name}{held}")


def _indices(plan: "Plan", places: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The numbers of the points at places on each axis."""
    index = np.zeros(len(places[0]), dtype=np.int64)
    for axis, place in zip(plan.axes, places, strict=True):
        index = index * axis.size + place
    return index


def _curve(
    plan: "Plan", across: "Axis", column: "Column", indices: NDArray[np.int64], scale: float, beside: int | None
) -> "Curve":
    from compiler.emitters.charts.response import Curve

    values = plan.at(indices)
    kept = np.asarray(values["kept"], dtype=bool) if "kept" in values else np.ones(len(indices), dtype=bool)
    kept &= np.isfinite(np.asarray(values[column.name], dtype=np.float64))

    def of(name: str, by: float) -> list[float] | None:
        found = values.get(name)
        return None if found is None else [float(v) * by for v in found[kept]]

    name = worded(values[plan.axes[beside].name][0], plan.axes[beside].unit) if beside is not None else column.name
    low, high = of(f"{column.name}.p05", scale), of(f"{column.name}.p95", scale)
    return Curve(name, of(across.name, across.scale) or [], of(column.name, scale) or [], low, high)


def _at(axis: "Axis", place: int) -> str:
    return worded(float(axis.at(place)), axis.unit) if axis.kind == "number" else str(axis.values[place])
