"""Links, ends, injection and oversubscription of random networks, beside a count that writes every part and link out."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import product

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.networks import totals
from compiler.networks.ends import ends_of
from compiler.networks.oversubscription import oversubscription
from compiler.networks.topologies.catalogue import topology
from compiler.networks.topologies.topology import Topology
from compiler.networks.topology_tiers import of_topology
from compiler.networks.unrolled import graph_of
from compiler.quantities.intervals import Intervals
from compiler.workspace.compilation import compile_text
from tests.properties.test_topologies import FAMILIES

RATES = (1, 2, 5)
KEYS: dict[str, Callable[[tuple[int, ...]], int]] = {
    "index": lambda at: at[-1],
    "index // 2": lambda at: at[-1] // 2,
    "parent.index": lambda at: at[-2],
    "parent.index + index": lambda at: at[-2] + at[-1],
    "parent.parent.index": lambda at: at[-3] if len(at) > 2 else 0,
    "0": lambda at: 0,
}
"""Keys as they are written, and their values for an instance by its places, the owner's first and always 0."""


@frozen
class Group:
    """Parts under a path: `counts` along it, chips or switches, and the key that they state."""

    path: tuple[str, ...]
    counts: tuple[int, ...]
    is_switch: bool
    key: str

    def instances(self) -> Iterator[tuple[tuple[str, ...], tuple[int, ...]]]:
        """Every instance: its path and its places."""
        for places in product(*(range(count) for count in self.counts)):
            yield self.path, places


@frozen
class Connect:
    """Groups by number, whether joined on their keys or on the rack around, links, and the rate of each."""

    left: int
    right: int
    on: str
    links: int
    rate: int


@frozen
class Drawn:
    """A design of racks with chips and switches, and switches above them."""

    groups: tuple[Group, ...]
    connects: tuple[Connect, ...]

    def text(self) -> str:
        """The design as it is written."""
        lines = ["chip C { tdp = 1 W }", "switch S { ports = 9999; rate = 99 GB/s }"]
        lines += [f"link L{rate} {{ rate = {rate} GB/s }}" for rate in RATES]
        racks: dict[str, list[str]] = {}
        slots: list[str] = []
        for group in self.groups:
            slot = (
                f"{group.path[-1]} = {group.counts[-1]} of {'S' if group.is_switch else 'C'} {{ rail = {group.key} }}"
            )
            (racks.setdefault(group.path[0], []) if len(group.path) > 1 else slots).append(slot)
        for name, inner in racks.items():
            lines.append(f"rack {name.upper()} {{ {'; '.join(inner)} }}")
            count = next(group.counts[0] for group in self.groups if group.path[0] == name)
            slots.append(f"{name} = {count} of {name.upper()}")
        connects = [
            f"connect {'.'.join(self.groups[c.left].path)} to {'.'.join(self.groups[c.right].path)}"
            f"{f' on {c.on}' if c.on else ''} with {c.links} of L{c.rate}"
            for c in self.connects
        ]
        return "\n".join([*lines, "supernode P {", *slots, "network f {", *connects, "}", "}"])

    def links(self) -> dict[frozenset[object], list[tuple[int, int]]]:
        """The links between every two instances: how many, and the rate of each, connect by connect."""
        found: dict[frozenset[object], list[tuple[int, int]]] = defaultdict(list)
        for connect in self.connects:
            left, right = self.groups[connect.left], self.groups[connect.right]
            pairs = {
                frozenset((one, other))
                for one in left.instances()
                for other in right.instances()
                if one != other and self._meet(connect, (left, one[1]), (right, other[1]))
            }
            for pair in pairs:
                found[pair].append((connect.links, connect.rate))
        return found

    def _meet(self, connect: Connect, one: tuple[Group, tuple[int, ...]], other: tuple[Group, tuple[int, ...]]) -> bool:
        if connect.on == "rail":
            values = [KEYS[group.key]((0, 0, *places)[-3:]) for group, places in (one, other)]
            return bool(values[0] == values[1])
        if connect.on == "rack":
            return one[0].path[0] == other[0].path[0] and one[1][0] == other[1][0]
        return True


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    keys = st.sampled_from(sorted(KEYS))
    groups = []
    for name in ("a", "b"):
        racks = draw(st.integers(1, 3))
        groups.append(Group((name, "c"), (racks, draw(st.integers(1, 4))), False, draw(keys)))
        groups.append(Group((name, "s"), (racks, draw(st.integers(1, 3))), True, draw(keys)))
    groups += [Group((name,), (draw(st.integers(1, 3)),), True, draw(keys)) for name in ("t", "u")]
    connects = []
    for _ in range(draw(st.integers(1, 5))):
        left, right = draw(st.integers(0, 5)), draw(st.integers(0, 5))
        inside = left < 4 and right < 4
        on = draw(st.sampled_from(["", "rail", "rack"] if inside else ["", "rail"]))
        connects.append(Connect(left, right, on, draw(st.integers(1, 3)), draw(st.sampled_from(RATES))))
    return Drawn(tuple(groups), tuple(connects))


