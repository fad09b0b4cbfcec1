"""Hypotheses about wrong figures: a table of common mistakes, and the choice of the one that explains a claim.

A hypothesis is accepted when it explains the figure better than chance: its prior, which says how common the mistake
is, is compared with the probability that a figure wrong for some other reason falls into the window of the printed one.
So a figure of one digit needs a common mistake, one of four digits admits a rare one, and a pair of mistakes needs more
than either. Priors are estimates of ours, in shares of all wrong figures.
"""

import math
import re
from collections.abc import Callable, Iterator
from functools import cached_property

from attrs import define, field, frozen

from compiler.audit.context import Desk
from compiler.audit.precision import Printed, reading
from compiler.ir.hardware import Claim
from compiler.quantities import units
from compiler.quantities.graph import Quantity, order
from compiler.quantities.intervals import Bounds
from compiler.semantics.values import Declaration

OTHERWISE = 0.3
"""Prior of being wrong in none of these ways."""
BOTH = 0.1
"""Factor on the product of two priors: seldom is one figure wrong in two ways."""
COPY, NEIGHBOUR = 0.12, 0.03
"""Priors of taking a part for a copy of it, or a chip for its neighbour in the family. For a ratio to another part
NEIGHBOUR applies once more, since that is a slip twice over."""
PREFIXES = "kMGTPEZY"
_BITS = re.compile(r"b(?:ps|/|$)")
_PREFIXED = re.compile(rf"([{PREFIXES}])(i?)(?:bps|[bB]|FLOPS?|OPS?)(?![a-zA-Z])")


@define(eq=False)
class Evidence:
    """A derived figure, with the facts that the hypotheses ask for."""

    claim: Claim
    derived: Quantity
    desk: Desk | None

    @cached_property
    def nodes(self) -> tuple[Quantity, ...]:
        """Every node of the figure, operands first."""
        return tuple(order([self.derived]))

    @cached_property
    def value(self) -> float:
        """Middle of the figure, in base units."""
        return reading(self.derived, {}).middle

    @property
    def dimension(self) -> units.Dimension:
        """Its dimension, with FLOP and OP and all precisions counted as one."""
        return units.operations_alike(self.derived.dimension)

    @cached_property
    def inputs(self) -> tuple[Quantity, ...]:
        """Literals below it that have a dimension."""
        return tuple(node for node in self.nodes if node.spread is not None and node.dimension)

    @cached_property
    def counts(self) -> tuple[float, ...]:
        """Counts below it, whole numbers above one, and the product of all of them."""
        single = [
            node.spread.middle
            for node in self.nodes
            if node.spread is not None and not node.dimension and node.spread.middle == round(node.spread.middle) > 1
        ]
        return tuple(dict.fromkeys((*single, math.prod(single))))

    def rests_on(self, dimension: units.Dimension) -> bool:
        """True when it is a quantity of a dimension, or a ratio of such quantities."""
        if self.dimension == dimension:
            return True
        return not self.dimension and any(units.operations_alike(n.dimension) == dimension for n in self.inputs)

    def peaks(self) -> Iterator[tuple[Quantity, str, Declaration]]:
        """Peak rates below it, each with the path after `peak.` and the chip that states it."""
        for node in self.nodes:
            owner = self.desk.owner(node) if self.desk and node.label.startswith("peak.") else None
            if owner is not None:
                yield node, node.label.removeprefix("peak."), owner


@frozen
class Reading:
    """One reading of a figure: its value in base units, its prior, a sentence, and the remedy.

    `derived` is set by `variant`.
    """

    name: str
    group: str
    value: float
    prior: float
    sentence: str
    derived: Quantity | None = field(default=None, eq=False)
    remedy: str = ""


Readings = Iterator[Reading]
COMPUTE = units.dimension(OP=1, time=-1)


def _prefix(unit: str) -> tuple[int, bool]:
    """Power of 1000 of the prefix of a unit (k 1, M 2, G 3, none 0), and whether the prefix is binary."""
    found = _PREFIXED.match(unit)
    return (PREFIXES.index(found[1]) + 1, bool(found[2])) if found else (0, False)


