"""Whole designs drawn at random by a seed: parts in parts, several networks on several levels, joins, named topologies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from tests.judge import catalogue
from tests.judge.instances import Expansion
from tests.judge.model import (
    CONTAINERS,
    EXTERNAL,
    Connect,
    Decl,
    Design,
    Key,
    Link,
    Network,
    Shape,
    Slot,
    Unbuildable,
    used_only,
    without_connect,
)
from tests.judge.offers import Offer, joints, offers
from tests.judge.ports import with_ports
from tests.judge.shapes import UNNUMBERED, wiring


@dataclass(frozen=True)
class Size:
    """How large a class of designs is."""

    least: int
    most: int
    group: int
    """Most parts of a name."""
    links: int


SIZES = {
    "tiny": Size(2, 10, 3, 150),
    "small": Size(2, 18, 4, 400),
    "middle": Size(19, 40, 6, 1000),
    "large": Size(41, 400, 12, 12_000),
}

RATES = (1, 1, 1, 2, 2, 3, 4, 5, 8, 10, 2.5)
ROLES = (*[""] * 8, *["scale-out"] * 10, *["scale-up"] * 5, "host", "storage", "management")


def drawn(seed: int, size: str = "") -> Design:
    """The design of a seed. Without a size most are tiny and small, some of middle size."""
    rng = Random(seed)
    chosen = SIZES[size or rng.choice(["tiny"] * 5 + ["small"] * 4 + ["middle"])]
    while True:
        try:
            made = _pruned(Maker(Random(rng.random()), chosen).design(), chosen)
        except Unbuildable:
            continue
        if made is not None:
            return with_ports(made, rng)


def _pruned(design: Design, size: Size) -> Design | None:
    """The design without connects that cannot be; None where its size or its links are out of bounds."""
    while True:
        try:
            for place, decl in enumerate(design.decls):
                if decl.parameters:  # it has to stand by itself too, with its parameters as they are
                    Expansion(replace(design, decls=design.decls[: place + 1]), first=True)
            expansion = Expansion(design, most=4 * size.most + 400)
        except Unbuildable as error:
            if error.place is None:
                raise
            design = without_connect(design, *error.place)
            continue
        weighing = expansion.chips or expansion.of_kind("cpu") or expansion.of_kind("nic")
        links = sum(len(wired.links) for wired in expansion.networks)
        fits = size.least <= len(weighing) <= size.most and 0 < links <= size.links
        return design if fits and _numbered(design) else None


def _numbered(design: Design) -> bool:
    """Whether no topology of unknown numbering stands beside other networks."""
    families = [c.shape.family for d in design.decls for n in d.networks for c in n.connects if c.shape]
    connects = sum(len(network.connects) for decl in design.decls for network in decl.networks)
    complete = all(
        dict(c.shape.parameters)["r"] == dict(c.shape.parameters)["n"] - 1
        for d in design.decls
        for n in d.networks
        for c in n.connects
        if c.shape and c.shape.family == "jellyfish"
    )
    return connects == 1 or (not (set(families) & (UNNUMBERED - {"jellyfish"})) and complete)


# ---- drawing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class View:
    """What a declaration may link: all of it, its own switches, what is in its parts, and the names of those."""

    offers: list[Offer]
    own: list[Offer]
    below: list[Offer]
    groups: list[str]


class Maker:
    """One design in the making."""

    def __init__(self, rng: Random, size: Size) -> None:
        self.rng = rng
        self.size = size
        self.decls: list[Decl] = []
        self.links: dict[str, Link] = {}
        self.uncertain = rng.random() < 0.12
        self.weights = "chip" if rng.random() < 0.97 else rng.choice(["cpu", "nic"])
        self.alone = rng.random() < 0.07

    def chance(self, share: float) -> bool:
        """True in so great a share of the cases."""
        return self.rng.random() < share

    def design(self) -> Design:
        """A whole design; its ports are not settled yet."""
        for kind, name in (("chip", "C"), ("cpu", "P"), ("nic", "X"), ("switch", "S"), ("switch", "T")):
            self.decls.append(Decl(kind, name))
        for name, ports in catalogue.FIXED_PORTS.items():
            self.decls.append(Decl("switch", name, ports=ports, port_rate=1000))
        if self.alone:
            self._single()
        else:
            self._levels()
        return used_only(Design(tuple(self.decls), tuple(self.links.values())))

    def link(self) -> str:
        """The name of a kind of link, new or known."""
        if self.links and self.chance(0.3):
            return self.rng.choice(list(self.links))
        rate = self.rng.choice(RATES)
        spread = self.rng.choice([1.5, 2, 3]) if self.uncertain and self.chance(0.5) else 1
        for name, known in self.links.items():
            if (known.low, known.high) == (rate, rate * spread):
                return name
        name = f"L{len(self.links) + 1}"
        self.links[name] = Link(name, rate, rate * spread)
        return name

    # ---- one topology over all chips ----------------------------------------------------------------------

    def _single(self) -> None:
        special = [7, 8, 13, 14, 16, 18, 32]
        most = min(self.size.most, 40)
        count = self.rng.choice([n for n in special if n <= most] * 2 + list(range(2, most + 1)))
        leaf = {"chip": "C", "cpu": "P", "nic": "X"}[self.weights]
        slots = [Slot("c", count, leaf)]
        if self.chance(0.5):
            shape = catalogue.direct(self.rng, count, alone=True)
        else:
            shape = catalogue.switched(self.rng, count, "S", alone=True)
        if shape is None:
            raise Unbuildable("no topology of that size")
        connect = Connect(("c",), link=self.link(), links=self._several(), shape=shape)
        self.decls.append(Decl("node", "N", tuple(slots), (Network("f", (connect,), self._role()),)))

    # ---- levels -------------------------------------------------------------------------------------------

    def _levels(self) -> None:
        depth = self.rng.choice([0, 1, 1, 1, 2, 2, 3])
        if self.size.least > 18:
            depth = max(1, depth)
        kinds = sorted(self.rng.sample(range(1, 4), depth))
        below = [self._host(f"N{number}") for number in range(self.rng.choice([1, 1, 2]))]
        for height, kind in enumerate(kinds):
            last = height == depth - 1
            alike = 1 if last else self.rng.choice([1, 1, 2])
            below = [
                self._level(CONTAINERS[kind], f"{'RUV'[height]}{number}", below, height) for number in range(alike)
            ]
        if len(below) > 1:
            self._level("supercluster", "All", below, 3)

    def _role(self, inner: bool = False) -> str:
        if inner and self.chance(0.5):
            return "scale-up"
        return self.rng.choice(ROLES)

    def _several(self) -> int:
        return self.rng.choice([1, 1, 1, 1, 2, 2, 3])

    def _key(self, count: int, deep: bool) -> Key:
        """A key of parts of a name; `deep` where a part stands around that has a place of its own."""
        draws: list[Callable[[], Key]] = [
            Key,
            Key,
            Key,
            lambda: Key("div", self.rng.choice([2, 2, 3])),
            lambda: Key("mod", self.rng.choice([2, 2, 3])),
            lambda: Key("none", offset=self.rng.randint(0, 1)),
        ]
        if deep:
            draws += [
                lambda: Key("none", parent_factor=1),
                lambda: Key("index", parent_factor=self.rng.choice([1, count])),
                lambda: Key("none", parent_factor=1, up=2),
            ]
        return self.rng.choice(draws)()

    def _host(self, name: str) -> Decl:
        """A node with chips, and what may serve them."""
        rng, most = self.rng, self.size.group
        leaf = {"chip": "C", "cpu": "P", "nic": "X"}[self.weights]
        chips = rng.randint(1, most + 1)
        parameters: tuple[tuple[str, int], ...] = ()
        count: int | str = chips
        if self.chance(0.12):
            parameters, count = (("k", chips),), "k"
        slots = [Slot("c", count, leaf, (), self._keys(leaf, chips))]
        if self.chance(0.15):
            slots.append(Slot("d", rng.randint(1, most), leaf, (), self._keys(leaf, most)))
        if self.chance(0.45):
            hubs = rng.randint(1, 3)
            slots.append(Slot("h", hubs, "S", (), self._keys("S", hubs)))
        if self.chance(0.3) and self.weights == "chip":
            cards = rng.choice([1, 2, chips])
            slots.append(Slot("x", cards, "X", (), self._keys("X", cards)))
        if self.chance(0.15) and self.weights == "chip":
            slots.append(Slot("p", rng.randint(1, 2), "P"))
        if self.chance(0.2):
            tors = rng.randint(1, 2)
            slots.append(Slot("t", tors, "T", (), self._keys("T", tors)))
        decl = Decl("node", name, tuple(slots), (), parameters)
        self.decls.append(decl)
        return self._networked(decl, self._host_connects(decl), "n", inner=True)

    def _keys(self, leaf: str, count: int) -> tuple[tuple[str, Key], ...]:
        fields = {"C": ["rail"], "X": ["rail"], "P": [], "S": ["rail", "plane"], "T": ["rail", "plane"]}[leaf]
        return tuple((name, self._key(count, True)) for name in fields if self.chance(0.6))

    def _host_connects(self, decl: Decl) -> Iterator[tuple[str, Connect]]:
        """Connects inside a host, each with the role that suits it ("?" is any)."""
        have = {slot.name for slot in decl.slots}
        ends = {offer.path[0]: offer for offer in offers(self.decls, decl)}
        if "h" in have and self.chance(0.85):
            yield "?", self._joined(ends["c"], ends["h"])
            if "d" in have and self.chance(0.7):
                yield "+", self._joined(ends["d"], ends["h"])
        if self.chance(0.3 if "h" in have else 0.5):
            yield "?", self._among(ends[self.rng.choice(sorted(have & {"c", "d"}))])
        if "x" in have and self.chance(0.45):
            yield "host", self._joined(ends["c"], ends["x"])
        if "p" in have and self.chance(0.5):
            yield "host", self._joined(ends["c"], ends["p"])
            if "x" in have and self.chance(0.4):
                yield "+", self._joined(ends["p"], ends["x"])
        if "t" in have and self.chance(0.4):
            yield "?", self._joined(ends[self.rng.choice(sorted(have & {"c", "d", "x", "h"}))], ends["t"])

    def _among(self, offer: Offer) -> Connect:
        """Links among the parts of one path: every two, every two of a key, or a topology."""
        count = offer.count or 0
        if count > 1 and self.chance(0.6):
            direct = self.chance(0.6)
            shape = catalogue.direct(self.rng, count) if direct else catalogue.switched(self.rng, count, "S")
            if shape is not None and shape.family not in UNNUMBERED:
                return Connect(offer.path, link=self.link(), links=self._several(), shape=shape)
        on = self.rng.choice([(), *((name,) for name in joints(offer, offer))])
        return Connect(offer.path, offer.path, self.link(), self._several(), on)

    def _joined(self, left: Offer, right: Offer, must: tuple[str, ...] = ()) -> Connect:
        """A join of two paths over none, one or two of what both have."""
        names = joints(left, right)
        wanted = self.rng.choice([0, 0, 1, 1, 1, 2, 2, 3])
        on = tuple(dict.fromkeys((*must, *self.rng.sample(names, min(wanted, len(names))))))
        if self.chance(0.1):
            left, right = right, left
        bundle = 1
        links = self._several()
        if links == 2 and self.chance(0.3):
            bundle = 2
        return Connect(left.path, right.path, self.link(), links, on, None, bundle)

    def _listed(self, ends: list[Offer], other: Offer) -> Connect:
        """Several paths joined with one, over what all of them have."""
        names = sorted(set.intersection(*(set(joints(end, other)) for end in ends)))
        on = tuple(self.rng.sample(names, min(self.rng.choice([0, 1, 1, 2]), len(names))))
        made = Connect(ends[0].path, other.path, self.link(), self._several(), on)
        if self.chance(0.2) and other.path not in [end.path for end in ends]:
            return made.over((other.path,), tuple(end.path for end in ends))
        return made.over(tuple(end.path for end in ends), made.rights)

    def _networked(self, decl: Decl, connects: Iterator[tuple[str, Connect]], prefix: str, inner: bool = False) -> Decl:
        """The declaration with networks of some connects; `+` stays in the network before."""
        networks: list[Network] = []
        for role, connect in connects:
            fresh = role != "+" and not (networks and role == "?" and self.chance(0.3))
            if fresh or not networks:
                chosen = self._role(inner) if role in ("?", "+") else self.rng.choice([role, role, ""])
                networks.append(Network(f"{prefix}{len(networks) + 1}", (), chosen))
            networks[-1] = replace(networks[-1], connects=(*networks[-1].connects, connect))
        made = replace(decl, networks=decl.networks + tuple(networks))
        self.decls = [made if each.name == decl.name else each for each in self.decls]
        return made

    # ---- above hosts --------------------------------------------------------------------------------------

    def _level(self, kind: str, name: str, below: list[Decl], height: int) -> Decl:
        """A part of parts, with switches and networks of its own."""
        rng, groups = self.rng, []
        letters = ["ab", "fg", "uv", "yz"][height]
        for number in range(rng.choice([1, 1, 1, 2, 2])):
            target = rng.choice(below)
            arguments = tuple(
                (key, rng.randint(1, self.size.group)) for key, _ in target.parameters if self.chance(0.7)
            )
            groups.append(Slot(letters[number], rng.randint(1, self.size.group), target.name, arguments))
        if all(isinstance(slot.count, int) and slot.count == 1 for slot in groups) and len(groups) == 1:
            groups[0] = replace(groups[0], count=2)
        if self.chance(0.06):
            leaf = "C" if self.weights == "chip" else "P"
            groups.append(Slot("e", rng.randint(1, 3), leaf, (), self._keys(leaf, 3)))
        switches = []
        for letter in "lsw"[: rng.choice([1, 1, 2, 2, 3])]:
            count = rng.randint(1, 4)
            # A part's place is known where it is itself a part of something: the whole has none.
            switches.append(Slot(letter, count, rng.choice(["S", "S", "T"]), (), self._switch_keys(count)))
        decl = Decl(kind, name, (*groups, *switches))
        self.decls.append(decl)
        decl = self._networked(decl, self._level_connects(decl, [each.name for each in groups]), "m")
        return self._extended(self._above(decl))

    def _above(self, decl: Decl) -> Decl:
        """The declaration with links to the switches that a topology made in its parts, now and then."""
        by_name = {each.name: each for each in self.decls}
        ends = [
            (slot.name, network.name, tier)
            for slot in decl.slots
            if not slot.arguments and not by_name[slot.target].parameters
            for network in by_name[slot.target].networks
            for tier in self._made_tiers(by_name[slot.target], network)
        ]
        own = [slot.name for slot in decl.slots if slot.target in ("S", "T")]
        if not ends or not own or not self.chance(0.5):
            return decl
        end = self.rng.choice(ends)
        shape = catalogue.direct(self.rng, 2) if self.chance(0.1) else None
        right = () if shape else (self.rng.choice(own),)
        further = Connect(end, right, self.link(), self._several(), shape=shape)
        made = replace(decl, networks=(*decl.networks, Network("q", (further,), self._role())))
        self.decls = [made if each.name == decl.name else each for each in self.decls]
        return made

    def _made_tiers(self, decl: Decl, network: Network) -> list[str]:
        """The names of the switches that the topologies of a network make."""
        counts = {offer.path: offer.count or 0 for offer in offers(self.decls, decl)}
        return [
            name
            for connect in network.connects
            if connect.shape and connect.shape.switch and connect.shape.switch not in catalogue.FIXED_PORTS
            for name, _ in wiring(connect.shape, sum(counts.get(p, 0) for p in connect.lefts), 0, connect.links).tiers
            if "." not in name
        ]

    def _switch_keys(self, count: int) -> tuple[tuple[str, Key], ...]:
        return tuple((name, self._key(count, False)) for name in ("rail", "plane") if self.chance(0.6))

    def _level_connects(self, decl: Decl, groups: list[str]) -> Iterator[tuple[str, Connect]]:
        found = offers(self.decls, decl)
        own = [offer for offer in found if len(offer.path) == 1 and offer.kind == "switch"]
        view = View(found, own, [offer for offer in found if len(offer.path) > 1 or offer.path[0] == "e"], groups)
        for _ in range(self.rng.choice([1, 1, 2, 2, 3])):
            draw = self.rng.choice(
                [self._upwards] * 8
                + [self._by_leaves] * 4
                + [self._shaped] * 4
                + [self._composed] * 3
                + [self._like] * 2
                + [self._across] * 2
                + [self._outwards, self._wild, self._whole_parts]
            )
            yield from draw(view)

    def _of_kind(self, among: list[Offer], kinds: str) -> list[Offer]:
        return [offer for offer in among if offer.kind in kinds.split()]

    def _upwards(self, view: View) -> Iterator[tuple[str, Connect]]:
        """Ends of every group to a tier of switches, perhaps that to another."""
        kind = self.rng.choice([self.weights, self.weights, self.weights, "nic", "switch", "cpu"])
        tier = self.rng.choice(view.own)
        role, found = "?", False
        chosen: list[Offer] = []
        for group in view.groups:
            ends = [offer for offer in self._of_kind(view.below, kind) if offer.path[0] == group]
            if ends and self.chance(0.92):
                chosen.append(self.rng.choice(ends))
        if len(chosen) > 1 and self.chance(0.5):
            yield role, self._listed(chosen, tier)
            role, found, chosen = "+", True, []
        for end in chosen:
            yield role, self._joined(end, tier)
            role, found = "+", True
        others = [offer for offer in view.own if offer != tier]
        if found and others and self.chance(0.5):
            yield "+", self._joined(tier, self.rng.choice(others))

    def _by_leaves(self, view: View) -> Iterator[tuple[str, Connect]]:
        """Ends to switches of their own part, and those upwards."""
        for leaf in self.rng.sample(view.below, len(view.below)):
            if leaf.kind != "switch":
                continue
            ends = [
                offer
                for offer in self._of_kind(view.below, f"{self.weights} nic")
                if offer.path[0] == leaf.path[0] and offer.around[: len(leaf.around)] == leaf.around
            ]
            if ends:
                around = leaf.around[-1][0]
                yield "?", self._joined(self.rng.choice(ends), leaf, (around,))
                if self.chance(0.85):
                    yield "+", self._joined(leaf, self.rng.choice(view.own))
                return

    def _shaped(self, view: View) -> Iterator[tuple[str, Connect]]:
        """A named topology over parts below, with switches it makes, perhaps linked further."""
        ends = [offer for offer in self._of_kind(view.below, f"{self.weights} nic") if (offer.count or 0) > 1]
        if not ends:
            return
        end = self.rng.choice(ends)
        direct = self.chance(0.35)
        shape = (
            catalogue.direct(self.rng, end.count or 0) if direct else catalogue.switched(self.rng, end.count or 0, "S")
        )
        if shape is None or shape.family in UNNUMBERED - {"jellyfish"}:
            return
        yield "?", Connect(end.path, link=self.link(), links=self._several(), shape=shape)

    def _composed(self, view: View) -> Iterator[tuple[str, Connect]]:
        """A topology over the parts of one path or of several, and more links in the same network."""
        ends = [offer for offer in self._of_kind(view.below, self.weights) if (offer.count or 0) > 0]
        if not ends:
            return
        chosen = self.rng.sample(ends, min(len(ends), self.rng.choice([1, 1, 2, 2, 3])))
        first = self._topology(chosen)
        if first is not None:
            yield "?", first
        for _ in range(self.rng.choice([0, 1, 1, 2])):
            more = self.rng.random()
            if more < 0.4:
                yield "+", self._joined(self.rng.choice(ends), self.rng.choice(view.own))
            elif more < 0.6 and len(chosen) > 1:
                yield "+", self._listed(chosen, self.rng.choice(view.own))
            elif more < 0.85:
                again = self._topology(chosen if self.chance(0.5) else self.rng.sample(ends, 1))
                if again is not None:
                    yield "+", again
            else:
                yield "+", self._among(self.rng.choice(ends))

    def _topology(self, ends: list[Offer]) -> Connect | None:
        """A topology over the parts of some paths, one path after the other; None where none is of that size."""
        count = sum(offer.count or 0 for offer in ends)
        draw = catalogue.direct(self.rng, count) if self.chance(0.5) else catalogue.switched(self.rng, count, "S")
        if count < 2 or draw is None or draw.family in UNNUMBERED - {"jellyfish"}:
            return None
        made = Connect(ends[0].path, link=self.link(), links=self._several(), shape=draw)
        return made.over(tuple(end.path for end in ends), ())

    def _like(self, view: View) -> Iterator[tuple[str, Connect]]:
        """Every two of a path, or every two of a key."""
        ends = [offer for offer in self._of_kind(view.below, f"{self.weights} switch") if (offer.count or 9) <= 24]
        if ends:
            yield "?", self._among(self.rng.choice(ends))

    def _across(self, view: View) -> Iterator[tuple[str, Connect]]:
        """Parts of one group to those of another."""
        ends = self._of_kind(view.below, f"{self.weights} switch")
        left = self.rng.choice(ends) if ends else None
        others = [offer for offer in ends if left and offer.path != left.path and (offer.count or 9) <= 24]
        if left and others:
            yield "?", self._joined(left, self.rng.choice(others))

    def _outwards(self, view: View) -> Iterator[tuple[str, Connect]]:
        """Links out of the design."""
        end = self.rng.choice(self._of_kind(view.offers, f"{self.weights} switch nic"))
        yield "?", Connect(end.path, EXTERNAL, self.link(), self._several())

    def _wild(self, view: View) -> Iterator[tuple[str, Connect]]:
        """Any two paths."""
        left, right = self.rng.choice(self._linkable(view.offers)), self.rng.choice(self._linkable(view.offers))
        yield "?", self._joined(left, right)

    def _whole_parts(self, view: View) -> Iterator[tuple[str, Connect]]:
        """Links that end in whole nodes or racks."""
        parts = [offer for offer in view.offers if offer.kind == "part"]
        if not parts or not self.chance(0.6):
            return
        part = self.rng.choice(parts)
        if (part.count or 0) > 1 and self.chance(0.4):
            shape = catalogue.direct(self.rng, part.count or 0)
            if shape is not None and shape.family not in UNNUMBERED:
                yield "?", Connect(part.path, link=self.link(), links=self._several(), shape=shape)
                return
        yield "?", self._joined(part, self.rng.choice(view.own))

    def _linkable(self, among: list[Offer]) -> list[Offer]:
        return [offer for offer in among if offer.kind != "part"]

    def _extended(self, decl: Decl) -> Decl:
        """The declaration with a topology on named switches, or with links from a topology's own switches."""
        for network in decl.networks:
            for connect in network.connects:
                if connect.shape and connect.shape.switch and self.chance(0.3):
                    if ("tiers", 3) in connect.shape.parameters:  # given switches are two tiers of a clos
                        continue
                    return (
                        self._named(decl, network, connect)
                        if self.chance(0.5)
                        else self._furthered(decl, network, connect)
                    )
        return decl

    def _named(self, decl: Decl, network: Network, connect: Connect) -> Decl:
        """The same topology on switches that the design has."""
        assert connect.shape
        count = sum(offer.count or 0 for offer in offers(self.decls, decl) if offer.path in connect.lefts)
        ports = catalogue.FIXED_PORTS.get(connect.shape.switch, 0)
        total = sum(number for _, number in wiring(connect.shape, count, ports, connect.links).tiers)
        shape = Shape(connect.shape.family, connect.shape.parameters)
        changed = replace(connect, right=("z0",), shape=shape)
        slot = Slot("z0", total, connect.shape.switch, (), self._switch_keys(total))
        return self._replaced(decl, network, connect, (changed,), slot)

    def _furthered(self, decl: Decl, network: Network, connect: Connect) -> Decl:
        """Links from a tier of the topology to a switch of the design, in the same network or in one more."""
        assert connect.shape
        count = sum(offer.count or 0 for offer in offers(self.decls, decl) if offer.path in connect.lefts)
        ports = catalogue.FIXED_PORTS.get(connect.shape.switch, 0)
        tiers = wiring(connect.shape, count, ports, connect.links).tiers
        names = [name for name, _ in tiers if "." not in name]
        own = [slot.name for slot in decl.slots if slot.target in ("S", "T")]
        if not names or not own or connect.shape.switch in catalogue.FIXED_PORTS:
            return decl
        further = Connect((network.name, self.rng.choice(names)), (self.rng.choice(own),), self.link(), self._several())
        if self.chance(0.5):
            return self._replaced(decl, network, connect, (connect, further), None)
        made = replace(decl, networks=(*decl.networks, Network("o", (further,), self._role())))
        self.decls = [made if each.name == decl.name else each for each in self.decls]
        return made

    def _replaced(
        self, decl: Decl, network: Network, connect: Connect, by: tuple[Connect, ...], slot: Slot | None
    ) -> Decl:
        connects = tuple(one for each in network.connects for one in (by if each is connect else (each,)))
        networks = tuple(replace(n, connects=connects) if n is network else n for n in decl.networks)
        made = replace(decl, networks=networks, slots=decl.slots + ((slot,) if slot else ()))
        self.decls = [made if each.name == decl.name else each for each in self.decls]
        return made
