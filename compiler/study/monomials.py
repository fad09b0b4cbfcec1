"""Quantities as monomials: constants folded, equal parts shared, common factors cancelled.

A value is `factor x product of powers of atoms`, so that quantities which differ by a factor or a unit are computed
once, and factors that cancel never. Sums are atoms, with common factors taken out and their first coefficient one.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import define, field, frozen

from compiler.quantities.draws import shaped
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import UNKNOWN, Bounds, fold
from compiler.quantities.samples import hypercube
from compiler.quantities.symbols import symbol_of
from compiler.study.tape import OPERATIONS, Array

POINTS, SAMPLES = 1, 2
"""Bits that say over what an atom varies: design points, samples, or both."""
MOST_TERMS = 3
"""A sum of at most so many terms is merged into the sum that uses it."""
MOST_POWER = 8
"""A whole power up to this is so many multiplications; a higher one is an operation of its own."""

Powers = tuple[tuple[int, int], ...]
"""Atoms by number, ascending, each with its power."""


@frozen
class SweptInput:
    """A swept symbol: its column times `scale` is its value in base units, from `low` to `high`."""

    symbol: str
    scale: float
    low: float
    high: float


@frozen
class Monomial:
    """`factor x product of atom ^ power`."""

    factor: float
    powers: Powers = ()


@frozen
class Atom:
    """A value computed as a whole: an input (`op` is `input` or `draw`), a sum, or any other operation."""

    op: str
    args: tuple[Monomial, ...]
    over: int
    bounds: Bounds


@define
class Numbering:
    """Numbering of atoms: equal atoms have one number."""

    atoms: list[Atom] = field(factory=list)
    known: dict[tuple[str, tuple[Monomial, ...]], int] = field(factory=dict)
    leaves: dict[str, int] = field(factory=dict)

    def leaf(self, op: str, symbol: str, over: int, bounds: Bounds) -> int:
        """The atom of an input or a draw."""
        if symbol not in self.leaves:
            self.leaves[symbol] = len(self.atoms)
            self.atoms.append(Atom(op, (), over, bounds))
        return self.leaves[symbol]

    def atom(self, op: str, *args: Monomial) -> Monomial:
        """An operation over products; a constant when they all are."""
        if not any(arg.powers for arg in args):
            out = np.empty(1)
            with np.errstate(all="ignore"):
                OPERATIONS[op](*[np.float64(arg.factor) for arg in args], out)
            return Monomial(float(out[0]))
        key = (op, args)
        if key not in self.known:
            over = 0
            for arg in args:
                for atom, _ in arg.powers:
                    over |= self.atoms[atom].over
            self.known[key] = len(self.atoms)
            self.atoms.append(Atom(op, args, over, self._folded(op, args)))
        return Monomial(1.0, ((self.known[key], 1),))

    def _folded(self, op: str, args: tuple[Monomial, ...]) -> Bounds:
        if op == "reciprocal":
            return fold("divide", (Bounds(1.0, 1.0, 1.0), self.bounds(args[0])))
        if op in ("opaque", "copy"):
            return UNKNOWN
        return fold(op, tuple(self.bounds(arg) for arg in args))

    def bounds(self, value: Monomial) -> Bounds:
        """Bounds of a product."""
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

    def multiply(self, left: Monomial, right: Monomial) -> Monomial:
        """Product of two monomials; powers cancel only when the atom cannot be zero."""
        powers = dict(left.powers)
        for atom, power in right.powers:
            before = powers.get(atom, 0)
            if before * power < 0 and not self._is_zero_free(atom):  # x / x is 1, but at 0 it is no number
                right = self.atom("opaque", right)
                return self.multiply(left, right)
            powers[atom] = before + power
        factor = left.factor * right.factor
        kept = tuple(sorted((a, p) for a, p in powers.items() if p))
        if factor != 0.0 or not kept:
            return Monomial(factor, kept)
        # nothing times what may be endless is no number, so the zero stays a factor unless all the rest is finite
        if all(self._is_zero_free(atom) if power < 0 else self._is_finite(atom) for atom, power in kept):
            return Monomial(0.0)
        return self.atom("multiply", Monomial(0.0), Monomial(1.0, kept))

    def inverse(self, value: Monomial) -> Monomial:
        """Inverse of a monomial."""
        if value.factor == 0.0:
            return Monomial(float("inf") if not value.powers else float("nan"))
        return Monomial(1.0 / value.factor, tuple((atom, -power) for atom, power in value.powers))

    def add(self, values: Sequence[Monomial]) -> Monomial:
        """Sum of monomials: equal products merged, small sums flattened, common factors taken out."""
        terms: dict[Powers, float] = {}
        for value in values:
            for term in self._terms(value):
                terms[term.powers] = terms.get(term.powers, 0.0) + term.factor
        kept = {powers: factor for powers, factor in terms.items() if factor != 0.0}
        if len(kept) <= 1:
            return next((Monomial(factor, powers) for powers, factor in kept.items()), Monomial(0.0))
        common = self._common(list(kept))
        below = tuple((atom, -power) for atom, power in common)
        parts = sorted(
            (self.multiply(Monomial(factor, powers), Monomial(1.0, below)) for powers, factor in kept.items()),
            key=lambda part: (not part.powers, part.powers),
        )
        first = parts[0].factor
        atom = self.atom("add", *(Monomial(part.factor / first, part.powers) for part in parts))
        return self.multiply(Monomial(first, common), atom)

    def _terms(self, value: Monomial) -> tuple[Monomial, ...]:
        """The terms of a small sum, or the value itself."""
        if len(value.powers) == 1 and value.powers[0][1] == 1:
            atom = self.atoms[value.powers[0][0]]
            if atom.op == "add" and len(atom.args) <= MOST_TERMS:
                return tuple(Monomial(value.factor * arg.factor, arg.powers) for arg in atom.args)
        return (value,)

    def _common(self, keys: list[Powers]) -> Powers:
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

    def fold_pairs(self, op: str, args: Sequence[Monomial]) -> Monomial:
        """A fold of two or more values by a commuting operation."""
        ordered = sorted(dict.fromkeys(args), key=lambda arg: (arg.powers, arg.factor))
        result = ordered[0]
        for value in ordered[1:]:
            result = self.atom(op, result, value)
        return result


def numbered(
    quantities: Sequence[Quantity], inputs: Mapping[str, SweptInput], numbering: Numbering, samples: int, seed: int
) -> tuple[list[Monomial], dict[int, Array]]:
    """Quantities as monomials, and the samples of each draw, shape (samples,), by its atom."""
    known: dict[int, Monomial] = {}
    draws: dict[int, Array] = {}
    for node in order(quantities):
        spread = node.spread
        if spread is None:
            known[id(node)] = _operation(node.op, [known[id(arg)] for arg in node.args], numbering)
        elif node.symbol in inputs:
            known[id(node)] = Monomial(inputs[node.symbol].scale, ((numbering.leaves[node.symbol], 1),))
        elif spread.shape == "point" or samples == 1:
            known[id(node)] = Monomial(spread.middle)
        else:
            symbol = symbol_of(node, len(draws))
            atom = numbering.leaf("draw", symbol, SAMPLES, Bounds(spread.low, spread.middle, spread.high))
            if atom not in draws:
                draws[atom] = shaped(spread, hypercube(f"{seed}:{symbol}" if seed else symbol, samples))
            known[id(node)] = Monomial(1.0, ((atom, 1),))
    return [known[id(quantity)] for quantity in quantities], draws


ALIKE = {"minimum": "minimum", "maximum": "maximum", "and": "minimum", "or": "maximum"}
SWAPPED = {"greater": "less", "greater_equal": "less_equal"}


def _operation(op: str, args: list[Monomial], n: Numbering) -> Monomial:
    minus = Monomial(-1.0)
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
        return n.add([Monomial(1.0), n.multiply(minus, args[0])])
    if op == "not_equal":
        return n.add([Monomial(1.0), n.multiply(minus, n.atom("equal", *args))])
    if op == "where" and not args[0].powers:
        return args[1] if args[0].factor else args[2]
    if op in SWAPPED:
        return n.atom(SWAPPED[op], args[1], args[0])
    return n.atom(op, *args) if op in OPERATIONS else Monomial(float("nan"))


def _power(base: Monomial, exponent: Monomial, n: Numbering) -> Monomial:
    times = exponent.factor
    if exponent.powers or not times.is_integer() or abs(times) > MOST_POWER:
        return n.atom("power", base, exponent)
    result, step = Monomial(1.0), base if times >= 0 else n.inverse(base)
    for _ in range(abs(int(times))):
        result = n.multiply(result, step)
    return result
