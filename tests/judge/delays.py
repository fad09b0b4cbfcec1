"""Latencies of the networks of a design, pair by pair: the least sum of the links and switches on a way."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping
from math import inf
from random import Random

from tests.judge.instances import OUTSIDE, Expansion, Wired
from tests.judge.model import Design
from tests.judge.text import written

Delays = Mapping[str, tuple[float, float] | None]
"""Delay of each link and switch by its name, ns, at least and at most; None where it says nothing."""


def drawn_delays(design: Design, rng: Random) -> Delays:
    """Delays for all links and switches of a design: certain, uncertain and unsaid ones."""
    names = [link.name for link in design.links]
    names += [decl.name for decl in design.decls if decl.kind == "switch"]
    is_silent, is_wide = rng.random() < 0.4, rng.random() < 0.5
    return {name: _delay(rng, is_silent, is_wide) for name in names}


def _delay(rng: Random, is_silent: bool, is_wide: bool) -> tuple[float, float] | None:
    if is_silent and rng.random() < 0.4:
        return None
    low = float(rng.choice((1, 2, 3, 5, 8, 20, 50)))
    return low, low + (rng.choice((0, 1, 4, 30)) if is_wide else 0)


def written_with(design: Design, delays: Delays) -> str:
    """The text of a design whose links and switches state their delays."""
    text = written(design)
    for name, delay in delays.items():
        if delay is not None:
            shown = f"{delay[0]:g} ns" if delay[0] == delay[1] else f"{delay[0]:g} to {delay[1]:g} ns"
            for kind in ("link", "switch"):
                text = text.replace(f"{kind} {name} {{", f"{kind} {name} {{ latency = {shown};")
    return text


def pairwise_delays(expansion: Expansion, wired: Wired, delay: Mapping[str, float]) -> list[float]:
    """The least delay of each ordered pair of endpoints of a network, infinite where they never meet."""
    near: dict[int, dict[int, float]] = defaultdict(dict)
    for cabled in wired.links:
        if cabled.right != OUTSIDE and cabled.factor:
            for one, other in ((cabled.left, cabled.right), (cabled.right, cabled.left)):
                step = delay[cabled.link] + _through(expansion, other, delay)
                near[one][other] = min(step, near[one].get(other, inf))
    ends = senders(expansion, wired)
    return [found.get(other, inf) for one in ends for found in [_from(one, near)] for other in ends if one != other]


def _through(expansion: Expansion, number: int, delay: Mapping[str, float]) -> float:
    one = expansion.instances[number]
    return delay[one.decl.name] if one.kind == "switch" else 0.0


def senders(expansion: Expansion, wired: Wired) -> list[int]:
    """The parts of a network that send: its chips, else its CPUs, else its NICs, else all that is no switch."""
    for kind in ("chip", "cpu", "nic"):
        found = [number for number in wired.named if expansion.instances[number].kind == kind]
        if found:
            return found
    return [number for number in wired.named if expansion.instances[number].kind != "switch"]


def _from(start: int, near: Mapping[int, Mapping[int, float]]) -> dict[int, float]:
    found: dict[int, float] = {}
    waiting = [(0.0, start)]
    while waiting:
        time, here = heapq.heappop(waiting)
        if here not in found and time < inf:
            found[here] = time
            for other, step in near.get(here, {}).items():
                heapq.heappush(waiting, (time + step, other))
    return found
