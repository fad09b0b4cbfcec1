"""Why a figure of one design differs from that of another: the difference shared out over what differs in their inputs.

Both figures are read as sums of terms, each a count times what the parts state. Terms of one meaning are held against
each other, and what each factor contributes is its logarithmic share (LMDI-I, Ang 2004, Energy Policy 32:1131): the
shares add up to the whole difference, none is left over, and the order of the factors plays no part. Where a logarithm
does not exist (a side that is zero, a maximum), the shares are Shapley values, which add up as well.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from attrs import evolve, frozen

from compiler.ir.cluster import Design
from compiler.ir.stated import Stated, stated
from compiler.quantities.display import digits, number
from compiler.quantities.graph import Quantity, apply, order
from compiler.quantities.graph import number as quantity_of
from compiler.quantities.intervals import Bounds, Intervals, fold
from compiler.quantities.units import MONEY, NONE, Dimension, noun

MOST_TERMS = 400
MOST_PLAYERS = 10
NOTHING = 1e-12
PLURAL = {"chip": "accelerators", "cpu": "CPUs", "nic": "NICs", "switch": "switches", "optic": "transceivers"}
SINGULAR = {"chip": "accelerator", "cpu": "CPU", "nic": "NIC", "optic": "transceiver"}


@frozen
class Share:
    """One reason: what it is, how it reads on each side, and how much of the difference it explains, in base units."""

    label: str
    before: str
    after: str
    share: float


@frozen(eq=False)
class Difference:
    """A figure of two designs and the reasons for the difference, the largest first; `shares` add up to `end - start`.

    `missing` is what one of the sides does not count.
    """

    path: str
    title: str
    designs: tuple[str, str]
    start: float
    end: float
    dimension: Dimension
    shares: tuple[Share, ...]
    missing: tuple[str, ...] = ()


@frozen(eq=False)
class _Factor:
    """A factor of a term with its power. Equal keys on two sides mean the same thing; `node` is set where it can be opened."""

    key: tuple[str, ...]
    label: str
    value: float
    shown: str
    power: float = 1.0
    dimension: Dimension = NONE
    node: Quantity | None = None


@frozen(eq=False)
class _Term:
    """A count times factors. `counts` are the single counts by name, in the order met."""

    count: float
    counts: tuple[tuple[str, float], ...]
    factors: tuple[_Factor, ...]

    @property
    def value(self) -> float:
        """What the term comes to."""
        return self.count * _product(factor.value**factor.power for factor in self.factors)

    @property
    def signature(self) -> tuple[tuple[tuple[str, ...], float], ...]:
        """What the term is about: terms of one signature can be held against each other."""
        return tuple(sorted((factor.key, factor.power) for factor in self.factors))


def difference(
    path: str, title: str, a: tuple[Design, Quantity], b: tuple[Design, Quantity], missing: tuple[str, ...] = ()
) -> Difference:
    """The difference of a figure between two designs with its reasons; values are those of every input at its middle."""
    (one, left), (other, right) = a, b
    sides = _Side(stated(one), Intervals()), _Side(stated(other), Intervals())
    start, end = sides[0].value(left), sides[1].value(right)
    shares = _merged(_between(left, right, *sides)) if math.isfinite(start) and math.isfinite(end) else ()
    return Difference(path, title, (one.root.name, other.root.name), start, end, left.dimension, shares, missing)


def _merged(shares: Iterable[Share]) -> tuple[Share, ...]:
    """Shares of one reason together, the largest first, those that explain nothing left out."""
    found: dict[str, Share] = {}
    for share in shares:
        old = found.get(share.label)
        found[share.label] = share if old is None else evolve(old, share=old.share + share.share)
    most = max((abs(share.share) for share in found.values()), default=0.0)
    kept = [share for share in found.values() if abs(share.share) > NOTHING * most]
    return tuple(sorted(kept, key=lambda share: -abs(share.share)))


# ---- one side --------------------------------------------------------------------------------


@frozen(eq=False)
class _Side:
    """One design as the reading of its quantities."""

    stated: Mapping[int, Stated]
    intervals: Intervals

    def value(self, node: Quantity) -> float:
        """The middle of a quantity."""
        return self.intervals.of(node).middle

    def terms(self, node: Quantity) -> tuple[_Term, ...]:
        """A quantity as a sum of terms, worked out from its operands up; one opaque term where that is not possible."""
        known: dict[int, tuple[_Term, ...]] = {}
        for each in order([node]):
            known[id(each)] = self._of(each, known)
        return tuple(evolve(term, factors=_ordered(term.factors)) for term in known[id(node)])

    def _of(self, node: Quantity, known: Mapping[int, tuple[_Term, ...]]) -> tuple[_Term, ...]:
        where = self.stated.get(id(node))
        if where is not None or not node.args:
            return (self._leaf(node, where),)
        operands = [known[id(arg)] for arg in node.args]
        made = _EXPAND[node.op](operands) if node.op in _EXPAND else None
        if made is None or len(made) > MOST_TERMS:
            return (_Term(1.0, (), (self._closed(node),)),)
        if node.op == "divide" and len(operands[1]) > 1:
            below = _Term(1.0, (), (evolve(self._closed(node.args[1]), power=-1.0),))
            return _products([operands[0], (below,)]) or (_Term(1.0, (), (self._closed(node),)),)
        return made

    def _leaf(self, node: Quantity, where: Stated | None) -> _Term:
        value = self.value(node)
        if (where is not None and where.is_count) or (where is None and not node.dimension):
            name = where.name if where else node.label or "a number"
            return _Term(value, ((name, value),), ())
        shown = _shown(value, node)
        if where is None:
            key, label = ("", node.label or node.unit), node.label or node.unit
        else:
            key, label = (where.kind, where.name), f"{where.name} of {where.kind}"
            shown = f"{where.part} {shown}"
        return _Term(1.0, (), (_Factor(key, label, value, shown, 1.0, node.dimension),))

    def _closed(self, node: Quantity) -> _Factor:
        """A quantity as one factor that can be opened against its counterpart."""
        value = self.value(node)
        label = node.label or node.op
        return _Factor((f"{node.op}",), label, value, _shown(value, node), 1.0, node.dimension, node)


def _product(values: Iterable[float]) -> float:
    result = 1.0
    for value in values:
        result *= value
    return result


def _products(operands: Sequence[tuple[_Term, ...]]) -> tuple[_Term, ...] | None:
    result: tuple[_Term, ...] = (_Term(1.0, (), ()),)
    for terms in operands:
        if len(result) * len(terms) > MOST_TERMS:
            return None
        result = tuple(
            _Term(x.count * y.count, (*x.counts, *y.counts), _gathered((*x.factors, *y.factors)))
            for x in result
            for y in terms
        )
    return result


def _gathered(factors: tuple[_Factor, ...]) -> tuple[_Factor, ...]:
    """Equal factors as one with their powers added; what cancels goes."""
    found: dict[tuple[tuple[str, ...], float, str], _Factor] = {}
    for factor in factors:
        same = (factor.key, factor.value, factor.shown)
        old = found.get(same)
        found[same] = factor if old is None else evolve(old, power=old.power + factor.power)
    return tuple(factor for factor in found.values() if factor.power)


def _ordered(factors: tuple[_Factor, ...]) -> tuple[_Factor, ...]:
    """Factors in the order of their keys, each key once: a second of one meaning is told apart by its number."""
    found: dict[tuple[str, ...], _Factor] = {}
    for factor in sorted(factors, key=lambda factor: (factor.key, factor.power, factor.value)):
        key, number_ = factor.key, 2
        while key in found:
            key, number_ = (*factor.key, str(number_)), number_ + 1
        found[key] = evolve(factor, key=key)
    return tuple(found[key] for key in sorted(found))


def _inverted(terms: tuple[_Term, ...]) -> tuple[_Term, ...] | None:
    (term,) = terms
    if not term.count:
        return None
    factors = tuple(evolve(factor, power=-factor.power) for factor in term.factors)
    return (_Term(1.0 / term.count, tuple((name, 1.0 / n) for name, n in term.counts if n), factors),)


def _quotient(operands: Sequence[tuple[_Term, ...]]) -> tuple[_Term, ...] | None:
    above, below = operands
    if len(below) > 1:
        return above  # opened as a whole by the caller
    inverse = _inverted(below)
    return None if inverse is None else _products([above, inverse])


def _negated(terms: tuple[_Term, ...]) -> tuple[_Term, ...]:
    return tuple(evolve(term, count=-term.count) for term in terms)


_EXPAND: Mapping[str, Callable[[Sequence[tuple[_Term, ...]]], tuple[_Term, ...] | None]] = {
    "add": lambda operands: tuple(term for terms in operands for term in terms),
    "subtract": lambda operands: (*operands[0], *_negated(operands[1])),
    "negative": lambda operands: _negated(operands[0]),
    "multiply": _products,
    "divide": _quotient,
}


# ---- two sides -------------------------------------------------------------------------------


def _between(a: Quantity, b: Quantity, left: _Side, right: _Side) -> Iterator[Share]:
    """The reasons why `b` is not `a`; their shares add up to `b - a`."""
    if a is b:
        return
    if a.op == b.op == "divide" and id(a) not in left.stated and id(b) not in right.stated:
        shares = _of_ratio(a, b, left, right)
        if shares is not None:
            yield from shares
            return
    opaque = a.op == b.op and a.args and len(a.args) == len(b.args) <= MOST_PLAYERS and a.op not in _EXPAND
    if opaque and id(a) not in left.stated and id(b) not in right.stated:
        yield from _operands(a, b, left, right)
        return
    ours, theirs = _grouped(left.terms(a)), _grouped(right.terms(b))
    loose = [signature for signature in (*ours, *theirs) if (signature in ours) != (signature in theirs)]
    if len(ours) == len(theirs) == 1 and len(loose) == 2:
        pair = _matched(*ours.values(), *theirs.values())
        if pair is not None:
            yield from _factors(*pair, left, right)
            return
    for signature in dict.fromkeys((*ours, *theirs)):
        if signature in ours and signature in theirs:
            one, other = ours[signature], theirs[signature]
            if [factor.key for factor in one.factors] == [factor.key for factor in other.factors]:
                yield from _factors(one, other, left, right)
            else:  # one side is a mean over more than the other
                yield Share(_named(one), _said(one), _said(other), other.value - one.value)
        elif signature in ours:
            yield Share(_named(ours[signature]), _said(ours[signature]), "not there", -ours[signature].value)
        else:
            yield Share(_named(theirs[signature]), "not there", _said(theirs[signature]), theirs[signature].value)


def _grouped(terms: Iterable[_Term]) -> dict[tuple[tuple[tuple[str, ...], float], ...], _Term]:
    """One term for each meaning: counts added up, what varies between the terms as its mean."""
    groups: dict[tuple[tuple[tuple[str, ...], float], ...], list[_Term]] = {}
    for term in terms:
        groups.setdefault(term.signature, []).append(term)
    return {signature: group[0] if len(group) == 1 else _mean(group) for signature, group in groups.items()}


def _mean(group: Sequence[_Term]) -> _Term:
    """Terms of one meaning as one: so many in all, and the mean of what differs between them."""
    count, whole = math.fsum(term.count for term in group), math.fsum(term.value for term in group)
    by_key = {factor.key: factor for factor in group[0].factors}
    varying = {
        key
        for key, one in by_key.items()
        if any(f.value != one.value for t in group for f in t.factors if f.key == key)
    }
    fixed = tuple(factor for factor in group[0].factors if factor.key not in varying)
    rest = whole / (count * _product(f.value**f.power for f in fixed)) if count else math.nan
    if not varying or not math.isfinite(rest):
        return _Term(count, (), fixed) if not varying else _Term(1.0, (), (_lump(group, whole),))
    ones = [factor for factor in group[0].factors if factor.key in varying]
    first = ones[0]
    value = rest ** (1 / first.power) if len(ones) == 1 else rest
    power = first.power if len(ones) == 1 else 1.0
    shown = f"{number(value, first.dimension)} on average" if len(ones) == 1 else digits(rest)
    key = tuple(word for one in ones for word in one.key)
    dimension = first.dimension if len(ones) == 1 else NONE
    label = " and ".join(one.label for one in ones)
    return _Term(count, (), (*fixed, _Factor(key, label, value, shown, power, dimension)))


def _lump(group: Sequence[_Term], whole: float) -> _Factor:
    label = _named(group[0])
    return _Factor(("lump", label), label, whole, digits(whole))


def _matched(a: _Term, b: _Term) -> tuple[_Term, _Term] | None:
    """Two terms whose factors correspond once a sum is held against whatever else has its dimension and power."""
    rest, matched = list(b.factors), []
    for one in a.factors:
        same = next((other for other in rest if (other.key, other.power) == (one.key, one.power)), None)
        if same is None and one.power < 0:
            same = next((o for o in rest if (o.dimension, o.power) == (one.dimension, one.power)), None)
        if same is None:
            return None
        rest.remove(same)
        matched.append(same)
    return None if rest else (a, evolve(b, factors=tuple(matched)))


def _factors(a: _Term, b: _Term, left: _Side, right: _Side) -> Iterator[Share]:
    """The shares of counts and factors of two terms of one meaning."""
    pairs = _pairs(a, b)
    before, after = a.value, b.value
    ratios = [(after_ / before_) ** power if before_ else math.nan for _, before_, after_, power in _numbers(pairs)]
    if before and after and after / before > 0 and all(math.isfinite(r) and r > 0 for r in ratios):
        size = _log_mean(before, after)
        parts = [size * math.log(ratio) for ratio in ratios]
    else:
        parts = _shapley([(x**power, y**power) for _, x, y, power in _numbers(pairs)], _product)
    for (one, other), part in zip(pairs, parts, strict=True):
        yield from _opened(one, other, part, left, right)


def _pairs(a: _Term, b: _Term) -> list[tuple[_Factor, _Factor]]:
    """Counts and factors side by side; counts one by one where both sides have the same, else all together."""
    names = [name for name, _ in a.counts]
    if names == [name for name, _ in b.counts] and len(set(names)) == len(names) and _is_whole(a) and _is_whole(b):
        counts = [(_counted(name, x), _counted(name, y)) for (name, x), (_, y) in zip(a.counts, b.counts, strict=True)]
    else:
        kind = next((factor.key[0] for factor in a.factors if factor.key[0] in PLURAL), "")
        label = f"number of {PLURAL[kind]}" if kind else "number of parts"
        counts = [(_counted(label, a.count), _counted(label, b.count))]
    return [*counts, *zip(a.factors, b.factors, strict=True)]


def _is_whole(term: _Term) -> bool:
    return math.isclose(term.count, _product(n for _, n in term.counts), rel_tol=1e-12)


def _counted(name: str, value: float) -> _Factor:
    return _Factor(("count", name), name, value, digits(value, 7))


def _numbers(pairs: Sequence[tuple[_Factor, _Factor]]) -> list[tuple[str, float, float, float]]:
    return [(one.label, one.value, other.value, one.power) for one, other in pairs]


def _opened(one: _Factor, other: _Factor, part: float, left: _Side, right: _Side) -> Iterator[Share]:
    """A factor's share, handed on to what it is made of where both or one of the sides can be opened."""
    if other.value != one.value and (_opens(one, left) or _opens(other, right)):
        inner = _between_closed(one, other, left, right)
        whole = math.fsum(share.share for share in inner)
        if whole and math.isfinite(whole):
            yield from (evolve(share, share=part * share.share / whole) for share in inner)
            return
    yield Share(one.label if one.label == other.label else f"{one.label}, {other.label}", one.shown, other.shown, part)