def binary_steps(evidence: Evidence) -> Readings:
    """Readings with 1024 instead of 1000 at each step from the unit of the inputs to that of the claim."""
    if evidence.dimension not in (units.DATA, units.RATE, COMPUTE):
        return
    above, is_binary = _prefix(evidence.claim.stated.unit)
    below = {_prefix(n.unit)[0] for n in evidence.inputs if units.operations_alike(n.dimension) == evidence.dimension}
    steps = {above - step for step in below if 0 < above - step <= 4} if above and not is_binary else set()
    usual = 0.15 if evidence.dimension == units.DATA else 0.1
    spread = evidence.claim.stated.spread
    digits = spread.digits if spread is not None else ""
    name, at, tag = evidence.claim.stated.unit.partition("@")
    for step in sorted(steps, reverse=True):
        smaller = name.replace(PREFIXES[above - 1], PREFIXES[above - step - 1] if above > step else "", 1)
        meaning = "1024" if step == 1 else f"1024^{step}"
        sentence = f"exact if 1 {name} means {meaning} {smaller}"
        remedy = f"`~= {digits} * {meaning} {smaller}{at}{tag}`" if digits else ""
        yield Reading("binary-units", "binary", evidence.value / 1.024**step, usual, sentence, remedy=remedy)
    if above and not is_binary and max(steps, default=0) != 1:
        sentence = "one of the steps between prefixes taken as 1024"
        yield Reading("binary-units", "binary", evidence.value / 1.024, usual / 3, sentence)


def binary_inputs(evidence: Evidence) -> Readings:
    """Readings with GiB in place of GB, in the inputs or in the claim, or the other way."""
    if evidence.dimension != units.DATA:
        return
    above, _ = _prefix(evidence.claim.stated.unit)
    for node in evidence.inputs:
        step, is_binary = _prefix(node.unit)
        if not step or node.dimension != units.DATA:
            continue
        if is_binary:
            short = node.unit.replace("i", "", 1)
            sentence = f"{node.unit} read as {short}"
            yield Reading("binary-units", "binary", evidence.value / 1.024**step, 0.1, sentence)
            if above and above != step:
                yield Reading(
                    "binary-units", "binary", evidence.value / 1.024**above, 0.1, "binary prefixes throughout"
                )
        else:
            long = node.unit[0] + "i" + node.unit[1:]
            sentence = f"each {node.unit} of the inputs counted as a {long}, 1024^{step} bytes"
            yield Reading("binary-units", "binary", evidence.value * 1.024**step, 0.08, sentence)


def bits_for_bytes(evidence: Evidence) -> Readings:
    """Readings of bits printed as bytes, or the other way."""
    if evidence.dimension not in (units.DATA, units.RATE):
        return
    if _BITS.search(evidence.claim.stated.unit):
        yield Reading(
            "bits-for-bytes", "bits", evidence.value / 8, 0.1, "bytes printed as bits", remedy="write the unit with `B`"
        )
    else:
        usual = 0.06 if any(_BITS.search(node.unit) for node in evidence.inputs) else 0.01
        yield Reading(
            "bits-for-bytes",
            "bits",
            evidence.value * 8,
            usual,
            "bits printed as bytes",
            remedy="write the unit with `b`",
        )


def direction(evidence: Evidence) -> Readings:
    """Readings with both directions of each link counted in place of one, or the other way."""
    if evidence.rests_on(units.RATE):
        usual = 0.15 if evidence.dimension else 0.03
        yield Reading(
            "both-directions",
            "direction",
            evidence.value * 2,
            usual,
            "both directions of each link counted",
            remedy="claim the `.bidirectional` bandwidth",
        )
        yield Reading(
            "one-direction", "direction", evidence.value / 2, usual * 2 / 3, "one direction of each link counted"
        )


