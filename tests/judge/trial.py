"""One design from its seed to its verdicts."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from tests.judge.asked import GB, Answer, Said
from tests.judge.cut import Patience
from tests.judge.designs import drawn
from tests.judge.instances import Expansion
from tests.judge.model import Design
from tests.judge.text import written
from tests.judge.truth import NATURAL, Judged, Truth
from tests.judge.variants import variants
from tests.judge.verdicts import OTHER_READINGS, TOLERANCE, Verdict, compared, verdicts

Ask = Callable[[str], Answer]
Query = Callable[[str, str], float | str]

GRAVE = ("WRONG", "REFUSED", "ACCEPTED", "CRASHED", "SLOW", "FULL")
"""Results that are findings."""
WHOLE_CUTS = ("cut({many})", "figures.cut({many})")
NETWORK_CUTS = ("{network}.cut({many})", "cut({network}, {many})")
"""How the least cut with so many accelerators on one side may be asked for."""


@dataclass(frozen=True)
class Trial:
    """What became of one design."""

    seed: int
    size: str
    notes: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    seconds: float
    judging: float

    @property
    def findings(self) -> tuple[Verdict, ...]:
        """Verdicts that say that something is at fault."""
        return tuple(verdict for verdict in self.verdicts if verdict.result in GRAVE)


def tried(
    seed: int, ask: Ask, patience: Patience, size: str = "", share: float = 0, query: Query | None = None
) -> Trial:
    """The trial of a seed. In a `share` of the designs one is also asked for as another writing of the same links."""
    design = drawn(seed, size)
    answer = ask(written(design, asks=True))
    start = time.perf_counter()
    found = verdicts(design, answer, patience)
    if Random(seed + 1).random() < share:
        found += rewritten(design, answer, ask, Random(seed))
    if query is not None and answer.kind == "fine" and "ports do not suffice" not in design.notes:
        found += cuts(design, query, patience)
    return Trial(seed, size, design.notes, tuple(found), answer.seconds, time.perf_counter() - start)


# ---- other writings -----------------------------------------------------------------------------------------


def rewritten(design: Design, answer: Answer, ask: Ask, rng: Random) -> list[Verdict]:
    """Whether another writing of a design has the same bisections."""
    if answer.kind != "fine" or design.notes:
        return []
    made = list(variants(design, rng))
    if not made:
        return []
    name, variant = rng.choice(made)
    other = ask(written(variant))
    if other.kind != "fine":
        return [Verdict("variant", other.kind.upper(), f"{name}: {other.why}", "variant")]
    pairs = (
        ("whole", answer.whole, other.whole),
        ("without_scale_up", answer.without_scale_up, other.without_scale_up),
    )
    return [_agreeing(name, figure, one, two) for figure, one, two in pairs]


def _agreeing(name: str, figure: str, one: Said | None, two: Said | None) -> Verdict:
    """A figure of two writings: the same, or intervals that meet."""
    if one is None or two is None or "absent" in (one.status, two.status):
        same = (one is None or one.status == "absent") == (two is None or two.status == "absent")
        return Verdict(figure, "exact" if same else "absent", f"{name}: absent in one writing", "variant")
    low = max(end for end in (one.lower, two.lower, 0) if end is not None)
    high = min(end for end in (one.upper, two.upper, float("inf")) if end is not None)
    told = (
        f"{name}: {one.status} {one.lower} to {one.upper} as drawn, {two.status} {two.lower} to {two.upper} rewritten"
    )
    same = one.lower == two.lower and one.upper == two.upper
    meet = low <= high * (1 + TOLERANCE) + TOLERANCE
    return Verdict(figure, "exact" if same else "bounds" if meet else "WRONG", told, "variant")


# ---- cuts at other sizes ------------------------------------------------------------------------------------


def cut_forms(query: Query) -> tuple[str, str]:
    """The first ways that the compiler knows to ask for a cut of the whole and of a network; "" where it knows none."""
    text = "edition 2026\nchip C { tdp = 1 W }\nlink L { rate = 1 GB/s }\nnode N {\n  c = 4 of C\n"
    text += "  network f { connect c by ring() with 1 of L }\n}\n"

    def known(form: str) -> bool:
        return isinstance(query(text, form.format(many=1, network="f")), float)

    return next(filter(known, WHOLE_CUTS), ""), next(filter(known, NETWORK_CUTS), "")


def cuts(design: Design, query: Query, patience: Patience) -> list[Verdict]:
    """The least cuts with one, and with a third, of the accelerators on one side, of the whole and of each network."""
    of_whole, of_network = cut_forms(query)
    text = written(design)
    expansion = Expansion(design)
    readings = [Judged(expansion, reading, patience) for reading in (NATURAL, *OTHER_READINGS)]
    found = []
    for many in sorted({1, len(readings[0].weighing) // 3} - {0}):
        asked = query(text, of_whole.format(many=many)) if of_whole else "not known"
        truths = (judged.truth_of(judged.carrying, many) for judged in readings)
        found += _cut_verdict(f"cut({many})", "cut(m)", asked, truths)
    for path, wireds in readings[0].networks.items():
        many = len(readings[0].network_weights(wireds[0])) // 3
        if len(wireds) == 1 and many:
            asked = query(text, of_network.format(many=many, network=path)) if of_network else "not known"
            truths = (judged.network_cut(judged.networks[path][0], many) for judged in readings)
            found += _cut_verdict(f"{path} cut({many})", "network cut(m)", asked, truths)
    return found


def _cut_verdict(figure: str, subject: str, asked: float | str, truths: Iterator[Truth]) -> list[Verdict]:
    """The verdict on one value, by the natural reading and then by others; none where both ends of the truth differ, since
    one value cannot be both."""
    truth = next(truths)
    if truth.low != truth.high:
        return []
    exact = isinstance(asked, float)
    said = Said("exact", asked / GB, asked / GB) if exact else Said("absent", None, None, asked)
    result, why = compared(said, truth)
    if result == "WRONG" and any(compared(said, other)[0] == "exact" for other in truths):
        result = "reading"
    return [Verdict(figure, result, why, subject)]


# ---- what findings have in common ---------------------------------------------------------------------------


def kind_of(verdict: Verdict) -> str:
    """A finding without its names and numbers, so that like ones can be counted."""
    detail = verdict.detail
    if verdict.result == "WRONG" and "is said" in detail:
        said, _, method = detail.partition(" is right")
        right = re.search(r"absent \([^)]*\)", said)
        detail = f"{said.split()[0] if said[0].isalpha() else 'number'} said, {right[0] if right else 'another'} right"
        detail += f"; {method.lstrip('; ')}" if verdict.subject in ("whole", "without scale-up") else ""
    detail = re.sub(r"`[^`]*`", "`…`", detail)
    detail = re.sub(r"[0-9]+(\.[0-9]+)?", "#", detail)
    return f"{verdict.subject}: {verdict.result}: {detail[:140]}"


def plain(verdict: Verdict) -> Verdict:
    """A verdict on one line."""
    return replace(verdict, detail=" ".join(verdict.detail.split()))