def _opens(factor: _Factor, side: _Side) -> bool:
    """Whether a closed factor is made of more than one thing."""
    if factor.node is None:
        return False
    return factor.node.op not in _EXPAND or len(_grouped(side.terms(factor.node))) > 1


def _between_closed(one: _Factor, other: _Factor, left: _Side, right: _Side) -> list[Share]:
    if one.node is not None and other.node is not None:
        return list(_between(one.node, other.node, left, right))
    found: list[Share] = []
    for factor, side, sign in ((one, left, -1.0), (other, right, 1.0)):
        terms = _grouped(side.terms(factor.node)).values() if factor.node is not None else ()
        each = [(_named(term), _said(term), term.value) for term in terms]
        each = each or [(factor.label, factor.shown, factor.value)]
        for label, said, value in each:
            ends = (said, "not there") if sign < 0 else ("not there", said)
            found.append(Share(label, *ends, sign * value))
    return found


def _operands(a: Quantity, b: Quantity, left: _Side, right: _Side) -> Iterator[Share]:
    """The shares of the operands of an operation that is neither sum nor product: Shapley values, opened further."""
    values = [(left.value(x), right.value(y)) for x, y in zip(a.args, b.args, strict=True)]
    parts = _shapley(values, lambda mixed: fold(a.op, tuple(Bounds(v, v, v) for v in mixed)).middle)
    for x, y, (before, after), part in zip(a.args, b.args, values, parts, strict=True):
        if not part:
            continue
        inner = list(_between(x, y, left, right))
        whole = math.fsum(share.share for share in inner)
        if inner and whole and math.isclose(whole, after - before, rel_tol=1e-6):
            yield from (evolve(share, share=part * share.share / whole) for share in inner)
        else:
            label = x.label or y.label or a.op
            yield Share(label, _shown(before, x), _shown(after, y), part)