def sparsity(evidence: Evidence) -> Readings:
    """Readings with sparse rates in place of dense ones, or the other way: as stated, else twice and half."""
    if not evidence.rests_on(COMPUTE):
        return
    usual = 0.25 if evidence.dimension else 0.06
    whole, chips = _other_sparsity(evidence)
    if any(node.label.startswith("peak.sparse.") for node in evidence.nodes):
        word, factor, sentence, remedy = "dense", 0.5, "dense rates, without sparsity", "claim the dense rate, `peak.…`"
    else:
        word, factor, sentence = "sparse", 2.0, "rates with structured sparsity"
        remedy = "claim the sparse rate, `peak.sparse.…`"
    for chosen in [whole, *chips] if len(chips) > 1 else chips:
        value, words = reading(evidence.derived, chosen).middle, f"{sentence}, as the source of the chip states them"
        yield Reading(word, "compute", value, usual, words, remedy=remedy)
    if chips:
        return
    words = (
        f"{sentence}, taken as {factor:g} times the others" if evidence.dimension else "one side counted with sparsity"
    )
    for times in (factor,) if evidence.dimension else (2.0, 0.5):
        yield Reading(word, "compute", evidence.value * times, usual / 3, words)


def _other_sparsity(evidence: Evidence) -> tuple[dict[Quantity, Bounds], list[dict[Quantity, Bounds]]]:
    """Sparse rates to put in place of dense ones, or the other way: for all chips at once, and for each chip alone."""
    whole: dict[Quantity, Bounds] = {}
    chips: dict[Declaration, dict[Quantity, Bounds]] = {}
    for node, path, owner in evidence.peaks():
        other = path.removeprefix("sparse.") if path.startswith("sparse.") else f"sparse.{path}"
        stated = evidence.desk.field(owner, f"peak.{other}") if evidence.desk else None
        if stated is not None:
            whole[node] = chips.setdefault(owner, {})[node] = reading(stated, {})
    return whole, list(chips.values())


def dies(evidence: Evidence) -> Readings:
    """Readings with dies counted as packages, or the figure of one die taken for that of the package."""
    for number in evidence.desk.dies(evidence.claim) if evidence.desk else ():
        if not evidence.dimension:
            sentence = f"dies counted, {number:g} to a package"
            yield Reading("dies", "dies", evidence.value * number, 0.1, sentence, remedy="count them: `sum(….dies)`")
        sentence = (
            f"the share of one die of {number:g}"
            if evidence.dimension
            else f"one side counted in dies, {number:g} to a package"
        )
        yield Reading("dies", "dies", evidence.value / number, 0.06, sentence)


def part_for_total(evidence: Evidence) -> Readings:
    """Readings with the figure of one part given as that of the whole."""
    if evidence.dimension:
        # shared out: with many counts some quotient would fit any figure
        usual = 0.06 / max(1, len(evidence.counts))
        for number in evidence.counts:
            yield Reading("per-part", "part", evidence.value / number, usual, f"the figure of one of {number:,.0f}")


def thousand(evidence: Evidence) -> Readings:
    """Readings with the prefix slipped by one step."""
    if evidence.dimension:
        yield Reading("factor-1000", "thousand", evidence.value * 1000, 0.03, "a prefix too high by one step")
        yield Reading("factor-1000", "thousand", evidence.value / 1000, 0.03, "a prefix too low by one step")


def precision(evidence: Evidence) -> Readings:
    """Readings with another precision of the same chips."""
    if not evidence.desk or not evidence.rests_on(COMPUTE):
        return
    peaks = list(evidence.peaks())
    for name in units.PRECISIONS if peaks else ():
        chosen: dict[Quantity, Bounds] = {}
        for node, path, owner in peaks:
            prefix = "sparse." if path.startswith("sparse.") else ""
            stated = evidence.desk.field(owner, f"peak.{prefix}{name}") if path != prefix + name else None
            if stated is not None:
                chosen[node] = reading(stated, {})
        if chosen:
            value = reading(evidence.derived, chosen).middle
            yield Reading("precision", "compute", value, 0.02 if evidence.dimension else 0.01, f"the rate in {name}")


