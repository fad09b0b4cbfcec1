"""Compilation of quantities to a tape: monomials become instructions, each computed once, in reused registers."""

from collections.abc import Sequence

import numpy as np
from attrs import define, field, frozen

from compiler.quantities.graph import Quantity
from compiler.quantities.intervals import Bounds
from compiler.study.monomials import POINTS, SAMPLES, Monomial, Numbering, Powers, SweptInput, numbered
from compiler.study.tape import OPERATIONS, WIDTH, Array, Instruction, Tape, TapeReading, read


@frozen
class Root:
    """A quantity to compute, divided by `unit`.

    `reading` is `value`, `quantiles` or, for a truth, `share` of true samples.
    """

    quantity: Quantity
    unit: float = 1.0
    reading: str = "value"


def lower(roots: Sequence[Root], inputs: Sequence[SweptInput], samples: int = 1, seed: int = 0) -> Tape:
    """The tape of some roots. Uncertain literals that are not swept are drawn as Latin-hypercube samples by their
    symbol.

    With a single sample they stand at their middle instead.
    """
    numbering = Numbering()
    for item in inputs:
        ends = sorted((item.low / item.scale, item.high / item.scale))
        numbering.leaf("input", item.symbol, POINTS, Bounds(ends[0], ends[0], ends[1]))
    values, draws = numbered([root.quantity for root in roots], {i.symbol: i for i in inputs}, numbering, samples, seed)
    return _Emission(numbering, tuple(item.symbol for item in inputs), draws, samples).tape(roots, values)


@define
class _Emission:
    """Emission of one tape: each atom becomes a step where it is first needed."""

    numbering: Numbering
    inputs: tuple[str, ...]
    draws: dict[int, Array]
    samples: int
    steps: list[tuple[int, Instruction | TapeReading]] = field(factory=list)
    over: list[int] = field(factory=list)
    made: dict[Powers, int] = field(factory=dict)
    fixed: dict[int, Array] = field(factory=dict)
    constants: list[tuple[int, float]] = field(factory=list)
    known: dict[tuple[int, str], tuple[Array, ...]] = field(factory=dict)

    def tape(self, roots: Sequence[Root], values: Sequence[Monomial]) -> Tape:
        """The tape of all roots, columns in their order."""
        for i in range(len(self.inputs)):
            self.made[((i, 1),)] = self._register(POINTS)
        for atom, drawn in self.draws.items():
            register = self._register(SAMPLES)
            self.made[((atom, 1),)] = register
            self.fixed[register] = drawn
        width = 0
        for root, value in zip(roots, values, strict=True):
            self._root(Monomial(value.factor / root.unit, value.powers), root.reading, width)
            width += WIDTH[root.reading]
        return self._allocated(width)

    def _register(self, over: int) -> int:
        self.over.append(over)
        return len(self.over) - 1

    def _of(self, powers: Powers) -> int:
        over = 0
        for atom, _ in powers:
            over |= self.numbering.atoms[atom].over
        return over

    # ---- roots -------------------------------------------------------------------------------

    def _root(self, value: Monomial, reading: str, column: int) -> None:
        """Emit the columns of one root. Columns are registers below zero until all registers are known."""
        over = self._of(value.powers)
        if not value.powers:
            self.constants += [(column + k, value.factor) for k in range(WIDTH[reading])]
        elif over == POINTS:
            register = self._product(value.powers)
            for k in range(WIDTH[reading]):
                self._write(register, value.factor, column + k)
        elif over == SAMPLES:
            for k, found in enumerate(self._read(self._product(value.powers), reading, value.factor < 0)):
                self.constants.append((column + k, float(found) * value.factor))
        elif not self._separated(value, reading, column):
            register = self._product(value.powers)
            self.steps.append((POINTS | SAMPLES, TapeReading(register, value.factor, reading, column)))

    def _read(self, register: int, reading: str, is_negative: bool) -> tuple[Array, ...]:
        """Readings of samples, computed once for all multiples of them; for negative ones the ends change places."""
        if (register, reading) not in self.known:
            self.known[register, reading] = read(self.fixed[register], reading)
        found = self.known[register, reading]
        return found[::-1] if is_negative else found

    def _write(self, register: int, factor: float, column: int) -> None:
        step = (
            Instruction("copy", -1 - column, (register,))
            if factor == 1.0
            else Instruction("multiply", -1 - column, (register, factor))
        )
        self.steps.append((POINTS, step))

    def _separated(self, value: Monomial, reading: str, column: int) -> bool:
        """Emit a product of a factor over points and one over samples as readings of the latter times the former.

        False, and nothing is emitted, when the product is not of that form.
        """
        atoms = self.numbering.atoms
        point = tuple(power for power in value.powers if atoms[power[0]].over == POINTS)
        sample = tuple(power for power in value.powers if atoms[power[0]].over == SAMPLES)
        ends = self.numbering.bounds(Monomial(value.factor, point))
        # a factor goes through quantiles as long as it keeps its sign, through a share of truths never
        if reading == "share" or len(point) + len(sample) != len(value.powers) or not (ends.low >= 0 or ends.high <= 0):
            return False
        register = self._product(point)
        found = self._read(self._product(sample), reading, ends.low < 0)
        for k, share in enumerate(found):
            self._write(register, value.factor * float(share), column + k)
        return True

    # ---- products and atoms ------------------------------------------------------------------

    def _product(self, powers: Powers) -> int:
        """Register of a product of powers, emitted unless it is there: over points first, then samples, then both."""
        if powers in self.made:
            return self.made[powers]
        if len(powers) == 1:
            return self._single(*powers[0])
        parts = []
        for over in (POINTS, SAMPLES, POINTS | SAMPLES):
            part = tuple(p for p in powers if self.numbering.atoms[p[0]].over == over)
            if part:
                parts.append(part)
        if len(parts) == 1:
            left, right = self._product(powers[:-1]), self._product(powers[-1:])
        else:
            left = self._product(tuple(sorted(p for part in parts[:-1] for p in part)))
            right = self._product(parts[-1])
        self.made[powers] = self._step("multiply", (left, right))
        return self.made[powers]

    def _single(self, atom: int, power: int) -> int:
        key = ((atom, power),)
        if power == 1:
            found = self._atom(atom)
        elif power == -1:
            found = self._step("reciprocal", (self._product(((atom, 1),)),))
        elif power < 0:
            found = self._step("reciprocal", (self._product(((atom, -power),)),))
        else:
            found = self._step("multiply", (self._product(((atom, power - 1),)), self._product(((atom, 1),))))
        self.made[key] = found
        return found

    def _atom(self, number: int) -> int:
        atom = self.numbering.atoms[number]
        if atom.op == "opaque":
            return self._operand_register(atom.args[0])
        if atom.op == "add":
            operands = [self._operand(arg) for arg in atom.args]
            result = operands[0]
            for operand in operands[1:]:
                result = self._step("add", (result, operand))
            assert isinstance(result, int)
            return result
        return self._step(atom.op, tuple(self._operand(arg) for arg in atom.args))

    def _operand(self, value: Monomial) -> int | float:
        return self._operand_register(value) if value.powers else value.factor

    def _operand_register(self, value: Monomial) -> int:
        register = self._product(value.powers)
        return register if value.factor == 1.0 else self._step("multiply", (register, value.factor))

    def _step(self, op: str, operands: tuple[int | float, ...]) -> int:
        """Register of a step, which is emitted; a step over samples alone is computed now."""
        over = 0
        for operand in operands:
            over |= self.over[operand] if isinstance(operand, int) else 0
        register = self._register(over)
        if over == SAMPLES:
            self.fixed[register] = np.empty(self.samples)
            with np.errstate(all="ignore"):
                OPERATIONS[op](*[self.fixed[o] if isinstance(o, int) else o for o in operands], self.fixed[register])
        else:
            self.steps.append((over, Instruction(op, register, operands)))
        return register

    # ---- registers used again ----------------------------------------------------------------

    def _allocated(self, width: int) -> Tape:
        """The tape, with as few registers as are alive at once."""
        both = POINTS | SAMPLES
        points = _direct([step for over, step in self.steps if over == POINTS and isinstance(step, Instruction)])
        wide = [step for over, step in self.steps if over == both]
        inputs = {i: i for i in range(len(self.inputs))}
        late = {o for step in wide for o in _operands(step)}
        place, count = _reused(points, inputs, len(inputs), late)
        lanes = {o: place.get(o, o) for o in late if self.over[o] == POINTS}
        fixed = {r: count + k for k, r in enumerate(sorted(o for o in late if self.over[o] == SAMPLES))}
        lanes |= fixed
        lanes, end = _reused(wide, lanes, count + len(fixed), set())
        used = tuple(range(count + len(fixed), end))

        def placed(step: Instruction, where: dict[int, int]) -> Instruction:
            to = end - 1 - step.to if step.to < 0 else where[step.to]
            return Instruction(step.op, to, tuple(where[o] if isinstance(o, int) else o for o in step.operands))

        return Tape(
            self.inputs,
            width,
            end,
            tuple(placed(step, place) for step in points),
            tuple(
                placed(s, lanes)
                if isinstance(s, Instruction)
                else TapeReading(lanes[s.register], s.factor, s.reading, s.column)
                for s in wide
            ),
            used,
            {fixed[r]: self.fixed[r] for r in fixed},
            tuple(self.constants),
            self.samples,
        )