@settings(max_examples=300, deadline=None)
@given(drawn())
def test_a_network_counts_what_is_there_written_out(design: Drawn) -> None:
    found = design.links()
    compilation = compile_text(design.text())
    root = compilation.design()
    if root is None or any(diagnostic.severity == "error" for diagnostic in compilation.diagnostics):
        assert any(not Drawn(design.groups, (connect,)).links() for connect in design.connects), compilation.diagnostics
        return
    (network,) = root.root.networks

    assert totals.links(network) == sum(count for rows in found.values() for count, _ in rows)
    assert most_ends_said(network) == most_ends(design, found)
    injected = sum(
        count * rate * 1e9 for ends, rows in found.items() for _ in chips(design, ends) for count, rate in rows
    )
    if any(not design.groups[side].is_switch for connect in design.connects for side in (connect.left, connect.right)):
        assert Intervals().of(totals.injection(network)).middle == pytest.approx(injected)
        assert graph_of(network).bandwidth.sum() == pytest.approx(
            sum(count * rate * 1e9 for rows in found.values() for count, rate in rows)
        )
        assert oversubscription(network) == pytest.approx(narrowest(design, found))
    else:
        assert totals.injection(network).op == "missing"
        assert oversubscription(network) is None


def group_of(design: Drawn, end: object) -> Group:
    assert isinstance(end, tuple)
    return next(group for group in design.groups if group.path == end[0])


def chips(design: Drawn, ends: frozenset[object]) -> list[object]:
    return [end for end in ends if not group_of(design, end).is_switch]


def most_ends(design: Drawn, found: dict[frozenset[object], list[tuple[int, int]]]) -> dict[str, float]:
    """The most links at one instance of each group, a connect at a time, as ports are asked for."""
    most: dict[str, float] = defaultdict(float)
    for connect in design.connects:
        at: dict[object, float] = defaultdict(float)
        for ends in Drawn(design.groups, (connect,)).links():
            for end in ends:
                at[end] += connect.links
        by_group: dict[str, float] = defaultdict(float)
        for end, links in at.items():
            name = ".".join(group_of(design, end).path)
            by_group[name] = max(by_group[name], links)
        for name, links in by_group.items():
            most[name] += links
    return {name: links for name, links in most.items() if links}


def most_ends_said(network: object) -> dict[str, float]:
    said: dict[str, float] = defaultdict(float)
    for end in ends_of(network):  # type: ignore[arg-type]
        said[end.group.path] += end.links
    return {name: links for name, links in said.items() if links}


def narrowest(design: Drawn, found: dict[frozenset[object], list[tuple[int, int]]]) -> float:
    """The worst switch, by hops of single instances from single chips."""
    rates = {ends: sum(count * rate for count, rate in rows) for ends, rows in found.items()}
    tier: dict[object, int] = {end: 0 for ends in rates for end in chips(design, ends)}
    waiting = list(tier)
    for at in waiting:
        for ends in rates:
            if at in ends:
                (other,) = ends - {at}
                if other not in tier:
                    tier[other] = tier[at] + 1
                    waiting.append(other)
    below: dict[object, float] = defaultdict(float)
    above: dict[object, float] = defaultdict(float)
    for ends, rate in rates.items():
        one, other = sorted(ends, key=lambda end: tier.get(end, -1))
        if one in tier and tier[one] < tier[other]:
            above[one] += rate
            below[other] += rate
    return max([1.0, *(below[end] / above[end] for end in below if above.get(end))])


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_a_topology_that_is_counted_is_as_one_that_is_written_out(name: str) -> None:
    @settings(max_examples=25, deadline=None)
    @given(FAMILIES[name])
    def holds(parameters: dict[str, object]) -> None:
        network = topology(name, **parameters)
        said = {tier.tier: tier.ratio for tier in of_topology(network)}
        assert said == pytest.approx(worst_by_tier(network))

    holds()


def worst_by_tier(network: Topology) -> dict[str, float]:
    """The worst switch of each tier that passes anything on, link by link."""
    graph = network.unroll()
    links = list(zip(graph.u.tolist(), graph.v.tolist(), graph.bandwidth.tolist(), strict=True))
    near: dict[int, set[int]] = defaultdict(set)
    for u, v, _ in links:
        near[u].add(v)
        near[v].add(u)
    hops = dict.fromkeys(range(network.endpoints), 0)
    waiting = list(hops)
    for at in waiting:
        for other in near[at] - hops.keys():
            hops[other] = hops[at] + 1
            waiting.append(other)
    below: dict[int, float] = defaultdict(float)
    above: dict[int, float] = defaultdict(float)
    for u, v, bandwidth in links:
        low, high = sorted((u, v), key=lambda end: hops.get(end, -1))
        if low in hops and hops[low] < hops[high]:
            above[low] += bandwidth
            below[high] += bandwidth
    found: dict[str, float] = {}
    start = network.endpoints
    for tier in network.switch_tiers:
        own = [below[at] / above[at] for at in range(start, start + tier.count) if at in below and at in above]
        start += tier.count
        if own:
            found[tier.name] = max(own)
    return found