def _of_ratio(a: Quantity, b: Quantity, left: _Side, right: _Side) -> list[Share] | None:
    """The shares of a ratio, read per counted part: compute of a chip over power for each chip, not 384 against 72.

    None when neither its upper nor its lower figure is a count of one thing on both sides.
    """
    for place in (0, 1):
        ours, theirs = left.terms(a.args[place]), right.terms(b.args[place])
        if len(ours) != 1 or len(theirs) != 1 or ours[0].signature != theirs[0].signature or not ours[0].factors:
            continue
        (one,), (other,) = ours, theirs
        kind = one.factors[0].key[0]
        if kind not in PLURAL or not one.count or not other.count:
            continue
        sign = 1.0 if place == 0 else -1.0
        rest = [
            _each(node.args[1 - place], n, kind, -sign, side)
            for node, n, side in ((a, one.count, left), (b, other.count, right))
        ]
        terms = [
            _Term(1.0, (), (*(evolve(f, power=f.power * sign) for f in term.factors), each))
            for term, each in zip((one, other), rest, strict=True)
        ]
        return list(_factors(terms[0], terms[1], left, right))
    return None


def _each(whole: Quantity, count: float, kind: str, power: float, side: _Side) -> _Factor:
    """A figure for each of so many parts, as a factor that opens where it is a sum."""
    node = apply("divide", whole, quantity_of(count))
    what = "cost" if whole.dimension == MONEY else noun(whole.dimension).removeprefix("a ").removeprefix("an ")
    value = side.value(node)
    label = f"{what} per {SINGULAR.get(kind, kind)}"
    return _Factor(("each", kind), label, value, number(value, whole.dimension), power, whole.dimension, node)


