"""Findings of a study as tables: rows with units, removed points with reasons, best points, ratios to a baseline."""

import math
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from compiler.quantities import display, units
from compiler.report.sections import Column as Head
from compiler.report.sections import Section
from compiler.study.columns import Columns, numbers, places, truths
from compiler.study.pareto import Front
from compiler.study.plan import Optimum, Plan
from compiler.study.run import Chunk
from compiler.study.specs import ResultColumn

ROWS = 40


@frozen(eq=False)
class Best:
    """The least or greatest value of a goal, and the point that has it; None when no point was kept."""

    optimum: Optimum
    index: int | None
    value: float


@frozen(eq=False)
class Findings:
    """Findings of a study: counts, first rows, best points and Pareto front; points are given by index."""

    plan: Plan
    points: int
    kept: int
    removed: tuple[int, ...]
    failed: Mapping[str, int]
    rows: NDArray[np.int64]
    best: tuple[Best, ...]
    front: NDArray[np.int64] | None


@define
class _Fold:
    """Running totals of a study while its chunks come in."""

    plan: Plan
    limit: int
    points: int = 0
    kept: int = 0
    removed: NDArray[np.int64] = field(init=False)
    failed: dict[str, int] = field(factory=dict)
    rows: list[int] = field(factory=list)
    best: dict[Optimum, tuple[int | None, float]] = field(factory=dict)
    front: Front | None = None

    def __attrs_post_init__(self) -> None:
        aims = [o for o in self.plan.optima if o.is_pareto]
        self.removed = np.zeros(len(self.plan.requires), dtype=np.int64)
        self.front = Front(len(aims)) if aims else None
        self.best = {o: (None, math.inf) for o in self.plan.optima if not o.is_pareto}
        self.failed = {c.name: 0 for c in self.plan.columns if c.role == "expect"}

    def see(self, start: int, columns: Columns) -> None:
        """Take in the points from `start` on, columns of shape (points,), the removed ones included."""
        kept, removed_by = truths(columns, "kept"), places(columns, "removed_by")
        self.points += len(kept)
        own = np.flatnonzero(kept)
        self.kept += len(own)
        self.removed += np.bincount(removed_by[~kept], minlength=len(self.removed))[: len(self.removed)]
        self.rows += [int(start + place) for place in own[: max(0, self.limit - len(self.rows))]]
        for name in self.failed:
            self.failed[name] += int((~truths(columns, name)[own]).sum())
        if not len(own):
            return
        for optimum, (_, least) in self.best.items():
            costs = cost(optimum, columns)[own]
            if not np.isnan(costs).all():
                at = int(np.nanargmin(costs))
                if costs[at] < least:
                    self.best[optimum] = (int(start + own[at]), float(costs[at]))
        if self.front is not None:
            aims = [cost(o, columns)[own] for o in self.plan.optima if o.is_pareto]
            self.front.see(start + own, np.stack(aims, axis=1))


def cost(optimum: Optimum, columns: Columns) -> NDArray[np.float64]:
    """The column of a goal, so that less is better, shape (points,)."""
    values = numbers(columns, optimum.column)
    return values if optimum.sense == "minimize" else -values


def fold(plan: Plan, chunks: Iterable[Chunk], limit: int = ROWS) -> Findings:
    """The findings of a study from its chunks, in constant memory but for the Pareto front."""
    found = _Fold(plan, limit)
    for chunk in chunks:
        found.see(chunk.start, chunk.columns)
    best = tuple(Best(o, index, least if o.sense == "minimize" else -least) for o, (index, least) in found.best.items())
    return Findings(
        plan, found.points, found.kept, tuple(int(n) for n in found.removed), found.failed,
        np.array(found.rows, dtype=np.int64), best, found.front.indices if found.front is not None else None,
    )  # fmt: skip


# ---- as tables -------------------------------------------------------------------------------


def sections(findings: Findings, limit: int = ROWS) -> list[Section]:
    """The tables of a study: its Pareto front where it has one, else its first rows; then what was removed."""
    plan = findings.plan
    rows = findings.rows if findings.front is None else findings.front[:limit]
    total = findings.kept if findings.front is None else len(findings.front)
    title = "Pareto front" if findings.front is not None else "Points"
    notes = list(_notes(findings, total - len(rows)))
    if plan.size == 1 and len(rows):
        heads, cells = _cells(plan, rows)
        lines = tuple((head.head, cell) for head, cell in zip(heads, cells[0], strict=True))
        found = [Section("points", "Values", (Head("Column"), Head("Value", True)), lines, tuple(notes))]
    else:
        heads, cells = _cells(plan, rows)
        found = [Section("points", title, heads, cells, tuple(notes))]
    removed = [(reason, f"{count:,}") for reason, count in zip(plan.requires, findings.removed, strict=True) if count]
    if removed:
        found.append(
            Section("removed", "Removed", (Head("Condition", False, 60), Head("Points", True)), tuple(removed))
        )
    return found


def headline(findings: Findings) -> str:
    """One line over all of it."""
    plan = findings.plan
    gone = findings.points - findings.kept
    text = f"study {plan.name}: {findings.points:,} point{'' if findings.points == 1 else 's'}"
    return f"{text}, {findings.kept:,} kept, {gone:,} removed" if gone else text


