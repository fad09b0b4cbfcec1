"""Tapes: compiled, picklable quantities over swept symbols, run in blocks that stay in the cache of a core.

Made by `compiler.study.lowering`; this module defines and runs them.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from compiler.numerics.tolerances import WHOLE
from compiler.quantities.samples import nearly

Array = NDArray[np.float64]
Operand = Array | float
BLOCK = 8192
"""Values in a register: a few dozen of them fit the second cache of a core."""
QUANTILES = (0.05, 0.5, 0.95)


@frozen
class Instruction:
    """One array operation. Operands are registers (`int`) or constants (`float`)."""

    op: str
    to: int
    operands: tuple[int | float, ...]


@frozen
class TapeReading:
    """The columns that an uncertain register fills: its quantiles, its median, or the share of samples that are true."""

    register: int
    factor: float
    reading: str
    column: int


@frozen(eq=False)
class Tape:
    """Instructions over registers, which number first the inputs, then the working ones, then the columns.

    Those of `points` see arrays of shape (points,), those of `both` of shape (points, samples). `fixed` holds the
    registers that depend on samples alone, shape (samples,); `constants` the columns that depend on nothing. `wide` are
    the working registers of `both`.
    """

    inputs: tuple[str, ...]
    width: int
    registers: int
    points: tuple[Instruction, ...]
    both: tuple[Instruction | TapeReading, ...]
    wide: tuple[int, ...]
    fixed: dict[int, Array]
    constants: tuple[tuple[int, float], ...]
    samples: int = 1

    @property
    def length(self) -> int:
        """Operations that a point costs."""
        return len(self.points) + self.samples * len(self.both)

    def run(self, columns: Sequence[Array], out: Sequence[Array]) -> None:
        """Fill `out`, `width` columns of shape (points,), from a column of that shape for each input."""
        n = len(out[0]) if out else 0
        for column, value in self.constants:
            out[column].fill(value)
        rows = max(1, BLOCK // self.samples) if self.both else BLOCK
        block = BLOCK // rows * rows  # a whole number of rounds over samples, so that blocks meet
        work = [np.empty(block) for _ in range(len(self.inputs), self.registers)]
        wide = {register: np.empty((rows, self.samples)) for register in self.wide}
        program = [(OPERATIONS[step.op], step.operands, step.to) for step in self.points]
        with np.errstate(all="ignore"):
            for start in range(0, n, block):
                stop = min(n, start + block)
                middle = work if stop - start == block else [register[: stop - start] for register in work]
                here = [*(c[start:stop] for c in columns), *middle, *(c[start:stop] for c in out)]
                for operation, operands, to in program:
                    # a register by its number, which is an `int`; a constant is a `float`
                    operation(*[here[o] if type(o) is int else o for o in operands], here[to])
                if self.both:
                    self._uncertain(here, wide, rows)

    def _uncertain(self, registers: list[Array], wide: dict[int, Array], rows: int) -> None:
        """The columns that depend on the point and on the sample, so many rows of points at a time."""
        n = len(registers[-1])
        for start in range(0, n, rows):
            stop = min(n, start + rows)
            here = {i: register[start:stop, np.newaxis] for i, register in enumerate(registers)}
            here |= {i: buffer[: stop - start] for i, buffer in wide.items()} | self.fixed
            for step in self.both:
                if isinstance(step, Instruction):
                    OPERATIONS[step.op](*[here[o] if type(o) is int else o for o in step.operands], here[step.to])
                else:
                    first = self.registers + step.column
                    for k, found in enumerate(read(here[step.register] * step.factor, step.reading)):
                        registers[first + k][start:stop] = found


def read(values: Array, reading: str) -> tuple[Array, ...]:
    """The columns that samples, shape (points, samples) or (samples,), come to along the last axis."""
    if reading == "share":
        return (np.asarray(values.mean(axis=-1)),)
    if reading == "quantiles":
        return tuple(np.quantile(values, QUANTILES, axis=-1))
    return (np.asarray(np.median(values, axis=-1)),)


WIDTH = {"value": 1, "share": 1, "quantiles": 3}
"""Number of columns that a reading fills; quantiles are p05, p50, p95."""


# ---- operations, each with the array it fills as its last argument -----------------------------


def _ceil(x: Operand, out: Array) -> None:
    np.multiply(np.absolute(x), WHOLE, out)
    np.subtract(x, out, out)
    np.ceil(out, out)


def _floor(x: Operand, out: Array) -> None:
    np.multiply(np.absolute(x), WHOLE, out)
    np.add(x, out, out)
    np.floor(out, out)


def _less(x: Operand, y: Operand, out: Array) -> None:
    np.copyto(out, (x < y) & ~nearly(x, y))


def _less_equal(x: Operand, y: Operand, out: Array) -> None:
    np.copyto(out, (x <= y) | nearly(x, y))


def _equal(x: Operand, y: Operand, out: Array) -> None:
    np.copyto(out, (x == y) | nearly(x, y))


def _where(condition: Operand, then: Operand, otherwise: Operand, out: Array) -> None:
    np.copyto(out, np.where(condition != 0, then, otherwise))


def _minimum(x: Operand, y: Operand, out: Array) -> None:
    np.minimum(x, y, out=out)


def _maximum(x: Operand, y: Operand, out: Array) -> None:
    np.maximum(x, y, out=out)


def _reciprocal(x: Operand, out: Array) -> None:
    np.divide(1.0, x, out)


def _copy(x: Operand, out: Array) -> None:
    np.copyto(out, x)


OPERATIONS: Mapping[str, Callable[..., object]] = {
    "add": np.add,
    "multiply": np.multiply,
    "reciprocal": _reciprocal,
    "power": np.power,
    "minimum": _minimum,
    "maximum": _maximum,
    "floor": _floor,
    "ceil": _ceil,
    "round": np.rint,
    "sqrt": np.sqrt,
    "log2": np.log2,
    "log10": np.log10,
    "absolute": np.absolute,
    "where": _where,
    "less": _less,
    "less_equal": _less_equal,
    "equal": _equal,
    "copy": _copy,
}
