"""What a compiler's answer is worth beside what is true: right, wide, absent, or wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.judge.asked import Answer, Said, SaidOfNetwork
from tests.judge.cut import Ends, Patience
from tests.judge.instances import Expansion, Wired
from tests.judge.model import Design
from tests.judge.text import ASKED
from tests.judge.traffic import network_traffic, whole_traffic
from tests.judge.truth import Judged, NetworkTruth, Reading, Truth

TOLERANCE = 1e-6
OTHER_READINGS = (Reading(tie="cpu"),)
UNLIKE = re.compile(r"\[([0-9]+)\]")
"""The place of a part in the name of a network whose owners are unlike: `racks[1].plane`."""
MOST_UNLIKE = 4
"""Networks of one row that are judged, where the judge sees differences that the compiler does not name."""


@dataclass(frozen=True)
class Verdict:
    """One figure of one design.

    `result` is `exact` (both ends are those of the truth), `bounds` (they hold it), `absent` (there is none), `rightly
    absent`, `unjudged` (the truth is not known), `reading` (right if the language is read in another way) or `WRONG`.
    """

    figure: str
    result: str
    detail: str = ""
    subject: str = ""
    """What kind of figure: `whole`, `network bisection`, `links`, …"""


def verdicts(design: Design, answer: Answer, patience: Patience = Patience()) -> list[Verdict]:
    """The verdicts on all figures of an answer, or one on the answer as a whole."""
    over = "ports do not suffice" in design.notes
    if answer.kind == "refused":
        if over and ("C0605" in answer.why or "C0601" in answer.why):
            return [Verdict("design", "rightly refused", answer.why, "design")]
        result = "refused (ports are split)" if "ports are split" in design.notes else "REFUSED"
        return [Verdict("design", result, answer.why, "design")]
    if answer.kind != "fine":
        return [Verdict("design", answer.kind.upper(), answer.why, "design")]
    if over:
        return [Verdict("design", "ACCEPTED", "ports do not suffice, and nothing was said", "design")]
    expansion = Expansion(design)
    judged = Judged(expansion, patience=patience)
    others = [Judged(expansion, reading, patience) for reading in OTHER_READINGS]
    found = [
        _bisection("whole", "whole", answer.whole, judged.whole, [each.whole for each in others]),
        _bisection(
            "without_scale_up",
            "without scale-up",
            answer.without_scale_up,
            judged.without_scale_up,
            [each.without_scale_up for each in others],
        ),
    ]
    for path, wireds in judged.networks.items():
        found += _networks(path, answer, wireds, judged)
    found += [_count(name, answer.figures.get(name), number) for name, number in judged.counts.items()]
    return found + _headlines(answer, judged)


def _bisection(figure: str, subject: str, said: Said | None, truth: Truth, others: list[Truth]) -> Verdict:
    result, detail = compared(said, truth)
    if result == "WRONG" and any(compared(said, other)[0] in ("exact", "bounds", "rightly absent") for other in others):
        result = "reading"
    return Verdict(figure, result, detail, subject)


def compared(said: Said | None, truth: Truth) -> tuple[str, str]:
    """A bisection beside the truth: the result, and what to say of it."""
    if said is None:
        return "absent", "not in the report"
    if said.status == "absent" or (said.lower is None and said.upper is None):
        if said.lower is not None and truth.low and said.lower > truth.low.high * (1 + TOLERANCE):
            return "WRONG", f"absent, but at least {said.lower:g} is said, {_shown(truth)} is right"
        return ("rightly absent" if truth.absent else "absent"), said.reason
    told = f"{said.status} {_end(said.lower)} to {_end(said.upper)} is said, {_shown(truth)} is right; {said.method}"
    if truth.absent:
        return "WRONG", told
    assert truth.low and truth.high
    if said.lower is not None and said.lower > truth.low.high * (1 + TOLERANCE) + TOLERANCE:
        return "WRONG", told
    if said.upper is not None and said.upper < truth.high.low * (1 - TOLERANCE) - TOLERANCE:
        return "WRONG", told
    if truth.open_ends and said.status == "exact":
        return "WRONG", f"exact where the outside may add; {told}"
    if said.lower is None or said.upper is None:
        return "bounds", told
    if not (truth.low.met and truth.high.met):
        return "unjudged", told
    tight = _near(said.lower, truth.low.high) and _near(said.upper, truth.high.high)
    return ("exact" if tight else "bounds"), told


def _networks(path: str, answer: Answer, wireds: list[Wired], judged: Judged) -> list[Verdict]:
    """The verdicts on the networks of one path: a row for all, or one for each kind of unlike owners."""
    rows = {name: said for name, said in answer.networks.items() if UNLIKE.sub("", name) == path}
    if not rows:
        return [Verdict(path, "absent", "the network is not in the report", "network")]
    told = sum(said.count for said in rows.values())
    found = [_equal(f"{path}.count", "network count", told, len(wireds))]
    for name, said in rows.items():
        meant = [wired for wired in wireds if _is_owner(name, wired)]
        if not meant:
            return [*found, Verdict(name, "WRONG", "there is no such network", "network")]
        unlike = judged.different(meant[:1] if name != path else meant)
        found += [verdict for truth in unlike[:MOST_UNLIKE] for verdict in _network(name, said, truth, judged)]
    return found


def _is_owner(name: str, wired: Wired) -> bool:
    """Whether a network is of the owner that a row names."""
    picks = [UNLIKE.search(part) for part in name.split(".")[:-1]]
    return all(pick is None or int(pick[1]) == place for pick, place in zip(picks, wired.owner, strict=True))


def _network(path: str, said: SaidOfNetwork, truth: NetworkTruth, judged: Judged) -> list[Verdict]:
    """The verdicts on one network."""
    found = [_bisection(f"{path}.bisection", "network bisection", said.bisection, truth.bisection, [])]
    for name in ("endpoints", "switches", "links", "cables"):
        found.append(_equal(f"{path}.{name}", f"network {name}", getattr(said, name), getattr(truth, name)))
    if said.injection is None:
        result = "rightly absent" if not truth.endpoints else "absent"
        found.append(Verdict(f"{path}.injection", result, "", "network injection"))
    else:
        near = all(_near(one, other) for one, other in zip(said.injection, truth.injection, strict=True))
        told = f"{said.injection} is said, {truth.injection} is right"
        found.append(Verdict(f"{path}.injection", "exact" if near else "WRONG", told, "network injection"))
    if truth.oversubscription is not None:
        found.append(_over(path, said.oversubscription, truth.oversubscription))
    pairs = (("all to all", said.all_to_all), ("worst permutation", said.permutation))
    for (name, told_of), right in zip(pairs, network_traffic(judged, truth.wired), strict=True):
        if right is not None:
            found.append(_bisection(f"{path} {name}", f"network {name}", told_of, right, []))
    return found


def _headlines(answer: Answer, judged: Judged) -> list[Verdict]:
    """Verdicts on what can be sent over the whole, where the compiler has such figures."""
    found = []
    for name, truth in zip(ASKED.values(), whole_traffic(judged), strict=True):
        low, high = answer.figures.get(f"{name}.low"), answer.figures.get(f"{name}.high")
        said = Said("absent" if high is None else "bounds", low, high)
        if truth is not None:
            found.append(Verdict(name, *compared(said, truth), name))
    return found


def _over(path: str, said: float | None, right: float) -> Verdict:
    told = f"{said} is said, {right:g} is right"
    result = "absent" if said is None else "exact" if _near(said, right) else "WRONG"
    return Verdict(f"{path}.oversubscription", result, told, "oversubscription")


def _count(name: str, said: float | None, right: int) -> Verdict:
    if said is None:
        return Verdict(name, "absent", "", f"count of {name}")
    return _equal(name, f"count of {name}", said, right)


def _equal(figure: str, subject: str, said: float, right: int) -> Verdict:
    return Verdict(figure, "exact" if said == right else "WRONG", f"{said:g} is said, {right} is right", subject)


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE * max(1, abs(other))


def _end(value: float | None) -> str:
    return "?" if value is None else f"{value:.6g}"


def _shown(truth: Truth) -> str:
    if truth.absent:
        return f"absent ({truth.absent})"
    assert truth.low and truth.high
    return " to ".join(dict.fromkeys(_known(ends) for ends in (truth.low, truth.high)))


def _known(ends: Ends) -> str:
    return _end(ends.low) if ends.met else f"[{_end(ends.low)}, {_end(ends.high)}]"