def _log_mean(x: float, y: float) -> float:
    """The logarithmic mean, (y - x) / ln(y / x); x itself where both are equal."""
    return x if math.isclose(x, y, rel_tol=1e-12) else (y - x) / math.log(y / x)


def _shapley(pairs: Sequence[tuple[float, float]], function: Callable[[Sequence[float]], float]) -> list[float]:
    """What each change adds on average over all orders in which the changes may be made (Shapley 1953)."""
    count = len(pairs)
    parts = []
    for player in range(count):
        others = [i for i in range(count) if i != player]
        total = 0.0
        for size in range(count):
            weight = math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
            for changed in combinations(others, size):
                mixed = [pairs[i][1] if i in changed else pairs[i][0] for i in range(count)]
                with_it = [pairs[i][1] if i == player else mixed[i] for i in range(count)]
                total += weight * (function(with_it) - function(mixed))
        parts.append(total)
    return parts


def _named(term: _Term) -> str:
    """What a term is, for one that stands on one side alone."""
    return " × ".join(factor.label for factor in term.factors if factor.power > 0) or "number of parts"


def _shown(value: float, node: Quantity) -> str:
    return number(value, node.dimension, node.unit) if node.dimension or node.unit else digits(value)


def _said(term: _Term) -> str:
    """A term in words: `384 × Ascend910C 710 W`; what it comes to where its count is no number of things."""
    shown = " × ".join(factor.shown for factor in term.factors if factor.power > 0)
    if term.count == round(term.count):
        return shown if term.count == 1 else f"{digits(term.count, 7)} × {shown}"
    if len(term.factors) == 1 and term.factors[0].power == 1:
        return number(term.value, term.factors[0].dimension)
    return f"{digits(term.count)} × {shown}"
