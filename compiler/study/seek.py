"""Goal seek: the least or greatest value of an axis for which all conditions hold, or the reason why none does.

Axes of moderate length are evaluated whole, so that the answer is exact. Longer ones, and those on which each value is
a design of its own, are probed, then bisected between the last failure and the first success. That is exact when the
conditions change once; more changes are reported where they are seen.
"""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from compiler.report.sections import Column as Head
from compiler.report.sections import Section
from compiler.semantics.axes import Axis
from compiler.study.columns import Columns, numbers, truths
from compiler.study.plan import Plan, Rows, Sought
from compiler.study.table import worded

WHOLE_SCAN, SHAPED_SCAN, PROBES = 200_000, 512, 65
"""Limits up to which an axis is evaluated whole (second: each value is a design), and probes of a longer one."""
FINE = 1 << 40
"""Positions into which the step between two values of an axis of real numbers is divided."""
MOST_INDEX = 1 << 62
"""Limit of the index of a point, which must fit 64 bits."""
SHOWN_CASES = 40

Places = NDArray[np.int64]
Cell = str | float | bool | None
"""A value of a column by itself; None where it does not exist."""


@frozen(eq=False)
class Answer:
    """Answer for one case of the other axes: the value with its columns; when `index` is None, the reason why there is
    none.

    `fails_again` is a value beyond the answer at which a condition no longer holds; None when none was seen.
    """

    case: Mapping[str, Cell]
    index: int | None
    value: float
    columns: Mapping[str, Cell]
    method: str
    fails_again: float | None = None
    reason: str = ""


@frozen(eq=False)
class _Case:
    """One case of the other axes: `base` is the index of its first point, `stride` the distance between its points."""

    plan: Plan
    base: int
    stride: int
    is_reversed: bool

    @property
    def sought(self) -> Sought:
        """The seek itself."""
        return _sought(self.plan)

    @property
    def axis(self) -> Axis:
        """The axis that is sought along."""
        return self.plan.axes[self.sought.axis]

    @property
    def size(self) -> int:
        """Values of the axis."""
        return self.axis.size

    def at(self, places: Sequence[int] | Places) -> Rows:
        """All columns at places, counted from the end that is sought from, shape (places,) each."""
        found = np.asarray(places, dtype=np.int64)
        return self.plan.at(self.base + self.stride * (self.size - 1 - found if self.is_reversed else found))

    def value(self, place: int) -> float:
        """The value of the parameter at a place."""
        return float(self.axis.at(self.size - 1 - place if self.is_reversed else place))

    def holds(self, places: Sequence[int] | Places) -> NDArray[np.bool_]:
        """True where all conditions hold, shape (places,)."""
        columns = self.at(places)
        return truths(columns, "kept") & truths(columns, "seek")


def _sought(plan: Plan) -> Sought:
    assert plan.sought is not None, "only a study with a seek is sought in"
    return plan.sought


def found(plan: Plan) -> tuple[Answer, ...]:
    """The answer for each case of the other axes."""
    return tuple(_answer(case) for case in _cases(plan))


