"""Plan of a study: points by index, evaluated as arrays in any order, process and number.

The index of a point is a number of mixed radix, its digits the places on the axes, the last axis fastest.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from compiler.semantics.axes import Axis
from compiler.semantics.studies import Choice
from compiler.study.columns import Columns, numbers
from compiler.study.specs import ResultColumn, Spec
from compiler.study.tape import WIDTH, Array
from compiler.study.variants import Recipe, Variant, variant_of

Places = NDArray[np.int64]
Texts = NDArray[np.object_]
Rows = dict[str, NDArray[np.generic]]


@frozen
class Optimum:
    """A column to make least or most, alone or as one of the aims of a Pareto front."""

    column: str
    sense: str
    is_pareto: bool


@frozen
class Sought:
    """A seek: the place of its axis, which value of it to take, and the conditions, each by its text, its column and
    whether it has two sides."""

    axis: int
    take: str
    conditions: tuple[tuple[str, str, bool], ...]


@frozen(eq=False)
class _Sheet:
    """Results of some points under way: their places on each axis, the columns of the axes, and what is filled in: an array
    for each column of the tapes, the texts by root, and which points cannot be built. All of shape (points,)."""

    places: list[Places]
    axes: Columns
    out: list[Array]
    texts: Mapping[int, Texts]
    broken: NDArray[np.bool_]


@frozen(eq=False)
class Plan:
    """A study to be run: `size` points of `columns`, each kept or removed by one of `requires`. Frozen and picklable.

    `estimate` is in seconds a point. `known` are the variants that were made; others are made when their points are met.
    """

    name: str
    size: int
    axes: tuple[Axis, ...]
    columns: tuple[ResultColumn, ...]
    requires: tuple[str, ...]
    estimate: float
    specs: tuple[Spec, ...] = field(repr=False)
    conditions: int = field(repr=False)
    recipe: Recipe = field(repr=False)
    known: dict[Choice, Variant] = field(repr=False)
    optima: tuple[Optimum, ...] = ()
    baseline: Mapping[str, int] = field(factory=dict)
    sought: Sought | None = None

    @property
    def fingerprint(self) -> str:
        """A hash of everything that the results depend on."""
        return self.recipe.fingerprint

    @property
    def samples(self) -> int:
        """Draws of each uncertain input."""
        return self.recipe.samples

    @property
    def seed(self) -> int:
        """The number that decides the draws; 0 for those of a report."""
        return self.recipe.seed

    def evaluate(self, start: int, stop: int) -> Rows:
        """All columns over the points from `start` up to `stop`, with `kept`, and `removed_by`: -1 or the number of the
        first condition of `requires` that fails. Each of shape (points,)."""
        found: Rows = {}
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

    def at(self, indices: Places) -> Rows:
        """Columns over the points of some indices, each in the shape of `indices`, (points,)."""
        places = zip(self.axes, self.places(indices), strict=True)
        return self._columns(indices, {axis.name: _values(axis, place) for axis, place in places})

    def _columns(self, indices: Places, found: Rows) -> Rows:
        """All columns, given those of the axes."""
        n, anywhere = len(indices), (-1,) * len(self.axes)
        places = self.places(indices) if self.known[anywhere].splits else []
        width = sum(WIDTH[spec.reading] for spec in self.specs)
        # one piece of memory, not one for each column: large pieces come from the system in large pages
        out = list(np.empty((width, n)))
        texts = {i: np.full(n, "", dtype=object) for i, spec in enumerate(self.specs) if spec.kind == "text"}
        sheet = _Sheet(places, found, out, texts, np.zeros(n, dtype=bool))
        self._fill(anywhere, np.arange(n), sheet)
        return found | self._read(sheet)

    def places(self, indices: Places) -> list[Places]:
        """The place of each point on each axis, shape (points,) each."""
        found: list[Places] = []
        rest = indices
        for axis in reversed(self.axes):
            above = rest // axis.size
            found.append(rest - above * axis.size)
            rest = above
        return found[::-1]

    # ---- shapes ------------------------------------------------------------------------------

    def variant(self, choice: Choice) -> Variant:
        """One shape of the design, formed when it is first met. Raises `ClusterError` when its files have changed."""
        if choice not in self.known:
            self.known[choice] = variant_of(self.recipe, choice, self.specs)
        return self.known[choice]

    def _fill(self, choice: Choice, rows: NDArray[np.intp], sheet: _Sheet) -> None:
        """Fill in some rows, all of one choice: at once, or parted further by the axes that give shape."""
        shape = self.variant(choice)
        if shape.splits:
            for inner, some in _parted(choice, shape.splits, rows, sheet.places, self.axes):
                self._fill(inner, some, sheet)
            return
        if shape.tape is None:
            sheet.broken[rows] = True
            for column in sheet.out:
                column[rows] = math.nan
            return
        whole = len(rows) == len(sheet.broken)
        given = [numbers(sheet.axes, symbol.removeprefix("sweep ")) for symbol in shape.tape.inputs]
        mine = sheet.out if whole else [np.empty(len(rows)) for _ in sheet.out]
        shape.tape.run(given if whole else [column[rows] for column in given], mine)
        if not whole:
            for column, values in zip(sheet.out, mine, strict=True):
                column[rows] = values
        at = 0
        for i, spec in enumerate(self.specs):
            if spec.kind == "text":
                label = np.nan_to_num(mine[at]).astype(np.intp)
                sheet.texts[i][rows] = np.array(shape.labels[i], dtype=object)[label]
            at += WIDTH[spec.reading]

    # ---- columns -----------------------------------------------------------------------------

    def _read(self, sheet: _Sheet) -> Rows:
        """The columns of a sheet that is filled in."""
        found: Rows = {}
        conditions: list[Array] = []
        at = 0
        for i, spec in enumerate(self.specs):
            values = sheet.out[at]
            if spec.role == "require":
                conditions.append(values)
                found[f"require {len(conditions) - 1}"] = values >= 0.5
            elif spec.kind == "text":
                found[spec.name] = sheet.texts[i]
            elif spec.kind == "truth":
                found[spec.name] = values >= 0.5
            else:
                for k, column in enumerate(spec.columns()):
                    found[column.name] = sheet.out[at + k]
            at += WIDTH[spec.reading]
        removed = np.full(len(sheet.broken), -1, dtype=np.int64)
        # backwards, so that the first condition that fails is the one that stays; what is no number holds nowhere
        for number in range(self.conditions - 1, -1, -1):
            removed[~(conditions[number] >= 0.5)] = number
        removed[sheet.broken] = self.conditions
        found["kept"], found["removed_by"] = removed < 0, removed
        return found


def _values(axis: Axis, places: Places) -> NDArray[np.generic]:
    """The values of an axis at places."""
    return np.asarray(axis.at(places) if axis.kind == "number" else np.array(axis.values, dtype=object)[places])


def _parted(
    choice: Choice, splits: tuple[int, ...], rows: NDArray[np.intp], places: list[Places], axes: Sequence[Axis]
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
