"""A study as something to run: points by their index, evaluated in any order, process and number as arrays.

The index of a point is a number of mixed radix, its digits the places on the axes, the last axis fastest.
"""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from compiler import __version__
from compiler.errors import ClusterError
from compiler.quantities.graph import COMPARISONS, Quantity, apply, order
from compiler.semantics.axes import Axis, shown_unit
from compiler.semantics.studies import Choice, Formed, Study, chosen, heard, shapes_of
from compiler.semantics.study_text import studies, study_of
from compiler.semantics.values import Declaration
from compiler.study.lower import Input, Root, lower
from compiler.study.tape import WIDTH, Array, Tape
from compiler.workspace.compile import Compilation, compile_file, compile_text
from dsl.diagnostic import Code
from dsl.source import Source, Span
from dsl.suggest import did_you_mean

NO_STUDY = Code(
    "C0524",
    "a file without the study that is asked for",
    cause="`clusterc study` runs a `study` block of the file: the one that is named, or the only one.",
    wrong="",
    right="study s {\n  sweep n in [1, 2]\n  show { n = n }\n}\n",
)
EAGER = 64
"""Shapes of a design that are formed when a plan is made; more are formed when their points are reached."""
FEW_POINTS, MANY_SAMPLES, FEW_SAMPLES = 1000, 4096, 256
SECONDS_A_POINT, SECONDS_A_STEP, SECONDS_A_NODE = 4e-8, 6e-10, 4e-5
CANNOT_BE = "cannot be built"
HIDDEN = ("require", "seek", "side")


@frozen
class Column:
    """A column of results. `kind` is number, text or truth; `role` what it is there for.

    Roles: axis, show, low and high (the 5 and 95 % quantiles of the column that `of` names), goal, expect, certainty.
    """

    name: str
    unit: str
    kind: str
    role: str = "show"
    of: str = ""


@frozen
class Spec:
    """One root of every tape: what the column is called and how it is read."""

    name: str
    kind: str
    unit: str
    scale: float
    role: str
    reading: str

    def columns(self) -> Iterator[Column]:
        """The columns it fills, in the order of its reading."""
        if self.reading == "quantiles":
            yield Column(f"{self.name}.p05", self.unit, self.kind, "low", self.name)
        yield Column(self.name, self.unit, self.kind, self.role)
        if self.reading == "quantiles":
            yield Column(f"{self.name}.p95", self.unit, self.kind, "high", self.name)


@frozen(eq=False)
class Variant:
    """One shape of the design: its tape, the labels of its texts; or the axes to choose on first; or why it cannot be."""

    tape: Tape | None = None
    labels: Mapping[int, tuple[str, ...]] = field(factory=dict)
    splits: tuple[int, ...] = ()
    reason: str = ""


@frozen
class Recipe:
    """How to come by the study again in another process."""

    path: str
    text: str | None
    study: str


@frozen
class Optimum:
    """A column to make least or most, alone or as one of the aims of a Pareto front."""

    column: str
    sense: str
    is_pareto: bool


@frozen
class Sought:
    """What a seek looks for: the place of its axis, its words, and the conditions with the columns of their sides."""

    axis: int
    take: str
    conditions: tuple[tuple[str, str, bool], ...]


