"""What a compiler's answer is worth beside what is true: right, wide, absent, or wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.judge.asked import HEADLINES, Answer, Said, SaidOfNetwork
from tests.judge.cut import Ends, Patience
from tests.judge.instances import Expansion
from tests.judge.model import Design
from tests.judge.traffic import network_traffic, whole_traffic
from tests.judge.truth import Judged, NetworkTruth, Reading, Truth

TOLERANCE = 1e-6
OTHER_READINGS = (
    Reading(tie="direct"),
    Reading(network_weight="accelerators"),
    Reading(network_parts="named"),
    Reading(network_weight="accelerators", network_parts="named"),
    Reading(without_chips="linked"),
)


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
        if over and "C0605" in answer.why:
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
    for path, instances in judged.networks.items():
        found += _network(path, answer.networks.get(path), instances, judged, others)
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


def _network(
    path: str,
    said: SaidOfNetwork | None,
    instances: list[NetworkTruth],
    judged: Judged,
    readings: list[Judged],
) -> list[Verdict]:
    """The verdicts on one network. Where its instances differ, what is true of one of them is right."""
    if said is None:
        return [Verdict(f"{path}", "absent", "the network is not in the report", "network")]
    first, others = instances[0], [each.networks[path] for each in readings]
    found = [
        _bisection(
            f"{path}.bisection",
            "network bisection",
            said.bisection,
            _hull([each.bisection for each in instances]),
            [_hull([each.bisection for each in other]) for other in others],
        )
    ]
    for name in ("count", "endpoints", "switches", "links", "cables"):
        right = {getattr(each, name) for each in instances}
        also = {getattr(each, name) for other in others for each in other}
        found.append(_equal(f"{path}.{name}", f"network {name}", getattr(said, name), right, also))
    if said.injection is None:
        result = "rightly absent" if not first.endpoints else "absent"
        found.append(Verdict(f"{path}.injection", result, "", "network injection"))
    elif len(instances) == 1:
        near = all(_near(one, other) for one, other in zip(said.injection, first.injection, strict=True))
        told = f"{said.injection} is said, {first.injection} is right"
        found.append(Verdict(f"{path}.injection", "exact" if near else "WRONG", told, "network injection"))
    if len(instances) == 1 and first.oversubscription is not None:
        found.append(_over(path, said.oversubscription, first.oversubscription))
    if len(instances) == 1:
        found += _network_traffic(path, said, first, judged, readings)
    return found


def _network_traffic(
    path: str, said: SaidOfNetwork, network: NetworkTruth, judged: Judged, readings: list[Judged]
) -> list[Verdict]:
    """What its endpoints can send at once."""
    truths = network_traffic(judged, network.wired)
    others = [network_traffic(each, network.wired) for each in readings]
    found = []
    for at, (name, told) in enumerate((("all to all", said.all_to_all), ("worst permutation", said.permutation))):
        truth, also = truths[at], [truth for other in others if (truth := other[at]) is not None]
        if truth is not None:
            one = _bisection(f"{path} {name}", f"network {name}", told, truth, also)
            unknown = one.result == "WRONG" and len(also) < len(others)
            found.append(replace(one, result="reading") if unknown else one)
    return found


def _headlines(answer: Answer, judged: Judged) -> list[Verdict]:
    """Verdicts on what can be sent over the whole, where the compiler has such figures."""
    found = []
    for name, truth in zip(HEADLINES, whole_traffic(judged), strict=True):
        low, high = answer.figures.get(f"{name}.low"), answer.figures.get(f"{name}.high")
        said = Said("absent" if high is None else "bounds", low, high)
        if truth is not None:
            found.append(Verdict(name, *compared(said, truth), name))
    return found


def _over(path: str, said: float | None, right: float) -> Verdict:
    told = f"{said} is said, {right:g} is right"
    result = "absent" if said is None else "exact" if _near(said, right) else "WRONG"
    return Verdict(f"{path}.oversubscription", result, told, "oversubscription")


def _hull(truths: list[Truth]) -> Truth:
    """What holds any of some truths."""
    known = [each for each in truths if not each.absent]
    if not known:
        return truths[0]
    lows = [each.low for each in known if each.low]
    highs = [each.high for each in known if each.high]
    if len(known) == 1:
        return known[0]
    return Truth(
        Ends(min(each.low for each in lows), max(each.high for each in lows)),
        Ends(min(each.low for each in highs), max(each.high for each in highs)),
        open_ends=all(each.open_ends for each in known),
    )


def _count(name: str, said: float | None, right: int) -> Verdict:
    if said is None:
        return Verdict(name, "absent", "", f"count of {name}")
    return _equal(name, f"count of {name}", said, {right})


def _equal(
    figure: str, subject: str, said: float, right: set[int], also: set[int] | frozenset[int] = frozenset()
) -> Verdict:
    told = f"{said:g} is said, {' or '.join(str(each) for each in sorted(right))} is right"
    result = "exact" if said in right else "reading" if said in also else "WRONG"
    return Verdict(figure, result, told, subject)


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