def _notes(findings: Findings, hidden: int) -> Iterator[str]:
    plan = findings.plan
    if hidden > 0:
        yield f"and {hidden:,} more; `--format csv -o FILE` writes all, `--rows 0` shows all"
    if findings.front is not None:
        yield f"{len(findings.front):,} of {findings.kept:,} kept points are beaten by no other"
    for best in findings.best:
        word = "least" if best.optimum.sense == "minimize" else "greatest"
        if best.index is None:
            yield f"no point is kept, so `{best.optimum.column}` has no {word} value"
            continue
        column = next(column for column in plan.columns if column.name == best.optimum.column)
        at = plan.at(np.array([best.index]))
        where = ", ".join(f"{axis.name} = {worded(at[axis.name].item(0), axis.unit)}" for axis in plan.axes)
        yield (
            f"{word} `{column.name}`: {worded(best.value, column.unit)} at {where}"
            if where
            else f"{word} `{column.name}`"
        )
    for name, count in findings.failed.items():
        if count:
            yield f"`{name}` does not hold at {count:,} of {findings.kept:,} kept points"
    if plan.baseline:
        words = [f"{axis} = {_place(plan, axis, place)}" for axis, place in plan.baseline.items()]
        yield f"(x) is the ratio to the point with {', '.join(words)}"
    if any(column.role == "low" for column in plan.columns):
        yield f"uncertain values are medians with their 90 % interval, over {plan.samples:,} samples"


def _place(plan: Plan, axis: str, place: int) -> str:
    found = next(a for a in plan.axes if a.name == axis)
    return str(found.values[place]) if found.kind != "number" else worded(float(found.at(place)), found.unit)


def worded(value: object, unit: str) -> str:
    """One value of a column with its unit; a text as it is."""
    if not isinstance(value, int | float):
        return str(value)
    shown, name = _shown_unit(np.array([value], dtype=np.float64), unit)
    gap = "" if name in ("", "%") else " "
    return f"{display.digits(float(value) * shown)}{gap}{name}"


def _cells(plan: Plan, rows: NDArray[np.int64]) -> tuple[tuple[Head, ...], tuple[tuple[str, ...], ...]]:
    """Heads with units, and the rows as text: median with interval, and ratio to the baseline, in one cell."""
    values = plan.at(rows)
    ratios = _ratios(plan, rows, values)
    heads: list[Head] = []
    cells: list[list[str]] = []
    for column in plan.columns:
        if column.role in ("low", "high", "expect"):
            continue
        head, texts = _column(column, values, ratios.get(column.name))
        heads.append(Head(head, column.kind == "number"))
        cells.append(texts)
    return tuple(heads), tuple(zip(*cells, strict=True)) if len(rows) else ()


def _column(column: ResultColumn, values: Columns, ratio: NDArray[np.float64] | None) -> tuple[str, list[str]]:
    found = values[column.name]
    if column.kind == "text":
        return column.name, [str(value) for value in found]
    if column.kind == "truth":
        return column.name, ["yes" if value else "no" for value in found]
    middle = numbers(values, column.name)
    scale, unit = _shown_unit(middle, column.unit)
    ends = [numbers(values, name) for end in ("p05", "p95") if (name := f"{column.name}.{end}") in values]
    texts = []
    for i, value in enumerate(middle.tolist()):
        text = display.digits(value * scale)
        low, high = (float(end[i]) for end in ends or (middle, middle))
        if ends and low != high:
            figures = display.known_digits(low, value, high) if math.isfinite(high - low) else 4
            text, least, most = (display.digits(each * scale, figures) for each in (value, low, high))
            text = f"{text} ({least} to {most})"
        if ratio is not None:
            text += f"  {display.digits(float(ratio[i]), 3)}x" if math.isfinite(ratio[i]) else "  -"
        texts.append(text)
    return f"{column.name} [{unit}]" if unit else column.name, texts


def _shown_unit(values: NDArray[np.float64], unit: str) -> tuple[float, str]:
    """A factor and a unit that suit all values of a column: the unit itself unless its numbers would be long."""
    known = units.unit(unit) if unit else None
    finite = np.abs(values[np.isfinite(values)])
    if known is None or not len(finite) or not known.dimension:
        return 1.0, unit
    typical = float(np.median(finite)) * known.scale
    if not typical:
        return 1.0, unit
    shown, name = display.scaled(typical, known.dimension, unit)
    return shown / typical * known.scale, name


def _ratios(plan: Plan, rows: NDArray[np.int64], values: Columns) -> dict[str, NDArray[np.float64]]:
    """Ratios of numbers to those of the point that is at the baseline and otherwise the same."""
    if not plan.baseline or not len(rows):
        return {}
    index = np.zeros(len(rows), dtype=np.int64)
    for axis, place in zip(plan.axes, plan.places(rows), strict=True):
        index = index * axis.size + plan.baseline.get(axis.name, place)
    base = plan.at(index)
    with np.errstate(all="ignore"):
        return {
            c.name: numbers(values, c.name) / numbers(base, c.name)
            for c in plan.columns
            if c.kind == "number" and c.role in ("show", "goal")
        }