@frozen(eq=False)
class Plan:
    """What is to be run: `size` points of `columns`, each kept or removed by one of `requires`. Frozen and picklable."""

    name: str
    size: int
    axes: tuple[Axis, ...]
    columns: tuple[Column, ...]
    requires: tuple[str, ...]
    fingerprint: str
    estimate: float
    samples: int
    seed: int
    specs: tuple[Spec, ...] = field(repr=False)
    conditions: int = field(repr=False)
    recipe: Recipe = field(repr=False)
    known: dict[Choice, Variant] = field(repr=False)
    optima: tuple[Optimum, ...] = ()
    baseline: Mapping[str, int] = field(factory=dict)
    sought: Sought | None = None

    def evaluate(self, start: int, stop: int) -> dict[str, NDArray[Any]]:
        """All columns over the points from `start` up to `stop`, with `kept`, and `removed_by`: -1 or the number of the
        first condition of `requires` that fails."""
        found: dict[str, NDArray[Any]] = {}
        stride = self.size
        for axis in self.axes:
            stride //= axis.size
            first, last = start // stride, -(-stop // stride)
            times = np.full(last - first, stride, dtype=np.int64)
            times[:1] -= start - first * stride
            times[-1:] -= last * stride - stop
            values = _values(axis, np.arange(first, last, dtype=np.int64) % axis.size)
            found[axis.name] = np.repeat(values, times) if stride > 1 else values
        return self._columns(np.arange(start, stop, dtype=np.int64), found)

    def at(self, indices: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
        """All columns over the points of these indices."""
        places = zip(self.axes, self.places(indices), strict=True)
        return self._columns(indices, {axis.name: _values(axis, place) for axis, place in places})

    def _columns(self, indices: NDArray[np.int64], found: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """All columns, given those of the axes."""
        n = len(indices)
        places = self.places(indices) if self.known[(-1,) * len(self.axes)].splits else []
        width = sum(WIDTH[spec.reading] for spec in self.specs)
        # one piece of memory, not one for each column: large pieces come from the system in large pages
        out = list(np.empty((width, n)))
        texts = {i: np.full(n, "", dtype=object) for i, spec in enumerate(self.specs) if spec.kind == "text"}
        broken = np.zeros(n, dtype=bool)
        self._fill((-1,) * len(self.axes), np.arange(n), places, found, out, texts, broken)
        return found | self._read(out, texts, broken)

    def places(self, indices: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """The place of each point on each axis."""
        found: list[NDArray[np.int64]] = []
        rest = indices
        for axis in reversed(self.axes):
            above = rest // axis.size
            found.append(rest - above * axis.size)
            rest = above
        return found[::-1]

    # ---- shapes ------------------------------------------------------------------------------

    def variant(self, choice: Choice) -> Variant:
        """One shape of the design, formed when it is first met."""
        if choice not in self.known:
            self.known[choice] = variant(_study_of(self), choice, self.specs, self.samples, self.seed)
        return self.known[choice]

    def _fill(
        self,
        choice: Choice,
        rows: NDArray[np.intp],
        places: list[NDArray[np.int64]],
        columns: Mapping[str, NDArray[Any]],
        out: list[Array],
        texts: Mapping[int, NDArray[Any]],
        broken: NDArray[np.bool_],
    ) -> None:
        """The results of some rows, all of one choice: at once, or parted further by the axes that give shape."""
        shape = self.variant(choice)
        if shape.splits:
            for inner, some in _parted(choice, shape.splits, rows, places, self.axes):
                self._fill(inner, some, places, columns, out, texts, broken)
            return
        if shape.tape is None:
            broken[rows] = True
            for column in out:
                column[rows] = math.nan
            return
        whole = len(rows) == len(broken)
        given = [columns[symbol.removeprefix("sweep ")] for symbol in shape.tape.inputs]
        mine = out if whole else [np.empty(len(rows)) for _ in out]
        shape.tape.run(given if whole else [column[rows] for column in given], mine)
        if not whole:
            for column, values in zip(out, mine, strict=True):
                column[rows] = values
        at = 0
        for i, spec in enumerate(self.specs):
            if spec.kind == "text":
                texts[i][rows] = np.array(shape.labels[i], dtype=object)[np.nan_to_num(mine[at]).astype(np.intp)]
            at += WIDTH[spec.reading]

    # ---- columns -----------------------------------------------------------------------------

    def _read(
        self, out: list[Array], texts: Mapping[int, NDArray[Any]], broken: NDArray[np.bool_]
    ) -> dict[str, NDArray[Any]]:
        found: dict[str, NDArray[Any]] = {}
        conditions: list[Array] = []
        at = 0
        for i, spec in enumerate(self.specs):
            if spec.role == "require":
                conditions.append(out[at])
                found[f"require {len(conditions) - 1}"] = out[at] >= 0.5
            elif spec.kind == "text":
                found[spec.name] = texts[i]
            elif spec.kind == "truth":
                found[spec.name] = out[at] >= 0.5
            else:
                for k, column in enumerate(spec.columns()):
                    found[column.name] = out[at + k]
            at += WIDTH[spec.reading]
        removed = np.full(len(broken), -1, dtype=np.int64)
        for number in range(self.conditions - 1, -1, -1):
            removed[~(conditions[number] >= 0.5)] = number
        removed[broken] = self.conditions
        found["kept"], found["removed_by"] = removed < 0, removed
        return found


def _values(axis: Axis, places: NDArray[np.int64]) -> NDArray[Any]:
    """The values of an axis at places."""
    return np.asarray(axis.at(places) if axis.kind == "number" else np.array(axis.values, dtype=object)[places])


def _parted(
    choice: Choice,
    splits: tuple[int, ...],
    rows: NDArray[np.intp],
    places: list[NDArray[np.int64]],
    axes: Sequence[Axis],
) -> Iterator[tuple[Choice, NDArray[np.intp]]]:
    """Rows by their places on some axes."""
    code = np.zeros(len(rows), dtype=np.int64)
    for axis in splits:
        code = code * axes[axis].size + places[axis][rows]
    if len(code) and (code == code[0]).all():
        groups = [rows]
    else:
        ordered = np.argsort(code, kind="stable")
        groups = np.split(rows[ordered], np.flatnonzero(np.diff(code[ordered])) + 1)
    for group in groups:
        if len(group):
            inner = list(choice)
            for axis in splits:
                inner[axis] = int(places[axis][group[0]])
            yield tuple(inner), group


# ---- making one ------------------------------------------------------------------------------


def plan(
    compilation: Compilation, study_name: str | None = None, samples: int | None = None, seed: int = 0
) -> Plan | None:
    """The plan of a study of a compiled file; None after complaints, which the compilation holds."""
    study = named_study(compilation, study_name)
    if study is None or compilation.module is None:
        return None
    few = study.size <= FEW_POINTS
    count = samples or (MANY_SAMPLES if few else FEW_SAMPLES)
    formed = shapes_of(study, EAGER)
    if not heard(formed, compilation.complain):
        return None
    shapes = [form for form in formed.values() if not form.splits and not form.errors]
    specs = _specs(study, shapes, count > 1)
    has_shapes = len(formed) > 1
    requires = [_said(node) for node in study.conditions("require")]
    axes = tuple(item.axis for item in study.sweeps)
    path = compilation.module.path
    is_file = compilation.disk.root is not None
    known = {choice: _variant(form, study, specs, count, seed) for choice, form in formed.items()}
    fingerprint = _fingerprint(compilation, study.name, count, seed)
    _STUDIES[fingerprint] = study
    return Plan(
        study.name,
        study.size,
        axes,
        (*(_axis_column(axis) for axis in axes), *(c for s in specs if s.role not in HIDDEN for c in s.columns())),
        (*requires, *((CANNOT_BE,) if has_shapes else ())),
        fingerprint,
        _estimate(study, known, shapes),
        count,
        seed,
        specs,
        len(requires),
        Recipe(path if not is_file else compilation.module.source.name, None if is_file else compilation.module.source.text, study.name),
        known,
        tuple(Optimum(goal.text, goal.sense, goal.is_pareto) for goal in study.goals),
        study.baseline,
        _sought(study, shapes[0]),
    )  # fmt: skip


def _sought(study: Study, form: Formed) -> Sought | None:
    if study.seek is None:
        return None
    axis = [item.axis.name for item in study.sweeps].index(study.seek.parameter)
    texts = [study.seek.condition.node.value.span.text, *(_said(node) for node in study.conditions("require"))]
    names = ["seek", *(f"require {number}" for number in range(len(texts) - 1))]
    pairs = zip(texts, names, (*form.sought, *form.requires), strict=True)
    return Sought(axis, study.seek.take, tuple((text, name, _sides(q) is not None) for text, name, q in pairs))


def _sides(condition: Quantity) -> tuple[Quantity, Quantity] | None:
    """The two sides of a comparison."""
    if condition.op in COMPARISONS and len(condition.args) == 2:
        return condition.args[0], condition.args[1]
    return None


def named_study(compilation: Compilation, name: str | None) -> Study | None:
    """A study of a file by its name, or its only one; None after a complaint."""
    module = compilation.module
    if module is None:
        return None
    names = studies(module.own)
    if name is None and len(names) == 1:
        name = names[0]
    declaration = module.names.get(name) if name else None
    if isinstance(declaration, Declaration) and declaration.kind.name == "study":
        return study_of(declaration, compilation.state)
    top = Span(module.source, 0, 0)
    help: tuple[str, ...]
    if not names:
        message, help = "the file declares no study", ("write `study name { sweep … in …; show { … } }`",)
    elif name is None:
        message = f"the file has {len(names)} studies"
        help = (f"name one of them: {', '.join(names)}",)
    else:
        message = f"the file has no study `{name}`"
        help = did_you_mean(name, names) or (f"it has {', '.join(names)}",)
    compilation.complain(NO_STUDY.at(top, message, *help))
    return None


def _specs(study: Study, shapes: list[Formed], is_sampled: bool) -> tuple[Spec, ...]:
    """The roots of all tapes: uncertain where they are in any shape, unless all inputs stand at their middle."""

    def is_spread(quantity: Quantity) -> bool:
        return is_sampled and any(
            n.spread is not None and n.spread.shape not in ("point", "swept") for n in order([quantity])
        )

    found = []
    for number, shown in enumerate(shapes[0].columns):
        is_any = any(number < len(f.columns) and is_spread(f.columns[number].quantity) for f in shapes)
        found.append(_spec(shown.name, shown.kind, shown.unit, shown.scale, is_any))
    names = {spec.name for spec in found} | {item.axis.name for item in study.sweeps}
    for number, goal in enumerate(study.goals):
        name = goal.text
        if name not in names:
            names.add(name)
            found.append(_goal_spec(name, [shape.goals[number] for shape in shapes if number < len(shape.goals)]))
    for node in study.conditions("expect", "assert"):
        found.append(Spec(f"{node.word} {node.condition.span.text}", "truth", "", 1.0, "expect", "share"))
    if any(is_spread(condition) for shape in shapes for condition in shape.requires):
        found.append(Spec("certainty", "number", "%", 0.01, "certainty", "share"))
    found += [Spec(_said(node), "truth", "", 1.0, "require", "share") for node in study.conditions("require")]
    if study.seek is not None:
        found.append(Spec("seek", "truth", "", 1.0, "seek", "share"))
        for name, condition in _conditions(shapes[0]):
            for side, quantity in zip(("left", "right"), _sides(condition) or (), strict=False):
                unit, scale = shown_unit(quantity.dimension, quantity.unit)
                found.append(Spec(f"{side} {name}", "number", unit, scale, "side", "value"))
    return tuple(found)


def _conditions(form: Formed) -> Iterator[tuple[str, Quantity]]:
    """What a seek must satisfy, by the names of the columns that say whether it does."""
    for condition in form.sought:
        yield "seek", condition
    for number, condition in enumerate(form.requires):
        yield f"require {number}", condition


def _spec(name: str, kind: str, unit: str, scale: float, is_spread: bool) -> Spec:
    if kind == "truth" and is_spread:
        return Spec(name, "number", "%", 0.01, "show", "share")
    reading = "quantiles" if kind == "number" and is_spread else "value" if kind != "truth" else "share"
    return Spec(name, kind, unit, scale, "show", reading)


def _goal_spec(name: str, quantities: list[Quantity]) -> Spec:
    unit, scale = shown_unit(quantities[0].dimension, quantities[0].unit)
    return Spec(name, "number", unit, scale, "goal", "value")


def _roots(form: Formed, study: Study, specs: tuple[Spec, ...]) -> list[Quantity]:
    """The quantities of a shape, one for each root."""
    names = {shown.name: shown.quantity for shown in form.columns}
    goals = {goal.text: q for goal, q in zip(study.goals, form.goals, strict=True)}
    expects, requires = iter(form.expects), iter(form.requires)
    sides = {
        f"{side} {name}": quantity
        for name, condition in _conditions(form)
        for side, quantity in zip(("left", "right"), _sides(condition) or (), strict=False)
    }
    found = []
    for spec in specs:
        if spec.role == "expect":
            found.append(next(expects))
        elif spec.role == "require":
            found.append(next(requires))
        elif spec.role == "seek":
            found += form.sought
        elif spec.role == "side":
            found.append(sides.get(spec.name, _NOTHING))
        elif spec.role == "certainty":
            found.append(apply("and", *form.requires) if len(form.requires) > 1 else form.requires[0])
        else:
            found.append(goals[spec.name] if spec.role == "goal" else names.get(spec.name, _NOTHING))
    return found


_NOTHING = Quantity("missing", label="a column that another shape of the design has")


def variant(study: Study, choice: Choice, specs: tuple[Spec, ...], samples: int, seed: int) -> Variant:
    """One shape of a study."""
    return _variant(study.form(chosen(study, choice)), study, specs, samples, seed)


def _variant(form: Formed, study: Study, specs: tuple[Spec, ...], samples: int, seed: int) -> Variant:
    if form.splits:
        return Variant(splits=tuple(n for n, item in enumerate(study.sweeps) if item.axis.name in form.splits))
    if form.errors:
        return Variant(reason=form.errors[0].message)
    roots = [Root(q, s.scale, s.reading) for q, s in zip(_roots(form, study, specs), specs, strict=True)]
    used = {n.symbol for n in order([root.quantity for root in roots]) if n.spread is not None}
    axes = [item.axis for item in study.sweeps if item.axis.symbol in used]
    inputs = [Input(axis.symbol, axis.scale, *axis.extent()) for axis in axes]
    labels = {shown.name: shown.labels for shown in form.columns}
    return Variant(
        lower(roots, inputs, samples, seed),
        {i: labels.get(spec.name, ("",)) for i, spec in enumerate(specs) if spec.kind == "text"},
    )


def _axis_column(axis: Axis) -> Column:
    return Column(axis.name, axis.unit, axis.kind, "axis")


def _said(node: Any) -> str:
    text = node.condition.span.text
    return f"{text}: {node.message}" if node.message else text


def _estimate(study: Study, known: Mapping[Choice, Variant], shapes: list[Formed]) -> float:
    """Seconds a point, from the length of the tapes and from the shapes that are still to be formed."""
    tapes = [shape.tape for shape in known.values() if shape.tape is not None]
    steps = max((tape.length + tape.width for tape in tapes), default=1)
    total = math.prod(
        item.axis.size
        for number, item in enumerate(study.sweeps)
        if any(number in shape.splits for shape in known.values())
    )
    nodes = len(order([c.quantity for c in shapes[0].columns]))
    ahead = max(0, total - len(tapes)) * nodes * SECONDS_A_NODE
    return SECONDS_A_POINT + steps * SECONDS_A_STEP + ahead / max(1, study.size)


# ---- across processes ------------------------------------------------------------------------

_STUDIES: dict[str, Study] = {}
"""Studies of this process by fingerprint; another process makes its own when a shape is missing."""


def _study_of(wanted: Plan) -> Study:
    if wanted.fingerprint not in _STUDIES:
        recipe = wanted.recipe
        again = compile_file(Path(recipe.path)) if recipe.text is None else compile_text(recipe.text, recipe.path)
        study = named_study(again, recipe.study)
        if study is None or _fingerprint(again, recipe.study, wanted.samples, wanted.seed) != wanted.fingerprint:
            raise ClusterError(f"`{recipe.path}` has changed since the study was started", tuple(again.diagnostics))
        _STUDIES[wanted.fingerprint] = study
    return _STUDIES[wanted.fingerprint]


def _fingerprint(compilation: Compilation, study: str, samples: int, seed: int) -> str:
    """A hash of everything the results depend on: the texts of all files that were read, the study, samples and seed."""
    hashed = hashlib.sha256(f"{__version__} {study} {samples} {seed}".encode())
    for key in sorted(module.path for module in compilation.loader.modules.values()):
        module = next(m for m in compilation.loader.modules.values() if m.path == key)
        hashed.update(f"\0{key}\0{module.source.text}".encode())
    return hashed.hexdigest()


# ---- what is refused -------------------------------------------------------------------------

TOO_MANY = Code(
    "C0910",
    "a study that takes very long",
    cause="The points of a study are the product of its axes. What would take hours, or fill a disk, is not begun without being "
    "asked for: `--yes` goes on, `--points N` sets a limit of your own.",
    wrong="",
    right="study s {\n  sweep n in 1 .. 100\n  show { n = n }\n}\n",
)


def too_many(plan: Plan, seconds: float, large: float, limit: int | None) -> ClusterError:
    """The complaint about more points than anybody waits for, with how long and how large."""
    from compiler.study.progress import duration, size

    axes = " x ".join(f"{axis.size:,} {axis.name}" for axis in plan.axes)
    takes = f"about {duration(seconds)}" + (f" and {size(large)} of results" if large else "")
    over = f", more than the {limit:,} of `--points`" if limit is not None else ""
    message = f"`{plan.name}` has {plan.size:,} points ({axes}){over}: {takes}"
    filtered = "" if plan.conditions else " and nothing is filtered by `require`"
    help = "sweep fewer values, use `seek` for a single answer, or go on with `--yes`"
    span = Span(Source(plan.recipe.path, ""), 0, 0)
    return ClusterError(message + filtered, (TOO_MANY.at(span, message + filtered, help),))
