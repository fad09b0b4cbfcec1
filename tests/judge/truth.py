"""What is true of a design: bisections, networks and counts, from its instances and links alone.

The meaning is that of the language's documents and of the rules for what is left open:

- The whole is every network that carries accelerators' traffic: all but those of role management and storage.
- Chips are the accelerators; in a design without chips its CPUs, else its cards, else the parts that are linked.
- A card that a link leaves, and that no link inside its part joins to a chip, serves all chips of its part without
  limit; so does a part that is itself linked. Such hosts stand on one side, and are divided as evenly as can be.
- Links to `external` may meet outside. Where what is described joins all accelerators, the figure is that of it;
  otherwise it lies between that and the most that could pass by way of one vertex outside.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from tests.judge.cut import Ends, Patience, least, most_even
from tests.judge.graph import Graph, Groups, graph
from tests.judge.instances import OUTSIDE, Cabled, Expansion, Instance, Wired, is_part
from tests.judge.model import NOT_CARRYING

WEIGHING = ("chip", "cpu", "nic")
"""What is divided: the first of these kinds that a design has."""


@dataclass(frozen=True)
class Truth:
    """A figure's ends: at the least rates with what is described, at the most rates with what may be outside.

    `absent` is the reason why there is none. `open_ends` says that the outside could matter, so that it is not exact.
    """

    low: Ends | None = None
    high: Ends | None = None
    absent: str = ""
    open_ends: bool = False


@dataclass(frozen=True)
class Reading:
    """How what the documents leave open is read; the defaults are the natural ones."""

    tie: str = "inside"
    """`inside`: a card is described when links inside its part lead to an accelerator; `cpu`: or to a CPU."""


NATURAL = Reading()


@dataclass(frozen=True)
class NetworkTruth:
    """What is true of one network of one owner. None: not judged."""

    endpoints: int
    switches: int
    links: int
    cables: int
    injection: tuple[float, float]
    oversubscription: float | None
    bisection: Truth
    wired: Wired


class Judged:
    """What is true of an expanded design, worked out as it is asked for."""

    def __init__(self, expansion: Expansion, reading: Reading = NATURAL, patience: Patience = Patience()) -> None:
        self.expansion = expansion
        self.reading = reading
        self.patience = patience

    # ---- the whole ----------------------------------------------------------------------------------------

    @cached_property
    def weighing(self) -> list[int]:
        """The numbers of what is divided."""
        for kind in WEIGHING:
            found = self.expansion.of_kind(kind)
            if found:
                return found
        return sorted(
            {end for wired in self.expansion.networks for end in self._ends(wired) if not self._is_switch(end)}
        )

    @cached_property
    def carrying(self) -> list[Wired]:
        """The networks that carry accelerators' traffic."""
        return [wired for wired in self.expansion.networks if wired.role not in NOT_CARRYING]

    @cached_property
    def whole(self) -> Truth:
        """The bisection of the whole."""
        return self.truth_of(self.carrying)

    @cached_property
    def without_scale_up(self) -> Truth:
        """The same without networks of role scale-up."""
        return self.truth_of([wired for wired in self.carrying if wired.role != "scale-up"])

    def truth_of(self, networks: list[Wired], wanted: int | None = None) -> Truth:
        """The least cut of some networks over all accelerators; at halves, or with so many on one side."""
        ties = self.ties(networks)
        links = [cabled for wired in networks for cabled in wired.links]
        weights = self.blocks(ties)
        touched = {ties.of(end) for cabled in links for end in (cabled.left, cabled.right)}
        if not touched & set(weights):
            return Truth(absent="no link carries an accelerator")
        if len(weights) < 2:
            return Truth(absent="one host alone, whose inside is not described")
        return self._cut(weights, links, ties, wanted)

    def _cut(self, weights: dict[object, int], links: list[Cabled], ties: Groups, wanted: int | None) -> Truth:
        """The ends of a cut; what may be outside is one vertex more, at the upper one."""
        described = [cabled for cabled in links if cabled.right != OUTSIDE]
        outside = len(described) < len(links) and not _joined(weights, described, ties)
        try:
            low = self._least(weights, described, ties, False, wanted)
            high = self._least(weights, links if outside else described, ties, True, wanted)
        except ValueError:
            return Truth(absent="no division of that size")
        return Truth(low, high, open_ends=outside and not (low.met and high.met and abs(high.high - low.low) < 1e-9))

    def _least(
        self, weights: dict[object, int], links: list[Cabled], ties: Groups, high: bool, wanted: int | None
    ) -> Ends:
        made = self.drawn(weights, links, ties, high)
        return least(made, most_even(made.weights) if wanted is None else wanted, self.patience)

    def drawn(self, weights: dict[object, int], links: list[Cabled], ties: Groups, high: bool) -> Graph:
        """The graph of some links, tied things as one."""
        rate = self.expansion.rate
        return graph(weights, ((ties.of(one.left), ties.of(one.right), rate(one, high)) for one in links))

    def blocks(self, ties: Groups) -> dict[object, int]:
        """How many accelerators stand in each thing that cannot be divided."""
        weights: dict[object, int] = defaultdict(int)
        for number in self.weighing:
            weights[ties.of(number)] += 1
        return dict(weights)

    # ---- hosts whose inside is not described --------------------------------------------------------------

    def ties(self, networks: list[Wired]) -> Groups:
        """What counts as one: the chips of a part with the cards that serve it, or with the part where it is linked."""
        groups = Groups()
        divided = set(self.weighing)
        for number in {end for wired in networks for end in self._ends(wired)}:
            one = self.expansion.instances[number]
            host = one if is_part(one) else self._served(one) if one.kind == "nic" and number not in divided else None
            if host is not None:
                for inner in self.expansion.inside(host):
                    if inner.number in divided:
                        groups.join(number, inner.number)
        return groups

    def _served(self, card: Instance) -> Instance | None:
        """The part whose accelerators a card serves without a described way; None where there is one."""
        host = card.around
        divided = set(self.weighing)
        while host is not None and host.around is not None and host.kind == "node" and not self._holds(host, divided):
            host = host.around  # a tray of cards beside trays of chips
        if host is None or not self._holds(host, divided):
            return None
        return None if self._described(card, host, divided) else host

    def _holds(self, part: Instance, numbers: set[int]) -> bool:
        return any(inner.number in numbers for inner in self.expansion.inside(part))

    def _described(self, card: Instance, host: Instance, divided: set[int]) -> bool:
        """Whether links inside the host lead from a card to an accelerator."""
        inside = {inner.number for inner in self.expansion.inside(host)}
        groups = Groups()
        for wired in self.carrying:
            for cabled in wired.links:
                if {cabled.left, cabled.right} <= inside:
                    groups.join(cabled.left, cabled.right)
        cpus = {inner for inner in inside if self.expansion.instances[inner].kind == "cpu"}
        goal = divided | (cpus if self.reading.tie == "cpu" else set())
        return any(groups.of(number) == groups.of(card.number) for number in goal & inside)

    # ---- networks -----------------------------------------------------------------------------------------

    @cached_property
    def networks(self) -> dict[str, list[Wired]]:
        """The networks of each path, one for each owner."""
        by_path: dict[str, list[Wired]] = defaultdict(list)
        for wired in self.expansion.networks:
            by_path[wired.path].append(wired)
        return by_path

    def different(self, wireds: list[Wired]) -> list[NetworkTruth]:
        """What is true of some networks, once for each that differs by more than the numbers of its parts."""
        return [self.network(wired) for wired in {self._mark(wired): wired for wired in reversed(wireds)}.values()]

    def _mark(self, wired: Wired) -> object:
        """The links of a network with its parts numbered as they come: equal for like instances."""
        number: dict[int, int] = {OUTSIDE: OUTSIDE}
        return tuple(
            (
                number.setdefault(one.left, len(number)),
                number.setdefault(one.right, len(number)),
                one.link,
                one.count,
                one.factor,
            )
            for one in wired.links
        ), tuple(sorted(number.setdefault(named, len(number)) for named in sorted(wired.named)))

    def network(self, wired: Wired) -> NetworkTruth:
        """What is true of one network."""
        ends = self._parts(wired)
        endpoints = sorted(end for end in ends if not self._is_switch(end))
        return NetworkTruth(
            endpoints=len(endpoints),
            switches=len(ends) - len(endpoints),
            links=sum(one.count for one in wired.links),
            cables=_cables(wired),
            injection=(self._injection(wired, False), self._injection(wired, True)),
            oversubscription=self._narrowing(wired, endpoints),
            bisection=self.network_cut(wired),
            wired=wired,
        )

    def network_cut(self, wired: Wired, wanted: int | None = None) -> Truth:
        """The bisection of one network by itself, over its endpoints."""
        weights = self.network_weights(wired)
        if not weights or all(self._is_switch(end) for end in self._parts(wired)):
            return Truth(absent="no endpoints")
        if len(weights) < 2:
            return Truth(Ends(0, 0), Ends(0, 0))
        if all(one.right == OUTSIDE for one in wired.links):
            return replace(self._cut(weights, wired.links, Groups(), wanted), open_ends=True)
        return self._cut(weights, wired.links, Groups(), wanted)

    def network_weights(self, wired: Wired) -> dict[object, int]:
        """What is divided of a network: its chips, the CPUs of one without chips, else its cards, else its parts."""
        endpoints = sorted(end for end in self._parts(wired) if not self._is_switch(end))
        kinds = {self.expansion.instances[end].kind for end in endpoints}
        kind = next((each for each in WEIGHING if each in kinds), "")
        return {end: 1 for end in endpoints if not kind or self.expansion.instances[end].kind == kind}

    def _injection(self, wired: Wired, high: bool) -> float:
        """What all endpoints together send into a network: the rates of the links at each."""
        rates = 0.0
        for one in wired.links:
            ends = [end for end in (one.left, one.right) if end != OUTSIDE and not self._is_switch(end)]
            rates += len(ends) * self.expansion.rate(one, high)
        return rates

    def _narrowing(self, wired: Wired, endpoints: list[int]) -> float | None:
        """The oversubscription: the worst switch's rates from below over those upwards, 1 where none narrows.

        A switch stands one tier above the nearest tier it is linked to; endpoints are the lowest. None where that is no
        order of tiers (links within a tier or out of the design, only some of a tier with a way up), without endpoints,
        and where rates are uncertain.
        """
        if not endpoints or any(one.right == OUTSIDE for one in wired.links):
            return None
        if any(self.expansion.rate(one, False) != self.expansion.rate(one, True) for one in wired.links):
            return None
        tier = _tiers(wired, [end for end in endpoints if end in self._ends(wired)])
        down: dict[int, float] = defaultdict(float)
        up: dict[int, float] = defaultdict(float)
        for one in wired.links:
            if one.left not in tier:
                return None
            low, high = sorted((one.left, one.right), key=tier.__getitem__)
            if tier[low] == tier[high] != 0:
                return None
            if tier[low] != tier[high]:
                down[high] += self.expansion.rate(one, False)
                up[low] += self.expansion.rate(one, False)
        rising = {tier[at] for at in up}
        if any(at not in up and tier[at] in rising for at in down):
            return None
        return max([1.0, *(down[at] / up[at] for at in down if at in up)])

    def _ends(self, wired: Wired) -> set[int]:
        return {end for one in wired.links for end in (one.left, one.right)} - {OUTSIDE}

    def _parts(self, wired: Wired) -> set[int]:
        """What counts as in a network: all that its connects name, and the switches they make."""
        return self._ends(wired) | wired.named

    def _is_switch(self, number: int) -> bool:
        return self.expansion.instances[number].kind == "switch"

    # ---- counts -------------------------------------------------------------------------------------------

    @cached_property
    def counts(self) -> dict[str, int]:
        """What is counted over the whole design."""
        chips = {"accelerators": len(self.expansion.chips)} if self.expansion.chips else {}
        return {
            **chips,
            "switches": len(self.expansion.of_kind("switch")),
            "cpus": len(self.expansion.of_kind("cpu")),
            "nics": len(self.expansion.of_kind("nic")),
            "links": sum(one.count for wired in self.expansion.networks for one in wired.links),
            "cables": sum(map(_cables, self.expansion.networks)),
        }


def _cables(wired: Wired) -> int:
    return sum(-(-total // bundle) for bundle, total in _by_bundle(wired).items())


def _by_bundle(wired: Wired) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for one in wired.links:
        found[one.bundle] += one.count
    return found


def _tiers(wired: Wired, endpoints: list[int]) -> dict[int, int]:
    """How many links the nearest endpoint is away."""
    near: dict[int, set[int]] = defaultdict(set)
    for one in wired.links:
        near[one.left].add(one.right)
        near[one.right].add(one.left)
    tier = dict.fromkeys(endpoints, 0)
    waiting = list(endpoints)
    for at in waiting:
        for other in near[at] - tier.keys():
            tier[other] = tier[at] + 1
            waiting.append(other)
    return tier


def _joined(weights: dict[object, int], links: list[Cabled], ties: Groups) -> bool:
    """Whether links lead from every accelerator to every other."""
    groups = Groups()
    for one in links:
        groups.join(ties.of(one.left), ties.of(one.right))
    return len({groups.of(name) for name in weights}) == 1
