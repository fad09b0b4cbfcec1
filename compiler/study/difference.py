"""Reasons why a figure differs between two designs: the difference shared out over what differs in their inputs.

Both figures are read as sums of terms, each a count times what the parts state. Terms of one meaning are held against
each other, and what each factor contributes is its logarithmic share (LMDI-I, Ang 2004, Energy Policy 32:1131): the
shares add up to the whole difference, none is left over, and the order of the factors plays no part. Where a logarithm
does not exist (a side that is zero, a maximum), the shares are Shapley values, which add up as well.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations

from attrs import evolve

from compiler.ir.hardware import ClusterDesign
from compiler.ir.labels import stated
from compiler.numerics.tolerances import ADDS_UP, NOTHING, WHOLE
from compiler.quantities.display import digits, number
from compiler.quantities.graph import Quantity, apply
from compiler.quantities.graph import number as quantity_of
from compiler.quantities.intervals import Bounds, Intervals, fold
from compiler.quantities.units import MONEY, noun
from compiler.report.reasons import Difference, Reason
from compiler.study.factors import EXPAND, Factor, Side, Term, grouped, in_words

MOST_PLAYERS = 10
"""Limit of the operands for Shapley values, which try every order of them."""
PLURAL = {"chip": "accelerators", "cpu": "CPUs", "nic": "NICs", "switch": "switches", "optic": "transceivers"}
SINGULAR = {"chip": "accelerator", "cpu": "CPU", "nic": "NIC", "optic": "transceiver"}


def difference(
    path: str,
    title: str,
    a: tuple[ClusterDesign, Quantity],
    b: tuple[ClusterDesign, Quantity],
    missing: tuple[str, ...] = (),
) -> Difference:
    """The difference of a figure between two designs with its reasons; values are those of every input at its middle."""
    (one, left), (other, right) = a, b
    sides = Side(stated(one), Intervals()), Side(stated(other), Intervals())
    start, end = sides[0].value(left), sides[1].value(right)
    shares = _merged(_between(left, right, *sides))
    return Difference(path, title, (one.root.name, other.root.name), start, end, left.dimension, shares, missing)


def _merged(shares: Iterable[Reason]) -> tuple[Reason, ...]:
    """Shares of one reason together, the largest first, those that explain nothing left out."""
    found: dict[str, Reason] = {}
    for share in shares:
        old = found.get(share.label)
        found[share.label] = share if old is None else evolve(old, share=old.share + share.share)
    most = max((abs(share.share) for share in found.values()), default=0.0)
    kept = [share for share in found.values() if abs(share.share) > NOTHING * most]
    return tuple(sorted(kept, key=lambda share: -abs(share.share)))


def _between(a: Quantity, b: Quantity, left: Side, right: Side) -> Iterator[Reason]:
    """The reasons why `b` is not `a`; their shares add up to `b - a`. None where either divides by nothing."""
    if a is b or not (math.isfinite(left.value(a)) and math.isfinite(right.value(b))):
        return
    if a.op == b.op == "divide" and id(a) not in left.stated and id(b) not in right.stated:
        shares = _of_ratio(a, b, left, right)
        if shares is not None:
            yield from shares
            return
    opaque = a.op == b.op and a.args and len(a.args) == len(b.args) <= MOST_PLAYERS and a.op not in EXPAND
    if opaque and id(a) not in left.stated and id(b) not in right.stated:
        yield from _operands(a, b, left, right)
        return
    ours, theirs = grouped(left.terms(a)), grouped(right.terms(b))
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
                yield Reason(one.name, one.words, other.words, other.value - one.value)
        elif signature in ours:
            yield Reason(ours[signature].name, ours[signature].words, "not there", -ours[signature].value)
        else:
            yield Reason(theirs[signature].name, "not there", theirs[signature].words, theirs[signature].value)


def _matched(a: Term, b: Term) -> tuple[Term, Term] | None:
    """Two terms whose factors correspond once a sum is held against whatever else has its dimension and power."""
    rest, matched = list(b.factors), []
    for one in a.factors:
        same = next((other for other in rest if (other.key, other.power) == (one.key, one.power)), None)
        if (
            same is None and one.power < 0
        ):  # what is divided by may be a sum on one side and a single thing on the other
            same = next((o for o in rest if (o.dimension, o.power) == (one.dimension, one.power)), None)
        if same is None:
            return None
        rest.remove(same)
        matched.append(same)
    return None if rest else (a, evolve(b, factors=tuple(matched)))


def _factors(a: Term, b: Term, left: Side, right: Side) -> Iterator[Reason]:
    """The shares of counts and factors of two terms of one meaning."""
    pairs = _pairs(a, b)
    before, after = a.value, b.value
    ratios = [(after_ / before_) ** power if before_ else math.nan for _, before_, after_, power in _numbers(pairs)]
    if before and after and after / before > 0 and all(math.isfinite(r) and r > 0 for r in ratios):
        size = _log_mean(before, after)
        parts = [size * math.log(ratio) for ratio in ratios]
    else:
        parts = _shapley([(x**power, y**power) for _, x, y, power in _numbers(pairs)], math.prod)
    for (one, other), part in zip(pairs, parts, strict=True):
        yield from _opened(one, other, part, left, right)


def _pairs(a: Term, b: Term) -> list[tuple[Factor, Factor]]:
    """Counts and factors side by side; counts one by one where both sides have the same, else all together."""
    names = [name for name, _ in a.counts]
    if names == [name for name, _ in b.counts] and len(set(names)) == len(names) and _is_whole(a) and _is_whole(b):
        counts = [(_counted(name, x), _counted(name, y)) for (name, x), (_, y) in zip(a.counts, b.counts, strict=True)]
    else:
        kind = next((factor.key[0] for factor in a.factors if factor.key[0] in PLURAL), "")
        label = f"number of {PLURAL[kind]}" if kind else "number of parts"
        counts = [(_counted(label, a.count), _counted(label, b.count))]
    return [*counts, *zip(a.factors, b.factors, strict=True)]


def _is_whole(term: Term) -> bool:
    return math.isclose(term.count, math.prod(n for _, n in term.counts), rel_tol=WHOLE)


def _counted(name: str, value: float) -> Factor:
    return Factor(("count", name), name, value, digits(value, 7))


def _numbers(pairs: Sequence[tuple[Factor, Factor]]) -> list[tuple[str, float, float, float]]:
    return [(one.label, one.value, other.value, one.power) for one, other in pairs]


def _opened(one: Factor, other: Factor, part: float, left: Side, right: Side) -> Iterator[Reason]:
    """Share of a factor, handed on to the quantities it is made of when it can be opened on either side."""
    if other.value != one.value and (_opens(one, left) or _opens(other, right)):
        inner = _between_closed(one, other, left, right)
        whole = math.fsum(share.share for share in inner)
        if whole and math.isfinite(whole):
            yield from (evolve(share, share=part * share.share / whole) for share in inner)
            return
    yield Reason(one.label if one.label == other.label else f"{one.label}, {other.label}", one.shown, other.shown, part)


def _opens(factor: Factor, side: Side) -> bool:
    """True when a closed factor is made of more than one thing."""
    if factor.node is None:
        return False
    return factor.node.op not in EXPAND or len(grouped(side.terms(factor.node))) > 1


def _between_closed(one: Factor, other: Factor, left: Side, right: Side) -> list[Reason]:
    if one.node is not None and other.node is not None:
        return list(_between(one.node, other.node, left, right))
    found: list[Reason] = []
    for factor, side, sign in ((one, left, -1.0), (other, right, 1.0)):
        terms = grouped(side.terms(factor.node)).values() if factor.node is not None else ()
        each = [(term.name, term.words, term.value) for term in terms]
        each = each or [(factor.label, factor.shown, factor.value)]
        for label, words, value in each:
            ends = (words, "not there") if sign < 0 else ("not there", words)
            found.append(Reason(label, *ends, sign * value))
    return found


def _operands(a: Quantity, b: Quantity, left: Side, right: Side) -> Iterator[Reason]:
    """The shares of the operands of an operation that is neither sum nor product: Shapley values, opened further."""
    values = [(left.value(x), right.value(y)) for x, y in zip(a.args, b.args, strict=True)]
    parts = _shapley(values, lambda mixed: fold(a.op, tuple(Bounds(v, v, v) for v in mixed)).middle)
    for x, y, (before, after), part in zip(a.args, b.args, values, parts, strict=True):
        if not part:
            continue
        inner = list(_between(x, y, left, right))
        whole = math.fsum(share.share for share in inner)
        if inner and whole and math.isclose(whole, after - before, rel_tol=ADDS_UP):
            yield from (evolve(share, share=part * share.share / whole) for share in inner)
        else:
            label = x.label or y.label or a.op
            yield Reason(label, in_words(before, x), in_words(after, y), part)


def _of_ratio(a: Quantity, b: Quantity, left: Side, right: Side) -> list[Reason] | None:
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
            Term(1.0, (), (*(evolve(f, power=f.power * sign) for f in term.factors), each))
            for term, each in zip((one, other), rest, strict=True)
        ]
        return list(_factors(terms[0], terms[1], left, right))
    return None


def _each(whole: Quantity, count: float, kind: str, power: float, side: Side) -> Factor:
    """A figure for each of so many parts, as a factor that opens where it is a sum."""
    node = apply("divide", whole, quantity_of(count))
    what = "cost" if whole.dimension == MONEY else noun(whole.dimension).removeprefix("a ").removeprefix("an ")
    value = side.value(node)
    label = f"{what} per {SINGULAR.get(kind, kind)}"
    return Factor(("each", kind), label, value, number(value, whole.dimension), power, whole.dimension, node)


def _log_mean(x: float, y: float) -> float:
    """The logarithmic mean, (y - x) / ln(y / x); x itself where both are equal."""
    return x if math.isclose(x, y, rel_tol=WHOLE) else (y - x) / math.log(y / x)


def _shapley(pairs: Sequence[tuple[float, float]], function: Callable[[Sequence[float]], float]) -> list[float]:
    """Shapley values: mean contribution of each change over all orders of the changes (Shapley 1953)."""
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
