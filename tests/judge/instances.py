"""A design written out: every part as an instance, every link between two of them, by the language's own documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from tests.judge.model import CONTAINERS, EXTERNAL, Connect, Decl, Design, Key, Network, Unbuildable
from tests.judge.shapes import wiring

OUTSIDE = -1
"""The end of a link that leaves the design."""


@dataclass
class Instance:
    """One part: what it is, where it stands, and what stands in it."""

    number: int
    decl: Decl
    slot: str
    index: int
    around: Instance | None
    keys: dict[str, int] = field(default_factory=dict)
    parts: dict[str, list[Instance]] = field(default_factory=dict)
    made: dict[tuple[str, str], list[Instance]] = field(default_factory=dict)
    """Switches that a named topology made, by network and tier."""

    @property
    def kind(self) -> str:
        """The kind of its declaration."""
        return self.decl.kind

    def outwards(self) -> Iterator[Instance]:
        """The parts around it, the nearest first."""
        at = self.around
        while at is not None:
            yield at
            at = at.around


@dataclass(frozen=True)
class Cabled:
    """Links between two instances: `count` of a kind of link, at `factor` times its rate."""

    left: int
    right: int
    link: str
    count: int
    factor: float
    bundle: int


@dataclass
class Wired:
    """One network of one instance, with its links."""

    path: str
    role: str
    links: list[Cabled]
    named: frozenset[int]
    """All parts that its connects name, linked or not."""
    owner: tuple[int, ...] = ()
    """The places of its owner and of what is around that, the outermost first; the whole has none."""


class Expansion:
    """All instances and all networks of a design. Raises `Unbuildable` where its text cannot be meant."""

    def __init__(self, design: Design, most: int = 60_000, first: bool = False) -> None:
        """`first` reads the place of the whole, where one is asked for, as 0."""
        self.design = design
        self.most = most
        self.first = first
        self.instances: list[Instance] = []
        self.root = self._placed(design.root, "", 0, None, {})
        self.networks = [
            wired
            for instance in list(self.instances)
            for network in instance.decl.networks
            for wired in [self._wired(instance, network)]
            if wired.links
        ]

    # ---- parts --------------------------------------------------------------------------------------------

    def _placed(
        self, decl: Decl, slot: str, index: int, around: Instance | None, arguments: dict[str, int]
    ) -> Instance:
        made = self._new(decl, slot, index, around)
        values = {**dict(decl.parameters), **arguments}
        for part in decl.slots:
            count = values[part.count] if isinstance(part.count, str) else part.count
            target = self.design.decl(part.target)
            made.parts[part.name] = []
            for place in range(count):
                inner = self._placed(target, part.name, place, made, dict(part.arguments))
                inner.keys = {name: key_value(key, inner, self.first) for name, key in part.keys}
                made.parts[part.name].append(inner)
        for network, number, connect in _connects(decl):
            if connect.shape and connect.shape.switch:
                with _at(decl, network, number):
                    self._make_switches(made, network.name, connect)
        return made

    def _new(self, decl: Decl, slot: str, index: int, around: Instance | None) -> Instance:
        if len(self.instances) >= self.most:
            raise Unbuildable("more instances than are worth writing out")
        made = Instance(len(self.instances), decl, slot, index, around)
        self.instances.append(made)
        return made

    def _make_switches(self, owner: Instance, network: str, connect: Connect) -> None:
        assert connect.shape
        target = self.design.decl(connect.shape.switch)
        ends = len(self.all_reached(owner, connect.lefts))
        for tier, count in wiring(connect.shape, ends, target.ports, connect.links).tiers:
            made = [self._new(target, tier, index, owner) for index in range(count)]
            owner.made.setdefault((network, tier), []).extend(made)

    def reached(self, start: Instance, path: tuple[str, ...]) -> list[Instance]:
        """The parts a path leads to, in the order of containment. It may end in a network's tier of switches."""
        at = [start]
        for place, name in enumerate(path):
            if all(name in one.parts for one in at):
                at = [inner for one in at for inner in one.parts[name]]
            elif place == len(path) - 2 and all((name, path[-1]) in one.made for one in at):
                return [made for one in at for made in one.made[name, path[-1]]]
            else:
                raise Unbuildable(f"nothing is called `{name}` in `{'.'.join(path)}`")
        return at

    def all_reached(self, start: Instance, paths: tuple[tuple[str, ...], ...]) -> list[Instance]:
        """The parts that several paths lead to, one path after the other."""
        return [one for path in paths for one in self.reached(start, path)]

    # ---- links --------------------------------------------------------------------------------------------

    def _wired(self, owner: Instance, network: Network) -> Wired:
        taken: dict[str, int] = defaultdict(int)
        links: list[Cabled] = []
        named: set[int] = set()
        for number, connect in enumerate(network.connects):
            with _at(owner.decl, network, number):
                made = self._shaped(owner, network, connect, taken) if connect.shape else self._joined(owner, connect)
                found = list(made)
                if not found:
                    raise Unbuildable(f"a connect of `{network.name}` makes no link")
                self._check_all_linked(owner, connect, found)
                away = self._taken_up(owner, network, connect)
                links += [one for one in found if one.right != OUTSIDE or one.left not in away]
                for side in (*connect.lefts, *connect.rights):
                    if side != EXTERNAL:
                        reached = {one.number for one in self.reached(owner, side)}
                        named |= reached - away if connect.rights == (EXTERNAL,) else reached
        places = [one.slot for one in owner.outwards() if one.around] if owner.around else []
        path = [*reversed(places), *([owner.slot] if owner.around else []), network.name]
        owners = [one for one in (owner, *owner.outwards()) if one.around]
        return Wired(
            ".".join(path), network.role, links, frozenset(named), tuple(one.index for one in reversed(owners))
        )

    def _taken_up(self, owner: Instance, network: Network, connect: Connect) -> set[int]:
        """The parts whose ways out of their part do not count: a network of the same role around links them further."""
        paths = connect.lefts if EXTERNAL in connect.rights else ()
        groups = [{one.number for one in self.reached(owner, path)} for path in paths]
        return {number for group in groups if self._is_taken_up(owner, network.role, group) for number in group}

    def _is_taken_up(self, owner: Instance, role: str, ends: set[int]) -> bool:
        return any(
            other.role == role
            and not ends.isdisjoint(one.number for one in self.reached(around, side))
            and not self._stays_within(around, each, owner)
            for around in owner.outwards()
            for other in around.decl.networks
            for each in other.connects
            for side in (*each.lefts, *each.rights)
            if side != EXTERNAL
        )

    def _stays_within(self, around: Instance, connect: Connect, part: Instance) -> bool:
        """Whether a join of a part around links nothing in a part with anything outside of it."""
        if EXTERNAL in connect.rights or connect.shape:
            return False
        inside = {one.number for one in self.inside(part)}
        pairs = {(one.left, one.right) for one in self._joined(around, connect)}
        return all((left in inside) == (right in inside) for left, right in pairs)

    def _check_all_linked(self, owner: Instance, connect: Connect, links: list[Cabled]) -> None:
        """Raise `Unbuildable` where a name of a list has no link."""
        ends = {end for one in links for end in (one.left, one.right)}
        for path in (*connect.lefts, *connect.rights) if connect.more_left or connect.more_right else ():
            if path != EXTERNAL and not connect.shape and ends.isdisjoint(p.number for p in self.reached(owner, path)):
                raise Unbuildable(f"nothing is linked to `{'.'.join(path)}`")

    def _joined(self, owner: Instance, connect: Connect) -> Iterator[Cabled]:
        left = self.all_reached(owner, connect.lefts)
        if EXTERNAL in connect.rights:
            for one in left:
                yield Cabled(one.number, OUTSIDE, connect.link, connect.links, 1, connect.bundle)
        right = self.all_reached(owner, tuple(path for path in connect.rights if path != EXTERNAL))
        meeting: dict[tuple[object, ...], list[Instance]] = defaultdict(list)
        for one in right:
            meeting[self._joint(owner, one, connect.on)].append(one)
        met: set[frozenset[int]] = set()
        for one in left:
            for other in meeting.get(self._joint(owner, one, connect.on), ()) if right else ():
                pair = frozenset((one.number, other.number))
                if len(pair) == 2 and pair not in met:
                    met.add(pair)
                    yield Cabled(one.number, other.number, connect.link, connect.links, 1, connect.bundle)

    def _joint(self, owner: Instance, end: Instance, on: tuple[str, ...]) -> tuple[object, ...]:
        return tuple(self._shared(owner, end, name) for name in on)

    def _shared(self, owner: Instance, end: Instance, name: str) -> object:
        """What must be equal on both sides: the value of a field, or which part of a kind or name stands around."""
        if name in end.keys:
            return end.keys[name]
        for one in end.outwards():
            if one is owner:
                break
            if name in (one.kind, one.slot):
                return ("part", one.number)
        raise Unbuildable(f"`{end.slot}` has no `{name}` to join on")

    def _shaped(self, owner: Instance, network: Network, connect: Connect, taken: dict[str, int]) -> Iterator[Cabled]:
        assert connect.shape
        ends = self.all_reached(owner, connect.lefts)
        ports = self.design.decl(connect.shape.switch).ports if connect.shape.switch else 0
        if connect.right:
            switches = self.all_reached(owner, connect.rights)
            ports = switches[0].decl.ports
        found = wiring(connect.shape, len(ends), ports, connect.links)
        if connect.shape.switch:
            switches = []
            for tier, count in found.tiers:
                made = owner.made[network.name, tier][taken[tier] :]
                switches += made[:count]
                taken[tier] += count
        elif not connect.right:
            switches = []
        if len(switches) != sum(count for _, count in found.tiers):
            raise Unbuildable(f"`{connect.shape.family}` takes another number of switches")
        vertices = [one.number for one in [*ends, *switches]]
        for u, v, factor, count in found.cables:
            yield Cabled(vertices[u], vertices[v], connect.link, count, factor, connect.bundle)

    # ---- what can be counted ------------------------------------------------------------------------------

    @cached_property
    def chips(self) -> list[int]:
        """The numbers of all chips."""
        return self.of_kind("chip")

    def of_kind(self, kind: str) -> list[int]:
        """The numbers of all instances of a kind."""
        return [one.number for one in self.instances if one.kind == kind]

    def inside(self, part: Instance) -> Iterator[Instance]:
        """Everything that stands in a part, at any depth, the switches of its topologies included."""
        for inner in [one for group in [*part.parts.values(), *part.made.values()] for one in group]:
            yield inner
            yield from self.inside(inner)

    def rate(self, cabled: Cabled, high: bool) -> float:
        """The rate of all links of an entry together, GB/s."""
        link = self.design.link(cabled.link)
        return cabled.count * cabled.factor * (link.high if high else link.low)


def _connects(decl: Decl) -> Iterator[tuple[Network, int, Connect]]:
    for network in decl.networks:
        for number, connect in enumerate(network.connects):
            yield network, number, connect


@contextmanager
def _at(decl: Decl, network: Network, number: int) -> Iterator[None]:
    """Say which connect is at fault when something cannot be built."""
    try:
        yield
    except Unbuildable as error:
        error.place = error.place or (decl.name, network.name, number)
        raise


def key_value(key: Key, at: Instance, first: bool = False) -> int:
    """The value of a key at an instance. Raises `Unbuildable` where no part stands around, unless that is the first."""
    turns = {"index": at.index, "div": at.index // key.by, "mod": at.index % key.by, "none": 0}
    value = key.offset + turns[key.turn]
    if key.parent_factor:
        parents = list(at.outwards())
        known = len(parents) >= key.up and parents[key.up - 1].around is not None
        if not known and not first:
            raise Unbuildable("no part stands around that has a place")
        value += key.parent_factor * parents[key.up - 1].index if known else 0
    return value


def is_part(instance: Instance) -> bool:
    """Whether it is a node, a rack or larger."""
    return instance.kind in CONTAINERS
