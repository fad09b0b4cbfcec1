"""A weighted graph of links: what is divided, and what may stand on either side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Graph:
    """Vertices 0, 1, … with the endpoints each stands for (0: it may stand anywhere), and capacities between them."""

    weights: tuple[int, ...]
    edges: tuple[tuple[int, int, float], ...]

    @property
    def total(self) -> int:
        """All endpoints together."""
        return sum(self.weights)


def graph(weights: dict[object, int], links: Iterable[tuple[object, object, float]]) -> Graph:
    """A graph over the named vertices that links touch and those of some weight. Parallel links add, loops vanish."""
    number: dict[object, int] = {name: place for place, name in enumerate(weights)}
    capacity: dict[tuple[int, int], float] = defaultdict(float)
    for u, v, rate in links:
        x, y = (number.setdefault(name, len(number)) for name in (u, v))
        if x != y:
            capacity[min(x, y), max(x, y)] += rate
    names = [weights.get(name, 0) for name in number]
    return Graph(tuple(names), tuple((u, v, rate) for (u, v), rate in capacity.items()))


class Groups:
    """Things that belong together (union by name)."""

    def __init__(self) -> None:
        self.parent: dict[object, object] = {}

    def of(self, name: object) -> object:
        """The name that stands for the group of a thing."""
        root = name
        while self.parent.get(root, root) != root:
            root = self.parent[root]
        while self.parent.get(name, name) != root:
            self.parent[name], name = root, self.parent[name]
        return root

    def join(self, one: object, other: object) -> None:
        """Say that two belong together."""
        self.parent[self.of(other)] = self.of(one)


def simplified(whole: Graph) -> Graph:
    """A graph of the same least cuts, with fewer vertices of no weight.

    One with a single neighbour goes to its side; one with two neighbours is a link of the lesser capacity between them;
    two that touch the same others with the same capacities take the same side and are one.
    """
    near: dict[int, dict[int, float]] = {vertex: {} for vertex in range(len(whole.weights))}
    for u, v, rate in whole.edges:
        if rate:
            near[u][v] = near[v][u] = rate
    changed = True
    while changed:
        changed = _folded(whole.weights, near) or _merged(whole.weights, near)
    kept = {vertex: place for place, vertex in enumerate(near)}
    edges = [(kept[u], kept[v], rate) for u in near for v, rate in near[u].items() if u < v]
    return Graph(tuple(whole.weights[vertex] for vertex in near), tuple(edges))


def _folded(weights: tuple[int, ...], near: dict[int, dict[int, float]]) -> bool:
    """Drop vertices of no weight and at most two neighbours; whether there were any."""
    waiting = [vertex for vertex in near if not weights[vertex] and len(near[vertex]) <= 2]
    found = bool(waiting)
    while waiting:
        vertex = waiting.pop()
        if vertex not in near or len(near[vertex]) > 2:
            continue
        around = list(near.pop(vertex).items())
        for other, _ in around:
            del near[other][vertex]
        if len(around) == 2:
            (u, one), (v, two) = around
            near[u][v] = near[v][u] = near[u].get(v, 0) + min(one, two)
        waiting += [other for other, _ in around if not weights[other] and len(near[other]) <= 2]
    return found


def _merged(weights: tuple[int, ...], near: dict[int, dict[int, float]]) -> bool:
    """Make vertices of no weight with the same neighbours one; whether there were any."""
    alike: dict[object, list[int]] = defaultdict(list)
    for vertex, around in near.items():
        if not weights[vertex]:
            alike[tuple(sorted(around.items()))].append(vertex)
    found = False
    for first, *rest in alike.values():
        for vertex in rest:
            found = True
            for other, rate in near.pop(vertex).items():
                del near[other][vertex]
                near[first][other] = near[other][first] = near[first][other] + rate
    return found


def twins(whole: Graph) -> list[list[int]]:
    """Vertices with weight in classes whose members may change places: same weight, same capacities to all others."""
    near: dict[int, dict[int, float]] = {vertex: {} for vertex in range(len(whole.weights))}
    for u, v, rate in whole.edges:
        near[u][v] = near[v][u] = rate
    classes: list[list[int]] = []
    by_sum: dict[object, list[list[int]]] = defaultdict(list)
    for vertex, weight in enumerate(whole.weights):
        if not weight:
            continue
        mark = (weight, len(near[vertex]), round(sum(near[vertex].values()), 6))
        for one in by_sum[mark]:
            if _alike(near, one[0], vertex):
                one.append(vertex)
                break
        else:
            by_sum[mark].append([vertex])
            classes.append(by_sum[mark][-1])
    return classes


def _alike(near: dict[int, dict[int, float]], u: int, v: int) -> bool:
    one = {other: rate for other, rate in near[u].items() if other != v}
    two = {other: rate for other, rate in near[v].items() if other != u}
    return one == two
