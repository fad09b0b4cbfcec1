"""Quantities of a design as sums of terms, each a count times factors that its parts state.

Terms of the same meaning can be compared between two designs.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import evolve, frozen

from compiler.ir.labels import Stated
from compiler.quantities.display import digits, number
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import Intervals
from compiler.quantities.units import NONE, Dimension

Signature = tuple[tuple[tuple[str, ...], float], ...]
"""The keys of the factors of a term, each with its power."""
MOST_TERMS = 400
"""Terms up to which a quantity is written out; one of more stands as a single factor."""


@frozen(eq=False)
class Factor:
    """A factor of a term with its power. Equal keys on two sides mean the same thing; `node` is set where it can be opened."""

    key: tuple[str, ...]
    label: str
    value: float
    shown: str
    power: float = 1.0
    dimension: Dimension = NONE
    node: Quantity | None = None


@frozen(eq=False)
class Term:
    """A count times factors. `counts` are the single counts by name, in the order met."""

    count: float
    counts: tuple[tuple[str, float], ...]
    factors: tuple[Factor, ...]

    @property
    def value(self) -> float:
        """The value of the term, in base units; not finite where it divides by nothing."""
        return self.count * _product(self.factors)

    @property
    def signature(self) -> Signature:
        """Keys and powers of its factors: terms of one signature can be held against each other."""
        return tuple(sorted((factor.key, factor.power) for factor in self.factors))

    @property
    def name(self) -> str:
        """The name of a term that stands on one side alone."""
        return " × ".join(factor.label for factor in self.factors if factor.power > 0) or "number of parts"

    @property
    def words(self) -> str:
        """The term in words: `384 × Ascend910C 710 W`; its value where its count is no number of things."""
        shown = " × ".join(factor.shown for factor in self.factors if factor.power > 0)
        if self.count == round(self.count):
            return shown if self.count == 1 else f"{digits(self.count, 7)} × {shown}"
        if len(self.factors) == 1 and self.factors[0].power == 1:
            return number(self.value, self.factors[0].dimension)
        return f"{digits(self.count)} × {shown}"


@frozen(eq=False)
class Side:
    """One of two compared designs: names of its stated quantities by `id`, and the middles of its quantities."""

    stated: Mapping[int, Stated]
    intervals: Intervals

    def value(self, node: Quantity) -> float:
        """The middle of a quantity."""
        return self.intervals.of(node).middle

    def terms(self, node: Quantity) -> tuple[Term, ...]:
        """A quantity as a sum of terms, worked out from its operands up; one opaque term where that is not possible."""
        known: dict[int, tuple[Term, ...]] = {}
        for each in order([node]):
            known[id(each)] = self._of(each, known)
        return tuple(evolve(term, factors=_ordered(term.factors)) for term in known[id(node)])

    def _of(self, node: Quantity, known: Mapping[int, tuple[Term, ...]]) -> tuple[Term, ...]:
        where = self.stated.get(id(node))
        if where is not None or not node.args:
            return (self._leaf(node, where),)
        operands = [known[id(arg)] for arg in node.args]
        made = EXPAND[node.op](operands) if node.op in EXPAND else None
        if made is None or len(made) > MOST_TERMS:
            return (Term(1.0, (), (self._closed(node),)),)
        if node.op == "divide" and len(operands[1]) > 1:
            below = Term(1.0, (), (evolve(self._closed(node.args[1]), power=-1.0),))
            return _products([operands[0], (below,)]) or (Term(1.0, (), (self._closed(node),)),)
        return made

    def _leaf(self, node: Quantity, where: Stated | None) -> Term:
        value = self.value(node)
        if (where is not None and where.is_count) or (where is None and not node.dimension):
            name = where.name if where else node.label or "a number"
            return Term(value, ((name, value),), ())
        shown = in_words(value, node)
        if where is None:
            key, label = ("", node.label or node.unit), node.label or node.unit
        else:
            key, label = (where.kind, where.name), f"{where.name} of {where.kind}"
            shown = f"{where.part} {shown}"
        return Term(1.0, (), (Factor(key, label, value, shown, 1.0, node.dimension),))

    def _closed(self, node: Quantity) -> Factor:
        """A quantity as one factor that can be opened against its counterpart."""
        value = self.value(node)
        label = node.label or node.op
        return Factor((f"{node.op}",), label, value, in_words(value, node), 1.0, node.dimension, node)


def _products(operands: Sequence[tuple[Term, ...]]) -> tuple[Term, ...] | None:
    result: tuple[Term, ...] = (Term(1.0, (), ()),)
    for terms in operands:
        if len(result) * len(terms) > MOST_TERMS:
            return None
        result = tuple(
            Term(x.count * y.count, (*x.counts, *y.counts), _gathered((*x.factors, *y.factors)))
            for x in result
            for y in terms
        )
    return result


def _gathered(factors: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """Equal factors as one with their powers added; what cancels goes."""
    found: dict[tuple[tuple[str, ...], float, str], Factor] = {}
    for factor in factors:
        same = (factor.key, factor.value, factor.shown)
        old = found.get(same)
        found[same] = factor if old is None else evolve(old, power=old.power + factor.power)
    return tuple(factor for factor in found.values() if factor.power)


def _ordered(factors: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """Factors in the order of their keys, each key once: a second of one meaning is told apart by its number."""
    found: dict[tuple[str, ...], Factor] = {}
    for factor in sorted(factors, key=lambda factor: (factor.key, factor.power, factor.value)):
        key, number_ = factor.key, 2
        while key in found:
            key, number_ = (*factor.key, str(number_)), number_ + 1
        found[key] = evolve(factor, key=key)
    return tuple(found[key] for key in sorted(found))


def _inverted(terms: tuple[Term, ...]) -> tuple[Term, ...] | None:
    (term,) = terms
    if not term.count:
        return None
    factors = tuple(evolve(factor, power=-factor.power) for factor in term.factors)
    return (Term(1.0 / term.count, tuple((name, 1.0 / n) for name, n in term.counts if n), factors),)


def _quotient(operands: Sequence[tuple[Term, ...]]) -> tuple[Term, ...] | None:
    above, below = operands
    if len(below) > 1:
        return above  # opened as a whole by the caller
    inverse = _inverted(below)
    return None if inverse is None else _products([above, inverse])


def _negated(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    return tuple(evolve(term, count=-term.count) for term in terms)


EXPAND: Mapping[str, Callable[[Sequence[tuple[Term, ...]]], tuple[Term, ...] | None]] = {
    "add": lambda operands: tuple(term for terms in operands for term in terms),
    "subtract": lambda operands: (*operands[0], *_negated(operands[1])),
    "negative": lambda operands: _negated(operands[0]),
    "multiply": _products,
    "divide": _quotient,
}


def grouped(terms: Iterable[Term]) -> dict[Signature, Term]:
    """One term for each meaning: counts added up, what varies between the terms as its mean."""
    groups: dict[Signature, list[Term]] = {}
    for term in terms:
        groups.setdefault(term.signature, []).append(term)
    return {signature: group[0] if len(group) == 1 else _mean(group) for signature, group in groups.items()}


def _mean(group: Sequence[Term]) -> Term:
    """Terms of one meaning as one: so many in all, and the mean of what differs between them."""
    count, whole = math.fsum(term.count for term in group), math.fsum(term.value for term in group)
    by_key = {factor.key: factor for factor in group[0].factors}
    varying = {
        key
        for key, one in by_key.items()
        if any(f.value != one.value for t in group for f in t.factors if f.key == key)
    }
    fixed = tuple(factor for factor in group[0].factors if factor.key not in varying)
    if not varying:
        return Term(count, (), fixed)
    ones = [factor for factor in group[0].factors if factor.key in varying]
    first = ones[0]
    power = first.power if len(ones) == 1 else 1.0
    share = count * _product(fixed)
    value = _power(whole / share, 1 / power) if share else math.nan
    if not math.isfinite(value):
        return Term(1.0, (), (_lump(group, whole),))
    shown = f"{number(value, first.dimension)} on average" if len(ones) == 1 else digits(value)
    key = tuple(word for one in ones for word in one.key)
    dimension = first.dimension if len(ones) == 1 else NONE
    label = " and ".join(one.label for one in ones)
    return Term(count, (), (*fixed, Factor(key, label, value, shown, power, dimension)))


def _product(factors: Iterable[Factor]) -> float:
    return math.prod(_power(factor.value, factor.power) for factor in factors)


def _power(value: float, power: float) -> float:
    """A value to a power; not a number where there is none."""
    try:
        return math.pow(value, power)
    except (ValueError, OverflowError):  # 0 to a negative power, a negative value to a broken one
        return math.nan


def _lump(group: Sequence[Term], whole: float) -> Factor:
    label = group[0].name
    return Factor(("lump", label), label, whole, digits(whole))


def in_words(value: float, node: Quantity) -> str:
    """A value in base units in the unit of a quantity."""
    return number(value, node.dimension, node.unit) if node.dimension or node.unit else digits(value)
