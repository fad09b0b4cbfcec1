"""Quantities to a tape: constants folded, equal parts shared, common factors cancelled.

A value is `factor x product of powers of atoms`, so that what differs by a factor or a unit is worked out once, and what
cancels never. Sums are atoms with their common factors taken out and their first coefficient one.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import define, field, frozen

from compiler.quantities.draws import shaped
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import Bounds, fold
from compiler.quantities.samples import hypercube
from compiler.study.tape import OPERATIONS, WIDTH, Array, Reading, Step, Tape, read

POINTS, SAMPLES = 1, 2
MOST_TERMS = 3
"""A sum of at most so many terms is merged into the sum that uses it."""


@frozen
class Input:
    """A swept symbol: its column times `scale` is its value in base units, from `low` to `high`."""

    symbol: str
    scale: float
    low: float
    high: float


@frozen
class Root:
    """A quantity to work out: divided by `unit`; as `value`, `quantiles` or, for a truth, the `share` of true samples."""

    quantity: Quantity
    unit: float = 1.0
    reading: str = "value"


@frozen
class Product:
    """`factor x product of atom ^ power`."""

    factor: float
    powers: tuple[tuple[int, int], ...] = ()


@frozen
class Atom:
    """What is worked out as a whole: an input (`op` is `input` or `draw`), a sum, or any other operation."""

    op: str
    args: tuple[Product, ...]
    over: int
    bounds: Bounds


UNKNOWN = Bounds(-np.inf, np.nan, np.inf)


@define
class Numbering:
    """Atoms by what they are, so that equal ones are one."""

    atoms: list[Atom] = field(factory=list)
    known: dict[tuple[str, tuple[Product, ...]], int] = field(factory=dict)
    leaves: dict[str, int] = field(factory=dict)

    def leaf(self, op: str, symbol: str, over: int, bounds: Bounds) -> int:
        """The atom of an input or a draw."""
        if symbol not in self.leaves:
            self.leaves[symbol] = len(self.atoms)
            self.atoms.append(Atom(op, (), over, bounds))
        return self.leaves[symbol]

    def atom(self, op: str, *args: Product) -> Product:
        """An operation over products; a constant when they all are."""
        if not any(arg.powers for arg in args):
            out = np.empty(1)
            with np.errstate(all="ignore"):
                OPERATIONS[op](*[np.float64(arg.factor) for arg in args], out)
            return Product(float(out[0]))
        key = (op, args)
        if key not in self.known:
            over = 0
            for arg in args:
                for atom, _ in arg.powers:
                    over |= self.atoms[atom].over
            self.known[key] = len(self.atoms)
            self.atoms.append(Atom(op, args, over, self._folded(op, args)))
        return Product(1.0, ((self.known[key], 1),))

    def _folded(self, op: str, args: tuple[Product, ...]) -> Bounds:
        if op == "reciprocal":
            return fold("divide", (Bounds(1.0, 1.0, 1.0), self.bounds(args[0])))
        if op in ("opaque", "copy"):
            return UNKNOWN
        return fold(op, tuple(self.bounds(arg) for arg in args))

    def bounds(self, value: Product) -> Bounds:
        """Ends that a product cannot leave."""
        found = Bounds(value.factor, value.factor, value.factor)
        for atom, power in value.powers:
            exponent = Bounds(power, power, power)
            found = fold("multiply", (found, fold("power", (self.atoms[atom].bounds, exponent))))
        return found if found.low <= found.high else UNKNOWN

    def _is_zero_free(self, atom: int) -> bool:
        bounds = self.atoms[atom].bounds
        return bounds.low > 0 or bounds.high < 0

    def _is_finite(self, atom: int) -> bool:
        bounds = self.atoms[atom].bounds
        return bool(np.isfinite(bounds.low) and np.isfinite(bounds.high))

    def multiply(self, left: Product, right: Product) -> Product:
        """The product; powers cancel only where the atom cannot be zero."""
        powers = dict(left.powers)
        for atom, power in right.powers:
            before = powers.get(atom, 0)
            if before * power < 0 and not self._is_zero_free(atom):
                right = self.atom("opaque", right)
                return self.multiply(left, right)
            powers[atom] = before + power
        factor = left.factor * right.factor
        kept = tuple(sorted((a, p) for a, p in powers.items() if p))
        if factor != 0.0 or not kept:
            return Product(factor, kept)
        if all(self._is_zero_free(atom) if power < 0 else self._is_finite(atom) for atom, power in kept):
            return Product(0.0)
        return self.atom("multiply", Product(0.0), Product(1.0, kept))

    def inverse(self, value: Product) -> Product:
        """One over a product."""
        if value.factor == 0.0:
            return Product(float("inf") if not value.powers else float("nan"))
        return Product(1.0 / value.factor, tuple((atom, -power) for atom, power in value.powers))

    def add(self, values: Sequence[Product]) -> Product:
        """The sum, equal products merged, small sums flattened, common factors taken out."""
        terms: dict[tuple[tuple[int, int], ...], float] = {}
        for value in values:
            for term in self._terms(value):
                terms[term.powers] = terms.get(term.powers, 0.0) + term.factor
        kept = {powers: factor for powers, factor in terms.items() if factor != 0.0}
        if len(kept) <= 1:
            return next((Product(factor, powers) for powers, factor in kept.items()), Product(0.0))
        common = self._common(list(kept))
        below = tuple((atom, -power) for atom, power in common)
        parts = sorted(
            (self.multiply(Product(factor, powers), Product(1.0, below)) for powers, factor in kept.items()),
            key=lambda part: (not part.powers, part.powers),
        )
        first = parts[0].factor
        atom = self.atom("add", *(Product(part.factor / first, part.powers) for part in parts))
        return self.multiply(Product(first, common), atom)

    def _terms(self, value: Product) -> tuple[Product, ...]:
        """The terms of a small sum, or the value itself."""
        if len(value.powers) == 1 and value.powers[0][1] == 1:
            atom = self.atoms[value.powers[0][0]]
            if atom.op == "add" and len(atom.args) <= MOST_TERMS:
                return tuple(Product(value.factor * arg.factor, arg.powers) for arg in atom.args)
        return (value,)

    def _common(self, keys: list[tuple[tuple[int, int], ...]]) -> tuple[tuple[int, int], ...]:
        """The powers that all terms share, of atoms that cannot be zero."""
        found = dict(keys[0])
        for key in keys[1:]:
            other = dict(key)
            found = {
                atom: min(power, other[atom], key=abs)
                for atom, power in found.items()
                if atom in other and other[atom] * power > 0
            }
        return tuple(sorted((atom, power) for atom, power in found.items() if self._is_zero_free(atom)))

    def fold_pairs(self, op: str, args: Sequence[Product]) -> Product:
        """A fold of two or more values by a commuting operation."""
        ordered = sorted(dict.fromkeys(args), key=lambda arg: (arg.powers, arg.factor))
        result = ordered[0]
        for value in ordered[1:]:
            result = self.atom(op, result, value)
        return result


def lower(roots: Sequence[Root], inputs: Sequence[Input], samples: int = 1, seed: int = 0) -> Tape:
    """The tape of some roots. What is not swept and not a point is drawn: Latin-hypercube samples by its symbol.

    With a single sample it stands at its middle instead.
    """
    numbering = Numbering()
    for item in inputs:
        ends = sorted((item.low / item.scale, item.high / item.scale))
        numbering.leaf("input", item.symbol, POINTS, Bounds(ends[0], ends[0], ends[1]))
    values, draws = _numbered(
        [root.quantity for root in roots], {i.symbol: i for i in inputs}, numbering, samples, seed
    )
    return _Emission(numbering, tuple(item.symbol for item in inputs), draws, samples).tape(roots, values)


def _numbered(
    quantities: Sequence[Quantity], inputs: Mapping[str, Input], numbering: Numbering, samples: int, seed: int
) -> tuple[list[Product], dict[int, Array]]:
    """Each quantity as a product of atoms, and the samples of each draw by its atom."""
    known: dict[int, Product] = {}
    draws: dict[int, Array] = {}
    for node in order(quantities):
        spread = node.spread
        if spread is None:
            known[id(node)] = _operation(node.op, [known[id(arg)] for arg in node.args], numbering)
        elif node.symbol in inputs:
            known[id(node)] = Product(inputs[node.symbol].scale, ((numbering.leaves[node.symbol], 1),))
        elif spread.shape == "point" or samples == 1:
            known[id(node)] = Product(spread.middle)
        else:
            symbol = node.symbol or f"#{id(node)}"
            atom = numbering.leaf("draw", symbol, SAMPLES, Bounds(spread.low, spread.middle, spread.high))
            if atom not in draws:
                draws[atom] = shaped(spread, hypercube(f"{seed}:{symbol}" if seed else symbol, samples))
            known[id(node)] = Product(1.0, ((atom, 1),))
    return [known[id(quantity)] for quantity in quantities], draws


ALIKE = {"minimum": "minimum", "maximum": "maximum", "and": "minimum", "or": "maximum"}
SWAPPED = {"greater": "less", "greater_equal": "less_equal"}
MOST_POWER = 8


def _operation(op: str, args: list[Product], n: Numbering) -> Product:
    minus = Product(-1.0)
    if op == "add":
        return n.add(args)
    if op == "subtract":
        return n.add([args[0], n.multiply(minus, args[1])])
    if op == "negative":
        return n.multiply(minus, args[0])
    if op == "multiply":
        return n.multiply(args[0], args[1])
    if op == "divide":
        return n.multiply(args[0], n.inverse(args[1]))
    if op == "floor_divide":
        return n.atom("floor", n.multiply(args[0], n.inverse(args[1])))
    if op == "power":
        return _power(args[0], args[1], n)
    if op in ALIKE:
        return n.fold_pairs(ALIKE[op], args)
    if op == "not":
        return n.add([Product(1.0), n.multiply(minus, args[0])])
    if op == "not_equal":
        return n.add([Product(1.0), n.multiply(minus, n.atom("equal", *args))])
    if op == "where" and not args[0].powers:
        return args[1] if args[0].factor else args[2]
    if op in SWAPPED:
        return n.atom(SWAPPED[op], args[1], args[0])
    return n.atom(op, *args) if op in OPERATIONS else Product(float("nan"))


def _power(base: Product, exponent: Product, n: Numbering) -> Product:
    times = exponent.factor
    if exponent.powers or times != int(times) or abs(times) > MOST_POWER:
        return n.atom("power", base, exponent)
    result, step = Product(1.0), base if times >= 0 else n.inverse(base)
    for _ in range(abs(int(times))):
        result = n.multiply(result, step)
    return result


@define
class _Emission:
    """Atoms to steps: each worked out once, where it is first needed, in registers that are used again."""

    numbering: Numbering
    inputs: tuple[str, ...]
    draws: dict[int, Array]
    samples: int
    steps: list[tuple[int, Step | Reading]] = field(factory=list)
    over: list[int] = field(factory=list)
    made: dict[tuple[tuple[int, int], ...], int] = field(factory=dict)
    fixed: dict[int, Array] = field(factory=dict)
    constants: list[tuple[int, float]] = field(factory=list)
    known: dict[tuple[int, str], tuple[Array, ...]] = field(factory=dict)

    def tape(self, roots: Sequence[Root], values: Sequence[Product]) -> Tape:
        """All roots emitted, columns in their order."""
        for i in range(len(self.inputs)):
            self.made[((i, 1),)] = self._register(POINTS)
        for atom, drawn in self.draws.items():
            register = self._register(SAMPLES)
            self.made[((atom, 1),)] = register
            self.fixed[register] = drawn
        width = 0
        for root, value in zip(roots, values, strict=True):
            self._root(Product(value.factor / root.unit, value.powers), root.reading, width)
            width += WIDTH[root.reading]
        return self._allocated(width)

    def _register(self, over: int) -> int:
        self.over.append(over)
        return len(self.over) - 1

    def _of(self, powers: tuple[tuple[int, int], ...]) -> int:
        over = 0
        for atom, _ in powers:
            over |= self.numbering.atoms[atom].over
        return over

    # ---- roots -------------------------------------------------------------------------------

    def _root(self, value: Product, reading: str, column: int) -> None:
        """The columns of one root. Columns are registers below zero until all registers are known."""
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
            self.steps.append((POINTS | SAMPLES, Reading(register, value.factor, reading, column)))

    def _read(self, register: int, reading: str, is_negative: bool) -> tuple[Array, ...]:
        """What samples come to, read once however many roots are multiples of them; ends change places for negative ones."""
        if (register, reading) not in self.known:
            self.known[register, reading] = read(self.fixed[register], reading)
        found = self.known[register, reading]
        return found[::-1] if is_negative else found

    def _write(self, register: int, factor: float, column: int) -> None:
        step = (
            Step("copy", -1 - column, (register,))
            if factor == 1.0
            else Step("multiply", -1 - column, (register, factor))
        )
        self.steps.append((POINTS, step))

    def _separated(self, value: Product, reading: str, column: int) -> bool:
        """A product of a part over points and a part over samples: quantiles of the one times the other."""
        atoms = self.numbering.atoms
        point = tuple(power for power in value.powers if atoms[power[0]].over == POINTS)
        sample = tuple(power for power in value.powers if atoms[power[0]].over == SAMPLES)
        ends = self.numbering.bounds(Product(value.factor, point))
        if reading == "share" or len(point) + len(sample) != len(value.powers) or not (ends.low >= 0 or ends.high <= 0):
            return False
        register = self._product(point)
        found = self._read(self._product(sample), reading, ends.low < 0)
        for k, share in enumerate(found):
            self._write(register, value.factor * float(share), column + k)
        return True

    # ---- products and atoms ------------------------------------------------------------------

    def _product(self, powers: tuple[tuple[int, int], ...]) -> int:
        """The register that holds a product of powers: what is over points first, then samples, then both."""
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

    def _operand(self, value: Product) -> int | float:
        return self._operand_register(value) if value.powers else value.factor

    def _operand_register(self, value: Product) -> int:
        register = self._product(value.powers)
        return register if value.factor == 1.0 else self._step("multiply", (register, value.factor))

    def _step(self, op: str, operands: tuple[int | float, ...]) -> int:
        """A step and its register; what depends on samples alone is worked out now."""
        over = 0
        for operand in operands:
            over |= self.over[operand] if isinstance(operand, int) else 0
        register = self._register(over)
        if over == SAMPLES:
            self.fixed[register] = np.empty(self.samples)
            with np.errstate(all="ignore"):
                OPERATIONS[op](*[self.fixed[o] if isinstance(o, int) else o for o in operands], self.fixed[register])
        else:
            self.steps.append((over, Step(op, register, operands)))
        return register

    # ---- registers used again ----------------------------------------------------------------

    def _allocated(self, width: int) -> Tape:
        """The tape, with as few registers as are alive at once."""
        both = POINTS | SAMPLES
        points = _direct([step for over, step in self.steps if over == POINTS and isinstance(step, Step)])
        wide = [step for over, step in self.steps if over == both]
        inputs = {i: i for i in range(len(self.inputs))}
        late = {o for step in wide for o in _operands(step)}
        place, count = _reused(points, inputs, len(inputs), late)
        lanes = {o: place.get(o, o) for o in late if self.over[o] == POINTS}
        fixed = {r: count + k for k, r in enumerate(sorted(o for o in late if self.over[o] == SAMPLES))}
        lanes |= fixed
        lanes, end = _reused(wide, lanes, count + len(fixed), set())
        used = tuple(range(count + len(fixed), end))

        def placed(step: Step, where: dict[int, int]) -> Step:
            to = end - 1 - step.to if step.to < 0 else where[step.to]
            return Step(step.op, to, tuple(where[o] if isinstance(o, int) else o for o in step.operands))

        return Tape(
            self.inputs,
            width,
            end,
            tuple(placed(step, place) for step in points),
            tuple(
                placed(s, lanes) if isinstance(s, Step) else Reading(lanes[s.register], s.factor, s.reading, s.column)
                for s in wide
            ),
            used,
            {fixed[r]: self.fixed[r] for r in fixed},
            tuple(self.constants),
            self.samples,
        )


def _operands(step: Step | Reading) -> tuple[int, ...]:
    if isinstance(step, Reading):
        return (step.register,)
    return tuple(o for o in step.operands if isinstance(o, int))


def _direct(steps: list[Step]) -> list[Step]:
    """Steps without copies: what is only copied to a column is worked out in the column."""
    uses: dict[int, int] = {}
    for step in steps:
        for operand in _operands(step):
            uses[operand] = uses.get(operand, 0) + 1
    result: list[Step] = []
    for step in steps:
        last = result[-1] if result else None
        copied = step.op == "copy" and last is not None and last.to == step.operands[0] and uses[last.to] == 1
        if copied and last is not None:
            result[-1] = Step(last.op, step.to, last.operands)
        else:
            result.append(step)
    return result


def _reused(
    steps: Sequence[Step | Reading], given: dict[int, int], first: int, late: set[int]
) -> tuple[dict[int, int], int]:
    """A place for each register, given ones kept, others freed after their last use unless needed late."""
    last: dict[int, int] = {}
    for i, step in enumerate(steps):
        for operand in _operands(step):
            last[operand] = i
    place, free, count = dict(given), list[int](), first
    for i, step in enumerate(steps):
        if isinstance(step, Step) and step.to >= 0:
            if free:
                place[step.to] = free.pop()
            else:
                place[step.to], count = count, count + 1
        for operand in set(_operands(step)):
            if last[operand] == i and operand not in late and operand not in given:
                free.append(place[operand])
    return place, count