def variant(evidence: Evidence) -> Readings:
    """Readings with another variant of a part: another bin, another data sheet, its neighbour in the family."""
    desk = evidence.desk
    if desk is None or evidence.derived is not evidence.claim.derived:
        return
    pairs = [(old, *choice) for old in desk.parts(evidence.claim) for choice in desk.variants(old)]
    for old, new, apart in pairs:
        # less for each when there are many: among enough neighbours one fits by chance
        usual = (COPY / apart if apart else NEIGHBOUR) / sum((p[2] > 0) == (apart > 0) for p in pairs) ** 0.5
        if not (apart or evidence.dimension):
            usual *= NEIGHBOUR
        derived = desk.instead(evidence.claim, old, new)
        if derived is not None and derived.dimension == evidence.derived.dimension:
            value = reading(derived, {}).middle
            if value != evidence.value:
                yield Reading(
                    "variant",
                    "variant",
                    value,
                    usual,
                    f"`{new.name}` in place of `{old.name}`",
                    derived,
                    f"claim it of `{new.name}`",
                )


HYPOTHESES: tuple[Callable[[Evidence], Readings], ...] = (
    binary_steps,
    sparsity,
    direction,
    binary_inputs,
    dies,
    bits_for_bytes,
    part_for_total,
    variant,
    thousand,
    precision,
)
"""All hypotheses, from common to rare. Each yields nothing for figures that it does not apply to."""
ALONE = ("part", "thousand")
"""Groups left out of pairs: their readings reach so many values that with another they would explain anything."""


def readings(evidence: Evidence) -> Readings:
    """Readings of a figure by one mistake, the positive and finite ones."""
    for hypothesis in HYPOTHESES:
        for found in hypothesis(evidence):
            if math.isfinite(found.value) and found.value > 0:
                yield found


def pairs(evidence: Evidence, single: list[Reading]) -> Readings:
    """Readings of a figure by two mistakes of different groups, the second applied to the result of the first."""
    for first in single:
        if first.group in ALONE:
            continue
        changed = Evidence(evidence.claim, first.derived, evidence.desk) if first.derived is not None else None
        for second in readings(changed) if changed else single:
            if second.group in (*ALONE, first.group, "variant"):
                continue
            # factors commute, so each pair is met once; a variant only comes first, where its own figure can be read on
            if changed is None and (first.group > second.group or "variant" in (first.group, second.group)):
                continue
            value = second.value if changed else first.value * second.value / evidence.value
            words = f"{first.name} + {second.name}", f"{first.sentence}, and {second.sentence}"
            yield Reading(words[0], "pair", value, BOTH * first.prior * second.prior, words[1])


def belief(found: Reading, figure: Printed, derived: float) -> float:
    """Bayes factor of a reading against chance: above 1 it is accepted, 0 means that it does not fit the figure.

    `derived` is the derived figure in base units. Figures wrong for another reason are taken to scatter around it with
    a Laplace density in the logarithm of the ratio: small mistakes are likelier than large ones.
    """
    band = figure.agrees(found.value)
    if not band or not derived:
        return 0.0
    # density of a unit Laplace, 0.5 exp(-|x|), times the width of the window
    luck = OTHERWISE * 0.5 * math.exp(-abs(math.log(figure.value / derived))) * band
    return found.prior / luck


def explanation(claim: Claim, figure: Printed, desk: Desk | None) -> Reading | None:
    """The reading that explains a claim best, one mistake before two; None when none is more likely than chance."""
    evidence = Evidence(claim, claim.derived, desk)
    if not (evidence.value > 0 and figure.value > 0 and math.isfinite(evidence.value)):
        return None
    single = list(readings(evidence))
    for offered in (single, pairs(evidence, single)):
        believed = [(belief(found, figure, evidence.value), found) for found in offered]
        best = max(believed, key=lambda pair: pair[0], default=(0.0, None))
        if best[0] > 1.0:
            return best[1]
    return None