def _cases(plan: Plan) -> Iterator[_Case]:
    sought = _sought(plan)
    axis = plan.axes[sought.axis]
    stride = math.prod(a.size for a in plan.axes[sought.axis + 1 :])
    ends = axis.ends or (axis.at(0), axis.at(axis.size - 1))
    for number in range(plan.size // axis.size):
        base = number // stride * stride * axis.size + number % stride
        yield _Case(plan, base, stride, (sought.take == "greatest") == (ends[0] <= ends[1]))


def _answer(case: _Case) -> Answer:
    first = case.at([0])
    other = {axis.name: _cell(first, axis.name) for axis in case.plan.axes if axis is not case.axis}
    is_shaped = any(case.sought.axis in variant.splits for variant in case.plan.known.values())
    if case.size <= (SHAPED_SCAN if is_shaped else WHOLE_SCAN):
        places = np.arange(case.size)
        holds = case.holds(places)
        method = f"all {case.size:,} values"
    else:
        probes = np.unique(np.linspace(0, case.size - 1, PROBES).astype(np.int64))
        places = np.union1d(probes, _turns(case, probes))
        holds = case.holds(places)
        method = f"{len(probes)} values, then halved"
    if not holds.any():
        return Answer(other, None, math.nan, {}, method, None, _binding(case, places))
    at = int(np.argmax(holds))
    after = np.flatnonzero(~holds[at:])
    again = case.value(int(places[at + after[0]])) if len(after) else None
    low, high = (int(places[at - 1]) if at else -1), int(places[at])
    while high - low > 1 and at:
        middle = (low + high) // 2
        low, high = (low, middle) if case.holds([middle])[0] else (middle, high)
    return _refined(case, Answer(other, high, case.value(high), {}, method, again), is_shaped)


def _turns(case: _Case, probes: Places) -> Places:
    """Positions on both sides of every change of a single condition between two probes, shape (places,).

    Needed because conditions may hold together on less than the distance between two probes.
    """
    columns = case.at(probes)
    found: list[int] = []
    for _, name, _ in case.sought.conditions:
        holds = truths(columns, name)
        for before in np.flatnonzero(holds[1:] != holds[:-1]):
            low, high, start = int(probes[before]), int(probes[before + 1]), bool(holds[before])
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if bool(truths(case.at([middle]), name)[0]) == start else (low, middle)
            found += (low, high)
    return np.array(found, dtype=np.int64)


def _refined(case: _Case, rough: Answer, is_shaped: bool) -> Answer:
    """The answer refined between its value and the one before, where the axis is of real numbers.

    `rough.index` is a position.
    """
    plan, axis, place, method = case.plan, case.axis, rough.index or 0, rough.method
    at, here = place, case
    if not is_shaped and place > 0 and axis.ends is not None and not _is_whole(axis.ends, axis.size):
        ends = (case.value(place - 1), case.value(place))
        fine = evolve(axis, ends=ends, size=FINE + 1)
        axes = (*plan.axes[: case.sought.axis], fine, *plan.axes[case.sought.axis + 1 :])
        outer = case.base // (case.stride * axis.size)
        base = outer * case.stride * fine.size + case.base % case.stride
        if outer * case.stride * fine.size < MOST_INDEX:
            here = _Case(evolve(plan, axes=axes, size=plan.size // axis.size * fine.size), base, case.stride, False)
            low, at = 0, FINE  # at `low` something does not hold, at `at` everything does
            while at - low > 1:
                middle = (low + at) // 2
                low, at = (low, middle) if here.holds([middle])[0] else (middle, at)
            method += ", refined between two of them"
    found = here.at([at])
    columns = {name: _cell(found, name) for name in found}
    return Answer(rough.case, case.base + case.stride * place, here.value(at), columns, method, rough.fails_again)


def _cell(columns: Columns, name: str, row: int = 0) -> Cell:
    """One value of a column as a plain one."""
    value: object = columns[name].item(row)
    return value if isinstance(value, float | int | bool) else str(value)


def _is_whole(ends: tuple[float, float], size: int) -> bool:
    step = (ends[1] - ends[0]) / (size - 1) if size > 1 else 0.0
    return ends[0] == int(ends[0]) and step == int(step)


def _binding(case: _Case, places: Places) -> str:
    """Reason why no value will do: a condition that never holds and how near it comes, or several that never do at once."""
    columns, axis = case.at(places), case.axis
    alone = []
    for text, name, has_sides in case.sought.conditions:
        truth = truths(columns, name)
        if not truth.any():
            near = _nearest(case, columns, name, places) if has_sides else ""
            which = "no value" if len(places) == case.size else f"none of {len(places)} values looked at"
            return f"`{text}` holds for {which} of `{axis.name}`{near}"
        holds = np.flatnonzero(truth)
        ends = [worded(case.value(int(places[k])), axis.unit) for k in (holds[0], holds[-1])]
        alone.append(
            f"`{text}` holds from {ends[0]} to {ends[1]}" if ends[0] != ends[1] else f"`{text}` holds at {ends[0]}"
        )
    if len(alone) == 1:
        return "no design can be built where it holds"
    return f"the conditions never hold together: {'; '.join(alone)}"


def _nearest(case: _Case, columns: Columns, name: str, places: Places) -> str:
    """Sentence with the point at which the two sides of a comparison come nearest; empty when they are not known."""
    left, right = numbers(columns, f"left {name}"), numbers(columns, f"right {name}")
    units = {spec.name: spec.unit for spec in case.plan.specs}
    scales = {spec.name: spec.scale for spec in case.plan.specs}
    gap = np.abs(left * scales[f"left {name}"] - right * scales[f"right {name}"])
    if np.isnan(gap).all():
        return ""
    at = int(np.nanargmin(gap))
    where = worded(case.value(int(places[at])), case.axis.unit)
    sides = worded(float(left[at]), units[f"left {name}"]), worded(float(right[at]), units[f"right {name}"])
    return f"; nearest at {case.axis.name} = {where}: {sides[0]} against {sides[1]}"


# ---- for people and programs -----------------------------------------------------------------


def headline(plan: Plan, answers: Sequence[Answer]) -> str:
    """One line over all of it."""
    sought = _sought(plan)
    axis = plan.axes[sought.axis]
    text = f"study {plan.name}: the {sought.take} `{axis.name}` such that {sought.conditions[0][0]}"
    reached = sum(answer.index is not None for answer in answers)
    return text if reached == len(answers) else f"{text}: reached in {reached} of {len(answers)} cases"


def sections(plan: Plan, answers: Sequence[Answer]) -> list[Section]:
    """Table with a row for each case: the value that was found with its columns, or the reason."""
    axis = plan.axes[_sought(plan).axis]
    shown = [c for c in plan.columns if c.role in ("show", "goal")]
    units = {column.name: column.unit for column in plan.columns}
    others = list(answers[0].case) if answers else []
    rows, notes = [], []
    for answer in answers[:SHOWN_CASES]:
        case = ", ".join(f"{name} = {_worded(value, units[name])}" for name, value in answer.case.items())
        prefix = f"{case}: " if case else ""
        if answer.index is None:
            notes.append(f"{prefix}{answer.reason}")
        if answer.fails_again is not None:
            notes.append(
                f"{prefix}not monotone: it fails again at {axis.name} = {worded(answer.fails_again, axis.unit)}"
                + ("" if answer.method.startswith("all") else "; values between the probes were not looked at")
            )
        value = worded(answer.value, axis.unit) if answer.index is not None else "none"
        cells = [_worded(answer.columns[c.name], c.unit) if answer.columns else "" for c in shown]
        rows.append((*(_worded(v, units[n]) for n, v in answer.case.items()), value, *cells))
    if len(answers) > SHOWN_CASES:
        notes.append(f"and {len(answers) - SHOWN_CASES:,} cases more; `--format csv` writes all")
    notes += [f"looked at {method}" for method in dict.fromkeys(answer.method for answer in answers)]
    heads = (
        *(Head(name) for name in others),
        Head(axis.name, True),
        *(Head(c.name, c.kind == "number") for c in shown),
    )
    return [Section("seek", "Found", heads, tuple(rows), tuple(notes))]


def _worded(value: Cell, unit: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return worded(value, unit)


def as_rows(plan: Plan, answers: Sequence[Answer], format: str) -> bytes:
    """The answers as CSV or JSON, a row for each case; `Parquet` is for studies without a seek."""
    axis = plan.axes[_sought(plan).axis]
    shown = [c for c in plan.columns if c.role in ("show", "goal", "low", "high")]
    rows = []
    for answer in answers:
        row: dict[str, Cell] = {name: _plain(value) for name, value in answer.case.items()}
        row[axis.name] = answer.value if answer.index is not None else None
        row |= {c.name: _plain(answer.columns[c.name]) if answer.columns else None for c in shown}
        rows.append(row | {"reason": answer.reason, "method": answer.method, "fails_again": answer.fails_again})
    if format in ("json", "jsonl"):
        units = {c.name: c.unit for c in plan.columns}
        data = {"schema": "clusterc.seek/1", "study": plan.name, "sought": axis.name, "units": units, "rows": rows}
        return (json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()
    names = list(rows[0]) if rows else []
    cells = [["" if row[name] is None else row[name] for name in names] for row in rows]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([names, *cells])
    return text.getvalue().encode()


def _plain(value: Cell) -> Cell:
    """A value as JSON can say it: None where it has no end, or is no number."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