def _operands(step: Instruction | TapeReading) -> tuple[int, ...]:
    if isinstance(step, TapeReading):
        return (step.register,)
    return tuple(o for o in step.operands if isinstance(o, int))


def _direct(steps: list[Instruction]) -> list[Instruction]:
    """Steps without copies: a value that is only copied to a column is computed in the column."""
    uses: dict[int, int] = {}
    for step in steps:
        for operand in _operands(step):
            uses[operand] = uses.get(operand, 0) + 1
    result: list[Instruction] = []
    for step in steps:
        last = result[-1] if result else None
        copied = step.op == "copy" and last is not None and last.to == step.operands[0] and uses[last.to] == 1
        if copied and last is not None:
            result[-1] = Instruction(last.op, step.to, last.operands)
        else:
            result.append(step)
    return result


def _reused(
    steps: Sequence[Instruction | TapeReading], given: dict[int, int], first: int, late: set[int]
) -> tuple[dict[int, int], int]:
    """Places of registers: given ones are kept, others are reused after their last use unless `late`."""
    last: dict[int, int] = {}
    for i, step in enumerate(steps):
        for operand in _operands(step):
            last[operand] = i
    place, free, count = dict(given), list[int](), first
    for i, step in enumerate(steps):
        if isinstance(step, Instruction) and step.to >= 0:
            if free:
                place[step.to] = free.pop()
            else:
                place[step.to], count = count, count + 1
        for operand in set(_operands(step)):
            if last[operand] == i and operand not in late and operand not in given:
                free.append(place[operand])
    return place, count
